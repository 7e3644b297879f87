//! A checked WGS 84 position.
//!
//! Owns the range check: code that holds a [`LonLat`] never checks again. Datum shifts are not done here.

use std::fmt::{Display, Formatter, Result as FmtResult};

use geo_types::{Coord, Point};

/// A position in WGS 84: longitude and latitude in degrees, finite and in range.
///
/// ```
/// use refugia::geometry::LonLat;
///
/// let fuzhou = LonLat::new(119.3, 26.08)?;
/// assert_eq!(fuzhou.lon(), 119.3);
/// assert!(LonLat::new(26.08, 119.3).is_err());
/// # Ok::<(), refugia::geometry::LonLatError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

/// Why a pair of numbers is no position.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LonLatError {
    /// The longitude is not a number or outside −180..=180.
    #[error("longitude {0} is outside -180..=180 degrees")]
    Longitude(f64),
    /// The latitude is not a number or outside −90..=90.
    #[error("latitude {0} is outside -90..=90 degrees")]
    Latitude(f64),
}

impl LonLat {
    /// Checks a longitude and a latitude in degrees.
    ///
    /// # Errors
    /// Names the number that is not finite or not in range; the longitude first.
    pub fn new(lon: f64, lat: f64) -> Result<Self, LonLatError> {
        if !(-180.0..=180.0).contains(&lon) {
            Err(LonLatError::Longitude(lon))
        } else if !(-90.0..=90.0).contains(&lat) {
            Err(LonLatError::Latitude(lat))
        } else {
            Ok(Self { lon, lat })
        }
    }

    /// Longitude in degrees, −180..=180, east positive.
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude in degrees, −90..=90, north positive.
    pub const fn lat(self) -> f64 {
        self.lat
    }
}

impl From<LonLat> for Coord<f64> {
    fn from(position: LonLat) -> Self {
        Self {
            x: position.lon,
            y: position.lat,
        }
    }
}

impl From<LonLat> for Point<f64> {
    fn from(position: LonLat) -> Self {
        Self::new(position.lon, position.lat)
    }
}

impl TryFrom<Coord<f64>> for LonLat {
    type Error = LonLatError;

    fn try_from(coord: Coord<f64>) -> Result<Self, LonLatError> {
        Self::new(coord.x, coord.y)
    }
}

impl Display for LonLat {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{},{}", self.lon, self.lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_the_world_are_positions() {
        for (lon, lat) in [(-180.0, -90.0), (180.0, 90.0), (0.0, -0.0)] {
            assert!(LonLat::new(lon, lat).is_ok(), "{lon},{lat}");
        }
    }

    #[test]
    fn what_is_out_of_range_or_no_number_is_named() {
        assert_eq!(LonLat::new(180.000_001, 95.0), Err(LonLatError::Longitude(180.000_001)));
        assert_eq!(LonLat::new(0.0, -90.5), Err(LonLatError::Latitude(-90.5)));
        assert!(matches!(LonLat::new(f64::NAN, 0.0), Err(LonLatError::Longitude(_))));
        assert!(matches!(LonLat::new(0.0, f64::INFINITY), Err(LonLatError::Latitude(_))));
    }
}
