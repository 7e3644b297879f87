//! All that a way's tags say, for each mode and direction.

use super::{Direction, LeftOut, Tags, access, class, duration, measure, oneway, speed, traits};
use crate::routing::{Access, Limits, Mode, RoadClass, Traits};

/// How long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pace {
    /// At so many millimetres a second.
    Speed(u32),
    /// So many milliseconds from one end of the whole way to the other.
    Whole(u32),
}

/// A mode on a way in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Passage {
    /// For whom.
    pub access: Access,
    /// How fast.
    pub pace: Pace,
}

/// A way as part of the network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Road {
    /// What kind of road.
    pub class: RoadClass,
    /// What else is known.
    pub traits: Traits,
    /// Above or below the ground.
    pub layer: i8,
    /// Limits of size and load.
    pub limits: Limits,
    /// By mode, forward and backward; `None` where it may not pass.
    pub passages: [[Option<Passage>; 2]; 3],
}

impl Road {
    /// Reads a way's tags.
    ///
    /// # Errors
    /// Why the way is no part of the network.
    pub fn of(tags: &(impl Tags + ?Sized)) -> Result<Self, LeftOut> {
        let class = class::class(tags)?;
        let passages = Mode::ALL.map(|mode| passages(tags, class, mode));
        if passages.iter().flatten().all(Option::is_none) {
            return Err(LeftOut::Closed);
        }
        Ok(Self {
            class,
            traits: traits::traits(tags, class),
            layer: traits::layer(tags),
            limits: measure::limits(tags),
            passages,
        })
    }

    /// For whom the way is, by mode: where the directions differ, the stricter of the two.
    pub fn access(&self) -> [Access; 3] {
        self.passages.map(|both| {
            both.iter()
                .flatten()
                .map(|passage| passage.access)
                .max()
                .unwrap_or_default()
        })
    }
}

fn passages(tags: &(impl Tags + ?Sized), class: RoadClass, mode: Mode) -> [Option<Passage>; 2] {
    let open = oneway::directions(tags, class, mode);
    let whole = (class == RoadClass::Ferry)
        .then(|| tags.get("duration").and_then(duration::seconds))
        .flatten();
    Direction::BOTH.map(|direction| {
        let access = access::of_way(tags, class, mode, direction)?;
        let is_open = open[usize::from(direction == Direction::Backward)];
        let speed = || Pace::Speed(thousandths(speed::m_per_s(tags, class, mode, direction)));
        is_open.then(|| Passage {
            access,
            pace: whole.map_or_else(speed, |seconds| Pace::Whole(thousandths(seconds))),
        })
    })
}

/// Metres as millimetres, seconds as milliseconds; never 0.
fn thousandths(number: f64) -> u32 {
    ((number * 1e3).round() as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ferry_takes_as_long_as_it_says() {
        let tags: &[(&str, &str)] = &[("route", "ferry"), ("duration", "00:20"), ("motor_vehicle", "yes")];
        let ferry = Road::of(tags).unwrap();
        let pace = |mode: Mode| ferry.passages[mode.index()][1].map(|passage| passage.pace);
        assert_eq!(
            (pace(Mode::Foot), pace(Mode::Truck)),
            (Some(Pace::Whole(1_200_000)), Some(Pace::Whole(1_200_000)))
        );
        assert_eq!((ferry.class, ferry.traits), (RoadClass::Ferry, Traits::FERRY));
    }

    #[test]
    fn what_nobody_may_pass_is_left_out() {
        assert_eq!(
            Road::of(&[("highway", "service"), ("access", "no")]),
            Err(LeftOut::Closed)
        );
        assert_eq!(
            Road::of(&[("highway", "primary"), ("oneway", "reversible"), ("foot", "no")]),
            Err(LeftOut::Closed)
        );
    }

    #[test]
    fn the_stricter_direction_says_for_whom_it_is() {
        let tags: &[(&str, &str)] = &[("highway", "residential"), ("motorcar:backward", "destination")];
        let road = Road::of(tags).unwrap();
        assert_eq!(
            road.access(),
            [Access::Destination, Access::Destination, Access::Public]
        );
    }
}
