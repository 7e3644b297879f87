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

fn hints(format: Option<Format>) -> Hints {
    Hints {
        format,
        ..Hints::default()
    }
}

const FORMATS: [Option<Format>; 5] = [
    None,
    Some(Format::Csv),
    Some(Format::GeoJson),
    Some(Format::GeoJsonSeq),
    Some(Format::FlatGeobuf),
];

/// Pieces that steer random input past the first checks.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"lon,lat,name\n".to_vec()),
        Just(b"119.3,26.1,x\n".to_vec()),
        Just(b"fgb\x03fgb\x00".to_vec()),
        Just(b"\x1f\x8b\x08\x00".to_vec()),
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
