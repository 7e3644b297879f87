//! Why an import failed as a whole; the pack is then as it was.

use std::{io, path::PathBuf};

use crate::catalog::{Faults, Id, fgb::WriteError, readers::ReadError};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The input cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The new layer file cannot be written.
    #[error("cannot write the layer: {0}")]
    Write(#[from] WriteError),
    /// A file of the pack cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else is importing into the pack.
    #[error("another import into {} is running; try again when it is done", .0.display())]
    Locked(PathBuf),
    /// The layer is there already.
    #[error("the pack has a layer `{0}` already; give --replace to put this one in its place")]
    Exists(Id),
    /// The layer to be replaced means something else.
    #[error("layer `{id}` has role {old}; it is not replaced by a layer of role {new}: choose another id")]
    OtherRole {
        /// The layer.
        id: Id,
        /// Its role in the pack.
        old: crate::catalog::Role,
        /// The role asked for.
        new: crate::catalog::Role,
    },
    /// A column is named that the file does not have.
    #[error("there is no column `{column}` for {meaning}; the file has: {}", .columns.join(", "))]
    NoColumn {
        /// What the column was to mean.
        meaning: String,
        /// The name given.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A meaning that this role's features cannot have.
    #[error("a {role} layer cannot have {meaning}")]
    Unfit {
        /// The role.
        role: crate::catalog::Role,
        /// The meaning.
        meaning: String,
    },
    /// The order of the levels is not known.
    #[error("{0}")]
    Levels(String),
    /// The request contradicts itself.
    #[error("{0}")]
    Request(String),
    /// No row of the file can be used.
    #[error("none of the {read} rows can be used; the first: row {row}: {reason}")]
    NothingKept {
        /// Rows read.
        read: u64,
        /// The first row refused.
        row: u64,
        /// Why.
        reason: String,
    },
    /// The file has a header at most.
    #[error("the file has no rows")]
    Empty,
    /// The file changed between the two readings.
    #[error("the file was changed while it was read; import it again when its writer is done")]
    Changed,
    /// The pack is faulty already.
    #[error("the pack is faulty as it stands; mend it first (refugia check {}): {faults}", dir.display())]
    FaultyPack {
        /// The pack's folder.
        dir: PathBuf,
        /// What is wrong.
        faults: Faults,
    },
    /// The pack would be faulty with the new layer.
    #[error("the pack would not be whole with this layer: {0}")]
    FaultyLayer(Faults),
}

impl ImportError {
    pub(super) fn io(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
