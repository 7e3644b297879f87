//! Imports of real files with all their dirt: every row is accounted for.

use std::{fs, path::Path, sync::Arc};

use refugia::catalog::{HazardKind, Layer, Region, Tri};
use serde_json::Value;

use crate::harness::{Workspace, real_data};

/// Imports a file, checks that every row read is kept or refused, and gives back the report.
fn import(space: &Workspace, layer: &str, options: &str, file: &Path) -> Value {
    let mut args = vec![
        "import",
        "--region",
        "pack",
        "--report",
        "report.json",
        "--layer",
        layer,
    ];
    args.extend(options.split_whitespace());
    args.push(file.to_str().unwrap());
    let run = space.refugia(&args);
    assert!([0, 3, 4].contains(&run.code), "{}{}", run.stdout, run.stderr);
    let report: Value = serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap();
    let count = |key: &str| report[key].as_u64().unwrap();
    assert_eq!(count("read"), count("kept") + count("refused"));
    assert_eq!(count("refused"), report["refusals"].as_array().unwrap().len() as u64);
    report
}

fn layers(space: &Workspace) -> Vec<Arc<Layer>> {
    Region::load(&space.path("pack")).unwrap().layers
}

#[test]
fn japan_emergency_sites_keep_their_flags() {
    let Some(file) = real_data("shelters/jp_emergency.geojsonl.gz") else {
        return;
    };
    let space = Workspace::new();
    let report = import(&space, "sites", "--role shelter", &file);
    assert_eq!((&report["kept"], &report["refused"]), (&7296.into(), &0.into()));
    let layer = &layers(&space)[0];
    for kind in [
        HazardKind::Flood,
        HazardKind::Tsunami,
        HazardKind::Earthquake,
        HazardKind::Waterlogging,
    ] {
        let count = |tri| (0..layer.len()).filter(|&row| layer.suits(row, kind) == tri).count();
        assert!(count(Tri::Yes) > 0 && count(Tri::Unknown) > 0, "{kind}");
        assert_eq!(count(Tri::No), 0, "a blank flag is unknown, not no");
    }
    let row = layer.row_of("E3620100001201").unwrap();
    assert_eq!(layer.suits(row, HazardKind::Tsunami), Tri::Yes);
    assert_eq!(layer.suits(row, HazardKind::Flood), Tri::Unknown);
}

#[test]
fn csv_and_geojson_of_the_same_rows_give_equal_layers() {
    let (Some(csv), Some(geojson)) = (
        real_data("shelters/jp_sasebo_gsi_raw_emergency.csv"),
        real_data("shelters/jp_sasebo_gsi_raw_emergency.geojson"),
    ) else {
        return;
    };
    let space = Workspace::new();
    assert_eq!(import(&space, "csv", "--role shelter", &csv)["kept"], 270);
    assert_eq!(import(&space, "geojson", "--role shelter", &geojson)["kept"], 270);
    let layers = layers(&space);
    let (one, other) = (&layers[0], &layers[1]);
    assert_eq!(one.len(), other.len());
    for row in 0..one.len() {
        let id = one.feature_id(row);
        let twin = other.row_of(&id).unwrap();
        let columns = |layer: &Layer, row: usize| {
            let mut values: Vec<String> = layer
                .attributes()
                .row(row)
                .map(|(field, value)| format!("{} {:?} {}", field.name, field.kind, value.to_text()))
                .collect();
            values.sort();
            // The lon and lat columns of the CSV are its positions.
            values
        };
        let without_positions = |mut values: Vec<String>| {
            values.retain(|value| !value.starts_with("経度") && !value.starts_with("緯度"));
            values
        };
        assert_eq!(without_positions(columns(one, row)), columns(other, twin), "{id}");
        let (geo_types::Geometry::Point(a), geo_types::Geometry::Point(b)) =
            (&one.geometries()[row], &other.geometries()[twin])
        else {
            panic!("{id} is no point");
        };
        // The publisher rounded the GeoJSON to six decimals.
        assert!((a.x() - b.x()).abs() < 1e-6 && (a.y() - b.y()).abs() < 1e-6, "{id}");
    }
}

#[test]
fn fukuoka_hazard_zones_come_in_whole() {
    for (name, kind, count) in [
        ("tsunami", "tsunami", 4464),
        ("sediment", "landslide", 880),
        ("inland_flood", "waterlogging", 507),
    ] {
        let Some(file) = real_data(&format!("hazards/fukuoka_{name}.geojson")) else {
            return;
        };
        let report = import(
            &Workspace::new(),
            name,
            &format!("--role hazard_zone --hazard {kind}"),
            &file,
        );
        assert_eq!(report["kept"], count, "{name}");
    }
}

#[test]
fn taipei_polygons_that_touch_themselves_are_taken_apart() {
    let cases = [
        (
            "flood_simulate_78mm",
            "waterlogging --level-from GRIDCODE --levels 1,2,3,4",
            3,
            (3, 0),
        ),
        ("work_soil_liquefaction", "earthquake --level-from class", 136, (2, 0)),
        (
            "patrol_debrisarea",
            "debris_flow --level-from risk --levels 持續觀察,低,中,高",
            45,
            (0, 1),
        ),
    ];
    for (name, options, count, (rebuilt, spikes)) in cases {
        let Some(file) = real_data(&format!("hazards/taipei_{name}.geojson")) else {
            return;
        };
        let report = import(
            &Workspace::new(),
            "zones",
            &format!("--role hazard_zone --hazard {options}"),
            &file,
        );
        assert_eq!(
            (&report["read"], &report["kept"]),
            (&count.into(), &count.into()),
            "{name}: {}",
            report["refusals"]
        );
        assert_eq!(report["repairs"]["rebuilt_polygons"], rebuilt, "{name}");
        assert_eq!(report["repairs"]["spikes"], spikes, "{name}");
        assert!(
            report["repairs"]["largest_area_change"].as_f64().unwrap() < 1e-9,
            "{name}"
        );
    }
}

#[test]
fn very_large_multipolygons_come_in() {
    let Some(file) = real_data("hazards/puerto_princesa_landslide.geojson") else {
        return;
    };
    let options = "--role hazard_zone --hazard landslide --level-from LndslideSu --levels LL,ML,HL,VHL";
    assert_eq!(import(&Workspace::new(), "zones", options, &file)["kept"], 4);
}

#[test]
fn registers_with_capacities_and_shifted_coordinates_come_in() {
    let (Some(taipei), Some(four_cities)) = (
        real_data("shelters/tw_taipei_designated_shelters.geojson"),
        real_data("shelters/cn_four_cities_gcj02.csv"),
    ) else {
        return;
    };
    let space = Workspace::new();
    assert_eq!(import(&space, "taipei", "--role shelter", &taipei)["kept"], 260);
    let capacity = refugia::catalog::Attribute::Capacity;
    let layer = &layers(&space)[0];
    assert!((0..layer.len()).all(|row| layer.number(row, capacity).is_some()));
    let report = import(
        &Workspace::new(),
        "cities",
        "--role shelter --datum gcj02",
        &four_cities,
    );
    assert_eq!(report["kept"], 1800);
}
