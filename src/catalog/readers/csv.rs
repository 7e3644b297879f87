//! Delimited text: a header row, then one feature per row with its longitude and latitude in two columns.

use std::io::BufRead;

use geo_types::Point;

use super::{Hints, Input, Problem, RawFeature, ReadError, Row, Source};
use crate::catalog::RawValue;

/// Column names taken for the longitude, lower case, best first.
const LON_NAMES: &[&str] = &[
    "经度",
    "經度",
    "経度",
    "lon",
    "lng",
    "long",
    "longitude",
    "东经",
    "東經",
    "x",
];
/// Column names taken for the latitude, lower case, best first.
const LAT_NAMES: &[&str] = &["纬度", "緯度", "lat", "latitude", "北纬", "北緯", "y"];

/// A CSV file with its header understood.
#[derive(Debug)]
pub struct Csv {
    input: Input,
    delimiter: u8,
    names: Vec<String>,
    lon: usize,
    lat: usize,
}

impl Csv {
    /// Reads the header row, finds the delimiter (the one of comma, semicolon, tab that the header has most of) and
    /// the columns of the position.
    ///
    /// # Errors
    /// No header, or no columns for longitude and latitude.
    pub fn open(input: Input, hints: &Hints) -> Result<Self, ReadError> {
        let mut header = Vec::new();
        let mut text = input.text()?;
        while header.trim_ascii().is_empty() {
            header.clear();
            if text.read_until(b'\n', &mut header).map_err(ReadError::from_io)? == 0 {
                return Err(ReadError::Header("the file has no header row".to_owned()));
            }
        }
        let delimiter = delimiter(&header);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(input.text()?);
        let names = unique(reader.headers().map_err(csv_error)?);
        let find = |given: Option<&str>, known: &[&str], what: &str| {
            let (column, problem) = if let Some(name) = given {
                let column = names.iter().position(|column| column == name);
                (column, format!("there is no column `{name}` for the {what}"))
            } else {
                let named = |name: &&str| names.iter().position(|column| column.to_lowercase() == **name);
                let problem = format!("no column looks like the {what}; say which with --map {what}=COLUMN");
                (known.iter().find_map(named), problem)
            };
            column.ok_or_else(|| ReadError::Header(format!("{problem}; the file has: {}", names.join(", "))))
        };
        let lon = find(hints.lon.as_deref(), LON_NAMES, "lon")?;
        let lat = find(hints.lat.as_deref(), LAT_NAMES, "lat")?;
        Ok(Self {
            input,
            delimiter,
            names,
            lon,
            lat,
        })
    }

    fn feature(&self, record: &csv::StringRecord) -> Result<RawFeature, Problem> {
        if record.len() != self.names.len() {
            return Err(Problem::row(format!(
                "{} fields where the header has {}",
                record.len(),
                self.names.len()
            )));
        }
        let x = self.degrees(record, self.lon)?;
        let y = self.degrees(record, self.lat)?;
        let cells = record.iter().enumerate();
        Ok(RawFeature {
            geometry: Some(Point::new(x, y).into()),
            open_rings: 0,
            values: cells
                .filter(|(column, text)| *column != self.lon && *column != self.lat && !text.trim().is_empty())
                .map(|(column, text)| (column, RawValue::Text(text.trim().to_owned().into())))
                .collect(),
        })
    }

    fn degrees(&self, record: &csv::StringRecord, column: usize) -> Result<f64, Problem> {
        let text = record.get(column).unwrap_or_default().trim();
        let problem = |reason| Problem::value(&self.names[column], text, reason);
        match text.parse::<f64>() {
            Ok(degrees) if degrees.is_finite() => Ok(degrees),
            _ if text.is_empty() => Err(problem("there is no position")),
            _ => Err(problem("must be decimal degrees, such as 119.2965")),
        }
    }
}

impl Source for Csv {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .from_reader(self.input.text()?);
        let mut record = csv::StringRecord::new();
        let mut number = 0;
        while reader.read_record(&mut record).map_err(csv_error)? {
            number += 1;
            let content = self.feature(&record);
            take(&self.names, Row { number, content });
        }
        Ok(())
    }

    fn position_columns(&self) -> Option<(&str, &str)> {
        Some((&self.names[self.lon], &self.names[self.lat]))
    }
}

fn csv_error(error: csv::Error) -> ReadError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadError::from_io(error),
        other => ReadError::Header(format!("the CSV cannot be read: {other:?}")),
    }
}

/// The separator that the header has most of, outside quotes.
fn delimiter(header: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let mut quoted = false;
        let outside = header.iter().filter(|&&byte| {
            quoted ^= byte == b'"';
            byte == delimiter && !quoted
        });
        outside.count()
    };
    // The last of equals wins: the comma.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|&delimiter| count(delimiter))
        .unwrap_or(b',')
}

/// Column names without white space around them; blank ones and repeated ones get their number.
fn unique(header: &csv::StringRecord) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (index, name) in header.iter().enumerate() {
        let name = name.trim();
        let mut unique = if name.is_empty() {
            format!("column_{}", index + 1)
        } else {
            name.to_owned()
        };
        while names.contains(&unique) {
            unique = format!("{unique}_{}", index + 1);
        }
        names.push(unique);
    }
    names
}
