use serde_json::Value;

use crate::site::Site;

fn ids(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn usable_shelters_with_an_account_of_the_nearer_ones() {
    let answer = Site::tiny()
        .json("/api/shelters/nearest?lon=0.05&lat=0&k=2&hazard=flood")
        .await;
    insta::assert_json_snapshot!(answer, { ".world" => "[version]", ".as_of" => "[time]" });
}

#[tokio::test]
async fn no_usable_shelter_is_answered_with_a_notice() {
    let answer = Site::tiny()
        .json("/api/shelters/nearest?lon=0&lat=0&hazard=wildfire&lang=en")
        .await;
    assert_eq!(answer["features"], serde_json::json!([]));
    insta::assert_json_snapshot!(answer["notice"]);
    assert!(!ids(&answer["unverified"]).is_empty());
}

#[tokio::test]
async fn closed_and_full_ones_only_when_asked_for() {
    let site = Site::tiny();
    let usable = site.json("/api/shelters/nearest?lon=0&lat=0&k=50").await;
    let all = site
        .json("/api/shelters/nearest?lon=0&lat=0&k=50&include_closed=true")
        .await;
    for closed in ["s5", "s6"] {
        assert!(!ids(&usable["features"]).contains(&closed));
        assert!(ids(&all["features"]).contains(&closed));
    }
    assert!(
        !ids(&all["features"]).contains(&"s8"),
        "a planned shelter is not there yet"
    );
    let refused = usable["refused"]
        .as_array()
        .unwrap()
        .iter()
        .find(|refused| refused["id"] == "s5")
        .unwrap();
    assert_eq!(
        (&refused["reason"], &refused["status"]),
        (&"status".into(), &"closed".into())
    );
    assert_eq!(refused["detail"], "Status: Closed");
}

#[tokio::test]
async fn across_the_antimeridian() {
    let answer = Site::dateline()
        .json("/api/shelters/nearest?lon=179.99&lat=-17&k=3")
        .await;
    let found = ids(&answer["features"]);
    assert_eq!(found.first(), Some(&"e2"), "{found:?}");
    let metres = answer["features"][0]["properties"]["distance_m"].as_f64().unwrap();
    assert!(metres < 5_000.0, "{metres}");
}

#[tokio::test]
async fn gcj02_in_and_out() {
    let site = Site::of("data/fujian", &[]);
    let region = site.json("/api/region").await;
    if !region["layers"]
        .as_array()
        .unwrap()
        .iter()
        .any(|layer| layer["role"] == "shelter")
    {
        return;
    }
    let wgs = site.json("/api/shelters/nearest?lon=119.3&lat=26.08&k=5").await;
    // The same place as 119.3, 26.08, as a Chinese commercial map writes it.
    let shifted = refugia::geometry::Datum::Gcj02.from_wgs84(refugia::geometry::LonLat::new(119.3, 26.08).unwrap());
    let query = format!("lon={}&lat={}&k=5&datum=gcj02", shifted.lon(), shifted.lat());
    let gcj = site.json(&format!("/api/shelters/nearest?{query}")).await;
    assert_eq!(ids(&wgs["features"]), ids(&gcj["features"]));
    for (wgs, gcj) in wgs["features"]
        .as_array()
        .unwrap()
        .iter()
        .zip(gcj["features"].as_array().unwrap())
    {
        let coordinates = |feature: &Value| -> [f64; 2] {
            serde_json::from_value(feature["geometry"]["coordinates"].clone()).unwrap()
        };
        let ([lon, lat], [shifted_lon, shifted_lat]) = (coordinates(wgs), coordinates(gcj));
        assert!(
            (0.002..0.01).contains(&(shifted_lon - lon).abs()),
            "{lon} {shifted_lon}"
        );
        assert!(
            (0.0005..0.01).contains(&(shifted_lat - lat).abs()),
            "{lat} {shifted_lat}"
        );
        let metres = |feature: &Value| feature["properties"]["distance_m"].as_f64().unwrap();
        assert!(
            (metres(wgs) - metres(gcj)).abs() < 0.01,
            "the distance is the same in both datums"
        );
    }
    assert_eq!(gcj["query"]["datum"], "gcj02");
}

#[tokio::test]
async fn positions_are_not_kept_by_caches() {
    let reply = Site::tiny().get("/api/shelters/nearest?lon=0&lat=0").await;
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(!reply.headers.contains_key("etag"));
}
