//! `POST /api/imports/{id}/accept`: an import carried out.

use std::sync::Arc;

use axum::{body::Body, extract::State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::{
        App,
        error::{Code, Problem},
        language::{InLanguage, LangParameter, Language},
        path::{Answer, Segments},
        query::Strict,
        reload::{Outcome, reload},
        representation::{Asked, Caching, Representation},
    },
    drafts::Place,
    list::DraftParameter,
    options::Options,
    order::{NotDone, NotLetIn, Order},
    report::{self, Shown},
    turn::take_turn,
};
use crate::{
    catalog::readers::Progress,
    import::{ImportError, Report},
    messages::Lang,
};

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportDone)]
pub(in crate::http) struct AcceptAnswer {
    /// The report, as the command line writes it. What findings and refused rows say is in the answer's language, and
    /// in both beside it (`messages`, `reasons`).
    #[schema(value_type = Object)]
    report: Value,
    /// Whether lists of the report were cut; the whole report has them.
    report_cut: bool,
    /// What became of loading the new pack: `failed` means that it is on the disk and the server answers from the old
    /// one; its log says why.
    reload: Outcome,
    /// Version of the data that answers are computed from now.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
}

/// Import an uploaded file: its layer is in the pack and on the map when this is answered. A finding that stops the
/// import is answered 409 with the report and changes nothing, unless the options accept it. The import goes on to its end
/// when the client leaves.
#[utoipa::path(
    post, path = "/api/imports/{id}/accept", tag = "imports", operation_id = "import_accept",
    security(("operator" = [])),
    params(DraftParameter, LangParameter),
    request_body = Options,
    responses(
        (status = 200, description = "It is in the pack", body = AcceptAnswer),
        NotLetIn,
        NotDone,
    )
)]
pub(in crate::http) async fn accept(
    State(app): State<Arc<App>>,
    Segments(id): Segments<String>,
    Strict(InLanguage): Strict<InLanguage>,
    Language(lang): Language,
    asked: Asked,
    body: Body,
) -> Answer {
    let order = Order::read(&app, &id, body).await?;
    let working = Arc::clone(&app);
    let answer = take_turn(&app, move || {
        let answer = carry_out(&working, &order, lang)?;
        working.drafts.imported(&id);
        Ok(answer)
    })
    .await?;
    Ok(Representation::json(&answer, Caching::Never)?.answer_compressing(&asked))
}

/// Keeps the report; a stopped import becomes the problem that has it.
fn keep_unless_stopped(report: Report, place: &Place, lang: Lang) -> Result<Shown, Problem> {
    let is_stopped = report.stopped;
    let (layer, kept, refused) = (report.layer.clone(), report.kept, report.refused);
    let shown = report::keep(report, place, lang)?;
    if is_stopped {
        return Err(Problem::new(Code::ImportStopped).with_report(shown.report));
    }
    tracing::info!(layer, kept, refused, "an operator imported a layer");
    Ok(shown)
}

fn carry_out(app: &App, order: &Order, lang: Lang) -> Result<AcceptAnswer, Problem> {
    let result = order.job.run(&Progress::default());
    if matches!(result, Err(ImportError::NotDurable { .. })) {
        // The new pack is there: people should see it, whatever becomes of the disk.
        reload(app);
    }
    let shown = keep_unless_stopped(order.told(result)?, order.place(), lang)?;
    let outcome = reload(app);
    let world = app.world();
    Ok(AcceptAnswer {
        report: shown.report,
        report_cut: shown.cut,
        reload: outcome,
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::json;

    use super::{
        super::{Drafts, file_name::FileName, options::Options},
        *,
    };
    use crate::config::{Config, Layers};

    #[test]
    fn a_stopped_import_is_told_with_its_report_under_the_name_people_know() {
        let drafts = Drafts::new(&Config::resolve(&Layers::default()).unwrap().operator);
        let place = drafts.make_place(FileName::new("避灾点.csv")).unwrap();
        fs::write(place.file(), "id,lon,lat\n1,0.1,0.1\n").unwrap();
        let options: Options = serde_json::from_value(json!({ "layer": "new", "role": "shelter" })).unwrap();
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/packs/tiny");
        let mut job = options.job(&place, &tiny, "Etc/UTC").unwrap();
        job.dry_run = true;
        let mut report = job.run(&Progress::default()).unwrap();
        assert!(keep_unless_stopped(report.clone(), &place, Lang::En).is_ok());
        report.stopped = true;
        let problem = keep_unless_stopped(report, &place, Lang::En).err().unwrap();
        assert_eq!(problem.code(), Code::ImportStopped);
        let answered = problem.report().unwrap();
        assert_eq!(
            (&answered["stopped"], &answered["input"]),
            (&json!(true), &json!("避灾点.csv"))
        );
        let whole: Value = serde_json::from_slice(&fs::read(place.report()).unwrap()).unwrap();
        assert_eq!(whole["kept"], answered["kept"]);
    }
}
