//! Reports of imports: what of one an answer holds, and `GET /api/imports/{id}/report`, which has it whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read as _, Write as _},
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, HttpBody},
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse as _,
};
use bytes::Bytes;
use hyper::body::Frame;
use serde_json::Value;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::spawn_blocking,
};

use super::{
    super::{
        App,
        error::{Code, Problem, ProblemDocument},
        path::{Answer, Segments},
        query::{NoParameters, Strict},
    },
    drafts::Place,
    list::DraftParameter,
    order::NotLetIn,
    told::in_both_languages,
};
use crate::{import::Report, messages::Lang};

/// As many entries of a list are answered; all are in the whole report.
const MOST_ENTRIES: usize = 500;

/// The report as it is answered.
pub(super) struct Shown {
    /// The report, its lists cut where they are long.
    pub(super) report: Value,
    /// Whether a list was cut.
    pub(super) cut: bool,
}

/// Writes the whole report beside the file, and gives what of it is answered. Memory for one report.
pub(super) fn keep(mut report: Report, place: &Place, lang: Lang) -> Result<Shown, Problem> {
    place.name().shown().clone_into(&mut report.input);
    if let Err(error) = write(&report, &place.report()) {
        // What the import did stands all the same; only the whole report is not to be had.
        tracing::warn!(%error, "the report of an import cannot be stored");
    }
    let refusals_cut = report.refusals.len() > MOST_ENTRIES;
    // By far the longest list: cut before it is copied.
    report.refusals.truncate(MOST_ENTRIES);
    let mut shown = serde_json::to_value(&report).map_err(Problem::internal)?;
    let others_cut = cut_lists(&mut shown);
    tell(&mut shown, lang);
    Ok(Shown {
        report: shown,
        cut: refusals_cut || others_cut,
    })
}

/// Beside the old one first: somebody may be reading that.
fn write(report: &Report, path: &Path) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = BufWriter::new(File::create(&fresh)?);
    serde_json::to_writer_pretty(&mut file, report)?;
    file.flush()?;
    fs::rename(&fresh, path)
}

/// The lists of a report whose entries say something: its member, and the one that has it in both languages.
const TOLD: [[&str; 3]; 3] = [
    ["findings", "message", "messages"],
    ["refusals", "reason", "reasons"],
    ["repairs_by_row", "reason", "reasons"],
];

/// Says in the answer's language what the import says in English, and in both languages beside it: a page may change its
/// language without asking again.
fn tell(report: &mut Value, lang: Lang) {
    for [list, said, both] in TOLD {
        let entries = report.get_mut(list).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten().filter_map(Value::as_object_mut) {
            let Some(sentence) = entry.get(said).and_then(Value::as_str) else {
                continue;
            };
            let names = in_both_languages(sentence);
            entry.insert(said.to_owned(), names.get(lang).into());
            entry.insert(both.to_owned(), serde_json::to_value(&names).unwrap_or_default());
        }
    }
}

fn cut_lists(value: &mut Value) -> bool {
    match value {
        Value::Array(entries) => {
            let is_cut = entries.len() > MOST_ENTRIES;
            entries.truncate(MOST_ENTRIES);
            entries.iter_mut().fold(is_cut, |cut, entry| cut | cut_lists(entry))
        }
        Value::Object(members) => members.values_mut().fold(false, |cut, member| cut | cut_lists(member)),
        _ => false,
    }
}

/// The whole report of the last preview or import of a file: every refused row.
#[utoipa::path(
    get, path = "/api/imports/{id}/report", tag = "imports", operation_id = "import_report",
    security(("operator" = [])),
    params(DraftParameter),
    responses(
        (status = 200, description = "The report, as the command line writes it with `--report`: in English", body = serde_json::Value),
        NotLetIn,
        (status = 404, description = "There is no such file, or it has not been previewed", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn whole_report(
    State(app): State<Arc<App>>,
    Segments(id): Segments<String>,
    Strict(NoParameters): Strict<NoParameters>,
) -> Answer {
    let draft = app.drafts.find(&id)?;
    let Ok(file) = File::open(draft.place().report()) else {
        return Err(Problem::new(Code::UnknownUpload).saying("no_report").with("id", id));
    };
    let (sender, pieces) = channel(PIECES_AHEAD);
    spawn_blocking(move || send(file, &sender));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"report.json\""),
        ),
    ];
    Ok((headers, Body::new(Pieces(pieces))).into_response())
}

const PIECES_AHEAD: usize = 4;
const PIECE_BYTES: usize = 64 * 1024;

/// Reads to the end, or until nobody listens.
fn send(mut file: File, pieces: &Sender<io::Result<Bytes>>) {
    loop {
        let mut piece = vec![0; PIECE_BYTES];
        let read = file.read(&mut piece).map(|length| {
            piece.truncate(length);
            Bytes::from(piece)
        });
        let is_last = read.as_ref().map_or(true, Bytes::is_empty);
        if read.as_ref().is_ok_and(Bytes::is_empty) || pieces.blocking_send(read).is_err() || is_last {
            return;
        }
    }
}

/// A body that comes in pieces.
struct Pieces(Receiver<io::Result<Bytes>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0
            .poll_recv(context)
            .map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_is_said_in_both_languages() {
        let mut report = json!({ "refusals": [{ "row": 1, "reason": "must be a number" }],
            "findings": [{ "code": "x", "message": "nobody has translated this" }], "columns": [{ "name": "reason" }] });
        tell(&mut report, Lang::Zh);
        assert_eq!(
            report,
            json!({ "refusals": [{ "row": 1, "reason": "应为数", "reasons": { "zh": "应为数", "en": "must be a number" } }],
                "findings": [{ "code": "x", "message": "nobody has translated this",
                    "messages": { "zh": "nobody has translated this", "en": "nobody has translated this" } }],
                "columns": [{ "name": "reason" }] })
        );
    }

    #[test]
    fn long_lists_are_cut_at_any_depth_and_short_ones_are_not() {
        let mut short = json!({ "a": [1, 2], "b": { "c": [] } });
        assert!(!cut_lists(&mut short));
        assert_eq!(short, json!({ "a": [1, 2], "b": { "c": [] } }));
        let mut long = json!({ "b": [{ "c": vec![0; MOST_ENTRIES + 1] }], "n": 1 });
        assert!(cut_lists(&mut long));
        assert_eq!(long["b"][0]["c"].as_array().unwrap().len(), MOST_ENTRIES);
    }
}
