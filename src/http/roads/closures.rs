//! `/api/closures`: what is closed, closing a road and opening it again.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse as _,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{CLOSURES, draft, roads, rounded};
use crate::{
    geometry::Datum,
    http::{
        App,
        app::Snapshot,
        error::{Code, Problem, ProblemDocument},
        imports::NotLetIn,
        path::{Answer, Segments},
        position::shown,
        query::{FromQuery, NoParameters, Strict, Values, shortened},
        representation::{Asked, Caching, Representation},
    },
    routing::{Area, Closure, ClosureId, Mode, Network},
    world::{Roads, World},
};

/// Bytes of a closure: a province's outline at full detail fits.
pub(in crate::http) const MOST_BODY_BYTES: usize = 16 << 20;

/// A closure as a GeoJSON feature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Closure)]
pub(super) struct ClosureAnswer {
    r#type: FeatureWord,
    /// Names it in addresses; nothing for a preview.
    id: Option<String>,
    /// What was drawn; nothing where ways were named.
    #[schema(value_type = Option<Object>)]
    geometry: Option<Value>,
    properties: ClosureProperties,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClosureFeature)]
enum FeatureWord {
    Feature,
}

/// What is said of a closure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClosureProperties)]
struct ClosureProperties {
    /// Whether it holds now.
    active: bool,
    /// For whom.
    #[schema(value_type = Vec<String>, example = json!(["car", "truck", "foot"]))]
    modes: Vec<&'static str>,
    reason: String,
    source: String,
    /// From when on.
    #[schema(format = DateTime)]
    starts: String,
    /// Until when, where that is known.
    #[schema(format = DateTime)]
    ends: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    radius_m: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    way_ids: Option<Vec<i64>>,
    /// The stretches of road that it catches.
    caught: Caught,
}

/// Caught stretches as a GeoJSON `MultiLineString`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaughtRoads)]
struct Caught {
    /// How many.
    count: usize,
    /// Their length together, metres.
    length_m: f64,
    geometry: CaughtGeometry,
}

#[derive(Debug, Serialize, ToSchema)]
struct CaughtGeometry {
    r#type: CaughtType,
    /// Longitudes and latitudes, degrees.
    coordinates: Vec<Vec<[f64; 2]>>,
}

#[derive(Debug, Serialize, ToSchema)]
enum CaughtType {
    MultiLineString,
}

/// A closure with the world that it is part of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClosureMade)]
pub(super) struct MadeAnswer {
    #[serde(flatten)]
    closure: ClosureAnswer,
    /// Version of the world from which answers obey it; of a preview the one that it was tried on.
    world: String,
    #[schema(format = DateTime)]
    as_of: String,
}

/// All closures as a GeoJSON feature collection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Closures)]
pub(super) struct ClosuresAnswer {
    r#type: CollectionWord,
    features: Vec<ClosureAnswer>,
    /// Version of the data the answer was computed from.
    world: String,
    #[schema(format = DateTime)]
    as_of: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClosureCollection)]
enum CollectionWord {
    FeatureCollection,
}

/// Every closure there is: those that hold, and those that will or have.
#[utoipa::path(
    get, path = "/api/closures", tag = "roads", operation_id = "closures",
    responses(
        (status = 200, description = "The closures, in the order they came", body = ClosuresAnswer),
        (status = 400, description = "There are no roads", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn closures(
    Snapshot(world): Snapshot,
    Strict(NoParameters): Strict<NoParameters>,
    asked: Asked,
) -> Answer {
    let roads = roads(&world)?;
    let network = roads.router().network();
    let told = roads
        .closures()
        .iter()
        .map(|(id, closure)| told(network, Some(id), closure, roads.is_active(id)));
    let answer = ClosuresAnswer {
        r#type: CollectionWord::FeatureCollection,
        features: told.collect(),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    };
    Ok(Representation::json(&answer, Caching::Revalidate)?.answer_compressing(&asked))
}

/// What is asked when a road is closed.
#[derive(Debug)]
pub(in crate::http) struct CloseQuery {
    preview: bool,
}

impl FromQuery for CloseQuery {
    const NAMES: &'static [&'static str] = &["preview"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        let words = [("true", true), ("false", false)];
        Ok(Self {
            preview: values.word("preview", &words)?.unwrap_or(false),
        })
    }
}

/// Close roads: at a point, along a line, in an area, or ways by their OpenStreetMap ids. Every route asked for after the
/// answer obeys it.
///
/// The body is a GeoJSON feature: a Point (with `radius_m`), `LineString`, Polygon or `MultiPolygon`, or no geometry and
/// `way_ids`; its properties `reason` and `source`, and where wanted `modes`, `starts` and `ends`.
#[utoipa::path(
    post, path = "/api/closures", tag = "roads", operation_id = "close",
    security(("operator" = [])),
    params(("preview" = Option<bool>, Query, description = "Only say what would be caught")),
    request_body(content = Object, content_type = "application/geo+json", example = json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [119.296, 26.074] },
        "properties": { "radius_m": 30, "reason": "Bridge under water", "source": "Traffic police" }
    })),
    responses(
        (status = 200, description = "What would be caught", body = MadeAnswer),
        (status = 201, description = "It is closed", body = MadeAnswer,
            headers(("Location" = String, description = "The closure's address"))),
        (status = 400, description = "The body is no such feature, or there are no roads", body = ProblemDocument,
            content_type = "application/problem+json"),
        NotLetIn,
        (status = 422, description = "A member has a value that does not do, or no road lies there",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn close(
    State(app): State<Arc<App>>,
    Strict(CloseQuery { preview }): Strict<CloseQuery>,
    asked: Asked,
    body: Body,
) -> Answer {
    let too_large = |_| Problem::new(Code::BodyTooLarge).with("max", MOST_BODY_BYTES);
    let body = to_bytes(body, MOST_BODY_BYTES).await.map_err(too_large)?;
    let work = move || {
        let now = Timestamp::now();
        let closure = draft::read(&body, now)?;
        if preview {
            tried(&app.world(), closure, now)
        } else {
            closed(&app, &closure, now)
        }
    };
    let made = tokio::task::spawn_blocking(work).await.map_err(Problem::internal)??;
    let location = made.closure.id.as_ref().map(|id| format!("{CLOSURES}/{id}"));
    let mut response = Representation::json(&made, Caching::Never)?.answer_compressing(&asked);
    if let Some(location) = location.and_then(|location| HeaderValue::from_str(&location).ok()) {
        *response.status_mut() = StatusCode::CREATED;
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn tried(world: &World, closure: Closure, now: Timestamp) -> Result<MadeAnswer, Problem> {
    let roads = roads(world)?;
    let closure = caught(roads, closure)?;
    Ok(made(world, roads, None, &closure, closure.is_active(now)))
}

/// Catches again in the world that the closure becomes part of: another may have come meanwhile.
fn closed(app: &App, closure: &Closure, now: Timestamp) -> Result<MadeAnswer, Problem> {
    let mut id = None;
    let world = app.change(|world| {
        let roads = roads(world)?;
        let closure = caught(roads, closure.clone())?;
        let mut closures = roads.closures().clone();
        id = Some(closures.add(closure).map_err(Problem::internal)?);
        Ok(world.with_roads(roads.with_closures(closures, now), now))
    })?;
    let roads = roads(&world)?;
    let made_id = id.ok_or_else(|| Problem::internal("a closure without a number"))?;
    let closure = roads.closures().get(made_id);
    let closure = closure.ok_or_else(|| Problem::internal("a closure that is not there"))?;
    tracing::info!(closure = made_id.0, stretches = closure.caught.len(), world = %world.version, "roads are closed");
    Ok(made(&world, roads, id, closure, roads.is_active(made_id)))
}

fn caught(roads: &Roads, closure: Closure) -> Result<Closure, Problem> {
    roads
        .catch(closure)
        .map_err(|error| Problem::new(Code::ImpossibleClosure).with("reason", error))
}

fn made(world: &World, roads: &Roads, id: Option<ClosureId>, closure: &Closure, is_active: bool) -> MadeAnswer {
    MadeAnswer {
        closure: told(roads.router().network(), id, closure, is_active),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    }
}

fn told(network: &Network, id: Option<ClosureId>, closure: &Closure, is_active: bool) -> ClosureAnswer {
    let modes = Mode::ALL.into_iter().filter(|mode| closure.holds_for(*mode));
    let line = |stretch| network.shape(stretch).map(|at| shown(at, Datum::Wgs84)).collect();
    let lengths = closure.caught.iter().map(|stretch| network.length_m(*stretch));
    ClosureAnswer {
        r#type: FeatureWord::Feature,
        id: id.map(|id| id.0.to_string()),
        geometry: drawn(&closure.area),
        properties: ClosureProperties {
            active: is_active,
            modes: modes.map(Mode::as_str).collect(),
            reason: closure.reason.clone(),
            source: closure.source.clone(),
            starts: closure.starts.to_string(),
            ends: closure.ends.map(|ends| ends.to_string()),
            radius_m: match closure.area {
                Area::Around(_, radius) => Some(radius.0),
                _ => None,
            },
            way_ids: match &closure.area {
                Area::Ways(ways) => Some(ways.clone()),
                _ => None,
            },
            caught: Caught {
                count: closure.caught.len(),
                length_m: rounded(lengths.sum()),
                geometry: CaughtGeometry {
                    r#type: CaughtType::MultiLineString,
                    coordinates: closure.caught.iter().copied().map(line).collect(),
                },
            },
        },
    }
}

fn drawn(area: &Area) -> Option<Value> {
    let geometry = match area {
        Area::Around(at, _) => geojson::Geometry::from(&geo_types::Point::new(at.lon(), at.lat())),
        Area::Line(line) => geojson::Geometry::from(line),
        Area::Polygon(parts) => geojson::Geometry::from(parts),
        Area::Ways(_) => return None,
    };
    serde_json::to_value(geometry).ok()
}

/// Open again what a closure closed.
#[utoipa::path(
    delete, path = "/api/closures/{id}", tag = "roads", operation_id = "reopen",
    security(("operator" = [])),
    params(("id" = String, Path, description = "The closure's id")),
    responses(
        (status = 204, description = "It is open again"),
        NotLetIn,
        (status = 404, description = "There is no such closure", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn reopen(
    State(app): State<Arc<App>>,
    Segments(id): Segments<String>,
    Strict(NoParameters): Strict<NoParameters>,
) -> Answer {
    let work = move || {
        let unknown = || Problem::new(Code::UnknownClosure).with("id", shortened(&id));
        let number = ClosureId(id.parse().ok().ok_or_else(unknown)?);
        let now = Timestamp::now();
        app.change(|world| {
            let roads = roads(world)?;
            let mut closures = roads.closures().clone();
            closures.remove(number).ok_or_else(unknown)?;
            Ok(world.with_roads(roads.with_closures(closures, now), now))
        })
    };
    let world = tokio::task::spawn_blocking(work).await.map_err(Problem::internal)??;
    tracing::info!(world = %world.version, "roads are open again");
    let fresh = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::NO_CONTENT, fresh).into_response())
}
