//! Real files, made by others, with all their dirt.

use std::{env, fs, path::PathBuf};

use geo_types::Geometry;
use geojson::GeoJson;

/// The folder of real files; `None`, said aloud, where there is none and there need not be.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = env::var_os("REFUGIA_TEST_DATA").map(PathBuf::from);
    if folder.is_none() {
        left_out("REFUGIA_TEST_DATA is not set");
    }
    folder
}

/// Says that a test was left out and why; fails where `CI=true`.
pub(crate) fn left_out(why: &str) {
    assert!(
        env::var("CI").as_deref() != Ok("true"),
        "must not be left out here: {why}"
    );
    eprintln!("left out: {why}");
}

/// The geometries of a GeoJSON file.
pub(crate) fn geojson(path: &str) -> Option<Vec<Geometry<f64>>> {
    let text = fs::read_to_string(folder()?.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let GeoJson::FeatureCollection(features) = text.parse().unwrap() else {
        panic!("{path}: no collection")
    };
    Some(
        features
            .features
            .into_iter()
            .map(|feature| Geometry::try_from(feature.geometry.unwrap()).unwrap())
            .collect(),
    )
}
