//! Files of several parts, made from one input.
//!
//! The parts of an input stand one after the other with [`BETWEEN`] in between, so that a change of one moves no other.

use std::{
    cell::RefCell,
    collections::HashMap,
    fs,
    io::{Cursor, Write},
    path::PathBuf,
};

use rusqlite::Connection;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::scratch;

/// What stands between two parts.
pub const BETWEEN: &[u8] = b"\n#####\n";

/// The parts of an input.
pub fn parts(data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        parts.push(&rest[..at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    parts.push(rest);
    parts
}

/// The ending of a file's name that the first byte chooses, and the rest.
pub fn named(data: &[u8]) -> (&'static str, &[u8]) {
    const ENDINGS: [&str; 12] = [
        "csv", "geojson", "geojsonl", "kml", "fgb", "gpkg", "xlsx", "xls", "ods", "zip", "shp", "txt",
    ];
    let Some((first, rest)) = data.split_first() else {
        return ("csv", data);
    };
    (ENDINGS[usize::from(*first) % ENDINGS.len()], rest)
}

fn zipped<'p>(members: impl IntoIterator<Item = (&'p str, &'p [u8], CompressionMethod)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content, method) in members {
        // Two members of one name cannot be written.
        let options = SimpleFileOptions::default().compression_method(method);
        if writer.start_file(name, options).is_ok() {
            writer.write_all(content).expect("memory takes everything");
        }
    }
    writer.finish().expect("a zip can be made").into_inner()
}

const STORED: CompressionMethod = CompressionMethod::Stored;

/// A zip of the parts: the first line of each is its name, and the first byte of the rest whether it is deflated.
pub fn archive(data: &[u8]) -> Vec<u8> {
    let members: Vec<(String, &[u8], CompressionMethod)> = parts(data)
        .into_iter()
        .map(|part| {
            let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
            let content = part.get(end + 1..).unwrap_or_default();
            let method = match content.len() % 2 {
                0 => STORED,
                _ => CompressionMethod::Deflated,
            };
            (String::from_utf8_lossy(&part[..end]).into_owned(), content, method)
        })
        .collect();
    zipped(
        members
            .iter()
            .map(|(name, content, method)| (name.as_str(), *content, *method)),
    )
}

/// An `.xlsx`: the sheet, the shared texts, the styles, the workbook; what is missing is as in a plain file.
pub fn xlsx(data: &[u8]) -> Vec<u8> {
    const ROOT: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const WORKBOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let parts = parts(data);
    let names = [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    ];
    let defaults: [Option<&[u8]>; 5] = [None, None, None, Some(WORKBOOK), Some(RELATIONS)];
    let members = names
        .iter()
        .zip(defaults)
        .enumerate()
        .filter_map(|(index, (name, default))| {
            let given = parts.get(index).copied().filter(|part| !part.is_empty());
            Some((*name, given.or(default)?, STORED))
        });
    zipped(std::iter::once(("_rels/.rels", ROOT, STORED)).chain(members))
}

/// An `.ods` with this content.
pub fn ods(data: &[u8]) -> Vec<u8> {
    let mime = b"application/vnd.oasis.opendocument.spreadsheet".as_slice();
    zipped([
        ("mimetype", mime, STORED),
        ("META-INF/manifest.xml", b"<manifest:manifest/>", STORED),
        ("content.xml", data, STORED),
    ])
}

/// Writes the parts of a Shapefile: `.shp`, `.dbf`, `.shx`, `.cpg`, `.prj`; an empty part is a missing one.
pub fn shapefile(data: &[u8]) -> PathBuf {
    let parts = parts(data);
    for (index, ending) in ["shp", "dbf", "shx", "cpg", "prj"].iter().enumerate() {
        let name = format!("parts.{ending}");
        match parts.get(index) {
            Some(part) if index == 0 || !part.is_empty() => _ = scratch::file(&name, part),
            _ => _ = fs::remove_file(scratch::path(&name)),
        }
    }
    scratch::path("parts.shp")
}

/// The most bytes of a geometry that stand together on one page of a database.
const MOST_GEOMETRY: usize = 3000;

/// A GeoPackage of one feature with this as its geometry.
pub fn geopackage(geometry: &[u8]) -> Vec<u8> {
    thread_local! {
        /// A database, and where its geometry lies, by the geometry's length: making one takes a thousand times longer
        /// than reading it.
        static DATABASES: RefCell<HashMap<usize, (Vec<u8>, usize)>> = RefCell::default();
    }
    let geometry = &geometry[..geometry.len().min(MOST_GEOMETRY)];
    DATABASES.with_borrow_mut(|databases| {
        let (database, at) = databases.entry(geometry.len()).or_insert_with(|| {
            let database = database(geometry.len());
            let placeholder = placeholder(geometry.len());
            let mut windows = database.windows(placeholder.len().max(1));
            let at = windows.position(|window| window == placeholder);
            (database, at.unwrap_or_default())
        });
        let mut database = database.clone();
        database[*at..*at + geometry.len()].copy_from_slice(geometry);
        if geometry.is_empty() {
            self::database(0)
        } else {
            database
        }
    })
}

/// Bytes that stand nowhere else in a database.
fn placeholder(length: usize) -> Vec<u8> {
    (0..length).map(|index| 0xa5 ^ (index % 251) as u8).collect()
}

fn database(length: usize) -> Vec<u8> {
    let path = scratch::path("template.gpkg");
    _ = fs::remove_file(&path);
    let database = Connection::open(&path).expect("a database can be made");
    let tables = "
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT, description TEXT);
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,
            srs_id INTEGER, z TINYINT, m TINYINT);
        CREATE TABLE l (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS[]', '');
        INSERT INTO gpkg_contents VALUES ('l', 'features', 'l', 4326);
        INSERT INTO gpkg_geometry_columns VALUES ('l', 'geom', 'GEOMETRY', 4326, 0, 0);";
    database.execute_batch(tables).expect("tables can be made");
    let insert = "INSERT INTO l (geom, name) VALUES (?1, 'a')";
    database
        .execute(insert, [placeholder(length)])
        .expect("a row can be written");
    drop(database);
    fs::read(path).expect("a database can be read")
}

/// An OpenStreetMap extract of the parts, each the message of a data block.
pub fn extract(data: &[u8]) -> Vec<u8> {
    let mut bytes = block("OSMHeader", &field(4, b"OsmSchema-V0.6"));
    for part in parts(data) {
        bytes.extend(block("OSMData", part));
    }
    bytes
}

fn block(kind: &str, message: &[u8]) -> Vec<u8> {
    let blob = field(1, message);
    let mut length = vec![3 << 3];
    varint(blob.len(), &mut length);
    let header = [field(1, kind.as_bytes()), length].concat();
    [&(header.len() as u32).to_be_bytes()[..], &header, &blob].concat()
}

/// A field of bytes in a protobuf message.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    varint(content.len(), &mut bytes);
    bytes.extend_from_slice(content);
    bytes
}

fn varint(mut number: usize, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
