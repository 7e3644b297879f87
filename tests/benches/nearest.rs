//! Nearest points and nearest shelters, on seeded data the size of a county, a province and a country.

#![allow(missing_docs, clippy::expect_used)]

mod generate;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use generate::{REGION, Random, ShelterRow, hazard_layer, shelter_layer, towns, zones};
use refugia::{
    catalog::HazardKind,
    geometry::{LonLat, geodesic},
    hazards::Hazards,
    index::{ALL_LABELS, Point, Points},
    shelters::{NearestQuery, Shelters},
};

/// Queries in turn, so that no answer is still in the processor's cache.
fn queries(random: &mut Random, points: &[LonLat]) -> Vec<LonLat> {
    let near = |random: &mut Random| {
        let town = random.one_of(points);
        generate::position(
            town.lon() + random.between(-0.03, 0.03),
            town.lat() + random.between(-0.03, 0.03),
        )
    };
    (0..8_192).map(|_| near(random)).collect()
}

fn nearest_points(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("nearest 5 points");
    for count in [200, 20_000, 1_000_000] {
        let mut random = Random::new(11);
        let positions = towns(&mut random, count, REGION);
        let queries = queries(&mut random, &positions);
        let point = |(payload, position)| Point {
            position,
            labels: ALL_LABELS,
            payload,
        };
        let points: Points<u32> = (0..).zip(positions).map(point).collect();
        let mut turn = queries.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| {
                let from = *turn.next().expect("endless");
                points
                    .nearest(from, ALL_LABELS)
                    .take(5)
                    .map(|found| found.distance.0)
                    .sum::<f64>()
            });
        });
    }
    group.finish();
}

fn build_points(criterion: &mut Criterion) {
    let positions = towns(&mut Random::new(11), 20_000, REGION);
    let point = |(payload, position): (u32, &LonLat)| Point {
        position: *position,
        labels: ALL_LABELS,
        payload,
    };
    criterion.bench_function("build 20000 points", |bencher| {
        bencher.iter(|| (0..).zip(&positions).map(point).collect::<Points<u32>>());
    });
}

fn one_geodesic(criterion: &mut Criterion) {
    let mut random = Random::new(12);
    let pairs: Vec<_> = (0..4_096)
        .map(|_| (random.position(REGION), random.position(REGION)))
        .collect();
    let mut turn = pairs.iter().cycle();
    criterion.bench_function("one geodesic", |bencher| {
        bencher.iter(|| {
            let (from, to) = *turn.next().expect("endless");
            geodesic::distance(from, to)
        });
    });
}

/// 20 000 shelters and 2 000 flood zones. Suitability is `suits`, or that with rare exceptions.
fn shelters(suits: &[&'static str]) -> (Shelters, Vec<LonLat>) {
    let mut random = Random::new(13);
    let positions = towns(&mut random, 20_000, REGION);
    let queries = queries(&mut random, &positions);
    let row = |(index, position): (usize, &LonLat)| ShelterRow {
        id: format!("{index:05}"),
        position: *position,
        status: random.one_of(&["open", "standby", "unknown", "closed"]),
        suits: [random.one_of(suits); 2],
    };
    let rows: Vec<ShelterRow> = positions.iter().enumerate().map(row).collect();
    let shapes = zones(&mut Random::new(14), 2_000, REGION);
    let ranks = vec![3; shapes.len()];
    let layers = [
        shelter_layer("shelters", &rows),
        hazard_layer("flood", HazardKind::Flood, 4, shapes, &ranks),
    ];
    (Shelters::build(&layers, &Hazards::build(&layers)), queries)
}

fn nearest_shelters(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("nearest 3 of 20000 shelters");
    let most_refused: Vec<&str> = std::iter::once("yes").chain(["no"; 999]).collect();
    for (name, suits, hazard) in [
        ("any hazard", &["yes", "no", "unknown"][..], None),
        ("flood", &["yes", "no", "unknown"][..], Some(HazardKind::Flood)),
        (
            "flood, one in a thousand suited",
            &most_refused[..],
            Some(HazardKind::Flood),
        ),
        ("flood, none suited", &["no"][..], Some(HazardKind::Flood)),
    ] {
        let (shelters, queries) = shelters(suits);
        let mut turn = queries.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let position = *turn.next().expect("endless");
                black_box(shelters.nearest(&NearestQuery {
                    position,
                    k: 3,
                    hazard,
                    include_closed: false,
                }))
                .found
                .len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, nearest_points, build_points, one_geodesic, nearest_shelters);
criterion_main!(benches);
