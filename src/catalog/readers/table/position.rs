//! Where a row is: its position from two columns, from one, or from a geometry in text.
//!
//! Owns finding the columns and reading them. Numbers are handed over as they stand, degrees or metres: which reference
//! system they are in is decided by others, and so is their range.

use std::{borrow::Cow, collections::HashMap};

use geo_types::{Geometry, Point};

pub(super) use super::angle::Axis;
use super::{Cell, angle, columns, wkt};
use crate::catalog::{
    RawValue,
    readers::{Hints, Problem},
};
/// Where the positions of a table stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    form: Form,
    /// Whether numbers may have a comma before their fraction.
    decimal_comma: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// A number in each of two columns.
    Pair { lon: usize, lat: usize },
    /// Both in one column.
    Joined { column: usize, lat_first: bool },
    /// A geometry in well-known text.
    Geometry { column: usize },
}

/// A row's place.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) geometry: Option<Geometry<f64>>,
    pub(super) open_rings: usize,
    pub(super) srid: Option<u32>,
    /// Whether the numbers are a longitude and a latitude the other way round.
    pub(super) is_swapped: bool,
}

impl Position {
    /// Finds the columns: those that the user names, then a pair with well-known names, then a geometry, then one with
    /// both numbers. `rows` are the first ones below the header.
    ///
    /// # Errors
    /// No such column, several, or one with both numbers whose order cannot be told.
    pub(super) fn find(names: &[String], rows: &[Vec<String>], hints: &Hints) -> Result<Self, String> {
        let header = Header::new(names);
        let form = match (hints.lon.as_deref(), hints.lat.as_deref()) {
            (Some(lon), Some(lat)) if lon == lat => single(given(names, lon, "lon")?, rows, Some(false), names)?,
            (Some(lon), Some(lat)) => Form::Pair {
                lon: given(names, lon, "lon")?,
                lat: given(names, lat, "lat")?,
            },
            (Some(lon), None) => Form::Pair {
                lon: given(names, lon, "lon")?,
                lat: known(&header, columns::FAMILIES.map(|(_, lat)| lat), "lat")?,
            },
            (None, Some(lat)) => Form::Pair {
                lon: known(&header, columns::FAMILIES.map(|(lon, _)| lon), "lon")?,
                lat: given(names, lat, "lat")?,
            },
            (None, None) => well_known(&header, rows)?,
        };
        Ok(Self {
            form,
            decimal_comma: false,
        })
    }

    /// Looks at the first rows for how they write numbers. A comma is taken for the decimal point only where no
    /// number has a point and one cannot be read with commas between groups of three digits.
    pub(super) fn look_at(&mut self, rows: &[Vec<String>]) {
        let Form::Pair { lon, lat } = self.form else { return };
        let numbers = || values(rows, lon).chain(values(rows, lat));
        let is_grouped = |text: &str| text.split(',').skip(1).all(|group| group.len() == 3);
        let has_commas = numbers().any(|text| text.contains(',') && !is_grouped(text));
        self.decimal_comma = has_commas && !numbers().any(|text| text.contains('.'));
    }

    pub(super) const fn column(&self, axis: Axis) -> usize {
        match (&self.form, axis) {
            (Form::Pair { lon: column, .. }, Axis::Lon)
            | (Form::Pair { lat: column, .. }, Axis::Lat)
            | (Form::Joined { column, .. } | Form::Geometry { column }, _) => *column,
        }
    }

    /// Whether a column is read into the position.
    pub(super) const fn holds(&self, column: usize) -> bool {
        self.column(Axis::Lon) == column || self.column(Axis::Lat) == column
    }

    pub(super) fn read(&self, cells: &[Cell<'_>], names: &[String]) -> Result<Placed, Problem> {
        let cell = |column: usize| cells.get(column).unwrap_or(&Cell::Blank);
        match self.form {
            Form::Pair { lon, lat } => {
                let x = self.coordinate(cell(lon), &names[lon], Axis::Lon)?;
                let y = self.coordinate(cell(lat), &names[lat], Axis::Lat)?;
                placed(x, y, &names[lon])
            }
            Form::Joined { column, lat_first } => {
                let text = text_of(cell(column), &names[column])?;
                let problem = |reason: &str| Problem::value(&names[column], &text, reason);
                let (x, y) = joined(&text, lat_first)
                    .ok_or_else(|| problem("must be a longitude and a latitude, such as 119.2965,26.0753"))?;
                placed(x, y, &names[column])
            }
            Form::Geometry { column } => {
                let text = text_of(cell(column), &names[column])?;
                let parsed = wkt::parse(&text).map_err(|reason| Problem::value(&names[column], &text, reason))?;
                Ok(Placed {
                    geometry: parsed.geometry,
                    open_rings: parsed.open_rings,
                    srid: parsed.srid,
                    is_swapped: false,
                })
            }
        }
    }

    fn coordinate(&self, cell: &Cell<'_>, name: &str, axis: Axis) -> Result<f64, Problem> {
        if let Cell::Value(RawValue::Int(value)) = cell {
            return Ok(*value as f64);
        }
        if let Cell::Value(RawValue::Float(value)) = cell {
            return Ok(*value);
        }
        let text = text_of(cell, name)?;
        let problem = |reason: &str| Problem::value(name, &text, reason);
        match angle::parse(&text, self.decimal_comma) {
            Some(angle) if angle.axis.is_none_or(|said| said == axis) => Ok(angle.value),
            Some(angle) if angle.axis == Some(Axis::Lat) => Err(problem("is a latitude, in the column of longitudes")),
            Some(_) => Err(problem("is a longitude, in the column of latitudes")),
            None => Err(problem(
                "must be a number such as 119.2965, or degrees, minutes and seconds such as 119°17′47.4″",
            )),
        }
    }
}

fn text_of<'c>(cell: &'c Cell<'_>, name: &str) -> Result<Cow<'c, str>, Problem> {
    match cell {
        Cell::Blank => Err(Problem::value(name, "", "there is no position")),
        Cell::Fault(fault) => Err(Problem::value(name, fault, "is an error and no position")),
        Cell::Value(value) => Ok(value.to_text()),
    }
}

fn placed(x: f64, y: f64, name: &str) -> Result<Placed, Problem> {
    if x == 0.0 && y == 0.0 {
        let reason = "position 0,0 lies off Africa; registers write it where they know no position";
        return Err(Problem::value(name, "0, 0", reason));
    }
    Ok(Placed {
        geometry: Some(Point::new(x, y).into()),
        is_swapped: x.abs() <= 90.0 && y.abs() > 90.0 && y.abs() <= 180.0,
        ..Placed::default()
    })
}

/// A meaning's word as people say it.
fn title(what: &str) -> &str {
    match what {
        "lon" => "longitude",
        "lat" => "latitude",
        other => other,
    }
}

fn given(names: &[String], name: &str, what: &str) -> Result<usize, String> {
    let column = names.iter().position(|column| column == name);
    column.ok_or_else(|| format!("there is no column `{name}` for the {}", title(what)))
}

/// Columns by their folded names, for there are many names to look for, and may be many columns.
struct Header<'n> {
    names: &'n [String],
    by_folded: HashMap<String, Vec<usize>>,
}

impl<'n> Header<'n> {
    fn new(names: &'n [String]) -> Self {
        let mut by_folded: HashMap<String, Vec<usize>> = HashMap::new();
        for (column, name) in names.iter().enumerate() {
            by_folded.entry(columns::folded(name)).or_default().push(column);
        }
        Self { names, by_folded }
    }
}

/// The one column that has a name of a list; of several the one that is written exactly so.
fn named(header: &Header<'_>, known: &[&str]) -> Result<Option<usize>, String> {
    let names = header.names;
    for name in known {
        let fits = header.by_folded.get(*name).map_or(&[][..], Vec::as_slice);
        let exact = || {
            fits.iter()
                .copied()
                .find(|&column| names[column].to_lowercase() == *name)
        };
        match fits {
            [] => {}
            &[column] => return Ok(Some(column)),
            &[one, other, ..] => {
                let question = || {
                    format!(
                        "`{}` and `{}` could both be it; say which with --map lon=COLUMN --map lat=COLUMN",
                        names[one], names[other]
                    )
                };
                return exact().map(Some).ok_or_else(question);
            }
        }
    }
    Ok(None)
}

fn known(header: &Header<'_>, lists: [&[&str]; 2], what: &str) -> Result<usize, String> {
    for list in lists {
        if let Some(column) = named(header, list)? {
            return Ok(column);
        }
    }
    Err(format!(
        "no column looks like the {}; say which with --map {what}=COLUMN",
        title(what)
    ))
}

fn well_known(header: &Header<'_>, rows: &[Vec<String>]) -> Result<Form, String> {
    for (lon, lat) in columns::FAMILIES {
        if let (Some(lon), Some(lat)) = (named(header, lon)?, named(header, lat)?) {
            return Ok(Form::Pair { lon, lat });
        }
    }
    if let Some(column) = named(header, columns::GEOMETRY)?
        && first_value(rows, column).is_some_and(wkt::looks_like)
    {
        return Ok(Form::Geometry { column });
    }
    for (list, lat_first) in [
        (columns::LON_LAT, Some(false)),
        (columns::LAT_LON, Some(true)),
        (columns::EITHER, None),
    ] {
        if let Some(column) = named(header, list)?
            && first_value(rows, column).is_none_or(|text| wkt::looks_like(text) || joined(text, false).is_some())
        {
            return single(column, rows, lat_first, header.names);
        }
    }
    let lon = known(header, columns::FAMILIES.map(|(lon, _)| lon), "lon");
    lon.and(known(header, columns::FAMILIES.map(|(_, lat)| lat), "lat"))?;
    Err(
        "the columns of longitude and latitude do not go together; say which with --map lon=COLUMN --map lat=COLUMN"
            .to_owned(),
    )
}

fn first_value(rows: &[Vec<String>], column: usize) -> Option<&str> {
    values(rows, column).next()
}

fn values(rows: &[Vec<String>], column: usize) -> impl Iterator<Item = &str> {
    let cells = rows.iter().filter_map(move |row| row.get(column));
    cells.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// One column with a geometry or both numbers. A number beyond 90 is no latitude, which tells the order; then the
/// name of the column does.
fn single(column: usize, rows: &[Vec<String>], lat_first: Option<bool>, names: &[String]) -> Result<Form, String> {
    if first_value(rows, column).is_some_and(wkt::looks_like) {
        return Ok(Form::Geometry { column });
    }
    let is_lon = |number: f64| number.abs() > 90.0 && number.abs() <= 180.0;
    let (mut lon_first_rows, mut lat_first_rows) = (0, 0);
    for (one, other) in values(rows, column).filter_map(|text| joined(text, false)) {
        lon_first_rows += usize::from(one.abs() > 180.0 || is_lon(one) && other.abs() <= 90.0);
        lat_first_rows += usize::from(is_lon(other) && one.abs() <= 90.0);
    }
    let lat_first = match (lon_first_rows, lat_first_rows, lat_first) {
        (1.., 0, _) => false,
        (0, 1.., _) => true,
        (0, 0, Some(told)) => told,
        _ => {
            return Err(format!(
                "whether longitude or latitude comes first in `{0}` cannot be told; --map 'lon={0}' --map 'lat={0}' \
                 takes the longitude first",
                names[column]
            ));
        }
    };
    Ok(Form::Joined { column, lat_first })
}

/// Two coordinates in one text, east first; letters of hemispheres outweigh the order.
fn joined(text: &str, lat_first: bool) -> Option<(f64, f64)> {
    let text = text.trim().trim_matches(['(', ')', '[', ']', '（', '）']);
    let marks = [',', '，', ';', '；', '、', '/', '|'];
    let parts: Vec<&str> = if text.contains(marks) {
        text.split(marks).map(str::trim).collect()
    } else {
        text.split_whitespace().collect()
    };
    // A third number is a height.
    let (&[first, second] | &[first, second, _]) = parts.as_slice() else {
        return None;
    };
    if let Some(height) = parts.get(2) {
        height.parse::<f64>().ok()?;
    }
    let (first, second) = (angle::parse(first, false)?, angle::parse(second, false)?);
    let lat_first = match (first.axis, second.axis) {
        (None, None) => lat_first,
        (Some(Axis::Lat), None | Some(Axis::Lon)) | (None, Some(Axis::Lon)) => true,
        (Some(Axis::Lon), None | Some(Axis::Lat)) | (None, Some(Axis::Lat)) => false,
        (Some(_), Some(_)) => return None,
    };
    Some(if lat_first {
        (second.value, first.value)
    } else {
        (first.value, second.value)
    })
}
