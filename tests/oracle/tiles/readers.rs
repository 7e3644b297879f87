//! Every tile of a pyramid through other people's decoders: `@mapbox/vector-tile` and `@maplibre/mlt`, which MapLibre
//! reads tiles with, and GDAL (with GEOS for validity).
//!
//! Where Node or GDAL is missing the test says so and skips; with `CI` set it fails instead.

use std::{
    collections::BTreeMap,
    env, fs,
    path::Path,
    process::{Command, Output},
};

use geo::{Coord, Geometry, LineString, Point};
use refugia::tiles::{Encoding, TileLayer, render};
use serde_json::{Map, Value, json};

use super::{
    columns, coverage,
    decode::{Feature, decode},
    layers::{Random, hazard, plain},
    sampling::tiles_over,
    validity::assert_valid,
};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tiles-readers");

/// Zones, lines and points over the coverage's box.
fn layers() -> Vec<TileLayer> {
    let mut random = Random(17);
    let [west, south, east, north] = coverage::BOX;
    let mut place = || Coord {
        x: random.between(west, east),
        y: random.between(south, north),
    };
    let lines = (0..40)
        .map(|_| Geometry::from(LineString::new((0..30).map(|_| place()).collect())))
        .collect();
    let points = (0..400).map(|_| Geometry::from(Point(place()))).collect();
    vec![
        TileLayer::build(hazard("flood", (0, 12), coverage::make(23, 14, 6))),
        TileLayer::build(plain("rivers", "reference", "kind = \"river\"", lines)),
        TileLayer::build(plain("posts", "facility", "zoom = { min = 3, max = 12 }", points)),
        TileLayer::build(columns::layer()),
    ]
}

/// Writes tiles as `z/x/y.mvt` and `z/x/y.mlt` and gives back, by the name of the first, what our own decoder reads in them.
fn write_pyramid(folder: &Path) -> BTreeMap<String, Value> {
    let layers = layers();
    let layers: Vec<&TileLayer> = layers.iter().collect();
    let mut expected = BTreeMap::new();
    for zoom in 0..=12 {
        for tile in tiles_over(coverage::BOX, zoom)
            .into_iter()
            .step_by(1 + usize::from(zoom > 9) * 5)
        {
            let bytes = render(&layers, tile, Encoding::Mvt).unwrap();
            if bytes.is_empty() {
                continue;
            }
            let mlt = render(&layers, tile, Encoding::Mlt).unwrap();
            let path = format!("{tile}.mvt");
            let file = folder.join(&path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file.with_extension("mlt"), mlt).unwrap();
            fs::write(file, &bytes).unwrap();
            let decoded = decode(&bytes);
            assert_valid(&decoded, &path);
            let layers = decoded.iter().map(|layer| {
                let features: Vec<Value> = layer.features.iter().map(summary).collect();
                (
                    layer.name.clone(),
                    json!({ "version": 2, "extent": 4096, "features": features }),
                )
            });
            expected.insert(path, Value::Object(layers.collect::<Map<_, _>>()));
        }
    }
    expected
}

/// What `read.mjs` prints of a feature.
fn summary(feature: &Feature) -> Value {
    let vertices: Vec<&Coord<i32>> = feature.paths.iter().flatten().collect();
    let checksum: i64 = (1..)
        .zip(&vertices)
        .map(|(nth, at): (i64, _)| i64::from(at.x) * (nth % 7) + i64::from(at.y) * (nth % 11))
        .sum();
    json!({
        "id": feature.id, "type": feature.kind, "properties": feature.properties,
        "vertices": vertices.len(), "checksum": checksum,
    })
}

/// Runs a reader; `None` where it cannot run here and need not.
fn read(program: &str, script: &str, folder: &Path) -> Option<BTreeMap<String, Value>> {
    let output = Command::new(program)
        .arg(format!("{SCRIPTS}/{script}"))
        .arg(folder)
        .output();
    let failure = match output {
        Ok(Output { status, stdout, .. }) if status.success() => return Some(lines(&stdout)),
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    let is_missing = ["No such file", "No module named", "ERR_MODULE_NOT_FOUND"]
        .iter()
        .any(|sign| failure.contains(sign));
    assert!(is_missing && env::var("CI").is_err(), "{program} {script}: {failure}");
    println!(
        "skipped: {program} {script} cannot run here: {}",
        failure.lines().next().unwrap_or_default()
    );
    None
}

fn lines(stdout: &[u8]) -> BTreeMap<String, Value> {
    let text = std::str::from_utf8(stdout).unwrap();
    text.lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            (value["path"].as_str().unwrap().to_owned(), value)
        })
        .collect()
}

#[test]
fn maplibre_s_decoders_read_what_we_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let expected = write_pyramid(folder.path());
    assert!(expected.len() > 300, "{} tiles", expected.len());
    if !Path::new(SCRIPTS).join("node_modules").exists() {
        let installed = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(SCRIPTS)
            .output();
        println!(
            "npm ci: {}",
            installed.map_or_else(|error| error.to_string(), |output| output.status.to_string())
        );
    }
    let Some(read) = read("node", "read.mjs", folder.path()) else {
        return;
    };
    assert_eq!(read.len(), 2 * expected.len());
    for (path, tile) in &expected {
        assert_eq!(&read[path]["layers"], tile, "{path}");
        let path = path.replace(".mvt", ".mlt");
        assert_eq!(&read[&path]["layers"], tile, "{path}");
    }
}

#[test]
fn gdal_reads_what_we_wrote_and_calls_it_valid() {
    let folder = tempfile::tempdir().unwrap();
    let expected = write_pyramid(folder.path());
    // A Python of one's own often lacks the system's GDAL.
    let system = "/usr/bin/python3";
    let python = if Path::new(system).exists() { system } else { "python3" };
    let Some(read) = read(python, "read_gdal.py", folder.path()) else {
        return;
    };
    assert_eq!(read.len(), expected.len());
    for (path, tile) in &expected {
        let counts = |value: &Value| -> BTreeMap<String, usize> {
            let layers = value.as_object().unwrap().iter();
            layers
                .map(|(name, layer)| (name.clone(), layer["features"].as_array().unwrap().len()))
                .collect()
        };
        assert_eq!(read[path]["layers"], json!(counts(tile)), "{path}");
        assert_eq!(read[path]["invalid"], json!([]), "{path}");
    }
}
