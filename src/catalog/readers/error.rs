//! What makes a file unreadable.

use std::{
    io,
    path::{Path, PathBuf},
};

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
    /// Several encodings fit, or none that makes sense.
    #[error(
        "the text encoding cannot be told: a line reads `{}` in {}, or `{}` in {}; say which with --encoding {} or \
         --encoding {}",
        .0[0].text, .0[0].encoding, .0[1].text, .0[1].encoding, .0[0].encoding.to_lowercase(),
        .0[1].encoding.to_lowercase()
    )]
    AmbiguousEncoding(Box<[Reading; 2]>),
    /// A format that is not read yet, or none at all.
    #[error("{0}")]
    Format(String),
    /// The header row cannot be used.
    #[error("{0}")]
    Header(String),
    /// A spreadsheet that cannot be read, or whose sheet cannot be chosen.
    #[error("{0}")]
    Workbook(String),
    /// Broken JSON.
    #[error("the JSON is broken: {0}")]
    Json(String),
    /// JSON, but not GeoJSON.
    #[error("this is not GeoJSON: {0}")]
    GeoJson(String),
    /// A row that is too long to be one.
    #[error(
        "row {row} is longer than {limit} bytes; is this really one feature per line, and is every quotation mark closed?"
    )]
    TooLong {
        /// The row's number.
        row: u64,
        /// The limit.
        limit: usize,
    },
    /// Several things to read, and the wrong one or none was chosen.
    #[error("{0}")]
    Choice(String),
    /// An archive that cannot be unpacked.
    #[error("{0}")]
    Archive(String),
    /// A Shapefile whose parts do not hold together.
    #[error("{0}")]
    Shapefile(String),
    /// A GeoPackage that cannot be read.
    #[error("the GeoPackage cannot be read: {0}")]
    GeoPackage(String),
    /// Broken XML, or XML that is not read on purpose.
    #[error("the KML cannot be read on at line {line} (byte {byte} of its text): {reason}")]
    Kml {
        /// The line, from 1.
        line: u64,
        /// How many bytes of the text, as UTF-8, come before.
        byte: u64,
        /// What is wrong.
        reason: String,
    },
    /// A FlatGeobuf file that does not hold together.
    #[error(transparent)]
    FlatGeobuf(FgbError),
}

/// What a telling line of a text reads like in an encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The encoding.
    pub encoding: &'static str,
    /// The line, or its beginning.
    pub text: String,
}

impl From<FgbError> for ReadError {
    fn from(error: FgbError) -> Self {
        match error {
            FgbError::Io(error) => Self::from_io(error),
            error => Self::FlatGeobuf(error),
        }
    }
}

impl ReadError {
    /// A file that the system does not give.
    pub(super) fn open(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Open { path, source }
    }

    /// An error from beneath a parser; one of ours that travelled inside comes out as itself.
    pub(super) fn from_io(error: io::Error) -> Self {
        match error.downcast::<super::text::NotText>() {
            Ok(not_text) => Self::Encoding(not_text),
            Err(error) => Self::Io(error),
        }
    }
}
