//! The one route table.

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{delete, get, post},
};

use super::{
    App, border, docs, fonts, health, imports, openapi, region, risk, roads, search, shelters, styles, teams, tiles,
    web,
};

/// Every route, as the router and the metrics name it. Tiles and styles are described with the ends of their addresses
/// (`….json`, `….mvt`) in the API description; the router takes whole parts only, and the handlers read the end.
pub(super) const ROUTES: [&str; 28] = [
    roads::CLOSURES,
    "/api/closures/{id}",
    "/api/docs",
    imports::UPLOADS,
    "/api/imports/{id}",
    "/api/imports/{id}/accept",
    "/api/imports/{id}/preview",
    "/api/imports/{id}/report",
    "/api/field/{file}",
    "/api/isochrone",
    roads::MATRIX,
    "/api/openapi.json",
    "/api/region",
    "/api/risk",
    "/api/route",
    "/api/search",
    "/api/shelters/nearest",
    "/api/shelters/{id}",
    "/api/teams/nearest",
    "/fonts/{fonts}/{file}",
    "/healthz",
    "/metrics",
    "/readyz",
    "/sprites/{file}",
    "/styles/{file}",
    "/tiles/{file}",
    "/tiles/{layers}/{z}/{x}/{file}",
    "/",
];

/// The server's routes with everything a request passes.
pub fn router(app: Arc<App>) -> Router {
    let operators = Router::new()
        .route(imports::UPLOADS, get(imports::list).post(imports::upload))
        .route("/api/imports/{id}", delete(imports::discard))
        .route("/api/imports/{id}/accept", post(imports::accept))
        .route("/api/imports/{id}/preview", post(imports::preview))
        .route("/api/imports/{id}/report", get(imports::whole_report))
        .route("/api/closures/{id}", delete(roads::reopen))
        .route(roads::CLOSURES, post(roads::close))
        .route_layer(from_fn_with_state(Arc::clone(&app), imports::operators_only));
    Router::new()
        .merge(operators)
        .route(roads::CLOSURES, get(roads::closures))
        .route("/api/docs", get(docs::page))
        .route("/api/field/{file}", get(roads::field))
        .route("/api/isochrone", get(roads::isochrone))
        .route(roads::MATRIX, post(roads::matrix))
        .route("/api/openapi.json", get(openapi::openapi))
        .route("/api/region", get(region::region))
        .route("/api/risk", get(risk::risk))
        .route("/api/route", get(roads::route))
        .route("/api/search", get(search::search))
        .route("/api/shelters/nearest", get(shelters::nearest))
        .route("/api/shelters/{id}", get(shelters::shelter))
        .route("/api/teams/nearest", get(teams::nearest_teams))
        .route("/healthz", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/readyz", get(health::readiness))
        .route("/fonts/{fonts}/{file}", get(fonts::glyphs))
        .route("/sprites/{file}", get(fonts::sprite))
        .route("/styles/{file}", get(styles::file))
        .route("/tiles/{file}", get(tiles::description))
        .route("/tiles/{layers}/{z}/{x}/{file}", get(tiles::tile))
        .route("/", get(web::file))
        .fallback(web::file)
        .layer(from_fn_with_state(Arc::clone(&app), border::border))
        .with_state(app)
}
