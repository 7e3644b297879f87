//! Which format a file is in.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    io::Read,
    str::FromStr,
};

use serde::Serialize;

use super::{
    Input, ReadError, kml,
    workbook::{self, Kind},
};

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Delimited text: comma, tab, semicolon or bar.
    Csv,
    /// One GeoJSON object.
    GeoJson,
    /// GeoJSON features one after the other.
    GeoJsonSeq,
    /// FlatGeobuf.
    FlatGeobuf,
    /// A spreadsheet in Office Open XML.
    Xlsx,
    /// A spreadsheet of Excel 97 to 2003.
    Xls,
    /// A spreadsheet in `OpenDocument`.
    Ods,
    /// Esri Shapefile.
    Shapefile,
    /// OGC GeoPackage.
    GeoPackage,
    /// KML.
    Kml,
}

/// First bytes of files that are not read, and what to do with them.
const NOT_READ: &[(&[u8], &str)] = &[
    (
        b"PK\x03\x04",
        "this is an Office document or an archive of one, and no table; save what is in it as .xlsx or CSV",
    ),
    (b"%PDF", "PDF is no data format; ask the publisher for CSV or GeoJSON"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "this is an Office file from before 2007 and no spreadsheet; save it as .xlsx or CSV",
    ),
    (
        b"Rar!",
        "rar archives are not read; unpack it and give the file in it, or a zip",
    ),
    (
        b"7z\xbc\xaf",
        "7z archives are not read; unpack it and give the file in it, or a zip",
    ),
];

/// First elements of XML that is not read, and what to do with it.
const NOT_READ_XML: &[(&[&str], &str)] = &[
    (
        &["alert"],
        "this is a warning message (CAP) and no map file: an alert is not imported as a layer; give a file of shelters, \
         hazard zones or other features",
    ),
    (
        &["EDXLDistribution"],
        "this is an envelope for warning messages (EDXL-DE) and no map file: alerts are not imported as layers; give a \
         file of shelters, hazard zones or other features",
    ),
    (
        &["feed", "rss"],
        "this is a news feed (Atom or RSS), as warnings are published in, and no map file: a feed is not imported as a \
         layer; give a file of shelters, hazard zones or other features",
    ),
    (
        &["osm", "osmChange"],
        "this is OpenStreetMap data (XML): roads and much else, and no layer; take out what you need, for example: ogr2ogr -where \"highway IS NOT NULL\" roads.gpkg in.osm lines",
    ),
    (
        &["gpx"],
        "this is a GPX file of tracks and waypoints; convert it: ogr2ogr out.geojson in.gpx waypoints",
    ),
    (
        &["html"],
        "this is a web page and no map file; save the data that it links to, not the page",
    ),
];

/// What to do with OpenStreetMap's own format.
const OSM_PBF: &str = "this is OpenStreetMap data (.osm.pbf): roads and much else, and no layer; refugia roads --region DIR \
                       FILE.osm.pbf makes the road network of it, and what else you need is taken out, for example: \
                       ogr2ogr -where \"building IS NOT NULL\" buildings.gpkg in.osm.pbf multipolygons";

/// Endings of a Shapefile's other parts: the user has to name the part with the geometries.
const SHAPEFILE_PARTS: [&str; 5] = ["dbf", "shx", "prj", "cpg", "sbn"];

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
        if let Some(kind) = workbook::kind(input, &bytes)? {
            return Ok(kind.into());
        }
        if bytes.starts_with(b"SQLite format 3\0") {
            return Ok(Self::GeoPackage);
        }
        if bytes.starts_with(b"\x00\x00\x27\x0a") {
            return Ok(Self::Shapefile);
        }
        if let Some((_, advice)) = NOT_READ.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Err(ReadError::Format((*advice).to_owned()));
        }
        if is_osm_pbf(&bytes) {
            return Err(ReadError::Format(OSM_PBF.to_owned()));
        }
        if let Some(part) = shapefile_part(input) {
            return Err(ReadError::Format(format!(
                "a .{part} file is one part of a Shapefile; give the .shp beside it, their folder, or a zip of them"
            )));
        }
        if let Some(root) = kml::root(&bytes) {
            return Self::of_xml(&root);
        }
        if let Some(ending) = prose(input) {
            return Err(ReadError::Format(format!(
                "a .{ending} file is a text for people and no map file; give the data it is about, such as CSV or GeoJSON"
            )));
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
            Some('<') => Self::of_xml(&kml::root(text.as_bytes()).unwrap_or_default()),
            Some(_) => Ok(Self::Csv),
        }
    }

    fn of_xml(root: &str) -> Result<Self, ReadError> {
        if root == "kml" {
            return Ok(Self::Kml);
        }
        let what = NOT_READ_XML.iter().find(|(roots, _)| roots.contains(&root));
        Err(ReadError::Format(what.map_or_else(
            || {
                format!(
                    "this is XML or HTML (its first element is `{root}`) and not KML; convert GML and the like: ogr2ogr \
                     out.geojson in.gml"
                )
            },
            |(_, advice)| (*advice).to_owned(),
        )))
    }
}

/// Whether a file begins as OpenStreetMap's PBF does: the length of a header, then the type of the first block.
fn is_osm_pbf(bytes: &[u8]) -> bool {
    bytes.get(4..15) == Some(b"\x0a\x09OSMHeader")
}

/// The ending of a text that is written to be read, and whose tables are no data.
fn prose(input: &Input) -> Option<&'static str> {
    let extension = input.path().extension()?;
    let mut known = ["md", "markdown", "rst", "adoc"].into_iter();
    known.find(|prose| extension.eq_ignore_ascii_case(prose))
}

fn shapefile_part(input: &Input) -> Option<&'static str> {
    let extension = input.path().extension()?;
    SHAPEFILE_PARTS
        .into_iter()
        .find(|part| extension.eq_ignore_ascii_case(part))
}

impl From<Kind> for Format {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Xlsx => Self::Xlsx,
            Kind::Xls => Self::Xls,
            Kind::Ods => Self::Ods,
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
            "xlsx" => Ok(Self::Xlsx),
            "xls" => Ok(Self::Xls),
            "ods" => Ok(Self::Ods),
            "shapefile" => Ok(Self::Shapefile),
            "geopackage" | "gpkg" => Ok(Self::GeoPackage),
            "kml" => Ok(Self::Kml),
            _ => Err(format!(
                "`{word}` is none of csv, geojson, geojsonseq, flatgeobuf, xlsx, xls, ods, shapefile, geopackage, kml"
            )),
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
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Shapefile => "shapefile",
            Self::GeoPackage => "geopackage",
            Self::Kml => "kml",
        })
    }
}
