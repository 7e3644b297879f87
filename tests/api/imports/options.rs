//! What can be asked for with a file.

use axum::http::Method;
use serde_json::json;

use super::{Desk, SHELTERS, shelters};
use crate::site::Reply;

#[tokio::test]
async fn options_that_do_not_do_are_named() {
    let desk = Desk::new();
    let id = desk.upload("a.csv", SHELTERS).await;
    for (change, option) in [
        (json!({ "layer": "Not An Id" }), "layer"),
        (json!({ "layer": "../x" }), "layer"),
        (json!({ "role": "castle" }), "role"),
        (
            json!({ "role": "hazard_zone", "hazard": { "kind": "rain" } }),
            "hazard.kind",
        ),
        (json!({ "datum": "mars2000" }), "datum"),
        (json!({ "format": "docx" }), "format"),
        (json!({ "map": { "colour": "名称" } }), "map"),
    ] {
        let mut options = shelters();
        options
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        for reply in [desk.preview(&id, &options).await, desk.accept(&id, &options).await] {
            assert_eq!(
                reply.problem(422, "invalid_option").as_deref(),
                Some(option),
                "{options}"
            );
        }
    }
    for body in [
        "",
        "{",
        "[]",
        "{\"layer\":\"new\"}",
        "{\"layer\":\"new\",\"role\":\"shelter\",\"colour\":1}",
    ] {
        let reply = desk
            .send(Method::POST, &format!("/api/imports/{id}/preview"), body)
            .await;
        reply.problem(400, "invalid_body");
    }
    for (change, code, said) in [
        (json!({ "role": "hazard_zone" }), "import_request", "hazard"),
        (json!({ "map": { "capacity": "人数" } }), "import_columns", "容纳人数"),
        (json!({ "encoding": "klingon" }), "import_encoding", "klingon"),
        (
            json!({ "role": "hazard_zone", "hazard": { "kind": "flood", "level_from": "nope" } }),
            "import_",
            "nope",
        ),
    ] {
        let mut options = shelters();
        options
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let reply = desk.preview(&id, &options).await;
        assert_eq!(reply.status, 422, "{}", reply.text());
        let problem = reply.json();
        assert!(problem["code"].as_str().unwrap().starts_with(code), "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(said) && !detail.contains("refugia-uploads"), "{detail}");
    }
    let (empty, nothing) = (
        desk.upload("b.csv", "").await,
        desk.upload("c.csv", "id,lon,lat\n1,x,y\n").await,
    );
    desk.preview(&empty, &shelters()).await.problem(422, "import_format");
    desk.preview(&nothing, &shelters())
        .await
        .problem(422, "import_nothing_kept");
}

#[tokio::test]
async fn the_datum_and_the_mapping_asked_for_are_used() {
    let desk = Desk::new();
    let id = desk
        .upload("a.csv", "id,名称,别名,经度,纬度\nn1,甲馆,A,119.3,26.1\n")
        .await;
    let mut options = shelters();
    let place = |reply: Reply| {
        assert_eq!(reply.status, 200, "{}", reply.text());
        let feature = reply.json()["features"]["features"][0].clone();
        let lon = feature["geometry"]["coordinates"][0].as_f64().unwrap();
        (lon, feature["properties"]["name"].as_str().unwrap().to_owned())
    };
    let (wgs84, name) = place(desk.preview(&id, &options).await);
    assert_eq!((wgs84, name.as_str()), (119.3, "甲馆"));
    options["datum"] = "gcj02".into();
    options["map"] = json!({ "id": "id", "name": "别名" });
    let (gcj02, name) = place(desk.preview(&id, &options).await);
    assert!((0.004..0.006).contains(&(wgs84 - gcj02)), "{gcj02}");
    assert_eq!(name, "A");
}
