//! In which directions a way may be passed.

use super::Tags;
use crate::routing::{Mode, RoadClass};

/// Forward and backward.
pub(super) fn directions(tags: &(impl Tags + ?Sized), class: RoadClass, mode: Mode) -> [bool; 2] {
    if mode == Mode::Foot {
        on_foot(tags)
    } else {
        by_vehicle(tags, class, mode)
    }
}

fn by_vehicle(tags: &(impl Tags + ?Sized), class: RoadClass, mode: Mode) -> [bool; 2] {
    let specific = if mode == Mode::Truck {
        "oneway:hgv"
    } else {
        "oneway:motorcar"
    };
    let keys = [specific, "oneway:motor_vehicle", "oneway:vehicle", "oneway"];
    let said = keys.iter().find_map(|key| directions_of(tags.get(key)?));
    said.unwrap_or_else(|| {
        let is_implied = class == RoadClass::Motorway || tags.is("junction", &["roundabout", "circular"]);
        [true, !is_implied]
    })
}

/// `oneway` alone is not for those on foot; moving stairs are.
fn on_foot(tags: &(impl Tags + ?Sized)) -> [bool; 2] {
    let said = tags.get("oneway:foot").and_then(directions_of);
    let moving = || match tags.get("conveying") {
        Some("forward") => Some([true, false]),
        Some("backward") => Some([false, true]),
        _ => None,
    };
    said.or_else(moving).unwrap_or([true, true])
}

/// What a one-way tag says. Lanes whose direction changes with the hour are open in neither: nobody knows which it is.
fn directions_of(word: &str) -> Option<[bool; 2]> {
    Some(match word {
        "yes" | "true" | "1" => [true, false],
        "-1" | "reverse" => [false, true],
        "no" | "false" | "0" | "alternating" => [true, true],
        "reversible" => [false, false],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(class: RoadClass, mode: Mode, tags: &[(&str, &str)]) -> [bool; 2] {
        directions(tags, class, mode)
    }

    #[test]
    fn one_ways_are_read_in_all_their_forms() {
        let car = |tags: &[(&str, &str)]| of(RoadClass::Residential, Mode::Car, tags);
        assert_eq!(car(&[]), [true, true]);
        assert_eq!(car(&[("oneway", "yes")]), [true, false]);
        assert_eq!(car(&[("oneway", "-1")]), [false, true]);
        assert_eq!(car(&[("oneway", "reversible")]), [false, false]);
        assert_eq!(car(&[("oneway", "yes"), ("oneway:motor_vehicle", "no")]), [true, true]);
        assert_eq!(car(&[("junction", "roundabout")]), [true, false]);
        assert_eq!(car(&[("junction", "roundabout"), ("oneway", "no")]), [true, true]);
        assert_eq!(of(RoadClass::Motorway, Mode::Truck, &[]), [true, false]);
        assert_eq!(of(RoadClass::MotorwayLink, Mode::Truck, &[]), [true, true]);
        assert_eq!(
            of(RoadClass::Primary, Mode::Truck, &[("oneway:hgv", "yes")]),
            [true, false]
        );
    }

    #[test]
    fn feet_go_both_ways_unless_told_so_or_carried() {
        let foot = |tags: &[(&str, &str)]| of(RoadClass::Footway, Mode::Foot, tags);
        assert_eq!(foot(&[("oneway", "yes")]), [true, true]);
        assert_eq!(foot(&[("junction", "roundabout")]), [true, true]);
        assert_eq!(foot(&[("oneway:foot", "-1")]), [false, true]);
        assert_eq!(foot(&[("conveying", "forward")]), [true, false]);
    }
}
