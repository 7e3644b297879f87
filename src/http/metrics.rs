//! Counting: requests as they happen, the rest when somebody asks. Written as Prometheus text.

use std::{
    fmt::{Display, Write as _},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram, Key, KeyName, Label, Level, Metadata, Recorder as _, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use super::{App, router::ROUTES};
use crate::world::World;

const REQUESTS: &str = "refugia_http_requests_total";
const DURATION: &str = "refugia_http_request_duration_seconds";
const METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// Upper bounds of the latency histogram, seconds: from an answer out of memory to the default time limit.
const BUCKETS_SECONDS: [f64; 12] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0,
];

/// What requests without a route of their own are counted under: files of the web app, and addresses with nothing there.
pub(super) const OTHER_ROUTE: &str = "other";

/// The server's own counters; nothing global, so that several servers can live in one process.
pub(super) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    started: Instant,
    tile_hits: AtomicU64,
    tile_misses: AtomicU64,
    /// Routes that did not pass their second check.
    unverified_routes: AtomicU64,
    /// Bodies of tiles rendered ahead.
    pub(super) warmed: AtomicU64,
    /// By route, in the order of [`ROUTES`] with the other route last.
    routes: Vec<RouteMetrics>,
}

/// What is counted of one route.
struct RouteMetrics {
    duration: Histogram,
    /// Requests of [`FREQUENT`], each looked up among all counters once only.
    frequent: [OnceLock<Counter>; FREQUENT.len()],
}

/// What nearly all requests are: reads that went well.
const FREQUENT: [(Method, StatusCode); 3] = [
    (Method::GET, StatusCode::OK),
    (Method::GET, StatusCode::NO_CONTENT),
    (Method::GET, StatusCode::NOT_MODIFIED),
];

/// A route's place in [`ROUTES`]; one beyond them for what has no route of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route(usize);

impl Route {
    /// The route that the router found.
    pub(super) fn of(matched: Option<&str>) -> Self {
        let known = matched.and_then(|matched| ROUTES.iter().position(|route| *route == matched));
        Self(known.unwrap_or(ROUTES.len()))
    }

    /// Its name in the metrics.
    pub(super) fn name(self) -> &'static str {
        ROUTES.get(self.0).copied().unwrap_or(OTHER_ROUTE)
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics")
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}

impl Metrics {
    pub(super) fn new() -> Self {
        let builder = PrometheusBuilder::new();
        // Refused only for an empty list.
        let builder = builder
            .set_buckets(&BUCKETS_SECONDS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let describe = |name: &'static str| KeyName::from_const_str(name);
        recorder.describe_counter(describe(REQUESTS), Some(Unit::Count), "Requests answered".into());
        recorder.describe_histogram(
            describe(DURATION),
            Some(Unit::Seconds),
            "Time to answer a request".into(),
        );
        let route = |route: &'static str| {
            let key = Key::from_parts(DURATION, vec![Label::from_static_parts("route", route)]);
            RouteMetrics {
                duration: recorder.register_histogram(&key, &METADATA),
                frequent: Default::default(),
            }
        };
        Self {
            routes: ROUTES.into_iter().chain([OTHER_ROUTE]).map(route).collect(),
            handle: recorder.handle(),
            recorder,
            started: Instant::now(),
            tile_hits: AtomicU64::new(0),
            tile_misses: AtomicU64::new(0),
            warmed: AtomicU64::new(0),
            unverified_routes: AtomicU64::new(0),
        }
    }

    /// Counts a route that was not let out.
    pub(super) fn unverified_route(&self) {
        self.unverified_routes.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answered request.
    pub(super) fn request(&self, route: Route, method: &Method, status: StatusCode, elapsed: Duration) {
        let RouteMetrics { duration, frequent } = &self.routes[route.0];
        duration.record(elapsed);
        let counter = || self.request_counter(route.name(), method, status);
        let is_it = |(m, s): &(Method, StatusCode)| m == method && *s == status;
        match FREQUENT.iter().position(is_it) {
            Some(at) => frequent[at].get_or_init(counter).increment(1),
            None => counter().increment(1),
        }
    }

    fn request_counter(&self, route: &'static str, method: &Method, status: StatusCode) -> Counter {
        // Clients can invent methods; a label per invention would fill the memory.
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::OPTIONS => "OPTIONS",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::DELETE => "DELETE",
            _ => "other",
        };
        let labels = vec![
            Label::from_static_parts("route", route),
            Label::from_static_parts("method", method),
            Label::new("status", status.as_str().to_owned()),
        ];
        self.recorder
            .register_counter(&Key::from_parts(REQUESTS, labels), &METADATA)
    }

    /// A tile was found in the cache.
    pub(super) fn tile_hit(&self) {
        self.tile_hits.fetch_add(1, Ordering::Relaxed);
    }

    /// A tile had to be rendered.
    pub(super) fn tile_miss(&self) {
        self.tile_misses.fetch_add(1, Ordering::Relaxed);
    }

    /// Folds what was recorded into the histograms; without it they grow until somebody asks.
    pub(super) fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// Everything as Prometheus text.
    pub(super) fn render(&self, app: &App, world: &World) -> String {
        let mut text = Text(self.handle.render());
        let (tiles, bytes) = app.tile_cache.size();
        let version = world.version.to_string();
        let region = world.region.manifest.id.as_str();
        text.metric("refugia_build_info", "gauge", "The running software");
        text.sample("refugia_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        text.metric("refugia_world_info", "gauge", "The world that answers");
        text.sample("refugia_world_info", &[("region", region), ("version", &version)], 1);
        text.metric(
            "refugia_world_as_of_timestamp_seconds",
            "gauge",
            "When the world was taken",
        );
        text.sample("refugia_world_as_of_timestamp_seconds", &[], world.as_of.as_second());
        text.metric("refugia_world_load_seconds", "gauge", "How long the world took to load");
        text.sample("refugia_world_load_seconds", &[], world.loaded_in.as_secs_f64());
        text.metric("refugia_layer_features", "gauge", "Features by layer");
        for layer in world.region.all_layers() {
            let manifest = layer.manifest();
            let labels = [("layer", manifest.id.as_str()), ("role", manifest.role.as_str())];
            text.sample("refugia_layer_features", &labels, layer.count());
        }
        text.metric("refugia_reloads_total", "counter", "Attempts to load a changed pack");
        for (outcome, count) in app.reload.counts() {
            text.sample("refugia_reloads_total", &[("outcome", outcome)], count);
        }
        text.metric(
            "refugia_world_stale",
            "gauge",
            "1 where the pack on disk could not be loaded",
        );
        let stale = app.reload.last().is_some_and(|last| last.failed());
        text.sample("refugia_world_stale", &[], u8::from(stale));
        text.metric("refugia_tile_cache_hits_total", "counter", "Tiles found in the cache");
        text.sample(
            "refugia_tile_cache_hits_total",
            &[],
            self.tile_hits.load(Ordering::Relaxed),
        );
        text.metric(
            "refugia_tile_cache_misses_total",
            "counter",
            "Tiles not found in the cache",
        );
        text.sample(
            "refugia_tile_cache_misses_total",
            &[],
            self.tile_misses.load(Ordering::Relaxed),
        );
        let help = "Routes that were refused because they did not pass their second check";
        text.metric("refugia_unverified_routes_total", "counter", help);
        let unverified = self.unverified_routes.load(Ordering::Relaxed);
        text.sample("refugia_unverified_routes_total", &[], unverified);
        text.metric("refugia_tiles_warmed_total", "counter", "Tiles rendered ahead");
        let warmed = self.warmed.load(Ordering::Relaxed);
        text.sample("refugia_tiles_warmed_total", &[], warmed);
        text.metric(
            "refugia_tile_renders",
            "gauge",
            "Tiles being rendered or waiting for it",
        );
        text.sample("refugia_tile_renders", &[], app.renders.under_way());
        text.metric(
            "refugia_tile_cache_tiles",
            "gauge",
            "Tiles kept, once for each content coding",
        );
        text.sample("refugia_tile_cache_tiles", &[], tiles);
        text.metric("refugia_tile_cache_bytes", "gauge", "Bytes of tiles kept");
        text.sample("refugia_tile_cache_bytes", &[], bytes);
        text.archives(world);
        text.metric("refugia_uptime_seconds", "gauge", "Time since the start");
        text.sample("refugia_uptime_seconds", &[], self.started.elapsed().as_secs());
        if let Some(bytes) = resident_bytes() {
            text.metric("process_resident_memory_bytes", "gauge", "Memory in use");
            text.sample("process_resident_memory_bytes", &[], bytes);
        }
        text.0
    }
}

/// Prometheus text being written. Values are ids, versions and vocabulary words, which need no escapes.
struct Text(String);

impl Text {
    fn archives(&mut self, world: &World) {
        let help = "1 where an archive of tiles is open";
        self.metric("refugia_archive_available", "gauge", help);
        for archive in &world.basemap.archives {
            let labels = [("archive", archive.manifest().id.as_str())];
            let is_open = u8::from(archive.current().is_some());
            self.sample("refugia_archive_available", &labels, is_open);
        }
    }

    fn metric(&mut self, name: &str, kind: &str, help: &str) {
        _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

/// Resident memory of this process, bytes; `None` where the system does not tell it in `/proc` (Linux does).
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
