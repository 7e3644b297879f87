//! `/api/imports`: who is let in, how a file comes to the server, what is told of it, and how it becomes a layer.

use std::{convert::Infallible, fmt::Write as _, fs, path::Path, pin::Pin, task, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::Method,
};
use hyper::body::Frame;
use refugia::http::openapi_document;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::site::{Reply, Site};

const TOKEN: &str = "a-token-that-is-long-enough";
const BEARER: (&str, &str) = ("authorization", "Bearer a-token-that-is-long-enough");

/// Three shelters of Testland, and one that is nowhere.
const SHELTERS: &str =
    "id,名称,经度,纬度,容纳人数\nn1,甲馆,0.10,0.10,120\nn2,乙馆,0.20,0.20,\nn3,丙馆,0.30,0.10,80\nn4,丁馆,abc,0.1,5\n";

/// A site on a pack of its own, which an operator can change.
struct Desk {
    site: Site,
    pack: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(flags: &[(&str, &str)]) -> Self {
        let pack = tempfile::tempdir().unwrap();
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/packs/tiny");
        for file in fs::read_dir(tiny).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), pack.path().join(file.file_name())).unwrap();
        }
        let flags: Vec<_> = [("operator-token", TOKEN)]
            .into_iter()
            .chain(flags.iter().copied())
            .collect();
        let site = Site::of(pack.path().to_str().unwrap(), &flags);
        Self { site, pack }
    }

    async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let headers = [BEARER, ("accept-language", "en")];
        self.site.send_body(method, path, &headers, body.into()).await
    }

    /// The id of an uploaded file.
    async fn upload(&self, name: &str, bytes: impl Into<Body>) -> String {
        let reply = self
            .send(Method::POST, &format!("/api/imports?filename={name}"), bytes)
            .await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        assert_eq!(reply.header("cache-control"), "no-store");
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    async fn preview(&self, id: &str, options: &Value) -> Reply {
        self.send(Method::POST, &format!("/api/imports/{id}/preview"), options.to_string())
            .await
    }

    async fn accept(&self, id: &str, options: &Value) -> Reply {
        self.send(Method::POST, &format!("/api/imports/{id}/accept"), options.to_string())
            .await
    }

    async fn uploads(&self) -> Value {
        let reply = self.send(Method::GET, "/api/imports", Body::empty()).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    async fn layers(&self) -> Vec<String> {
        let region = self.site.json("/api/region").await;
        let layers = region["layers"].as_array().unwrap().iter();
        layers.map(|layer| layer["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Every file of the pack, but for the lock.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.pack.path()).unwrap().map(|entry| entry.unwrap());
        let mut files: Vec<_> = entries
            .filter(|entry| entry.path().extension().is_none_or(|extension| extension != "lock"))
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    fs::read(entry.path()).unwrap(),
                )
            })
            .collect();
        files.sort();
        files
    }
}

fn shelters() -> Value {
    json!({ "layer": "new", "role": "shelter", "names": { "zh": "新避灾点", "en": "New shelters" }, "map": { "id": "id" } })
}

/// Every described operation: method and an address.
fn operations() -> Vec<(Method, String)> {
    let api = openapi_document();
    let mut operations = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if path.starts_with("/api/imports") {
                assert_eq!(operation["security"], json!([{ "operator": [] }]), "{path}");
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                operations.push((method, path.replace("{id}", "0123456789abcdef")));
            }
        }
    }
    operations
}

#[tokio::test]
async fn only_the_operator_is_let_in() {
    assert_eq!(operations().len(), 6);
    let off = Site::tiny();
    let on = Desk::new();
    for (method, path) in operations() {
        for headers in [&[][..], &[BEARER]] {
            let reply = off.send(method.clone(), &path, headers).await;
            reply.problem(403, "operator_off");
            assert!(
                reply.text().contains("REFUGIA_OPERATOR_TOKEN"),
                "it says how to switch it on"
            );
        }
        for (given, code) in [
            (&[][..], "token_needed"),
            (&[("authorization", "Basic YTpi")], "token_needed"),
            (&[("authorization", TOKEN)], "token_needed"),
            (&[BEARER, BEARER], "token_needed"),
            (&[("authorization", "Bearer ")], "wrong_token"),
            (
                &[("authorization", "Bearer a-token-that-is-long-enougi")],
                "wrong_token",
            ),
            (
                &[("authorization", "Bearer a-token-that-is-long-enough1")],
                "wrong_token",
            ),
            (&[("authorization", "Bearer a-token-that-is-long")], "wrong_token"),
        ] {
            let reply = on.site.send(method.clone(), &path, given).await;
            reply.problem(401, code);
            assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"refugia\"");
            assert!(!reply.headers.contains_key("access-control-allow-origin"));
            assert!(!reply.text().contains(TOKEN));
        }
        let reply = on.send(method, &path, Body::empty()).await;
        assert!(
            !matches!(reply.status.as_u16(), 401 | 403 | 405),
            "{path}: {}",
            reply.text()
        );
        assert!(
            !reply.headers.contains_key("access-control-allow-origin"),
            "for our own pages only"
        );
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    on.send(Method::PUT, "/api/imports", Body::empty())
        .await
        .problem(405, "method_not_allowed");
    let asks = [
        ("origin", "https://a.example"),
        ("access-control-request-method", "POST"),
    ];
    let preflight = on.site.send(Method::OPTIONS, "/api/imports", &asks).await;
    assert!(!preflight.status.is_success() && !preflight.headers.contains_key("access-control-allow-methods"));
}

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
async fn names_from_outside_lead_nowhere() {
    let desk = Desk::new();
    let files = desk.files();
    for (name, shown) in [
        ("..%2F..%2Fregion.toml", "region.toml"),
        ("%2Fetc%2Fpasswd", "passwd"),
        ("..%5C..%5Cx.csv", "x.csv"),
        ("..", ".."),
        ("%00%0A.csv", ".csv"),
    ] {
        let id = desk.upload(name, "id,lon,lat\n1,0.1,0.1\n").await;
        let preview = desk.preview(&id, &shelters()).await;
        assert_eq!(preview.json()["report"]["input"], shown);
        desk.send(Method::DELETE, &format!("/api/imports/{id}"), Body::empty())
            .await;
    }
    for id in ["..", "%2e%2e", "..%2F..%2Fregion", "a%00b"] {
        let reply = desk.preview(id, &shelters()).await;
        assert_eq!(reply.status, 404, "{}", reply.text());
    }
    assert_eq!(desk.files(), files);
    let missing = desk.send(Method::POST, "/api/imports", "x").await;
    assert_eq!(missing.problem(400, "missing_parameter").as_deref(), Some("filename"));
    let long = desk
        .send(Method::POST, &format!("/api/imports?filename={}", "a".repeat(256)), "x")
        .await;
    long.problem(400, "invalid_parameter");
    let other = desk.send(Method::POST, "/api/imports?filename=a.csv&path=b", "x").await;
    other.problem(400, "unknown_parameter");
}

/// A body that gives its pieces and then never ends.
struct Endless(Vec<&'static str>);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
    ) -> task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.pop() {
            Some(piece) => task::Poll::Ready(Some(Ok(Frame::data(Bytes::from(piece))))),
            None => task::Poll::Pending,
        }
    }
}

#[tokio::test]
async fn uploads_are_bounded_in_size_number_and_patience() {
    let flags = [
        ("max-upload-bytes", "100 KiB"),
        ("max-uploads", "2"),
        ("upload-timeout", "50ms"),
        ("request-timeout", "40ms"),
    ];
    let desk = Desk::with(&flags);
    // More than any other route takes, and less than this one does.
    let id = desk.upload("a.csv", vec![b'a'; 100 * 1024]).await;
    let path = "/api/imports?filename=a.csv";
    desk.send(Method::POST, path, vec![b'a'; 100 * 1024 + 1])
        .await
        .problem(413, "body_too_large");
    let announced = [BEARER, ("content-length", "200000")];
    desk.site
        .send(Method::POST, path, &announced)
        .await
        .problem(413, "body_too_large");
    let paused = desk.send(Method::POST, path, Body::new(Endless(vec!["b", "a"]))).await;
    paused.problem(400, "upload_cut");
    assert_eq!(
        desk.uploads().await["uploads"].as_array().unwrap().len(),
        1,
        "nothing is left of those"
    );
    desk.upload("b.csv", "b").await;
    desk.send(Method::POST, path, "c")
        .await
        .problem(409, "too_many_uploads");
    desk.send(Method::DELETE, &format!("/api/imports/{id}"), Body::empty())
        .await;
    desk.upload("c.csv", "c").await;
    // The options are an ordinary body.
    let reply = desk.preview("x", &json!({ "layer": "a".repeat(70_000) })).await;
    assert!(matches!(reply.status.as_u16(), 404 | 413), "{}", reply.text());
}

#[tokio::test]
async fn uploads_that_nobody_uses_expire() {
    let desk = Desk::with(&[("upload-lifetime", "1ms")]);
    let id = desk.upload("a.csv", SHELTERS).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    desk.preview(&id, &shelters()).await.problem(404, "unknown_upload");
    assert_eq!(desk.uploads().await["uploads"], json!([]));
}

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
