//! How a way lies and what it is made of.

use super::Tags;
use crate::routing::{RoadClass, Traits};

/// Surfaces without a hard cover.
pub(super) const UNPAVED: [&str; 17] = [
    "unpaved",
    "compacted",
    "fine_gravel",
    "gravel",
    "pebblestone",
    "rock",
    "shells",
    "dirt",
    "earth",
    "ground",
    "grass",
    "mud",
    "sand",
    "woodchips",
    "clay",
    "stepping_stones",
    "snow",
];

/// The traits of a way.
pub(super) fn traits(tags: &(impl Tags + ?Sized), class: RoadClass) -> Traits {
    let is = |key: &str| {
        tags.get(key)
            .is_some_and(|value| !matches!(value, "no" | "false" | "0"))
    };
    let has_unpaved_track =
        class == RoadClass::Track && tags.get("surface").is_none() && !tags.is("tracktype", &["grade1"]);
    let known = [
        (is("bridge"), Traits::BRIDGE),
        (
            is("tunnel") && !tags.is("tunnel", &["building_passage"]),
            Traits::TUNNEL,
        ),
        (
            is("covered") || tags.is("tunnel", &["building_passage"]) || is("indoor"),
            Traits::COVERED,
        ),
        (class == RoadClass::Ferry, Traits::FERRY),
        (tags.is("junction", &["roundabout", "circular"]), Traits::ROUNDABOUT),
        (class == RoadClass::Steps, Traits::STEPS),
        (
            is("ford") || is("flood_prone") || tags.is("hazard", &["flooding"]),
            Traits::FORD,
        ),
        (tags.says_yes("area"), Traits::AREA),
        (tags.is("surface", &UNPAVED) || has_unpaved_track, Traits::UNPAVED),
        (tags.says_yes("toll"), Traits::TOLL),
        (is("embankment"), Traits::EMBANKMENT),
    ];
    let mut traits = Traits::NONE;
    for (_, trait_) in known.into_iter().filter(|(holds, _)| *holds) {
        traits |= trait_;
    }
    traits
}

/// The tag `layer`; 0 where it is none or makes no sense.
pub(super) fn layer(tags: &(impl Tags + ?Sized)) -> i8 {
    let layer = tags.get("layer").and_then(|layer| layer.trim().parse::<i8>().ok());
    layer.filter(|layer| (-20..=20).contains(layer)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &[(&str, &str)] = &[];

    fn of(tags: &[(&str, &str)]) -> Traits {
        traits(tags, RoadClass::Residential)
    }

    #[test]
    fn bridges_tunnels_and_fords_are_kept_as_such() {
        assert_eq!(of(&[("bridge", "viaduct"), ("layer", "1")]), Traits::BRIDGE);
        assert_eq!(of(&[("bridge", "no")]), Traits::NONE);
        assert_eq!(of(&[("tunnel", "yes"), ("toll", "yes")]), Traits::TUNNEL | Traits::TOLL);
        assert_eq!(of(&[("tunnel", "building_passage")]), Traits::COVERED);
        assert_eq!(of(&[("ford", "stepping_stones")]), Traits::FORD);
        assert_eq!(traits(NONE, RoadClass::Track), Traits::UNPAVED);
        assert_eq!(of(&[("surface", "gravel")]), Traits::UNPAVED);
    }

    #[test]
    fn layers_that_make_no_sense_are_the_ground() {
        let of = |value| layer(&[("layer", value)]);
        assert_eq!(["1", "-2", "x", "300", "99"].map(of), [1, -2, 0, 0, 0]);
    }
}
