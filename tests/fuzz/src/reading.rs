//! Reads an input twice and holds what comes out against what the readers promise.

use std::{collections::HashSet, fmt::Debug, path::Path, sync::LazyLock};

use geo::CoordsIter;
use geo_types::Geometry;
use refugia::catalog::{
    Field, FieldKind, RawValue, Shape,
    fgb::Writer,
    readers::{self, Format, Hints, Input, Progress, RawFeature, Row, Source},
};

use crate::{packing, scratch};

/// How inputs are read.
pub struct Reading {
    ending: String,
    hints: Hints,
    is_written: bool,
    has_parts: bool,
}

/// What a reading told.
#[derive(Debug)]
struct Told {
    names: Vec<String>,
    rows: Vec<Row>,
    outcome: Result<(), String>,
    about: String,
}

impl Reading {
    /// A file with this ending, whose format is found out.
    pub fn new(ending: &str) -> Self {
        Self {
            ending: ending.to_owned(),
            hints: Hints::default(),
            is_written: false,
            has_parts: false,
        }
    }

    /// A file of this format.
    pub fn of(format: Format) -> Self {
        let mut reading = Self::new("bin");
        reading.hints.format = Some(format);
        reading
    }

    /// With hints beside the format.
    #[must_use]
    pub fn with(mut self, hints: Hints) -> Self {
        self.hints = Hints {
            format: self.hints.format,
            ..hints
        };
        self
    }

    /// What is read is also written as FlatGeobuf and read from there.
    #[must_use]
    pub fn writing(mut self) -> Self {
        self.is_written = true;
        self
    }

    /// The input is the parts of a Shapefile.
    #[must_use]
    pub fn parts(mut self) -> Self {
        self.has_parts = true;
        self
    }

    /// Reads an input.
    ///
    /// # Panics
    /// A promise is broken.
    pub fn read(&self, data: &[u8]) {
        let path = if self.has_parts {
            packing::shapefile(data)
        } else {
            scratch::file(&format!("input.{}", self.ending), data)
        };
        match readers::open(Input::new(&path, Progress::default()), &self.hints) {
            Ok((_, source)) => {
                let told = told(&*source);
                tell(&|| format!("{} rows, {:?}, {}", told.rows.len(), told.outcome, told.about));
                let again = told_again(&*source, &told);
                assert_same(&told.outcome, &again.outcome);
                assert_same(&told.names, &again.names);
                assert_same(&told.about, &again.about);
                assert_eq!(told.rows.len(), again.rows.len());
                for (row, again) in told.rows.iter().zip(&again.rows) {
                    assert_same(row, again);
                }
                if self.is_written {
                    write_and_read(&told);
                }
            }
            Err(error) => {
                tell(&|| error.to_string());
                assert_tells(&error.to_string());
            }
        }
        scratch::check_that_nothing_is_left();
    }
}

/// Says what was read where `REFUGIA_FUZZ_TELL` asks for it, for looking at single inputs.
pub(crate) fn tell(what: &dyn Fn() -> String) {
    static IS_ASKED: LazyLock<bool> = LazyLock::new(|| std::env::var_os("REFUGIA_FUZZ_TELL").is_some());
    if *IS_ASKED {
        eprintln!("{}", what());
    }
}

fn told_again(source: &dyn Source, before: &Told) -> Told {
    let again = told(source);
    assert_eq!(before.rows.len(), again.rows.len(), "rows of a second reading");
    again
}

/// One reading, with what every reading promises looked after.
fn told(source: &dyn Source) -> Told {
    let mut names: Vec<String> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let outcome = source.read(&mut |columns, row| {
        if columns.len() != names.len() {
            assert!(columns.starts_with(&names), "columns only ever grow");
            names.extend_from_slice(&columns[names.len()..]);
        }
        let last = rows.last().map_or(0, |row| row.number);
        assert!(row.number > last, "row {} comes after row {last}", row.number);
        match &row.content {
            Ok(feature) => check(feature, names.len()),
            Err(problem) => assert_tells(&problem.reason),
        }
        rows.push(row);
    });
    let unique: HashSet<&String> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "two columns have one name: {names:?}");
    for remark in source.remarks() {
        assert_tells(&remark.message);
    }
    if let Some(detected) = source.encoding() {
        assert!((0.0..=1.0).contains(&detected.confidence), "{detected:?}");
    }
    Told {
        names,
        rows,
        outcome: outcome
            .map_err(|error| error.to_string())
            .inspect_err(|error| assert_tells(error)),
        about: format!(
            "{:?} {:?} {:?} {:?}",
            source.position_columns(),
            source.declared_crs(),
            source.encoding(),
            source.remarks()
        ),
    }
}

fn check(feature: &RawFeature, columns: usize) {
    let mut seen = vec![false; columns];
    for (column, value) in &feature.values {
        assert!(*column < columns, "a value of column {column} of {columns}");
        assert!(!seen[*column], "two values of column {column}");
        seen[*column] = true;
        if let RawValue::Float(number) = value {
            assert!(number.is_finite(), "column {column} is {number}");
        }
    }
    if let Some(geometry) = &feature.geometry {
        assert!(rings_are_closed(geometry), "a ring is open: {geometry:?}");
    }
}

/// A ring with a position that is no number is closed too, and equal to nothing.
fn rings_are_closed(geometry: &Geometry<f64>) -> bool {
    let polygon = |polygon: &geo_types::Polygon<f64>| {
        let mut rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings.all(|ring| match (ring.0.first(), ring.0.last()) {
            (Some(first), Some(last)) => first == last || first.x.is_nan() || first.y.is_nan(),
            _ => true,
        })
    };
    match geometry {
        Geometry::Polygon(only) => polygon(only),
        Geometry::MultiPolygon(many) => many.iter().all(polygon),
        Geometry::GeometryCollection(members) => members.iter().all(rings_are_closed),
        _ => true,
    }
}

pub(crate) fn assert_tells(text: &str) {
    assert!(!text.trim().is_empty(), "a problem is told in words");
}

/// Equal, or alike in every digit: numbers that are none equal nothing.
fn assert_same<T: PartialEq + Debug>(one: &T, other: &T) {
    if one != other {
        let (one, other) = (format!("{one:?}"), format!("{other:?}"));
        assert!(one == other, "two readings differ:\n{one}\n{other}");
    }
}

/// Writes the features that a layer can hold as FlatGeobuf and reads the same from there.
fn write_and_read(told: &Told) {
    let features: Vec<(u64, &Geometry<f64>, &RawFeature)> = told
        .rows
        .iter()
        .filter_map(|row| {
            let feature = row.content.as_ref().ok()?;
            let geometry = feature.geometry.as_ref().filter(|geometry| is_whole(geometry))?;
            Some((row.number, geometry, feature))
        })
        .collect();
    if features.is_empty() || told.names.len() > 1000 {
        return;
    }
    let mut fields = vec![Field {
        name: "\u{1}number".to_owned(),
        kind: FieldKind::Int,
    }];
    fields.extend(told.names.iter().enumerate().map(|(column, name)| Field {
        name: name.clone(),
        kind: kind(&features, column),
    }));
    let mut writer = Writer::new("layer", fields.clone(), Shape::Mixed).expect("columns can be written");
    let mut expected: Vec<(u64, &Geometry<f64>, Vec<(usize, RawValue<'static>)>)> = Vec::new();
    for (number, geometry, feature) in &features {
        let mut values: Vec<Option<RawValue<'static>>> = vec![None; fields.len()];
        values[0] = Some(RawValue::Int(*number as i64));
        for (column, value) in &feature.values {
            values[column + 1] = Some(value.clone()).filter(|value| of_kind(value) == fields[column + 1].kind);
        }
        writer.push(geometry, values.clone()).expect("a feature can be written");
        let values = values.into_iter().enumerate().filter_map(|(column, value)| {
            let value = value.filter(|value| !value.is_blank())?;
            Some(match value {
                RawValue::Text(text) => (column, RawValue::Text(text.trim().to_owned().into())),
                other => (column, other),
            })
        });
        expected.push((*number, geometry, values.collect()));
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    writer.finish(&mut bytes).expect("a file can be written");
    let path = scratch::file("written.fgb", bytes.get_ref());
    let found = read_written(&path);
    assert_eq!(found.len(), expected.len(), "features written and read");
    for ((number, geometry, values), row) in expected.iter().zip(&found) {
        let feature = row
            .content
            .as_ref()
            .unwrap_or_else(|problem| panic!("row {number}: {problem:?}"));
        assert_same(&Some((*geometry).clone()), &feature.geometry);
        assert_same(values, &feature.values);
    }
}

/// The rows in the order that they were written in.
fn read_written(path: &Path) -> Vec<Row> {
    let hints = Hints::default();
    let (format, source) = readers::open(Input::new(path, Progress::default()), &hints).expect("what is written opens");
    assert_eq!(format, Format::FlatGeobuf);
    let mut told = told(&*source);
    assert_same(&told.outcome, &Ok(()));
    told.rows.sort_by_key(
        |row| match row.content.as_ref().map(|feature| feature.values.first().cloned()) {
            Ok(Some((0, RawValue::Int(number)))) => number,
            other => panic!("the number is not read: {other:?}"),
        },
    );
    told.rows
}

fn kind(features: &[(u64, &Geometry<f64>, &RawFeature)], column: usize) -> FieldKind {
    let values = features.iter().flat_map(|(_, _, feature)| &feature.values);
    values
        .filter(|(at, _)| *at == column)
        .map(|(_, value)| of_kind(value))
        .next()
        .unwrap_or(FieldKind::Text)
}

fn of_kind(value: &RawValue<'_>) -> FieldKind {
    match value {
        RawValue::Bool(_) => FieldKind::Bool,
        RawValue::Int(_) => FieldKind::Int,
        RawValue::Float(_) => FieldKind::Float,
        RawValue::Text(_) => FieldKind::Text,
    }
}

/// Whether a geometry has one form only in FlatGeobuf: numbers in all positions, and no part without any.
fn is_whole(geometry: &Geometry<f64>) -> bool {
    let all_numbers = geometry
        .coords_iter()
        .all(|coord| coord.x.is_finite() && coord.y.is_finite());
    let polygon = |polygon: &geo_types::Polygon<f64>| {
        let mut rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings.all(|ring| !ring.0.is_empty())
    };
    all_numbers
        && match geometry {
            Geometry::LineString(line) => !line.0.is_empty(),
            Geometry::MultiLineString(lines) => !lines.0.is_empty() && lines.iter().all(|line| !line.0.is_empty()),
            Geometry::MultiPoint(points) => !points.0.is_empty(),
            Geometry::Polygon(only) => polygon(only),
            Geometry::MultiPolygon(many) => !many.0.is_empty() && many.iter().all(polygon),
            Geometry::GeometryCollection(members) => !members.0.is_empty() && members.iter().all(is_whole),
            _ => true,
        }
}
