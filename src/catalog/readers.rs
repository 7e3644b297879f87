//! Readers of other people's files: each turns one format into a stream of rows.
//!
//! Owns formats, encodings, compression and archives. A reader never decides what a column means and never repairs: what it
//! cannot read of a row it tells as the row's [`Problem`] and goes on; what makes the rest of the file unreadable is a
//! [`ReadError`]. Memory is bounded by the largest row. One module per format, all with the
//! same shape: a source type, `open`, and its [`Source`]; new formats get a sibling and a line in [`Format`].
//!
//! | module | format |
//! |---|---|
//! | [`csv`] | delimited text, as a table with a header and positions in its columns |
//! | [`workbook`] | a sheet of `.xlsx`, `.xls` or `.ods`, as such a table |
//! | [`geojson`] | one `FeatureCollection`, `Feature` or geometry (RFC 7946) |
//! | [`sequence`] | features one per line, or between record separators (RFC 8142) |
//! | [`flatgeobuf`] | FlatGeobuf |
//! | [`shapefile`] | Esri Shapefile: `.shp`, `.shx`, `.dbf`, `.prj`, `.cpg` |
//! | [`geopackage`] | OGC GeoPackage |
//! | [`kml`] | KML, and KMZ once it is unpacked |
//!
//! [`archive`] comes before them: what lies in a folder, a zip or a gzip that has to be unpacked is found there, and the
//! reader opens the file that it finds.

pub mod archive;
pub mod csv;
mod encoding;
mod error;
pub mod flatgeobuf;
mod format;
pub mod geojson;
pub mod geopackage;
mod input;
mod json;
pub mod kml;
pub mod sequence;
pub mod shapefile;
mod table;
mod text;
pub mod workbook;

pub use encoding::{Detected, How as EncodingFrom};
pub use error::{ReadError, Reading};
pub use format::Format;
pub use input::{Input, Progress, byte_size};

use std::fmt::{Display, Formatter, Result as FmtResult};

use geo_types::Geometry;
use serde::Serialize;

use super::RawValue;

/// A file that can be read, from its beginning, as often as wanted.
pub trait Source {
    /// Hands over every row in file order with the names of the columns known so far: a value's column index points
    /// into them, and they only ever grow. The same file gives the same rows and indexes each time.
    ///
    /// # Errors
    /// What makes the rest of the file unreadable.
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError>;

    /// The columns that longitude and latitude were taken from; `None`, the default, for formats that have
    /// geometries of their own.
    fn position_columns(&self) -> Option<(&str, &str)> {
        None
    }

    /// What the file says its coordinates are, known after the first reading; `None`, the default, where it says
    /// nothing. Readers hand over the coordinates as they stand.
    fn declared_crs(&self) -> Option<DeclaredCrs> {
        None
    }

    /// The encoding its text was read in; `None`, the default, for formats that fix it.
    fn encoding(&self) -> Option<Detected> {
        None
    }

    /// What was noticed about the file as a whole, known after a reading.
    fn remarks(&self) -> Vec<Remark> {
        Vec::new()
    }
}

/// Something about a file that no row shows: a part that is missing, a choice that was made, values that a layer cannot
/// hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// A stable code.
    pub code: &'static str,
    /// What it is, with the evidence and what can be done.
    pub message: String,
    /// Whether something is lost or doubtful, and not only worth knowing.
    pub is_warning: bool,
}

impl Remark {
    /// Something worth knowing.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            is_warning: false,
        }
    }

    /// Something lost or doubtful.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            is_warning: true,
            ..Self::note(code, message)
        }
    }
}

/// A coordinate reference system as a file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclaredCrs {
    /// A code of the EPSG register.
    Epsg(u32),
    /// A definition in well-known text, as in a `.prj`.
    Wkt(String),
    /// Any other name.
    Name(String),
}

impl Display for DeclaredCrs {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self {
            Self::Epsg(code) => write!(f, "EPSG:{code}"),
            // The name is the first thing in quotes.
            Self::Wkt(text) => f.write_str(text.split('"').nth(1).unwrap_or("a system without a name")),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// One row of a file: a feature, or why it is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The row's number from 1, headers not counted.
    pub number: u64,
    /// The feature.
    pub content: Result<RawFeature, Problem>,
}

/// A feature as a file holds it; coordinates are in the file's datum, not yet checked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawFeature {
    /// The geometry, if it has one.
    pub geometry: Option<Geometry<f64>>,
    /// How many rings of polygons were not closed.
    pub open_rings: usize,
    /// Known values with their column's index.
    pub values: Vec<(usize, RawValue<'static>)>,
}

/// Why a row cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The column or part of the row, where it is about one.
    pub field: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

impl Problem {
    /// A problem of the whole row.
    pub fn row(reason: impl Into<String>) -> Self {
        Self {
            field: None,
            value: None,
            reason: reason.into(),
        }
    }

    /// A problem of one value.
    pub fn value(field: &str, value: &str, reason: impl Into<String>) -> Self {
        // Long values would drown the report.
        let shown: String = value.chars().take(80).collect();
        Self {
            field: Some(field.to_owned()),
            value: Some(shown),
            reason: reason.into(),
        }
    }
}

/// What the user knows better than the file says.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// The format, instead of looking at content and name.
    pub format: Option<Format>,
    /// The text encoding's label (WHATWG), instead of looking at the bytes.
    pub encoding: Option<String>,
    /// The column with the longitude.
    pub lon: Option<String>,
    /// The column with the latitude.
    pub lat: Option<String>,
    /// Which of the tables of a file that holds several: a sheet, a GeoPackage layer, a member of an archive.
    pub table: Option<String>,
    /// Whether a table's first row is data: its columns are then called `column_1` and so on.
    pub no_header: bool,
}

/// Opens a file, or what a folder or an archive holds, with the reader for its format.
///
/// # Errors
/// No such file, a format that is not read yet, an encoding that does not fit, a header without positions, an archive
/// or a database that holds several things of which none was chosen.
pub fn open(input: Input, hints: &Hints) -> Result<(Format, Box<dyn Source>), ReadError> {
    let input = input.with_encoding(hints.encoding.as_deref())?;
    let (input, hints) = &archive::unpacked(input, hints)?;
    let input = input.clone();
    let format = match hints.format {
        Some(format) => format,
        None => Format::detect(&input)?,
    };
    let source: Box<dyn Source> = match format {
        Format::Csv => Box::new(csv::Csv::open(input, hints)?),
        Format::GeoJson => Box::new(geojson::GeoJson::open(input)),
        Format::GeoJsonSeq => Box::new(sequence::GeoJsonSeq::open(input)),
        Format::FlatGeobuf => Box::new(flatgeobuf::FlatGeobuf::open(input)),
        Format::Xlsx => Box::new(workbook::Workbook::open(input, workbook::Kind::Xlsx, hints)?),
        Format::Xls => Box::new(workbook::Workbook::open(input, workbook::Kind::Xls, hints)?),
        Format::Ods => Box::new(workbook::Workbook::open(input, workbook::Kind::Ods, hints)?),
        Format::Shapefile => Box::new(shapefile::Shapefile::open(&input)?),
        Format::GeoPackage => Box::new(geopackage::GeoPackage::open(input, hints)?),
        Format::Kml => Box::new(kml::Kml::open(input)?),
    };
    Ok((format, source))
}

/// Names of columns in the order they were first seen.
#[derive(Debug, Default)]
struct Columns {
    names: Vec<String>,
    index: std::collections::HashMap<String, usize>,
}

impl Columns {
    fn index_of(&mut self, name: &str) -> usize {
        if let Some(index) = self.index.get(name) {
            return *index;
        }
        let index = self.names.len();
        self.names.push(name.to_owned());
        self.index.insert(name.to_owned(), index);
        index
    }

    /// Adds a column at the end; where its name is blank or another's it gets its number. Time does not grow with the
    /// columns there are, of which a damaged file may have millions.
    fn add(&mut self, name: &str) {
        let index = self.names.len();
        let number = index + 1;
        let mut unique = match name {
            "" => format!("column_{number}"),
            name => name.to_owned(),
        };
        while self.index.contains_key(&unique) {
            unique = format!("{unique}_{number}");
        }
        self.index.insert(unique.clone(), index);
        self.names.push(unique);
    }
}

impl From<&[String]> for Columns {
    /// Columns whose names are different already.
    fn from(names: &[String]) -> Self {
        let names = names.to_vec();
        let index = names.iter().cloned().zip(0..).collect();
        Self { names, index }
    }
}

#[cfg(test)]
mod tests;
