//! Answers for many places at once over Testland's roads: matrix, isochrones, and the evacuation field as file and as tiles.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::{
    roads::{Roads, closure, point},
    site::{Reply, Site},
};

async fn matrix(site: &Site, body: &Value) -> Reply {
    let headers = [("accept-language", "en")];
    site.send_body(Method::POST, "/api/matrix", &headers, Body::from(body.to_string()))
        .await
}

#[tokio::test]
async fn a_matrix_says_what_single_routes_say() {
    let roads = Roads::new();
    let froms = [[-0.1, 0.03], [0.2, 0.03], [0.3, 0.3]];
    let tos = [[0.2, 0.2], [-0.2, 0.1], [0.4, 0.4]];
    for hazard in ["none", "flood"] {
        let body = json!({ "mode": "car", "hazard": hazard, "from": froms, "to": tos });
        let reply = matrix(&roads.site, &body).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let answer = reply.json();
        for (row, from) in froms.iter().enumerate() {
            for (column, to) in tos.iter().enumerate() {
                let [from, to] = [from, to].map(|[lon, lat]| format!("{lon},{lat}"));
                let route = format!("/api/route?from={from}&to={to}&mode=car&hazard={hazard}");
                let route = roads.site.get(&route).await;
                let told = [&answer["durations_s"][row][column], &answer["safe"][row][column]];
                if route.status == 200 {
                    let route = route.json();
                    assert_eq!(told, [&route["properties"]["duration_s"], &route["properties"]["safe"]]);
                } else {
                    assert_eq!(told, [&Value::Null, &Value::Null], "{}", route.text());
                }
            }
        }
        assert_eq!(
            answer["snap_from_m"],
            json!([0.0, 0.0, null]),
            "no road is near the third"
        );
        assert_eq!(answer["synthetic"], true);
    }
}

#[tokio::test]
async fn a_matrix_of_a_thousand_by_a_thousand_is_answered_and_one_more_is_refused() {
    let roads = Roads::new();
    let points = |count: usize| -> Vec<[f64; 2]> { (0..count).map(|at| [-0.1 + 0.0003 * at as f64, 0.03]).collect() };
    let body = json!({ "mode": "foot", "from": points(1_000), "to": points(1_000) });
    let reply = matrix(&roads.site, &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let rows = reply.json()["durations_s"].as_array().unwrap().len();
    assert_eq!(rows, 1_000);
    for (body, status, code, said) in [
        (
            json!({ "mode": "foot", "from": points(1_001), "to": points(1) }),
            422,
            "invalid_option",
            "1000",
        ),
        (
            json!({ "mode": "foot", "from": [], "to": points(1) }),
            422,
            "invalid_option",
            "from",
        ),
        (
            json!({ "mode": "boat", "from": points(1), "to": points(1) }),
            422,
            "invalid_option",
            "boat",
        ),
        (
            json!({ "mode": "foot", "hazard": "rain", "from": points(1), "to": points(1) }),
            422,
            "invalid_option",
            "hazard",
        ),
        (
            json!({ "mode": "foot", "from": [[0, 0], [0, 91]], "to": points(1) }),
            422,
            "invalid_option",
            "from[1]",
        ),
        (
            json!({ "mode": "foot", "from": [[0]], "to": points(1) }),
            400,
            "invalid_body",
            "array",
        ),
        (
            json!({ "mode": "foot", "from": points(1), "to": points(1), "via": [] }),
            400,
            "invalid_body",
            "via",
        ),
    ] {
        let reply = matrix(&roads.site, &body).await;
        reply.problem(status, code);
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(said), "{detail}");
    }
    let long = Body::from(vec![b' '; (1 << 20) + 1]);
    let long = roads.site.send_body(Method::POST, "/api/matrix", &[], long).await;
    long.problem(413, "body_too_large");
    matrix(
        &Site::tiny(),
        &json!({ "mode": "foot", "from": points(1), "to": points(1) }),
    )
    .await
    .problem(400, "roads_not_loaded");
}

/// Whether a position lies in a `MultiPolygon`, by the even-odd rule over all its rings.
fn holds(geometry: &Value, [lon, lat]: [f64; 2]) -> bool {
    let number = |value: &Value| value.as_f64().unwrap();
    let rings = geometry["coordinates"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|polygon| polygon.as_array().unwrap());
    let crossed = rings.map(|ring| {
        let ring: Vec<[f64; 2]> = ring
            .as_array()
            .unwrap()
            .iter()
            .map(|at| [number(&at[0]), number(&at[1])])
            .collect();
        let crosses = |pair: &&[[f64; 2]]| {
            let [[ax, ay], [bx, by]] = [pair[0], pair[1]];
            (ay > lat) != (by > lat) && lon < (bx - ax) * (lat - ay) / (by - ay) + ax
        };
        ring.windows(2).filter(crosses).count()
    });
    crossed.sum::<usize>() % 2 == 1
}

#[tokio::test]
async fn isochrones_end_where_the_time_ends() {
    let roads = Roads::new();
    let path = "/api/isochrone?lon=-0.1&lat=0.03&mode=car";
    let answer = roads.site.json(&format!("{path}&hazard=none&minutes=10,5")).await;
    let features = answer["features"].as_array().unwrap();
    let minutes: Vec<&Value> = features
        .iter()
        .map(|feature| &feature["properties"]["minutes"])
        .collect();
    assert_eq!(minutes, [&json!(10.0), &json!(5.0)]);
    // The river road takes 1 000 s for 0.3 degrees: 600 s come to 0.08 east, 300 s to 0.01 west.
    for (feature, end) in features.iter().zip([0.08, -0.01]) {
        assert_eq!(feature["geometry"]["type"], "MultiPolygon");
        assert!(holds(&feature["geometry"], [end - 1e-4, 0.03]));
        assert!(!holds(&feature["geometry"], [end + 1e-4, 0.03]));
        assert!(!holds(&feature["geometry"], [-0.1, 0.0]), "not on any street");
    }
    // School Lane is 600 s long.
    assert!(holds(&features[0]["geometry"], [-0.2, 0.1]));
    assert!(!holds(&features[1]["geometry"], [-0.2, 0.1]));
    assert!(features[0]["properties"]["reached_m"].as_f64() > features[1]["properties"]["reached_m"].as_f64());
    assert_eq!((&answer["safe"], &answer["snap_m"]), (&json!(true), &json!(0.0)));

    // Into the flood zone no street is followed; from within it the way out is shown, with a notice.
    let flood = roads
        .site
        .json("/api/isochrone?lon=-0.2&lat=0.1&mode=car&minutes=60&hazard=flood")
        .await;
    let inside = roads
        .site
        .json("/api/isochrone?lon=0.05&lat=0.03&mode=car&minutes=60&hazard=flood")
        .await;
    assert_eq!(inside["safe"], false);
    assert_eq!(inside["notice"]["code"], "starts_in_danger");
    assert!(
        !inside["features"][0]["geometry"]["coordinates"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(flood["notice"].is_null());
    assert!(holds(&flood["features"][0]["geometry"], [-0.2, 0.1]));
    assert!(!holds(&flood["features"][0]["geometry"], [0.05, 0.03]));

    let to = roads
        .site
        .json(&format!("{path}&minutes=5&hazard=none&direction=to"))
        .await;
    assert_eq!(to["features"][0]["properties"]["direction"], "to");
    for (query, status, code) in [
        ("lon=-0.1&lat=0.03&mode=car", 400, "missing_parameter"),
        ("lon=-0.1&lat=0.03&mode=car&minutes=0", 400, "invalid_parameter"),
        ("lon=-0.1&lat=0.03&mode=car&minutes=121", 400, "invalid_parameter"),
        (
            "lon=-0.1&lat=0.03&mode=car&minutes=1,2,3,4,5,6,7",
            400,
            "invalid_parameter",
        ),
        ("lon=-0.1&lat=0.03&mode=car&minutes=5,", 400, "invalid_parameter"),
        (
            "lon=-0.1&lat=0.03&mode=car&minutes=5&direction=up",
            400,
            "invalid_parameter",
        ),
        ("lon=0.3&lat=0.3&mode=car&minutes=5", 404, "no_road_near"),
    ] {
        let reply = roads.site.get(&format!("/api/isochrone?{query}")).await;
        reply.problem(status, code);
    }
}

/// The file read as its description says.
struct Field {
    head: Value,
    columns: Vec<Vec<i64>>,
}

impl Field {
    fn read(bytes: &[u8]) -> Self {
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(&bytes[..8], b"RFGFIELD");
        assert_eq!(word(8), 1);
        let length = word(12) as usize;
        assert_eq!(length % 4, 0);
        let head: Value = serde_json::from_slice(&bytes[16..16 + length]).unwrap();
        let points = head["points"].as_u64().unwrap() as usize;
        let mut at = 16 + length;
        let mut columns = Vec::new();
        for column in head["columns"].as_array().unwrap() {
            let size = if column["type"] == "u8" { 1 } else { 4 };
            let rows = bytes[at..at + size * points].chunks(size);
            let number = |row: &[u8]| match column["type"].as_str().unwrap() {
                "i32" => i64::from(i32::from_le_bytes(row.try_into().unwrap())),
                "u32" => i64::from(u32::from_le_bytes(row.try_into().unwrap())),
                _ => i64::from(row[0]),
            };
            columns.push(rows.map(number).collect());
            at += size * points;
        }
        assert_eq!(at, bytes.len(), "nothing behind the last column");
        Self { head, columns }
    }

    /// The shelter and the time that the point nearest to a position says, having followed the way to its end.
    fn ask(&self, [lon, lat]: [f64; 2]) -> Option<(String, f64)> {
        let [lons, lats, next, shelters, times, _] = &self.columns[..] else {
            panic!("six columns")
        };
        let far = |row: &usize| (lons[*row] as f64 - lon * 1e7).abs() + (lats[*row] as f64 - lat * 1e7).abs();
        let mut row = (0..lons.len()).min_by(|a, b| far(a).total_cmp(&far(b)).then(times[*a].cmp(&times[*b])))?;
        let (time, none) = (times[row], i64::from(u32::MAX));
        if shelters[row] == none {
            return None;
        }
        let mut steps = 0;
        while next[row] != none {
            row = next[row] as usize;
            steps += 1;
            assert!(steps <= lons.len(), "it comes to an end");
        }
        assert_eq!(times[row], 0);
        let shelter = &self.head["shelters"][shelters[row] as usize];
        Some((shelter["id"].as_str().unwrap().to_owned(), time as f64 / 1e3))
    }
}

#[tokio::test]
async fn the_field_to_take_along_says_what_the_nearest_shelter_by_road_is() {
    let roads = Roads::new();
    let nodes = [
        [-0.1, 0.03],
        [0.2, 0.03],
        [-0.1, 0.2],
        [0.2, 0.2],
        [0.4, 0.4],
        [-0.2, 0.1],
    ];
    let school_lane = json!({ "type": "Feature", "properties": { "way_ids": [600], "reason": "r", "source": "s" } });
    for closed in [false, true] {
        if closed {
            assert_eq!(roads.post("", &school_lane).await.status, 201);
        }
        for (mode, by) in [("foot", "foot"), ("car", "car")] {
            let reply = roads.site.get(&format!("/api/field/region.bin?mode={mode}")).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            assert_eq!(reply.header("content-type"), "application/vnd.refugia.field");
            let field = Field::read(&reply.body);
            assert_eq!(
                (&field.head["mode"], &field.head["hazard"]),
                (&json!(mode), &json!("any"))
            );
            assert_eq!(field.head["synthetic"], true);
            for [lon, lat] in nodes {
                let nearest = format!("/api/shelters/nearest?lon={lon}&lat={lat}&by={by}&k=1");
                let nearest = roads.site.get(&nearest).await;
                let told = if nearest.status == 200 {
                    nearest.json()["features"][0].clone()
                } else {
                    Value::Null
                };
                let expected = told["id"].as_str().map(|id| {
                    (
                        id.to_owned(),
                        told["properties"]["duration_s"].as_f64().unwrap().round(),
                    )
                });
                let found = field.ask([lon, lat]).map(|(id, time)| (id, time.round()));
                // A closed lane has no node but its ends: who stands at the school cannot leave.
                if !(closed && [lon, lat] == [-0.2, 0.1]) {
                    assert_eq!(found, expected, "{mode} from {lon},{lat}, closed: {closed}");
                }
            }
            let known = reply.header("etag").to_owned();
            let again = roads
                .site
                .get_with(
                    &format!("/api/field/region.bin?mode={mode}"),
                    &[("if-none-match", &known)],
                )
                .await;
            assert_eq!(again.status, 304);
        }
    }
    for (path, status, code) in [
        ("region.bin", 400, "missing_parameter"),
        ("nowhere.bin?mode=foot", 404, "unknown_area"),
        ("region.txt?mode=foot", 404, "not_found"),
    ] {
        roads
            .site
            .get(&format!("/api/field/{path}"))
            .await
            .problem(status, code);
    }
    Site::tiny()
        .get("/api/field/region.bin?mode=foot")
        .await
        .problem(400, "roads_not_loaded");
}

#[tokio::test]
async fn the_field_of_an_area_holds_its_junctions_and_the_ways_out_of_it() {
    let roads = Roads::new();
    let whole = "/api/field/region.bin?mode=foot&hazard=flood";
    let whole = Field::read(&roads.site.get(whole).await.body);
    let id = "900101";
    let reply = roads
        .site
        .get(&format!("/api/field/{id}.bin?mode=foot&hazard=flood"))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let part = Field::read(&reply.body);
    assert_eq!(part.head["area"], id);
    assert_eq!(part.head["area_names"]["en"], "West District");
    assert!(part.columns[0].len() < whole.columns[0].len());
    for junction in [[-0.1, 0.03], [-0.1, 0.2], [-0.2, 0.1]] {
        let known = part.ask(junction);
        assert!(known.is_some());
        assert_eq!(
            known,
            whole.ask(junction),
            "the way is the same, also where it leads out of the area"
        );
    }
}

#[tokio::test]
async fn minutes_to_a_shelter_are_a_layer_like_any_other_and_follow_closures() {
    let roads = Roads::new();
    let region = roads.site.json("/api/region").await;
    let listed = region["roads"]["minutes_layers"].as_array().unwrap();
    let ids: Vec<&str> = listed.iter().map(|layer| layer["id"].as_str().unwrap()).collect();
    assert!(
        ids.contains(&"minutes_to_shelter_foot") && ids.contains(&"minutes_to_shelter_car_flood"),
        "{ids:?}"
    );
    let described = roads.site.json("/tiles/minutes_to_shelter_foot.json").await;
    assert_eq!(described["vector_layers"][0]["id"], "minutes_to_shelter_foot");
    assert!(described["attribution"].as_str().unwrap().contains("invented"));
    let address = described["tiles"][0].as_str().unwrap();
    let path = address
        .split_once("map.example")
        .unwrap()
        .1
        .replace("{z}/{x}/{y}", "8/127/127");
    let tile = roads.site.get(&path).await;
    assert_eq!(tile.status, 200);
    assert!(tile.header("cache-control").contains("immutable"));
    // Joined with a layer of the pack.
    let joined = roads
        .site
        .get("/tiles/shelters,minutes_to_shelter_foot/8/127/127.mlt")
        .await;
    assert_eq!(joined.status, 200);

    let hill = closure(&point(0.0, 0.2), &json!({ "radius_m": 50 }));
    assert_eq!(roads.post("", &hill).await.status, 201);
    let now = roads.site.json("/tiles/minutes_to_shelter_foot.json").await;
    assert_ne!(now["tiles"], described["tiles"], "another version");
    let tile_now = roads.site.get(path.split('?').next().unwrap()).await;
    assert_ne!(tile_now.body, tile.body);
    for wrong in [
        "minutes_to_shelter_boat",
        "minutes_to_shelter_foot_rain",
        "minutes_to_shelter",
    ] {
        roads
            .site
            .get(&format!("/tiles/{wrong}.json"))
            .await
            .problem(404, "unknown_layer");
    }
    Site::tiny()
        .get("/tiles/minutes_to_shelter_foot.json")
        .await
        .problem(404, "unknown_layer");
}

#[tokio::test]
async fn what_zones_do_is_of_the_time_of_its_table() {
    let roads = Roads::new();
    let before = roads.site.json("/api/region").await;
    let table = roads.folder().join("effects.toml");
    std::fs::write(&table, "").unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_hours(1);
    std::fs::File::options()
        .append(true)
        .open(&table)
        .unwrap()
        .set_modified(later)
        .unwrap();
    let after = Site::of(roads.folder().to_str().unwrap(), &[])
        .json("/api/region")
        .await;
    assert!(
        after["as_of"].as_str() > before["as_of"].as_str(),
        "{} {}",
        before["as_of"],
        after["as_of"]
    );
}
