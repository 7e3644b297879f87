//! Why a network file cannot be read or written.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::routing::NetworkError;

/// What is told with every file that cannot be used.
const REBUILD: &str = "build it again: refugia roads --region DIR FILE.osm.pbf";

/// Why a network file cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system does not let us.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is no network file.
    #[error("{} is no road network of Refugia; {REBUILD}", .0.display())]
    NotOurs(PathBuf),
    /// It is of another release.
    #[error("{} has format {found}, this release reads format {known}; {REBUILD}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// It was cut off, or something was added.
    #[error("{} has {found} bytes instead of {expected}; {REBUILD}", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// Bytes it should have.
        expected: u64,
        /// Bytes it has.
        found: u64,
    },
    /// A part is not what was written.
    #[error("{}: {part} is corrupt: {problem}; {REBUILD}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Which part.
        part: String,
        /// What is wrong.
        problem: String,
    },
    /// A section is missing.
    #[error("{} has no section `{name}`; {REBUILD}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The section.
        name: String,
    },
    /// A section cannot be called so, or there is one already.
    #[error("`{0}` cannot be the name of a section: 1 to 32 bytes, and each name once")]
    Name(String),
}

impl FileError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// A network whose columns contradict each other although their checksums are right.
    pub(super) fn network(path: &Path) -> impl FnOnce(NetworkError) -> Self {
        let path = path.to_owned();
        move |problem| Self::Corrupt {
            path,
            part: "the network".to_owned(),
            problem: problem.to_string(),
        }
    }
}
