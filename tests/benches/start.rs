//! From files to answers: how long a start takes and how much memory the world needs.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::{hint::black_box, path::Path, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use refugia::{http::resident_bytes, world::World};

fn start(criterion: &mut Criterion) {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fujian");
    let before = resident_bytes();
    let world = World::load(&pack).unwrap();
    world.prepare_tiles();
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        println!(
            "start/memory: {} features, {} MiB",
            world.feature_count(),
            after.saturating_sub(before) >> 20
        );
    }
    drop(world);
    let mut group = criterion.benchmark_group("start");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("load data/fujian", |bencher| {
        bencher.iter(|| World::load(black_box(&pack)).unwrap());
    });
    group.bench_function("load data/fujian, with its tiles prepared", |bencher| {
        bencher.iter(|| World::load(black_box(&pack)).unwrap().prepare_tiles());
    });
    group.finish();
}

criterion_group!(benches, start);
criterion_main!(benches);
