//! The spherical Web Mercator projection (EPSG:3857), scaled to a unit square.
//!
//! Owns the projection and its inverse. Tile numbers and pixels are the tiles' business.

use std::f64::consts::PI;

use super::LonLat;

/// The latitude at which Web Mercator is cut so that the world is a square, in degrees: `atan(sinh(π))`.
pub const MAX_LATITUDE: f64 = 85.051_128_779_806_59;

/// A position in the Web Mercator unit square: `x` grows east from 0 at −180°, `y` grows **south** from 0 at
/// [`MAX_LATITUDE`] north, as tile rows do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mercator {
    /// 0 at longitude −180°, 1 at 180°.
    pub x: f64,
    /// 0 at latitude +85.05°, 1 at −85.05°; beyond those latitudes it is clamped to a little outside 0..=1.
    pub y: f64,
}

impl Mercator {
    /// Projects degrees that need not be checked (a polygon vertex beyond the poles is clamped to ±89.9°, which lies
    /// outside every tile).
    pub fn project(lon: f64, lat: f64) -> Self {
        let sin = lat.clamp(-89.9, 89.9).to_radians().sin();
        Self {
            x: lon / 360.0 + 0.5,
            y: 0.5 - sin.atanh() / (2.0 * PI),
        }
    }

    /// The longitude and latitude of this position in degrees.
    pub fn to_degrees(self) -> (f64, f64) {
        let lat = (PI * (1.0 - 2.0 * self.y)).sinh().atan().to_degrees();
        ((self.x - 0.5) * 360.0, lat)
    }
}

impl From<LonLat> for Mercator {
    fn from(position: LonLat) -> Self {
        Self::project(position.lon(), position.lat())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_corners_of_the_square_are_the_corners_of_the_world() {
        let corner = Mercator::project(-180.0, MAX_LATITUDE);
        assert!(corner.x.abs() < 1e-12 && corner.y.abs() < 1e-12, "{corner:?}");
        assert_eq!(Mercator::project(0.0, 0.0), Mercator { x: 0.5, y: 0.5 });
    }

    proptest! {
        #[test]
        fn the_inverse_gives_the_position_back(lon in -180.0..=180.0, lat in -85.0..=85.0) {
            let (back_lon, back_lat) = Mercator::project(lon, lat).to_degrees();
            prop_assert!((back_lon - lon).abs() < 1e-9 && (back_lat - lat).abs() < 1e-9);
        }
    }
}
