//! Datums: WGS 84 and the shifted GCJ-02 and BD-09 of Chinese commercial maps.
//!
//! Owns the conversion both ways. Everything else in Refugia is WGS 84: conversion happens where positions come in and
//! go out, and only when asked for.
//!
//! GCJ-02 (国测局坐标) adds to WGS 84 a smooth shift of about 100 to 700 m inside a rectangle around China. The formula
//! was never published; the one here is the reconstruction in common use (Wikipedia, "Restrictions on geographic data
//! in China", section GCJ-02; the projects `eviltransform` and `PRCoords`), which agrees with the official service to
//! about a metre. CGCS2000 is taken as equal to WGS 84.
//!
//! BD-09 (百度坐标) moves GCJ-02 on by another 0.8 to 1.2 km in plane degrees. Its formula, too, is the reconstruction in
//! common use (the project `coordtransform`). Abroad the maps that use it are in WGS 84, so that it ends where GCJ-02
//! ends.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LonLat;

/// A datum that positions are asked or answered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// WGS 84, and CGCS2000 with it.
    #[default]
    Wgs84,
    /// GCJ-02.
    Gcj02,
    /// BD-09.
    Bd09,
}

/// A word that names no datum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of wgs84, gcj02, bd09")]
pub struct UnknownDatum(pub String);

/// Major semi-axis of the Krasovsky 1940 ellipsoid, which the shift is scaled by, metres.
const KRASOVSKY_A: f64 = 6_378_245.0;
/// Its squared eccentricity.
const KRASOVSKY_E2: f64 = 0.006_693_421_622_965_943;

/// Where the shift applies: west, south, east, north in degrees. Outside, both datums are the same; at the rectangle's
/// edge the shift begins and ends in a jump.
const SHIFTED: [f64; 4] = [72.004, 0.8293, 137.8347, 55.8271];

/// The inverse stops when a step is smaller than this, degrees (0.1 µm on the ground).
const TOLERANCE_DEG: f64 = 1e-12;

impl Datum {
    /// Every datum.
    pub const ALL: [Self; 3] = [Self::Wgs84, Self::Gcj02, Self::Bd09];

    /// The word in URLs and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// The name in sentences.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Wgs84 => "WGS 84",
            Self::Gcj02 => "GCJ-02",
            Self::Bd09 => "BD-09",
        }
    }

    /// Converts a position of this datum to WGS 84. The inverse of [`Self::from_wgs84`] to 1e-9 degrees (0.1 mm)
    /// wherever both lie inside the shifted rectangle; within a shift (700 m, for BD-09 2 km) of its edge the shifted
    /// datums have gaps and overlaps, and the answer there is one of the possible ones.
    #[must_use]
    pub fn to_wgs84(self, position: LonLat) -> LonLat {
        if self == Self::Wgs84 || !is_shifted(position.lon(), position.lat()) {
            return position;
        }
        // The shift changes by less than 5 % of a step, so that each round gains more than one digit.
        let (mut lon, mut lat) = (position.lon(), position.lat());
        for _ in 0..16 {
            let (shifted_lon, shifted_lat) = self.shifted(lon, lat);
            let (step_lon, step_lat) = (position.lon() - shifted_lon, position.lat() - shifted_lat);
            lon += step_lon;
            lat += step_lat;
            if step_lon.abs().max(step_lat.abs()) < TOLERANCE_DEG {
                break;
            }
        }
        // The rectangle ends far from the edges of the globe.
        LonLat::new(lon, lat).unwrap_or(position)
    }

    /// Converts a WGS 84 position to this datum.
    #[must_use]
    pub fn from_wgs84(self, position: LonLat) -> LonLat {
        if self == Self::Wgs84 || !is_shifted(position.lon(), position.lat()) {
            return position;
        }
        let (lon, lat) = self.shifted(position.lon(), position.lat());
        LonLat::new(lon, lat).unwrap_or(position)
    }

    /// A WGS 84 position inside the shifted rectangle in this datum, degrees.
    fn shifted(self, lon: f64, lat: f64) -> (f64, f64) {
        match self {
            Self::Wgs84 => (lon, lat),
            Self::Gcj02 => {
                let (east, north) = shift(lon, lat);
                (lon + east, lat + north)
            }
            Self::Bd09 => {
                let (lon, lat) = Self::Gcj02.shifted(lon, lat);
                gcj02_to_bd09(lon, lat)
            }
        }
    }
}

impl std::str::FromStr for Datum {
    type Err = UnknownDatum;

    fn from_str(word: &str) -> Result<Self, UnknownDatum> {
        let known = Self::ALL.into_iter().find(|datum| datum.as_str() == word);
        known.ok_or_else(|| UnknownDatum(word.to_owned()))
    }
}

impl std::fmt::Display for Datum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_shifted(lon: f64, lat: f64) -> bool {
    let [west, south, east, north] = SHIFTED;
    (west..=east).contains(&lon) && (south..=north).contains(&lat)
}

/// GCJ-02 turned and stretched a little around the origin of degrees, then moved.
fn gcj02_to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    const WAVE: f64 = PI * 3_000.0 / 180.0;
    let radius = lon.hypot(lat) + 0.000_02 * (lat * WAVE).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * WAVE).cos();
    (radius * angle.cos() + 0.006_5, radius * angle.sin() + 0.006)
}

/// The shift at a WGS 84 position in degrees of longitude and latitude.
fn shift(lon: f64, lat: f64) -> (f64, f64) {
    // Metres east and north as trigonometric polynomials around 105° E, 35° N.
    let (x, y) = (lon - 105.0, lat - 35.0);
    let root = x.abs().sqrt();
    let short_waves = 20.0 * ((6.0 * x * PI).sin() + (2.0 * x * PI).sin());
    let waves = |t: f64, a: f64, b: f64, c: f64| {
        a * ((t * PI).sin() + 2.0 * (t / 3.0 * PI).sin()) + b * ((t / 12.0 * PI).sin() + c * (t / 30.0 * PI).sin())
    };
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + 2.0 / 3.0 * (short_waves + waves(y, 20.0, 160.0, 2.0));
    let east_m = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + 2.0 / 3.0 * (short_waves + waves(x, 20.0, 150.0, 2.0));
    // Metres to degrees by the radii of curvature of the ellipsoid.
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let w2 = 1.0 - KRASOVSKY_E2 * sin_lat * sin_lat;
    let meridian_m = KRASOVSKY_A * (1.0 - KRASOVSKY_E2) / (w2 * w2.sqrt());
    let parallel_m = KRASOVSKY_A / w2.sqrt() * cos_lat;
    ((east_m / parallel_m).to_degrees(), (north_m / meridian_m).to_degrees())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geometry::geodesic;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn the_forward_shift_agrees_with_published_pairs() {
        // From the test set of the `eviltransform` project: Shanghai, Shenzhen, Beijing.
        for (wgs, gcj) in [
            (
                (121.527_210_6, 31.177_427_6),
                (121.531_541_859_215, 31.175_303_983_645_97),
            ),
            (
                (113.912_316, 22.543_847),
                (113.917_176_480_836_3, 22.540_796_131_694_766),
            ),
            (
                (116.377_817, 39.911_954),
                (116.384_047_224_556_57, 39.913_345_455_360_69),
            ),
        ] {
            let shifted = Datum::Gcj02.from_wgs84(at(wgs.0, wgs.1));
            assert!(
                (shifted.lon() - gcj.0).abs() < 1e-6 && (shifted.lat() - gcj.1).abs() < 1e-6,
                "{shifted}"
            );
        }
    }

    #[test]
    fn the_step_to_bd09_agrees_with_published_pairs() {
        // From the README and tests of the `coordtransform` project.
        let (lon, lat) = gcj02_to_bd09(116.404, 39.915);
        assert!((lon - 116.410_369_493_710_29).abs() < 1e-12 && (lat - 39.921_336_993_510_21).abs() < 1e-12);
        let shifted = Datum::Gcj02.from_wgs84(at(116.404, 39.915));
        assert!((shifted.lon() - 116.410_244_499_169_38).abs() < 1e-12);
        assert!((shifted.lat() - 39.916_404_281_501_64).abs() < 1e-12);
        // Its shortcut of an inverse is good to about a metre; the exact one must be near it.
        let back = Datum::Bd09.to_wgs84(at(116.404, 39.915));
        let near = at(116.391_383_699_512_5, 39.907_253_214_522_164);
        assert!(geodesic::distance(back, near).0 < 3.0, "{back}");
    }

    #[test]
    fn outside_china_all_datums_are_the_same() {
        for position in [
            at(139.7, 35.7),
            at(-0.1, 51.5),
            at(72.0, 30.0),
            at(110.0, 0.5),
            at(-180.0, -90.0),
        ] {
            for datum in Datum::ALL {
                assert_eq!(datum.from_wgs84(position), position);
                assert_eq!(datum.to_wgs84(position), position);
            }
        }
    }

    #[test]
    fn datums_are_read_by_their_words() {
        assert_eq!("gcj02".parse(), Ok(Datum::Gcj02));
        assert_eq!("bd09".parse(), Ok(Datum::Bd09));
        assert_eq!(
            "bd-09".parse::<Datum>().unwrap_err().to_string(),
            "`bd-09` is not one of wgs84, gcj02, bd09"
        );
    }

    proptest! {
        #[test]
        fn there_and_back_is_within_a_centimetre(lon in 72.05..137.8, lat in 0.85..55.8) {
            let position = at(lon, lat);
            for datum in Datum::ALL {
                let back = datum.to_wgs84(datum.from_wgs84(position));
                prop_assert!((back.lon() - lon).abs() <= 1e-9 && (back.lat() - lat).abs() <= 1e-9, "{datum}: {back}");
                prop_assert!(geodesic::distance(position, back).0 <= 0.01);
            }
        }

        #[test]
        fn the_shifts_are_some_hundred_metres_at_most(lon in 72.05..137.8, lat in 0.85..55.8) {
            // There are places where one of them is nearly nothing.
            prop_assert!(moved(Datum::Gcj02, at(lon, lat)) < 1_500.0);
            prop_assert!(moved(Datum::Bd09, at(lon, lat)) < 2_500.0);
        }
    }

    fn moved(datum: Datum, position: LonLat) -> f64 {
        geodesic::distance(position, datum.from_wgs84(position)).0
    }

    #[test]
    fn cities_are_some_hundred_metres_off() {
        for (lon, lat) in [
            (119.3, 26.08),
            (116.4, 39.9),
            (104.07, 30.67),
            (87.6, 43.8),
            (126.6, 45.8),
        ] {
            assert!((100.0..1_000.0).contains(&moved(Datum::Gcj02, at(lon, lat))), "{lon}");
            assert!((500.0..2_000.0).contains(&moved(Datum::Bd09, at(lon, lat))), "{lon}");
        }
    }
}
