//! Why an import failed as a whole; the pack is then as it was.

use std::{io, path::PathBuf};

use super::{CrsQuestion, survey::Survey};
use crate::{
    catalog::{Faults, HazardKind, Id, fgb::WriteError, readers::ReadError},
    geometry::crs::UnknownCrs,
};

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
    /// The import is done, but the system does not promise that it outlives a power cut.
    #[error(
        "the import into {} is done, but the disk did not confirm it ({source}); check the disk, then the pack: \
         refugia check {}", dir.display(), dir.display()
    )]
    NotDurable {
        /// The pack's folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else is importing into the pack.
    #[error("another import into {} is running; try again when it is done", .0.display())]
    Locked(PathBuf),
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
    /// The layer to be updated is about another hazard.
    #[error(
        "layer `{id}` has hazard {old}; zones of {new} are no next version of it: choose another id, or --replace it"
    )]
    OtherHazard {
        /// The layer.
        id: Id,
        /// Its hazard kind in the pack.
        old: HazardKind,
        /// The kind asked for.
        new: HazardKind,
    },
    /// A column is named that the file does not have.
    #[error(
        "there is no column `{column}` for {meaning}{said}; the file has: {}{near}", .columns.join(", ")
    )]
    NoColumn {
        /// What the column was to mean.
        meaning: String,
        /// The name given.
        column: String,
        /// Who said so, and how to say otherwise; empty where the user did.
        said: String,
        /// A question about columns with a similar name; empty where there is none.
        near: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A mapping file cannot be used.
    #[error("{}: {problem}", path.display())]
    Mapping {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A meaning that this role's features cannot have.
    #[error("a {role} layer cannot have {meaning}")]
    Unfit {
        /// The role.
        role: crate::catalog::Role,
        /// The meaning.
        meaning: String,
    },
    /// The file declares a coordinate reference system that cannot be used.
    #[error(
        "the file says in which coordinate system it is, and that cannot be used: {0}; who knows better gives --datum"
    )]
    DeclaredCrs(Box<UnknownCrs>),
    /// The numbers contradict the coordinate reference system.
    #[error("{0}")]
    CrsQuestion(Box<CrsQuestion>),
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
    /// The pack would be faulty with the new roads.
    #[error("the pack would not be whole with these roads: {0}")]
    FaultyRoads(Faults),
    /// The pack would be faulty with the new layer.
    #[error("the pack would not be whole with this layer: {0}")]
    FaultyLayer(Faults),
}

impl ImportError {
    /// A column that the file does not have; `source` is the mapping file that names it.
    pub(super) fn no_column(meaning: &str, column: &str, source: Option<String>, survey: &Survey) -> Self {
        let said = source.map(|file| {
            format!(", which {file} names (--map '{meaning}=COLUMN' overrides it, --map '{meaning}=' does without)")
        });
        let near: Vec<String> = survey
            .near(column)
            .into_iter()
            .map(|name| format!("`{name}`"))
            .collect();
        Self::NoColumn {
            meaning: meaning.to_owned(),
            column: column.to_owned(),
            said: said.unwrap_or_default(),
            near: if near.is_empty() {
                String::new()
            } else {
                format!("; is it {}?", near.join(" or "))
            },
            columns: survey.names(),
        }
    }

    pub(super) fn io(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
