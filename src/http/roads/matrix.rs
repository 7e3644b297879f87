//! `POST /api/matrix`: how long it takes from many points to many.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::State,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{draft::wrong, roads, rounded};
use crate::{
    geometry::{Datum, LonLat},
    http::{
        App,
        app::Snapshot,
        error::{Code, Problem, ProblemDocument},
        language::{InLanguage, LangParameter},
        path::Answer,
        query::Strict,
        representation::{Asked, Caching, Representation},
    },
    routing::{Cost, Mode, Place, Purpose, Snap, matrix as costs, snap::SNAP_LIMIT_M},
    units::Metres,
    world::{Concern, Roads, World},
};

/// Bytes of a question: two thousand points with any number of decimals.
pub(in crate::http) const MOST_BODY_BYTES: usize = 1 << 20;

/// Points on a side.
const MOST_POINTS: usize = 1_000;

/// Points to travel between.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatrixQuestion)]
pub(super) struct Question {
    /// `car`, `truck` or `foot`.
    #[schema(example = "car")]
    mode: String,
    /// The hazard kind whose zones count; all kinds where not given, `none` for closures only.
    #[serde(default)]
    #[schema(nullable = false, example = "flood")]
    hazard: Option<String>,
    /// Datum of the points; `wgs84` where not given.
    #[serde(default)]
    #[schema(nullable = false)]
    datum: Option<Datum>,
    /// From where: longitudes and latitudes; 1 to 1 000.
    #[schema(example = json!([[119.296, 26.074], [119.32, 26.05]]))]
    from: Vec<[f64; 2]>,
    /// To where: longitudes and latitudes; 1 to 1 000.
    #[schema(example = json!([[119.27, 26.09]]))]
    to: Vec<[f64; 2]>,
}

/// The question read.
struct Ask {
    mode: Mode,
    concern: Concern,
    from: Vec<LonLat>,
    to: Vec<LonLat>,
}

/// Durations between points.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Matrix)]
pub(super) struct MatrixAnswer {
    /// Seconds from each point to each: a row for each start, in the question's order; null where there is no way, or no road
    /// near one of the two.
    durations_s: Vec<Vec<Option<f64>>>,
    /// Whether each of these ways leads through no zone that should not be entered.
    safe: Vec<Vec<Option<bool>>>,
    /// How far each start lies from the road, metres; null where no road is near.
    snap_from_m: Vec<Option<f64>>,
    /// The same for where it leads to.
    snap_to_m: Vec<Option<f64>>,
    /// Whether the roads are made up.
    synthetic: bool,
    /// Version of the data the answer was computed from.
    world: String,
    #[schema(format = DateTime)]
    as_of: String,
}

/// Durations by road from many points to many, with the same rules as a route: never over a closed road, through a zone that
/// should not be entered only where there is no other way.
#[utoipa::path(
    post, path = "/api/matrix", tag = "roads", operation_id = "matrix",
    params(LangParameter),
    request_body(content = Question),
    responses(
        (status = 200, description = "The durations", body = MatrixAnswer),
        (status = 400, description = "The body is no such question, or there are no roads", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 422, description = "A member has a value that does not do", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn matrix(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Strict(InLanguage): Strict<InLanguage>,
    asked: Asked,
    body: Body,
) -> Answer {
    let too_large = |_| Problem::new(Code::BodyTooLarge).with("max", MOST_BODY_BYTES);
    let body = to_bytes(body, MOST_BODY_BYTES).await.map_err(too_large)?;
    let work = move || {
        let answer = answer(&world, &read(&body)?)?;
        Representation::json(&answer, Caching::Never)
    };
    Ok(app.long_work.run(work).await??.answer_compressing(&asked))
}

fn read(body: &[u8]) -> Result<Ask, Problem> {
    let question: Question =
        serde_json::from_slice(body).map_err(|error| Problem::new(Code::InvalidBody).with("reason", error))?;
    let datum = question.datum.unwrap_or_default();
    let points = |name: &str, points: &[[f64; 2]]| {
        if !(1..=MOST_POINTS).contains(&points.len()) {
            return Err(wrong(name, format_args!("1 to {MOST_POINTS} points are wanted")));
        }
        let point = |(at, [lon, lat]): (usize, &[f64; 2])| {
            let position = LonLat::new(*lon, *lat).map_err(|error| wrong(&format!("{name}[{at}]"), error))?;
            Ok(datum.to_wgs84(position))
        };
        points.iter().enumerate().map(point).collect::<Result<Vec<_>, _>>()
    };
    let concern = question.hazard.as_deref().map_or(Ok(Concern::Any), str::parse);
    Ok(Ask {
        mode: question.mode.parse().map_err(|error| wrong("mode", error))?,
        concern: concern.map_err(|error| wrong("hazard", error))?,
        from: points("from", &question.from)?,
        to: points("to", &question.to)?,
    })
}

fn answer(world: &World, ask: &Ask) -> Result<MatrixAnswer, Problem> {
    let roads = roads(world)?;
    let from = Side::new(roads, ask, &ask.from, Purpose::Start);
    let to = Side::new(roads, ask, &ask.to, Purpose::Goal);
    let weights = roads.weights(ask.mode, ask.concern);
    let costs = costs(roads.router(), weights, &from.places(), &to.places());
    let rows = from.row_of_each().map(|row| row.map(|row| costs[row].as_slice()));
    let cells = |row: Option<&[Cost]>| to.row_of_each().map(|at| row?.get(at?)?.if_any()).collect();
    let table: Vec<Vec<Option<Cost>>> = rows.map(cells).collect();
    let each = |tell: fn(Cost) -> f64| {
        table
            .iter()
            .map(|row| row.iter().map(|cost| cost.map(tell)).collect())
            .collect()
    };
    let safe = |row: &Vec<Option<Cost>>| row.iter().map(|cost| cost.map(|cost| cost.danger() == 0)).collect();
    Ok(MatrixAnswer {
        durations_s: each(|cost| cost.time_ms() as f64 / 1e3),
        safe: table.iter().map(safe).collect(),
        snap_from_m: from.distances(),
        snap_to_m: to.distances(),
        synthetic: roads.is_synthetic(),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    })
}

/// The points of one side, brought to the road where there is one.
struct Side(Vec<Option<Snap>>);

impl Side {
    fn new(roads: &Roads, ask: &Ask, points: &[LonLat], purpose: Purpose) -> Self {
        let weights = roads.weights(ask.mode, ask.concern);
        let snap = |point: &LonLat| {
            let snap = roads.router().snap(weights, *point, purpose, Metres(SNAP_LIMIT_M));
            snap.ok()
        };
        Self(points.iter().map(snap).collect())
    }

    /// Where the points that have a road lie on it.
    fn places(&self) -> Vec<Place> {
        self.0.iter().flatten().map(|snap| snap.place).collect()
    }

    /// For every point its place in [`Self::places`].
    fn row_of_each(&self) -> impl Iterator<Item = Option<usize>> {
        let mut next = 0..;
        self.0.iter().map(move |snap| snap.as_ref().and_then(|_| next.next()))
    }

    fn distances(&self) -> Vec<Option<f64>> {
        let distance = |snap: &Option<Snap>| snap.as_ref().map(|snap| rounded(snap.distance.0));
        self.0.iter().map(distance).collect()
    }
}
