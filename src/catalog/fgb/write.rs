//! Writing: features in, one indexed FlatGeobuf file out, the same bytes for the same features on every machine.

use std::{
    io::{self, Seek, Write},
    path::Path,
};

use flatgeobuf::VERSION;
use geo::BoundingRect;
use geo_types::Geometry;

use super::{
    encode::{self, Encoder},
    file::index_size,
    index::{Bounds, IndexWriter, Region},
    sort::Sorter,
};
use crate::catalog::{Field, FieldKind, RawValue, Shape};

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The format numbers columns with 16 bits.
    #[error("{0} columns are more than a FlatGeobuf file can have (65535)")]
    Columns(usize),
    /// A geometry of another shape than the file was begun with.
    #[error("feature {row} is not of the file's shape, {shape:?}")]
    Shape {
        /// The feature's row in the new file's input order, from 1.
        row: u64,
        /// The file's shape.
        shape: Shape,
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
    /// The disk is full or failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes one layer file. Features wait in a fixed amount of memory, and what is more than that in a spool file.
pub struct Writer {
    name: String,
    fields: Vec<Field>,
    shape: Shape,
    encoder: Encoder,
    sorter: Sorter,
    rows: u64,
    bounds: Bounds,
}

impl Writer {
    /// Begins a file in WGS 84 whose layer has this name and these columns. With a shape other than mixed every
    /// geometry must be of it: single points, or lines, or polygons (the last two become their multi kinds).
    ///
    /// # Errors
    /// More columns than the format can number.
    pub fn new(name: &str, fields: Vec<Field>, shape: Shape) -> Result<Self, WriteError> {
        if fields.len() > usize::from(u16::MAX) {
            return Err(WriteError::Columns(fields.len()));
        }
        Ok(Self {
            name: name.to_owned(),
            fields,
            shape,
            encoder: Encoder::new(shape),
            sorter: Sorter::new(),
            rows: 0,
            bounds: Bounds::EMPTY,
        })
    }

    /// Has the spool file, where one is needed, in this folder and not in the system's for temporary files.
    #[must_use]
    pub fn spool_in(mut self, dir: &Path) -> Self {
        self.sorter.spool_in(dir.to_owned());
        self
    }

    /// Adds a feature with a value per column; missing and blank ones are not written and read back as unknown.
    ///
    /// # Errors
    /// A value of another type than its column, a geometry of another shape than the file, a full disk.
    pub fn push<'v>(
        &mut self,
        geometry: &Geometry<f64>,
        values: impl IntoIterator<Item = Option<RawValue<'v>>>,
    ) -> Result<(), WriteError> {
        self.rows += 1;
        let row = self.rows;
        for (index, (field, value)) in self.fields.iter().zip(values).enumerate() {
            let Some(value) = value.filter(|value| !value.is_blank()) else {
                continue;
            };
            if !fits(&value, field.kind) {
                return Err(WriteError::Misfit {
                    row,
                    column: field.name.clone(),
                    kind: field.kind,
                    value: value.to_text().into_owned(),
                });
            }
            self.encoder.value(index as u16, &value, field.kind);
        }
        let feature = self
            .encoder
            .feature(geometry)
            .ok_or(WriteError::Shape { row, shape: self.shape })?;
        let bounds = Bounds::of(geometry.bounding_rect());
        self.bounds.grow(bounds);
        self.sorter.push(hilbert(bounds), [&bounds.to_bytes(), feature])?;
        Ok(())
    }

    /// Sorts the features along a Hilbert curve and writes the file, from where `out` stands at 0.
    ///
    /// # Errors
    /// A full disk.
    pub fn finish(self, mut out: impl Write + Seek) -> Result<(), WriteError> {
        let header = encode::header(&self.name, &self.fields, self.shape, self.rows, self.bounds);
        let magic = [b'f', b'g', b'b', VERSION, b'f', b'g', b'b', 0];
        out.write_all(&magic)?;
        out.write_all(&header)?;
        if self.rows == 0 {
            return Ok(out.flush()?);
        }
        let index_at = (magic.len() + header.len()) as u64;
        let mut index = IndexWriter::new(self.rows, index_at);
        let mut features = Region::new(index_at + index_size(self.rows, super::index::NODE_SIZE), 1 << 20);
        let mut offset = 0;
        self.sorter.finish(|record| {
            let (bounds, feature) = record.split_first_chunk().ok_or(io::ErrorKind::UnexpectedEof)?;
            index.push(Bounds::from_bytes(bounds), offset, &mut out)?;
            offset += feature.len() as u64;
            features.put(feature, &mut out)
        })?;
        index.finish(&mut out)?;
        features.flush(&mut out)?;
        Ok(out.flush()?)
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

/// Where the middle of a box lies on a Hilbert curve over the whole globe, 32 bits to an axis (9 mm at most), so that
/// the place is known before the other features are. 0 for empty boxes.
///
/// Source: Hilbert, Über die stetige Abbildung einer Linie auf ein Flächenstück, 1891; the quadrants are turned bit by
/// bit as in Warren, Hacker's Delight, 2nd edition, section 16.
fn hilbert(Bounds([west, south, east, north]): Bounds) -> u64 {
    // Casts saturate, and no number becomes 0.
    let cell = |middle: f64, half: f64| ((middle / half + 1.0) * f64::from(1_u32 << 31)) as u32;
    let (mut x, mut y) = (
        cell(f64::midpoint(west, east), 180.0),
        cell(f64::midpoint(south, north), 90.0),
    );
    let mut place = 0;
    for bit in (0..32).rev() {
        let (right, upper) = ((x >> bit) & 1, (y >> bit) & 1);
        place = (place << 2) | u64::from((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, io::Cursor, ops::ControlFlow, process::Command};

    use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};
    use geo::Intersects;
    use geo_types::{Coord, Point, Rect, wkt};

    use super::*;
    use crate::catalog::fgb::File;

    fn fields() -> Vec<Field> {
        let field = |name: &str, kind| Field {
            name: name.to_owned(),
            kind,
        };
        vec![field("n", FieldKind::Int), field("name", FieldKind::Text)]
    }

    /// The file of these geometries, numbered in the column `n`.
    fn written(geometries: &[Geometry<f64>], shape: Shape, in_memory: usize) -> Vec<u8> {
        let mut writer = Writer::new("l", fields(), shape).unwrap();
        writer.sorter.limit(in_memory);
        for (number, geometry) in geometries.iter().enumerate() {
            let name = RawValue::Text(format!("第{number}").into());
            writer
                .push(geometry, [Some(RawValue::Int(number as i64)), Some(name)])
                .unwrap();
        }
        let mut out = Cursor::new(Vec::new());
        writer.finish(&mut out).unwrap();
        out.into_inner()
    }

    /// Number and geometry of each feature, as our own reader sees them.
    fn read(bytes: &[u8]) -> Vec<(i64, Geometry<f64>)> {
        let mut file = File::open(bytes).unwrap();
        file.check_crs().unwrap();
        let mut all = Vec::new();
        file.features(|_, decoded| {
            let values = decoded.values.unwrap();
            let Some(RawValue::Int(number)) = values[0] else {
                panic!("{values:?}")
            };
            assert_eq!(values[1], Some(RawValue::Text(format!("第{number}").into())));
            all.push((number, decoded.geometry.unwrap().unwrap().geometry));
            ControlFlow::Continue(())
        })
        .unwrap();
        all
    }

    fn points(count: usize) -> Vec<Geometry<f64>> {
        let point = |index: usize| {
            let turn = index as f64 * 2.399_963;
            let radius = (index as f64).sqrt() * 0.01;
            Point::new(119.0 + radius * turn.cos(), 26.0 + radius * turn.sin()).into()
        };
        (0..count).map(point).collect()
    }

    #[test]
    fn the_same_features_give_the_same_bytes_however_much_memory_there_is() {
        let points = points(3_000);
        let whole = written(&points, Shape::Point, usize::MAX);
        assert!(written(&points, Shape::Point, 20_000) == whole, "many runs");
        assert!(written(&points, Shape::Point, 1) == whole, "a run for each feature");
        let mut back = read(&whole);
        back.sort_by_key(|(number, _)| *number);
        assert!(back.into_iter().map(|(_, geometry)| geometry).eq(points));
    }

    #[test]
    fn every_kind_of_geometry_comes_back() {
        let all: [Geometry<f64>; 7] = [
            Point::new(1.0, 2.0).into(),
            wkt!(MULTIPOINT(1. 2.,3. 4.)).into(),
            wkt!(LINESTRING(1. 2.,3. 4.)).into(),
            wkt!(MULTILINESTRING((1. 2.,3. 4.),(5. 6.,7. 8.,9. 9.))).into(),
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 0.),(2. 1.,3. 1.,3. 2.,2. 1.))).into(),
            wkt!(MULTIPOLYGON(((0. 0.,9. 0.,9. 9.,0. 0.)),((20. 0.,29. 0.,29. 9.,20. 0.),(22. 1.,23. 1.,23. 2.,22. 1.)))).into(),
            Geometry::GeometryCollection(wkt!(GEOMETRYCOLLECTION(POINT(1. 2.),POLYGON((0. 0.,9. 0.,9. 9.,0. 0.))))),
        ];
        let mut back = read(&written(&all, Shape::Mixed, usize::MAX));
        back.sort_by_key(|(number, _)| *number);
        assert_eq!(back.into_iter().map(|(_, geometry)| geometry).collect::<Vec<_>>(), all);
    }

    #[test]
    fn single_parts_become_the_files_multi_kind_and_others_are_refused() {
        let line: Geometry<f64> = wkt!(LINESTRING(1. 2.,3. 4.)).into();
        let back = read(&written(std::slice::from_ref(&line), Shape::Line, usize::MAX));
        assert_eq!(back[0].1, wkt!(MULTILINESTRING((1. 2.,3. 4.))).into());
        let mut writer = Writer::new("l", fields(), Shape::Polygon).unwrap();
        let error = writer.push(&line, []).unwrap_err();
        assert_eq!(error.to_string(), "feature 1 is not of the file's shape, Polygon");
        let error = writer.push(&line, [Some(RawValue::Bool(true))]).unwrap_err();
        assert!(matches!(error, WriteError::Misfit { row: 2, .. }), "{error}");
        let many = vec![fields().remove(0); 65_536];
        assert!(matches!(
            Writer::new("l", many, Shape::Point),
            Err(WriteError::Columns(65_536))
        ));
    }

    #[test]
    fn a_file_without_features_is_whole() {
        let bytes = written(&[], Shape::Mixed, usize::MAX);
        assert_eq!(read(&bytes), []);
        assert_eq!(File::open(&bytes[..]).unwrap().fields(), fields());
    }

    #[test]
    fn a_search_through_the_index_finds_what_a_scan_finds() {
        let boxes: Vec<Geometry<f64>> = points(700)
            .iter()
            .enumerate()
            .map(|(index, point)| {
                let rect = point.bounding_rect().unwrap();
                let size = (index % 10) as f64 * 0.01;
                Rect::new(rect.min(), rect.max() + Coord { x: size, y: size })
                    .to_polygon()
                    .into()
            })
            .collect();
        let bytes = written(&boxes, Shape::Polygon, 10_000);
        for window in [
            [118.9, 25.9, 119.05, 26.02],
            [119.0, 26.0, 119.0, 26.0],
            [110.0, 20.0, 130.0, 30.0],
            [0.0, 0.0, 1.0, 1.0],
        ] {
            let [west, south, east, north] = window;
            let rect = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
            let scan: BTreeSet<i64> = (0..)
                .zip(&boxes)
                .filter(|(_, geometry)| geometry.bounding_rect().unwrap().intersects(&rect))
                .map(|(number, _)| number)
                .collect();
            let mut found = FgbReader::open(Cursor::new(&bytes))
                .unwrap()
                .select_bbox(west, south, east, north)
                .unwrap();
            let mut numbers = BTreeSet::new();
            while let Some(feature) = found.next().unwrap() {
                numbers.insert(feature.property::<i64>("n").unwrap());
            }
            assert_eq!(numbers, scan, "{window:?}");
        }
    }

    #[test]
    fn gdal_reads_the_file_and_its_index() {
        if Command::new("ogrinfo").arg("--version").output().is_err() {
            println!("skipped: no ogrinfo");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l.fgb");
        std::fs::write(&path, written(&points(500), Shape::Point, 10_000)).unwrap();
        let ogrinfo = |args: &[&str]| {
            let output = Command::new("ogrinfo").args(args).arg(&path).arg("l").output().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let summary = ogrinfo(&["-so"]);
        for part in [
            "Feature Count: 500",
            "Geometry: Point",
            "WGS 84",
            "n: Integer64",
            "name: String",
        ] {
            assert!(summary.contains(part), "{part} in {summary}");
        }
        let inside = points(500)
            .iter()
            .filter(|point| {
                let Geometry::Point(point) = point else { return false };
                (119.0..=119.1).contains(&point.x()) && (26.0..=26.1).contains(&point.y())
            })
            .count();
        let found = ogrinfo(&["-spat", "119.0", "26.0", "119.1", "26.1", "-so"]);
        assert!(
            found.contains(&format!("Feature Count: {inside}\n")),
            "{inside} in {found}"
        );
    }

    #[test]
    fn the_curve_visits_each_cell_once_and_goes_from_neighbour_to_neighbour() {
        // Cells of a grid of 256 by 256 over the globe, by their place on the curve.
        let mut cells: Vec<(u64, i32, i32)> = (0..1 << 16)
            .map(|cell: i32| {
                let (x, y) = (cell % 256, cell / 256);
                let (lon, lat) = (
                    f64::from(x) * 360.0 / 256.0 - 180.0,
                    f64::from(y) * 180.0 / 256.0 - 90.0,
                );
                (hilbert(Bounds([lon, lat, lon + 1.0, lat + 0.5])), x, y)
            })
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let ((one, x, y), (other, u, v)) = (pair[0], pair[1]);
            assert!(one < other);
            assert_eq!((x - u).abs() + (y - v).abs(), 1, "{pair:?}");
        }
        assert_eq!(hilbert(Bounds::EMPTY), 0);
    }
}
