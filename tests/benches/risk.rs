//! Zones over a point: many zones of ordinary size, and one of very many vertices.

#![allow(missing_docs, clippy::expect_used)]

mod generate;

use criterion::{Criterion, criterion_group, criterion_main};
use generate::{REGION, Random, coast, hazard_layer, zones};
use geo_types::{Coord, Geometry, Polygon};
use refugia::{catalog::HazardKind, geometry::LonLat, hazards::Hazards};

fn many_zones(criterion: &mut Criterion) {
    let mut random = Random::new(21);
    let shapes = zones(&mut random, 50_000, REGION);
    let ranks: Vec<u8> = shapes.iter().map(|_| 1 + random.below(4) as u8).collect();
    let layer = hazard_layer("flood", HazardKind::Flood, 4, shapes, &ranks);
    let hazards = Hazards::build(std::slice::from_ref(&layer));
    let queries: Vec<LonLat> = (0..8_192).map(|_| random.position(REGION)).collect();
    let over: usize = queries.iter().map(|at| hazards.at(*at).len()).sum();
    let mut turn = queries.iter().cycle();
    let name = format!(
        "risk in 50000 zones of 30 to 200 vertices, {:.1} over a point",
        over as f64 / 8_192.0
    );
    criterion.bench_function(&name, |bencher| {
        bencher.iter(|| hazards.at(*turn.next().expect("endless")).len());
    });
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10);
    group.bench_function("50000 zones", |bencher| {
        bencher.iter(|| Hazards::build(std::slice::from_ref(&layer)));
    });
    group.finish();
}

fn monster(criterion: &mut Criterion) {
    let mut random = Random::new(22);
    let middle = Coord { x: 118.0, y: 26.0 };
    let shape = Geometry::Polygon(Polygon::new(coast(&mut random, middle, 1.4, 174_000), Vec::new()));
    let hazards = Hazards::build(&[hazard_layer("flood", HazardKind::Flood, 1, vec![shape], &[1])]);
    let queries: Vec<LonLat> = (0..8_192)
        .map(|_| random.position([116.0, 24.0, 120.0, 28.0]))
        .collect();
    let mut turn = queries.iter().cycle();
    criterion.bench_function("risk in one zone of 174000 vertices", |bencher| {
        bencher.iter(|| hazards.at(*turn.next().expect("endless")).len());
    });
}

criterion_group!(benches, many_zones, monster);
criterion_main!(benches);
