//! `refugia import`: in which coordinate reference system a file is, who says so, and what is asked where nobody does.

use std::{fs, process::Command};

use geo_types::Geometry;
use refugia::{
    catalog::Region,
    geometry::{Datum, LonLat, geodesic},
};
use serde_json::Value;

use crate::harness::{Workspace, real_data};

const IMPORT: &str = "import --region pack --layer shelters --role shelter --vintage 2026 --report report.json";

fn report(space: &Workspace) -> Value {
    serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap()
}

/// The geometries of the pack's last layer by id.
fn geometries(space: &Workspace) -> Vec<(String, Geometry<f64>)> {
    let region = Region::load(&space.path("pack")).unwrap();
    let layer = region.layers.last().unwrap();
    let rows = (0..layer.len()).map(|row| (layer.feature_id(row).into_owned(), layer.geometries()[row].clone()));
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    rows
}

fn point(geometry: &Geometry<f64>) -> LonLat {
    let Geometry::Point(point) = geometry else {
        panic!("no point")
    };
    LonLat::new(point.x(), point.y()).unwrap()
}

/// A collection of one shelter; the member `crs` before or after the features.
fn collection(crs: &str, [x, y]: [f64; 2], is_after: bool) -> String {
    let features = format!(
        r#""features":[{{"type":"Feature","properties":{{"id":"a"}},"geometry":{{"type":"Point","coordinates":[{x},{y}]}}}}]"#
    );
    let crs = format!(r#""crs":{{"type":"name","properties":{{"name":"{crs}"}}}}"#);
    let (first, second) = if is_after { (features, crs) } else { (crs, features) };
    format!(r#"{{"type":"FeatureCollection",{first},{second}}}"#)
}

#[test]
fn geojson_is_read_in_the_system_that_it_declares() {
    for (crs, numbers, wanted, line) in [
        (
            "urn:ogc:def:crs:EPSG::4549",
            XY_4549,
            [119.3, 26.08],
            "EPSG:4549 (CGCS2000 / 3-degree Gauss-Krüger, central meridian 120° E), as the file declares; CGCS2000 taken as WGS 84, equal within 0.5 m",
        ),
        (
            "EPSG:3826",
            XY_3826,
            [121.5654, 25.033],
            "EPSG:3826 (TWD97 / TM2 zone 121), as the file declares; TWD97 taken as WGS 84, equal within 2 m",
        ),
    ] {
        for is_after in [false, true] {
            let space = Workspace::new();
            space.write("s.geojson", collection(crs, numbers, is_after));
            let output = space.run(&format!("{IMPORT} s.geojson")).exits(0);
            assert!(output.contains(line), "{output}");
            let found = point(&geometries(&space)[0].1);
            let off = geodesic::distance(found, LonLat::new(wanted[0], wanted[1]).unwrap()).0;
            assert!(off < 0.01, "{crs}: {found}, {off} m");
            assert_eq!(report(&space)["crs"]["said_by"], "declared");
        }
    }
}

/// 119.3, 26.08 and 121.5654, 25.033 by PROJ 9.1 (gdaltransform).
const XY_4549: [f64; 2] = [429_964.059_3, 2_885_885.750_1];
const XY_3826: [f64; 2] = [307_056.819, 2_769_551.836_9];

/// Towns of Fujian in EPSG:4549.
const METRES: &str = "id,name,lon,lat\na,甲,429964.06,2885885.75\nb,乙,436420.5,2890200.25\nc,丙,425100.0,2879900.5\n";

#[test]
fn metres_are_refused_with_the_question_and_taken_with_its_answer() {
    let space = Workspace::new();
    space.write("true.csv", "id,lon,lat\na,116,24\nb,120.5,28\n");
    space.write("s.csv", METRES);
    // Without a region every zone could be meant.
    let question = space.run(&format!("{IMPORT} s.csv")).exits(1);
    assert!(
        question.contains("the coordinates are no degrees: x runs from 425100 to 436420.5, y from"),
        "{question}"
    );
    assert!(
        question.contains("--datum epsg:4534 … epsg:4554  CGCS2000 / 3-degree Gauss-Krüger"),
        "{question}"
    );
    assert!(!space.path("pack").exists());
    // With one the choice is small.
    space
        .run("import --region pack --layer towns --role settlement true.csv")
        .exits(0);
    let before = space.files("pack");
    let question = space.run(&format!("{IMPORT} s.csv")).exits(1);
    assert_eq!(space.files("pack"), before);
    let line = question
        .lines()
        .find(|line| line.contains("central meridian 120° E"))
        .unwrap();
    assert_eq!(
        line.trim(),
        "--datum epsg:4549  CGCS2000 / 3-degree Gauss-Krüger, central meridian 120° E: 119.30000, 26.08000"
    );
    let answer: Vec<&str> = line.split_whitespace().take(2).collect();
    let output = space.run(&format!("{IMPORT} {} s.csv", answer.join(" "))).exits(0);
    assert!(
        output.contains("central meridian 120° E), as given; CGCS2000 taken as WGS 84"),
        "{output}"
    );
    let found = point(&geometries(&space)[0].1);
    assert!(
        geodesic::distance(found, LonLat::new(119.3, 26.08).unwrap()).0 < 0.1,
        "{found}"
    );
}

#[test]
fn numbers_that_contradict_the_system_are_refused() {
    let space = Workspace::new();
    let swapped = "id,lon,lat\na,2885885.75,429964.06\nb,2890200.25,436420.5\n";
    let zone = "id,lon,lat\na,40429964.06,2885885.75\n";
    space.write("metres.csv", METRES);
    space.write("swapped.csv", swapped);
    space.write("zone.csv", zone);
    space.write("degrees.csv", "id,lon,lat\na,119.3,26.08\n");
    space.write("latlon.csv", "id,lon,lat\na,26.08,119.3\nb,26.1,119.4\nc,26.2,\n");
    space.write("latlon.geojson", collection("EPSG:4490", [26.08, 119.3], false));
    space.write("bad.geojson", collection("EPSG:2437", XY_4549, false));
    space.write("odd.geojson", collection("urn:x:moon", [119.3, 26.08], false));
    for (line, said) in [
        (
            "--datum 4549 swapped.csv",
            "the wrong way round for EPSG:4549 (CGCS2000 / 3-degree",
        ),
        ("--datum 4549 swapped.csv", "give --map 'lon=lat' --map 'lat=lon'"),
        (
            "latlon.csv",
            "the wrong way round for WGS 84: x runs from 26.08 to 26.1, y from 119.3 to 119.4",
        ),
        ("latlon.geojson", "+proj=axisswap +order=2,1"),
        ("--datum 4549 degrees.csv", "look like degrees and are not in EPSG:4549"),
        ("--datum gk39 metres.csv", "the coordinates are not in EPSG:4527"),
        (
            "--datum 4549 zone.csv",
            "--datum epsg:4528  CGCS2000 / 3-degree Gauss-Krüger zone 40: 119.30000, 26.08000",
        ),
        ("zone.csv", "--datum epsg:4528"),
        ("--datum gcj02 metres.csv", "They are not in GCJ-02, as given"),
        (
            "bad.geojson",
            "EPSG:2437 is on Beijing 1954, which lies tens to hundreds of metres from WGS 84",
        ),
        ("odd.geojson", "`urn:x:moon` is no coordinate system known here"),
    ] {
        let output = space.run(&format!("{IMPORT} {line}")).exits(1);
        assert!(output.contains(said), "{line}: {output}");
        assert!(!space.path("pack").exists(), "{line}");
    }
    let wrong = space.run(&format!("{IMPORT} --datum mars degrees.csv"));
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.stderr.contains("`mars` is no coordinate system known here"),
        "{}",
        wrong.stderr
    );
    // What the question says to do helps.
    let maps = "--map lon=lat --map lat=lon";
    space.run(&format!("{IMPORT} --datum 4549 {maps} swapped.csv")).exits(0);
}

#[test]
fn the_user_overrides_the_file_and_is_told_so() {
    let space = Workspace::new();
    space.write(
        "s.geojson",
        collection("urn:ogc:def:crs:OGC:1.3:CRS84", [119.3, 26.08], true),
    );
    space.run(&format!("{IMPORT} --datum cgcs2000 s.geojson")).exits(0);
    let output = space
        .run(&format!("{IMPORT} --replace --datum gcj02 s.geojson"))
        .exits(4);
    assert!(
        output.contains("warning  the file declares urn:ogc:def:crs:OGC:1.3:CRS84"),
        "{output}"
    );
    let report = report(&space);
    assert_eq!(report["findings"][0]["code"], "crs_overridden");
    assert_eq!(report["crs"]["said_by"], "given");
    assert_eq!(report["crs"]["declared"]["name"], "urn:ogc:def:crs:OGC:1.3:CRS84");
}

#[test]
fn a_shift_that_the_definition_says_is_used_with_a_warning() {
    let space = Workspace::new();
    space.write("s.csv", "id,lon,lat\na,119.3,26.08\n");
    let definition = "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3";
    let mut line: Vec<&str> = IMPORT.split_whitespace().collect();
    line.extend(["--datum", definition, "s.csv"]);
    let output = space.refugia(&line).exits(4);
    assert!(
        output.contains("moved to WGS 84 by the parameters 15.8,-154.4,-82.3"),
        "{output}"
    );
    assert_eq!(report(&space)["findings"][0]["code"], "datum_shift");
}

#[test]
fn data_that_lie_in_the_region_only_when_swapped_stop_the_import() {
    let space = Workspace::new();
    // Western China: longitudes are latitudes, too.
    space.write("true.csv", "id,lon,lat\na,75,37\nb,84,45\n");
    space.write("swapped.csv", "id,lon,lat\na,39.5,76.0\nb,39.6,76.1\n");
    space
        .run("import --region pack --layer towns --role settlement true.csv")
        .exits(0);
    let before = space.files("pack");
    let output = space.run(&format!("{IMPORT} swapped.csv")).exits(5);
    assert!(output.contains("inside it with both coordinates swapped"), "{output}");
    assert_eq!(space.files("pack"), before);
    space.run(&format!("{IMPORT} --accept swapped.csv")).exits(4);
}

#[test]
fn bd09_is_shifted_back() {
    let space = Workspace::new();
    let there = LonLat::new(119.3, 26.08).unwrap();
    let written = Datum::Bd09.from_wgs84(there);
    space.write("s.csv", format!("id,lng,lat\na,{},{}\n", written.lon(), written.lat()));
    let output = space.run(&format!("{IMPORT} --datum bd09 s.csv")).exits(0);
    assert!(output.contains("crs      BD-09, as given"), "{output}");
    assert!(geodesic::distance(point(&geometries(&space)[0].1), there).0 < 0.01);
}

#[test]
fn villages_reprojected_by_gdal_come_back_on_their_places() {
    let Some(file) = real_data("hazards/taipei_village.geojson") else {
        return;
    };
    if Command::new("ogr2ogr").arg("--version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "ogr2ogr must be there");
        println!("skipped: there is no ogr2ogr");
        return;
    }
    let space = Workspace::new();
    let import = "import --region pack --role admin_area --vintage 2026 --map id=NPTVID --layer";
    let as_it_is = ["a", file.to_str().unwrap()];
    let mut line: Vec<&str> = import.split_whitespace().collect();
    line.extend(as_it_is);
    let first = space.refugia(&line);
    assert!([0, 3, 4].contains(&first.code), "{}{}", first.stdout, first.stderr);
    let wanted = geometries(&space);
    for (layer, format, name) in [("b", "GeoJSON", "b.geojson"), ("c", "FlatGeobuf", "c.fgb")] {
        let done = Command::new("ogr2ogr")
            .args(["-f", format, "-t_srs", "EPSG:3826", "-lco", "COORDINATE_PRECISION=9"])
            .args([&space.path(name), &file])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let again = space.run(&format!("{import} {layer} {name}"));
        assert!(
            again
                .stdout
                .contains("EPSG:3826 (TWD97 / TM2 zone 121), as the file declares"),
            "{}",
            again.stdout
        );
        let found = geometries(&space);
        assert_eq!(found.len(), wanted.len());
        for ((id, found), (_, wanted)) in found.iter().zip(&wanted) {
            let (found, wanted) = (positions(found), positions(wanted));
            // Rings may begin elsewhere where they were rebuilt.
            for (these, those) in [(&found, &wanted), (&wanted, &found)] {
                for position in these {
                    let near = those.iter().any(|other| {
                        (position.lon() - other.lon())
                            .abs()
                            .max((position.lat() - other.lat()).abs())
                            < CENTIMETRE_DEG
                    });
                    assert!(near, "{name} {id}: {position}");
                }
            }
        }
    }
}

/// A little less than a centimetre, in degrees of latitude.
const CENTIMETRE_DEG: f64 = 8e-8;

fn positions(geometry: &Geometry<f64>) -> Vec<LonLat> {
    use geo::CoordsIter;
    geometry
        .coords_iter()
        .map(|coord| LonLat::try_from(coord).unwrap())
        .collect()
}
