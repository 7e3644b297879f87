//! Why an extract cannot be read.

use std::{io, path::PathBuf};

/// Why nothing was made of an extract.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OsmError {
    /// The system does not let us read it.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A block cannot be understood, or the file ends within it.
    #[error("{}: block {number}, which begins at byte {offset}: {problem}; is the file whole? Download it again", path.display())]
    Block {
        /// The file.
        path: PathBuf,
        /// Counted from 1, the header's.
        number: u64,
        /// Where it begins in the file.
        offset: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// It is no file of this format.
    #[error("{} is no OpenStreetMap extract (.osm.pbf): {problem}", path.display())]
    NotPbf {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        problem: String,
    },
    /// It asks for more than we can read.
    #[error("{} needs `{feature}`, which this release cannot read: extracts from planet files are read, histories are not", path.display())]
    Feature {
        /// The file.
        path: PathBuf,
        /// The feature's name in the header.
        feature: String,
    },
    /// The file changed between two readings.
    #[error("{} was changed while it was read; build the roads again when its writer is done", .0.display())]
    Changed(PathBuf),
    /// No road of it can be used.
    #[error("{} holds no road or path that car, lorry or feet may pass: it has {ways} ways and {nodes} nodes", path.display())]
    NoRoads {
        /// The file.
        path: PathBuf,
        /// Ways read.
        ways: u64,
        /// Nodes read.
        nodes: u64,
    },
    /// The network does not hold together.
    #[error(transparent)]
    Network(#[from] crate::routing::NetworkError),
}
