//! What an import fails with, as problems: a stable code for programs, a sentence in either language for people, and
//! what there is to choose from where the import asks something.

use std::io;

use super::{
    super::error::{Choice, Code, Problem},
    drafts::Place,
    question,
    told::in_both_languages,
};
use crate::{
    catalog::{Role, readers::ReadError},
    import::ImportError,
    messages::{self, Names},
};

/// Why an import of a file failed. The file goes by the name people know, not by where it lies.
pub(super) fn problem_of(error: &ImportError, place: &Place) -> Problem {
    let reason = |problem: Problem, sentence: String| {
        problem.with_names("reason", in_both_languages(&under_its_name(&sentence, place)))
    };
    let plain = |code| reason(Problem::new(code), error.to_string());
    match error {
        ImportError::Read(error) => unreadable(error, |code| reason(Problem::new(code), error.to_string())),
        ImportError::NoColumn {
            meaning,
            column,
            columns,
            ..
        } => Problem::new(Code::ImportColumns)
            .with("column", column)
            .with("meaning", meaning)
            .with("columns", columns.join(", ")),
        ImportError::Unfit { role, meaning } => Problem::new(Code::ImportUnfit)
            .with_names("role", role_name(*role))
            .with("meaning", meaning),
        ImportError::Mapping { problem, .. } => reason(Problem::new(Code::ImportMapping), problem.clone()),
        ImportError::DeclaredCrs(unknown) => reason(Problem::new(Code::ImportDeclaredCrs), unknown.to_string()),
        ImportError::CrsQuestion(asked) => question::of_crs(asked),
        ImportError::Levels(_) => plain(Code::ImportLevels),
        ImportError::Request(_) => plain(Code::ImportRequest),
        ImportError::NothingKept { read, row, reason: why } => reason(
            Problem::new(Code::ImportNothingKept)
                .with("read", read)
                .with("row", row),
            why.clone(),
        ),
        ImportError::Empty => Problem::new(Code::ImportEmpty),
        ImportError::Changed => Problem::new(Code::ImportChanged),
        ImportError::OtherRole { id, old, new } => Problem::new(Code::LayerExists)
            .with("layer", id)
            .with_names("old", role_name(*old))
            .with_names("new", role_name(*new)),
        ImportError::OtherHazard { id, old, new } => Problem::new(Code::LayerOtherHazard)
            .with("layer", id)
            .with_names("old", word(&format!("kind.{old}")))
            .with_names("new", word(&format!("kind.{new}"))),
        ImportError::Locked(_) => Problem::new(Code::ImportBusy),
        ImportError::FaultyPack { faults, .. } | ImportError::FaultyRoads(faults) => {
            reason(Problem::new(Code::PackFaulty), faults.to_string())
        }
        ImportError::FaultyLayer(faults) => reason(Problem::new(Code::LayerFaulty), faults.to_string()),
        ImportError::Io { .. } | ImportError::Write(_) => plain(Code::PackNotWritable),
        ImportError::NotDurable { source, .. } => reason(Problem::new(Code::ImportNotDurable), source.to_string()),
    }
}

/// Why a file cannot be read.
fn unreadable(error: &ReadError, plain: impl Fn(Code) -> Problem) -> Problem {
    match error {
        ReadError::Open { .. } | ReadError::Io(_) => plain(Code::ImportUnreadable),
        ReadError::Encoding(wrong) => Problem::new(Code::ImportEncoding)
            .with("encoding", wrong.encoding)
            .with("byte", wrong.at),
        ReadError::UnknownEncoding(word) => Problem::new(Code::ImportEncoding)
            .saying("unknown")
            .with("encoding", word),
        ReadError::AmbiguousEncoding(readings) => Problem::new(Code::ImportEncoding).saying("ambiguous").offering(
            readings
                .iter()
                .map(|reading| Choice {
                    sample: Some(reading.text.clone()),
                    encoding: Some(reading.encoding.to_lowercase()),
                    ..Choice::default()
                })
                .collect(),
        ),
        ReadError::Format(_) => plain(Code::ImportFormat),
        ReadError::Archive(_) => plain(Code::ImportArchive),
        ReadError::Choice(_) | ReadError::Workbook(_) => plain(Code::ImportTable),
        ReadError::Header(_) => plain(Code::ImportHeader),
        ReadError::Json(_)
        | ReadError::GeoJson(_)
        | ReadError::TooLong { .. }
        | ReadError::Shapefile(_)
        | ReadError::GeoPackage(_)
        | ReadError::Kml { .. }
        | ReadError::FlatGeobuf(_) => plain(Code::ImportDamaged),
    }
}

fn under_its_name(sentence: &str, place: &Place) -> String {
    sentence
        .replace(&*place.file().to_string_lossy(), place.name().shown())
        .replace(&place.name().on_disk(), place.name().shown())
}

fn role_name(role: Role) -> Names {
    word(&format!("role.{role}"))
}

/// A word of the catalogue; the key where it has none.
fn word(key: &str) -> Names {
    messages::names(key).cloned().unwrap_or_else(|| Names {
        zh: key.to_owned(),
        en: key.to_owned(),
    })
}

/// An upload that the disk does not take.
pub(super) fn not_stored(error: &io::Error) -> Problem {
    tracing::error!(%error, "an upload cannot be stored");
    Problem::new(Code::UploadNotStored).with("reason", error)
}
