//! `GET /api/route`: a way from a point to another, and the truth about it.

use std::sync::Arc;

use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    concern, mode, no_road_near, point, roads, rounded,
    told::{AvoidedTold, CrossedTold, Teller},
};
use crate::{
    geometry::{Datum, LonLat},
    http::{
        App,
        app::Snapshot,
        error::{Code, Problem, ProblemDocument},
        language::{self, LangParameter, Language},
        path::Answer,
        position::{self, DatumParameter, shown},
        query::{FromQuery, Strict, Values, invalid},
        representation::{Asked, Caching, Representation},
    },
    messages::{self, Lang},
    routing::{
        Ask, Mode, Network, Route, RouteError, Snap, StretchId,
        route::{MOST_VIAS, Stop},
        snap::SNAP_LIMIT_M,
        steps::{Step, Turn},
    },
    units::Metres,
    world::{Concern, World},
};

/// What is asked.
#[derive(Debug)]
pub(in crate::http) struct RouteQuery {
    from: LonLat,
    via: Vec<LonLat>,
    to: LonLat,
    mode: Mode,
    concern: Concern,
    depart: Option<Timestamp>,
    datum: Datum,
}

impl FromQuery for RouteQuery {
    const NAMES: &'static [&'static str] = &["from", "to", "via", "mode", "hazard", "depart", "datum", "lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        let datum = position::datum(values)?;
        let end = |name: &str| point(values.required_text(name, 100)?, name, datum);
        let via = values.text("via").into_iter().flat_map(|text| text.split(';'));
        let via: Vec<LonLat> = via.map(|text| point(text, "via", datum)).collect::<Result<_, _>>()?;
        if via.len() > MOST_VIAS {
            return Err(invalid("via", "too_many").with("max", MOST_VIAS));
        }
        Ok(Self {
            from: end("from")?,
            via,
            to: end("to")?,
            mode: mode(values)?,
            concern: concern(values)?,
            depart: depart(values)?,
            datum,
        })
    }
}

/// A departure so long ago is taken as one now: clocks differ, and a request takes its time.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// Reads `depart`, which is never before now: what was closed since would not count.
fn depart(values: &Values) -> Result<Option<Timestamp>, Problem> {
    let now = Timestamp::now();
    let depart = values.time("depart")?;
    if let Some(past) = depart.filter(|depart| depart.duration_until(now) > LATE) {
        return Err(invalid("depart", "past").with("value", past));
    }
    Ok(depart.map(|depart| depart.max(now)))
}

/// A route as a GeoJSON feature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Route)]
pub(super) struct RouteAnswer {
    r#type: FeatureType,
    geometry: LineGeometry,
    properties: RouteProperties,
    /// Version of the data the answer was computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RouteFeature)]
enum FeatureType {
    Feature,
}

/// The line of the way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LineString)]
struct LineGeometry {
    r#type: LineType,
    /// Longitudes and latitudes, degrees; at least two.
    coordinates: Vec<[f64; 2]>,
}

#[derive(Debug, Serialize, ToSchema)]
enum LineType {
    LineString,
}

/// The truth about a route.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RouteProperties)]
struct RouteProperties {
    /// First of all, where there is no way around danger: this one is the least bad.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    notice: Option<RouteNotice>,
    /// Whether it leads through no zone that should not be entered. Zones are those of the hazards asked for.
    safe: bool,
    #[schema(value_type = String, example = "car")]
    mode: &'static str,
    /// When it sets out, where that was asked for, and not before now: closures are those that hold then, hazards those of now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    depart: Option<String>,
    /// Metres.
    distance_m: f64,
    /// Seconds, slowed by what it crosses.
    duration_s: f64,
    /// Seconds that the fastest way would take if nothing were closed and nothing threatened.
    free_duration_s: Option<f64>,
    /// What the fastest way would meet and this one avoids, closures first.
    avoided: Vec<AvoidedTold>,
    /// What it still crosses, the most dangerous first.
    crossed: Vec<CrossedTold>,
    steps: Vec<StepTold>,
    /// How far the start lies from the road, metres.
    snap_from_m: f64,
    /// How far the goal lies from the road, metres.
    snap_to_m: f64,
    /// Whether the roads are made up.
    synthetic: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RouteNotice)]
struct RouteNotice {
    code: RouteNoticeCode,
    /// In the answer's language.
    title: String,
    detail: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RouteNoticeCode)]
enum RouteNoticeCode {
    NoSafeRoute,
}

/// A step of the way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RouteStep)]
struct StepTold {
    /// What to do at its beginning.
    #[schema(value_type = String, example = "left")]
    turn: &'static str,
    /// Which exit of a roundabout, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    exit: Option<u16>,
    /// What to do, in the answer's language.
    #[schema(example = "Turn left onto Wusi Road")]
    instruction: String,
    /// The road's name in the answer's language, where it has one.
    name: Option<String>,
    /// The road's number.
    #[schema(example = "G104")]
    r#ref: Option<String>,
    /// Metres.
    distance_m: f64,
    /// Seconds on free roads.
    duration_s: f64,
    /// Where it begins: longitude, latitude.
    at: [f64; 2],
    /// Which position of the line that is, from 0.
    index: usize,
}

/// A route by road. Never over a closed road; through a hazard zone that should not be entered only where there is no
/// other way, and then it says so. Every answer is checked against closures and zones a second time before it leaves.
#[utoipa::path(
    get, path = "/api/route", tag = "roads", operation_id = "route",
    params(
        ("from" = String, Query, description = "Where it begins: lon,lat", example = "119.296,26.074"),
        ("to" = String, Query, description = "Where it ends: lon,lat", example = "119.32,26.05"),
        ("via" = Option<String>, Query, description = "Where it leads by, in order: lon,lat;lon,lat"),
        ("mode" = String, Query, description = "`car` (rescue vehicles: also where private cars may not), `truck` (where a lorry may \
            go that is 4 m high, 2.55 m wide, 12 m long, 25 t heavy, 10 t on an axle) or `foot`"),
        ("hazard" = Option<String>, Query, description = "The hazard kind whose zones count; all kinds where not given, \
            `none` for closures only", example = "flood"),
        ("depart" = Option<String>, Query, description = "When it sets out, RFC 3339: of the closures those count that hold \
            then. Now where not given"),
        DatumParameter, LangParameter,
    ),
    responses(
        (status = 200, description = "The route", body = RouteAnswer),
        (status = 400, description = "A parameter is missing, wrong, repeated or unknown, or there are no roads",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "`no_route`: there is no way at all; `no_road_near`: a point is far from any road",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn route(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Strict(query): Strict<RouteQuery>,
    Language(lang): Language,
    asked: Asked,
) -> Answer {
    // The first to ask under a new situation has the weights made.
    let shared = Arc::clone(&app);
    let answer = app
        .searches
        .run(move || answer(&shared, &world, &query, lang))
        .await??;
    let body = Representation::json(&answer, Caching::Never)?;
    Ok(body.in_language(lang).answer_compressing(&asked))
}

fn answer(app: &App, world: &World, query: &RouteQuery, lang: Lang) -> Result<RouteAnswer, Problem> {
    let now = roads(world)?;
    let then = query.depart.and_then(|depart| now.at(depart));
    let roads = then.as_ref().unwrap_or(now);
    let ask = Ask {
        from: query.from,
        via: &query.via,
        to: query.to,
        snap_limit: Metres(SNAP_LIMIT_M),
    };
    let route = roads.search(query.mode, query.concern, |scene, search| scene.route(search, ask));
    let route = route.map_err(|error| problem(app, &error))?;
    let teller = Teller {
        roads,
        concern: query.concern,
        datum: query.datum,
        lang,
    };
    Ok(RouteAnswer {
        r#type: FeatureType::Feature,
        geometry: LineGeometry {
            r#type: LineType::LineString,
            coordinates: route.line.iter().map(|at| shown(*at, query.datum)).collect(),
        },
        properties: properties(&route, query.depart, teller),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    })
}

fn properties(route: &Route, depart: Option<Timestamp>, teller: Teller<'_>) -> RouteProperties {
    let snapped = |stop: Option<&Snap>| rounded(stop.map_or(0.0, |snap| snap.distance.0));
    RouteProperties {
        notice: (!route.safe).then(|| RouteNotice {
            code: RouteNoticeCode::NoSafeRoute,
            title: messages::text(teller.lang, "notice.no_safe_route.title", &[]),
            detail: messages::text(teller.lang, "notice.no_safe_route.detail", &[]),
        }),
        safe: route.safe,
        mode: route.mode.as_str(),
        depart: depart.map(|depart| depart.to_string()),
        distance_m: rounded(route.distance.0),
        duration_s: rounded(route.duration.0),
        free_duration_s: route.free_duration.map(|free| rounded(free.0)),
        avoided: route.avoided.iter().map(|avoided| teller.avoided(avoided)).collect(),
        crossed: route.crossed.iter().map(|crossed| teller.crossed(crossed)).collect(),
        steps: route.steps.iter().map(|step| told(step, route, teller)).collect(),
        snap_from_m: snapped(route.stops.first()),
        snap_to_m: snapped(route.stops.last()),
        synthetic: teller.roads.is_synthetic(),
    }
}

fn told(step: &Step, route: &Route, teller: Teller<'_>) -> StepTold {
    let (turn, exit) = word(step.turn);
    let network = teller.roads.router().network();
    let names = step.road.and_then(|road| network.names(road));
    let name = step.road.and_then(|road| name(network, road, teller.lang));
    let number = names.and_then(|names| names.reference).map(str::to_owned);
    let road = match (&name, &number) {
        (Some(name), _) => name.clone(),
        (None, Some(number)) => number.clone(),
        (None, None) => messages::text(teller.lang, "road.unnamed", &[]),
    };
    let exit_text = exit.map(|exit| exit.to_string()).unwrap_or_default();
    let words = [("road", road.as_str()), ("exit", exit_text.as_str())];
    let at = route.line.get(step.begins).or(route.line.last()).copied();
    StepTold {
        turn,
        exit,
        instruction: messages::text(teller.lang, &format!("turn.{turn}"), &words),
        name,
        r#ref: number,
        distance_m: rounded(step.distance.0),
        duration_s: rounded(step.duration.0),
        at: at.map_or([0.0; 2], |at| shown(at, teller.datum)),
        index: step.begins,
    }
}

/// The name of a road in a language, or as on its signs.
fn name(network: &Network, road: StretchId, lang: Lang) -> Option<String> {
    let names = network.names(road)?;
    let own = match lang {
        Lang::Zh => names.zh,
        Lang::En => names.en,
    };
    own.or(names.local).or(names.zh).or(names.en).map(str::to_owned)
}

/// The word for a turn, and the exit of a roundabout.
const fn word(turn: Turn) -> (&'static str, Option<u16>) {
    match turn {
        Turn::Depart => ("depart", None),
        Turn::Straight => ("straight", None),
        Turn::SlightLeft => ("slight_left", None),
        Turn::SlightRight => ("slight_right", None),
        Turn::Left => ("left", None),
        Turn::Right => ("right", None),
        Turn::SharpLeft => ("sharp_left", None),
        Turn::SharpRight => ("sharp_right", None),
        Turn::Back => ("back", None),
        Turn::Roundabout(exit) => ("roundabout", Some(exit)),
        Turn::Ferry => ("ferry", None),
        Turn::Arrive => ("arrive", None),
    }
}

/// Why there is no route, as it is answered.
fn problem(app: &App, error: &RouteError) -> Problem {
    match error {
        RouteError::TooFar { stop, source } => {
            let name = match stop {
                Stop::From => "from",
                Stop::Via(_) => "via",
                Stop::To => "to",
            };
            no_road_near(source, name)
        }
        RouteError::NoRoute { but_for_closures, .. } => {
            let sentence = if *but_for_closures { "closed" } else { "detail" };
            Problem::new(Code::NoRoute).saying(sentence)
        }
        RouteError::TooManyVias(_) => invalid("via", "too_many").with("max", MOST_VIAS),
        RouteError::Unverified(disagreement) => {
            app.metrics.unverified_route();
            Problem::internal(format_args!("a route did not pass its check: {disagreement}"))
        }
    }
}
