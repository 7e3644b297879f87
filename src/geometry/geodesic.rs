//! Distances and bearings on the WGS 84 ellipsoid.
//!
//! Owns the geodesic (C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87, 2013, through `geographiclib-rs`;
//! exact to about 15 nanometres, also between antipodes) and, in [`chord`], the straight line through the earth with
//! proven bounds on how much longer the way along the surface is: an index searches by chords and asks for a geodesic
//! only where the bounds leave a doubt.

pub mod chord;

use std::sync::LazyLock;

use geographiclib_rs::{Geodesic, InverseGeodesic};

use super::LonLat;
use crate::units::Metres;

/// Equatorial radius of WGS 84, metres.
pub const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;

/// Flattening of WGS 84.
pub const FLATTENING: f64 = 1.0 / 298.257_223_563;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Length of the shortest path between two positions. O(1), about a microsecond.
///
/// ```
/// use refugia::geometry::{LonLat, geodesic};
///
/// let fuzhou = LonLat::new(119.2965, 26.0745)?;
/// let xiamen = LonLat::new(118.0894, 24.4798)?;
/// assert_eq!(geodesic::distance(fuzhou, xiamen).0.round(), 214_448.0);
/// # Ok::<(), refugia::geometry::LonLatError>(())
/// ```
pub fn distance(from: LonLat, to: LonLat) -> Metres {
    let metres: f64 = WGS84.inverse(from.lat(), from.lon(), to.lat(), to.lon());
    Metres(metres)
}

/// Length of the shortest path, and the direction it leaves `from` in: degrees clockwise from north, 0..360. Where the
/// positions are the same the bearing is 0. At a pole north is taken along the pole's given longitude.
pub fn distance_and_bearing(from: LonLat, to: LonLat) -> (Metres, f64) {
    let (metres, azimuth, ..): (f64, f64, f64, f64) = WGS84.inverse(from.lat(), from.lon(), to.lat(), to.lon());
    let bearing = if metres == 0.0 { 0.0 } else { bearing_deg(azimuth) };
    (Metres(metres), bearing)
}

/// Brings an azimuth of −180..=180 degrees to 0..360.
fn bearing_deg(azimuth: f64) -> f64 {
    let turned = if azimuth < 0.0 { azimuth + 360.0 } else { azimuth };
    // A tiny negative azimuth rounds up to the full circle; adding zero turns −0 into 0.
    if turned >= 360.0 { 0.0 } else { turned + 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn known_lines() {
        // A quarter of the meridian, and a line GeographicLib's own documentation uses (JFK to LHR).
        let (quarter, north) = distance_and_bearing(at(0.0, 0.0), at(0.0, 90.0));
        assert!((quarter.0 - 10_001_965.729).abs() < 1e-3 && north == 0.0);
        let (jfk_lhr, bearing) = distance_and_bearing(at(-73.8, 40.6), at(-0.5, 51.6));
        assert!((jfk_lhr.0 - 5_551_759.400).abs() < 1e-3, "{jfk_lhr}");
        assert!((bearing - 51.198_882_845_58).abs() < 1e-9, "{bearing}");
    }

    #[test]
    fn the_antimeridian_is_no_border() {
        let (across, east) = distance_and_bearing(at(179.9, 0.0), at(-179.9, 0.0));
        assert!((across.0 - 22_263.898).abs() < 1e-3 && east == 90.0);
        assert_eq!(distance(at(180.0, 10.0), at(-180.0, 10.0)).0, 0.0);
        assert_eq!(distance_and_bearing(at(0.0, 0.0), at(-1.0, 0.0)).1, 270.0);
    }
}
