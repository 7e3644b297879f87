//! Which rescue teams come soonest, over Testland's roads with teams around them.

mod pack;

use refugia::geometry::{Datum, LonLat};
use serde_json::{Value, json};

use crate::{
    roads::{Roads, closure, point},
    site::Site,
};
pub(crate) use pack::testland;

/// The east end of River Road.
const EAST: &str = "/api/teams/nearest?lon=0.2&lat=0.03&lang=en";

/// Ids and seconds of the teams that come.
fn coming(answer: &Value) -> Vec<(&str, f64)> {
    let features = answer["features"].as_array().unwrap().iter();
    let pair = |feature: &'_ Value| feature["properties"]["duration_s"].as_f64().unwrap();
    features
        .map(|feature| (feature["id"].as_str().unwrap(), pair(feature)))
        .collect()
}

/// Ids and reasons of those that cannot.
fn hindered(answer: &Value) -> Vec<(&str, &str)> {
    let list = answer["unreachable"].as_array().unwrap().iter();
    list.map(|team| (team["id"].as_str().unwrap(), team["reason"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn the_teams_that_come_soonest_with_an_account_of_those_that_cannot() {
    let answer = testland().site.json(&format!("{EAST}&k=2")).await;
    insta::assert_json_snapshot!(answer, { ".world" => "[version]", ".as_of" => "[time]" });
}

#[tokio::test]
async fn every_duration_is_that_of_the_route_from_the_team() {
    let roads = testland();
    for (lon, lat) in [(0.2, 0.03), (0.35, 0.03), (-0.2, 0.1), (0.1, 0.2), (0.05, 0.03)] {
        for (mode, hazard) in [
            ("car", "any"),
            ("car", "none"),
            ("truck", "flood"),
            ("foot", "landslide"),
        ] {
            let path = format!("/api/teams/nearest?lon={lon}&lat={lat}&k=50&mode={mode}&hazard={hazard}");
            let answer = roads.site.json(&path).await;
            let teams = answer["features"].as_array().unwrap();
            let who_can = if mode == "foot" { 5 } else { 4 };
            assert_eq!(teams.len(), who_can, "{path}: {answer}");
            for team in teams {
                let [from_lon, from_lat] = [0, 1].map(|at| team["geometry"]["coordinates"][at].as_f64().unwrap());
                let route = format!("/api/route?from={from_lon},{from_lat}&to={lon},{lat}&mode={mode}&hazard={hazard}");
                let route = roads.site.json(&route).await;
                let told = &team["properties"];
                for name in ["duration_s", "safe"] {
                    assert_eq!(told[name], route["properties"][name], "{path}: {team}");
                }
                let metres = |value: &Value| value["distance_m"].as_f64().unwrap();
                assert!(
                    (metres(told) - metres(&route["properties"])).abs() < 1.0,
                    "{path}: {team}"
                );
            }
            let is_safe: Vec<bool> = teams.iter().map(|team| team["properties"]["safe"] == true).collect();
            assert!(is_safe.is_sorted_by_key(|safe| !safe), "{path}: {is_safe:?}");
            let seconds: Vec<f64> = coming(&answer).iter().map(|(_, seconds)| *seconds).collect();
            let safe = is_safe.iter().filter(|safe| **safe).count();
            assert!(seconds[..safe].is_sorted(), "{path}: {seconds:?}");
        }
    }
}

#[tokio::test]
async fn one_way_streets_are_obeyed_on_the_way_from_the_team() {
    let roads = testland();
    let to_east = roads.site.json(&format!("{EAST}&k=1&hazard=none")).await;
    assert_eq!(coming(&to_east), [("t5", 300.0)], "down the one-way street");
    let yard = "/api/teams/nearest?lon=0.35&lat=0.03&k=50&hazard=none&lang=en";
    let to_yard = roads.site.json(yard).await;
    // From the north-east 2 000 s; the school is 600 + 1 000 + 800 before that, for the street is not to be driven up.
    assert_eq!(
        coming(&to_yard),
        [("t5", 0.0), ("t2", 2_000.0), ("t1", 4_400.0), ("t7", 7_000.0)]
    );
    assert_eq!(
        hindered(&to_yard),
        [("t6", "no_way"), ("t3", "no_way"), ("t4", "far_from_road")]
    );
    // The first two are enough, and yet it is known that the one that can only be come to cannot come.
    let three = roads
        .site
        .json("/api/teams/nearest?lon=0.45&lat=0.2&hazard=none&k=2")
        .await;
    assert_eq!(coming(&three), [("t7", 0.0), ("t2", 5_000.0)]);
    assert_eq!(hindered(&three)[0], ("t6", "no_way"));
    let on_foot = roads.site.json(&format!("{yard}&mode=foot")).await;
    assert_eq!(
        coming(&on_foot),
        [
            ("t5", 0.0),
            ("t2", 1_100.0),
            ("t1", 1_900.0),
            ("t7", 6_100.0),
            ("t6", 6_500.0)
        ],
        "one-way for wheels only"
    );
}

#[tokio::test]
async fn a_closure_changes_who_comes_first() {
    let roads = testland();
    let path = format!("{EAST}&hazard=none");
    let before = roads.site.json(&path).await;
    assert_eq!(coming(&before), [("t5", 300.0), ("t2", 800.0), ("t1", 1_600.0)]);
    let lane = closure(&point(0.2, 0.1), &json!({ "radius_m": 50 }));
    let made = roads.post("", &lane).await.json();
    let after = roads.site.json(&path).await;
    assert_eq!(coming(&after), [("t5", 300.0), ("t1", 1_600.0), ("t2", 2_300.0)]);
    assert_eq!(after["world"], made["world"]);
    roads.delete(made["id"].as_str().unwrap()).await;
    assert_eq!(coming(&roads.site.json(&path).await), coming(&before));

    // River Road and the hill closed: no way leads from the school.
    for at in [point(0.0, 0.2), point(0.05, 0.03)] {
        let made = roads.post("", &closure(&at, &json!({ "radius_m": 50 }))).await;
        assert_eq!(made.status, 201);
    }
    let cut_off = roads.site.json(&path).await;
    assert_eq!(coming(&cut_off), [("t5", 300.0), ("t2", 800.0), ("t7", 5_800.0)]);
    assert_eq!(
        hindered(&cut_off),
        [
            ("t6", "no_way"),
            ("t1", "no_way"),
            ("t3", "no_way"),
            ("t4", "far_from_road")
        ],
        "though as many as wanted can come, those that cannot are told"
    );
    assert_eq!(cut_off["notice"], Value::Null);

    // The street that the team itself is on.
    let own = json!({ "type": "Feature", "properties": { "way_ids": [600], "reason": "r", "source": "s" } });
    assert_eq!(roads.post("", &own).await.status, 201);
    let shut_in = roads.site.json(&path).await;
    assert_eq!(
        hindered(&shut_in),
        [
            ("t6", "no_way"),
            ("t1", "far_from_road"),
            ("t3", "no_way"),
            ("t4", "far_from_road")
        ]
    );
}

#[tokio::test]
async fn ways_through_danger_come_last() {
    let roads = testland();
    let north_east = "/api/teams/nearest?lon=0.2&lat=0.2&k=9";
    let free = roads.site.json(&format!("{north_east}&hazard=none")).await;
    assert_eq!(
        coming(&free),
        [("t2", 0.0), ("t5", 1_100.0), ("t1", 2_400.0), ("t7", 5_000.0)]
    );
    // The school lies in a flood zone: whatever its team does, it has to leave it, and does so by the hill.
    let flood = roads.site.json(&format!("{north_east}&hazard=flood")).await;
    let told: Vec<&str> = coming(&flood).iter().map(|(id, _)| *id).collect();
    assert_eq!(told, ["t2", "t5", "t7", "t1"], "{flood}");
    let safe = [0, 1, 2, 3].map(|at| &flood["features"][at]["properties"]["safe"]);
    assert_eq!(safe, [true, true, true, false]);
    assert!(
        coming(&flood)[3].1 < 5_000.0,
        "sooner than the last but one, and yet last"
    );
    assert_eq!(
        roads.site.json(north_east).await["features"],
        flood["features"],
        "all hazards count by default"
    );
    let three = roads.site.json("/api/teams/nearest?lon=0.2&lat=0.2").await;
    assert_eq!(coming(&three), coming(&flood)[..3]);
}

#[tokio::test]
async fn only_teams_of_a_park() {
    let roads = testland();
    let of = async |park: &str| roads.site.json(&format!("{EAST}&k=9&hazard=none&serves={park}")).await;
    let first = of("p1").await;
    assert_eq!(coming(&first), [("t1", 1_600.0)]);
    assert_eq!(hindered(&first), [("t4", "far_from_road")]);
    assert_eq!(first["features"][0]["properties"]["serves"], "p1");
    assert_eq!(
        (&first["query"]["serves"], &first["notice"]),
        (&json!("p1"), &Value::Null)
    );
    let second = of("p2").await;
    assert_eq!(
        (coming(&second), hindered(&second)),
        (Vec::new(), vec![("t3", "no_way")])
    );
    assert_eq!(second["notice"]["code"], "no_team");
    let detail = |answer: &Value| answer["notice"]["detail"].as_str().unwrap().to_owned();
    assert!(detail(&second).contains("this park's"), "{second}");
    let third = of("p3").await;
    assert_eq!((coming(&third), hindered(&third)), (Vec::new(), Vec::new()));
    assert!(
        detail(&third).contains("on record"),
        "a park that no team serves: {third}"
    );
    let unknown = roads.site.get(&format!("{EAST}&serves=p%2099")).await;
    assert_eq!(unknown.problem(404, "unknown_park").as_deref(), Some("serves"));
    assert!(unknown.json()["detail"].as_str().unwrap().contains("`p 99`"));
}

#[tokio::test]
async fn where_none_can_come_there_is_a_number_to_call() {
    let roads = testland();
    // No road leads to Far Lane but its own, on which only the other park's team is.
    let far = "/api/teams/nearest?lon=0.405&lat=0.4&serves=p1";
    for (lang, title, detail, reason) in [
        (
            "en",
            "No rescue team can come",
            "Other teams may",
            "No way by road leads here from there (by car)",
        ),
        (
            "zh",
            "没有救援队能到达",
            "其他救援队也许能到",
            "没有道路可以从那里（汽车）到达此处",
        ),
    ] {
        let answer = roads.site.json(&format!("{far}&lang={lang}")).await;
        assert_eq!(answer["features"], json!([]));
        let notice = &answer["notice"];
        assert_eq!(
            (&notice["code"], &notice["title"], &notice["duty_phone"]),
            (&json!("no_team"), &json!(title), &json!("000"))
        );
        assert!(notice["detail"].as_str().unwrap().contains(detail), "{answer}");
        let unreachable = answer["unreachable"].as_array().unwrap();
        assert_eq!(unreachable[0]["detail"], reason, "{answer}");
    }
    let own = roads.site.json("/api/teams/nearest?lon=0.405&lat=0.4&lang=zh").await;
    assert_eq!(coming(&own), [("t3", 50.0)]);
    assert_eq!(own["features"][0]["properties"]["name"], "远巷救援队（演示）");
}

#[tokio::test]
async fn a_pack_without_teams_says_so() {
    let roads = Roads::new();
    let answer = roads.site.json(EAST).await;
    assert_eq!(
        (&answer["features"], &answer["unreachable"], &answer["unreachable_more"]),
        (&json!([]), &json!([]), &json!(0))
    );
    assert_eq!(answer["notice"]["code"], "no_team");
    assert!(
        answer["notice"]["detail"].as_str().unwrap().contains("on record"),
        "{answer}"
    );
    assert_eq!(answer["notice"]["duty_phone"], "000");
    let reply = roads.site.get(EAST).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("content-language"), "en");
}

#[tokio::test]
async fn at_most_fifty_are_listed_that_cannot_come_the_nearest_first() {
    let roads = pack::with_far_teams(57);
    let answer = roads.site.json(EAST).await;
    let list = answer["unreachable"].as_array().unwrap();
    // 57 and the three of Testland.
    assert_eq!((list.len(), &answer["unreachable_more"]), (50, &json!(10)));
    let south = |team: &Value| 0.03 - team["lat"].as_f64().unwrap();
    assert!(list.is_sorted_by_key(south), "{answer}");
    assert!(list.iter().all(|team| team["reason"] == "far_from_road"));
    assert_eq!(
        list[0]["detail"],
        "Within 1000 m of its station there is no open road for going by car"
    );
}

#[tokio::test]
async fn gcj02_in_and_out() {
    let site = Site::of("data/fujian", &[]);
    let wgs = site.json("/api/teams/nearest?lon=119.3&lat=26.08&k=50").await;
    // The same place as 119.3, 26.08, as a Chinese commercial map writes it.
    let shifted = Datum::Gcj02.from_wgs84(LonLat::new(119.3, 26.08).unwrap());
    let query = format!("lon={}&lat={}&k=50&datum=gcj02", shifted.lon(), shifted.lat());
    let gcj = site.json(&format!("/api/teams/nearest?{query}")).await;
    assert_eq!(gcj["query"]["datum"], "gcj02");
    let told = |answer: &Value| -> Vec<String> { coming(answer).iter().map(|(id, _)| (*id).to_owned()).collect() };
    assert_eq!(told(&wgs), told(&gcj));
    assert!(told(&wgs).len() > 3, "{wgs}");
    assert_eq!(hindered(&wgs), hindered(&gcj));
    for (wgs, gcj) in wgs["features"]
        .as_array()
        .unwrap()
        .iter()
        .zip(gcj["features"].as_array().unwrap())
    {
        let place = |feature: &Value, at: usize| feature["geometry"]["coordinates"][at].as_f64().unwrap();
        let shifts = [0, 1].map(|at| (place(gcj, at) - place(wgs, at)).abs());
        assert!(shifts.iter().all(|shift| (0.0005..0.01).contains(shift)), "{shifts:?}");
        let seconds = |feature: &Value| feature["properties"]["duration_s"].as_f64().unwrap();
        assert!(
            (seconds(wgs) - seconds(gcj)).abs() < 0.1,
            "the way is the same in both datums"
        );
        assert_eq!(wgs["properties"]["synthetic"], true, "as the pack says of its teams");
    }
}

#[tokio::test]
async fn bad_questions_are_refused_by_name() {
    let roads = testland();
    let near = "/api/teams/nearest?lon=0.2&lat=0.03";
    for (path, code, parameter) in [
        ("/api/teams/nearest".to_owned(), "missing_parameter", "lon"),
        ("/api/teams/nearest?lon=0.2".to_owned(), "missing_parameter", "lat"),
        ("/api/teams/nearest?lon=x&lat=0".to_owned(), "invalid_parameter", "lon"),
        ("/api/teams/nearest?lon=0&lat=91".to_owned(), "invalid_parameter", "lat"),
        (format!("{near}&k=0"), "invalid_parameter", "k"),
        (format!("{near}&k=51"), "invalid_parameter", "k"),
        (format!("{near}&k=1.5"), "invalid_parameter", "k"),
        (format!("{near}&mode=boat"), "invalid_parameter", "mode"),
        (format!("{near}&mode="), "invalid_parameter", "mode"),
        (format!("{near}&hazard=rain"), "invalid_parameter", "hazard"),
        (format!("{near}&serves="), "invalid_parameter", "serves"),
        (
            format!("{near}&serves={}", "p".repeat(201)),
            "invalid_parameter",
            "serves",
        ),
        (format!("{near}&datum=bd-09"), "invalid_parameter", "datum"),
        (format!("{near}&lang=fr"), "invalid_parameter", "lang"),
        (format!("{near}&by=car"), "unknown_parameter", "by"),
        (format!("{near}&k=1&k=2"), "repeated_parameter", "k"),
    ] {
        let reply = roads.site.get(&path).await;
        assert_eq!(reply.problem(400, code).as_deref(), Some(parameter), "{path}");
    }
    let far = roads.site.get("/api/teams/nearest?lon=-0.4&lat=-0.4&lang=zh").await;
    assert_eq!(far.problem(404, "no_road_near").as_deref(), Some("lon"));
    let none = Site::tiny().get(near).await;
    none.problem(400, "roads_not_loaded");
    let no_roads_first = Site::tiny().get(&format!("{near}&serves=p99")).await;
    no_roads_first.problem(400, "roads_not_loaded");
}
