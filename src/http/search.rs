//! `GET /api/search`: places, shelters and parks by name.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    app::Snapshot,
    error::{Problem, ProblemDocument},
    language::{self, LangParameter, Language},
    path::Answer,
    position::{self, corners, shown},
    query::{FromQuery, Strict, Values},
    representation::{Asked, Caching, Representation},
};
use crate::{
    catalog::Role,
    geometry::{Datum, LonLat},
    messages::{Lang, Names},
    search::{Hit, MAX_QUERY_CHARS},
    world::World,
};

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 50;

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read by hand")]
struct SearchParameters {
    /// What is looked for: Chinese, pinyin (with or without spaces), English, or a code.
    #[param(max_length = 100, example = "fuzhou")]
    q: String,
    /// The most results wanted; 10 where not given.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<usize>,
    /// Longitude near which results are preferred, WGS 84 degrees; goes with `lat`.
    #[param(minimum = -180, maximum = 180)]
    lon: Option<f64>,
    /// Latitude near which results are preferred, WGS 84 degrees; goes with `lon`.
    #[param(minimum = -90, maximum = 90)]
    lat: Option<f64>,
}

/// What is asked.
#[derive(Debug)]
pub(super) struct SearchQuery {
    text: String,
    limit: usize,
    near: Option<LonLat>,
}

impl FromQuery for SearchQuery {
    const NAMES: &'static [&'static str] = &["q", "limit", "lon", "lat", "lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        Ok(Self {
            text: values.required_text("q", MAX_QUERY_CHARS)?.to_owned(),
            limit: values.whole_number("limit", 1..=MAX_LIMIT)?.unwrap_or(DEFAULT_LIMIT),
            near: position::optional(values)?,
        })
    }
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Search)]
pub(super) struct SearchAnswer {
    /// Best first.
    results: Vec<SearchResult>,
    /// Version of the data the answer was computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A named thing.
#[derive(Debug, Serialize, ToSchema)]
struct SearchResult {
    layer: String,
    role: Role,
    id: String,
    /// The name in the answer's language.
    name: String,
    names: Names,
    /// Where it lies, in the answer's language.
    #[schema(example = "Gulou · Fuzhou")]
    detail: Option<String>,
    /// Longitude, WGS 84 degrees.
    lon: f64,
    /// Latitude, WGS 84 degrees.
    lat: f64,
    /// West, south, east, north; for things larger than a point.
    bbox: Option<[f64; 4]>,
    /// Whether it is made up.
    synthetic: bool,
}

/// Search for places, shelters, parks and teams by Chinese, pinyin or English.
#[utoipa::path(
    get, path = "/api/search", tag = "answers", operation_id = "search",
    params(SearchParameters, LangParameter),
    responses(
        (status = 200, description = "The best fitting names, best first; maybe none", body = SearchAnswer),
        (status = 400, description = "A parameter is missing, wrong, repeated or unknown", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn search(
    Snapshot(world): Snapshot,
    Strict(query): Strict<SearchQuery>,
    Language(lang): Language,
    asked: Asked,
) -> Answer {
    let answer = answer(&world, &query, lang);
    let body = Representation::json(&answer, Caching::Never)?;
    Ok(body.in_language(lang).answer_compressing(&asked))
}

fn answer(world: &World, query: &SearchQuery, lang: Lang) -> SearchAnswer {
    let hits = world.search.find(&query.text, query.limit, query.near, lang);
    SearchAnswer {
        results: hits.into_iter().map(|hit| result(hit, lang)).collect(),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    }
}

fn result(hit: Hit, lang: Lang) -> SearchResult {
    let id = hit.layer.feature_id(hit.row).into_owned();
    let name = |lang| hit.layer.name(hit.row, lang).map_or_else(|| id.clone(), Into::into);
    let [lon, lat] = shown(hit.position, Datum::Wgs84);
    SearchResult {
        layer: hit.layer.id().to_string(),
        role: hit.layer.role(),
        name: name(lang),
        names: Names {
            zh: name(Lang::Zh),
            en: name(Lang::En),
        },
        synthetic: hit.layer.is_synthetic(hit.row),
        id,
        detail: hit.detail,
        lon,
        lat,
        bbox: hit.bbox.map(corners),
    }
}
