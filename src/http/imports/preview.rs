//! `POST /api/imports/{id}/preview`: an import worked out and not carried out.

use std::sync::Arc;

use axum::{body::Body, extract::State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::{
        App,
        error::{Problem, ProblemDocument},
        language::{self, LangParameter, Language},
        path::{Answer, Segments},
        query::{FromQuery, Strict, Values},
        representation::{Asked, Caching, Representation},
    },
    drafts::Place,
    list::DraftParameter,
    options::Options,
    problems::problem_of,
    report,
    sample::{Sample, SampleAnswer},
    turn::take_turn,
};
use crate::{catalog::readers::Progress, import::Job, messages::Lang};

/// Which language the features' names are wanted in.
#[derive(Debug)]
pub(in crate::http) struct InLanguage;

impl FromQuery for InLanguage {
    const NAMES: &'static [&'static str] = &["lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values)?;
        Ok(Self)
    }
}

/// What an import would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreview)]
pub(super) struct PreviewAnswer {
    /// The report of a dry run, as the command line writes it; `stopped` says whether a finding would stop the import.
    #[schema(value_type = Object)]
    report: Value,
    /// Whether lists of the report were cut; the whole report has them.
    report_cut: bool,
    /// Features to look at, WGS 84.
    features: SampleAnswer,
    /// Whether there are more features than these.
    truncated: bool,
}

/// What the import of an uploaded file would do: its report, and features to look at on a map. Takes as long as the
/// import; one is worked on at a time.
#[utoipa::path(
    post, path = "/api/imports/{id}/preview", tag = "imports", operation_id = "import_preview",
    security(("operator" = [])),
    params(DraftParameter, LangParameter),
    request_body = Options,
    responses(
        (status = 200, description = "What it would do", body = PreviewAnswer),
        (status = 400, description = "The body is not what it should be", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 401, description = "The operator's token is missing or wrong", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 403, description = "No operator's token is set on the server", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "There is no such file, or no longer", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 409, description = "Another import is being worked on, or the pack does not allow it",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The file cannot be imported like this", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn preview(
    State(app): State<Arc<App>>,
    Segments(id): Segments<String>,
    Strict(InLanguage): Strict<InLanguage>,
    Language(lang): Language,
    asked: Asked,
    body: Body,
) -> Answer {
    let draft = app.drafts.find(&id)?;
    let options = Options::read(&app, body).await?;
    let time_zone = app.world().region.manifest.time_zone.clone();
    let mut job = options.job(draft.place(), &app.config.world.region, &time_zone)?;
    job.dry_run = true;
    let answer = take_turn(&app, move || work_out(&job, draft.place(), lang)).await?;
    Ok(Representation::json(&answer, Caching::Never)?.answer_compressing(&asked))
}

fn work_out(job: &Job, place: &Place, lang: Lang) -> Result<PreviewAnswer, Problem> {
    let failed = |error| problem_of(&error, place);
    let prepared = job.prepare(&Progress::default()).map_err(failed)?;
    let sample = Sample::of(&prepared, lang).map_err(Problem::internal)?;
    // Of a dry run nothing is left but its report.
    let shown = report::keep(prepared.commit().map_err(failed)?, place)?;
    Ok(PreviewAnswer {
        report: shown.report,
        report_cut: shown.cut,
        truncated: sample.is_truncated(),
        features: sample.answer(),
    })
}
