//! How a file becomes a layer, and when it does not.

use std::fs;

use axum::{body::Body, http::Method};
use serde_json::json;

use super::{Desk, SHELTERS, operations, shelters};

#[tokio::test]
async fn an_accepted_file_is_on_the_map_at_once() {
    let desk = Desk::new();
    let world = desk.site.app.world().version.to_string();
    let id = desk.upload("%E9%81%BF%E7%81%BE.csv", SHELTERS).await;
    let done = desk.accept(&id, &shelters()).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let done = done.json();
    assert_eq!(
        (&done["report"]["kept"], &done["reload"]),
        (&json!(3), &json!("changed"))
    );
    assert_ne!(done["world"], world);
    let region = desk.site.json("/api/region").await;
    assert_eq!(
        region["world"], done["world"],
        "the next answer comes from the new pack"
    );
    let layer = region["layers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|layer| layer["id"] == "new")
        .unwrap();
    assert_eq!(
        (&layer["count"], &layer["names"]["en"], &layer["source"]),
        (&json!(3), &json!("New shelters"), &json!("避灾.csv"))
    );
    let one = desk.site.json("/api/shelters/n1").await;
    assert_eq!(one["properties"]["capacity"], 120);
    assert_eq!(desk.uploads().await["uploads"][0]["imported"], true);

    let gone = desk
        .send(Method::DELETE, &format!("/api/imports/{id}"), Body::empty())
        .await;
    assert_eq!(gone.status, 204);
    for (method, path) in operations().into_iter().filter(|(_, path)| path != "/api/imports") {
        let path = path.replace("0123456789abcdef", &id);
        desk.send(method, &path, Body::empty())
            .await
            .problem(404, "unknown_upload");
    }
    assert!(
        desk.layers().await.contains(&"new".to_owned()),
        "what was imported stays"
    );
}

#[tokio::test]
async fn the_next_version_of_a_layer_is_compared_and_another_kind_of_layer_is_refused() {
    let desk = Desk::new();
    let id = desk.upload("a.csv", SHELTERS).await;
    let mut options = shelters();
    assert_eq!(desk.accept(&id, &options).await.status, 200);
    let files = desk.files();
    options["layer"] = "flood".into();
    desk.accept(&id, &options).await.problem(409, "layer_exists");
    assert_eq!(desk.files(), files);
    options["layer"] = "new".into();
    let again = desk.accept(&id, &options).await.json();
    assert_eq!(again["report"]["update"]["unchanged"], 3);
    options["replace"] = true.into();
    options["names"] = json!({ "zh": "", "en": "" });
    let replaced = desk.accept(&id, &options).await.json();
    assert_eq!(replaced["report"]["replaced"], true);
    let region = desk.site.json("/api/region").await;
    let layer = region["layers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|layer| layer["id"] == "new")
        .unwrap();
    assert_eq!(
        layer["names"],
        json!({ "zh": "new", "en": "new" }),
        "blank is not given"
    );
}

#[tokio::test]
async fn a_pack_that_somebody_else_imports_into_or_that_cannot_be_written_is_left_alone() {
    let desk = Desk::new();
    let id = desk.upload("a.csv", SHELTERS).await;
    let lock_path = desk.pack.path().join(".refugia-import.lock");
    let lock = fs::File::create(&lock_path).unwrap();
    lock.lock().unwrap();
    desk.accept(&id, &shelters()).await.problem(409, "import_busy");
    drop(lock);
    fs::remove_file(&lock_path).unwrap();
    // Root may write everywhere: a folder in the lock's place is what nobody can open.
    fs::create_dir(&lock_path).unwrap();
    let reply = desk.accept(&id, &shelters()).await;
    reply.problem(409, "pack_not_writable");
    assert!(reply.text().contains(".refugia-import.lock"), "{}", reply.text());
    fs::remove_dir(&lock_path).unwrap();
    fs::write(desk.pack.path().join("flood.fgb"), "nonsense").unwrap();
    desk.accept(&id, &shelters()).await.problem(409, "pack_faulty");
    assert!(!desk.layers().await.contains(&"new".to_owned()));
}
