//! Writing: features in, one indexed FlatGeobuf file out, the same bytes for the same features on every machine.

use std::io::Write;

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo_types::Geometry;
use geozero::{ColumnValue, PropertyProcessor, error::GeozeroError};

use crate::catalog::{Field, FieldKind, RawValue, Shape};

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A feature could not be encoded.
    #[error("feature {row} cannot be written: {source}")]
    Feature {
        /// The feature's row in the new file's input order, from 1.
        row: u64,
        /// What the encoder says.
        source: GeozeroError,
    },
    /// A value is of another type than its column.
    #[error("feature {row}: `{value}` does not fit column `{column}` of type {kind:?}")]
    Misfit {
        /// The feature's row in the new file's input order, from 1.
        row: u64,
        /// The column.
        column: String,
        /// The column's type.
        kind: FieldKind,
        /// The value.
        value: String,
    },
    /// The disk or the encoder failed.
    #[error(transparent)]
    Fgb(#[from] flatgeobuf::Error),
}

/// Writes one layer file. Features wait in a temporary file of the system, 40 bytes each stay in memory.
pub struct Writer<'a> {
    inner: FgbWriter<'a>,
    fields: Vec<Field>,
    rows: u64,
}

impl Writer<'_> {
    /// Begins a file in WGS 84 whose layer has this name and these columns. With a shape other than mixed every
    /// geometry must be of it: single points, or lines, or polygons (the last two become their multi kinds).
    ///
    /// # Errors
    /// The system gives no temporary file.
    pub fn new(name: &str, fields: Vec<Field>, shape: Shape) -> Result<Self, WriteError> {
        let crs = FgbCrs {
            org: Some("EPSG"),
            code: 4326,
            name: Some("WGS 84"),
            ..FgbCrs::default()
        };
        let options = FgbWriterOptions {
            write_index: true,
            detect_type: false,
            promote_to_multi: shape != Shape::Mixed,
            crs,
            title: Some(name),
            ..FgbWriterOptions::default()
        };
        let kind = match shape {
            Shape::Point => GeometryType::Point,
            Shape::Line => GeometryType::MultiLineString,
            Shape::Polygon => GeometryType::MultiPolygon,
            Shape::Mixed => GeometryType::Unknown,
        };
        let mut inner = FgbWriter::create_with_options(name, kind, options)?;
        for field in &fields {
            let kind = match field.kind {
                FieldKind::Bool => ColumnType::Bool,
                FieldKind::Int => ColumnType::Long,
                FieldKind::Float => ColumnType::Double,
                FieldKind::Text => ColumnType::String,
            };
            inner.add_column(&field.name, kind, |_, _| {});
        }
        Ok(Self { inner, fields, rows: 0 })
    }

    /// Adds a feature with a value per column; missing and blank ones are not written and read back as unknown.
    ///
    /// # Errors
    /// A value of another type than its column, a geometry that the format cannot hold, a full disk.
    pub fn push<'v>(
        &mut self,
        geometry: &Geometry<f64>,
        values: impl IntoIterator<Item = Option<RawValue<'v>>>,
    ) -> Result<(), WriteError> {
        self.rows += 1;
        let row = self.rows;
        let mut cells = Vec::new();
        for (index, (field, value)) in self.fields.iter().zip(values).enumerate() {
            if let Some(value) = value.filter(|value| !value.is_blank()) {
                let misfit = || WriteError::Misfit {
                    row,
                    column: field.name.clone(),
                    kind: field.kind,
                    value: value.to_text().into_owned(),
                };
                if !fits(&value, field.kind) {
                    return Err(misfit());
                }
                cells.push((index, value));
            }
        }
        let mut encoded = Ok(false);
        self.inner
            .add_feature_geom(geometry.clone(), |feature| {
                for (index, value) in &cells {
                    if encoded.is_ok() {
                        encoded = feature.property(*index, "", &column_value(value, self.fields[*index].kind));
                    }
                }
            })
            .map_err(|source| WriteError::Feature { row, source })?;
        encoded
            .map(|_| ())
            .map_err(|source| WriteError::Feature { row, source })
    }

    /// Sorts the features along a Hilbert curve and writes the file.
    ///
    /// # Errors
    /// A full disk.
    pub fn finish(self, out: impl Write) -> Result<(), WriteError> {
        Ok(self.inner.write(out)?)
    }
}

fn fits(value: &RawValue<'_>, kind: FieldKind) -> bool {
    matches!(
        (value, kind),
        (RawValue::Bool(_), FieldKind::Bool)
            | (RawValue::Int(_), FieldKind::Int | FieldKind::Float)
            | (RawValue::Float(_), FieldKind::Float)
            | (RawValue::Text(_), FieldKind::Text)
    )
}

fn column_value<'v>(value: &'v RawValue<'_>, kind: FieldKind) -> ColumnValue<'v> {
    match (value, kind) {
        (RawValue::Bool(value), _) => ColumnValue::Bool(*value),
        (RawValue::Int(value), FieldKind::Float) => ColumnValue::Double(*value as f64),
        (RawValue::Int(value), _) => ColumnValue::Long(*value),
        (RawValue::Float(value), _) => ColumnValue::Double(*value),
        (RawValue::Text(value), _) => ColumnValue::String(value.trim()),
    }
}
