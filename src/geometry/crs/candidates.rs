//! Which systems a pair of numbers could be of, when nobody says: for the question that an import asks.
//!
//! Owns the systems that are tried, all on datums taken as WGS 84, and the areas they are made for (EPSG register,
//! version 10: areas of use). Nothing is ever chosen from them without being asked.

use serde::Serialize;

use super::{Crs, register};
use crate::geometry::{BBox, LonLat};

/// A system that the numbers could be of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The word that names the system, such as `epsg:4549`.
    pub word: String,
    /// What people call it.
    pub title: String,
    /// Where it puts the position.
    #[serde(serialize_with = "degrees")]
    pub position: LonLat,
    /// Whether the numbers were taken the other way round: northing first.
    pub is_swapped: bool,
}

fn degrees<S: serde::Serializer>(position: &LonLat, serializer: S) -> Result<S::Ok, S::Error> {
    [position.lon(), position.lat()].serialize(serializer)
}

/// Systems tried, and west, south, east, north of the area each is made for.
type Family = (std::ops::RangeInclusive<u32>, fn(u32) -> [f64; 4]);

/// Northern and southern end of the land that CGCS2000 is for.
const CHINA: [f64; 2] = [16.7, 53.56];

const FAMILIES: [Family; 8] = [
    (4513..=4533, |code| {
        zone(75.0 + 3.0 * f64::from(code - 4513), 1.5, CHINA)
    }),
    (4534..=4554, |code| {
        zone(75.0 + 3.0 * f64::from(code - 4534), 1.5, CHINA)
    }),
    (4491..=4501, |code| {
        zone(75.0 + 6.0 * f64::from(code - 4491), 3.0, CHINA)
    }),
    (4502..=4512, |code| {
        zone(75.0 + 6.0 * f64::from(code - 4502), 3.0, CHINA)
    }),
    (3825..=3826, |code| {
        if code == 3825 {
            [118.0, 18.63, 120.0, 24.65]
        } else {
            [119.99, 20.41, 122.06, 26.72]
        }
    }),
    (6669..=6687, |code| JAPAN[(code - 6669) as usize]),
    (32_601..=32_660, |code| {
        zone(-177.0 + 6.0 * f64::from(code - 32_601), 3.0, [0.0, 84.0])
    }),
    (3857..=3857, |_| [-180.0, -85.06, 180.0, 85.06]),
];

/// The areas of Japan's plane rectangular zones.
const JAPAN: [[f64; 4]; 19] = [
    [128.17, 26.96, 130.46, 34.74],
    [129.76, 30.18, 132.05, 33.99],
    [130.81, 33.72, 133.49, 36.38],
    [131.95, 32.69, 134.81, 34.45],
    [133.13, 34.13, 135.47, 35.71],
    [134.86, 33.4, 136.99, 36.33],
    [136.22, 34.51, 137.84, 37.58],
    [137.32, 34.54, 139.91, 38.58],
    [138.4, 29.31, 141.11, 37.98],
    [139.49, 37.73, 142.14, 41.58],
    [139.34, 41.34, 141.46, 43.42],
    [140.89, 42.15, 143.61, 45.54],
    [142.61, 41.87, 145.87, 44.4],
    [141.2, 24.67, 142.33, 27.8],
    [126.63, 26.02, 128.4, 26.91],
    [122.83, 23.98, 125.51, 24.94],
    [131.12, 24.4, 131.38, 26.01],
    [136.02, 20.37, 136.16, 20.48],
    [153.91, 24.22, 154.05, 24.35],
];

fn zone(meridian: f64, half_width: f64, [south, north]: [f64; 2]) -> [f64; 4] {
    [meridian - half_width, south, meridian + half_width, north]
}

/// How far beyond its area a system is used all the same, degrees: a county is mapped in one zone.
const STRETCH_DEG: f64 = 1.5;

/// The systems that put a position where it could belong: into the region where one is given, else into the area that
/// the system is made for. Those that put it at the same place as one before are left out. The numbers are tried the
/// other way round only where no system takes them as they are. O(number of systems), some hundred.
pub fn candidates(x: f64, y: f64, region: Option<BBox>) -> Vec<Candidate> {
    let straight = tried(x, y, region, false);
    if straight.iter().any(|candidate| candidate.word != "epsg:3857") {
        return straight;
    }
    let mut found = tried(y, x, region, true);
    found.retain(|candidate| candidate.word != "epsg:3857");
    straight.into_iter().chain(found).collect()
}

fn tried(x: f64, y: f64, region: Option<BBox>, is_swapped: bool) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (codes, area_of) in FAMILIES {
        for code in codes {
            let Some(position) = Crs::from_epsg(code).ok().and_then(|crs| crs.to_wgs84(x, y).ok()) else {
                continue;
            };
            let fits = match region {
                Some(region) => region.contains(position) && is_in(area_of(code), position, STRETCH_DEG),
                None => is_in(area_of(code), position, 0.0),
            };
            if fits && !found.iter().any(|known| is_same(known.position, position)) {
                found.push(Candidate {
                    word: format!("epsg:{code}"),
                    title: register::title(code).unwrap_or_default(),
                    position,
                    is_swapped,
                });
            }
        }
    }
    found
}

fn is_in([west, south, east, north]: [f64; 4], position: LonLat, stretch: f64) -> bool {
    (west - stretch..=east + stretch).contains(&position.lon()) && (south..=north).contains(&position.lat())
}

fn is_same(one: LonLat, other: LonLat) -> bool {
    (one.lon() - other.lon()).abs() < 1e-7 && (one.lat() - other.lat()).abs() < 1e-7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(x: f64, y: f64, region: Option<[f64; 4]>) -> Vec<String> {
        let region = region.map(|[west, south, east, north]| BBox::new(west, south, east, north).unwrap());
        let found = candidates(x, y, region);
        found
            .into_iter()
            .map(|found| format!("{}{}", found.word, if found.is_swapped { " swapped" } else { "" }))
            .collect()
    }

    const FUJIAN: Option<[f64; 4]> = Some([115.8, 23.5, 120.8, 28.4]);

    #[test]
    fn a_zone_number_in_the_easting_leaves_one_system() {
        assert_eq!(words(40_430_000.0, 2_886_000.0, None), ["epsg:4528"]);
        assert_eq!(words(20_730_000.0, 2_886_000.0, None), ["epsg:4498"]);
        assert_eq!(words(2_886_000.0, 40_430_000.0, None), ["epsg:4528 swapped"]);
    }

    #[test]
    fn a_region_leaves_few_systems() {
        assert_eq!(
            words(430_000.0, 2_886_000.0, FUJIAN),
            ["epsg:4548", "epsg:4549", "epsg:32650"]
        );
        assert_eq!(words(13_280_000.0, 3_006_000.0, FUJIAN), ["epsg:3857"]);
        let taipei = Some([121.4, 24.9, 121.7, 25.3]);
        assert!(words(302_000.0, 2_770_000.0, taipei).contains(&"epsg:3826".to_owned()));
        let tokyo = Some([139.0, 35.4, 140.0, 35.9]);
        assert_eq!(words(-6_000.0, -35_000.0, tokyo), ["epsg:6677"]);
        assert!(words(1.0, 1.0, FUJIAN).is_empty());
        assert!(words(f64::NAN, 1.0, FUJIAN).is_empty());
    }

    #[test]
    fn without_a_region_every_zone_could_be_meant() {
        let words = words(430_000.0, 2_886_000.0, None);
        assert!(
            words.contains(&"epsg:4549".to_owned()) && words.contains(&"epsg:32650".to_owned()),
            "{words:?}"
        );
        // The 6-degree zone around the same meridian says the same.
        assert!(!words.contains(&"epsg:4509".to_owned()), "{words:?}");
    }
}
