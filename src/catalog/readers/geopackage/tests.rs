//! `GeoPackage` files that `SQLite` writes here.

use std::{fs, path::Path};

use geo_types::point;
use proptest::prelude::*;
use rusqlite::{Connection, params};
use tempfile::TempDir;

use super::super::{
    DeclaredCrs, Format, Hints, ReadError,
    tests::{Told, flipped, hints, read_bytes, read_path},
};

const SCHEMA: &str = "
    PRAGMA page_size = 512;
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
        organization_coordsys_id INTEGER, definition TEXT);
    CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
        z INTEGER, m INTEGER);
    INSERT INTO gpkg_spatial_ref_sys VALUES ('undefined', -1, 'NONE', -1, 'undefined'),
        ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\"]'), ('own', 100001, 'us', 7, 'PROJCS[\"ours\"]'),
        ('named', 100002, 'us', 8, 'undefined');";

/// A point as a GeoPackage holds it.
fn blob(x: f64, y: f64) -> Vec<u8> {
    let head = [b'G', b'P', 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0];
    head.into_iter().chain(x.to_le_bytes()).chain(y.to_le_bytes()).collect()
}

fn add_layer(database: &Connection, name: &str, srs: i64) {
    let table = name.replace('"', "\"\"");
    database
        .execute_batch(&format!(
            "CREATE TABLE \"{table}\" (fid INTEGER PRIMARY KEY, name TEXT, geom BLOB, is_open BOOLEAN, depth REAL, photo BLOB);
             INSERT INTO gpkg_contents VALUES ('{name}', 'features', {srs});
             INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'GEOM', 'POINT', {srs}, 0, 0);"
        ))
        .unwrap();
    for row in 0..6 {
        database
            .execute(
                &format!("INSERT INTO \"{table}\" VALUES (?1, ?2, ?3, ?4, ?5, NULL)"),
                params![
                    60 - 10 * row,
                    format!("{name} {row}"),
                    blob(119.0 + f64::from(row), 26.0),
                    row % 2,
                    0.5
                ],
            )
            .unwrap();
    }
}

fn write(path: &Path, tables: &[(&str, i64)]) -> Connection {
    let database = Connection::open(path).unwrap();
    database.execute_batch(SCHEMA).unwrap();
    for (table, srs) in tables {
        add_layer(&database, table, *srs);
    }
    database
}

/// A folder, for a journal lies beside the file; its name has what a URI would take for its own.
fn package(tables: &[(&str, i64)]) -> (TempDir, std::path::PathBuf, Connection) {
    let dir = TempDir::with_prefix("a b?%23#").unwrap();
    let path = dir.path().join("避难 点.gpkg");
    let database = write(&path, tables);
    (dir, path, database)
}

fn read(path: &Path, table: Option<&str>) -> Result<Told, ReadError> {
    let hints = Hints {
        table: table.map(str::to_owned),
        ..Hints::default()
    };
    read_path(path, &hints)
}

#[test]
fn rows_come_in_the_order_of_their_ids_with_every_value() {
    let (_dir, path, database) = package(&[("避\"难", 4326)]);
    database
        .execute(
            "UPDATE \"避\"\"难\" SET photo = x'ffd8', depth = 9e999 WHERE fid = 10",
            [],
        )
        .unwrap();
    database
        .execute("UPDATE \"避\"\"难\" SET geom = NULL WHERE fid = 20", [])
        .unwrap();
    drop(database);
    let told = read(&path, None).unwrap();
    assert_eq!(told.format, Format::GeoPackage);
    assert_eq!(told.columns, ["fid", "name", "is_open", "depth", "photo"]);
    assert_eq!(told.crs, Some(DeclaredCrs::Epsg(4326)));
    let text = |name, text: &str| (name, text.to_owned());
    let first = [
        text("fid", "10"),
        text("name", "避\"难 5"),
        text("is_open", "true"),
        text("depth", "inf"),
    ];
    assert_eq!(told.texts()[0], first);
    let fids: Vec<String> = told.texts().iter().map(|row| row[0].1.clone()).collect();
    assert_eq!(fids, ["10", "20", "30", "40", "50", "60"]);
    assert_eq!(told.geometries()[0], Some(point! { x: 124.0, y: 26.0 }.into()));
    assert_eq!(told.geometries()[1], None);
    assert_eq!(told.remarks, ["binary_values"]);
}

#[test]
fn of_several_layers_one_is_asked_for() {
    let (_dir, path, _database) = package(&[("roads", 4326), ("shelters", -1)]);
    let question = read(&path, None).unwrap_err().to_string();
    assert_eq!(
        question,
        "the GeoPackage has several layers: roads, shelters; choose one with --table NAME"
    );
    let told = read(&path, Some("shelters")).unwrap();
    assert_eq!((told.rows.len(), told.crs), (6, None));
    let wrong = read(&path, Some("rivers")).unwrap_err().to_string();
    assert!(
        wrong.contains("no layer `rivers` in the GeoPackage; it has: roads, shelters"),
        "{wrong}"
    );
}

#[test]
fn reference_systems_are_told_as_they_are_defined() {
    for (srs, crs) in [
        (100_001, DeclaredCrs::Wkt("PROJCS[\"ours\"]".to_owned())),
        (100_002, DeclaredCrs::Name("us:8".to_owned())),
        (5, DeclaredCrs::Name("srs_id 5".to_owned())),
    ] {
        let (_dir, path, _database) = package(&[("layer", srs)]);
        assert_eq!(read(&path, None).unwrap().crs, Some(crs));
    }
}

#[test]
fn a_view_is_a_layer_too() {
    let (_dir, path, database) = package(&[("all", 4326)]);
    let view = "CREATE VIEW few AS SELECT name, geom FROM \"all\" WHERE fid > 30;
        INSERT INTO gpkg_geometry_columns VALUES ('few', 'geom', 'POINT', 4326, 0, 0);";
    database.execute_batch(view).unwrap();
    let told = read(&path, Some("few")).unwrap();
    assert_eq!((told.columns, told.rows.len()), (vec!["name".to_owned()], 3));
}

#[test]
fn a_view_that_goes_on_and_on_is_stopped() {
    for (select, problem) in [
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS name, NULL AS geom FROM n",
            "take longer to work out",
        ),
        ("SELECT zeroblob(900000000) AS geom, 1 AS name", "too big"),
    ] {
        let (_dir, path, database) = package(&[("all", 4326)]);
        let view = format!(
            "CREATE VIEW bad AS {select};
             INSERT INTO gpkg_geometry_columns VALUES ('bad', 'geom', 'POINT', 4326, 0, 0);"
        );
        database.execute_batch(&view).unwrap();
        let error = read(&path, Some("bad")).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn rows_in_a_journal_are_read_too_and_the_file_stays_as_it_is() {
    let (_dir, path, database) = package(&[("layer", 4326)]);
    database.pragma_update(None, "journal_mode", "wal").unwrap();
    database
        .execute("INSERT INTO layer (fid, name) VALUES (99, 'new')", [])
        .unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(read(&path, None).unwrap().rows.len(), 7);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_no_geopackage_is_explained() {
    let (_dir, path, database) = package(&[("layer", 4326)]);
    database
        .execute("UPDATE layer SET geom = 'POINT (1 2)' WHERE fid = 10", [])
        .unwrap();
    database
        .execute("UPDATE layer SET name = CAST(x'ff' AS TEXT) WHERE fid = 20", [])
        .unwrap();
    assert_eq!(
        read(&path, None).unwrap().reasons(),
        ["is Text and no geometry", "is not UTF-8 text"]
    );
    database.execute_batch("DROP TABLE layer").unwrap();
    let error = read(&path, None).unwrap_err().to_string();
    assert!(error.contains("table layer has no column GEOM"), "{error}");
    database.execute_batch("DELETE FROM gpkg_geometry_columns").unwrap();
    assert!(
        read(&path, None)
            .unwrap_err()
            .to_string()
            .contains("has no layer of features")
    );
    database.execute_batch("DROP TABLE gpkg_geometry_columns").unwrap();
    assert!(
        read(&path, None)
            .unwrap_err()
            .to_string()
            .contains("no GeoPackage with features")
    );
}

fn whole() -> Vec<u8> {
    let (_dir, path, database) = package(&[("layer", 4326)]);
    drop(database);
    fs::read(path).unwrap()
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let whole = whole();
    // Every byte of the first page, then some of each.
    for length in (0..512).chain((512..whole.len()).step_by(61)) {
        let read = read_bytes(&whole[..length], Some(Format::GeoPackage));
        assert!(read.is_err(), "cut to {length} of {} bytes", whole.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_damage_panics(bytes in flipped(whole())) {
        let _ = read_bytes(&bytes, Some(Format::GeoPackage));
        let _ = read_bytes(&bytes, None);
        prop_assert_eq!(hints(None).table, None);
    }
}
