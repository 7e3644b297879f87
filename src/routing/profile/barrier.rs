//! What is in the way: gates, bollards, fords; tags of nodes.

use super::{Tags, access, access::Permit, measure};
use crate::routing::{Access, Limits, Mode, Traits};

/// Getting past a barrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// For whom.
    pub access: Access,
    /// How long it takes, milliseconds.
    pub ms: u32,
}

/// What a node puts in the way of those who pass it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barrier {
    /// By mode; `None` where it does not get past.
    pub passes: [Option<Pass>; 3],
    /// What it is.
    pub traits: Traits,
    /// Limits of size and load.
    pub limits: Limits,
}

/// Opening what stands closed, milliseconds.
const OPENING_MS: u32 = 15_000;
/// Finding the key first, or forcing it.
const UNLOCKING_MS: u32 = 60_000;
/// Paying, or being looked at.
const STOPPING_MS: u32 = 15_000;
/// Passing something narrow on foot.
const STEPPING_MS: u32 = 2_000;

/// What a kind of barrier does where no access tag says otherwise: milliseconds for vehicles and for feet; `None` where it
/// does not let them past.
type Usual = (Option<u32>, Option<u32>);

/// Kinds that hold nobody up, or of which too little is known, are none: `None`.
fn usual(kind: &str) -> Option<Usual> {
    Some(match kind {
        "gate" | "swing_gate" | "hampshire_gate" | "sliding_gate" | "wicket_gate" | "bump_gate" => {
            (Some(OPENING_MS), Some(STEPPING_MS))
        }
        "lift_gate" | "sally_port" | "checkpoint" | "toll_booth" | "border_control" => (Some(STOPPING_MS), Some(1)),
        "bollard" | "block" | "cycle_barrier" | "motorcycle_barrier" | "planter" | "jersey_barrier" | "log"
        | "debris" | "chain" | "rope" | "spikes" | "bar" | "barrier_board" | "sump_buster" | "bus_trap"
        | "traffic_island" => (None, Some(1)),
        "stile" | "turnstile" | "full-height_turnstile" | "kissing_gate" | "horse_stile" | "squeeze" => {
            (None, Some(STEPPING_MS))
        }
        "wall" | "fence" | "hedge" | "city_wall" | "retaining_wall" | "ditch" | "guard_rail" => (None, None),
        _ => return None,
    })
}

impl Barrier {
    /// Reads a node's tags; `None` where nothing is in the way of anybody.
    pub fn of(tags: &(impl Tags + ?Sized)) -> Option<Self> {
        let kind = tags.get("barrier").unwrap_or("no");
        let limits = measure::limits(tags);
        let is_ford = tags.get("ford").is_some_and(|value| value != "no");
        let usual = usual(kind);
        // A tag for nobody in particular says something only where something stands.
        let is_closed = kind != "no" && tags.is("access", &["no", "private"]);
        if usual.is_none() && !is_ford && !is_closed && limits == Limits::NONE {
            return None;
        }
        let mut traits = Traits::BARRIER;
        if is_ford {
            traits |= Traits::FORD;
        }
        Some(Self {
            passes: Mode::ALL.map(|mode| pass(tags, mode, usual.unwrap_or((Some(1), Some(1))))),
            traits,
            limits,
        })
    }
}

fn pass(tags: &(impl Tags + ?Sized), mode: Mode, (vehicle_ms, foot_ms): Usual) -> Option<Pass> {
    let usual_ms = if mode == Mode::Foot { foot_ms } else { vehicle_ms };
    match access::of_barrier(tags, mode) {
        Some(Permit::Closed) => None,
        Some(Permit::Open(Access::Restricted)) => Some(Pass {
            access: Access::Restricted,
            ms: UNLOCKING_MS,
        }),
        Some(Permit::Open(access)) => Some(Pass {
            access,
            ms: usual_ms.unwrap_or(1),
        }),
        None if tags.says_yes("locked") => usual_ms.map(|_| Pass {
            access: Access::Restricted,
            ms: UNLOCKING_MS,
        }),
        None => usual_ms.map(|ms| Pass {
            access: Access::Public,
            ms,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who gets past, car, lorry and feet, as letters, and how long each takes.
    fn of(tags: &[(&str, &str)]) -> Option<(String, [u32; 3])> {
        let barrier = Barrier::of(tags)?;
        let letter = |pass: Option<Pass>| match pass.map(|pass| pass.access) {
            Some(Access::Public) => 'P',
            Some(Access::Destination) => 'D',
            Some(Access::Restricted) => 'R',
            None => '-',
        };
        let ms = barrier.passes.map(|pass| pass.map_or(0, |pass| pass.ms));
        Some((barrier.passes.map(letter).iter().collect(), ms))
    }

    fn who(tags: &[(&str, &str)]) -> String {
        of(tags).unwrap().0
    }

    #[test]
    fn barriers_stop_those_they_are_made_for() {
        assert_eq!(who(&[("barrier", "bollard")]), "--P");
        assert_eq!(
            who(&[("barrier", "bollard"), ("motor_vehicle", "no"), ("emergency", "yes")]),
            "RRP"
        );
        assert_eq!(who(&[("barrier", "bollard"), ("motor_vehicle", "yes")]), "PPP");
        assert_eq!(who(&[("barrier", "gate")]), "PPP");
        assert_eq!(who(&[("barrier", "gate"), ("access", "private")]), "RRR");
        assert_eq!(
            who(&[("barrier", "gate"), ("access", "private"), ("foot", "yes")]),
            "RRP"
        );
        assert_eq!(who(&[("barrier", "gate"), ("access", "no")]), "---");
        assert_eq!(
            who(&[("barrier", "gate"), ("access", "no"), ("emergency", "yes")]),
            "RR-"
        );
        assert_eq!(who(&[("barrier", "gate"), ("locked", "yes")]), "RRR");
        assert_eq!(who(&[("barrier", "wall")]), "---");
        assert_eq!(who(&[("barrier", "stile")]), "--P");
    }

    #[test]
    fn what_is_in_nobodys_way_is_no_barrier() {
        for tags in [
            &[("barrier", "kerb")][..],
            &[("barrier", "entrance")],
            &[("highway", "crossing")],
            &[("access", "no")],
            &[],
        ] {
            assert_eq!(of(tags), None, "{tags:?}");
        }
    }

    #[test]
    fn it_costs_time_to_get_past() {
        assert_eq!(of(&[("barrier", "gate")]).unwrap().1, [15_000, 15_000, 2_000]);
        assert_eq!(of(&[("barrier", "toll_booth")]).unwrap().1, [15_000, 15_000, 1]);
    }

    #[test]
    fn a_ford_and_a_bar_across_the_road_are_kept() {
        let ford = Barrier::of(&[("ford", "yes")]).unwrap();
        assert!(ford.traits.contains(Traits::FORD) && ford.passes.iter().all(Option::is_some));
        let bar = Barrier::of(&[("barrier", "height_restrictor"), ("maxheight", "2.1")]).unwrap();
        assert_eq!(bar.limits.max_height_cm, Some(210));
        assert!(bar.passes.iter().all(Option::is_some));
    }
}
