//! The same layer in every format that GDAL writes gives the same features.
//!
//! Where GDAL is missing the tests say so and skip; with `CI` set they fail instead.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use geo::Area;
use geo_types::{Coord, Geometry, Polygon};
use refugia::catalog::{Layer, Region};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::harness::{Workspace, gzip, real_data};

/// Runs `ogr2ogr` in the folder; `false` where there is none.
pub(crate) fn ogr2ogr(space: &Workspace, args: &[&str]) -> bool {
    let output = Command::new("ogr2ogr").args(args).current_dir(space.path("")).output();
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs ogr2ogr: {error}");
            println!("skipped: ogr2ogr cannot be run: {error}");
            return false;
        }
    };
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    true
}

/// A feature's values by column, and its geometry as polygons or positions.
type Features = BTreeMap<String, (BTreeMap<String, String>, Vec<Polygon<f64>>, Vec<Coord<f64>>)>;

/// The features of the pack's only layer by their id; only the columns that every format keeps the names of.
fn features(space: &Workspace, columns: &[&str]) -> Features {
    let layers: Vec<Arc<Layer>> = Region::load(&space.path("pack")).unwrap().layers;
    let layer = &layers[0];
    let one = |row: usize| {
        let values = layer.attributes().row(row);
        let values: BTreeMap<String, String> = values
            .map(|(field, value)| (field.name.clone(), value.to_text()))
            .filter(|(name, _)| columns.contains(&name.as_str()))
            .collect();
        let (polygons, coords) = match &layer.geometries()[row] {
            Geometry::Point(point) => (vec![], vec![point.0]),
            Geometry::Polygon(polygon) => (vec![polygon.clone()], vec![]),
            Geometry::MultiPolygon(parts) => (parts.0.clone(), vec![]),
            other => panic!("{other:?}"),
        };
        (values[columns[0]].clone(), (values, polygons, coords))
    };
    (0..layer.len()).map(one).collect()
}

/// The positions of a ring from its smallest one on, for a writer may begin anywhere.
fn from_smallest(ring: &geo_types::LineString<f64>) -> Vec<Coord<f64>> {
    let open = &ring.0[..ring.0.len() - 1];
    let smallest = (0..open.len()).min_by(|&one, &other| {
        let key = |at: usize| (open[at].x, open[at].y);
        key(one).partial_cmp(&key(other)).unwrap()
    });
    let (tail, head) = open.split_at(smallest.unwrap());
    [head, tail].concat()
}

fn rings(polygons: &[Polygon<f64>]) -> Vec<Vec<Coord<f64>>> {
    let rings = polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    rings.map(from_smallest).collect()
}

#[track_caller]
fn assert_same(one: &Features, other: &Features, what: &str) {
    let near = |one: &[Coord<f64>], other: &[Coord<f64>]| {
        let pairs = one.iter().zip(other);
        one.len() == other.len()
            && pairs
                .into_iter()
                .all(|(a, b)| (a.x - b.x).abs() < 1e-9 && (a.y - b.y).abs() < 1e-9)
    };
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>(),
        "{what}"
    );
    for (id, (values, polygons, coords)) in one {
        let (other_values, other_polygons, other_coords) = &other[id];
        assert_eq!(values, other_values, "{what}: {id}");
        assert!(
            near(coords, other_coords),
            "{what}: {id}: {coords:?} and {other_coords:?}"
        );
        let (rings, other_rings) = (rings(polygons), rings(other_polygons));
        assert_eq!(rings.len(), other_rings.len(), "{what}: {id}");
        for (ring, other_ring) in rings.iter().zip(&other_rings) {
            assert!(near(ring, other_ring), "{what}: {id}: {ring:?} and {other_ring:?}");
        }
    }
}

/// What `ogr2ogr` is told to write, and the format that import should see in it.
const WRITTEN: [(&[&str], &str); 7] = [
    (&["-f", "GPKG", "layer.gpkg"], "geopackage"),
    (&["-f", "FlatGeobuf", "layer.fgb"], "flatgeobuf"),
    (
        &["-f", "GeoJSONSeq", "layer.geojsonl", "-lco", "COORDINATE_PRECISION=15"],
        "geojsonseq",
    ),
    (&["-f", "KML", "layer.kml"], "kml"),
    (
        &["-f", "ESRI Shapefile", "utf8/layer.shp", "-lco", "ENCODING=UTF-8"],
        "shapefile",
    ),
    (
        &["-f", "ESRI Shapefile", "bare/layer.shp", "-lco", "ENCODING=UTF-8"],
        "shapefile",
    ),
    (
        &["-f", "ESRI Shapefile", "layer.shz", "-lco", "ENCODING=UTF-8"],
        "shapefile",
    ),
];

/// What cannot be written of every layer: not every text is GBK, and this writer of KML takes a second for 200 features
/// and leaves out polygons that are not valid.
const OF_SMALL_ONES: [(&[&str], &str); 4] = [
    (
        &["-f", "ESRI Shapefile", "gbk/layer.shp", "-lco", "ENCODING=GBK"],
        "shapefile",
    ),
    (
        &["-f", "ESRI Shapefile", "guess/layer.shp", "-lco", "ENCODING=GBK"],
        "shapefile",
    ),
    (&["-f", "LIBKML", "lib.kml"], "kml"),
    (&["-f", "LIBKML", "lib.kmz"], "kml"),
];

/// Writes `layer.geojson` of the folder in other formats, and gives the files with their formats.
fn convert(
    space: &Workspace,
    written: &[(&[&'static str], &'static str)],
) -> Option<Vec<(&'static str, &'static str)>> {
    let mut inputs = Vec::new();
    for (arguments, format) in written {
        let file = arguments[2];
        if let Some((folder, _)) = file.split_once('/') {
            fs::create_dir(space.path(folder)).unwrap();
        }
        if !ogr2ogr(space, &[*arguments, &["layer.geojson"]].concat()) {
            return None;
        }
        // Nothing says what the texts are in.
        let parts: &[&str] = match file.split('/').next() {
            Some("bare") => &["bare/layer.cpg", "bare/layer.shx"],
            Some("guess") => &["guess/layer.cpg"],
            _ => &[],
        };
        for part in parts {
            fs::remove_file(space.path(part)).unwrap();
        }
        inputs.push((if file == "utf8/layer.shp" { "utf8" } else { file }, *format));
    }
    space.write("layer.gpkg.gz", gzip(&fs::read(space.path("layer.gpkg")).unwrap()));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("doc.kml", SimpleFileOptions::default()).unwrap();
    archive.write_all(&fs::read(space.path("layer.kml")).unwrap()).unwrap();
    space.write("layer.kmz", archive.finish().unwrap().into_inner());
    inputs.extend([("layer.gpkg.gz", "geopackage"), ("layer.kmz", "kml")]);
    Some(inputs)
}

/// Imports a file into a pack of its own and gives the report.
fn import(space: &Workspace, options: &str, file: &Path) -> Value {
    let _ = fs::remove_dir_all(space.path("pack"));
    let line = "import --region pack --layer layer --report report.json";
    let mut args: Vec<&str> = line.split_whitespace().chain(options.split_whitespace()).collect();
    args.push(file.to_str().unwrap());
    let run = space.refugia(&args);
    // 4: with something to look at, such as an encoding that nothing says.
    assert!([0, 4].contains(&run.code), "{}{}", run.stdout, run.stderr);
    serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap()
}

/// Imports the layer in every format and holds it against the GeoJSON.
fn all_formats_agree(collection: &Value, options: &str, columns: &[&str]) {
    let space = Workspace::new();
    space.write("layer.geojson", serde_json::to_vec(collection).unwrap());
    let Some(inputs) = convert(&space, &[WRITTEN.as_slice(), &OF_SMALL_ONES].concat()) else {
        return;
    };
    import(&space, options, &space.path("layer.geojson"));
    let expected = features(&space, columns);
    assert_eq!(expected.len(), collection["features"].as_array().unwrap().len());
    for (input, format) in inputs {
        let report = import(&space, options, &space.path(input));
        assert_eq!(
            (&report["format"], &report["refused"]),
            (&json!(format), &json!(0)),
            "{input}"
        );
        assert_same(&expected, &features(&space, columns), input);
    }
}

#[test]
fn points_are_the_same_in_every_format() {
    let features: Vec<Value> = (0..30)
        .map(|row| {
            let place = [119.3 + f64::from(row) / 7.0, 26.05 - f64::from(row) / 11.0];
            json!({
                "type": "Feature",
                "properties": {
                    "code": format!("S{row}"), "label": format!("鼓楼区第{row}避灾点 & <东>"), "beds": row * 10,
                    "height": f64::from(row) + 0.25, "remark": if row % 3 == 0 { Value::Null } else { json!("有 “引号”") },
                },
                "geometry": { "type": "Point", "coordinates": place },
            })
        })
        .collect();
    let collection = json!({ "type": "FeatureCollection", "features": features });
    let columns = ["code", "label", "beds", "height", "remark"];
    all_formats_agree(&collection, "--role shelter --map id=code --map name=label", &columns);
}

#[test]
fn polygons_with_holes_and_islands_are_the_same_in_every_format() {
    let square =
        |x: f64, y: f64, size: f64| json!([[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]);
    let reversed = |ring: Value| {
        let mut positions = ring.as_array().unwrap().clone();
        positions.reverse();
        Value::Array(positions)
    };
    let features: Vec<Value> = (0..12)
        .map(|row| {
            let x = 118.0 + f64::from(row) / 3.0;
            let outer = square(x, 25.0, 0.3);
            let holes = [
                reversed(square(x + 0.01, 25.01, 0.1)),
                reversed(square(x + 0.15, 25.15, 0.1)),
            ];
            let island = square(x + 0.03, 25.03, 0.02);
            json!({
                "type": "Feature",
                "properties": { "code": format!("Z{row}"), "label": format!("{row}号淹没区"), "grade": row % 3 + 1 },
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[outer, holes[0], holes[1]], [island]],
                },
            })
        })
        .collect();
    let collection = json!({ "type": "FeatureCollection", "features": features });
    let options = "--role hazard_zone --hazard flood --level-from grade --levels 1,2,3 --map id=code";
    all_formats_agree(&collection, options, &["code", "label", "grade"]);
}

/// Converts a real file into every format, and holds counts and areas against its own.
fn real_file_agrees(name: &str, options: &str) {
    let Some(file) = real_data(name) else { return };
    let space = Workspace::new();
    fs::copy(&file, space.path("layer.geojson")).unwrap();
    let Some(inputs) = convert(&space, &WRITTEN) else {
        return;
    };
    let measured = |input: PathBuf| {
        let report = import(&space, options, &input);
        let layer = Arc::clone(&Region::load(&space.path("pack")).unwrap().layers[0]);
        let area: f64 = layer.geometries().iter().map(Area::unsigned_area).sum();
        let positions: usize = layer.geometries().iter().map(geo::CoordsIter::coords_count).sum();
        (report["kept"].clone(), report["refused"].clone(), positions, area)
    };
    let (kept, refused, positions, area) = measured(space.path("layer.geojson"));
    for (input, _) in inputs {
        let (other_kept, other_refused, other_positions, other_area) = measured(space.path(input));
        assert_eq!((&other_kept, &other_refused), (&kept, &refused), "{input}");
        // KML is written in rounded numbers: some neighbours become one position, and some corners spikes, which are mended.
        let most = if input.contains(".km") { positions / 1_000 } else { 0 };
        assert!(
            other_positions.abs_diff(positions) <= most,
            "{input}: {other_positions} and {positions}"
        );
        assert!(
            (other_area - area).abs() <= 1e-9 * area,
            "{input}: {other_area} and {area}"
        );
    }
}

#[test]
fn real_shelters_are_the_same_in_every_format() {
    real_file_agrees("shelters/jp_fukuoka_shelters.geojson", "--role shelter");
}

#[test]
fn real_villages_are_the_same_in_every_format() {
    real_file_agrees("hazards/taipei_village.geojson", "--role admin_area");
}

#[test]
fn folders_and_archives_that_hold_several_layers_ask_which() {
    let space = Workspace::new();
    let import = "import --dry-run --region pack --layer x --role facility";
    fs::create_dir(space.path("folder")).unwrap();
    space.write("folder/a.csv", "lon,lat\n1,2\n");
    let empty = space.run(&format!("{import} folder")).exits(1);
    assert!(
        empty.contains("no Shapefile in the folder folder; give one of its files: a.csv"),
        "{empty}"
    );
    space.write("a.geojson", r#"{"type":"Point","coordinates":[1,2]}"#);
    for layer in ["one", "two"] {
        let arguments = [
            "-f",
            "GPKG",
            "-update",
            "-append",
            "-nln",
            layer,
            "both.gpkg",
            "a.geojson",
        ];
        let arguments = if layer == "one" {
            [&arguments[..2], &arguments[4..]].concat()
        } else {
            arguments.to_vec()
        };
        if !ogr2ogr(&space, &arguments) {
            return;
        }
    }
    let question = space.run(&format!("{import} both.gpkg")).exits(1);
    assert!(
        question.contains("several layers: one, two; choose one with --table NAME"),
        "{question}"
    );
    space.run(&format!("{import} --table two both.gpkg")).exits(0);
}
