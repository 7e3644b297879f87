//! Areas and lines on the disk.

use geo::{BoundingRect, Coord, LineString, Polygon};
use refugia::tiles::{BUFFER, EXTENT};

use super::*;
use crate::tiles::coverage;

fn layer_of(role: &str, shape: Shape, geometries: &[Geometry<f64>]) -> (TileLayer, TileLayer, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    pack_of(dir.path(), role, shape, geometries);
    let (disk, memory) = both_of(&dir);
    (disk, memory, dir)
}

/// Cells of some ten kilometres that fill [`coverage::BOX`], neighbours sharing their borders.
fn parcels() -> Vec<Geometry<f64>> {
    coverage::make(5, 30, 2).into_iter().map(|(cell, _)| cell).collect()
}

fn square(lon: f64, lat: f64, side: f64) -> Geometry<f64> {
    let corner = |x, y| Coord {
        x: lon + x * side,
        y: lat + y * side,
    };
    let ring = LineString::new(vec![
        corner(0.0, 0.0),
        corner(1.0, 0.0),
        corner(1.0, 1.0),
        corner(0.0, 1.0),
        corner(0.0, 0.0),
    ]);
    Polygon::new(ring, Vec::new()).into()
}

fn all(lon: f64, lat: f64, zooms: impl IntoIterator<Item = u8>) -> Vec<TileCoord> {
    zooms
        .into_iter()
        .map(|zoom| TileCoord::containing(Mercator::project(lon, lat), zoom))
        .collect()
}

/// Features by their numbers, whatever their order.
fn by_id(features: Vec<Feature>) -> BTreeMap<u64, Feature> {
    features.into_iter().map(|feature| (feature.id, feature)).collect()
}

#[test]
fn a_tile_that_holds_the_whole_layer_is_that_of_the_same_layer_in_memory() {
    let lines = parcels().into_iter().map(|cell| {
        let (mut line, _) = Polygon::try_from(cell).unwrap().into_inner();
        line.0.pop();
        Geometry::from(line)
    });
    for (shape, geometries) in [(Shape::Polygon, parcels()), (Shape::Line, lines.collect())] {
        let (disk, memory, _dir) = layer_of("reference", shape, &geometries);
        // Each cell is some pixels wide.
        for tile in all(118.5, 25.5, [5]) {
            let (on_disk, in_memory) = (by_id(features(&disk, tile)), by_id(features(&memory, tile)));
            assert!(in_memory.len() > 500, "{tile} {shape:?}: {}", in_memory.len());
            assert!(on_disk == in_memory, "{tile} {shape:?}");
        }
    }
}

#[test]
fn the_deepest_zoom_is_that_of_the_same_layer_in_memory_buffers_included() {
    let (disk, memory, _dir) = layer_of("reference", Shape::Polygon, &parcels());
    let mut seen = 0;
    for corner in 0..20 {
        let step = f64::from(corner) * 0.13;
        for tile in all(117.2 + step, 24.2 + step, [12]) {
            let (on_disk, in_memory) = (by_id(features(&disk, tile)), by_id(features(&memory, tile)));
            assert!(on_disk == in_memory, "{tile}");
            seen += on_disk.len();
        }
    }
    assert!(seen > 40, "{seen}");
}

/// Shared borders keep the same vertices in a tile, so that what fills the ground fills every tile to the unit.
#[test]
fn neighbours_leave_no_gap_at_any_zoom() {
    let (disk, _, _dir) = layer_of("reference", Shape::Polygon, &parcels());
    let side = f64::from(EXTENT + 2 * BUFFER);
    for tile in all(118.6, 25.4, 8..=12) {
        let area: f64 = features(&disk, tile).iter().map(Feature::area).sum();
        assert!((area - side * side).abs() < 1e-9 * side * side, "{tile}: {area}");
    }
}

#[test]
fn what_is_smaller_than_a_pixel_is_a_dot_that_says_for_how_many_it_stands() {
    // 10 000 houses of 20 m, 40 m apart, and a lake beside them.
    let houses = (0..10_000).map(|n| {
        square(
            119.0 + f64::from(n % 100) * 0.0004,
            26.0 + f64::from(n / 100) * 0.0004,
            0.0002,
        )
    });
    let geometries: Vec<Geometry<f64>> = houses.chain([square(119.05, 26.0, 0.02)]).collect();
    let (disk, _, _dir) = layer_of("reference", Shape::Polygon, &geometries);
    for tile in all(119.02, 26.02, 0..=12) {
        let shown = features(&disk, tile);
        let bounds = |feature: &Feature| feature.polygons().bounding_rect().unwrap();
        let is_lake = |feature: &Feature| feature.properties["id"] == "C10000";
        let lake = shown.iter().find(|feature| is_lake(feature));
        let is_lake_large = tile.z() >= 8;
        assert!(!is_lake_large || lake.is_some_and(|lake| count(lake) == 1), "{tile}");
        if tile.z() <= 9 {
            let counted: u64 = shown.iter().map(count).sum();
            assert_eq!(counted, 10_001, "{tile}");
            let houses = shown.iter().filter(|feature| !is_lake(feature));
            assert!(
                houses
                    .clone()
                    .all(|house| bounds(house).width() <= 8.0 && bounds(house).height() <= 8.0),
                "{tile}"
            );
            assert!(houses.count() > 0 || tile.z() < 6, "{tile}");
        }
    }
}

/// What decides where people go never hangs on the disk.
#[test]
fn zones_and_areas_of_facilities_are_held_in_memory_whatever_their_size() {
    for role in ["facility", "chemical_park"] {
        let dir = tempfile::tempdir().unwrap();
        pack_of(dir.path(), role, Shape::Polygon, &[square(119.0, 26.0, 0.01)]);
        let region = Region::load_leaving(dir.path(), 0).unwrap();
        assert_eq!((region.layers.len(), region.disk_layers.len()), (1, 0), "{role}");
    }
}
