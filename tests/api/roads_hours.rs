//! Closures by the hours they hold in, and routes by the hour they depart.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::roads::{EAST, Roads, WEST, closure};

#[tokio::test]
async fn a_closure_holds_for_its_modes_and_its_hours_only() {
    let roads = Roads::new();
    let everything = json!({ "type": "Polygon",
        "coordinates": [[[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5]]] });
    let lorries = closure(&everything, &json!({ "modes": ["truck"] }));
    assert_eq!(
        roads.post("", &lorries).await.json()["properties"]["caught"]["count"],
        6
    );
    assert_eq!(roads.route("&hazard=none").await.status, 200);
    let truck = format!("/api/route?from={WEST}&to={EAST}&mode=truck");
    roads.site.get(&truck).await.problem(404, "no_road_near");
    let later = closure(&everything, &json!({ "starts": "2126-01-01T00:00:00Z" }));
    let later = roads.post("", &later).await.json();
    assert_eq!(later["properties"]["active"], false);
    assert_eq!(roads.route("&hazard=none").await.status, 200);
    let ways = json!({ "type": "Feature", "properties": { "way_ids": [1_000], "reason": "r", "source": "s" } });
    assert_eq!(roads.post("", &ways).await.status, 201);
    assert_eq!(
        roads.route("&hazard=none").await.json()["properties"]["duration_s"],
        2_800.0
    );
}

#[tokio::test]
async fn a_departure_meets_the_closures_of_its_hour() {
    let roads = Roads::new();
    let river = json!({ "type": "Feature", "properties": { "way_ids": [1_000], "reason": "r", "source": "s",
        "starts": "2126-01-01T00:00:00Z", "ends": "2126-01-02T00:00:00Z" } });
    let made = roads.post("", &river).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let soon = async |depart: &str| {
        let route = roads.route(&format!("&hazard=none&depart={depart}")).await.json();
        (
            route["properties"]["duration_s"].as_f64(),
            route["properties"]["avoided"][0]["what"].clone(),
        )
    };
    let straight = (Some(1_000.0), Value::Null);
    let around = (Some(2_800.0), json!("closure"));
    for (depart, expected) in [
        ("2125-12-31T23:59:59Z", &straight),
        ("2126-01-01T00:00:00Z", &around),
        ("2126-01-01T20:00:00%2B08:00", &around),
        ("2126-01-01T20:00:00+08:00", &around),
        ("2126-01-02T00:00:00Z", &straight),
        ("2126-01-01T12:00:00Z", &around),
    ] {
        assert_eq!(soon(depart).await, *expected, "{depart}");
    }
    let route = roads
        .route("&hazard=none&depart=2126-01-01T08:00:00%2B08:00")
        .await
        .json();
    assert_eq!(route["properties"]["depart"], "2126-01-01T00:00:00Z");
    assert!(
        roads.route("&hazard=none").await.json()["properties"]
            .get("depart")
            .is_none()
    );
    for wrong in ["2001-01-01T00:00:00Z", "tomorrow", "2126-01-01T00:00:00", ""] {
        let refused = roads.route(&format!("&depart={wrong}")).await;
        assert_eq!(refused.problem(400, "invalid_parameter").as_deref(), Some("depart"));
    }
    // Whatever is asked of other hours, what holds now is as it was.
    assert_eq!(
        roads.route("&hazard=none").await.json()["properties"]["duration_s"],
        1_000.0
    );
    // Once the closure is gone, it closes nothing at any hour.
    assert_eq!(roads.delete(made.json()["id"].as_str().unwrap()).await.status, 204);
    assert_eq!(soon("2126-01-01T12:00:00Z").await, straight);
}

/// Clocks differ: what departs a moment ago departs now, past what has been closed since.
#[tokio::test]
async fn a_departure_a_moment_ago_meets_the_closures_of_now() {
    let roads = Roads::new();
    let river = json!({ "type": "Feature", "properties": { "way_ids": [1_000], "reason": "r", "source": "s" } });
    assert_eq!(roads.post("", &river).await.status, 201);
    let depart = Timestamp::now() - SignedDuration::from_mins(2);
    let route = roads.route(&format!("&hazard=none&depart={depart}")).await.json();
    assert_eq!(route["properties"]["duration_s"], 2_800.0, "{route}");
}
