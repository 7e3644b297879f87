//! `GET /api/shelters/{id}`: one shelter with where each field comes from.

use serde::Serialize;
use utoipa::ToSchema;

use super::properties::ShelterFeature;
use crate::{
    geometry::Datum,
    http::{
        app::Snapshot,
        error::{Code, Problem, ProblemDocument},
        language::{self, LangParameter, Language},
        path::{Answer, Segments},
        position::{self, DatumParameter},
        query::{FromQuery, Strict, Values},
        representation::{Asked, Caching, Representation},
    },
};

/// What is asked.
#[derive(Debug)]
pub(in crate::http) struct Query {
    datum: Datum,
}

impl FromQuery for Query {
    const NAMES: &'static [&'static str] = &["datum", "lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        Ok(Self {
            datum: position::datum(values)?,
        })
    }
}

/// A shelter and its record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShelterRecord)]
pub(in crate::http) struct ShelterAnswer<'a> {
    #[serde(flatten)]
    feature: ShelterFeature<'a>,
    /// Version of the data the answer was computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

/// One shelter, with time and source of every known field.
#[utoipa::path(
    get, path = "/api/shelters/{id}", tag = "answers", operation_id = "shelter",
    params(("id" = String, Path, description = "Id of the shelter"), DatumParameter, LangParameter),
    responses(
        (status = 200, description = "The shelter", body = ShelterAnswer,
            headers(("ETag" = String, description = "Strong entity tag"))),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "A parameter is wrong, repeated or unknown", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "There is no such shelter", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn shelter(
    Snapshot(world): Snapshot,
    Segments(id): Segments<String>,
    Strict(query): Strict<Query>,
    Language(lang): Language,
    asked: Asked,
) -> Answer {
    let Some(shelter) = world.shelters.get(&id) else {
        return Err(Problem::new(Code::UnknownShelter).with("id", id));
    };
    let answer = ShelterAnswer {
        feature: ShelterFeature::with_record(shelter, query.datum, lang),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    };
    let body = Representation::json(&answer, Caching::Revalidate)?;
    Ok(body.in_language(lang).answer_compressing(&asked))
}
