//! Shapefiles that the `shapefile` crate writes, with a `.dbf` written byte by byte.

mod encodings;

use std::{fs, path::PathBuf};

use geo::Area;
use geo_types::{Geometry, MultiPoint, Point, line_string, point};
use proptest::prelude::*;
use shapefile as esri;
use tempfile::TempDir;

use super::super::{
    DeclaredCrs, Format, Hints, ReadError,
    tests::{Told, flipped, hints, read_path},
};

/// A folder with a Shapefile `layer` in it.
struct Layer {
    dir: TempDir,
}

/// The cells of one record, or of one marked as deleted.
type Cells<'a> = (bool, &'a [&'a [u8]]);

impl Layer {
    fn of<S: esri::record::EsriShape>(shapes: &[S]) -> Self {
        let dir = TempDir::new().unwrap();
        let mut writer = esri::ShapeWriter::from_path(dir.path().join("layer.shp")).unwrap();
        for shape in shapes {
            writer.write_shape(shape).unwrap();
        }
        writer.finalize().unwrap();
        drop(writer);
        Self { dir }
    }

    fn points(count: usize) -> Self {
        let points: Vec<_> = (0..count).map(|index| esri::Point::new(index as f64, 26.0)).collect();
        Self::of(&points)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    fn without(self, name: &str) -> Self {
        fs::remove_file(self.path(name)).unwrap();
        self
    }

    fn read(&self) -> Result<Told, ReadError> {
        read_path(&self.path("layer.shp"), &Hints::default())
    }

    fn read_in(&self, encoding: &str) -> Result<Told, ReadError> {
        let hints = Hints {
            encoding: Some(encoding.to_owned()),
            ..Hints::default()
        };
        read_path(&self.path("layer.shp"), &hints)
    }
}

/// A table as dBASE III writes it: names, kinds and widths of its columns, then its records.
fn dbf(language: u8, columns: &[(&[u8], u8, u8)], records: &[Cells<'_>]) -> Vec<u8> {
    let header = 32 + 32 * columns.len() + 1;
    let width: usize = columns.iter().map(|(_, _, width)| usize::from(*width)).sum();
    // Month and day of the last change are zero, as many writers leave them.
    let mut bytes = vec![3, 126, 0, 0];
    bytes.extend((records.len() as u32).to_le_bytes());
    bytes.extend((header as u16).to_le_bytes());
    bytes.extend((width as u16 + 1).to_le_bytes());
    bytes.resize(32, 0);
    bytes[29] = language;
    for (name, kind, width) in columns {
        let mut descriptor = name.to_vec();
        descriptor.resize(11, 0);
        descriptor.push(*kind);
        descriptor.resize(16, 0);
        descriptor.push(*width);
        descriptor.resize(32, 0);
        bytes.extend(descriptor);
    }
    bytes.push(b'\r');
    for (is_deleted, cells) in records {
        bytes.push(if *is_deleted { b'*' } else { b' ' });
        for (cell, (_, _, width)) in cells.iter().zip(columns) {
            let mut cell = cell.to_vec();
            cell.resize(usize::from(*width), b' ');
            bytes.extend(cell);
        }
    }
    bytes.push(0x1a);
    bytes
}

fn named(language: u8, names: &[&[u8]]) -> Vec<u8> {
    let cells: Vec<[&[u8]; 1]> = names.iter().map(|name| [*name]).collect();
    let records: Vec<Cells<'_>> = cells.iter().map(|cells| (false, cells.as_slice())).collect();
    dbf(language, &[(b"NAME", b'C', 20)], &records)
}

fn names(told: &Told) -> Vec<String> {
    let texts = told.texts().into_iter();
    texts
        .map(|row| row.into_iter().map(|(_, text)| text).collect())
        .collect()
}

#[test]
fn values_of_every_kind_are_read() {
    let columns: [(&[u8], u8, u8); 7] = [
        (b"NAME", b'C', 12),
        (b"CAPACITY", b'N', 20),
        (b"AREA", b'F', 12),
        (b"OPEN", b'L', 1),
        (b"BUILT", b'D', 8),
        (b"NAME", b'C', 4),
        (b"REMARK", b'M', 10),
    ];
    let full: [&[u8]; 7] = [
        "一中".as_bytes(),
        b"                 300",
        b"1234.567891",
        b"T",
        b"20260131",
        b"x\0junk",
        b"         1",
    ];
    let odd: [&[u8]; 7] = [
        b"",
        b"12345678901234567890",
        b"************",
        b"?",
        b"00000000",
        b"",
        b"",
    ];
    let layer = Layer::points(2).with("layer.dbf", dbf(0, &columns, &[(false, &full), (false, &odd)]));
    let told = layer.read().unwrap();
    assert_eq!(told.format, Format::Shapefile);
    assert_eq!(
        told.columns,
        ["NAME", "CAPACITY", "AREA", "OPEN", "BUILT", "NAME_6", "REMARK"]
    );
    let text = |name, text: &str| (name, text.to_owned());
    assert_eq!(
        told.texts(),
        [
            vec![
                text("NAME", "一中"),
                text("CAPACITY", "300"),
                // A number of 32 bits would be 1234.5679.
                text("AREA", "1234.567891"),
                text("OPEN", "true"),
                text("BUILT", "2026-01-31"),
                text("NAME_6", "x"),
            ],
            vec![text("CAPACITY", "12345678901234567890")],
        ]
    );
    assert_eq!(told.remarks, ["unread_column"]);
}

#[test]
fn shapes_of_every_kind_are_read_without_heights() {
    let geometry = |layer: Layer| layer.read().unwrap().geometries().remove(0).unwrap();
    let point = Layer::of(&[esri::PointZ::new(1.0, 2.0, 3.0, 4.0)]);
    assert_eq!(geometry(point), point! { x: 1.0, y: 2.0 }.into());
    let point = Layer::of(&[esri::PointM::new(1.0, 2.0, 4.0)]);
    assert_eq!(geometry(point), point! { x: 1.0, y: 2.0 }.into());
    let points = Layer::of(&[esri::Multipoint::new(vec![
        esri::Point::new(1.0, 2.0),
        esri::Point::new(3.0, 4.0),
    ])]);
    assert_eq!(
        geometry(points),
        MultiPoint(vec![Point::new(1.0, 2.0), Point::new(3.0, 4.0)]).into()
    );
    let along = |x: f64| vec![esri::PointZ::new(x, 0.0, 9.0, 9.0), esri::PointZ::new(x, 1.0, 9.0, 9.0)];
    let line = Layer::of(&[esri::PolylineZ::new(along(5.0))]);
    assert_eq!(geometry(line), line_string![(x: 5.0, y: 0.0), (x: 5.0, y: 1.0)].into());
    let lines = Layer::of(&[esri::PolylineZ::with_parts(vec![along(5.0), along(6.0)])]);
    assert!(matches!(geometry(lines), Geometry::MultiLineString(lines) if lines.0.len() == 2));
    let none = Layer::points(1);
    let mut shp = fs::read(none.path("layer.shp")).unwrap();
    shp[108] = 0;
    assert_eq!(none.with("layer.shp", &shp).read().unwrap().geometries(), [None]);
}

#[test]
fn holes_are_cut_out_of_the_ring_around_them() {
    let ring = |x: f64, size: f64| {
        [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]
            .map(|(east, north)| esri::Point::new(x + size * east, size * north))
            .to_vec()
    };
    let polygon = esri::Polygon::with_rings(vec![
        esri::PolygonRing::Inner(ring(1.0, 1.0)),
        esri::PolygonRing::Outer(ring(0.0, 4.0)),
        esri::PolygonRing::Outer(ring(10.0, 2.0)),
    ]);
    let told = Layer::of(&[polygon]).read().unwrap();
    let Some(Geometry::MultiPolygon(parts)) = &told.geometries()[0] else {
        panic!("{told:?}")
    };
    assert_eq!(parts.0.iter().map(Area::signed_area).collect::<Vec<_>>(), [15.0, 4.0]);
    assert_eq!(told.remarks, ["no_attributes"]);
}

#[test]
fn a_body_is_a_refused_row() {
    let corners = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| esri::PointZ::new(x, y, 1.0, 0.0));
    let layer = Layer::of(&[esri::Multipatch::new(esri::Patch::TriangleFan(corners.to_vec()))]);
    assert!(layer.read().unwrap().reasons()[0].contains("MultiPatch"));
}

#[test]
fn attributes_stay_beside_their_shapes_after_deleted_records() {
    let cells: [[&[u8]; 1]; 4] = [[b"a"], [b"b"], [b"c"], [b"d"]];
    let records: Vec<Cells<'_>> = cells
        .iter()
        .enumerate()
        .map(|(row, cells)| (row == 1, cells.as_slice()))
        .collect();
    let layer = Layer::points(4).with("layer.dbf", dbf(0, &[(b"NAME", b'C', 3)], &records));
    let told = layer.read().unwrap();
    assert_eq!(told.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(names(&told), ["a", "c", "d"]);
    let at = |x: f64| Some(point! { x: x, y: 26.0 }.into());
    assert_eq!(told.geometries(), [at(0.0), at(2.0), at(3.0)]);
    assert_eq!(told.remarks, ["deleted_records"]);
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    for count in [1, 3] {
        let names: Vec<&[u8]> = vec![b"x"; count];
        let layer = Layer::points(2).with("layer.dbf", named(0, &names));
        assert!(
            layer
                .read()
                .unwrap_err()
                .to_string()
                .contains("nobody knows which attributes are whose")
        );
        let layer = layer.without("layer.shx");
        assert!(
            layer
                .read()
                .unwrap_err()
                .to_string()
                .contains("nobody knows which attributes are whose")
        );
    }
}

#[test]
fn parts_that_are_missing_are_told() {
    let layer = Layer::points(2).with("LAYER.DBF", named(0, &[b"a", b"b"]));
    assert_eq!(names(&layer.read().unwrap()), ["a", "b"], "endings in capitals");
    let layer = layer.without("layer.shx");
    let told = layer.read().unwrap();
    assert_eq!(
        (names(&told), told.remarks),
        (vec!["a".to_owned(), "b".to_owned()], vec!["no_shx"])
    );
    let bare = layer.without("LAYER.DBF").read().unwrap();
    assert_eq!((bare.rows.len(), bare.remarks), (2, vec!["no_shx", "no_attributes"]));
}

#[test]
fn the_prj_is_told() {
    let wkt = "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\"]";
    let layer = Layer::points(1).with("layer.prj", format!("\u{feff}{wkt}\r\n"));
    assert_eq!(layer.read().unwrap().crs, Some(DeclaredCrs::Wkt(wkt.to_owned())));
    assert_eq!(layer.with("layer.prj", " \n").read().unwrap().crs, None);
}

#[test]
fn a_damaged_record_is_one_row_where_the_index_finds_the_next() {
    let layer = Layer::points(3);
    let mut shp = fs::read(layer.path("layer.shp")).unwrap();
    shp[108] = 77;
    // The second record says it is longer than the file.
    shp[100 + 28 + 4] = 1;
    let layer = layer.with("layer.shp", &shp);
    let told = layer.read().unwrap();
    assert_eq!((told.rows.len(), told.reasons().len()), (3, 2));
    assert!(told.reasons()[0].contains("number 77"), "{told:?}");
    let unindexed = layer.without("layer.shx").read().unwrap_err().to_string();
    assert!(unindexed.contains("record 2: it says it is"), "{unindexed}");
}

#[test]
fn one_part_alone_or_compressed_is_explained() {
    let layer = Layer::points(1).with("layer.dbf", named(0, &[b"x"]));
    let read = |name: &str| read_path(&layer.path(name), &hints(None)).unwrap_err().to_string();
    assert!(read("layer.dbf").contains("one part of a Shapefile"));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &fs::read(layer.path("layer.shp")).unwrap()).unwrap();
    fs::write(layer.path("x.shp.gz"), encoder.finish().unwrap()).unwrap();
    assert!(read("x.shp.gz").contains("several files"), "{}", read("x.shp.gz"));
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let cut = |part: &str| {
        let layer = Layer::points(3).with("layer.dbf", named(0, &[b"a", b"b", b"c"]));
        let whole = fs::read(layer.path(part)).unwrap();
        // The mark at the end of a table says nothing.
        let last = whole.len() - usize::from(part.ends_with("dbf"));
        for length in 0..last {
            fs::write(layer.path(part), &whole[..length]).unwrap();
            let read = read_path(&layer.path("layer.shp"), &hints(Some(Format::Shapefile)));
            assert!(read.is_err(), "{part} cut to {length} bytes");
        }
    };
    for part in ["layer.shp", "layer.shx", "layer.dbf"] {
        cut(part);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_damage_panics(
        part in prop_oneof![Just("layer.shp"), Just("layer.shx"), Just("layer.dbf")],
        seed in flipped(vec![0; 400]),
        has_index in any::<bool>(),
    ) {
        let ring = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| esri::PointZ::new(x, y, 1.0, 0.0));
        let polygon = esri::PolygonZ::new(esri::PolygonRing::Outer(ring.to_vec()));
        let layer = Layer::of(&[polygon.clone(), polygon]).with("layer.dbf", named(0, &[b"a", b"b"]));
        // The bytes that were changed in zeros are changed in the file.
        let mut bytes = fs::read(layer.path(part)).unwrap();
        for (byte, change) in bytes.iter_mut().zip(&seed) {
            *byte ^= change;
        }
        let layer = layer.with(part, &bytes);
        let layer = if has_index { layer } else { layer.without("layer.shx") };
        let _ = read_path(&layer.path("layer.shp"), &hints(Some(Format::Shapefile)));
    }

    #[test]
    fn positions_are_those_that_the_shapefile_crate_reads(
        lines in proptest::collection::vec(
            proptest::collection::vec((-1e7..1e7_f64, -1e7..1e7_f64), 2..6), 1..6,
        ),
    ) {
        let lines: Vec<esri::Polyline> = lines
            .into_iter()
            .map(|line| esri::Polyline::new(line.into_iter().map(|(x, y)| esri::Point::new(x, y)).collect()))
            .collect();
        let layer = Layer::of(&lines);
        let theirs: Vec<Vec<(f64, f64)>> = esri::read_shapes_as::<_, esri::Polyline>(layer.path("layer.shp"))
            .unwrap()
            .iter()
            .map(|line| line.parts()[0].iter().map(|point| (point.x, point.y)).collect())
            .collect();
        let ours: Vec<Vec<(f64, f64)>> = layer
            .read()
            .unwrap()
            .geometries()
            .into_iter()
            .map(|geometry| match geometry {
                Some(Geometry::LineString(line)) => line.0.iter().map(|coord| (coord.x, coord.y)).collect(),
                other => panic!("{other:?}"),
            })
            .collect();
        prop_assert_eq!(ours, theirs);
    }
}
