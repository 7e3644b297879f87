//! What an import fails with, as problems: a stable code for programs, the import's own sentence for people.

use std::io;

use super::{
    super::error::{Code, Problem},
    drafts::Place,
};
use crate::import::ImportError;

/// Why an import of a file failed. The file goes by the name people know, not by where it lies.
pub(super) fn problem_of(error: &ImportError, place: &Place) -> Problem {
    let code = match error {
        ImportError::Read(_) => Code::ImportUnreadable,
        ImportError::NoColumn { .. } | ImportError::Unfit { .. } => Code::ImportColumns,
        ImportError::Levels(_) => Code::ImportLevels,
        ImportError::NothingKept { .. } | ImportError::Empty => Code::ImportNothingKept,
        ImportError::OtherRole { .. } | ImportError::OtherHazard { .. } => Code::LayerExists,
        ImportError::Locked(_) => Code::ImportBusy,
        ImportError::FaultyPack { .. } => Code::PackFaulty,
        ImportError::Io { .. } | ImportError::Write(_) => Code::PackNotWritable,
        _ => Code::ImportFailed,
    };
    let file = place.file();
    let sentence = error
        .to_string()
        .replace(&*file.to_string_lossy(), place.name().shown())
        .replace(&place.name().on_disk(), place.name().shown());
    Problem::new(code).with("reason", sentence)
}

/// An upload that the disk does not take.
pub(super) fn not_stored(error: &io::Error) -> Problem {
    tracing::error!(%error, "an upload cannot be stored");
    Problem::new(Code::UploadNotStored).with("reason", error)
}
