use crate::site::Site;

#[tokio::test]
async fn every_zone_over_the_point_most_severe_first() {
    let answer = Site::tiny().json("/api/risk?lon=0.0625&lat=0").await;
    insta::assert_json_snapshot!(answer, { ".world" => "[version]", ".as_of" => "[time]" });
}

#[tokio::test]
async fn nothing_mapped_is_an_answer() {
    let answer = Site::tiny().json("/api/risk?lon=0.49&lat=-0.49").await;
    assert_eq!(answer["hazards"], serde_json::json!([]));
    assert!(answer["highest"].is_null() && answer["world"].is_string() && answer["as_of"].is_string());
}

#[tokio::test]
async fn holes_are_outside_and_shared_edges_are_in_both_zones() {
    let site = Site::tiny();
    let kinds = |answer: serde_json::Value| -> Vec<String> {
        let zones = answer["hazards"].as_array().unwrap().iter();
        zones
            .map(|hazard| hazard["zone"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        kinds(site.json("/api/risk?lon=-0.125&lat=-0.125").await),
        Vec::<String>::new()
    );
    assert_eq!(kinds(site.json("/api/risk?lon=0.125&lat=0.375").await), ["l2", "l1"]);
}

#[tokio::test]
async fn words_follow_the_language() {
    let site = Site::tiny();
    let zh = site.get("/api/risk?lon=0.0625&lat=0&lang=zh").await;
    let en = site.get("/api/risk?lon=0.0625&lat=0&lang=en").await;
    assert_eq!(
        (zh.header("content-language"), en.header("content-language")),
        ("zh-Hans", "en")
    );
    let (zh, en) = (zh.json(), en.json());
    assert_eq!(zh["highest"]["kind_name"], "洪水");
    assert_eq!(en["highest"]["kind_name"], "Flood");
    assert_eq!(zh["highest"]["level_name"], "高风险");
    assert!(zh["highest"]["advice"] != en["highest"]["advice"]);
    assert!(!en["highest"]["advice"].as_str().unwrap().starts_with("advice."));
}

#[tokio::test]
async fn positions_are_not_kept_by_caches() {
    let reply = Site::tiny().get("/api/risk?lon=0&lat=0").await;
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(!reply.headers.contains_key("etag"));
}
