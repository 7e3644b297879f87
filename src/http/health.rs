//! `/healthz`, `/readyz`, `/metrics`: for those who keep the server running.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{App, app::Snapshot, reload::LastReload};

/// The process runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether requests should be sent here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    /// Whether requests are answered.
    ready: bool,
    /// Whether the pack on disk could not be loaded, so that answers come from the one before it.
    stale: bool,
    /// The last attempt to load a changed pack; null where there was none.
    last_reload: Option<LastReload>,
    /// Version of the data answers are computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

/// Whether the process runs.
#[utoipa::path(get, path = "/healthz", tag = "operation", operation_id = "health",
    responses((status = 200, description = "It does", body = Health)))]
pub(super) async fn health() -> Response {
    fresh(Json(Health { status: "ok" }).into_response())
}

/// Whether requests should be sent here. A pack that could not be reloaded does not make the server unready: the old
/// world goes on answering, and `stale` says so.
#[utoipa::path(get, path = "/readyz", tag = "operation", operation_id = "readiness",
    responses(
        (status = 200, description = "Requests are answered", body = Readiness),
        (status = 503, description = "The server is stopping", body = super::error::ProblemDocument,
            content_type = "application/problem+json"),
    ))]
pub(super) async fn readiness(State(app): State<Arc<App>>, Snapshot(world): Snapshot) -> Response {
    let last_reload = app.reload.last();
    let answer = Readiness {
        ready: true,
        stale: last_reload.as_ref().is_some_and(LastReload::failed),
        last_reload,
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    };
    fresh(Json(answer).into_response())
}

/// Counters and gauges in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, description = "Prometheus text format 0.0.4", body = String, content_type = "text/plain")))]
pub(super) async fn metrics(State(app): State<Arc<App>>, Snapshot(world): Snapshot) -> Response {
    let mut response = app.metrics.render(&app, &world).into_response();
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    fresh(response)
}

fn fresh(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
