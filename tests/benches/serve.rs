//! What an answer costs from request to response in process, without a network: everything a request passes included.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use criterion::{Criterion, criterion_group, criterion_main};
use refugia::{
    config::{Config, Layers},
    http::{App, router},
};
use tower::ServiceExt as _;

/// The questions people wait for, in the middle of Fuzhou.
const QUESTIONS: [(&str, &str); 6] = [
    ("health", "/healthz"),
    ("nearest", "/api/shelters/nearest?lon=119.296&lat=26.074"),
    (
        "nearest flood",
        "/api/shelters/nearest?lon=119.296&lat=26.074&hazard=flood",
    ),
    ("risk", "/api/risk?lon=119.296&lat=26.074"),
    ("search", "/api/search?q=fuzhou"),
    ("warm tile", "/tiles/flood,shelters/9/425/218.mvt"),
];

async fn ask(router: Router, address: &str) -> usize {
    let request = Request::builder()
        .uri(address)
        .header("host", "a")
        .header("accept-language", "en");
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert!(response.status().is_success(), "{address}");
    to_bytes(response.into_body(), usize::MAX).await.unwrap().len()
}

fn serve(criterion: &mut Criterion) {
    let region = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fujian");
    let flags = [("region".to_owned(), region.display().to_string())];
    let config = Config::resolve(&Layers::default().with_flags(flags)).unwrap();
    let router = router(App::load(config).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut group = criterion.benchmark_group("serve");
    for (name, address) in QUESTIONS {
        group.bench_function(name, |bencher| {
            bencher.iter(|| runtime.block_on(ask(router.clone(), address)));
        });
    }
    group.finish();
}

criterion_group!(benches, serve);
criterion_main!(benches);
