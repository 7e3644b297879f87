//! Files in another datum than the one declared, against the demonstration pack.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use geo::Centroid;
use refugia::{
    catalog::{Attribute, Layer, Region},
    geometry::{LonLat, geodesic},
};
use serde_json::Value;

use crate::harness::{Workspace, real_data};

/// A workspace with a copy of the demonstration pack as `pack`.
fn with_fujian() -> Workspace {
    let space = Workspace::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fujian");
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = format!("pack/{}", entry.file_name().into_string().unwrap());
        space.write(&name, fs::read(entry.path()).unwrap());
    }
    space
}

fn import(space: &Workspace, options: &str, file: &Path, code: i32) -> (Value, String) {
    let mut args = vec!["import", "--region", "pack", "--report", "report.json"];
    args.extend(options.split_whitespace());
    args.push(file.to_str().unwrap());
    let text = space.refugia(&args).exits(code);
    let report = serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap();
    (report, text)
}

#[test]
fn a_next_version_in_another_datum_is_stopped() {
    let space = with_fujian();
    let region = Region::load(&space.path("pack")).unwrap();
    let shelters = region
        .layers
        .iter()
        .find(|layer| layer.id().as_str() == "shelters")
        .unwrap();
    let mut csv = "id,name,lon,lat\n".to_owned();
    for row in 0..60 {
        let centre = shelters.geometries()[row].centroid().unwrap();
        let shifted = refugia::geometry::Datum::Gcj02.from_wgs84(LonLat::new(centre.x(), centre.y()).unwrap());
        let id = shelters.feature_id(row);
        writeln!(csv, "{id},避灾点{row},{:.6},{:.6}", shifted.lon(), shifted.lat()).unwrap();
    }
    let file = space.write("next.csv", csv);
    let before = space.files("pack");
    let options = "--layer shelters --role shelter --replace";
    let (report, text) = import(&space, options, &file, 5);
    assert_eq!(report["shift"]["verdict"], "shifted");
    assert_eq!(report["shift"]["hypothesis"], "gcj02");
    assert!(
        text.contains("look like GCJ-02 declared as WGS 84 (median offset "),
        "{text}"
    );
    assert!(text.contains("--datum gcj02"), "{text}");
    assert_eq!(space.files("pack"), before, "nothing is stored");
    // Declared as what it is the file agrees, whatever else the report says of it.
    let run = space.refugia(&[
        "import",
        "--region",
        "pack",
        "--layer",
        "shelters",
        "--role",
        "shelter",
        "--replace",
        "--accept",
        "--datum",
        "gcj02",
        "--report",
        "report.json",
        "next.csv",
    ]);
    assert!([0, 4].contains(&run.code), "{}{}", run.stdout, run.stderr);
    let report: Value = serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap();
    assert_eq!(report["shift"]["verdict"], "agrees");
}

/// Centroids by the code in a column.
fn centroids(layer: &Layer, code: Attribute) -> BTreeMap<String, LonLat> {
    let centroid = |row: usize| {
        let centre = layer.geometries()[row].centroid().unwrap();
        let code = layer.text(row, code)?.into_owned();
        Some((code, LonLat::new(centre.x(), centre.y()).unwrap()))
    };
    (0..layer.len()).filter_map(centroid).collect()
}

#[test]
fn boundaries_in_gcj02_are_recognised_and_come_back_on_the_true_ones() {
    let Some(file) = real_data("fj_boundaries_gcj02.geojson") else {
        return;
    };
    let space = with_fujian();
    let before = space.files("pack");
    let (report, text) = import(&space, "--layer amap --role admin_area", &file, 5);
    assert_eq!(
        (&report["shift"]["verdict"], &report["shift"]["hypothesis"]),
        (&"shifted".into(), &"gcj02".into())
    );
    let metres = |key: &str| report["shift"][key].as_f64().unwrap();
    assert!((metres("median_east_m") - 505.0).abs() < 20.0, "{text}");
    assert!((metres("median_south_m") - 403.0).abs() < 20.0, "{text}");
    assert_eq!(space.files("pack"), before, "nothing is stored");

    let (report, _) = import(&space, "--layer amap --role admin_area --datum gcj02", &file, 0);
    assert_eq!(report["shift"]["verdict"], "agrees");
    let region = Region::load(&space.path("pack")).unwrap();
    let of = |id: &str, code: Attribute| {
        let layer = region.layers.iter().find(|layer| layer.id().as_str() == id);
        centroids(layer.unwrap(), code)
    };
    // The code of a county is its id there; its admin_code is that of the city around it.
    let (known, imported) = (of("counties", Attribute::Id), of("amap", Attribute::AdminCode));
    let mut apart: Vec<f64> = known
        .iter()
        .filter_map(|(code, place)| Some(geodesic::distance(*place, *imported.get(code)?).0))
        .collect();
    apart.sort_by(f64::total_cmp);
    assert!(apart.len() > 80, "{}", apart.len());
    // The shores are drawn differently, so that the centroids of coastal counties differ by up to some kilometres.
    assert!(apart[apart.len() / 2] < 150.0, "{apart:?}");
}

#[test]
fn a_new_pack_has_nothing_to_compare_with() {
    let Some(file) = real_data("shelters/cn_four_cities_gcj02.csv") else {
        return;
    };
    let (report, _) = import(&Workspace::new(), "--layer shelters --role shelter", &file, 0);
    assert!(report.get("shift").is_none());
}
