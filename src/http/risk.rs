//! `GET /api/risk`: what threatens a point.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    app::Snapshot,
    error::{Problem, ProblemDocument},
    language::{self, LangParameter, Language},
    path::Answer,
    position::{self, PositionParameters},
    query::{FromQuery, Strict, Values},
    representation::{Asked, Caching, Representation},
};
use crate::{
    catalog::HazardKind,
    geometry::{Datum, LonLat},
    hazards::{Band, Threat},
    messages::{self, Lang, Names},
    world::World,
};

/// What is asked.
#[derive(Debug)]
pub(super) struct RiskQuery {
    /// As given, in the datum.
    position: LonLat,
    datum: Datum,
}

impl FromQuery for RiskQuery {
    const NAMES: &'static [&'static str] = &["lon", "lat", "datum", "lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        Ok(Self {
            position: position::required(values)?,
            datum: position::datum(values)?,
        })
    }
}

/// What threatens the point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Risk)]
pub(super) struct RiskAnswer<'a> {
    /// Longitude as asked, degrees.
    lon: f64,
    /// Latitude as asked, degrees.
    lat: f64,
    /// Datum of the position.
    datum: Datum,
    /// One for each zone over the point, most severe first. Empty means that nothing is mapped here, not that it is safe.
    hazards: &'a [HazardAnswer<'a>],
    /// The most severe of them.
    highest: Option<&'a HazardAnswer<'a>>,
    /// Version of the data the answer was computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A hazard zone over the point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hazard)]
struct HazardAnswer<'a> {
    kind: HazardKind,
    /// The kind in the answer's language.
    #[schema(example = "Flood")]
    kind_name: String,
    /// The level as the data write it.
    #[schema(example = "3")]
    level: &'a str,
    /// The level in the answer's language.
    level_name: &'a str,
    level_names: &'a Names,
    /// Rank of the level, from 1, the lowest.
    rank: u8,
    /// How many levels the layer has.
    levels: u8,
    /// The level on a scale common to all layers.
    band: Band,
    /// The layer's colour for the level.
    #[schema(example = "#1f5fa8")]
    colour: &'a str,
    /// Whether nobody is sent to a shelter in such a zone.
    r#unsafe: bool,
    /// How deep the water is in the zone, metres, where the data say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    depth_m: Option<f64>,
    layer: &'a str,
    layer_names: &'a Names,
    /// Id of the zone in its layer.
    zone: Cow<'a, str>,
    zone_name: Option<Cow<'a, str>>,
    source: &'a str,
    vintage: &'a str,
    licence: &'a str,
    /// Whether the zone is made up.
    synthetic: bool,
    /// What to do, in the answer's language.
    advice: String,
}

/// Risk at a point: every mapped hazard zone over it. Edges of zones count as inside.
#[utoipa::path(
    get, path = "/api/risk", tag = "answers", operation_id = "risk",
    params(PositionParameters, LangParameter),
    responses(
        (status = 200, description = "The zones over the point", body = RiskAnswer),
        (status = 400, description = "A parameter is missing, wrong, repeated or unknown", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn risk(
    Snapshot(world): Snapshot,
    Strict(query): Strict<RiskQuery>,
    Language(lang): Language,
    asked: Asked,
) -> Answer {
    let body = written(&world, &query, lang)?;
    Ok(body.in_language(lang).answer_compressing(&asked))
}

fn written(world: &World, query: &RiskQuery, lang: Lang) -> Result<Representation, Problem> {
    let threats = world.hazards.at(query.datum.to_wgs84(query.position));
    let hazards: Vec<HazardAnswer<'_>> = threats.iter().map(|threat| hazard(threat, lang)).collect();
    let answer = RiskAnswer {
        lon: query.position.lon(),
        lat: query.position.lat(),
        datum: query.datum,
        highest: hazards.first(),
        hazards: &hazards,
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    };
    Representation::json(&answer, Caching::Never)
}

fn hazard(threat: &Threat, lang: Lang) -> HazardAnswer<'_> {
    let manifest = threat.layer.manifest();
    let level = threat.level();
    HazardAnswer {
        kind: threat.kind,
        kind_name: messages::text(lang, &format!("kind.{}", threat.kind), &[]),
        level: &level.code,
        level_name: level.names.get(lang),
        level_names: &level.names,
        rank: threat.rank,
        levels: threat.levels,
        band: threat.band,
        colour: &level.colour,
        r#unsafe: threat.is_unsafe,
        depth_m: threat.layer.depth_m(threat.row),
        layer: manifest.id.as_str(),
        layer_names: &manifest.names,
        zone: threat.zone_id(),
        zone_name: threat.zone_name(lang),
        source: &manifest.source,
        vintage: &manifest.vintage,
        licence: &manifest.licence,
        synthetic: threat.layer.is_synthetic(threat.row),
        advice: threat.advice(lang),
    }
}
