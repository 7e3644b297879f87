//! A position in eight bytes, as precise as OpenStreetMap keeps it.

use crate::geometry::LonLat;

/// Steps of a degree: a ten-millionth is at most 1.1 cm on the ground.
const STEPS: f64 = 1e7;

/// A WGS 84 position in ten-millionths of a degree, in range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DegreesE7 {
    lon: i32,
    lat: i32,
}

impl DegreesE7 {
    /// Checks a longitude and a latitude in ten-millionths of a degree; `None` off the globe.
    pub fn new(lon: i64, lat: i64) -> Option<Self> {
        let is_on_globe = lon.abs() <= 1_800_000_000 && lat.abs() <= 900_000_000;
        is_on_globe.then_some(Self {
            lon: lon as i32,
            lat: lat as i32,
        })
    }

    /// The nearest such position.
    pub fn at(position: LonLat) -> Self {
        Self {
            lon: (position.lon() * STEPS).round() as i32,
            lat: (position.lat() * STEPS).round() as i32,
        }
    }

    /// The position in degrees.
    ///
    /// # Panics
    /// Never: it was checked when it was made.
    pub fn lon_lat(self) -> LonLat {
        #[expect(clippy::expect_used, reason = "checked when it was made")]
        LonLat::new(f64::from(self.lon) / STEPS, f64::from(self.lat) / STEPS).expect("a position in range")
    }

    /// Longitude and latitude, ten-millionths of a degree.
    pub const fn steps(self) -> [i32; 2] {
        [self.lon, self.lat]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_globe_are_on_it_and_nothing_beyond() {
        let corner = DegreesE7::new(-1_800_000_000, 900_000_000).unwrap();
        assert_eq!(corner.lon_lat(), LonLat::new(-180.0, 90.0).unwrap());
        assert_eq!(DegreesE7::at(corner.lon_lat()), corner);
        assert_eq!(DegreesE7::new(1_800_000_001, 0), None);
        assert_eq!(DegreesE7::new(0, -900_000_001), None);
        assert_eq!(DegreesE7::new(i64::MAX, 0), None);
    }
}
