//! The first reading of a file: which columns there are and what stands in them.

use std::collections::{BTreeMap, HashSet};

use geo_types::Geometry;
use xxhash_rust::xxh3::xxh3_64;

use super::{cells, names};
use crate::catalog::{
    FieldKind, RawValue, Shape,
    readers::{ReadError, Source},
};

/// As many different values of a column are remembered: enough for levels, flags and vocabularies.
const FEW: usize = 64;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// All rows, usable or not.
    pub(super) rows: u64,
    /// The columns in file order.
    pub(super) columns: Vec<ColumnSurvey>,
    shape: Option<Shape>,
}

/// What stands in a column.
#[derive(Debug)]
pub(super) struct ColumnSurvey {
    pub(super) name: String,
    /// Rows with a value.
    pub(super) known: u64,
    /// Of these, how many read as a number, units left off.
    pub(super) numbers: u64,
    /// A value that does not.
    pub(super) no_number: Option<String>,
    /// The different values and how often they stand, while they are few.
    pub(super) values: Option<BTreeMap<String, u64>>,
    kind: Option<FieldKind>,
    /// Hashes of all values, of columns that may hold ids; 64 bits are enough to propose by.
    ids: Option<HashSet<u64>>,
}

impl ColumnSurvey {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            known: 0,
            numbers: 0,
            no_number: None,
            values: Some(BTreeMap::new()),
            kind: None,
            ids: names::is_id(name).then(HashSet::new),
        }
    }

    /// The type that holds every value.
    pub(super) fn kind(&self) -> FieldKind {
        self.kind.unwrap_or(FieldKind::Text)
    }

    /// How many values repeat an earlier one; `None` for columns that were not watched.
    pub(super) fn repeated(&self) -> Option<u64> {
        self.ids.as_ref().map(|ids| self.known - ids.len() as u64)
    }

    fn add(&mut self, value: &RawValue<'_>) {
        if value.is_blank() {
            return;
        }
        self.known += 1;
        let kind = cells::kind_of(value);
        self.kind = Some(self.kind.map_or(kind, |known| join(known, kind)));
        let text = value.to_text();
        if cells::number(value).is_some() {
            self.numbers += 1;
        } else if self.no_number.is_none() {
            self.no_number = Some(text.clone().into_owned());
        }
        if let Some(ids) = &mut self.ids {
            ids.insert(xxh3_64(text.as_bytes()));
        }
        if let Some(values) = &mut self.values {
            *values.entry(text.into_owned()).or_default() += 1;
            if values.len() > FEW {
                self.values = None;
            }
        }
    }
}

fn join(one: FieldKind, other: FieldKind) -> FieldKind {
    use FieldKind::{Float, Int, Text};
    match (one, other) {
        (one, other) if one == other => one,
        (Int, Float) | (Float, Int) => Float,
        _ => Text,
    }
}

fn shape_of(geometry: &Geometry<f64>) -> Shape {
    match geometry {
        Geometry::Point(_) => Shape::Point,
        Geometry::LineString(_) | Geometry::MultiLineString(_) => Shape::Line,
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => Shape::Polygon,
        _ => Shape::Mixed,
    }
}

impl Survey {
    /// Reads the whole file once.
    pub(super) fn of(source: &dyn Source) -> Result<Self, ReadError> {
        let mut survey = Self::default();
        source.read(&mut |columns, row| {
            survey.rows += 1;
            let known = survey.columns.len();
            survey
                .columns
                .extend(columns[known..].iter().map(|name| ColumnSurvey::new(name)));
            if let Ok(feature) = &row.content {
                survey.shape = feature.geometry.as_ref().map(shape_of).map_or(survey.shape, |shape| {
                    Some(
                        survey
                            .shape
                            .filter(|known| *known != shape)
                            .map_or(shape, |_| Shape::Mixed),
                    )
                });
                for (column, value) in &feature.values {
                    survey.columns[*column].add(value);
                }
            }
        })?;
        Ok(survey)
    }

    /// What all geometries are; single points, or lines, or polygons, or mixed.
    pub(super) fn shape(&self) -> Shape {
        self.shape.unwrap_or(Shape::Mixed)
    }

    /// The position of a column.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The names of all columns.
    pub(super) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }
}
