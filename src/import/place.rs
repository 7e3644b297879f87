//! Where a feature is, as one point: what passes over millions of features remember of them.
//!
//! Owns [`Spot`]. A feature's place is its point, or the middle of the box around it.

use geo::BoundingRect;
use geo_types::Geometry;

use crate::geometry::{LonLat, geodesic};

/// Steps of a degree: a ten-millionth is 1.1 cm on the ground.
const STEPS: f64 = 1e7;

/// A position to a ten-millionth of a degree, in 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Spot {
    pub(super) lat: i32,
    pub(super) lon: i32,
}

impl Spot {
    /// The place of a feature; `None` without coordinates on the globe.
    pub(super) fn of(geometry: &Geometry<f64>) -> Option<Self> {
        let middle = match geometry {
            Geometry::Point(point) => point.0,
            other => other.bounding_rect()?.center(),
        };
        LonLat::try_from(middle).ok().map(Self::at)
    }

    pub(super) fn at(position: LonLat) -> Self {
        Self {
            lat: (position.lat() * STEPS).round() as i32,
            lon: (position.lon() * STEPS).round() as i32,
        }
    }

    pub(super) fn position(self) -> Option<LonLat> {
        LonLat::new(f64::from(self.lon) / STEPS, f64::from(self.lat) / STEPS).ok()
    }

    /// Metres along the ellipsoid.
    pub(super) fn distance_m(self, other: Self) -> f64 {
        match (self.position(), other.position()) {
            (Some(from), Some(to)) => geodesic::distance(from, to).0,
            _ => f64::INFINITY,
        }
    }
}

/// Degrees as steps of a [`Spot`].
pub(super) fn steps(degrees: f64) -> i64 {
    (degrees * STEPS).ceil() as i64
}
