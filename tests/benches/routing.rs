//! Routing on a network of a province's size: building, new weights, routes, matrices, fields, reach.
//!
//! `REFUGIA_BENCH_NODES` sets the number of nodes; 300 000 where it is not set.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

#[path = "routing/province.rs"]
mod province;

use std::{
    env,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::Coord;
use jiff::Timestamp;
use province::{Draws, province};
use rayon::ThreadPoolBuilder;
use refugia::{
    geometry::LonLat,
    routing::{
        Area, Ask, Closure, ClosureId, Destinations, EffectTable, Field, Graph, Hierarchy, Levels, Mode, Network,
        Order, Place, Router, Scene, Situation, StretchId, Weights, area, matrix, reach,
        search::{
            Search,
            dijkstra::{Dijkstra, Direction},
        },
        snap::SNAP_LIMIT_M,
    },
    units::{Metres, Seconds},
};

struct Set {
    router: Router,
    free: Weights,
    effects: EffectTable,
    draws: Draws,
}

impl Set {
    fn new() -> Self {
        let nodes = env::var("REFUGIA_BENCH_NODES")
            .ok()
            .and_then(|nodes| nodes.parse().ok())
            .unwrap_or(300_000);
        let network = Arc::new(province(nodes, 1));
        let begin = Instant::now();
        let orders = Mode::ALL.map(|mode| Order::find(&Graph::build(&network, mode), &network));
        println!("orders of three modes: {:.1?}", begin.elapsed());
        let begin = Instant::now();
        let router = Router::build(Arc::clone(&network), &orders).unwrap();
        println!("router of three modes: {:.1?}", begin.elapsed());
        let hierarchy = router.hierarchy(Mode::Car);
        let (graph, bytes) = (hierarchy.graph(), hierarchy.memory_bytes());
        println!(
            "car: {} vertices, {} edges, {} arcs of the hierarchy, {} MB",
            graph.vertex_count(),
            graph.edge_count(),
            hierarchy.arc_count(),
            bytes / 1_000_000
        );
        let free = router.free(Mode::Car);
        Self {
            router,
            free,
            effects: EffectTable::parse("").unwrap(),
            draws: Draws::new(2),
        }
    }

    fn network(&self) -> &Arc<Network> {
        self.router.network()
    }

    fn place(&mut self) -> Place {
        loop {
            let stretch = StretchId(self.draws.below(self.router.network().stretch_count()) as u32);
            let islands = self.router.network().islands(Mode::Car);
            let main = self
                .router
                .network()
                .ends(stretch)
                .map(|node| islands.strong(node).is_some_and(|island| island.id == 0));
            if main == [true; 2] {
                return Place {
                    stretch,
                    fraction: self.draws.unit(),
                };
            }
        }
    }

    fn places(&mut self, count: usize) -> Vec<Place> {
        (0..count).map(|_| self.place()).collect()
    }

    fn point(&mut self) -> LonLat {
        self.place().position(self.router.network())
    }

    const fn peace(&self) -> Situation<'_> {
        Situation {
            effects: &self.effects,
            zones: &[],
            closures: &[],
        }
    }
}

fn build(criterion: &mut Criterion, set: &Set) {
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10);
    let graph = Arc::new(Graph::build(set.network(), Mode::Car));
    let begin = Instant::now();
    let order = Order::find(&graph, set.network());
    println!("order of one mode: {:.1?}", begin.elapsed());
    group.bench_function("graph", |bencher| {
        bencher.iter(|| Graph::build(set.network(), Mode::Car));
    });
    group.bench_function("structure", |bencher| {
        bencher.iter(|| Hierarchy::build(Arc::clone(&graph), &order).unwrap());
    });
    group.finish();
}

fn closure(set: &mut Set) -> Closure {
    let at = set.point();
    let corner = |x: f64, y: f64| Coord {
        x: at.lon() + x,
        y: at.lat() + y,
    };
    let line = vec![
        corner(0.0, 0.0),
        corner(0.02, 0.0),
        corner(0.02, 0.02),
        corner(0.0, 0.0),
    ];
    let area = Area::Polygon(geo_types::Polygon::new(line.into(), Vec::new()).into());
    let caught = area.catch(set.network(), set.router.snapper(), Levels::One).unwrap();
    let (reason, source) = (String::new(), String::new());
    Closure {
        area,
        caught,
        modes: [true; 3],
        reason,
        source,
        starts: Timestamp::MIN,
        ends: None,
    }
}

fn customize(criterion: &mut Criterion, set: &mut Set) {
    let mut group = criterion.benchmark_group("new weights");
    group.sample_size(20);
    for threads in [1, 2] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut spare = None;
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter(|| {
                let weights = pool.install(|| set.router.weigh(Mode::Car, set.peace(), spare.take()));
                spare = Some(weights);
            });
        });
    }
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let mut spare = None;
    group.bench_function("closure to weights, 2 threads", |bencher| {
        bencher.iter(|| {
            let closures = [(ClosureId(1), Arc::new(closure(set)))];
            let situation = Situation {
                closures: &closures,
                ..set.peace()
            };
            let weights = pool.install(|| set.router.weigh(Mode::Car, situation, spare.take()));
            spare = Some(weights);
        });
    });
    group.finish();
}

fn percentiles(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name}: p50 {:.1?}, p99 {:.1?} of {}", at(0.5), at(0.99), times.len());
}

fn routes(criterion: &mut Criterion, set: &mut Set) {
    let pairs: Vec<(Place, Place)> = (0..2_000).map(|_| (set.place(), set.place())).collect();
    let mut search = Search::new();
    let mut pieces = 0;
    let mut ways = Vec::new();
    for _ in 0..2 {
        ways = pairs
            .iter()
            .map(|&(from, to)| {
                let begin = Instant::now();
                pieces = set
                    .router
                    .way(&set.free, &mut search, from, to)
                    .map_or(0, |(way, _)| way.len());
                begin.elapsed()
            })
            .collect();
    }
    black_box(pieces);
    percentiles("way with its arcs", ways);
    let points: Vec<(LonLat, LonLat)> = (0..1_000).map(|_| (set.point(), set.point())).collect();
    let scene = Scene {
        router: &set.router,
        weights: &set.free,
        free: &set.free,
        situation: set.peace(),
    };
    let ask = |(from, to)| Ask {
        from,
        via: &[],
        to,
        snap_limit: Metres(SNAP_LIMIT_M),
    };
    let answers = points
        .iter()
        .map(|&points| {
            let begin = Instant::now();
            black_box(scene.route(&mut search, ask(points)).is_ok());
            begin.elapsed()
        })
        .collect();
    percentiles("whole answer, snapped, told and checked", answers);
    let mut next = pairs.iter().cycle();
    criterion.bench_function("way", |bencher| {
        bencher.iter(|| {
            let &(from, to) = next.next().unwrap();
            set.router.way(&set.free, &mut search, from, to)
        });
    });
}

fn many(criterion: &mut Criterion, set: &mut Set) {
    let mut group = criterion.benchmark_group("many");
    group.sample_size(10);
    let (from, to) = (set.places(1_000), set.places(1_000));
    group.bench_function("1 x 1000", |bencher| {
        bencher.iter(|| matrix(&set.router, &set.free, &from[..1], &to));
    });
    group.bench_function("1000 x 1000", |bencher| {
        bencher.iter(|| matrix(&set.router, &set.free, &from, &to));
    });
    let destinations = Destinations::new(&set.router, &set.free, to);
    let mut search = Dijkstra::new();
    let mut next = from.iter().cycle();
    group.bench_function("nearest 3 of 1000", |bencher| {
        bencher.iter(|| destinations.nearest(&set.router, &set.free, &mut search, *next.next().unwrap(), 3, |_| true));
    });
    group.bench_function("field of 1000", |bencher| {
        bencher.iter(|| Field::build(&set.router, &set.free, &destinations));
    });
    for minutes in [15, 60] {
        let within = Seconds(f64::from(minutes) * 60.0);
        let mut reached = || {
            let place = *next.next().unwrap();
            reach(&set.router, &set.free, &mut search, place, within, Direction::Forward)
        };
        group.bench_function(format!("reach {minutes} min"), |bencher| bencher.iter(&mut reached));
        group.bench_function(format!("isochrone {minutes} min"), |bencher| {
            bencher.iter(|| area(&set.router, &set.free, &reached()));
        });
    }
    group.finish();
}

fn routing(criterion: &mut Criterion) {
    let mut set = Set::new();
    build(criterion, &set);
    customize(criterion, &mut set);
    routes(criterion, &mut set);
    many(criterion, &mut set);
}

criterion_group!(benches, routing);
criterion_main!(benches);
