//! Esri Shapefile: one layer in several files of one name.
//!
//! | part | holds | when it is missing |
//! |---|---|---|
//! | `.shp` | geometries | nothing to read |
//! | `.shx` | where each record of the `.shp` lies | read from the beginning, as most files are written |
//! | `.dbf` | attributes, one record for each shape | a layer without attributes |
//! | `.cpg` | the encoding of the `.dbf` | see `codepage` |
//! | `.prj` | the coordinate reference system | unknown |
//!
//! Row numbers are those of the records; what is marked as deleted in the `.dbf` is passed over together with its shape,
//! as every GIS does, and counted. A `.dbf` with more or fewer records than shapes is an error, for nobody knows which
//! attributes are whose. Memory: one record.

mod codepage;
mod rings;
mod shapes;
mod table;

use std::{
    cell::RefCell,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use encoding_rs::{Encoding, UTF_8};

use self::{
    shapes::{Content, Shapes},
    table::{Record, Table},
};
use super::{Columns, DeclaredCrs, Input, Problem, RawFeature, ReadError, Remark, Row, Source};

/// A Shapefile with its header and columns understood.
#[derive(Debug)]
pub struct Shapefile {
    input: Input,
    shx: Option<PathBuf>,
    table: Option<Table>,
    names: Vec<String>,
    encoding: &'static Encoding,
    crs: Option<DeclaredCrs>,
    /// What is known without reading the rows.
    remarks: Vec<Remark>,
    counts: RefCell<Counts>,
}

/// What a reading counted.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    deleted: u64,
    cut: u64,
    orphans: u64,
}

/// The longest `.prj` and `.cpg` that is read: they are a few lines.
const LONGEST_NOTE: u64 = 64 * 1024;

impl Shapefile {
    /// Finds the parts beside the `.shp`, reads the columns, and finds out the encoding; where nothing says it, by
    /// reading all texts.
    ///
    /// # Errors
    /// Parts that are damaged or do not belong together, an encoding that cannot be known.
    pub fn open(input: &Input) -> Result<Self, ReadError> {
        let shp = input.path().to_owned();
        let part = |extension: &str| part(&shp, extension);
        let (shx, dbf) = (part("shx"), part("dbf"));
        let shapes = Shapes::open(&shp, shx.as_deref())?;
        let mut remarks = Vec::new();
        let mut encoding = UTF_8;
        let table = dbf.as_deref().map(Table::open).transpose()?;
        if let Some(table) = &table {
            if let Some(count) = shapes.count().filter(|count| *count != table.count) {
                return Err(unequal(count, table.count));
            }
            let cpg = part("cpg").map(|path| note(&path)).transpose()?;
            let (found, remark) = codepage::of(table, input.given_encoding(), cpg.as_deref())?;
            encoding = found;
            remarks.extend(remark);
        }
        let names = table.as_ref().map_or_else(Vec::new, |table| names(table, encoding));
        remarks.extend(missing(shx.is_some(), table.as_ref(), &names));
        let crs = part("prj").map(|path| note(&path)).transpose()?;
        let crs = crs.filter(|text| !text.trim().is_empty());
        let size = |path: Option<&Path>| path.and_then(|path| path.metadata().ok()).map_or(0, |data| data.len());
        let whole = size(Some(&shp)) + size(shx.as_deref()) + size(dbf.as_deref());
        let share = size(Some(&shp)) as f64 / whole.max(1) as f64;
        Ok(Self {
            input: input.moved_to(shp, share),
            shx,
            table,
            names,
            encoding,
            crs: crs.map(|text| DeclaredCrs::Wkt(text.trim().to_owned())),
            remarks,
            counts: RefCell::default(),
        })
    }

    fn row(&self, shape: Content<'_>, record: Option<Record<'_>>, counts: &mut Counts) -> Result<RawFeature, Problem> {
        let drawn = shape.and_then(shapes::draw).map_err(|reason| Problem {
            field: Some("geometry".to_owned()),
            value: None,
            reason,
        })?;
        counts.orphans += drawn.orphans;
        let values = record.map(|record| record.values(&self.names, self.encoding, &mut counts.cut));
        Ok(RawFeature {
            geometry: drawn.geometry,
            open_rings: drawn.open_rings,
            values: values.transpose()?.unwrap_or_default(),
        })
    }
}

impl Source for Shapefile {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut counts = Counts::default();
        let mut shapes = Shapes::open(self.input.path(), self.shx.as_deref())?;
        let mut records = self.table.as_ref().map(Table::records).transpose()?;
        let mut number = 0;
        loop {
            let shape = shapes.next(&self.input)?;
            let record = match &mut records {
                Some(records) => records.next(Some(&self.input))?,
                None => None,
            };
            let of_table = self.table.as_ref().map(|table| table.count);
            match (&shape, &record, of_table) {
                (None, None, _) => break,
                (Some(_), Some(_), _) | (Some(_), None, None) => {}
                (Some(_), None, Some(count)) => return Err(unequal(number + 1, count)),
                (None, Some(_), count) => return Err(unequal(number, count.unwrap_or_default())),
            }
            number += 1;
            if record.as_ref().is_some_and(Record::is_deleted) {
                counts.deleted += 1;
                continue;
            }
            let shape = shape.unwrap_or(Ok(&[]));
            let content = self.row(shape, record, &mut counts);
            take(&self.names, Row { number, content });
        }
        self.counts.replace(counts);
        Ok(())
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.crs.clone()
    }

    fn remarks(&self) -> Vec<Remark> {
        let Counts { deleted, cut, orphans } = *self.counts.borrow();
        let deleted = (deleted > 0).then(|| {
            let message = format!("{deleted} records are marked as deleted in the .dbf and were passed over");
            Remark::note("deleted_records", message)
        });
        let cut = (cut > 0).then(|| {
            let message = format!(
                "{cut} texts end in the middle of a character, for their column in the .dbf was too narrow; the part \
                 before it was kept"
            );
            Remark::warning("cut_texts", message)
        });
        let orphans = (orphans > 0).then(|| {
            let message = format!(
                "{orphans} rings run like holes but lie in no other ring, and were taken as outer rings; look at them \
                 on the map"
            );
            Remark::warning("ring_order", message)
        });
        let counted = [deleted, cut, orphans].into_iter().flatten();
        self.remarks.iter().cloned().chain(counted).collect()
    }
}

fn unequal(shapes: u64, records: u64) -> ReadError {
    let more = if shapes > records { "at least " } else { "" };
    ReadError::Shapefile(format!(
        "the .shp has {more}{shapes} shapes and the .dbf {records} records, so nobody knows which attributes are whose; are \
         they of the same Shapefile?"
    ))
}

/// What can be said of missing parts, and of columns that are not read.
fn missing<'t>(
    has_index: bool,
    table: Option<&'t Table>,
    names: &'t [String],
) -> impl Iterator<Item = Remark> + use<'t> {
    let index = (!has_index).then(|| {
        let message = "there is no .shx beside the .shp; its records were taken one after the other";
        Remark::note("no_shx", message)
    });
    let no_table = table.is_none().then(|| {
        let message = "there is no .dbf beside the .shp: the features have no names or other attributes";
        Remark::warning("no_attributes", message)
    });
    let columns = table.into_iter().flat_map(|table| &table.columns).zip(names);
    let unread = columns.filter(|(column, _)| !column.is_read()).map(|(column, name)| {
        let kind = char::from(column.kind);
        let message = format!("column {name} is of kind {kind} (a memo, picture or the like) and was left out");
        Remark::warning("unread_column", message)
    });
    index.into_iter().chain(no_table).chain(unread)
}

fn names(table: &Table, encoding: &'static Encoding) -> Vec<String> {
    let mut columns = Columns::default();
    for column in &table.columns {
        // Names are cut at ten bytes, in the middle of a character too.
        let strict = table::decode(&column.raw_name, encoding).map(|(name, _)| name);
        let name = strict.unwrap_or_else(|| encoding.decode_without_bom_handling(&column.raw_name).0.into_owned());
        columns.add(name.trim());
    }
    columns.names
}

/// The file with the same name and another extension, in capitals or not.
fn part(shp: &Path, extension: &str) -> Option<PathBuf> {
    let exact = shp.with_extension(extension);
    if exact.is_file() {
        return Some(exact);
    }
    let folder = shp.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = folder.unwrap_or_else(|| Path::new(".")).read_dir().ok()?;
    let is_part = |path: &PathBuf| {
        let has = |one: Option<&std::ffi::OsStr>, other: Option<&std::ffi::OsStr>| {
            one.zip(other)
                .is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        has(path.file_stem(), shp.file_stem()) && has(path.extension(), Some(extension.as_ref())) && path.is_file()
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_part).collect();
    found.sort();
    found.into_iter().next()
}

/// The text of a `.prj` or `.cpg`. What is not UTF-8 in it is a name or a remark, and nothing that is looked at.
fn note(path: &Path) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(ReadError::open(path))?;
    file.take(LONGEST_NOTE).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes)
        .trim_start_matches('\u{feff}')
        .to_owned())
}

#[cfg(test)]
mod tests;
