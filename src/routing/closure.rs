//! Closures: roads that are shut, from when to when, and who says so.
//!
//! Owns what a closure is ([`Closure`]), which stretches one catches ([`Area::catch`]) and the closures there are ([`Closures`]), held in memory.
//! What a closure does to costs is [`super::metric`]'s part, keeping them over a restart and who may make one
//! the caller's.

mod catch;
mod set;

pub use self::set::{ClosureId, Closures};

use geo_types::{LineString, MultiPolygon};
use jiff::Timestamp;

use super::{Mode, StretchId};
use crate::{geometry::LonLat, units::Metres};

/// What is shut, as somebody drew or named it. Planar in degrees.
#[derive(Debug, Clone, PartialEq)]
pub enum Area {
    /// The road at a point, and all roads on its level within a distance.
    Around(LonLat, Metres),
    /// The roads along a line; where it runs along none, those that it crosses.
    Line(LineString<f64>),
    /// The roads in an area of any size. A ring may cross itself: everything it goes around is in the area.
    Polygon(MultiPolygon<f64>),
    /// OpenStreetMap ways as a whole.
    Ways(Vec<i64>),
}

/// Which of the roads above each other an area catches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Levels {
    /// One: that of the road at the point, and for lines and polygons the ground. Where nothing lies on the ground there,
    /// all: a line along a bridge means the bridge.
    #[default]
    One,
    /// All.
    All,
}

/// A closure (封路): stretches that must not be used. Both directions are shut.
#[derive(Debug, Clone, PartialEq)]
pub struct Closure {
    /// What is shut.
    pub area: Area,
    /// The stretches caught, in order.
    pub caught: Vec<StretchId>,
    /// For which modes, by [`Mode::index`].
    pub modes: [bool; 3],
    /// Why.
    pub reason: String,
    /// Who says so.
    pub source: String,
    /// From when on.
    pub starts: Timestamp,
    /// Until when; open-ended where nobody knows.
    pub ends: Option<Timestamp>,
}

/// Why a closure makes no sense.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClosureError {
    /// No road is caught.
    #[error("no road lies there: nothing would be closed")]
    Nothing,
    /// No way of these is in the network.
    #[error("way {0} is not in the road network")]
    NoSuchWay(i64),
    /// A number is none, or outside of the globe.
    #[error("a closure's {0} is no position on the globe, or no number")]
    Position(&'static str),
    /// The radius is out of range.
    #[error("a radius of {0} is out of range: use 0 to 5000 m, or a polygon for more")]
    Radius(Metres),
    /// It is for nobody.
    #[error("a closure is for at least one mode")]
    NoMode,
    /// It ends before it starts.
    #[error("a closure ends after it starts: {starts} is not before {ends}")]
    Times {
        /// The start.
        starts: Timestamp,
        /// The end.
        ends: Timestamp,
    },
}

impl Closure {
    /// Checks what can be checked without a network.
    ///
    /// # Errors
    /// It is for no mode, catches nothing or ends before it starts.
    pub fn check(&self) -> Result<(), ClosureError> {
        if !self.modes.contains(&true) {
            return Err(ClosureError::NoMode);
        }
        if self.caught.is_empty() {
            return Err(ClosureError::Nothing);
        }
        match self.ends {
            Some(ends) if ends <= self.starts => Err(ClosureError::Times {
                starts: self.starts,
                ends,
            }),
            _ => Ok(()),
        }
    }

    /// Whether it holds at a time: from its start on, and not any more at its end.
    pub fn is_active(&self, at: Timestamp) -> bool {
        self.starts <= at && self.ends.is_none_or(|ends| at < ends)
    }

    /// Whether it is for a mode.
    pub const fn holds_for(&self, mode: Mode) -> bool {
        self.modes[mode.index()]
    }
}
