//! Every route refuses what it cannot take, by name, before any work.

use axum::http::Method;

use crate::site::Site;

/// The routes with parameters, each with a query that is right.
const RIGHT: [&str; 6] = [
    "/api/shelters/nearest?lon=0&lat=0",
    "/api/shelters/s1?datum=wgs84",
    "/api/risk?lon=0&lat=0",
    "/api/search?q=a",
    "/styles/light.json?lang=en",
    "/tiles/flood/0/0/0.mvt?v=1",
];

#[tokio::test]
async fn unknown_and_repeated_parameters() {
    let site = Site::tiny();
    for right in RIGHT {
        assert!(site.get(right).await.status.is_success(), "{right}");
        let unknown = site.get(&format!("{right}&colour=red")).await;
        assert_eq!(
            unknown.problem(400, "unknown_parameter").as_deref(),
            Some("colour"),
            "{right}"
        );
        let first = right.split_once('?').unwrap().1.split('&').next().unwrap();
        let repeated = site.get(&format!("{right}&{first}")).await;
        let name = first.split('=').next();
        assert_eq!(repeated.problem(400, "repeated_parameter").as_deref(), name, "{right}");
    }
    for without in ["/api/region", "/tiles/flood.json", "/api/openapi.json", "/api/docs"] {
        let reply = site.get(&format!("{without}?x=1")).await;
        assert_eq!(
            reply.problem(400, "unknown_parameter").as_deref(),
            Some("x"),
            "{without}"
        );
    }
}

#[tokio::test]
async fn missing_parameters() {
    let site = Site::tiny();
    for (path, missing) in [
        ("/api/shelters/nearest", "lon"),
        ("/api/shelters/nearest?lon=0", "lat"),
        ("/api/risk?lat=0", "lon"),
        ("/api/search", "q"),
    ] {
        assert_eq!(
            site.get(path).await.problem(400, "missing_parameter").as_deref(),
            Some(missing),
            "{path}"
        );
    }
}

#[tokio::test]
async fn values_that_do_not_do() {
    let site = Site::tiny();
    let near = "/api/shelters/nearest?lon=0&lat=0";
    for (path, parameter) in [
        ("/api/risk?lon=NaN&lat=0".to_owned(), "lon"),
        ("/api/risk?lon=nan&lat=0".to_owned(), "lon"),
        ("/api/risk?lon=inf&lat=0".to_owned(), "lon"),
        ("/api/risk?lon=180.0001&lat=0".to_owned(), "lon"),
        ("/api/risk?lon=0&lat=-90.5".to_owned(), "lat"),
        ("/api/risk?lon=0&lat=".to_owned(), "lat"),
        ("/api/risk?lon=0&lat".to_owned(), "lat"),
        ("/api/risk?lon=abc&lat=0".to_owned(), "lon"),
        ("/api/risk?lon=1,5&lat=0".to_owned(), "lon"),
        ("/api/risk?lon=%FF&lat=0".to_owned(), "lon"),
        ("/api/risk?lon=0&lat=0&datum=bd-09".to_owned(), "datum"),
        ("/api/risk?lon=0&lat=0&lang=fr".to_owned(), "lang"),
        (format!("{near}&k=0"), "k"),
        (format!("{near}&k=51"), "k"),
        (format!("{near}&k=1.5"), "k"),
        (format!("{near}&k=-1"), "k"),
        (format!("{near}&hazard=rain"), "hazard"),
        (format!("{near}&hazard=FLOOD"), "hazard"),
        (format!("{near}&include_closed=yes"), "include_closed"),
        (format!("{near}&by=boat"), "by"),
        ("/api/search?q=+".to_owned(), "q"),
        (format!("/api/search?q={}", "a".repeat(101)), "q"),
        ("/api/search?q=a&limit=0".to_owned(), "limit"),
        ("/api/search?q=a&limit=51".to_owned(), "limit"),
        ("/api/search?q=a&lon=1".to_owned(), "lon"),
        ("/api/search?q=a&lat=1".to_owned(), "lat"),
        ("/styles/dark.json?lang=de".to_owned(), "lang"),
        (format!("/tiles/flood/0/0/0.mvt?v={}", "1".repeat(65)), "v"),
    ] {
        assert_eq!(
            site.get(&path).await.problem(400, "invalid_parameter").as_deref(),
            Some(parameter),
            "{path}"
        );
    }
    for by in ["foot", "car"] {
        let reply = site.get(&format!("{near}&by={by}")).await;
        assert_eq!(reply.problem(400, "roads_not_loaded").as_deref(), Some("by"));
    }
}

#[tokio::test]
async fn the_edges_of_ranges_are_inside() {
    let site = Site::tiny();
    for query in [
        "lon=-180&lat=-90",
        "lon=180&lat=90",
        "lon=-0.0&lat=0",
        "lon=1e-3&lat=0",
        "lon=%30&lat=0",
    ] {
        assert!(
            site.get(&format!("/api/risk?{query}")).await.status.is_success(),
            "{query}"
        );
        assert!(
            site.get(&format!("/api/shelters/nearest?k=50&{query}"))
                .await
                .status
                .is_success(),
            "{query}"
        );
    }
}

#[tokio::test]
async fn too_long() {
    let site = Site::tiny();
    let reply = site.get(&format!("/api/search?q={}", "a".repeat(2_100))).await;
    reply.problem(413, "query_too_long");
    let reply = site
        .send(Method::POST, "/api/risk", &[("content-length", "70000")])
        .await;
    reply.problem(413, "body_too_large");
}

#[tokio::test]
async fn addresses_and_methods_that_are_not_there() {
    let site = Site::tiny();
    for path in [
        "/nothing",
        "/api",
        "/api/",
        "/api/shelter",
        "/tiles/flood",
        "/tiles/flood/0/0/0.png",
        "/styles/blue.json",
        "/index.htm",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/api/shelters/%FF",
    ] {
        site.get(path).await.problem(404, "not_found");
    }
    for method in [
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
    ] {
        for path in ["/api/region", "/tiles/flood/0/0/0.mvt", "/healthz", "/"] {
            let reply = site.send(method.clone(), path, &[]).await;
            reply.problem(405, "method_not_allowed");
            let allow = reply.header("allow").replace(' ', "");
            assert_eq!(allow, "GET,HEAD", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn problems_speak_the_clients_language_and_repeat_no_more_than_needed() {
    let site = Site::tiny();
    let path = "/api/risk?lon=x&lat=0";
    let zh = site.get(path).await;
    assert_eq!(zh.header("content-language"), "zh-Hans");
    assert!(zh.vary().contains("accept-language"));
    assert_eq!(zh.json()["detail"], "参数 lon 的值“x”应为 -180 到 180 之间的数");
    let en = site.get_with(path, &[("accept-language", "en-GB,en;q=0.9")]).await;
    assert_eq!(en.header("content-language"), "en");
    assert_eq!(en.json()["detail"], "lon is `x`; give a number from -180 to 180");
    let asked = site
        .get_with(&format!("{path}&lang=zh"), &[("accept-language", "en")])
        .await;
    assert_eq!(asked.header("content-language"), "zh-Hans");
    let long = site.get(&format!("/api/risk?lon={}&lat=0", "x".repeat(1_000))).await;
    assert!(long.body.len() < 600, "{}", long.text());
}
