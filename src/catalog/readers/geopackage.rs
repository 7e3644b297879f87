//! OGC GeoPackage: layers in an `SQLite` database (OGC 12-128r19).
//!
//! The database is opened for reading only, and as one that nobody changes unless a journal beside it says that
//! somebody does: then `SQLite` reads what the journal holds too. Rows come in the order of their row ids. A layer's own
//! columns are all read, its key too; what `SQLite` calls a BLOB is a picture or the like, which a layer cannot hold, and is
//! counted. The schema is not trusted: functions that reach outside are not run, and a view that goes on and on, or makes
//! values larger than the file has room for, is stopped. Memory: one row.

mod wkb;

use std::{cell::RefCell, fs::File, io::Read, path::Path};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, config::DbConfig, limits::Limit, types::ValueRef};

use super::{DeclaredCrs, Hints, Input, Problem, RawFeature, ReadError, Remark, Row, Source};
use crate::catalog::RawValue;

/// A layer of a GeoPackage.
#[derive(Debug)]
pub struct GeoPackage {
    input: Input,
    query: String,
    count: String,
    names: Vec<String>,
    /// Which of the columns hold truth values, which are stored as numbers.
    flags: Vec<bool>,
    crs: Option<DeclaredCrs>,
    /// How many BLOBs each column has.
    blobs: RefCell<Vec<u64>>,
}

/// The largest value of a row.
const LARGEST: i32 = 256 << 20;

/// `SQLite`'s steps between two looks at their count.
const STEPS: i32 = 100_000;

/// As many steps may be taken for any file, about two seconds, and for each of its bytes: reading a row takes a few for
/// each value, and a view that joins tables some more.
const STEPS_FOR_ANY: u64 = 200_000_000;
const STEPS_FOR_A_BYTE: u64 = 1000;

/// A row of `gpkg_geometry_columns`.
struct Layer {
    table: String,
    geometry: String,
    srs: i64,
}

impl GeoPackage {
    /// Finds the layer and its columns.
    ///
    /// # Errors
    /// No GeoPackage, no layer, or several of which `hints` names none.
    pub fn open(input: Input, hints: &Hints) -> Result<Self, ReadError> {
        let database = connect(input.path())?;
        let layer = choose(layers(&database)?, hints.table.as_deref())?;
        let columns = columns(&database, &layer)?;
        let crs = crs(&database, layer.srs)?;
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let from = quoted(&layer.table);
        let geometry = std::iter::once(layer.geometry.as_str());
        let selected: Vec<String> = geometry
            .chain(columns.iter().map(|(name, _)| name.as_str()))
            .map(quoted)
            .collect();
        let mut query = format!("SELECT {} FROM {from} ORDER BY rowid", selected.join(", "));
        if database.prepare(&query).is_err() {
            // A view, or a table without row ids, comes in an order of its own.
            query.truncate(query.len() - " ORDER BY rowid".len());
            database.prepare(&query)?;
        }
        let (names, flags): (Vec<String>, Vec<bool>) = columns.into_iter().unzip();
        Ok(Self {
            input,
            query,
            count: format!("SELECT count(*) FROM {from}"),
            blobs: RefCell::new(vec![0; names.len()]),
            names,
            flags,
            crs,
        })
    }

    fn feature(&self, row: &rusqlite::Row<'_>, blobs: &mut [u64]) -> Result<Result<RawFeature, Problem>, ReadError> {
        let mut feature = RawFeature::default();
        let problem = |reason: String| Problem {
            field: Some("geometry".to_owned()),
            value: None,
            reason,
        };
        match row.get_ref(0)? {
            ValueRef::Null => {}
            ValueRef::Blob(blob) => match wkb::read(blob, &mut feature.open_rings) {
                Ok(geometry) => feature.geometry = geometry,
                Err(reason) => return Ok(Err(problem(reason))),
            },
            other => return Ok(Err(problem(format!("is {} and no geometry", other.data_type())))),
        }
        for (column, name) in self.names.iter().enumerate() {
            let value = match row.get_ref(column + 1)? {
                ValueRef::Null => continue,
                ValueRef::Integer(flag @ (0 | 1)) if self.flags[column] => RawValue::Bool(flag == 1),
                ValueRef::Integer(value) => RawValue::Int(value),
                ValueRef::Real(value) if value.is_finite() => RawValue::Float(value),
                ValueRef::Real(value) => RawValue::Text(value.to_string().into()),
                ValueRef::Text(bytes) => {
                    let Ok(text) = str::from_utf8(bytes) else {
                        let shown = String::from_utf8_lossy(bytes);
                        return Ok(Err(Problem::value(name, &shown, "is not UTF-8 text")));
                    };
                    RawValue::Text(text.to_owned().into())
                }
                ValueRef::Blob(_) => {
                    blobs[column] += 1;
                    continue;
                }
            };
            feature.values.push((column, value));
        }
        Ok(Ok(feature))
    }
}

impl Source for GeoPackage {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let database = connect(self.input.path())?;
        let size = self.input.path().metadata()?.len();
        let count: i64 = database.query_row(&self.count, [], |row| row.get(0))?;
        let mut statement = database.prepare(&self.query)?;
        let mut rows = statement.query([])?;
        let mut blobs = vec![0; self.names.len()];
        let (mut number, mut counted) = (0, 0);
        while let Some(row) = rows.next()? {
            number += 1;
            let content = self.feature(row, &mut blobs)?;
            take(&self.names, Row { number, content });
            // SQLite does not say where it reads.
            let due = (number as f64 / count.max(1) as f64 * size as f64) as u64;
            self.input.count(due.saturating_sub(counted));
            counted = due;
        }
        self.blobs.replace(blobs);
        Ok(())
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.crs.clone()
    }

    fn remarks(&self) -> Vec<Remark> {
        let blobs = self.blobs.borrow();
        let columns = self.names.iter().zip(&*blobs).filter(|(_, count)| **count > 0);
        let told = columns.map(|(name, count)| {
            let message = format!(
                "column {name} holds {count} pictures or other binary values, which a layer cannot hold; they were \
                 left out"
            );
            Remark::warning("binary_values", message)
        });
        told.collect()
    }
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::GeoPackage(match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => {
                "its views take longer to work out than its size explains".to_owned()
            }
            _ => error.to_string(),
        })
    }
}

fn connect(path: &Path) -> Result<Connection, ReadError> {
    let journal = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        std::fs::metadata(name).is_ok_and(|metadata| metadata.len() > 0)
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = if journal("-wal") || journal("-journal") {
        Connection::open_with_flags(path, flags)?
    } else {
        check_length(path)?;
        let path = percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
        Connection::open_with_flags(format!("file:{path}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)?
    };
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.pragma_update(None, "cell_size_check", true)?;
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST)?;
    let most = STEPS_FOR_ANY + STEPS_FOR_A_BYTE * path.metadata()?.len();
    let mut taken = 0;
    let is_too_long = move || {
        taken += STEPS as u64;
        taken > most
    };
    database.progress_handler(STEPS, Some(is_too_long))?;
    Ok(database)
}

/// Holds the file's length against its header: `SQLite` takes what is missing of the last page for zeros.
fn check_length(path: &Path) -> Result<(), ReadError> {
    let file = File::open(path).map_err(ReadError::open(path))?;
    let size = file.metadata()?.len();
    let mut header = Vec::new();
    file.take(100).read_to_end(&mut header)?;
    let Ok(header) = <[u8; 100]>::try_from(header) else {
        return Err(ReadError::GeoPackage(
            "it is shorter than its header; is it cut short?".to_owned(),
        ));
    };
    let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let page = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65_536,
        page => page.max(1),
    };
    // Old libraries do not keep the count of pages; then it is not of the last change.
    let pages = if word(24) == word(92) { u64::from(word(28)) } else { 0 };
    if size < pages * page || size % page != 0 {
        let pages = pages.max(size / page + 1);
        let due = pages * page;
        return Err(ReadError::GeoPackage(format!(
            "it should have {due} bytes and has {size}; is it cut short?"
        )));
    }
    Ok(())
}

fn layers(database: &Connection) -> Result<Vec<Layer>, ReadError> {
    let known = "SELECT count(*) FROM sqlite_schema WHERE name = 'gpkg_geometry_columns'";
    let count: i64 = database.query_row(known, [], |row| row.get(0))?;
    if count == 0 {
        return Err(ReadError::GeoPackage(
            "it is an SQLite database without the table gpkg_geometry_columns, and no GeoPackage with features"
                .to_owned(),
        ));
    }
    let sql = "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns ORDER BY table_name";
    let mut statement = database.prepare(sql)?;
    let layers = statement.query_map([], |row| {
        Ok(Layer {
            table: row.get(0)?,
            geometry: row.get(1)?,
            srs: row.get(2)?,
        })
    })?;
    Ok(layers.collect::<Result<_, _>>()?)
}

fn choose(mut layers: Vec<Layer>, wanted: Option<&str>) -> Result<Layer, ReadError> {
    let names: Vec<String> = layers.iter().map(|layer| layer.table.clone()).collect();
    let names = names.join(", ");
    let at = match wanted {
        Some(wanted) => layers
            .iter()
            .position(|layer| layer.table == wanted)
            .ok_or_else(|| format!("there is no layer `{wanted}` in the GeoPackage; it has: {names}")),
        None if layers.len() == 1 => Ok(0),
        None if layers.is_empty() => Err("the GeoPackage has no layer of features".to_owned()),
        None => Err(format!(
            "the GeoPackage has several layers: {names}; choose one with --table NAME"
        )),
    };
    Ok(layers.swap_remove(at.map_err(ReadError::Choice)?))
}

/// The columns beside the geometry, and whether they hold truth values.
fn columns(database: &Connection, layer: &Layer) -> Result<Vec<(String, bool)>, ReadError> {
    let mut statement = database.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")?;
    let columns = statement.query_map([&layer.table], |row| {
        let kind: Option<String> = row.get(1)?;
        Ok((
            row.get(0)?,
            kind.is_some_and(|kind| kind.eq_ignore_ascii_case("boolean")),
        ))
    })?;
    let mut columns: Vec<(String, bool)> = columns.collect::<Result<_, _>>()?;
    let before = columns.len();
    columns.retain(|(name, _)| !name.eq_ignore_ascii_case(&layer.geometry));
    if columns.len() == before {
        return Err(ReadError::GeoPackage(format!(
            "its table {} has no column {}, which should hold the geometries",
            layer.table, layer.geometry
        )));
    }
    Ok(columns)
}

fn crs(database: &Connection, srs: i64) -> Result<Option<DeclaredCrs>, ReadError> {
    // -1 and 0 stand for what is not known: a plane, a globe.
    if srs < 1 {
        return Ok(None);
    }
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let found = database.query_row(sql, [srs], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, Option<String>>(2)?,
        ))
    });
    let Some((organization, code, definition)) = found.optional()? else {
        return Ok(Some(DeclaredCrs::Name(format!("srs_id {srs}"))));
    };
    let definition = definition.filter(|text| !text.trim().is_empty() && !text.eq_ignore_ascii_case("undefined"));
    Ok(Some(match (u32::try_from(code), definition) {
        (Ok(code), _) if organization.eq_ignore_ascii_case("epsg") => DeclaredCrs::Epsg(code),
        (_, Some(definition)) => DeclaredCrs::Wkt(definition),
        _ => DeclaredCrs::Name(format!("{organization}:{code}")),
    }))
}

#[cfg(test)]
mod tests;
