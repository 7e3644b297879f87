//! Tests over all readers: arbitrary bytes, and CSV there and back.

use std::io::Write;

use geo_types::{Geometry, Point};
use proptest::prelude::*;
use tempfile::NamedTempFile;

use super::*;

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn read(bytes: &[u8], hints: &Hints) -> Result<(Vec<String>, Vec<Row>), ReadError> {
    let file = file(bytes);
    let (_, source) = open(Input::new(file.path(), Progress::default()), hints)?;
    let mut columns = Vec::new();
    let mut rows = Vec::new();
    source.read(&mut |names, row| {
        columns = names.to_vec();
        rows.push(row);
    })?;
    Ok((columns, rows))
}

/// All that a source gives.
#[derive(Debug, PartialEq)]
pub(super) struct Told {
    pub(super) format: Format,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) crs: Option<DeclaredCrs>,
    pub(super) remarks: Vec<&'static str>,
}

impl Told {
    /// The rows' values as text, columns by name.
    pub(super) fn texts(&self) -> Vec<Vec<(&str, String)>> {
        let of_row = |row: &Row| {
            let values = row.content.as_ref().unwrap().values.iter();
            values
                .map(|(column, value)| (self.columns[*column].as_str(), value.to_text().into_owned()))
                .collect()
        };
        self.rows.iter().map(of_row).collect()
    }

    /// The rows' geometries.
    pub(super) fn geometries(&self) -> Vec<Option<Geometry<f64>>> {
        let of_row = |row: &Row| row.content.as_ref().unwrap().geometry.clone();
        self.rows.iter().map(of_row).collect()
    }

    /// Why rows were refused.
    pub(super) fn reasons(&self) -> Vec<String> {
        let problems = self.rows.iter().filter_map(|row| row.content.as_ref().err());
        problems.map(|problem| problem.reason.clone()).collect()
    }
}

/// Reads a file or folder, twice, for both readings must tell the same.
pub(super) fn read_path(path: &std::path::Path, hints: &Hints) -> Result<Told, ReadError> {
    let (format, source) = open(Input::new(path, Progress::default()), hints)?;
    let once = || {
        let mut told = Told {
            format,
            columns: Vec::new(),
            rows: Vec::new(),
            crs: None,
            remarks: Vec::new(),
        };
        source.read(&mut |names, row| {
            told.columns = names.to_vec();
            told.rows.push(row);
        })?;
        told.crs = source.declared_crs();
        told.remarks = source.remarks().iter().map(|remark| remark.code).collect();
        Ok::<_, ReadError>(told)
    };
    let told = once()?;
    // Compared as text: a flipped byte may make a NaN, which equals nothing.
    assert_eq!(format!("{:?}", once()?), format!("{told:?}"));
    Ok(told)
}

/// Reads a file with this content.
pub(super) fn read_bytes(bytes: &[u8], format: Option<Format>) -> Result<Told, ReadError> {
    read_path(file(bytes).path(), &hints(format))
}

/// A valid file with a few bytes changed.
pub(super) fn flipped(bytes: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let flips = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6);
    flips.prop_map(move |flips| {
        let mut bytes = bytes.clone();
        for (place, byte) in flips {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes
    })
}

pub(super) fn hints(format: Option<Format>) -> Hints {
    Hints {
        format,
        ..Hints::default()
    }
}

const FORMATS: [Option<Format>; 11] = [
    None,
    Some(Format::Csv),
    Some(Format::GeoJson),
    Some(Format::GeoJsonSeq),
    Some(Format::FlatGeobuf),
    Some(Format::Xlsx),
    Some(Format::Xls),
    Some(Format::Ods),
    Some(Format::Shapefile),
    Some(Format::GeoPackage),
    Some(Format::Kml),
];

/// Pieces that steer random input past the first checks.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"lon,lat,name\n".to_vec()),
        Just(b"119.3,26.1,x\n".to_vec()),
        Just(b"fgb\x03fgb\x00".to_vec()),
        Just(b"PK\x03\x04".to_vec()),
        Just(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
        Just("名称;经纬度\n避灾点;\"119.3,26.1\"\n".into()),
        Just(b"\xb1\xdc\xd4\xd6\xb5\xe3".to_vec()),
        Just(b"\x1f\x8b\x08\x00".to_vec()),
        Just(b"PK\x03\x04".to_vec()),
        Just(b"SQLite format 3\0".to_vec()),
        Just(b"\x00\x00\x27\x0a".to_vec()),
        Just(b"<?xml version='1.0' encoding='gbk'?><kml><Folder><name>".to_vec()),
        Just(b"<Placemark><Point><coordinates>".to_vec()),
        Just(b"</Placemark>".to_vec()),
        Just(b"<![CDATA[&#9;".to_vec()),
        Just(b"&amp;&x;".to_vec()),
        Just(b"{\"type\":\"Feature\",\"properties\":{\"a\":[1]},\"geometry\":".to_vec()),
        Just(b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec()),
        Just(b"{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3],[]]]}".to_vec()),
        Just(b"{\"type\":\"Point\",\"coordinates\":[]}".to_vec()),
        Just(b"}".to_vec()),
        Just(b"]}".to_vec()),
        Just(b",".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\x1e".to_vec()),
        Just(b"\"".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let field = || crate::catalog::Field {
        name: "n".to_owned(),
        kind: crate::catalog::FieldKind::Int,
    };
    let mut writer =
        crate::catalog::fgb::Writer::new("l", vec![field(), field()], crate::catalog::Shape::Point).unwrap();
    let values = [1, 2].map(|value| Some(RawValue::Int(value)));
    writer.push(&Point::new(1.0, 2.0).into(), values).unwrap();
    let mut bytes = std::io::Cursor::new(Vec::new());
    writer.finish(&mut bytes).unwrap();
    assert_eq!(read_bytes(bytes.get_ref(), None).unwrap().columns, ["n", "n_2"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_reader_panics_on_any_bytes(bytes in pieces(), format in 0..FORMATS.len()) {
        let _ = read(&bytes, &hints(FORMATS[format]));
    }

    #[test]
    fn what_is_written_as_csv_is_read_back(
        rows in proptest::collection::vec((-180.0..=180.0_f64, -90.0..=90.0_f64, "[^\\x00]{0,12}"), 1..20),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t')],
    ) {
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["x", "y", "名称"]).unwrap();
        for (lon, lat, name) in &rows {
            writer.write_record([&lon.to_string(), &lat.to_string(), name]).unwrap();
        }
        let (columns, read) = read(&writer.into_inner().unwrap(), &hints(Some(Format::Csv))).unwrap();
        prop_assert_eq!(&columns, &["x", "y", "名称"]);
        prop_assert_eq!(read.len(), rows.len());
        for (row, (lon, lat, name)) in read.into_iter().zip(&rows) {
            let feature = row.content.unwrap();
            prop_assert_eq!(feature.geometry, Some(Geometry::from(Point::new(*lon, *lat))));
            let text = feature.values.first().map(|(_, value)| value.to_text().into_owned());
            prop_assert_eq!(text.unwrap_or_default(), name.trim());
        }
    }
}

proptest! {
    #[test]
    fn csv_in_every_encoding_and_delimiter_is_read_back(
        names in proptest::collection::vec("[大同中山南北東平和石門公園安 ,;|\t\"\n]{1,8}", 1..12),
        delimiter in proptest::sample::select(&b",;\t|"[..]),
        encoding in proptest::sample::select(vec!["utf-8", "gb18030", "big5", "shift_jis", "euc-jp"]),
        ends in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["lon", "lat", "name"]).unwrap();
        for name in &names {
            writer.write_record(["119.5", "26.25", name]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap().replace('\n', ends);
        let (bytes, ..) = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap().encode(&text);
        let hints = Hints { encoding: Some(encoding.to_owned()), ..hints(Some(Format::Csv)) };
        let (_, rows) = read(&bytes, &hints).unwrap();
        prop_assert_eq!(rows.len(), names.len());
        for (row, name) in rows.into_iter().zip(&names) {
            let feature = row.content.unwrap();
            let text = feature.values.first().map(|(_, value)| value.to_text().into_owned());
            prop_assert_eq!(text.unwrap_or_default(), name.trim().replace('\n', ends));
        }
    }
}

#[test]
fn a_collection_a_feature_and_a_geometry_are_all_read() {
    let point = r#"{"type":"Point","coordinates":[119.3,26.1,4]}"#;
    let feature = format!(
        r#"{{"type":"Feature","id":7,"geometry":{point},"properties":{{"n":18446744073709551615,"o":{{"a":1}}}}}}"#
    );
    let collection = format!(r#"{{"features":[{feature}],"bbox":[0,0,1,1],"type":"FeatureCollection"}}"#);
    for text in [point.to_owned(), feature.clone(), collection] {
        let (_, rows) = read(text.as_bytes(), &hints(None)).unwrap();
        let [row] = rows.as_slice() else {
            panic!("one row in {text}")
        };
        let geometry = row.content.as_ref().unwrap().geometry.clone();
        assert_eq!(geometry, Some(Point::new(119.3, 26.1).into()), "{text}");
    }
    let (columns, rows) = read(feature.as_bytes(), &hints(None)).unwrap();
    assert_eq!(columns, ["@id", "n", "o"]);
    let texts: Vec<String> = rows[0]
        .content
        .as_ref()
        .unwrap()
        .values
        .iter()
        .map(|(_, value)| value.to_text().into_owned())
        .collect();
    assert_eq!(texts, ["7", "18446744073709551615", r#"{"a":1}"#]);
}

#[test]
fn rings_that_are_open_in_the_file_are_counted() {
    let polygon = br#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4]],[[1,1],[2,1],[2,2],[1,1]]]}"#;
    let (_, rows) = read(polygon, &hints(None)).unwrap();
    assert_eq!(rows[0].content.as_ref().unwrap().open_rings, 1);
}

#[test]
fn headers_without_names_or_with_the_same_get_their_own() {
    let (columns, _) = read(b"x,y,,a,a\n1,2,3,4,5\n", &hints(None)).unwrap();
    assert_eq!(columns, ["x", "y", "column_3", "a", "a_5"]);
}

#[test]
fn what_geojson_declares_is_known_after_the_first_reading() {
    for (crs, declared) in [
        (
            r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}}"#,
            Some(DeclaredCrs::Epsg(4549)),
        ),
        (
            r#"{"type":"name","properties":{"name":"EPSG:3826"}}"#,
            Some(DeclaredCrs::Epsg(3826)),
        ),
        (
            r#"{"type":"EPSG","properties":{"code":"4490"}}"#,
            Some(DeclaredCrs::Epsg(4490)),
        ),
        (
            r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}"#,
            Some(DeclaredCrs::Name("urn:ogc:def:crs:OGC:1.3:CRS84".to_owned())),
        ),
        (
            r#"{"type":"link","properties":{"href":"http://example.com/my.prj"}}"#,
            Some(DeclaredCrs::Name("http://example.com/my.prj".to_owned())),
        ),
        ("null", None),
        (r#""EPSG:3826""#, None),
        (r#"{"properties":{"code":-1}}"#, None),
    ] {
        let text = format!(r#"{{"type":"FeatureCollection","features":[],"crs":{crs}}}"#);
        let file = file(text.as_bytes());
        let source = geojson::GeoJson::open(Input::new(file.path(), Progress::default()));
        assert_eq!(source.declared_crs(), None);
        source.read(&mut |_, _| {}).unwrap();
        assert_eq!(source.declared_crs(), declared, "{crs}");
    }
}
