//! What kind of road a stretch is.
//!
//! Owns the classes and their codes in files; which tags make which class is [`crate::routing::profile`]'s part.

/// The kind of a road, named after OpenStreetMap's `highway` values; the codes are those of network files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(
    missing_docs,
    reason = "each is described where OpenStreetMap's tag of the same name is"
)]
pub enum RoadClass {
    Motorway = 0,
    MotorwayLink = 1,
    Trunk = 2,
    TrunkLink = 3,
    Primary = 4,
    PrimaryLink = 5,
    Secondary = 6,
    SecondaryLink = 7,
    Tertiary = 8,
    TertiaryLink = 9,
    Unclassified = 10,
    Residential = 11,
    LivingStreet = 12,
    Service = 13,
    Busway = 14,
    Track = 15,
    Pedestrian = 16,
    Cycleway = 17,
    Path = 18,
    Bridleway = 19,
    Footway = 20,
    Steps = 21,
    Ferry = 22,
}

impl RoadClass {
    /// All classes, in the order of their codes: from the greatest road to the least, then ferries.
    pub const ALL: [Self; 23] = [
        Self::Motorway,
        Self::MotorwayLink,
        Self::Trunk,
        Self::TrunkLink,
        Self::Primary,
        Self::PrimaryLink,
        Self::Secondary,
        Self::SecondaryLink,
        Self::Tertiary,
        Self::TertiaryLink,
        Self::Unclassified,
        Self::Residential,
        Self::LivingStreet,
        Self::Service,
        Self::Busway,
        Self::Track,
        Self::Pedestrian,
        Self::Cycleway,
        Self::Path,
        Self::Bridleway,
        Self::Footway,
        Self::Steps,
        Self::Ferry,
    ];

    /// The word for it: OpenStreetMap's value of `highway`, or `ferry`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Motorway => "motorway",
            Self::MotorwayLink => "motorway_link",
            Self::Trunk => "trunk",
            Self::TrunkLink => "trunk_link",
            Self::Primary => "primary",
            Self::PrimaryLink => "primary_link",
            Self::Secondary => "secondary",
            Self::SecondaryLink => "secondary_link",
            Self::Tertiary => "tertiary",
            Self::TertiaryLink => "tertiary_link",
            Self::Unclassified => "unclassified",
            Self::Residential => "residential",
            Self::LivingStreet => "living_street",
            Self::Service => "service",
            Self::Busway => "busway",
            Self::Track => "track",
            Self::Pedestrian => "pedestrian",
            Self::Cycleway => "cycleway",
            Self::Path => "path",
            Self::Bridleway => "bridleway",
            Self::Footway => "footway",
            Self::Steps => "steps",
            Self::Ferry => "ferry",
        }
    }

    /// The class of a code; `None` for a code of a later release.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The code in network files.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Whether it is a ramp between roads.
    pub const fn is_link(self) -> bool {
        matches!(
            self,
            Self::MotorwayLink | Self::TrunkLink | Self::PrimaryLink | Self::SecondaryLink | Self::TertiaryLink
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_stands_where_its_code_says() {
        for class in RoadClass::ALL {
            assert_eq!(RoadClass::from_code(class.code()), Some(class));
        }
        assert_eq!(RoadClass::from_code(23), None);
    }
}
