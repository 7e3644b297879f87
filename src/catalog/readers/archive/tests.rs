//! Archives that are written here, sound and hostile.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};

use proptest::prelude::*;
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::super::{
    Format, Hints, ReadError,
    tests::{Told, flipped, read_path},
};

const CSV: &[u8] = b"name,lon,lat\na,119,26\n";
const KML: &[u8] = b"<kml><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>";

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read_named(name: &str, bytes: &[u8], table: Option<&str>) -> Result<Told, ReadError> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    read(&path, table)
}

fn read(path: &Path, table: Option<&str>) -> Result<Told, ReadError> {
    let hints = Hints {
        table: table.map(str::to_owned),
        ..Hints::default()
    };
    read_path(path, &hints)
}

fn error(bytes: &[u8], table: Option<&str>) -> String {
    read_named("data.zip", bytes, table).unwrap_err().to_string()
}

/// The parts of a Shapefile of one point.
fn shapefile() -> Vec<(&'static str, Vec<u8>)> {
    let dir = TempDir::new().unwrap();
    let mut writer = shapefile::ShapeWriter::from_path(dir.path().join("x.shp")).unwrap();
    writer.write_shape(&shapefile::Point::new(119.0, 26.0)).unwrap();
    writer.finalize().unwrap();
    drop(writer);
    let part = |ending: &str| fs::read(dir.path().join(ending)).unwrap();
    vec![
        ("data/x.SHP", part("x.shp")),
        ("data/x.shx", part("x.shx")),
        ("data/x.prj", b"GEOGCS[]".to_vec()),
    ]
}

#[test]
fn the_one_layer_in_an_archive_is_read_and_what_lies_beside_it_is_not() {
    let beside: [(&str, &[u8]); 4] = [
        ("readme.txt", b"x"),
        ("__MACOSX/._a.csv", b"x"),
        (".hidden.csv", b"x"),
        ("style.qml", b"<x/>"),
    ];
    let geojson = br#"{"type":"Point","coordinates":[1,2]}"#;
    for (name, content, format) in [
        ("a/b/shelters.csv", CSV, Format::Csv),
        ("shelters.CSV.gz", &gzipped(CSV), Format::Csv),
        ("x.geojson", geojson, Format::GeoJson),
        ("x.geojsonl", geojson, Format::GeoJsonSeq),
        ("x.kml", KML, Format::Kml),
        ("inner.zip", &zipped(&[("t.tsv", b"lon\tlat\n1\t2\n")]), Format::Csv),
    ] {
        let members = [&[(name, content)], beside.as_slice()].concat();
        let bytes = zipped(&members);
        let told = read_named("data.zip", &bytes, None).unwrap();
        assert_eq!((told.format, told.rows.len()), (format, 1), "{name}");
        let again = read_named("data.bin", &gzipped(&bytes), None).unwrap();
        assert_eq!(again, told, "{name} in a gzip");
    }
    let told = read_named("notes.zip", &zipped(&[("only.txt", CSV)]), None).unwrap();
    assert_eq!(told.format, Format::Csv);
}

#[test]
fn a_shapefile_is_unpacked_with_its_parts() {
    let parts = shapefile();
    let members: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let told = read_named("data.zip", &zipped(&members), None).unwrap();
    assert_eq!((told.format, told.rows.len()), (Format::Shapefile, 1));
    assert!(told.crs.is_some());
    assert_eq!(told.remarks, ["no_attributes"], "the index is found");
}

#[test]
fn of_several_layers_one_is_asked_for() {
    let bytes = zipped(&[("a/shelters.csv", CSV), ("b/zones.kml", KML), ("b/shelters.kml", KML)]);
    let question = error(&bytes, None);
    assert_eq!(
        question,
        "the archive holds several files: a/shelters.csv, b/zones.kml, b/shelters.kml; choose one with --table NAME"
    );
    for (table, format) in [
        ("zones", Format::Kml),
        ("a/shelters.csv", Format::Csv),
        ("shelters.kml", Format::Kml),
    ] {
        assert_eq!(
            read_named("data.zip", &bytes, Some(table)).unwrap().format,
            format,
            "{table}"
        );
    }
    assert!(error(&bytes, Some("shelters")).contains("means several files"));
    assert!(error(&bytes, Some("roads")).contains("no `roads`"));
    let nothing = error(&zipped(&[("a.pdf", b"x"), ("b.docx", b"y")]), None);
    assert_eq!(
        nothing,
        "nothing in the archive can be imported; it holds: a.pdf, b.docx"
    );
    assert!(error(&zipped(&[]), None).contains("it holds: nothing"));
}

#[test]
fn a_table_of_a_database_in_an_archive_can_be_named() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("x.gpkg");
    let database = rusqlite::Connection::open(&path).unwrap();
    let tables = "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        CREATE TABLE one (geom BLOB, a TEXT); CREATE TABLE two (geom BLOB, b TEXT); INSERT INTO two VALUES (NULL, 'x');
        INSERT INTO gpkg_geometry_columns VALUES ('one', 'geom', 0), ('two', 'geom', 0);";
    database.execute_batch(tables).unwrap();
    drop(database);
    let package = fs::read(path).unwrap();
    let lone = zipped(&[("x.gpkg", &package)]);
    assert!(error(&lone, None).contains("several layers: one, two"));
    let beside = zipped(&[("x.gpkg", &package), ("y.csv", CSV)]);
    for (bytes, table) in [
        (&lone, "two"),
        (&lone, "x.gpkg/two"),
        (&beside, "x.gpkg/two"),
        (&gzipped(&package), "two"),
    ] {
        assert_eq!(
            read_named("x.bin", bytes, Some(table)).unwrap().columns,
            ["b"],
            "{table}"
        );
    }
}

#[test]
fn the_document_of_a_kmz_comes_first() {
    let other = b"<kml></kml>";
    let told = read_named("x.kmz", &zipped(&[("files/other.kml", other), ("doc.kml", KML)]), None).unwrap();
    assert_eq!((told.format, told.rows.len()), (Format::Kml, 1));
    // A mere table of contents is none.
    let contents = b"<kml><NetworkLink/></kml>";
    let told = read_named("x.kmz", &zipped(&[("doc.kml", contents), ("layers/a.kml", KML)]), None).unwrap();
    assert_eq!(told.rows.len(), 1);
    let several = [
        ("doc.kml", contents.as_slice()),
        ("layers/a.kml", KML),
        ("layers/b.kml", KML),
    ];
    assert!(error(&zipped(&several), None).contains("several files: layers/a.kml, layers/b.kml"));
    let wide: Vec<u8> = str::from_utf8(KML)
        .unwrap()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let far = [vec![b' '; 65_530], KML.to_vec()].concat();
    for document in [wide, far] {
        let told = read_named("x.kmz", &zipped(&[("doc.kml", &document), ("a.kml", other)]), None).unwrap();
        assert_eq!(told.rows.len(), 1);
    }
}

#[test]
fn names_in_chinese_without_the_flag_of_utf8_are_understood() {
    let mut bytes = zipped(&[("AAAA.csv", CSV), ("BBBB.csv", CSV)]);
    let gbk = encoding_rs::GBK.encode("福州").0;
    for at in 0..bytes.len() - 4 {
        if &bytes[at..at + 4] == b"AAAA" {
            bytes[at..at + 4].copy_from_slice(&gbk);
        }
    }
    assert!(error(&bytes, None).contains("福州.csv, BBBB.csv"));
    assert_eq!(read_named("x.zip", &bytes, Some("福州")).unwrap().rows.len(), 1);
}

#[test]
fn names_that_lead_elsewhere_lead_nowhere() {
    for name in [
        "../../escaped.csv",
        "/tmp/refugia-escaped.csv",
        "..\\..\\escaped.csv",
        "C:\\escaped.csv",
    ] {
        let told = read_named("x.zip", &zipped(&[(name, CSV)]), None).unwrap();
        assert_eq!(told.rows.len(), 1, "{name}");
        assert!(!Path::new("/tmp/refugia-escaped.csv").exists());
        assert!(!Path::new("../../escaped.csv").exists());
    }
}

#[test]
fn what_is_unpacked_goes_with_its_source() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("x.zip");
    fs::write(&path, zipped(&[("x.csv", CSV)])).unwrap();
    let input = super::super::Input::new(&path, super::super::Progress::default());
    let (unpacked, _) = super::unpacked(input, &Hints::default()).unwrap();
    let (file, copy) = (unpacked.path().to_owned(), unpacked.clone());
    drop(unpacked);
    assert!(file.exists());
    drop(copy);
    assert!(!file.parent().unwrap().exists());
}

#[test]
fn archives_made_to_fill_a_disk_are_refused() {
    let zeros = vec![0; 70 << 20];
    let bomb = error(&zipped(&[("x.csv", &zeros)]), None);
    assert!(bomb.contains("more than 500 times its size"), "{bomb}");
    let nested = (0..6).fold(zipped(&[("x.csv", CSV)]), |inner, _| zipped(&[("x.zip", &inner)]));
    assert!(error(&nested, None).contains("lie in each other deeper"));
}

#[test]
fn encrypted_and_damaged_members_are_told() {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("x.csv", stored).unwrap();
    writer.write_all(CSV).unwrap();
    let whole = writer.finish().unwrap().into_inner();
    let mut locked = whole.clone();
    let central = locked.windows(4).position(|magic| magic == b"PK\x01\x02").unwrap();
    (locked[6], locked[central + 8]) = (1, 1);
    assert!(
        error(&locked, None).contains("is encrypted"),
        "{}",
        error(&locked, None)
    );
    let mut changed = whole.clone();
    let content = changed.windows(3).position(|text| text == b"119").unwrap();
    changed[content] = b'2';
    assert!(
        error(&changed, None).contains("x.csv is damaged"),
        "{}",
        error(&changed, None)
    );
    let mut strange = whole;
    (strange[8], strange[central + 10]) = (97, 97);
    assert!(
        error(&strange, None).contains("packed in a way"),
        "{}",
        error(&strange, None)
    );
}

#[test]
fn workbooks_are_left_to_their_own_reader() {
    let workbook = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/data.csv", CSV)]);
    // This one is broken, which only the reader of workbooks can tell.
    let kind = b"application/vnd.oasis.opendocument.spreadsheet";
    let sheet = zipped(&[("mimetype", kind), ("content.xml", b"<x"), ("data.csv", CSV)]);
    for archive in [
        workbook.clone(),
        zipped(&[("book.xlsx", &workbook)]),
        sheet.clone(),
        zipped(&[("book.ods", &sheet)]),
    ] {
        let problem = error(&archive, None);
        assert!(
            problem.contains("spreadsheet") || problem.contains("workbook"),
            "{problem}"
        );
    }
}

#[test]
fn a_folder_holds_one_shapefile_or_is_explained() {
    let dir = TempDir::new().unwrap();
    for (name, bytes) in shapefile() {
        fs::write(dir.path().join(name.rsplit('/').next().unwrap()), bytes).unwrap();
    }
    assert_eq!(read(dir.path(), None).unwrap().rows.len(), 1);
    fs::copy(dir.path().join("x.SHP"), dir.path().join("y.shp")).unwrap();
    let question = read(dir.path(), None).unwrap_err().to_string();
    assert!(
        question.contains("several Shapefiles: x.SHP, y.shp; choose one"),
        "{question}"
    );
    assert_eq!(
        read(dir.path(), Some("y")).unwrap().remarks,
        ["no_shx", "no_attributes"]
    );
    assert!(
        read(dir.path(), Some("z"))
            .unwrap_err()
            .to_string()
            .contains("no Shapefile `z`")
    );
    let other = TempDir::new().unwrap();
    fs::write(other.path().join("a.csv"), CSV).unwrap();
    assert!(
        read(other.path(), None)
            .unwrap_err()
            .to_string()
            .contains("give one of its files: a.csv")
    );
    fs::write(other.path().join("a00000001.gdbtable"), b"").unwrap();
    assert!(
        read(other.path(), None)
            .unwrap_err()
            .to_string()
            .contains("file geodatabase")
    );
}

#[test]
fn an_archive_cut_anywhere_is_an_error() {
    let whole = zipped(&[("a.csv", CSV), ("b.pdf", b"x")]);
    for length in 4..whole.len() {
        assert!(
            read_named("x.zip", &whole[..length], None).is_err(),
            "cut to {length} bytes"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_damage_panics(bytes in flipped(zipped(&[("a/x.csv", CSV), ("b.txt", b"x")]))) {
        let _ = read_named("x.zip", &bytes, None);
    }
}
