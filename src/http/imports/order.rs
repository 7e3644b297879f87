//! What an operator orders: an uploaded file and what is to be done with it. The beginning of a preview and of an import,
//! and how the routes here refuse.

use axum::body::Body;

use super::{
    super::{
        App,
        error::{Problem, ProblemDocument},
    },
    drafts::{Draft, Place},
    options::Options,
    problems::problem_of,
};
use crate::{
    catalog::readers::Progress,
    import::{ImportError, Job, Prepared},
};

/// An uploaded file, and the job that the operator's options make of it.
pub(super) struct Order {
    draft: Draft,
    /// What is to be done.
    pub(super) job: Job,
}

impl Order {
    /// Finds the file and reads the options.
    pub(super) async fn read(app: &App, id: &str, body: Body) -> Result<Self, Problem> {
        let draft = app.drafts.find(id)?;
        let options = Options::read(app, body).await?;
        let time_zone = app.world().region.manifest.time_zone.clone();
        let job = options.job(draft.place(), &app.config.world.region, &time_zone)?;
        Ok(Self { draft, job })
    }

    /// Where the file lies.
    pub(super) fn place(&self) -> &Place {
        self.draft.place()
    }

    /// Reads the file and works the import out.
    pub(super) fn prepare(&self) -> Result<Prepared, Problem> {
        self.told(self.job.prepare(&Progress::default()))
    }

    /// What the import says, as a problem where it fails.
    pub(super) fn told<T>(&self, result: Result<T, ImportError>) -> Result<T, Problem> {
        result.map_err(|error| problem_of(&error, self.place()))
    }
}

/// How those are answered who are not let in.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "describes answers that are written at the border")]
pub(in crate::http) enum NotLetIn {
    #[response(
        status = 401,
        description = "The operator's token is missing or wrong",
        content_type = "application/problem+json"
    )]
    Unauthorized(ProblemDocument),
    #[response(
        status = 403,
        description = "No operator's token is set on the server",
        content_type = "application/problem+json"
    )]
    Forbidden(ProblemDocument),
}

/// How orders are answered that cannot be read or carried out, beside [`NotLetIn`].
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "describes answers that are written at the border")]
pub(super) enum NotDone {
    #[response(
        status = 400,
        description = "The body is not what it should be",
        content_type = "application/problem+json"
    )]
    BadRequest(ProblemDocument),
    #[response(
        status = 404,
        description = "There is no such file, or no longer",
        content_type = "application/problem+json"
    )]
    NotFound(ProblemDocument),
    #[response(
        status = 409,
        description = "A finding stops it, another import is being worked on, or the pack does not allow it",
        content_type = "application/problem+json"
    )]
    Conflict(ProblemDocument),
    #[response(
        status = 422,
        description = "The file cannot be imported like this; `choices` has what to choose from where something must be said",
        content_type = "application/problem+json"
    )]
    Unprocessable(ProblemDocument),
}
