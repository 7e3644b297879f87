//! What is told and shown of a file before it is accepted.

use std::fmt::Write as _;

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use super::{Desk, SHELTERS, shelters};

#[tokio::test]
async fn a_preview_tells_and_shows_and_changes_nothing() {
    let desk = Desk::new();
    let (files, world) = (desk.files(), desk.site.app.world().version.to_string());
    let id = desk.upload("%E9%81%BF%E7%81%BE.csv", SHELTERS).await;
    let listed = desk.uploads().await;
    assert_eq!(listed["uploads"][0]["filename"], "避灾.csv");
    assert_eq!(listed["uploads"][0]["size_bytes"], SHELTERS.len());
    assert_eq!(
        (&listed["busy"], &listed["max_upload_bytes"]),
        (&json!(false), &json!(1 << 30))
    );

    let preview = desk.preview(&id, &shelters()).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let preview = preview.json();
    let report = &preview["report"];
    assert_eq!(report["input"], "避灾.csv", "the name people know");
    assert_eq!(
        (&report["read"], &report["kept"], &report["refused"]),
        (&json!(4), &json!(3), &json!(1))
    );
    assert_eq!((&report["dry_run"], &report["stopped"]), (&json!(true), &json!(false)));
    assert_eq!(report["refusals"][0]["row"], 4);
    assert_eq!(
        (&preview["truncated"], &preview["report_cut"]),
        (&json!(false), &json!(false))
    );
    let mut features: Vec<Value> = preview["features"]["features"].as_array().unwrap().clone();
    features.sort_by_key(|feature| feature["properties"]["id"].as_str().unwrap().to_owned());
    assert_eq!(features.len(), 3);
    assert_eq!(
        features[0],
        json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [0.1, 0.1] },
            "properties": { "id": "n1", "name": "甲馆" } })
    );
    assert_eq!(desk.files(), files, "a preview changes nothing");
    assert_eq!(desk.site.app.world().version.to_string(), world);

    let whole = desk
        .send(Method::GET, &format!("/api/imports/{id}/report"), Body::empty())
        .await;
    assert_eq!(
        whole.header("content-disposition"),
        "attachment; filename=\"report.json\""
    );
    assert_eq!(
        whole.json()["refusals"][0]["reason"],
        report["refusals"][0]["reasons"]["en"]
    );
}

#[tokio::test]
async fn large_layers_are_shown_in_part_and_long_reports_are_cut() {
    let desk = Desk::new();
    let mut rows = String::from("id,lon,lat\n");
    for row in 0..7_000 {
        let lon = if row % 10 == 0 {
            "nowhere".to_owned()
        } else {
            format!("{:.4}", f64::from(row) / 20_000.0)
        };
        writeln!(rows, "r{row},{lon},0.1").unwrap();
    }
    let id = desk.upload("a.csv", rows).await;
    let reply = desk.preview(&id, &shelters()).await;
    let preview = reply.json();
    assert_eq!(
        (&preview["report"]["kept"], &preview["report"]["refused"]),
        (&json!(6_300), &json!(700))
    );
    assert_eq!(preview["report"]["refusals"].as_array().unwrap().len(), 500);
    assert_eq!(
        (&preview["report_cut"], &preview["truncated"]),
        (&json!(true), &json!(true))
    );
    let shown = preview["features"]["features"].as_array().unwrap().len();
    assert!((1_000..=2_000).contains(&shown), "{shown}");
    let whole = desk
        .send(Method::GET, &format!("/api/imports/{id}/report"), Body::empty())
        .await;
    assert_eq!(whole.json()["refusals"].as_array().unwrap().len(), 700);
}

#[tokio::test]
async fn zones_come_with_their_levels() {
    let desk = Desk::new();
    let zone = |level: &str, west: f64| {
        let (east, south, north) = (west + 0.1, 0.0, 0.1);
        json!({ "type": "Feature", "properties": { "风险": level },
            "geometry": { "type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]] } })
    };
    let zones = json!({ "type": "FeatureCollection", "features": [zone("低", 0.0), zone("高", 0.2)] });
    let id = desk.upload("zones.geojson", zones.to_string()).await;
    let options = json!({ "layer": "surge", "role": "hazard_zone",
        "hazard": { "kind": "storm_surge", "level_from": "风险", "levels": ["低", "高"], "unsafe_from": "高" } });
    let preview = desk.preview(&id, &options).await.json();
    assert_eq!(preview["report"]["hazard"]["levels"][1]["code"], "高");
    assert_eq!(preview["features"]["features"][0]["geometry"]["type"], "MultiPolygon");
    assert_eq!(desk.accept(&id, &options).await.status, 200);
    let risk = desk.site.json("/api/risk?lon=0.25&lat=0.05").await;
    assert!(
        risk["hazards"]
            .as_array()
            .unwrap()
            .iter()
            .any(|hazard| hazard["layer"] == "surge"),
        "{risk}"
    );
}
