//! Why a tile cannot be read from an archive.

use std::io;

use crate::coding::DecodeError;

/// Why an archive, or a tile in it, cannot be read. Cheap enough to be told to everybody who waits for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// It cannot be reached now; it may be later.
    #[error("cannot be read now: {0}")]
    Unavailable(String),
    /// It is no longer what was opened, and must be opened again.
    #[error("has changed since it was opened")]
    Changed,
    /// What is there is not as the format says.
    #[error("{0}")]
    Damaged(String),
}

impl StoredError {
    /// What is there is not as the format says.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "texts and formatted arguments are handed over so"
    )]
    pub(super) fn damaged(problem: impl ToString) -> Self {
        Self::Damaged(problem.to_string())
    }
}

impl From<io::Error> for StoredError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::damaged("the file ends before what it announces"),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<DecodeError> for StoredError {
    fn from(error: DecodeError) -> Self {
        Self::damaged(error)
    }
}
