//! `GET /api/shelters/nearest`: where to go, now.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::properties::{ShelterFeature, name, names, rounded};
use crate::{
    catalog::HazardKind,
    geometry::{Datum, LonLat},
    hazards::Threat,
    http::{
        App,
        app::Snapshot,
        error::{Code, Problem, ProblemDocument},
        language::{self, LangParameter, Language},
        path::Answer,
        position::{self, PositionParameters, shown},
        query::{FromQuery, Strict, Values},
        representation::{Asked, Caching, Representation},
        roads::no_road_near,
    },
    messages::{self, Lang, Names},
    routing::Mode,
    shelters::{Candidate, MAX_K, Nearest, NearestQuery, Reason, Refused, Status},
    units::Metres,
    world::{Concern, World},
};

const DEFAULT_K: usize = 3;

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read by hand")]
struct NearestParameters {
    /// How many shelters are wanted; 3 where not given.
    #[param(minimum = 1, maximum = 50)]
    k: Option<usize>,
    /// The hazard to be safe from: only shelters suited to it and outside its unsafe zones are answered.
    #[param(inline)]
    hazard: Option<HazardKind>,
    /// How distance is measured; `line` where not given. `foot` and `car` need a road network.
    #[param(inline)]
    by: Option<By>,
    /// Whether full and closed shelters count as usable; `false` where not given.
    include_closed: Option<bool>,
}

/// How distance is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    /// Straight line on the ellipsoid.
    Line,
    /// On foot along roads.
    Foot,
    /// By car along roads.
    Car,
}

/// What is asked.
#[derive(Debug)]
pub(in crate::http) struct Query {
    position: LonLat,
    datum: Datum,
    k: usize,
    hazard: Option<HazardKind>,
    by: By,
    include_closed: bool,
}

impl FromQuery for Query {
    const NAMES: &'static [&'static str] = &["lon", "lat", "k", "hazard", "by", "include_closed", "datum", "lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        let kinds: Vec<(&str, HazardKind)> = HazardKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
        Ok(Self {
            position: position::required(values)?,
            datum: position::datum(values)?,
            k: values.whole_number("k", 1..=MAX_K)?.unwrap_or(DEFAULT_K),
            hazard: values.word("hazard", &kinds)?,
            by: values
                .word("by", &[("line", By::Line), ("foot", By::Foot), ("car", By::Car)])?
                .unwrap_or(By::Line),
            include_closed: values
                .word("include_closed", &[("true", true), ("false", false)])?
                .unwrap_or(false),
        })
    }
}

/// Usable shelters, soonest first, with an account of the nearer ones left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Nearest)]
pub(in crate::http) struct NearestAnswer<'a> {
    r#type: CollectionType,
    /// Usable shelters, nearest first; by road those to be come to without danger before all others.
    features: Vec<ShelterFeature<'a>>,
    /// Nearer than the last feature and usable, but nobody has said whether they suit the hazard; at most 50.
    unverified: Vec<ShelterFeature<'a>>,
    /// Nearer than the last feature and left out, with the reason; at most 50.
    refused: Vec<RefusedAnswer>,
    /// How many more were left out beyond those listed.
    refused_more: usize,
    /// What to do where no shelter is known to be usable.
    notice: Option<Notice>,
    query: QueryAnswer,
    /// Version of the data the answer was computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

#[derive(Debug, Serialize, ToSchema)]
enum CollectionType {
    FeatureCollection,
}

/// What was asked, with defaults filled in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearestQuery)]
struct QueryAnswer {
    lon: f64,
    lat: f64,
    k: usize,
    hazard: Option<HazardKind>,
    by: By,
    include_closed: bool,
    datum: Datum,
    /// From the position to the road, metres; with `by=foot` and `by=car`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    snap_m: Option<f64>,
}

/// A nearer shelter that was left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refused)]
struct RefusedAnswer {
    id: String,
    name: String,
    names: Names,
    lon: f64,
    lat: f64,
    distance_m: f64,
    reason: RefusalReason,
    /// The reason in words, in the answer's language.
    detail: String,
    /// The zone it lies in; with `in_zone`.
    zone: Option<ZoneOver>,
    /// Its status; with `status`.
    status: Option<Status>,
}

/// Why a nearer shelter was left out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RefusalReason {
    /// It lies in a zone of the hazard whose level is unsafe.
    InZone,
    /// It does not suit the hazard.
    NotSuited,
    /// Its status is not usable.
    Status,
    /// No way by road leads there.
    Unreachable,
}

/// The zone a shelter lies in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Zone)]
struct ZoneOver {
    layer: String,
    zone: String,
    kind: HazardKind,
    level: String,
    level_name: String,
    rank: u8,
}

/// What to do where no shelter is known to be usable.
#[derive(Debug, Serialize, ToSchema)]
struct Notice {
    code: NoticeCode,
    title: String,
    detail: String,
    /// The number to call.
    duty_phone: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NoticeCode {
    NoOpenShelter,
}

/// The nearest shelters that may be used, and why nearer ones were left out.
///
/// Usable are shelters whose status is open, standby or unknown (and shown so). With `hazard`, they are suited to it and
/// outside its unsafe zones.
#[utoipa::path(
    get, path = "/api/shelters/nearest", tag = "answers", operation_id = "nearest_shelters",
    params(PositionParameters, NearestParameters, LangParameter),
    responses(
        (status = 200, description = "Usable shelters, nearest first; none is an answer too, with a notice",
            body = NearestAnswer),
        (status = 400, description = "A parameter is missing, wrong, repeated or unknown, or `by` needs roads",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "`no_road_near`: the position is far from any road that `by` needs",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn nearest(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Strict(query): Strict<Query>,
    Language(lang): Language,
    asked: Asked,
) -> Answer {
    let by = query.by;
    let written = move || Representation::json(&answer(&world, &query, lang)?, Caching::Never);
    let body = match by {
        By::Line => written()?,
        // The first to ask under a new situation has the weights made.
        By::Foot | By::Car => app.searches.run(written).await??,
    };
    Ok(body.in_language(lang).answer_compressing(&asked))
}

/// The nearest as asked, and how far the position lies from the road where that counts.
fn find<'a>(world: &'a World, query: &Query) -> Result<(Nearest<'a>, Option<Metres>), Problem> {
    let asked = NearestQuery {
        position: query.datum.to_wgs84(query.position),
        k: query.k,
        hazard: query.hazard,
        include_closed: query.include_closed,
    };
    let mode = match query.by {
        By::Line => return Ok((world.shelters.nearest(&asked), None)),
        By::Foot => Mode::Foot,
        By::Car => Mode::Car,
    };
    let concern = query.hazard.map_or(Concern::Any, Concern::Kind);
    let found = world.nearest_by_road(&asked, mode, concern);
    let found = found.ok_or_else(|| Problem::new(Code::RoadsNotLoaded).about("by"))?;
    let by_road = found.map_err(|far| no_road_near(&far, "lon"))?;
    Ok((by_road.nearest, Some(by_road.snap)))
}

fn answer<'a>(world: &'a World, query: &Query, lang: Lang) -> Result<NearestAnswer<'a>, Problem> {
    let (nearest, snap) = find(world, query)?;
    let features = |candidates: &[Candidate<'a>]| {
        let feature = |candidate: &Candidate<'a>| ShelterFeature::of_candidate(candidate, query.datum, lang);
        candidates.iter().map(feature).collect()
    };
    Ok(NearestAnswer {
        r#type: CollectionType::FeatureCollection,
        features: features(&nearest.found),
        unverified: features(&nearest.unverified),
        refused: nearest
            .refused
            .iter()
            .map(|refused| refusal(refused, query, lang))
            .collect(),
        refused_more: nearest.refused_more,
        notice: nearest.found.is_empty().then(|| notice(world, query.hazard, lang)),
        query: QueryAnswer {
            lon: query.position.lon(),
            lat: query.position.lat(),
            k: query.k,
            hazard: query.hazard,
            by: query.by,
            include_closed: query.include_closed,
            datum: query.datum,
            snap_m: snap.map(|snap| rounded(snap.0, 1e3)),
        },
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    })
}

fn refusal(refused: &Refused<'_>, query: &Query, lang: Lang) -> RefusedAnswer {
    let shelter = refused.candidate.shelter;
    let [lon, lat] = shown(shelter.position(), query.datum);
    let kind_name = query.hazard.map_or_else(String::new, |kind| kind_name(kind, lang));
    let (reason, detail) = match &refused.reason {
        Reason::InZone(threat) => {
            let words = [("kind", kind_name.as_str()), ("level", threat.level().names.get(lang))];
            (RefusalReason::InZone, messages::text(lang, "refused.in_zone", &words))
        }
        Reason::NotSuited => {
            let words = [("kind", kind_name.as_str())];
            (
                RefusalReason::NotSuited,
                messages::text(lang, "refused.not_suited", &words),
            )
        }
        Reason::Status => {
            let status = messages::text(lang, &format!("status.{}", shelter.status()), &[]);
            let words = [("status", status.as_str())];
            (RefusalReason::Status, messages::text(lang, "refused.status", &words))
        }
        Reason::Unreachable => (
            RefusalReason::Unreachable,
            messages::text(lang, "refused.unreachable", &[]),
        ),
    };
    RefusedAnswer {
        id: shelter.id().to_owned(),
        name: name(shelter, lang).into_owned(),
        names: names(shelter),
        lon,
        lat,
        distance_m: rounded(refused.candidate.distance.0, 1e3),
        zone: match &refused.reason {
            Reason::InZone(threat) => Some(zone(threat, lang)),
            Reason::NotSuited | Reason::Status | Reason::Unreachable => None,
        },
        status: matches!(refused.reason, Reason::Status).then(|| shelter.status()),
        reason,
        detail,
    }
}

fn zone(threat: &Threat, lang: Lang) -> ZoneOver {
    ZoneOver {
        layer: threat.layer.id().to_string(),
        zone: threat.zone_id().into_owned(),
        kind: threat.kind,
        level: threat.level().code.clone(),
        level_name: threat.level().names.get(lang).to_owned(),
        rank: threat.rank,
    }
}

fn notice(world: &World, hazard: Option<HazardKind>, lang: Lang) -> Notice {
    let detail = match hazard {
        None => messages::text(lang, "notice.no_open_shelter.detail", &[]),
        Some(kind) => {
            let kind = kind_name(kind, lang);
            messages::text(lang, "notice.no_open_shelter.detail_hazard", &[("kind", &kind)])
        }
    };
    Notice {
        code: NoticeCode::NoOpenShelter,
        title: messages::text(lang, "notice.no_open_shelter.title", &[]),
        detail,
        duty_phone: world.region.manifest.duty_phone.clone(),
    }
}

fn kind_name(kind: HazardKind, lang: Lang) -> String {
    messages::text(lang, &format!("kind.{kind}"), &[])
}
