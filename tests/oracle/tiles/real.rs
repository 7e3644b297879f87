//! The sampling oracle and the validity rules on real hazard data, with all its dirt.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use geo::Geometry;
use refugia::catalog::{Region, Role, Shape};

use super::{layers::hazard, sampling::check};

fn zones(path: &PathBuf) -> Vec<Geometry<f64>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let collection: geojson::FeatureCollection = text.parse::<geojson::GeoJson>().unwrap().try_into().unwrap();
    let geometries = collection.features.into_iter().filter_map(|feature| feature.geometry);
    geometries
        .map(|geometry| Geometry::try_from(geometry).unwrap())
        .collect()
}

#[test]
fn real_hazard_zones_are_drawn_where_they_are() {
    let Ok(data) = env::var("REFUGIA_TEST_DATA") else {
        assert!(
            env::var("CI").is_err(),
            "REFUGIA_TEST_DATA must name the folder of test data"
        );
        println!("skipped: REFUGIA_TEST_DATA is not set");
        return;
    };
    // Samples fall with the size of the features, because the plain side looks at every vertex.
    let files = [
        ("fukuoka_tsunami", 14, 400),
        ("fukuoka_sediment", 14, 400),
        ("taipei_village", 14, 400),
        ("puerto_princesa_flood", 13, 150),
        ("puerto_princesa_landslide", 13, 60),
    ];
    for (name, deepest, samples) in files {
        let geometries = zones(&PathBuf::from(&data).join(format!("hazards/{name}.geojson")));
        let zones = geometries.into_iter().map(|geometry| (geometry, 1)).collect();
        let hits = check(&hazard("real", (4, deepest), zones), samples, 5);
        assert!(hits > 15, "{name}: {hits}");
    }
}

/// The pack that comes with the software: every area of it, at every zoom.
#[test]
fn the_fujian_pack_is_drawn_where_it_is() {
    let region = Region::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/fujian"))).unwrap();
    let mut zones = 0;
    for layer in region.layers.iter().filter(|layer| layer.shape() == Shape::Polygon) {
        let hits = check(layer, 40, 8);
        assert!(hits > 0, "{}", layer.id());
        zones += usize::from(layer.role() == Role::HazardZone);
    }
    assert!(zones >= 6, "{zones} hazard layers");
}
