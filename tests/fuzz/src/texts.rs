//! Texts that files hold and operators write: reference systems, the manifest of a pack.

use refugia::{catalog::RegionManifest, geometry::Crs};

use crate::reading::assert_tells;

/// Positions that a system is tried with: degrees, metres of a zone, and what is no position.
const TRIED: [(f64, f64); 6] = [
    (119.3, 26.1),
    (39_430_000.0, 2_886_000.0),
    (500_000.0, 2_886_000.0),
    (0.0, 0.0),
    (-1e300, 1e300),
    (f64::NAN, f64::INFINITY),
];

/// A reference system by its name, its definition or its well-known text.
pub fn crs(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for read in [text.parse::<Crs>(), Crs::from_definition(&text), Crs::from_wkt(&text)] {
        match read {
            Ok(crs) => check(&crs),
            Err(error) => assert_tells(&error.to_string()),
        }
    }
}

fn check(crs: &Crs) {
    for (x, y) in TRIED {
        match crs.to_wgs84(x, y) {
            Ok(position) => {
                assert!((-180.0..=180.0).contains(&position.lon()), "{crs}: {position:?}");
                assert!((-90.0..=90.0).contains(&position.lat()), "{crs}: {position:?}");
            }
            Err(error) => assert_tells(&error.to_string()),
        }
    }
    if let Some(word) = crs.word() {
        let again: Crs = word.parse().unwrap_or_else(|error| panic!("{word}: {error}"));
        for (x, y) in TRIED {
            let place = |crs: &Crs| crs.to_wgs84(x, y).ok().map(|place| (place.lon(), place.lat()));
            assert_eq!(place(crs), place(&again), "{word}");
        }
    }
}

/// The manifest of a region pack.
pub fn manifest(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Err(faults) = RegionManifest::parse(text) {
        assert_tells(&faults.to_string());
    }
}
