//! `GET /api/openapi.json`: the API described, made from the handlers.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use utoipa::OpenApi;

use super::{
    error::{Problem, ProblemDocument},
    fonts, health,
    imports::{self, Bearer},
    path::Answer,
    query::{NoParameters, Strict},
    region,
    representation::{Asked, Caching, Representation},
    risk, roads, search, shelters, styles, teams, tiles,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Refugia",
        description = "Hazard and disaster-shelter map server: the nearest shelter that may be used, the rescue \
            teams that come soonest, what threatens a point, search and vector tiles.\n\nPositions are longitude, latitude in WGS 84 degrees unless \
            `datum=gcj02` or `datum=bd09` is asked for. Names are snake_case, units are in the name (`distance_m`, `duration_s`), times \
            are RFC 3339. Every answer carries `world`, the version of the data it was computed from, and `as_of`. \
            Words are Chinese or English, by `lang` or `Accept-Language`. Null and `unknown` mean that nobody has said. \
            Errors are `application/problem+json` (RFC 9457) with a stable `code`. Any request can also be answered \
            413 (query or body too long), 500 or 503 (too busy, too slow, or stopping; try again after Retry-After).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        region::region, shelters::nearest, shelters::shelter, teams::nearest_teams, risk::risk, search::search,
        roads::route, roads::matrix, roads::isochrone, roads::field, roads::closures, roads::close, roads::reopen,
        tiles::description, tiles::tile, tiles::tile_mlt, styles::style, styles::sprite, fonts::glyphs, fonts::sprite,
        imports::list, imports::upload, imports::preview, imports::accept, imports::whole_report, imports::discard,
        health::health, health::readiness, health::metrics, openapi,
    ),
    components(schemas(ProblemDocument)),
    modifiers(&Bearer),
    tags(
        (name = "region", description = "What is served"),
        (name = "answers", description = "Where to go, what threatens, where things are"),
        (name = "roads", description = "Ways to go, and what is closed; closing needs the operator's token"),
        (name = "map", description = "Tiles and styles for maps"),
        (name = "imports", description = "For operators: files become layers; needs the operator's token"),
        (name = "operation", description = "For those who keep the server running"),
    )
)]
struct Api;

/// The API description (OpenAPI 3.1). Deterministic: equal software gives equal bytes.
pub fn document() -> serde_json::Value {
    // What utoipa made can be written as JSON by construction.
    serde_json::to_value(Api::openapi()).unwrap_or_default()
}

static DOCUMENT: LazyLock<Option<Representation>> = LazyLock::new(|| {
    let body = serde_json::to_vec_pretty(&document()).ok()?;
    let media_type = HeaderValue::from_static("application/json");
    Some(Representation::new(body, media_type, Caching::Revalidate).compressed())
});

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", tag = "operation", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub(super) async fn openapi(Strict(NoParameters): Strict<NoParameters>, asked: Asked) -> Answer {
    let document = DOCUMENT.clone();
    document
        .map(|document| document.answer(&asked))
        .ok_or_else(|| Problem::internal("no API description"))
}
