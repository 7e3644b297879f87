use crate::site::Site;

#[tokio::test]
async fn names_extent_layers_levels() {
    let answer = Site::tiny().json("/api/region").await;
    insta::assert_json_snapshot!(answer, {
        ".world" => "[version]",
        ".as_of" => "[time]",
        ".software_version" => "[version]",
        ".layers[].version" => "[version]",
        ".layers[].tiles" => insta::dynamic_redaction(|value, _| {
            let template = value.as_str().unwrap();
            assert!(template.starts_with("http://map.example/tiles/"), "{template}");
            template.split_once("?v=").unwrap().0.to_owned()
        }),
    });
}

#[tokio::test]
async fn a_client_that_has_it_gets_304() {
    let site = Site::tiny();
    let first = site.get("/api/region").await;
    assert_eq!(first.header("cache-control"), "public, no-cache");
    let again = site
        .get_with("/api/region", &[("if-none-match", first.header("etag"))])
        .await;
    assert_eq!(again.status, 304);
    assert!(again.body.is_empty());
    assert!(!again.headers.contains_key("content-length"));
    assert_eq!(again.header("etag"), first.header("etag"));
}

#[tokio::test]
async fn equal_packs_have_equal_versions_and_others_another() {
    let versions = |site: Site| async move { site.json("/api/region").await["world"].clone() };
    let tiny = versions(Site::tiny()).await;
    assert_eq!(tiny, versions(Site::tiny()).await);
    assert_ne!(tiny, versions(Site::dateline()).await);
}

#[tokio::test]
async fn a_region_across_the_antimeridian_keeps_west_greater_than_east() {
    let answer = Site::dateline().json("/api/region").await;
    let bbox: Vec<f64> = serde_json::from_value(answer["bbox"].clone()).unwrap();
    assert!(bbox[0] > bbox[2], "{bbox:?}");
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_takes_it() {
    use std::io::Read as _;
    let site = Site::tiny();
    let plain = site.get("/api/region").await;
    let gzip = site.get_with("/api/region", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert_ne!(gzip.header("etag"), plain.header("etag"));
    assert!(gzip.vary().contains("accept-encoding") && plain.vary().contains("accept-encoding"));
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(gzip.body.as_slice())
        .read_to_end(&mut body)
        .unwrap();
    assert_eq!(body, plain.body);
}

#[tokio::test]
async fn links_follow_the_configured_address() {
    let site = Site::of(
        "tests/fixtures/packs/tiny",
        &[("public-url", "https://a.example/refugia/")],
    );
    let answer = site.json("/api/region").await;
    let template = answer["layers"][0]["tiles"].as_str().unwrap();
    assert!(
        template.starts_with("https://a.example/refugia/tiles/districts/{z}/{x}/{y}.mvt?v="),
        "{template}"
    );
    let forged = Site::tiny().get_with("/api/region", &[("host", "a b")]).await;
    assert!(forged.status == 200 && !forged.text().contains("a b"));
}
