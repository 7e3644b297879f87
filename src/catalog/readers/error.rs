//! What makes a file unreadable.

use std::{io, path::PathBuf};

use crate::catalog::fgb::FgbError;

/// Why a file, or the rest of it, cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file cannot be opened.
    #[error("cannot open {}: {source}", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Reading failed: the disk, or a compressed file that is damaged or cut short.
    #[error("cannot read on: {0}")]
    Io(#[from] io::Error),
    /// The bytes are not text in the expected encoding.
    #[error("{0}")]
    Encoding(#[from] super::text::NotText),
    /// No encoding has this name.
    #[error("`{0}` is no known text encoding; try utf-8, gb18030, big5, shift_jis or utf-16le")]
    UnknownEncoding(String),
    /// A format that is not read yet, or none at all.
    #[error("{0}")]
    Format(String),
    /// The header row cannot be used.
    #[error("{0}")]
    Header(String),
    /// Broken JSON.
    #[error("the JSON is broken: {0}")]
    Json(String),
    /// JSON, but not GeoJSON.
    #[error("this is not GeoJSON: {0}")]
    GeoJson(String),
    /// A row that is too long to be one.
    #[error("row {row} is longer than {limit} bytes; is this really one feature per line?")]
    TooLong {
        /// The row's number.
        row: u64,
        /// The limit.
        limit: usize,
    },
    /// A FlatGeobuf file that does not hold together.
    #[error(transparent)]
    FlatGeobuf(#[from] FgbError),
}

impl ReadError {
    /// An error from beneath a parser; one of ours that travelled inside comes out as itself.
    pub(super) fn from_io(error: io::Error) -> Self {
        match error.downcast::<super::text::NotText>() {
            Ok(not_text) => Self::Encoding(not_text),
            Err(error) => Self::Io(error),
        }
    }
}
