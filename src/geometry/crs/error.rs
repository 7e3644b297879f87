//! Why a system is not known, and why numbers are no position of it.

use crate::geometry::LonLatError;

/// Why a word, a code or a definition gives no system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownCrs {
    /// The word is none of ours.
    #[error("`{0}` is no coordinate system known here; known are {words}", words = super::WORDS)]
    Word(String),
    /// The code is not in the register.
    #[error("EPSG:{0} is no coordinate system known here; give its definition (+proj=… or the text of a .prj)")]
    Code(u32),
    /// The definition cannot be used.
    #[error("the definition of {name} cannot be used: {problem}")]
    Definition {
        /// The system.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// Its coordinates are not two numbers on a map or the globe.
    #[error("{0} has coordinates from the Earth's centre, not longitude and latitude or easting and northing")]
    Geocentric(String),
    /// The way from its datum to WGS 84 is not known.
    #[error(
        "{name} is on {datum}, which lies tens to hundreds of metres from WGS 84, by how much depends on the place: ask \
         whoever made the data for coordinates in WGS 84 or CGCS2000, or for the 3 or 7 parameters of the shift, and \
         give them: \"{definition} +towgs84=DX,DY,DZ\""
    )]
    Shift {
        /// The system.
        name: String,
        /// Its datum.
        datum: String,
        /// Its definition without a shift.
        definition: String,
    },
}

/// Why a pair of numbers is no position of a system.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CrsError {
    /// Degrees out of range.
    #[error(transparent)]
    Position(#[from] LonLatError),
    /// No finite numbers.
    #[error("{x}, {y} are no finite numbers")]
    NotFinite {
        /// The first number.
        x: f64,
        /// The second number.
        y: f64,
    },
    /// The easting does not begin with the number of the zone.
    #[error("easting {x} does not begin with the zone number {zone}")]
    Zone {
        /// The easting.
        x: f64,
        /// The zone that the system is of.
        zone: u32,
    },
    /// The projection has no such point.
    #[error("{x}, {y} lies beyond what the projection can hold")]
    Beyond {
        /// The easting.
        x: f64,
        /// The northing.
        y: f64,
    },
}
