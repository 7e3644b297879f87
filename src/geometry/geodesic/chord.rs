//! Chords: straight lines through the earth, and what they say about geodesics.
//!
//! Owns earth-centred coordinates ([`ecef`]), the bounds of a geodesic's length by its chord ([`at_least`],
//! [`at_most`]) and the short-distance series of a query point ([`Frame`]).
//!
//! # The bounds
//! Let γ(s) be a geodesic of unit speed, f(s) = |γ(s) − γ(0)|² its squared chord, κ the normal curvature of the
//! ellipsoid along it, N the outer normal and h the height of γ(0) below the tangent plane at γ(s). As γ″ = −κN,
//! f″ = 2 − 2κh. All curvatures of the ellipsoid lie between 1/R and 1/r, where R = a²/b (at the poles) and r = b²/a
//! (along the meridian at the equator). By Blaschke's rolling theorem the ellipsoid lies inside the ball of radius R,
//! and outside the ball of radius r, that touch it from inside at γ(s); so f/2R ≤ h ≤ f/2r, and
//!
//! 2 − f/r² ≤ f″ ≤ 2 − f/R², f(0) = f′(0) = 0.
//!
//! Sturm comparison with the solutions of equality, squared chords of circles, gives for the chord c = √f
//!
//! 2r·sin(s/2r) ≤ c for s ≤ πr, and c ≤ 2R·sin(s/2R) for s ≤ πR,
//!
//! hence 2R·asin(c/2R) ≤ s ≤ 2r·asin(c/2r): apart by c³/24 · (1/r² − 1/R²), 2 cm at 100 km and 2 m at
//! 450 km. No
//! geodesic is longer than half a meridian, 20 003 932 m < πR, so the lower bound always holds. The upper one is used up to
//! c = 12 000 km only, where the linear map of a sphere onto the ellipsoid shows s ≤ 2a·asin(c/2b) < πr.

use super::{EQUATORIAL_RADIUS_M, FLATTENING};
use crate::{geometry::LonLat, units::Metres};

const A: f64 = EQUATORIAL_RADIUS_M;
const B: f64 = A * (1.0 - FLATTENING);
/// Squared eccentricity.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);
/// Largest radius of curvature.
const R_MAX: f64 = A * A / B;
/// Smallest radius of curvature.
const R_MIN: f64 = B * B / A;
/// Half a meridian, rounded up: nothing on the ellipsoid is farther away.
const FARTHEST_M: f64 = 20_003_932.0;
/// Chords beyond this have no upper bound but [`FARTHEST_M`].
const LONGEST_BOUNDED_M: f64 = 12_000_000.0;
/// More than the rounding of coordinates and chords in `f64` (some nanometres) and the error of the geodesic (15 nm)
/// together, so that the bounds hold for computed numbers too.
const SLACK_M: f64 = 1e-7;

/// Up to this chord [`Frame::short`] answers.
pub const SHORT_M: f64 = 100_000.0;

/// Earth-centred, earth-fixed coordinates in metres: x towards 0° E, y towards 90° E on the equator, z to the north
/// pole.
pub type Ecef = [f64; 3];

/// The position in earth-centred coordinates. The antimeridian and the poles are places like any other in them.
pub fn ecef(position: LonLat) -> Ecef {
    let (sin_lat, cos_lat) = position.lat().to_radians().sin_cos();
    let (sin_lon, cos_lon) = position.lon().to_radians().sin_cos();
    let n = A / (1.0 - E2 * sin_lat * sin_lat).sqrt();
    [n * cos_lat * cos_lon, n * cos_lat * sin_lon, n * (1.0 - E2) * sin_lat]
}

/// The squared chord between two positions.
pub fn squared(from: &Ecef, to: &Ecef) -> f64 {
    let [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    x * x + y * y + z * z
}

/// No geodesic over this chord is shorter, in metres. Grows with the chord.
pub fn at_least(chord_m: f64) -> f64 {
    arc(chord_m, R_MAX) - SLACK_M
}

/// No geodesic over this chord is longer, in metres. Grows with the chord.
pub fn at_most(chord_m: f64) -> f64 {
    if chord_m <= LONGEST_BOUNDED_M {
        arc(chord_m, R_MIN) + SLACK_M
    } else {
        FARTHEST_M
    }
}

/// No chord of a geodesic up to this length is longer, in metres: the inverse of [`at_least`].
pub fn longest_within(distance_m: f64) -> f64 {
    let distance_m = (distance_m + 2.0 * SLACK_M).min(FARTHEST_M);
    2.0 * R_MAX * (distance_m / (2.0 * R_MAX)).sin() + SLACK_M
}

/// Every geodesic over a shorter chord is shorter than this length, in metres: the inverse of [`at_most`].
pub fn all_within(distance_m: f64) -> f64 {
    // Beyond a quarter of the globe the bound is of no use: there nothing is said.
    let distance_m = (distance_m - 2.0 * SLACK_M).clamp(0.0, 10_000_000.0);
    (2.0 * R_MIN * (distance_m / (2.0 * R_MIN)).sin() - SLACK_M).max(0.0)
}

/// The arc over a chord on a circle.
fn arc(chord_m: f64, radius_m: f64) -> f64 {
    let ratio = chord_m / (2.0 * radius_m);
    if ratio < 0.01 {
        // The series of asin; the next term is below 1e-15 of the whole here.
        let x = ratio * ratio;
        return chord_m * (1.0 + x * (1.0 / 6.0 + x * (3.0 / 40.0 + x * (15.0 / 336.0))));
    }
    2.0 * radius_m * ratio.min(1.0).asin()
}

/// A query point: its coordinates, the directions east and north in them, and its radii of curvature.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The point itself.
    pub origin: Ecef,
    east: [f64; 3],
    north: [f64; 3],
    /// Curvature of the meridian, 1/M.
    curvature_north: f64,
    /// Curvature across the meridian, 1/N.
    curvature_east: f64,
}

impl Frame {
    /// The frame at a position.
    pub fn at(position: LonLat) -> Self {
        let (sin_lat, cos_lat) = position.lat().to_radians().sin_cos();
        let (sin_lon, cos_lon) = position.lon().to_radians().sin_cos();
        let w2 = 1.0 - E2 * sin_lat * sin_lat;
        let w = w2.sqrt();
        Self {
            origin: ecef(position),
            east: [-sin_lon, cos_lon, 0.0],
            north: [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
            curvature_north: w2 * w / (A * (1.0 - E2)),
            curvature_east: w / A,
        }
    }

    /// Length and initial bearing of the geodesic to a point at most [`SHORT_M`] of chord away; `None` beyond.
    ///
    /// The chord is bent by Euler's curvature κ in the direction of the point, s = c(1 + c²κ²/24 + 3c⁴κ⁴/640), and the
    /// bearing is that of the normal section. What is left out is the change of κ along the way, at most 2e-9 of the
    /// distance at 100 km and falling with its cube, and the angle between section and geodesic, below 1e-5 degrees.
    /// The length is kept between [`at_least`] and [`at_most`].
    pub fn short(&self, to: &Ecef) -> Option<(Metres, f64)> {
        let line = [to[0] - self.origin[0], to[1] - self.origin[1], to[2] - self.origin[2]];
        let along = |axis: &[f64; 3]| line[0] * axis[0] + line[1] * axis[1] + line[2] * axis[2];
        let squared = line[0] * line[0] + line[1] * line[1] + line[2] * line[2];
        if squared > SHORT_M * SHORT_M {
            return None;
        }
        let (east, north) = (along(&self.east), along(&self.north));
        let flat = east * east + north * north;
        if flat == 0.0 {
            return Some((Metres(squared.sqrt()), 0.0));
        }
        let curvature = (north * north * self.curvature_north + east * east * self.curvature_east) / flat;
        let bend = squared * curvature * curvature;
        let chord = squared.sqrt();
        let metres = chord * (1.0 + bend * (1.0 / 24.0 + bend * (3.0 / 640.0)));
        Some((
            Metres(metres.clamp(at_least(chord).max(0.0), at_most(chord))),
            super::bearing_deg(east.atan2(north).to_degrees()),
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geometry::geodesic::{distance, distance_and_bearing};

    fn positions() -> impl Strategy<Value = LonLat> {
        let lat = prop_oneof![4 => -90.0..=90.0, 1 => 89.9..=90.0, 1 => -90.0..=-89.9, 1 => -0.1..0.1];
        (-180.0..=180.0, lat).prop_map(|(lon, lat)| LonLat::new(lon, lat).unwrap())
    }

    /// A position some metres to some thousand kilometres away, over the poles and the antimeridian too.
    fn moved(from: LonLat, reach_deg: f64, angle: f64) -> LonLat {
        let lat = (from.lat() + reach_deg * angle.sin()).clamp(-90.0, 90.0);
        let squeeze = lat.to_radians().cos().max(1e-3);
        let lon = from.lon() + (reach_deg * angle.cos() / squeeze).clamp(-180.0, 180.0);
        LonLat::new((lon + 540.0).rem_euclid(360.0) - 180.0, lat).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn geodesics_lie_between_their_bounds(from in positions(), far in positions(), exponent in -7.0..2.3_f64, angle in 0.0..6.3) {
            for to in [far, moved(from, 10_f64.powf(exponent), angle), LonLat::new(-from.lon(), -from.lat()).unwrap()] {
                let metres = distance(from, to).0;
                let chord = squared(&ecef(from), &ecef(to)).sqrt();
                prop_assert!(at_least(chord) <= metres && metres <= at_most(chord), "{from} {to}: {chord} {metres}");
                prop_assert!(chord >= all_within(metres), "{from} {to}: {chord} {metres}");
                prop_assert!(chord <= longest_within(metres), "{from} {to}: {chord} {metres}");
            }
        }

        #[test]
        fn short_lines_are_as_good_as_geodesics(from in positions(), exponent in -7.0..0.0_f64, angle in 0.0..6.3) {
            let to = moved(from, 10_f64.powf(exponent), angle);
            let (exact, exact_bearing) = distance_and_bearing(from, to);
            if let Some((metres, bearing)) = Frame::at(from).short(&ecef(to)) {
                let allowed = 3e-9 * exact.0 * (exact.0 / SHORT_M).powi(3) + 1e-8 + 1e-14 * exact.0;
                prop_assert!((metres.0 - exact.0).abs() <= allowed, "{from} {to}: {metres} {exact}");
                let turn = (bearing - exact_bearing + 540.0).rem_euclid(360.0) - 180.0;
                prop_assert!(turn.abs() <= 1e-5 + 1e-6 / exact.0, "{from} {to}: {bearing} {exact_bearing}");
            } else {
                prop_assert!(exact.0 > SHORT_M);
            }
        }
    }
}
