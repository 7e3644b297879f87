//! What can be wrong with a configuration.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    io,
    path::PathBuf,
};

use super::Source;

/// One fault of the configuration: which key, which value, where it was set and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A value that its setting cannot take.
    #[error("{key} = `{value}`, set by {source_of_value}: {problem}")]
    Value {
        /// The setting as `section.key`.
        key: String,
        /// What was given.
        value: String,
        /// Where it was given.
        source_of_value: Source,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A key of the configuration file that is no setting.
    #[error("{key} in {}: there is no such setting; known here: {}", .path.display(), .known.join(", "))]
    UnknownKey {
        /// The configuration file.
        path: PathBuf,
        /// The key as `section.key`.
        key: String,
        /// The keys there are.
        known: Vec<String>,
    },
    /// The configuration file cannot be read.
    #[error("configuration file {}: {source}; name one that exists, or leave --config out", .path.display())]
    Unreadable {
        /// The configuration file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The configuration file is not TOML.
    #[error("configuration file {}: {problem}", .path.display())]
    Syntax {
        /// The configuration file.
        path: PathBuf,
        /// Line, column and what is wrong.
        problem: String,
    },
}

/// All faults of a configuration; never empty when returned as an error.
#[derive(Debug)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl Display for ConfigErrors {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str("the configuration cannot be used:")?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl std::error::Error for ConfigErrors {}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self(vec![error])
    }
}
