//! Every polygon of every tile is what MVT 2.1 calls valid, and neighbours neither gap nor overlap.

use geo::{Area, BooleanOps, Coord, Geometry, LineString, MultiPolygon, Polygon, Validation, unary_union};
use proptest::prelude::*;
use refugia::tiles::{BUFFER, EXTENT, Encoding, TileCoord, TileLayer, render};

use super::{
    coverage,
    decode::{Layer, decode, doubled_area},
    layers::{Random, hazard},
    sampling::{tile_at, tiles_over},
};

/// Panics at the first thing that the specification does not allow.
pub(crate) fn assert_valid(layers: &[Layer], context: &str) {
    for feature in layers.iter().flat_map(|layer| &layer.features) {
        let context = format!("{context}, feature {}", feature.id);
        let window = -BUFFER..=EXTENT + BUFFER;
        for path in &feature.paths {
            assert!(
                path.iter().all(|at| window.contains(&at.x) && window.contains(&at.y)),
                "{context}: outside"
            );
            let repeated = |path: &[Coord<i32>]| path.windows(2).any(|pair| pair[0] == pair[1]);
            assert!(
                feature.kind == 1 || !repeated(path),
                "{context}: a segment without length"
            );
            if feature.kind == 2 {
                assert!(path.len() >= 2, "{context}: a line without a segment");
            }
            if feature.kind == 3 {
                assert!(
                    path.len() >= 3 && doubled_area(path) != 0,
                    "{context}: a ring without area"
                );
                assert_ne!(path.first(), path.last(), "{context}: a ring repeats its first vertex");
            }
        }
        if feature.kind == 3
            && let Err(error) = feature.polygons().check_validation()
        {
            panic!("{context}: {error}\n{:?}", feature.paths);
        }
    }
}

fn assert_tile_valid(layer: &TileLayer, tile: TileCoord) {
    assert_valid(
        &decode(&render(&[layer], tile, Encoding::Mvt).unwrap()),
        &tile.to_string(),
    );
}

/// A star-shaped ring around a centre; jagged enough that rounding and simplifying break it now and then.
fn star(random: &mut Random, centre: Coord<f64>, radius: f64, vertices: usize, is_reversed: bool) -> LineString<f64> {
    let mut coords: Vec<Coord<f64>> = (0..vertices)
        .map(|index| {
            let angle = index as f64 / vertices as f64 * std::f64::consts::TAU;
            let radius = radius * random.between(0.05, 1.0);
            Coord {
                x: centre.x + radius * angle.cos(),
                y: centre.y + radius * angle.sin() * 0.9,
            }
        })
        .collect();
    if is_reversed {
        coords.reverse();
    }
    let mut ring = LineString::new(coords);
    ring.close();
    ring
}

fn random_polygons(seed: u64, spread: f64) -> Vec<(Geometry<f64>, u8)> {
    let mut random = Random(seed | 1);
    (0..12)
        .map(|_| {
            let parts = 1 + (random.unit() * 3.0) as usize;
            let polygons = (0..parts).map(|_| {
                let centre = Coord {
                    x: random.between(118.0, 118.0 + spread),
                    y: random.between(25.0, 25.0 + spread),
                };
                let radius = spread * random.between(0.002, 0.6);
                let (vertices, is_reversed) = (3 + (random.unit() * 80.0) as usize, random.unit() < 0.5);
                let exterior = star(&mut random, centre, radius, vertices, is_reversed);
                let hole = star(&mut random, centre, radius * 0.04, 12, is_reversed);
                Polygon::new(exterior, vec![hole])
            });
            (
                MultiPolygon::new(polygons.collect()).into(),
                1 + (random.unit() * 4.0) as u8,
            )
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn jagged_polygons_come_out_valid(seed in any::<u64>(), zoom in 0_u8..=14, spread in 0.001..2.0, x in 0.0..1.0, y in 0.0..1.0) {
        let layer = TileLayer::build(hazard("flood", (0, 14), random_polygons(seed, spread)));
        assert_tile_valid(&layer, tile_at(118.0 + x * spread, 25.0 + y * spread, zoom));
    }
}

#[test]
fn a_coverage_comes_out_valid_at_all_zooms() {
    let layer = TileLayer::build(hazard("flood", (0, 12), coverage::make(7, 12, 5)));
    for zoom in 0..=12 {
        for tile in tiles_over(coverage::BOX, zoom)
            .into_iter()
            .step_by(1 + usize::from(zoom > 9) * 30)
        {
            assert_tile_valid(&layer, tile);
        }
    }
}

/// Inside the coverage the zones' areas add up to the window's, and so does their union's: no gaps, no overlaps.
#[test]
fn neighbours_neither_gap_nor_overlap() {
    let layer = TileLayer::build(hazard("flood", (0, 12), coverage::make(11, 12, 6)));
    let side = f64::from(EXTENT + 2 * BUFFER);
    let mut checked = 0;
    for zoom in 9..=12 {
        for tile in tiles_over([118.0, 25.0, 119.0, 26.0], zoom)
            .into_iter()
            .step_by(1 + usize::from(zoom > 10) * 8)
        {
            let decoded = decode(&render(&[&layer], tile, Encoding::Mvt).unwrap());
            let zones: Vec<MultiPolygon<f64>> = decoded[0]
                .features
                .iter()
                .map(super::decode::Feature::polygons)
                .collect();
            let sum: f64 = zones.iter().map(Area::unsigned_area).sum();
            let union = unary_union(zones.iter()).unsigned_area();
            // Where a simplified border crosses itself its neighbours part by less than a pixel over a few units.
            let slack = side * side * 2e-5;
            assert!(
                (sum - side * side).abs() < slack,
                "{tile}: areas sum to {sum} of {}",
                side * side
            );
            assert!(
                (union - side * side).abs() < slack,
                "{tile}: union {union} of {}",
                side * side
            );
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn a_polygon_cut_at_the_antimeridian_has_no_seam() {
    let half = |west: f64, east: f64| {
        Polygon::new(
            LineString::from(vec![(west, -10.0), (east, -10.0), (east, 10.0), (west, 10.0)]),
            Vec::new(),
        )
    };
    let fiji = MultiPolygon::new(vec![half(170.0, 180.0), half(-180.0, -170.0)]);
    let layer = TileLayer::build(hazard("flood", (0, 8), vec![(fiji.into(), 1)]));
    for (x, zoom) in [(0, 2), (3, 2), (0, 6), (63, 6)] {
        let tile = TileCoord::new(zoom, x, 1 << (zoom - 1)).unwrap();
        let decoded = decode(&render(&[&layer], tile, Encoding::Mvt).unwrap());
        assert_valid(&decoded, &tile.to_string());
        let polygons = decoded[0].features[0].polygons();
        assert_eq!(polygons.0.len(), 1, "{tile}: the halves are joined across the edge");
        let over_the_edge = Polygon::new(
            LineString::from(if x == 0 {
                vec![(-64., 0.), (64., 0.), (64., 64.), (-64., 64.)]
            } else {
                vec![(4032., 0.), (4160., 0.), (4160., 64.), (4032., 64.)]
            }),
            Vec::new(),
        );
        assert_eq!(
            polygons.intersection(&over_the_edge).unsigned_area(),
            128.0 * 64.0,
            "{tile}"
        );
    }
}
