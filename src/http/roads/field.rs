//! `GET /api/field/{area}.bin`: the evacuation field of an area to take along, as `tiles/FIELD.md` describes it.

use std::sync::Arc;

use axum::{extract::State, http::HeaderValue};
use serde::Serialize;

use super::{concern, mode};
use crate::{
    http::{
        App,
        app::Snapshot,
        error::{Code, Problem, ProblemDocument},
        path::{Answer, Segments},
        query::{FromQuery, Strict, Values, shortened},
        representation::{Asked, Caching, Representation},
    },
    messages::{Lang, Names},
    routing::{Cost, DegreesE7, Mode},
    world::{AreaField, Concern, World},
};

/// What the file begins with.
const MAGIC: &[u8; 8] = b"RFGFIELD";
/// Version of the format.
const FORMAT: u32 = 1;
/// No row.
const NONE: u32 = u32::MAX;

/// What is asked.
#[derive(Debug)]
pub(in crate::http) struct FieldQuery {
    mode: Mode,
    concern: Concern,
}

impl FromQuery for FieldQuery {
    const NAMES: &'static [&'static str] = &["mode", "hazard"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        Ok(Self {
            mode: mode(values)?,
            concern: concern(values)?,
        })
    }
}

/// The head of the file.
#[derive(Serialize)]
struct Head<'a> {
    world: String,
    as_of: String,
    area: &'a str,
    area_names: Option<&'a Names>,
    mode: &'static str,
    hazard: &'a str,
    synthetic: bool,
    points: usize,
    none: u32,
    columns: [Column; 6],
    shelters: Vec<ShelterHead<'a>>,
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    r#type: &'static str,
}

#[derive(Serialize)]
struct ShelterHead<'a> {
    id: &'a str,
    name_zh: Option<String>,
    name_en: Option<String>,
    lon: f64,
    lat: f64,
    status: &'static str,
    capacity: Option<u64>,
    synthetic: bool,
}

const COLUMNS: [Column; 6] = [
    Column {
        name: "lon_e7",
        r#type: "i32",
    },
    Column {
        name: "lat_e7",
        r#type: "i32",
    },
    Column {
        name: "next",
        r#type: "u32",
    },
    Column {
        name: "shelter",
        r#type: "u32",
    },
    Column {
        name: "time_ms",
        r#type: "u32",
    },
    Column {
        name: "safe",
        r#type: "u8",
    },
];

/// The evacuation field of an area, for use without a network: from every junction the way to the best shelter that may be
/// used, point by point.
#[utoipa::path(
    get, path = "/api/field/{area}.bin", tag = "roads", operation_id = "field",
    params(
        ("area" = String, Path, description = "Id of an administrative area, or `region` for all of it", example = "350102"),
        ("mode" = String, Query, description = "`car`, `truck` or `foot`, as for a route", example = "foot"),
        ("hazard" = Option<String>, Query, description = "The hazard that shelters must suit and whose zones count; all \
            kinds count on the way where not given, `none` for closures only", example = "flood"),
    ),
    responses(
        (status = 200, description = "The field; `tiles/FIELD.md` in the source describes the format", body = Vec<u8>,
            content_type = "application/vnd.refugia.field",
            headers(("ETag" = String, description = "Strong entity tag, one for each content coding"))),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "A parameter is missing, wrong, repeated or unknown, or there are no roads",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such area", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn field(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Segments(file): Segments<String>,
    Strict(query): Strict<FieldQuery>,
    asked: Asked,
) -> Answer {
    let Some(area) = file.strip_suffix(".bin").map(str::to_owned) else {
        return Err(Problem::new(Code::NotFound).with("path", format_args!("/api/field/{file}")));
    };
    super::roads(&world)?;
    let work = move || {
        let field = world.area_field(&area, query.mode, query.concern);
        let field = field.ok_or_else(|| Problem::new(Code::UnknownArea).with("area", shortened(&area)))?;
        let body = write(&world, &area, &query, &field)?;
        let media_type = HeaderValue::from_static("application/vnd.refugia.field");
        Ok(Representation::new(body, media_type, Caching::Revalidate))
    };
    Ok(app.long_work.run(work).await??.answer_compressing(&asked))
}

fn write(world: &World, area: &str, query: &FieldQuery, field: &AreaField<'_>) -> Result<Vec<u8>, Problem> {
    let shelters = field.shelters.iter().map(|shelter| ShelterHead {
        id: shelter.id(),
        name_zh: shelter.name(Lang::Zh).map(Into::into),
        name_en: shelter.name(Lang::En).map(Into::into),
        lon: shelter.position().lon(),
        lat: shelter.position().lat(),
        status: shelter.status().as_str(),
        capacity: shelter.capacity().map(|persons| persons.0),
        synthetic: shelter.layer().is_synthetic(shelter.row()),
    });
    let head = Head {
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
        area,
        area_names: field.names.as_ref(),
        mode: query.mode.as_str(),
        hazard: query.concern.as_str(),
        synthetic: world.roads.as_ref().is_some_and(|roads| roads.is_synthetic()),
        points: field.points.len(),
        none: NONE,
        columns: COLUMNS,
        shelters: shelters.collect(),
    };
    let mut head = serde_json::to_vec(&head).map_err(Problem::internal)?;
    // Columns begin at a multiple of four, so that they can be looked at where they are.
    head.resize(head.len().next_multiple_of(4), b' ');
    let mut body = Vec::with_capacity(16 + head.len() + 21 * field.points.len());
    body.extend(MAGIC);
    body.extend(FORMAT.to_le_bytes());
    body.extend((head.len() as u32).to_le_bytes());
    body.extend(head);
    let points = &field.points;
    let places: Vec<[i32; 2]> = points.positions.iter().map(|at| DegreesE7::at(*at).steps()).collect();
    for axis in [0, 1] {
        body.extend(places.iter().flat_map(|place| place[axis].to_le_bytes()));
    }
    for rows in [&points.next, &points.destinations] {
        body.extend(rows.iter().flat_map(|row| row.unwrap_or(NONE).to_le_bytes()));
    }
    body.extend(points.costs.iter().flat_map(|cost| time(*cost).to_le_bytes()));
    body.extend(
        points
            .costs
            .iter()
            .map(|cost| u8::from(!cost.is_never() && cost.danger() == 0)),
    );
    Ok(body)
}

fn time(cost: Cost) -> u32 {
    let time = cost.if_any().map(Cost::time_ms);
    time.and_then(|time| u32::try_from(time).ok()).unwrap_or(NONE)
}
