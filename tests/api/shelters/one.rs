use crate::site::Site;

#[tokio::test]
async fn every_known_field_with_time_and_source() {
    let answer = Site::tiny().json("/api/shelters/s1").await;
    insta::assert_json_snapshot!(answer, { ".world" => "[version]", ".as_of" => "[time]" });
}

#[tokio::test]
async fn what_nobody_said_is_null_and_not_in_the_record() {
    let answer = Site::tiny().json("/api/shelters/s4").await;
    let properties = &answer["properties"];
    for unknown in ["capacity", "grade", "status_as_of", "address", "phone", "keeper_role"] {
        assert!(properties[unknown].is_null(), "{unknown}");
        let record = properties["record"].as_array().unwrap();
        assert!(record.iter().all(|entry| entry["field"] != unknown), "{unknown}");
    }
    assert_eq!(properties["suits"]["flood"], "unknown");
}

#[tokio::test]
async fn an_unknown_id_is_named() {
    let site = Site::tiny();
    let reply = site.get("/api/shelters/nobody").await;
    reply.problem(404, "unknown_shelter");
    assert!(reply.json()["detail"].as_str().unwrap().contains("nobody"));
}

#[tokio::test]
async fn it_can_be_kept_and_confirmed_in_each_language() {
    let site = Site::tiny();
    let zh = site.get("/api/shelters/s1").await;
    let en = site.get("/api/shelters/s1?lang=en").await;
    assert_ne!(zh.header("etag"), en.header("etag"));
    assert!(zh.vary().contains("accept-language"));
    let again = site
        .get_with("/api/shelters/s1", &[("if-none-match", zh.header("etag"))])
        .await;
    assert_eq!(again.status, 304);
}
