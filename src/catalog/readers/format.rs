//! Which format a file is in.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    io::Read,
    str::FromStr,
};

use serde::Serialize;

use super::{Input, ReadError};

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Delimited text: comma, semicolon or tab.
    Csv,
    /// One GeoJSON object.
    GeoJson,
    /// GeoJSON features one after the other.
    GeoJsonSeq,
    /// FlatGeobuf.
    FlatGeobuf,
}

/// First bytes of formats that have no reader yet, and what to do until they have.
const NOT_YET: &[(&[u8], &str)] = &[
    (
        b"SQLite format 3\0",
        "GeoPackage files are not read yet; convert it: ogr2ogr out.geojson in.gpkg",
    ),
    (
        b"\x00\x00\x27\x0a",
        "Shapefiles are not read yet; convert it: ogr2ogr out.geojson in.shp",
    ),
    (
        b"PK\x03\x04",
        "zip, XLSX and KMZ files are not read yet; unpack it, or save the sheet as CSV",
    ),
    (
        b"<",
        "KML and other XML files are not read yet; convert it: ogr2ogr out.geojson in.kml",
    ),
    (b"%PDF", "PDF is no data format; ask the publisher for CSV or GeoJSON"),
];

/// How much of a file is looked at.
const PREFIX: u64 = 64 * 1024;

impl Format {
    /// Looks at the first bytes, then, where several formats begin alike, at the file's name.
    pub(super) fn detect(input: &Input) -> Result<Self, ReadError> {
        let mut bytes = Vec::new();
        input.bytes()?.take(PREFIX).read_to_end(&mut bytes)?;
        if bytes.starts_with(b"fgb") && bytes.get(4..7) == Some(b"fgb") {
            return Ok(Self::FlatGeobuf);
        }
        if let Some((_, advice)) = NOT_YET.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Err(ReadError::Format((*advice).to_owned()));
        }
        let mut text = Vec::new();
        let mut reader = input.text()?.take(PREFIX);
        reader.read_to_end(&mut text).map_err(ReadError::from_io)?;
        let text = String::from_utf8_lossy(&text);
        let text = text.trim_start();
        match text.chars().next() {
            None => Err(ReadError::Format("the file is empty".to_owned())),
            Some('\u{1e}') => Ok(Self::GeoJsonSeq),
            Some('{') if is_named_sequence(input) || has_object_per_line(text) => Ok(Self::GeoJsonSeq),
            Some('{') => Ok(Self::GeoJson),
            Some('[') => Err(ReadError::GeoJson(
                "it begins with `[`; a GeoJSON file is one object, or one object per line".to_owned(),
            )),
            Some('<') => Err(ReadError::Format(NOT_YET[3].1.to_owned())),
            Some(_) => Ok(Self::Csv),
        }
    }
}

fn is_named_sequence(input: &Input) -> bool {
    let name = input
        .path()
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase());
    let name = name.as_deref().map_or("", |name| name.trim_end_matches(".gz"));
    ["geojsonl", "geojsons", "geojsonseq", "ndjson", "ndgeojson", "jsonl"]
        .iter()
        .any(|extension| name.rsplit('.').next() == Some(*extension))
}

/// Whether the first line is a whole object and the second begins another.
fn has_object_per_line(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first_is_whole = lines
        .next()
        .is_some_and(|line| serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok());
    first_is_whole && lines.next().is_some_and(|line| line.trim_start().starts_with('{'))
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "csv" => Ok(Self::Csv),
            "geojson" => Ok(Self::GeoJson),
            "geojsonseq" => Ok(Self::GeoJsonSeq),
            "flatgeobuf" => Ok(Self::FlatGeobuf),
            _ => Err(format!("`{word}` is none of csv, geojson, geojsonseq, flatgeobuf")),
        }
    }
}

impl Display for Format {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(match self {
            Self::Csv => "csv",
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => "geojsonseq",
            Self::FlatGeobuf => "flatgeobuf",
        })
    }
}
