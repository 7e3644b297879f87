//! `GET /api/isochrone`: how far one comes in a time, or from where a place is reached in it.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{concern, mode, no_road_near, roads, rounded};
use crate::{
    geometry::{Datum, LonLat},
    http::{
        App,
        app::Snapshot,
        error::{Problem, ProblemDocument},
        language::{self, LangParameter, Language},
        path::Answer,
        position::{self, AnyGeometry, PositionParameters},
        query::{FromQuery, Strict, Values, invalid, missing, shortened},
        representation::{Asked, Caching, Representation},
    },
    messages::{self, Lang},
    routing::{Mode, Place, Purpose, area, search::dijkstra::Direction, snap::SNAP_LIMIT_M},
    units::{Metres, Seconds},
    world::{Concern, Roads, World},
};

/// The longest time, minutes.
const MOST_MINUTES: f64 = 120.0;

/// The most times at once.
const MOST_TIMES: usize = 6;

/// What is asked.
#[derive(Debug)]
pub(in crate::http) struct IsochroneQuery {
    position: LonLat,
    datum: Datum,
    mode: Mode,
    concern: Concern,
    direction: Direction,
    /// From the longest to the shortest.
    minutes: Vec<f64>,
}

impl FromQuery for IsochroneQuery {
    const NAMES: &'static [&'static str] = &["lon", "lat", "mode", "minutes", "direction", "hazard", "datum", "lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        let datum = position::datum(values)?;
        let directions = [("from", Direction::Forward), ("to", Direction::Backward)];
        Ok(Self {
            position: datum.to_wgs84(position::required(values)?),
            datum,
            mode: mode(values)?,
            concern: concern(values)?,
            direction: values.word("direction", &directions)?.unwrap_or(Direction::Forward),
            minutes: minutes(values)?,
        })
    }
}

fn minutes(values: &Values) -> Result<Vec<f64>, Problem> {
    let text = values.text("minutes").ok_or_else(|| missing("minutes"))?;
    let wrong = |text: &str| {
        invalid("minutes", "number")
            .with("value", shortened(text))
            .with("min", 0)
            .with("max", MOST_MINUTES)
    };
    let minutes = text.split(',').map(|text| {
        let minutes = text.trim().parse::<f64>().ok();
        minutes
            .filter(|minutes| *minutes > 0.0 && *minutes <= MOST_MINUTES)
            .ok_or_else(|| wrong(text))
    });
    let mut minutes = minutes.collect::<Result<Vec<f64>, _>>()?;
    minutes.sort_unstable_by(|a, b| b.total_cmp(a));
    minutes.dedup();
    if minutes.len() > MOST_TIMES {
        return Err(invalid("minutes", "too_many").with("max", MOST_TIMES));
    }
    Ok(minutes)
}

/// Isochrones as a GeoJSON feature collection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Isochrones)]
pub(super) struct IsochroneAnswer {
    r#type: CollectionWord,
    /// First of all, where the place lies in danger: then the ways counted are those of least danger.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    notice: Option<IsochroneNotice>,
    /// One for each time, the longest first.
    features: Vec<IsochroneFeature>,
    /// Whether none of the ways leads through a zone that should not be entered: false only where the place lies in one.
    safe: bool,
    /// How far the place lies from the road, metres.
    snap_m: f64,
    /// Whether the roads are made up.
    synthetic: bool,
    /// Version of the data the answer was computed from.
    world: String,
    #[schema(format = DateTime)]
    as_of: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IsochroneCollection)]
enum CollectionWord {
    FeatureCollection,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IsochroneNotice)]
struct IsochroneNotice {
    #[schema(value_type = String, example = "starts_in_danger")]
    code: &'static str,
    /// In the answer's language.
    title: String,
    detail: String,
}

/// What is reached in a time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Isochrone)]
struct IsochroneFeature {
    r#type: FeatureWord,
    /// A `MultiPolygon` that holds every street reached and no other; without polygons where none is.
    geometry: Option<AnyGeometry>,
    properties: IsochroneProperties,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IsochroneFeatureType)]
enum FeatureWord {
    Feature,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IsochroneProperties)]
struct IsochroneProperties {
    minutes: f64,
    #[schema(value_type = String, example = "foot")]
    mode: &'static str,
    /// `from` the place, or `to` it.
    #[schema(value_type = String, example = "from")]
    direction: &'static str,
    /// Length of the streets reached, metres.
    reached_m: f64,
    /// How many junctions are reached.
    junctions: usize,
}

/// How far one comes from a place in a time, or from where one comes to it: over roads that are open, never into a zone that
/// should not be entered.
///
/// The polygons hold every street that is reached and no other the mode may use; where a reached street leads over or under
/// another, the spot counts as reached.
#[utoipa::path(
    get, path = "/api/isochrone", tag = "roads", operation_id = "isochrone",
    params(
        PositionParameters,
        ("mode" = String, Query, description = "`car`, `truck` or `foot`, as for a route", example = "foot"),
        ("minutes" = String, Query, description = "One time or up to six, separated by commas; above 0, up to 120",
            example = "5,10,15"),
        ("direction" = Option<String>, Query, description = "`from` the place, where not given, or `to` it"),
        ("hazard" = Option<String>, Query, description = "The hazard kind whose zones count; all kinds where not given, \
            `none` for closures only", example = "flood"),
        LangParameter,
    ),
    responses(
        (status = 200, description = "The areas", body = IsochroneAnswer),
        (status = 400, description = "A parameter is missing, wrong, repeated or unknown, or there are no roads",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "`no_road_near`: the place is far from any road",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn isochrone(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Strict(query): Strict<IsochroneQuery>,
    Language(lang): Language,
    asked: Asked,
) -> Answer {
    let work = move || Representation::json(&answer(&world, &query, lang)?, Caching::Never);
    let body = app.long_work.run(work).await??;
    Ok(body.in_language(lang).answer_compressing(&asked))
}

fn answer(world: &World, query: &IsochroneQuery, lang: Lang) -> Result<IsochroneAnswer, Problem> {
    let roads = roads(world)?;
    let purpose = match query.direction {
        Direction::Forward => Purpose::Start,
        Direction::Backward => Purpose::Goal,
    };
    let weights = roads.weights(query.mode, query.concern);
    let snap = roads
        .router()
        .snap(weights, query.position, purpose, Metres(SNAP_LIMIT_M));
    let snap = snap.map_err(|far| no_road_near(&far, "lon"))?;
    let mut safe = true;
    let mut feature = |minutes: &f64| feature(roads, query, snap.place, *minutes, &mut safe);
    let features = query.minutes.iter().map(&mut feature).collect();
    Ok(IsochroneAnswer {
        r#type: CollectionWord::FeatureCollection,
        notice: (!safe).then(|| IsochroneNotice {
            code: "starts_in_danger",
            title: messages::text(lang, "notice.starts_in_danger.title", &[]),
            detail: messages::text(lang, "notice.starts_in_danger.detail", &[]),
        }),
        features,
        safe,
        snap_m: rounded(snap.distance.0),
        synthetic: roads.is_synthetic(),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    })
}

fn feature(roads: &Roads, query: &IsochroneQuery, place: Place, minutes: f64, safe: &mut bool) -> IsochroneFeature {
    let within = Seconds(minutes * 60.0);
    let reach = roads.reach(query.mode, query.concern, place, within, query.direction);
    *safe &= reach.safe;
    let weights = roads.weights(query.mode, query.concern);
    let (drawn, length) = area(roads.router(), weights, &reach);
    IsochroneFeature {
        r#type: FeatureWord::Feature,
        geometry: AnyGeometry::new(&drawn.into(), query.datum),
        properties: IsochroneProperties {
            minutes,
            mode: query.mode.as_str(),
            direction: match query.direction {
                Direction::Forward => "from",
                Direction::Backward => "to",
            },
            reached_m: rounded(length.0),
            junctions: reach.nodes.len(),
        },
    }
}
