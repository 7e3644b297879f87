//! A layer that stays on the disk: what its tiles show against the same layer in memory, and against a plain count.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use geo::{Geometry, Point};
use proptest::prelude::*;
use refugia::{
    catalog::{Field, FieldKind, RawValue, Region, Shape, fgb::Writer},
    geometry::Mercator,
    tiles::{Encoding, MAX_TILE_BYTES, TileCoord, TileLayer, render},
};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::decode::{Feature, decode};

mod shapes;

/// Points of a layer in a tile at most.
const MOST: usize = 4096;

/// A pack whose only layer holds facilities at some points.
fn pack(dir: &Path, points: &[(f64, f64)]) {
    let points = points.iter().map(|&(lon, lat)| Point::new(lon, lat).into());
    pack_of(dir, "facility", Shape::Point, &points.collect::<Vec<_>>());
}

/// A pack with one layer, named by its content as an import names it.
fn pack_of(dir: &Path, role: &str, shape: Shape, geometries: &[Geometry<f64>]) {
    let fields = [("code", FieldKind::Text), ("people", FieldKind::Int)].map(|(name, kind)| Field {
        name: name.to_owned(),
        kind,
    });
    let mut writer = Writer::new("census", fields.to_vec(), shape).unwrap();
    for (number, geometry) in geometries.iter().enumerate() {
        let values = [
            Some(RawValue::Text(format!("C{number}").into())),
            (number % 3 > 0).then_some(RawValue::Int(number as i64)),
        ];
        writer.push(geometry, values).unwrap();
    }
    let path = dir.join("census.fgb");
    writer.finish(fs::File::create(&path).unwrap()).unwrap();
    let hash = xxh3_64(&fs::read(&path).unwrap());
    let file = format!("census-{hash:016x}.fgb");
    fs::rename(path, dir.join(&file)).unwrap();
    let manifest = format!(
        "format = 1\nid = \"r\"\nnames = {{ zh = \"区\", en = \"R\" }}\nbbox = [115.0, 23.0, 121.0, 29.0]\n\
         time_zone = \"Asia/Shanghai\"\n[[layer]]\nid = \"census\"\nrole = \"{role}\"\n\
         names = {{ zh = \"普查\", en = \"Census\" }}\nfile = \"{file}\"\nsource = \"s\"\nlicence = \"l\"\n\
         vintage = \"2026\"\nsynthetic = true\nzoom = {{ min = 0, max = 12 }}\n[layer.attributes]\nid = \"code\"\n"
    );
    fs::write(dir.join("region.toml"), manifest).unwrap();
}

/// The same points on the disk and in memory.
fn both(points: &[(f64, f64)]) -> (TileLayer, TileLayer, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    pack(dir.path(), points);
    let (disk, memory) = both_of(&dir);
    (disk, memory, dir)
}

/// The only layer of a pack on the disk and in memory.
fn both_of(dir: &tempfile::TempDir) -> (TileLayer, TileLayer) {
    let on_disk = Region::load_leaving(dir.path(), 0).unwrap();
    assert!(on_disk.layers.is_empty());
    let disk = TileLayer::build_on_disk(Arc::clone(&on_disk.disk_layers[0])).unwrap();
    let in_memory = Region::load_leaving(dir.path(), u64::MAX).unwrap();
    assert_eq!(on_disk.disk_layers[0].version(), in_memory.layers[0].version());
    assert_eq!(on_disk.disk_layers[0].bbox(), in_memory.layers[0].bbox());
    let memory = TileLayer::build(Arc::clone(&in_memory.layers[0]));
    assert_eq!(disk.shape(), memory.shape());
    (disk, memory)
}

fn features(layer: &TileLayer, tile: TileCoord) -> Vec<Feature> {
    let layers = decode(&render(&[layer], tile, Encoding::Mvt).unwrap());
    layers.into_iter().next().map_or_else(Vec::new, |layer| layer.features)
}

/// A feature's properties and place.
type Told = (BTreeMap<String, Value>, Vec<(i32, i32)>);

/// How many features a feature stands for.
fn count(feature: &Feature) -> u64 {
    feature
        .properties
        .get("count")
        .map_or(1, |count| count.as_u64().unwrap())
}

fn tiles_over(points: &[(f64, f64)], zoom: u8) -> Vec<TileCoord> {
    let project = |(lon, lat): &(f64, f64)| Mercator::project(*lon, *lat);
    let mut tiles: Vec<TileCoord> = points
        .iter()
        .map(|point| TileCoord::containing(project(point), zoom))
        .collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_point_is_shown_or_counted_once(
        points in prop::collection::vec((115.0..121.0, 23.0..29.0), 1..200),
        zoom in 0_u8..=12,
    ) {
        let (disk, _, _dir) = both(&points);
        let tiles = tiles_over(&points, zoom);
        let counted: u64 = tiles.iter().flat_map(|tile| features(&disk, *tile)).map(|feature| count(&feature)).sum();
        prop_assert_eq!(counted, points.len() as u64);
    }
}

#[test]
fn the_deepest_zoom_is_that_of_the_same_layer_in_memory() {
    let points: Vec<(f64, f64)> = (0..500)
        .map(|n| (118.0 + f64::from(n % 25) * 0.01, 26.0 + f64::from(n / 25) * 0.01))
        .collect();
    let (disk, memory, _dir) = both(&points);
    let mut seen = 0;
    for tile in tiles_over(&points, 12) {
        let of = |layer: &TileLayer| -> BTreeMap<u64, Told> {
            let place = |feature: &Feature| feature.paths.iter().flatten().map(|at| (at.x, at.y)).collect();
            let features = features(layer, tile).into_iter();
            features
                .map(|feature| (feature.id, (feature.properties.clone(), place(&feature))))
                .collect()
        };
        let (on_disk, in_memory) = (of(&disk), of(&memory));
        seen += on_disk.len();
        // In memory the points of the buffer are there, too.
        for (id, feature) in on_disk {
            assert_eq!(in_memory.get(&id), Some(&feature), "{tile} {id}");
        }
    }
    assert_eq!(seen, points.len());
}

#[test]
fn a_crowd_stays_within_the_bounds_of_a_tile() {
    let points: Vec<(f64, f64)> = (0..60_000)
        .map(|n| (117.0 + f64::from(n % 300) * 0.004, 25.0 + f64::from(n / 300) * 0.004))
        .collect();
    let (disk, ..) = both(&points);
    for zoom in 0..=12 {
        for tile in tiles_over(&points[..1], zoom) {
            let bytes = render(&[&disk], tile, Encoding::Mvt).unwrap();
            assert!(bytes.len() <= MAX_TILE_BYTES, "{tile}: {} bytes", bytes.len());
            let features = features(&disk, tile);
            assert!(
                !features.is_empty() && features.len() <= MOST,
                "{tile}: {}",
                features.len()
            );
        }
    }
}

#[test]
fn a_file_changed_after_its_import_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    pack(dir.path(), &[(119.0, 26.0), (119.1, 26.0)]);
    let file = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let file = file
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "fgb"))
        .unwrap();
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, bytes).unwrap();
    let faults = Region::load_leaving(dir.path(), 0).unwrap_err();
    assert!(faults.to_string().contains("import the layer again"), "{faults}");
}

#[test]
fn a_file_that_no_import_named_is_held_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    pack(dir.path(), &[(119.0, 26.0)]);
    let manifest = fs::read_to_string(dir.path().join("region.toml")).unwrap();
    let file = manifest
        .lines()
        .find_map(|line| line.strip_prefix("file = "))
        .unwrap()
        .trim_matches('"')
        .to_owned();
    fs::rename(dir.path().join(&file), dir.path().join("census.fgb")).unwrap();
    fs::write(dir.path().join("region.toml"), manifest.replace(&file, "census.fgb")).unwrap();
    let region = Region::load_leaving(dir.path(), 0).unwrap();
    assert_eq!((region.layers.len(), region.disk_layers.len()), (1, 0));
}
