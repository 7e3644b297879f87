//! Nearest points against a scan over all geodesics.

use std::f64::consts::TAU;

use proptest::prelude::*;
use refugia::{
    geometry::{LonLat, geodesic},
    index::{ALL_LABELS, Labels, Point, Points},
};

use crate::generate::{REGION, Random, position, towns};

/// Sets times queries: 100 000 queries in all.
const SETS: usize = 2_000;
const QUERIES: usize = 50;

/// The plain oracle: every distance, sorted, ties by payload.
fn scan(points: &[Point<u32>], from: LonLat, labels: Labels) -> Vec<(f64, u32, f64)> {
    let mut all: Vec<_> = points
        .iter()
        .filter(|point| point.labels & labels != 0)
        .map(|point| {
            let (distance, bearing) = geodesic::distance_and_bearing(from, point.position);
            (distance.0, point.payload, bearing)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    all
}

/// Asserts that the first `k` are the same: payloads, order, distances and bearings.
fn check(points: &[Point<u32>], index: &Points<u32>, from: LonLat, labels: Labels, k: usize) {
    let found: Vec<_> = index.nearest(from, labels).take(k).collect();
    let wanted = scan(points, from, labels);
    assert_eq!(found.len(), wanted.len().min(k));
    for (rank, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
        assert_eq!(
            found.payload, wanted.1,
            "from {from}, rank {rank}: {found:?}, wanted {wanted:?}"
        );
        let off = (found.distance.0 - wanted.0).abs();
        assert!(
            off <= 1e-8 * wanted.0 + 5e-8,
            "from {from}: {found:?}, wanted {wanted:?}"
        );
        let turn = (found.bearing_deg - wanted.2 + 540.0).rem_euclid(360.0) - 180.0;
        assert!(
            turn.abs() <= 2e-5 + 1e-5 / wanted.0,
            "from {from}: {found:?}, wanted {wanted:?}"
        );
        assert!((0.0..360.0).contains(&found.bearing_deg), "from {from}: {found:?}");
        if rank % 7 == 3 {
            assert_eq!(index.count_nearer(from, labels, found), rank, "from {from}: {found:?}");
        }
    }
}

/// Points of one of several kinds: everywhere, in a town, at a pole, across the antimeridian, on a lattice where
/// distances tie, on top of each other.
fn some_points(random: &mut Random) -> Vec<Point<u32>> {
    let (kind, count) = (random.below(7), 1 + random.below(60));
    let (middle, reach) = (random.on_globe(), 10_f64.powf(random.between(-5.0, 1.5)));
    let mut positions: Vec<LonLat> = (0..count)
        .map(|_| {
            let (x, y) = (random.between(-reach, reach), random.between(-reach, reach));
            match kind {
                0 => random.on_globe(),
                1 => position(middle.lon() + x, middle.lat() + y),
                2 => position(random.between(-180.0, 180.0), random.one_of(&[90.0, -90.0]) + y),
                3 => position(random.one_of(&[180.0, -180.0]) + x, middle.lat()),
                4 => position(
                    f64::from(random.below(9) as u8) * 45.0,
                    f64::from(random.below(5) as u8) * 45.0 - 90.0,
                ),
                5 => position(middle.lon() + x.signum(), middle.lat() + y.signum()),
                _ => position(-180.0 + 360.0 * random.below(2) as f64, random.below(3) as f64),
            }
        })
        .collect();
    for _ in 0..random.below(4) {
        positions.push(random.one_of(&positions));
    }
    labelled(random, positions)
}

/// Gives every point a payload in mixed order and some of three labels.
fn labelled(random: &mut Random, positions: Vec<LonLat>) -> Vec<Point<u32>> {
    let mut payloads: Vec<u32> = (0..positions.len() as u32).collect();
    for index in (1..payloads.len()).rev() {
        payloads.swap(index, random.below(index + 1));
    }
    let labels = |random: &mut Random| random.one_of(&[ALL_LABELS, 0b001, 0b010, 0b011, 0b100, 0]);
    let point = |(position, payload)| Point {
        position,
        labels: labels(random),
        payload,
    };
    positions.into_iter().zip(payloads).map(point).collect()
}

/// From one of the points, near one, from its antipodes, from a pole, the antimeridian, or anywhere.
fn some_query(random: &mut Random, points: &[Point<u32>]) -> LonLat {
    let at = random.one_of(points).position;
    let (angle, reach) = (random.between(0.0, TAU), 10_f64.powf(random.between(-9.0, 1.0)));
    match random.below(8) {
        0 => at,
        1..=3 => position(at.lon() + reach * angle.cos(), at.lat() + reach * angle.sin()),
        4 => position(at.lon() + 180.0 + random.one_of(&[0.0, reach]), -at.lat()),
        5 => position(at.lon(), random.one_of(&[90.0, -90.0])),
        6 => position(random.one_of(&[180.0, -180.0]), at.lat()),
        _ => random.on_globe(),
    }
}

#[test]
fn a_hundred_thousand_queries_agree_with_a_scan() {
    let mut random = Random::new(1);
    for _ in 0..SETS {
        let points = some_points(&mut random);
        let index: Points<u32> = points.iter().copied().collect();
        for _ in 0..QUERIES {
            let from = some_query(&mut random, &points);
            let labels = random.one_of(&[ALL_LABELS, 0b001, 0b010, 0b101, 1 << 100]);
            check(&points, &index, from, labels, 1 + random.below(12));
        }
    }
}

#[test]
fn queries_of_a_whole_province_agree_with_a_scan() {
    let mut random = Random::new(2);
    let positions = towns(&mut random, 20_000, REGION);
    let points = labelled(&mut random, positions);
    let index: Points<u32> = points.iter().copied().collect();
    assert_eq!(index.len(), 20_000);
    for _ in 0..60 {
        check(
            &points,
            &index,
            random.position(REGION),
            random.one_of(&[ALL_LABELS, 0b001]),
            50,
        );
        check(&points, &index, some_query(&mut random, &points), ALL_LABELS, 5);
    }
}

#[test]
fn no_points_have_no_nearest() {
    let none: Points<u32> = Points::default();
    assert!(none.is_empty());
    assert_eq!(none.nearest(position(0.0, 0.0), ALL_LABELS).count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Coordinates where formulas break: poles, antimeridian, equator, zero, and neighbours of them.
    #[test]
    fn edges_of_the_globe_agree_with_a_scan(
        places in prop::collection::vec((edge(180.0), edge(90.0)), 1..40),
        from in (edge(180.0), edge(90.0)),
        k in 1_usize..45,
    ) {
        let points: Vec<_> = places
            .into_iter()
            .enumerate()
            .map(|(index, (lon, lat))| Point { position: position(lon, lat), labels: ALL_LABELS, payload: index as u32 })
            .collect();
        let index: Points<u32> = points.iter().copied().collect();
        check(&points, &index, position(from.0, from.1), ALL_LABELS, k);
    }
}

fn edge(limit: f64) -> impl Strategy<Value = f64> {
    let special = prop::sample::select(vec![0.0, -0.0, limit, -limit, limit / 2.0, -limit / 2.0, 1.0, -1.0]);
    let nudge = prop_oneof![3 => Just(0.0), 1 => -1e-9..1e-9, 1 => -1e-4..1e-4];
    prop_oneof![
        3 => (special, nudge).prop_map(move |(value, nudge)| (value + nudge).clamp(-limit, limit)),
        1 => -limit..=limit,
    ]
}
