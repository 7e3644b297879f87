//! Tiles cold, by zoom, and warm from the cache: over a coverage of 50 000 zones with 30 to 200 vertices each, and over
//! the hazard layers of the Fujian pack joined.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first slip and reports on the terminal"
)]

use std::{cell::Cell, hint::black_box, path::Path, sync::Arc, time::Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use geo::CoordsIter;
use refugia::{
    catalog::{Layer, Region, Role},
    coding::{ContentCoding, Effort},
    geometry::Mercator,
    tiles::{Encoding, TileCache, TileCoord, TileLayer, render},
};

#[path = "../oracle/tiles/coverage.rs"]
mod coverage;
#[path = "../oracle/tiles/layers.rs"]
#[expect(dead_code, reason = "shared with the oracle tests, which use all of it")]
mod layers;

/// Random tiles over a box of degrees; the same on every run.
fn tiles([west, south, east, north]: [f64; 4], zoom: u8) -> Vec<TileCoord> {
    let mut random = layers::Random(u64::from(zoom) + 1);
    (0..64)
        .map(|_| {
            let (lon, lat) = (random.between(west, east), random.between(south, north));
            TileCoord::containing(Mercator::project(lon, lat), zoom)
        })
        .collect()
}

/// Prepares layers and says how long that took.
fn build(name: &str, sources: Vec<Arc<Layer>>) -> Vec<TileLayer> {
    let features: usize = sources.iter().map(|layer| layer.len()).sum();
    let geometries = sources.iter().flat_map(|layer| layer.geometries());
    let vertices: usize = geometries.map(CoordsIter::coords_count).sum();
    let start = Instant::now();
    let layers = sources.into_iter().map(TileLayer::build).collect();
    println!(
        "{name}: {features} features, {vertices} vertices, built in {:?}",
        start.elapsed()
    );
    layers
}

/// Bytes on average in every coding, at the levels the cache uses.
fn sizes(layers: &[&TileLayer], tiles: &[TileCoord], encoding: Encoding) -> String {
    let rendered: Vec<Vec<u8>> = tiles
        .iter()
        .map(|tile| render(layers, *tile, encoding).unwrap())
        .collect();
    let of_coding = |coding: ContentCoding| {
        let bytes: usize = rendered
            .iter()
            .map(|tile| coding.encode(tile, Effort::Kept).len())
            .sum();
        format!("{} {}", coding.token(), bytes / rendered.len())
    };
    ContentCoding::ALL.map(of_coding).join(", ")
}

fn cold(criterion: &mut Criterion, name: &str, layers: &[&TileLayer], area: [f64; 4]) {
    let mut group = criterion.benchmark_group(name);
    for zoom in 5..=14 {
        let tiles = tiles(area, zoom);
        for encoding in Encoding::ALL {
            let name = encoding.as_str();
            println!("z{zoom} {name}: bytes on average {}", sizes(layers, &tiles, encoding));
            let next = Cell::new(0);
            group.bench_function(format!("z{zoom} {name}"), |bencher| {
                bencher.iter(|| {
                    next.set((next.get() + 1) % tiles.len());
                    black_box(render(layers, tiles[next.get()], encoding).unwrap())
                });
            });
        }
    }
    group.finish();
}

fn zones(criterion: &mut Criterion) {
    let layers = build(
        "zones",
        vec![layers::hazard("flood", (0, 14), coverage::make(1, 194, 5))],
    );
    let layers: Vec<&TileLayer> = layers.iter().collect();
    cold(criterion, "tile_cold", &layers, coverage::BOX);
    let cache = TileCache::new(256 << 20);
    let tile = tiles(coverage::BOX, 10)[0];
    criterion.bench_function("tile_warm", |bencher| {
        bencher.iter(|| black_box(cache.get(&layers, tile, Encoding::Mvt, ContentCoding::Gzip).unwrap()));
    });
    let rendered = render(&layers, tile, Encoding::Mlt).unwrap();
    let mut group = criterion.benchmark_group("tile_coding");
    for coding in ContentCoding::ALL {
        group.bench_function(coding.token(), |bencher| {
            bencher.iter(|| black_box(coding.encode(&rendered, Effort::Kept)));
        });
    }
    group.finish();
}

fn fujian(criterion: &mut Criterion) {
    let pack = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/fujian"));
    let region = Region::load(pack).unwrap();
    let hazards = region.layers.iter().filter(|layer| layer.role() == Role::HazardZone);
    let layers = build("fujian", hazards.map(Arc::clone).collect());
    let layers: Vec<&TileLayer> = layers.iter().collect();
    cold(criterion, "tile_fujian_cold", &layers, region.manifest.bbox.into());
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).without_plots();
    targets = zones, fujian
}
criterion_main!(benches);
