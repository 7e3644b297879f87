//! How fast one goes where nothing is in the way.
//!
//! Owns the usual speeds of classes and what slows down. The numbers are ours, set so that free flow on untagged roads is
//! neither hopeful nor slow; where a limit is tagged it comes before them. Legal limits are not ours: their source stands
//! beside them.

use super::{Direction, Tags, measure};
use crate::routing::{Mode, RoadClass};

/// Metres a second on foot, on the level: an old person walking alone, in the tsunami evacuation manual of Japan's Fire
/// and Disaster Management Agency. Other walkers are a factor of it.
pub const WALKING_M_PER_S: f64 = 1.1;

/// Metres a second on steps: half, as the same manual has it for those who do not know the place (1.0 and 0.5) and for
/// those who need help (0.8 and 0.4).
pub const STEPS_M_PER_S: f64 = 0.55;

/// Free flow as a part of the limit: nobody drives at the limit from end to end.
pub const PART_OF_LIMIT: f64 = 0.9;

/// Fastest where there is no limit at all, km/h.
const UNLIMITED_KMH: f64 = 120.0;

/// Fastest of a loaded lorry, km/h; laws allow 80 to 100.
const TRUCK_KMH: f64 = 80.0;

/// Speed of a ferry without a tagged duration, km/h.
const FERRY_KMH: f64 = 15.0;

/// Speed at a walking pace, km/h: `maxspeed=walk`.
const WALK_KMH: f64 = 6.0;

/// Usual speed of a car where no limit is tagged, and the most that the kind of road allows whatever is tagged; km/h.
const fn usual_and_most(class: RoadClass) -> (f64, f64) {
    match class {
        RoadClass::Motorway => (100.0, UNLIMITED_KMH),
        RoadClass::Trunk => (75.0, UNLIMITED_KMH),
        RoadClass::Primary => (55.0, 110.0),
        RoadClass::Secondary => (48.0, 100.0),
        RoadClass::MotorwayLink => (50.0, 90.0),
        RoadClass::TrunkLink => (45.0, 80.0),
        RoadClass::Tertiary => (40.0, 90.0),
        RoadClass::PrimaryLink | RoadClass::SecondaryLink | RoadClass::TertiaryLink => (35.0, 70.0),
        RoadClass::Unclassified => (35.0, 80.0),
        RoadClass::Residential => (25.0, 50.0),
        RoadClass::Busway => (30.0, 60.0),
        RoadClass::Service => (15.0, 30.0),
        RoadClass::Track => (15.0, 40.0),
        RoadClass::LivingStreet => (10.0, 20.0),
        RoadClass::Ferry => (FERRY_KMH, FERRY_KMH),
        RoadClass::Pedestrian
        | RoadClass::Cycleway
        | RoadClass::Path
        | RoadClass::Bridleway
        | RoadClass::Footway
        | RoadClass::Steps => (8.0, 10.0),
    }
}

/// Limits that a word stands for, km/h, by country and place. China: Regulations for the Implementation of the Road Traffic
/// Safety Law, articles 45 and 78 (roads with one lane a direction; without a centre line it would be 30 and 40).
/// Others: OpenStreetMap wiki, "Default speed limits".
const IMPLIED_KMH: [(&str, f64); 14] = [
    ("CN:urban", 50.0),
    ("CN:rural", 70.0),
    ("CN:trunk", 80.0),
    ("CN:motorway", 120.0),
    ("GB:nsl_single", 96.6),
    ("GB:nsl_dual", 112.7),
    ("GB:motorway", 112.7),
    ("FR:motorway", 130.0),
    ("DE:rural", 100.0),
    ("DE:motorway", UNLIMITED_KMH),
    ("PT:rural", 90.0),
    ("TW:urban", 50.0),
    ("JP:national", 60.0),
    ("JP:motorway", 100.0),
];

/// The same where the country is not known; low rather than high.
const IMPLIED_ANYWHERE_KMH: [(&str, f64); 9] = [
    ("urban", 50.0),
    ("rural", 80.0),
    ("trunk", 80.0),
    ("motorway", 110.0),
    ("living_street", 15.0),
    ("pedestrian_zone", WALK_KMH),
    ("bicycle_road", 30.0),
    ("nsl_single", 96.6),
    ("nsl_dual", 112.7),
];

/// A speed limit in km/h: a number with or without a unit, `walk`, `none`, or a place (`CN:urban`, `DE:zone30`). Of
/// several the lowest.
pub fn limit_kmh(text: &str) -> Option<f64> {
    let limits = text.split([';', '|']).filter_map(|part| one_limit_kmh(part.trim()));
    limits.reduce(f64::min)
}

fn one_limit_kmh(word: &str) -> Option<f64> {
    if let Some(limit) = measure::kmh(word) {
        return Some(limit);
    }
    if word.eq_ignore_ascii_case("none") {
        return Some(UNLIMITED_KMH);
    }
    if word.eq_ignore_ascii_case("walk") {
        return Some(WALK_KMH);
    }
    let known = IMPLIED_KMH.iter().find(|(place, _)| place.eq_ignore_ascii_case(word));
    let place = word.rsplit(':').next().unwrap_or_default();
    let anywhere = || {
        IMPLIED_ANYWHERE_KMH
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(place))
    };
    known.or_else(anywhere).map(|(_, limit)| *limit).or_else(|| {
        let zone = place.strip_prefix("zone").unwrap_or(place);
        (word.contains(':') || place != zone).then(|| measure::kmh(zone))?
    })
}

/// Metres a second of a mode in one direction.
pub(super) fn m_per_s(tags: &(impl Tags + ?Sized), class: RoadClass, mode: Mode, direction: Direction) -> f64 {
    match mode {
        Mode::Foot if class == RoadClass::Ferry => FERRY_KMH / 3.6,
        Mode::Foot if class == RoadClass::Steps => STEPS_M_PER_S,
        Mode::Foot => WALKING_M_PER_S,
        Mode::Car | Mode::Truck => driving_kmh(tags, class, mode, direction) / 3.6,
    }
}

fn driving_kmh(tags: &(impl Tags + ?Sized), class: RoadClass, mode: Mode, direction: Direction) -> f64 {
    let (usual, most) = usual_and_most(class);
    let free = signposted(tags, mode, direction).map_or(usual, |limit| (PART_OF_LIMIT * limit).min(most));
    let free = if mode == Mode::Truck { free.min(TRUCK_KMH) } else { free };
    free.min(surface_kmh(tags)).max(1.0)
}

/// The limit that holds for a mode and a direction, km/h.
fn signposted(tags: &(impl Tags + ?Sized), mode: Mode, direction: Direction) -> Option<f64> {
    let limit = |key: &str| tags.get(key).and_then(limit_kmh);
    let general = limit(&format!("maxspeed:{}", direction.suffix()))
        .or_else(|| limit("maxspeed"))
        .or_else(|| {
            let kinds = ["maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"];
            kinds.iter().find_map(|key| limit(key))
        })
        .or_else(|| limit("maxspeed:advisory"));
    let own = (mode == Mode::Truck).then(|| limit("maxspeed:hgv")).flatten();
    match (general, own) {
        (Some(general), Some(own)) => Some(general.min(own)),
        (general, own) => own.or(general),
    }
}

/// The most that the surface allows, km/h.
fn surface_kmh(tags: &(impl Tags + ?Sized)) -> f64 {
    let surface = match tags.get("surface") {
        Some("gravel" | "fine_gravel" | "compacted" | "unpaved" | "pebblestone" | "shells") => 45.0,
        Some("cobblestone" | "unhewn_cobblestone" | "sett" | "metal" | "wood") => 35.0,
        Some("dirt" | "earth" | "ground" | "grass" | "clay" | "grass_paver" | "woodchips") => 25.0,
        Some("sand" | "mud" | "rock" | "stepping_stones" | "snow") => 12.0,
        _ => f64::INFINITY,
    };
    let track = match tags.get("tracktype") {
        Some("grade1") => 40.0,
        Some("grade2") => 25.0,
        Some("grade3") => 18.0,
        Some("grade4") => 12.0,
        Some("grade5") => 8.0,
        _ => f64::INFINITY,
    };
    let smoothness = match tags.get("smoothness") {
        Some("bad") => 40.0,
        Some("very_bad") => 20.0,
        Some("horrible") => 10.0,
        Some("very_horrible") => 5.0,
        _ => f64::INFINITY,
    };
    surface.min(track).min(smoothness)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &[(&str, &str)] = &[];

    #[test]
    fn limits_are_read_in_all_their_forms() {
        assert_eq!(limit_kmh("50"), Some(50.0));
        assert_eq!(limit_kmh("30 mph").map(f64::round), Some(48.0));
        assert_eq!(limit_kmh("CN:urban"), Some(50.0));
        assert_eq!(limit_kmh("cn:RURAL"), Some(70.0));
        assert_eq!(limit_kmh("XX:urban"), Some(50.0));
        assert_eq!(limit_kmh("DE:zone30"), Some(30.0));
        assert_eq!(limit_kmh("FR:30"), Some(30.0));
        assert_eq!(limit_kmh("walk"), Some(6.0));
        assert_eq!(limit_kmh("none"), Some(120.0));
        assert_eq!(limit_kmh("80;60"), Some(60.0));
        for text in ["", "signals", "variable", "fast", ":", "zone", "-50"] {
            assert_eq!(limit_kmh(text), None, "{text}");
        }
    }

    fn kmh(class: RoadClass, mode: Mode, tags: &[(&str, &str)]) -> f64 {
        (3.6 * m_per_s(tags, class, mode, Direction::Forward) * 10.0).round() / 10.0
    }

    #[test]
    fn the_tagged_limit_comes_before_the_usual_speed_and_the_surface_before_both() {
        let car = |class, tags: &[(&str, &str)]| kmh(class, Mode::Car, tags);
        assert_eq!(car(RoadClass::Primary, &[]), 55.0);
        assert_eq!(car(RoadClass::Primary, &[("maxspeed", "70")]), 63.0);
        assert_eq!(
            car(RoadClass::Primary, &[("maxspeed", "70"), ("maxspeed:forward", "50")]),
            45.0
        );
        assert_eq!(
            car(RoadClass::Primary, &[("maxspeed", "70"), ("maxspeed:backward", "50")]),
            63.0
        );
        assert_eq!(car(RoadClass::Primary, &[("source:maxspeed", "CN:urban")]), 45.0);
        assert_eq!(car(RoadClass::Service, &[("maxspeed", "50")]), 30.0);
        assert_eq!(car(RoadClass::Track, &[("tracktype", "grade4")]), 12.0);
        assert_eq!(car(RoadClass::Primary, &[("surface", "dirt")]), 25.0);
    }

    #[test]
    fn lorries_are_slower_and_feet_do_not_mind_limits() {
        assert_eq!(kmh(RoadClass::Motorway, Mode::Truck, &[("maxspeed", "120")]), 80.0);
        assert_eq!(
            kmh(
                RoadClass::Primary,
                Mode::Truck,
                &[("maxspeed", "80"), ("maxspeed:hgv", "50")]
            ),
            45.0
        );
        assert_eq!(
            m_per_s(&[("maxspeed", "50")], RoadClass::Path, Mode::Foot, Direction::Forward),
            1.1
        );
        assert_eq!(m_per_s(NONE, RoadClass::Steps, Mode::Foot, Direction::Forward), 0.55);
    }
}
