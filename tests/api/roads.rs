//! Routes and closures over Testland's roads: a street from west to east through the flood zone `f3`, and a way around it.

use std::{
    fs::{self, File},
    path::Path,
    time::{Duration, SystemTime},
};

use axum::{body::Body, http::Method};
use refugia::{
    geometry::LonLat,
    http::{Outcome, reload},
    routing::{
        Network, NetworkBuilder, RoadNames, Router, Stretch,
        file::{SectionWriter, write_network, write_orders},
    },
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::site::{Reply, Site};

const TOKEN: &str = "the-token-of-these-tests";
pub(crate) const WEST: &str = "-0.1,0.03";
pub(crate) const EAST: &str = "0.2,0.03";

/// West and east, joined by a street through the zone and by three around it; a school west of them, and a lane that
/// nothing leads to.
pub(crate) fn network() -> Network {
    streets().build().unwrap()
}

/// The same, to be added to. The nodes are numbered in the order of their names here.
pub(crate) fn streets() -> NetworkBuilder {
    let mut builder = Network::builder();
    let mut node = |lon, lat| builder.add_node(LonLat::new(lon, lat).unwrap());
    let [west, east] = [node(-0.1, 0.03), node(0.2, 0.03)];
    let [north_west, north_east] = [node(-0.1, 0.2), node(0.2, 0.2)];
    let far = [node(0.4, 0.4), node(0.41, 0.4)];
    let school = node(-0.2, 0.1);
    for (ends, seconds, name) in [
        ([west, east], 1_000, "River Road"),
        ([west, north_west], 800, "West Lane"),
        ([north_west, north_east], 1_200, "Hill Road"),
        ([north_east, east], 800, "East Lane"),
        (far, 100, "Far Lane"),
        ([west, school], 600, "School Lane"),
    ] {
        let names = RoadNames {
            zh: Some("路"),
            ..RoadNames::local(name)
        };
        builder.add_stretch(&Stretch {
            names,
            way: seconds.into(),
            ..Stretch::street(ends, seconds * 1_000)
        });
    }
    builder
}

/// Testland with roads, in a folder of its own.
fn pack(network: &Network) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/packs/tiny");
    for file in fs::read_dir(tiny).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let mut file = SectionWriter::create(&folder.path().join("roads.network")).unwrap();
    write_network(network, &mut file).unwrap();
    write_orders(&Router::find_orders(network), &mut file).unwrap();
    file.finish().unwrap();
    let manifest = folder.path().join("region.toml");
    let roads = "\n[roads]\nfile = \"roads.network\"\nsource = \"invented\"\nlicence = \"CC0-1.0\"\nvintage = \"2026\"\n\
                 synthetic = true\n";
    fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + roads).unwrap();
    folder
}

pub(crate) struct Roads {
    pub(crate) site: Site,
    folder: TempDir,
}

impl Roads {
    pub(crate) fn new() -> Self {
        Self::with(&network(), |_| ())
    }

    /// Other roads, and whatever else is put into the folder of the pack.
    pub(crate) fn with(network: &Network, furnish: impl FnOnce(&Path)) -> Self {
        let folder = pack(network);
        furnish(folder.path());
        let site = Site::of(folder.path().to_str().unwrap(), &[("operator-token", TOKEN)]);
        Self { site, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn route(&self, more: &str) -> Reply {
        let path = format!("/api/route?from={WEST}&to={EAST}&mode=car&lang=en{more}");
        self.site.get(&path).await
    }

    pub(crate) async fn post(&self, query: &str, body: &Value) -> Reply {
        let headers = [
            ("authorization", &*format!("Bearer {TOKEN}")),
            ("accept-language", "en"),
        ];
        let path = format!("/api/closures{query}");
        self.site
            .send_body(Method::POST, &path, &headers, Body::from(body.to_string()))
            .await
    }

    pub(crate) async fn delete(&self, id: &str) -> Reply {
        let headers = [("authorization", &*format!("Bearer {TOKEN}"))];
        self.site
            .send(Method::DELETE, &format!("/api/closures/{id}"), &headers)
            .await
    }
}

pub(crate) fn closure(geometry: &Value, more: &Value) -> Value {
    let mut properties = json!({ "reason": "under water", "source": "traffic police" });
    for (name, value) in more.as_object().unwrap() {
        properties[name] = value.clone();
    }
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

pub(crate) fn point(lon: f64, lat: f64) -> Value {
    json!({ "type": "Point", "coordinates": [lon, lat] })
}

/// Replicas load a changed pack at different moments, and yet must say the same.
#[tokio::test]
async fn a_pack_that_was_loaded_again_says_what_one_just_started_on_says() {
    let roads = Roads::new();
    let manifest = roads.folder.path().join("region.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("duty_phone = \"000\"", "duty_phone = \"119\"")).unwrap();
    let an_hour_ago = SystemTime::now() - Duration::from_hours(1);
    for file in fs::read_dir(roads.folder.path()).unwrap() {
        let file = File::options().append(true).open(file.unwrap().path()).unwrap();
        file.set_modified(an_hour_ago).unwrap();
    }
    assert_eq!(reload(&roads.site.app), Outcome::Changed);
    let replica = Site::of(roads.folder.path().to_str().unwrap(), &[]);
    for path in [
        "/api/region",
        "/api/risk?lon=0&lat=0",
        "/api/route?from=-0.1,0.03&to=0.2,0.03&mode=car",
    ] {
        assert_eq!(roads.site.json(path).await, replica.json(path).await, "{path}");
    }
}

#[tokio::test]
async fn a_route_obeys_the_hazard_asked_for_and_says_what_it_avoids() {
    let roads = Roads::new();
    let free = roads.route("&hazard=none").await.json();
    assert_eq!(free["properties"]["duration_s"], 1_000.0);
    assert_eq!(free["properties"]["safe"], true);
    let flood = roads.route("&hazard=flood").await.json();
    insta::assert_json_snapshot!(flood, { ".world" => "[version]", ".as_of" => "[time]" });
    let default = roads.route("").await.json();
    assert_eq!(
        default["properties"]["avoided"][0]["zone"], "f3",
        "all hazards count where none is named"
    );
    assert_eq!(default["world"], free["world"]);
}

#[tokio::test]
async fn a_closure_is_obeyed_at_once_and_its_end_too() {
    let roads = Roads::new();
    let hill = closure(&point(0.0, 0.2), &json!({ "radius_m": 50 }));
    let before = roads.route("&hazard=flood").await.json();
    let preview = roads.post("?preview=true", &hill).await;
    assert_eq!(preview.status, 200);
    let preview = preview.json();
    assert_eq!(preview["properties"]["caught"]["count"], 1);
    assert_eq!(
        roads.route("&hazard=flood").await.json(),
        before,
        "a preview changes nothing"
    );

    let made = roads.post("", &hill).await;
    assert_eq!(made.status, 201);
    let location = made.header("location").to_owned();
    let made = made.json();
    assert_eq!(location, format!("/api/closures/{}", made["id"].as_str().unwrap()));
    assert_ne!(made["world"], before["world"]);
    let through = roads.route("&hazard=flood").await.json();
    assert_eq!(through["world"], made["world"]);
    let told = &through["properties"];
    assert_eq!(
        (&told["safe"], &told["notice"]["code"]),
        (&json!(false), &json!("no_safe_route"))
    );
    assert_eq!(
        (&told["crossed"][0]["zone"], &told["crossed"][0]["effect"]),
        (&json!("f3"), &json!("forbidden"))
    );
    assert!(
        told.as_object().unwrap().keys().next().unwrap() == "notice",
        "said first"
    );

    // The street too: now there is no way at all.
    let street = closure(
        &json!({ "type": "LineString", "coordinates": [[0.05, 0.03], [0.06, 0.03]] }),
        &json!({}),
    );
    let street = roads.post("", &street).await.json();
    let none = roads.route("").await;
    none.problem(404, "no_route");
    assert!(none.json()["detail"].as_str().unwrap().contains("closed"));
    let list = roads.site.json("/api/closures").await;
    assert_eq!(list["features"].as_array().unwrap().len(), 2);
    assert_eq!(list["features"][1]["properties"]["caught"]["count"], 1);

    for id in [&made["id"], &street["id"]] {
        assert_eq!(roads.delete(id.as_str().unwrap()).await.status, 204);
    }
    roads
        .delete(made["id"].as_str().unwrap())
        .await
        .problem(404, "unknown_closure");
    let after = roads.route("&hazard=flood").await.json();
    assert_eq!(after["geometry"], before["geometry"]);
}

#[tokio::test]
async fn the_nearest_shelters_are_those_soonest_come_to() {
    let roads = Roads::new();
    let path = "/api/shelters/nearest?lon=-0.1&lat=0.03&by=foot&lang=en";
    let two = roads.site.json(&format!("{path}&k=2")).await;
    let told = |answer: &Value, list: &str| -> Vec<(String, f64)> {
        let features = answer[list].as_array().unwrap().iter();
        let pair = |feature: &Value| {
            let id = feature["id"].as_str().unwrap().to_owned();
            (id, feature["properties"]["duration_s"].as_f64().unwrap_or_default())
        };
        features.map(pair).collect()
    };
    // East Lane is 800 s long, and the shelter ten seventeenths down it.
    let around = (800.0 + 1_200.0 + 800.0 * 10.0 / 17.0_f64).round();
    let [school, hall] = [("s1".to_owned(), 600.0), ("s2".to_owned(), around)];
    // Both lie beyond the flood zone that the question is asked in; the way to the hall leaves it sooner.
    assert_eq!(told(&two, "features"), [hall.clone(), school.clone()]);
    let slides = roads.site.json(&format!("{path}&k=2&hazard=landslide")).await;
    assert_eq!(
        told(&slides, "features"),
        [school],
        "no slide on the way, and the hall does not suit"
    );
    assert_eq!(slides["features"][0]["properties"]["way_safe"], true);
    assert_eq!(two["features"][0]["properties"]["duration_basis"], "roads");
    assert_eq!(
        (&two["query"]["by"], &two["query"]["snap_m"]),
        (&json!("foot"), &json!(0.0))
    );
    let refused = |answer: &Value| -> Vec<(String, String)> {
        let list = answer["refused"].as_array().unwrap().iter();
        let pair = |refused: &Value| (refused["id"].to_string(), refused["reason"].to_string());
        list.map(pair).collect()
    };
    let unreachable = ("\"s3\"".to_owned(), "\"unreachable\"".to_owned());

    let lane = json!({ "type": "Feature", "properties": { "way_ids": [600], "reason": "r", "source": "s" } });
    assert_eq!(roads.post("", &lane).await.status, 201);
    let all = roads.site.json(&format!("{path}&k=9")).await;
    assert_eq!(told(&all, "features"), [hall], "the road to the school is closed");
    assert!(
        refused(&all).contains(&unreachable),
        "usable, and no road leads there: {all}"
    );
    assert!(
        refused(&all).contains(&("\"s1\"".to_owned(), "\"unreachable\"".to_owned())),
        "{all}"
    );
    let far = roads.site.get("/api/shelters/nearest?lon=0.3&lat=0.3&by=car").await;
    far.problem(404, "no_road_near");
    let none = Site::tiny().get("/api/shelters/nearest?lon=0&lat=0&by=foot").await;
    none.problem(400, "roads_not_loaded");
}

#[tokio::test]
async fn bad_closures_are_refused_by_name() {
    let roads = Roads::new();
    let at = point(0.0, 0.2);
    for (body, status, code, said) in [
        (json!({}), 400, "invalid_body", "type"),
        (closure(&at, &json!({ "until": 1 })), 400, "invalid_body", "until"),
        (closure(&at, &json!({ "reason": " " })), 422, "invalid_option", "reason"),
        (
            closure(&at, &json!({ "modes": ["boat"] })),
            422,
            "invalid_option",
            "boat",
        ),
        (closure(&at, &json!({ "modes": [] })), 422, "impossible_closure", "mode"),
        (
            closure(&at, &json!({ "radius_m": -1 })),
            422,
            "impossible_closure",
            "radius",
        ),
        (
            closure(
                &at,
                &json!({ "starts": "2026-01-02T00:00:00Z", "ends": "2026-01-01T00:00:00Z" }),
            ),
            422,
            "impossible_closure",
            "starts",
        ),
        (
            closure(&point(0.0, 0.45), &json!({})),
            422,
            "impossible_closure",
            "no road",
        ),
        (
            closure(&point(500.0, 0.0), &json!({})),
            422,
            "invalid_option",
            "geometry",
        ),
        (
            closure(&json!({ "type": "MultiPoint", "coordinates": [[0, 0]] }), &json!({})),
            422,
            "invalid_option",
            "geometry",
        ),
        (closure(&Value::Null, &json!({})), 422, "invalid_option", "geometry"),
        (
            closure(&Value::Null, &json!({ "way_ids": [77] })),
            422,
            "impossible_closure",
            "77",
        ),
        (
            closure(&at, &json!({ "way_ids": [1_000] })),
            422,
            "invalid_option",
            "way_ids",
        ),
    ] {
        let reply = roads.post("", &body).await;
        reply.problem(status, code);
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(said), "{body}: {detail}");
    }
    let nobody = roads
        .site
        .send_body(
            Method::POST,
            "/api/closures",
            &[],
            Body::from(closure(&at, &json!({})).to_string()),
        )
        .await;
    nobody.problem(401, "token_needed");
    assert_eq!(roads.site.json("/api/closures").await["features"], json!([]));
}

#[tokio::test]
async fn bad_questions_are_refused_by_name() {
    let roads = Roads::new();
    for (path, status, code) in [
        ("from=0,0&to=0,0", 400, "missing_parameter"),
        ("from=0,0&to=0,0&mode=boat", 400, "invalid_parameter"),
        ("from=0&to=0,0&mode=car", 400, "invalid_parameter"),
        ("from=0,91&to=0,0&mode=car", 400, "invalid_parameter"),
        ("from=0,0&to=0,0&mode=car&hazard=rain", 400, "invalid_parameter"),
        ("from=0.3,0.3&to=0.2,0.03&mode=car", 404, "no_road_near"),
        ("from=-0.1,0.03&to=0.4,0.4&mode=car", 404, "no_route"),
    ] {
        roads
            .site
            .get(&format!("/api/route?{path}"))
            .await
            .problem(status, code);
    }
    let same = roads
        .site
        .json(&format!("/api/route?from={WEST}&to={WEST}&mode=foot"))
        .await;
    assert_eq!(same["properties"]["distance_m"], 0.0);
    assert_eq!(same["geometry"]["coordinates"].as_array().unwrap().len(), 2);
    let by = format!("/api/route?from={WEST}&to={EAST}&mode=car&hazard=none&via=-0.1,0.2;0.2,0.2");
    assert_eq!(roads.site.json(&by).await["properties"]["duration_s"], 2_800.0);
    let tiny = Site::tiny();
    tiny.get(&format!("/api/route?from={WEST}&to={EAST}&mode=car"))
        .await
        .problem(400, "roads_not_loaded");
    tiny.get("/api/closures").await.problem(400, "roads_not_loaded");
}
