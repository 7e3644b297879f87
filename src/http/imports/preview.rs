//! `POST /api/imports/{id}/preview`: an import worked out and not carried out.

use std::sync::Arc;

use axum::{body::Body, extract::State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::{
        App,
        error::Problem,
        language::{InLanguage, LangParameter, Language},
        path::{Answer, Segments},
        query::Strict,
        representation::{Asked, Caching, Representation},
    },
    list::DraftParameter,
    options::Options,
    order::{NotDone, NotLetIn, Order},
    report,
    sample::{Sample, SampleAnswer},
    turn::take_turn,
};
use crate::messages::Lang;

/// What an import would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreview)]
pub(super) struct PreviewAnswer {
    /// The report of a dry run, as the command line writes it; `stopped` says whether a finding would stop the import.
    /// What findings and refused rows say is in the answer's language, and in both beside it (`messages`, `reasons`).
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
        NotLetIn,
        NotDone,
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
    let mut order = Order::read(&app, &id, body).await?;
    order.job.dry_run = true;
    let answer = take_turn(&app, move || work_out(&order, lang)).await?;
    Ok(Representation::json(&answer, Caching::Never)?.answer_compressing(&asked))
}

fn work_out(order: &Order, lang: Lang) -> Result<PreviewAnswer, Problem> {
    let prepared = order.prepare()?;
    let sample = Sample::of(&prepared, lang).map_err(Problem::internal)?;
    // Of a dry run nothing is left but its report.
    let shown = report::keep(order.told(prepared.commit())?, order.place(), lang)?;
    Ok(PreviewAnswer {
        report: shown.report,
        report_cut: shown.cut,
        truncated: sample.is_truncated(),
        features: sample.answer(),
    })
}
