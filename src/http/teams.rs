//! `GET /api/teams/nearest`: which rescue teams come to a place soonest.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    app::Snapshot,
    error::{Code, Problem, ProblemDocument},
    language::{self, LangParameter, Language},
    path::Answer,
    position::{self, PointGeometry, PositionParameters, shown},
    query::{FromQuery, Strict, Values, shortened},
    representation::{Asked, Caching, Representation},
    roads::{concern, mode_if_given, mode_name, no_road_near, roads, rounded},
};
use crate::{
    geometry::{Datum, LonLat},
    messages::{self, Lang, Names},
    rescue::{MAX_K, Team},
    routing::{Mode, snap::SNAP_LIMIT_M},
    world::{ComingTeam, Concern, HinderedTeam, Hindrance, NearestTeams, TeamsQuery, World},
};

const DEFAULT_K: usize = 3;

/// The most characters of the id of a park.
const MOST_PARK_CHARS: usize = 200;

/// What is asked.
#[derive(Debug)]
pub(super) struct Query {
    /// As given, in the datum.
    position: LonLat,
    datum: Datum,
    k: usize,
    mode: Mode,
    concern: Concern,
    serves: Option<String>,
}

impl FromQuery for Query {
    const NAMES: &'static [&'static str] = &["lon", "lat", "k", "mode", "hazard", "serves", "datum", "lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        let park = || values.required_text("serves", MOST_PARK_CHARS).map(str::to_owned);
        Ok(Self {
            position: position::required(values)?,
            datum: position::datum(values)?,
            k: values.whole_number("k", 1..=MAX_K)?.unwrap_or(DEFAULT_K),
            mode: mode_if_given(values)?.unwrap_or(Mode::Car),
            concern: concern(values)?,
            serves: values.text("serves").map(|_| park()).transpose()?,
        })
    }
}

/// Rescue teams, soonest first, with an account of those that cannot come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearestTeams)]
pub(super) struct TeamsAnswer {
    r#type: CollectionType,
    /// Teams that can come, soonest first. Those that come without danger stand before all others, and of these others the one
    /// that comes with the least danger.
    features: Vec<TeamFeature>,
    /// Teams that cannot come at all, the nearest in a straight line first; at most 50.
    unreachable: Vec<UnreachableTeam>,
    /// How many more cannot come beyond those listed.
    unreachable_more: usize,
    /// What to do where no team can come.
    notice: Option<TeamNotice>,
    query: QueryAnswer,
    /// Version of the data the answer was computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TeamCollection)]
enum CollectionType {
    FeatureCollection,
}

/// A rescue team that can come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Team)]
struct TeamFeature {
    r#type: FeatureType,
    #[schema(example = "350181-T1")]
    id: String,
    /// Where it is stationed.
    geometry: PointGeometry,
    properties: TeamProperties,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TeamFeatureType)]
enum FeatureType {
    Feature,
}

/// What is known about a rescue team, and its way to the place. Null means that nobody has said.
#[derive(Debug, Serialize, ToSchema)]
struct TeamProperties {
    id: String,
    layer: String,
    /// The name in the answer's language; the id where it has none.
    name: String,
    names: Names,
    /// What it is trained for.
    specialty: Option<String>,
    phone: Option<String>,
    /// Id of the chemical park it belongs to.
    serves: Option<String>,
    /// Length of its way to the place along roads, metres.
    distance_m: f64,
    /// How long it takes to the place by road, seconds.
    duration_s: f64,
    /// Whether its way leads through no zone that should not be entered.
    safe: bool,
    /// Whether the record is made up.
    synthetic: bool,
}

/// A rescue team that cannot come.
#[derive(Debug, Serialize, ToSchema)]
struct UnreachableTeam {
    id: String,
    layer: String,
    /// The name in the answer's language; the id where it has none.
    name: String,
    names: Names,
    lon: f64,
    lat: f64,
    reason: UnreachableReason,
    /// The reason in words, in the answer's language.
    detail: String,
}

/// Why a team cannot come.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum UnreachableReason {
    /// No way by road leads from it to the place: the roads do not connect, or what connects them is closed.
    NoWay,
    /// It is stationed farther from any open road than a way can begin.
    FarFromRoad,
}

/// What to do where no team can come.
#[derive(Debug, Serialize, ToSchema)]
struct TeamNotice {
    code: TeamNoticeCode,
    title: String,
    detail: String,
    /// The number to call.
    duty_phone: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TeamNoticeCode {
    NoTeam,
}

/// What was asked, with defaults filled in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearestTeamsQuery)]
struct QueryAnswer {
    lon: f64,
    lat: f64,
    k: usize,
    #[schema(value_type = String, example = "car")]
    mode: &'static str,
    /// The hazard kind whose zones count on the way; `any` or `none`.
    #[schema(value_type = String, example = "any")]
    hazard: &'static str,
    serves: Option<String>,
    datum: Datum,
    /// From the position to the road, metres.
    snap_m: f64,
}

/// The rescue teams that come to a place soonest by road, obeying closures, one-way streets and turn restrictions on the way there;
/// through a zone that should not be entered only where there is no other way.
#[utoipa::path(
    get, path = "/api/teams/nearest", tag = "answers", operation_id = "nearest_teams",
    params(
        PositionParameters,
        ("k" = Option<usize>, Query, minimum = 1, maximum = 50, description = "How many teams are wanted; 3 where not given"),
        ("mode" = Option<String>, Query, description = "`car`, where not given, `truck` or `foot`", example = "truck"),
        ("hazard" = Option<String>, Query, description = "The hazard kind whose zones count on the way; `any`, where not \
            given, or `none` for closures only", example = "chemical"),
        ("serves" = Option<String>, Query, description = "Id of a chemical park: only teams that belong to it"),
        LangParameter,
    ),
    responses(
        (status = 200, description = "Rescue teams, soonest first; none is an answer too, with a notice",
            body = TeamsAnswer),
        (status = 400, description = "A parameter is missing, wrong, repeated or unknown, or there are no roads",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "`no_road_near`: the place is far from any road; `unknown_park`: `serves` is the id \
            of no park", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn nearest_teams(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Strict(query): Strict<Query>,
    Language(lang): Language,
    asked: Asked,
) -> Answer {
    // The first to ask under a new situation has the weights made.
    let answer = app.searches.run(move || answer(&world, &query, lang)).await??;
    let body = Representation::json(&answer, Caching::Never)?;
    Ok(body.in_language(lang).answer_compressing(&asked))
}

fn answer(world: &World, query: &Query, lang: Lang) -> Result<TeamsAnswer, Problem> {
    roads(world)?;
    if let Some(park) = query.serves.as_deref().filter(|park| !world.teams.knows_park(park)) {
        let unknown = Problem::new(Code::UnknownPark).about("serves");
        return Err(unknown.with("id", shortened(park)));
    }
    let asked = TeamsQuery {
        position: query.datum.to_wgs84(query.position),
        k: query.k,
        serves: query.serves.as_deref(),
    };
    let found = world.nearest_teams(asked, query.mode, query.concern);
    // There are roads: that was looked at first.
    let found = found.ok_or_else(|| Problem::new(Code::RoadsNotLoaded).saying("route"))?;
    let nearest = found.map_err(|far| no_road_near(&far, "lon"))?;
    Ok(TeamsAnswer {
        r#type: CollectionType::FeatureCollection,
        features: nearest
            .coming
            .iter()
            .map(|coming| feature(coming, query.datum, lang))
            .collect(),
        unreachable: nearest
            .unreachable
            .iter()
            .map(|hindered| unreachable(hindered, query, lang))
            .collect(),
        unreachable_more: nearest.unreachable_more,
        notice: nearest.coming.is_empty().then(|| notice(world, query, &nearest, lang)),
        query: QueryAnswer {
            lon: query.position.lon(),
            lat: query.position.lat(),
            k: query.k,
            mode: query.mode.as_str(),
            hazard: query.concern.as_str(),
            serves: query.serves.clone(),
            datum: query.datum,
            snap_m: rounded(nearest.snap.0),
        },
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    })
}

fn feature(coming: &ComingTeam<'_>, datum: Datum, lang: Lang) -> TeamFeature {
    let (team, way) = (coming.team, coming.way);
    TeamFeature {
        r#type: FeatureType::Feature,
        id: team.id().to_owned(),
        geometry: PointGeometry::new(team.position(), datum),
        properties: TeamProperties {
            id: team.id().to_owned(),
            layer: team.layer().id().to_string(),
            name: name(team, lang),
            names: names(team),
            specialty: team.specialty().map(Into::into),
            phone: team.phone().map(Into::into),
            serves: team.serves().map(Into::into),
            distance_m: rounded(way.distance.0),
            duration_s: rounded(way.duration.0),
            safe: way.safe,
            synthetic: team.is_synthetic(),
        },
    }
}

fn unreachable(hindered: &HinderedTeam<'_>, query: &Query, lang: Lang) -> UnreachableTeam {
    let team = hindered.team;
    let [lon, lat] = shown(team.position(), query.datum);
    let (reason, key) = match hindered.hindrance {
        Hindrance::NoWay => (UnreachableReason::NoWay, "hindered.no_way"),
        Hindrance::FarFromRoad => (UnreachableReason::FarFromRoad, "hindered.far_from_road"),
    };
    let words = [
        ("mode", &*mode_name(query.mode, lang)),
        ("limit", &*SNAP_LIMIT_M.to_string()),
    ];
    UnreachableTeam {
        id: team.id().to_owned(),
        layer: team.layer().id().to_string(),
        name: name(team, lang),
        names: names(team),
        lon,
        lat,
        reason,
        detail: messages::text(lang, key, &words),
    }
}

fn notice(world: &World, query: &Query, nearest: &NearestTeams<'_>, lang: Lang) -> TeamNotice {
    let key = match (&query.serves, nearest.unreachable.is_empty()) {
        (None, false) => "notice.no_team.detail",
        (None, true) => "notice.no_team.detail_none",
        (Some(_), false) => "notice.no_team.detail_park",
        (Some(_), true) => "notice.no_team.detail_park_none",
    };
    TeamNotice {
        code: TeamNoticeCode::NoTeam,
        title: messages::text(lang, "notice.no_team.title", &[]),
        detail: messages::text(lang, key, &[("mode", &mode_name(query.mode, lang))]),
        duty_phone: world.region.manifest.duty_phone.clone(),
    }
}

/// The name in a language; the id where it has none.
fn name(team: &Team, lang: Lang) -> String {
    team.name(lang).map_or_else(|| team.id().to_owned(), Into::into)
}

fn names(team: &Team) -> Names {
    Names {
        zh: name(team, Lang::Zh),
        en: name(team, Lang::En),
    }
}
