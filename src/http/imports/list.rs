//! `GET /api/imports`: the uploaded files; `DELETE /api/imports/{id}`: one of them is no longer wanted.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse as _,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{
        App,
        error::ProblemDocument,
        path::{Answer, Segments},
        query::{NoParameters, Strict},
        representation::{Asked, Caching, Representation},
    },
    drafts::DraftAnswer,
    order::NotLetIn,
};

/// What is there, and how much there may be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Uploads)]
pub(super) struct ListAnswer {
    uploads: Vec<DraftAnswer>,
    /// Whether an import is being worked on: another has to wait.
    busy: bool,
    /// The most bytes of a file.
    max_upload_bytes: u64,
    /// The most files at once.
    max_uploads: usize,
}

/// The uploaded files. Also tells whether a token is right.
#[utoipa::path(
    get, path = "/api/imports", tag = "imports", operation_id = "uploads",
    security(("operator" = [])),
    responses(
        (status = 200, description = "The files and the limits", body = ListAnswer),
        NotLetIn,
    )
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    Strict(NoParameters): Strict<NoParameters>,
    asked: Asked,
) -> Answer {
    let answer = ListAnswer {
        uploads: app.drafts.list(),
        busy: app.drafts.turn.available_permits() == 0,
        max_upload_bytes: app.config.limits.max_upload_bytes.0 as u64,
        max_uploads: app.config.operator.max_uploads.get(),
    };
    Ok(Representation::json(&answer, Caching::Never)?.answer(&asked))
}

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes a parameter that is read by hand")]
pub(super) struct DraftParameter {
    /// The uploaded file's id.
    id: String,
}

/// Forget an uploaded file. What was imported from it stays.
#[utoipa::path(
    delete, path = "/api/imports/{id}", tag = "imports", operation_id = "discard",
    security(("operator" = [])),
    params(DraftParameter),
    responses(
        (status = 204, description = "It is gone"),
        NotLetIn,
        (status = 404, description = "There is no such file, or no longer", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn discard(
    State(app): State<Arc<App>>,
    Segments(id): Segments<String>,
    Strict(NoParameters): Strict<NoParameters>,
) -> Answer {
    app.drafts.discard(&id)?;
    let fresh = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::NO_CONTENT, fresh).into_response())
}
