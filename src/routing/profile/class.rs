//! Which tags make a road, and of which class.

use super::Tags;
use crate::routing::RoadClass;

/// Why a way is no part of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// It is neither a road nor a ferry.
    NoRoad,
    /// It is not built yet, or no longer there.
    NotBuilt,
    /// Its kind of road is none to travel on: race tracks, lifts, rest areas.
    OtherKind,
    /// A road over ice.
    Ice,
    /// Neither car nor lorry nor feet may pass.
    Closed,
}

impl LeftOut {
    /// What it says in a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoRoad => "no road",
            Self::NotBuilt => "not built, or gone",
            Self::OtherKind => "other kinds (race tracks, lifts …)",
            Self::Ice => "over ice",
            Self::Closed => "closed to car, lorry and feet",
        }
    }
}

/// Values of `highway` for what is not there.
const NOT_BUILT: [&str; 9] = [
    "construction",
    "proposed",
    "planned",
    "abandoned",
    "disused",
    "razed",
    "demolished",
    "dismantled",
    "no",
];

/// Other tags of what is walked on.
const FOOTWAYS: [(&str, &str); 3] = [
    ("railway", "platform"),
    ("public_transport", "platform"),
    ("man_made", "pier"),
];

/// The class of a way.
pub(super) fn class(tags: &(impl Tags + ?Sized)) -> Result<RoadClass, LeftOut> {
    let Some(highway) = tags.get("highway") else {
        return other(tags);
    };
    if NOT_BUILT.contains(&highway)
        || (tags
            .get("construction")
            .is_some_and(|what| what != "no" && what != "minor"))
    {
        return Err(LeftOut::NotBuilt);
    }
    if tags.says_yes("ice_road") {
        return Err(LeftOut::Ice);
    }
    let known = RoadClass::ALL.into_iter().find(|class| class.as_str() == highway);
    match (known, highway) {
        (Some(RoadClass::Ferry), _) => Err(LeftOut::OtherKind),
        (Some(class), _) => Ok(class),
        (None, "road") => Ok(RoadClass::Unclassified),
        (None, "corridor" | "platform" | "sidewalk" | "crossing" | "ladder") => Ok(RoadClass::Footway),
        (None, "bus_guideway") => Ok(RoadClass::Busway),
        (None, "services" | "rest_area" | "raceway" | "elevator" | _) => Err(LeftOut::OtherKind),
    }
}

/// Ways that are no `highway`: ferries and platforms.
fn other(tags: &(impl Tags + ?Sized)) -> Result<RoadClass, LeftOut> {
    if tags.get("route") == Some("ferry") {
        Ok(RoadClass::Ferry)
    } else if FOOTWAYS.iter().any(|(key, value)| tags.get(key) == Some(*value)) {
        Ok(RoadClass::Footway)
    } else {
        Err(LeftOut::NoRoad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[(&str, &str)]) -> Result<RoadClass, LeftOut> {
        class(tags)
    }

    #[test]
    fn tags_make_classes() {
        let highway = |value| of(&[("highway", value)]);
        assert_eq!(highway("trunk_link"), Ok(RoadClass::TrunkLink));
        assert_eq!(highway("road"), Ok(RoadClass::Unclassified));
        assert_eq!(highway("ferry"), Err(LeftOut::OtherKind));
        assert_eq!(highway("raceway"), Err(LeftOut::OtherKind));
        assert_eq!(highway("proposed"), Err(LeftOut::NotBuilt));
        assert_eq!(of(&[("highway", "path"), ("ice_road", "yes")]), Err(LeftOut::Ice));
        assert_eq!(
            of(&[("highway", "primary"), ("construction", "minor")]),
            Ok(RoadClass::Primary)
        );
        assert_eq!(of(&[("route", "ferry")]), Ok(RoadClass::Ferry));
        assert_eq!(of(&[("building", "yes")]), Err(LeftOut::NoRoad));
    }
}
