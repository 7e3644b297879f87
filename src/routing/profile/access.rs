//! For whom a way is: the hierarchy of access tags.

use super::{Direction, Tags};
use crate::routing::{Access, Mode, RoadClass};

/// What an access tag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permit {
    Open(Access),
    Closed,
}

/// What a class says where no tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usual {
    Open,
    /// For rescue vehicles only.
    Restricted,
    Closed,
}

/// The words of access tags; `None` for words that say nothing of who may pass.
fn permit(word: &str) -> Option<Permit> {
    Some(match word {
        "yes" | "permissive" | "designated" | "official" | "public" | "true" | "1" => Permit::Open(Access::Public),
        "destination" | "delivery" | "customers" | "discouraged" | "unsuitable" => Permit::Open(Access::Destination),
        "private"
        | "permit"
        | "residents"
        | "resident"
        | "employees"
        | "staff"
        | "agricultural"
        | "forestry"
        | "agricultural;forestry"
        | "military"
        | "restricted"
        | "emergency"
        | "students" => Permit::Open(Access::Restricted),
        "no" | "false" | "0" | "use_sidepath" | "impassable" | "none" => Permit::Closed,
        _ => return None,
    })
}

/// The first key of a chain with a word that is understood, and what it says. Of several values the first counts.
fn said<'k>(tags: &(impl Tags + ?Sized), keys: &[&'k str], direction: Option<Direction>) -> Option<(&'k str, Permit)> {
    let words = |value: &str| value.split(';').find_map(|word| permit(word.trim()));
    keys.iter().find_map(|key| {
        let directed = direction.and_then(|direction| {
            let value = tags.get(&format!("{key}:{}", direction.suffix()))?;
            words(value)
        });
        let permit = directed.or_else(|| words(tags.get(key)?))?;
        Some((*key, permit))
    })
}

/// The keys that speak of a mode, the most specific first.
const fn keys(mode: Mode) -> &'static [&'static str] {
    match mode {
        Mode::Car => &["motorcar", "motor_vehicle", "vehicle", "access"],
        Mode::Truck => &["hgv", "motor_vehicle", "vehicle", "access"],
        Mode::Foot => &["foot", "access"],
    }
}

/// Keys that say too little to open what is closed by its kind.
const GENERAL: [&str; 2] = ["vehicle", "access"];

/// Words of `emergency` that let rescue vehicles pass; the key has other uses too.
const RESCUE: [&str; 5] = ["yes", "designated", "official", "permissive", "destination"];

/// Whether rescue vehicles may pass where other vehicles may not.
pub(super) fn is_for_rescue(tags: &(impl Tags + ?Sized)) -> bool {
    tags.is("emergency", &RESCUE)
}

fn is_for_buses(tags: &(impl Tags + ?Sized)) -> bool {
    ["bus", "psv"]
        .iter()
        .any(|key| tags.is(key, &["yes", "designated", "official", "permissive"]))
}

/// For whom a way is in one direction; `None` where the mode may not pass at all.
pub(super) fn of_way(
    tags: &(impl Tags + ?Sized),
    class: RoadClass,
    mode: Mode,
    direction: Direction,
) -> Option<Access> {
    if mode == Mode::Foot {
        on_foot(tags, class, direction)
    } else {
        by_vehicle(tags, class, mode, direction)
    }
}

fn on_foot(tags: &(impl Tags + ?Sized), class: RoadClass, direction: Direction) -> Option<Access> {
    let is_closed = matches!(class, RoadClass::Motorway | RoadClass::MotorwayLink | RoadClass::Busway)
        || tags.says_yes("motorroad");
    match said(tags, keys(Mode::Foot), Some(direction)) {
        Some((_, Permit::Closed)) => None,
        Some((key, Permit::Open(_))) if is_closed && key == "access" => None,
        Some((_, Permit::Open(access))) => Some(access),
        None => (!is_closed).then_some(Access::Public),
    }
}

fn by_vehicle(tags: &(impl Tags + ?Sized), class: RoadClass, mode: Mode, direction: Direction) -> Option<Access> {
    let is_narrow = tags
        .get("width")
        .and_then(super::measure::metres)
        .is_some_and(|width| width < 2.0);
    if tags.says_yes("area") || tags.is("smoothness", &["impassable"]) || is_narrow {
        return None;
    }
    let usual = usual(tags, class);
    let rescue = || (is_for_rescue(tags) || is_for_buses(tags)).then_some(Access::Restricted);
    let said = said(tags, keys(mode), Some(direction));
    let said = if mode == Mode::Truck {
        with_cars(said, tags, direction)
    } else {
        said
    };
    match said {
        Some(("hgv", Permit::Closed)) => None,
        Some((_, Permit::Closed)) => rescue(),
        Some((key, Permit::Open(access))) if usual == Usual::Open || !GENERAL.contains(&key) => Some(access),
        // `motor_vehicle=yes` opens a ferry for lorries and cars, and so does `vehicle`: boats have no footways.
        Some(("vehicle", Permit::Open(access))) if class == RoadClass::Ferry => Some(access),
        Some(_) | None => match usual {
            Usual::Open => Some(Access::Public),
            Usual::Restricted => (!tags.is("emergency", &["no"])).then_some(Access::Restricted),
            Usual::Closed => is_for_rescue(tags).then_some(Access::Restricted),
        },
    }
}

/// Many write `motorcar=no` for all motor vehicles. Where no tag speaks of lorries or motor vehicles, lorries may not do
/// what cars may not; what only cars may, they may not for that.
fn with_cars<'k>(
    lorries: Option<(&'k str, Permit)>,
    tags: &(impl Tags + ?Sized),
    direction: Direction,
) -> Option<(&'k str, Permit)> {
    let is_of_lorries = lorries.is_some_and(|(key, _)| !GENERAL.contains(&key));
    let Some((_, cars)) = said(tags, &["motorcar"], Some(direction)).filter(|_| !is_of_lorries) else {
        return lorries;
    };
    let stricter = match (lorries, cars) {
        (Some((_, Permit::Closed)), _) => return lorries,
        (_, Permit::Closed) => Permit::Closed,
        (Some((_, Permit::Open(own))), Permit::Open(of_cars)) => Permit::Open(own.max(of_cars)),
        (None, Permit::Open(Access::Public)) => return None,
        (None, Permit::Open(of_cars)) => Permit::Open(of_cars),
    };
    // As a general tag, for a tag for cars opens nothing to lorries that is closed by its kind.
    Some((lorries.map_or("vehicle", |(key, _)| key), stricter))
}

/// Whether vehicles may pass where no tag speaks of them.
fn usual(tags: &(impl Tags + ?Sized), class: RoadClass) -> Usual {
    if tags.is("service", &["emergency_access"]) {
        return Usual::Restricted;
    }
    match class {
        RoadClass::Pedestrian | RoadClass::Busway => Usual::Restricted,
        RoadClass::Cycleway
        | RoadClass::Path
        | RoadClass::Bridleway
        | RoadClass::Footway
        | RoadClass::Steps
        | RoadClass::Ferry => Usual::Closed,
        _ => Usual::Open,
    }
}

/// What the tags of a barrier say of a mode; `None` where they say nothing.
pub(super) fn of_barrier(tags: &(impl Tags + ?Sized), mode: Mode) -> Option<Permit> {
    let said = said(tags, keys(mode), None).map(|(_, permit)| permit);
    let is_rescue = mode != Mode::Foot && is_for_rescue(tags) && !matches!(said, Some(Permit::Open(_)));
    if is_rescue {
        Some(Permit::Open(Access::Restricted))
    } else {
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Access of car, lorry and feet, forward: `P`ublic, `D`estination, `R`estricted or `-`.
    fn of(highway: &str, more: &[(&str, &str)]) -> String {
        let class = RoadClass::ALL
            .into_iter()
            .find(|class| class.as_str() == highway)
            .unwrap();
        let letter = |mode| match of_way(more, class, mode, Direction::Forward) {
            Some(Access::Public) => 'P',
            Some(Access::Destination) => 'D',
            Some(Access::Restricted) => 'R',
            None => '-',
        };
        Mode::ALL.map(letter).iter().collect()
    }

    #[test]
    fn classes_say_who_may_pass() {
        assert_eq!(of("motorway", &[]), "PP-");
        assert_eq!(of("residential", &[]), "PPP");
        assert_eq!(of("track", &[]), "PPP");
        assert_eq!(of("pedestrian", &[]), "RRP");
        assert_eq!(of("busway", &[]), "RR-");
        assert_eq!(of("footway", &[]), "--P");
        assert_eq!(of("steps", &[]), "--P");
        assert_eq!(of("ferry", &[]), "--P");
    }

    #[test]
    fn the_most_specific_tag_decides() {
        assert_eq!(of("residential", &[("access", "no")]), "---");
        assert_eq!(of("residential", &[("access", "no"), ("foot", "yes")]), "--P");
        assert_eq!(of("residential", &[("access", "no"), ("motor_vehicle", "yes")]), "PP-");
        assert_eq!(of("residential", &[("motor_vehicle", "no"), ("hgv", "yes")]), "-PP");
        assert_eq!(
            of("residential", &[("vehicle", "no"), ("motorcar", "destination")]),
            "D-P"
        );
        assert_eq!(of("residential", &[("motorcar", "no")]), "--P");
        assert_eq!(
            of("residential", &[("motorcar", "no"), ("motor_vehicle", "yes")]),
            "-PP"
        );
        assert_eq!(of("residential", &[("access", "no"), ("motorcar", "yes")]), "P--");
        assert_eq!(of("footway", &[("motorcar", "yes")]), "P-P");
        assert_eq!(of("residential", &[("hgv", "destination")]), "PDP");
        assert_eq!(of("primary", &[("motorroad", "yes")]), "PP-");
        assert_eq!(of("primary", &[("motorroad", "yes"), ("foot", "yes")]), "PPP");
        assert_eq!(of("residential", &[("motor_vehicle:forward", "no")]), "--P");
        assert_eq!(of("residential", &[("motor_vehicle:backward", "no")]), "PPP");
        assert_eq!(of("track", &[("motor_vehicle", "agricultural;forestry")]), "RRP");
        assert_eq!(of("residential", &[("access", "variable")]), "PPP");
        assert_eq!(of("residential", &[("foot", "use_sidepath")]), "PP-");
    }

    #[test]
    fn general_tags_do_not_open_what_its_kind_closes() {
        assert_eq!(of("footway", &[("access", "yes")]), "--P");
        assert_eq!(of("footway", &[("motor_vehicle", "yes")]), "PPP");
        assert_eq!(of("motorway", &[("access", "yes")]), "PP-");
        assert_eq!(of("ferry", &[("motor_vehicle", "yes")]), "PPP");
        assert_eq!(of("ferry", &[("vehicle", "yes"), ("hgv", "no")]), "P-P");
        assert_eq!(of("ferry", &[("foot", "no"), ("motorcar", "yes")]), "P--");
    }

    #[test]
    fn rescue_vehicles_pass_where_the_rule_says_so() {
        assert_eq!(of("residential", &[("access", "private")]), "RRR");
        assert_eq!(of("footway", &[("emergency", "yes")]), "RRP");
        assert_eq!(
            of("residential", &[("motor_vehicle", "no"), ("emergency", "designated")]),
            "RRP"
        );
        assert_eq!(of("residential", &[("motor_vehicle", "no"), ("bus", "yes")]), "RRP");
        assert_eq!(of("residential", &[("hgv", "no"), ("emergency", "yes")]), "P-P");
        assert_eq!(of("pedestrian", &[("motor_vehicle", "no")]), "--P");
        assert_eq!(of("pedestrian", &[("motor_vehicle", "delivery")]), "DDP");
        assert_eq!(of("pedestrian", &[("emergency", "no")]), "--P");
        assert_eq!(of("footway", &[("emergency", "fire_hydrant")]), "--P");
        assert_eq!(of("service", &[("service", "emergency_access")]), "RRP");
    }

    #[test]
    fn vehicles_do_not_cross_squares_or_squeeze_through() {
        assert_eq!(of("pedestrian", &[("area", "yes")]), "--P");
        assert_eq!(of("service", &[("width", "1.5")]), "--P");
        assert_eq!(of("track", &[("smoothness", "impassable")]), "--P");
    }
}
