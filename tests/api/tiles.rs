use std::{collections::BTreeSet, io::Read as _, sync::Arc};

use axum::http::Method;
use tokio::task::JoinSet;

use crate::site::Site;

const TILE: &str = "/tiles/flood,shelters/5/16/16.mvt";
/// Shown at once, also while the server cannot be reached, and asked for again behind.
const BEHIND: &str = "public, max-age=0, stale-while-revalidate=600, stale-if-error=86400";

#[tokio::test]
async fn tilejson_of_joined_layers() {
    let answer = Site::tiny().json("/tiles/flood,shelters.json").await;
    insta::assert_json_snapshot!(answer, {
        ".tiles[]" => insta::dynamic_redaction(|value, _| {
            value.as_str().unwrap().split_once("?v=").unwrap().0.to_owned()
        }),
    });
}

#[tokio::test]
async fn a_tile_with_everything_caches_need() {
    let site = Site::tiny();
    let reply = site.get(TILE).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert_eq!(reply.header("cache-control"), BEHIND);
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert!(reply.header("etag").starts_with('"'), "a strong tag");
    assert!(!reply.body.is_empty());
    let again = site.get(TILE).await;
    assert_eq!(again.body, reply.body, "out of the cache");
    assert_eq!(again.header("etag"), reply.header("etag"));
}

#[tokio::test]
async fn the_same_tile_as_a_maplibre_tile() {
    let site = Site::tiny();
    let description = site.json("/tiles/flood,shelters.json?encoding=mlt").await;
    assert_eq!(description["encoding"], "mlt");
    let template = description["tiles"][0].as_str().unwrap();
    assert!(
        template.contains("/tiles/flood,shelters/{z}/{x}/{y}.mlt?v="),
        "{template}"
    );
    let (mvt, mlt) = (site.get(TILE).await, site.get(&TILE.replace(".mvt", ".mlt")).await);
    assert_eq!(mlt.status, 200);
    assert_eq!(mlt.header("content-type"), "application/vnd.maplibre-vector-tile");
    assert_ne!(mlt.header("etag"), mvt.header("etag"));
    assert_ne!(mlt.body, mvt.body);
    let known = [("if-none-match", mlt.header("etag"))];
    assert_eq!(site.get_with(&TILE.replace(".mvt", ".mlt"), &known).await.status, 304);
    assert_eq!(site.get_with(TILE, &known).await.status, 200);
    let other = site.get("/tiles/flood.json?encoding=pbf").await;
    other.problem(400, "invalid_parameter");
    site.get(&TILE.replace(".mvt", ".pbf")).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_versioned_address_may_be_kept_for_ever_while_the_version_is_current() {
    let site = Site::tiny();
    let description = site.json("/tiles/flood,shelters.json").await;
    let template = description["tiles"][0].as_str().unwrap();
    let version = template.split_once("?v=").unwrap().1;
    let current = site.get(&format!("{TILE}?v={version}")).await;
    assert_eq!(current.header("cache-control"), "public, max-age=31536000, immutable");
    let old = site.get(&format!("{TILE}?v=0123")).await;
    assert_eq!(old.header("cache-control"), BEHIND);
    assert_eq!(old.body, current.body);
}

#[tokio::test]
async fn conditional_requests() {
    let site = Site::tiny();
    let tag = site.get(TILE).await.header("etag").to_owned();
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let reply = site.get_with(TILE, &[("if-none-match", &known)]).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (304, 0), "{known}");
        assert_eq!(reply.header("etag"), tag);
        assert_eq!(reply.header("cache-control"), BEHIND);
    }
    let other = site.get_with(TILE, &[("if-none-match", "\"x\"")]).await;
    assert_eq!(other.status, 200);
    let head = site.send(Method::HEAD, TILE, &[("if-none-match", &tag)]).await;
    assert_eq!(head.status, 304);
    // Not rendered yet in this server: the tag is known from the layers' versions alone.
    let fresh = Site::tiny().get_with(TILE, &[("if-none-match", &tag)]).await;
    assert_eq!(fresh.status, 304);
}

pub(crate) fn unpack(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match coding {
        "gzip" => _ = flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap(),
        "br" => _ = brotli::Decompressor::new(body, 4_096).read_to_end(&mut plain).unwrap(),
        "zstd" => plain = zstd::stream::decode_all(body).unwrap(),
        other => unreachable!("{other}"),
    }
    plain
}

#[tokio::test]
async fn each_coding_has_its_own_tag_and_the_same_content() {
    let site = Site::tiny();
    let plain = site.get(TILE).await;
    assert!(plain.vary().contains("accept-encoding"));
    let mut tags = BTreeSet::from([plain.header("etag").to_owned()]);
    for (accepted, coding) in [
        ("gzip;q=0.5, *;q=0", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
    ] {
        let asks = [("accept-encoding", accepted)];
        let coded = site.get_with(TILE, &asks).await;
        assert_eq!(coded.header("content-encoding"), coding);
        assert_eq!(unpack(coding, &coded.body), plain.body);
        assert!(coded.vary().contains("accept-encoding"));
        let tag = coded.header("etag").to_owned();
        let known = [("accept-encoding", accepted), ("if-none-match", &tag)];
        assert_eq!(site.get_with(TILE, &known).await.status, 304);
        let known_plain = [("accept-encoding", accepted), ("if-none-match", plain.header("etag"))];
        assert_eq!(site.get_with(TILE, &known_plain).await.status, 200, "another body");
        assert_eq!(site.get_with(TILE, &asks).await.body, coded.body, "out of the cache");
        assert!(tags.insert(tag), "{coding}");
    }
    let refused = site.get_with(TILE, &[("accept-encoding", "gzip;q=0")]).await;
    assert!(refused.header("content-encoding").is_empty());
    let empty = site
        .get_with("/tiles/flood/10/0/0.mvt", &[("accept-encoding", "br")])
        .await;
    assert_eq!((empty.status.as_u16(), empty.header("content-encoding")), (204, ""));
}

#[tokio::test]
async fn a_crowd_at_a_cold_tile_is_given_one_rendering() {
    let site = Arc::new(Site::tiny());
    let mut crowd = JoinSet::new();
    for _ in 0..64 {
        let site = Arc::clone(&site);
        crowd.spawn(async move { site.get(TILE).await.body });
    }
    let mut bodies = crowd.join_all().await;
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    let metrics = site.get("/metrics").await;
    let kept = "refugia_tile_cache_tiles 1\n";
    let text = String::from_utf8(metrics.body).unwrap();
    assert!(
        text.contains(kept) && text.contains("refugia_tile_renders 0\n"),
        "{text}"
    );
}

#[tokio::test]
async fn head_says_what_get_would() {
    let site = Site::tiny();
    let get = site.get(TILE).await;
    let head = site.send(Method::HEAD, TILE, &[]).await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    for name in ["etag", "content-type", "cache-control"] {
        assert_eq!(head.header(name), get.header(name));
    }
}

#[tokio::test]
async fn an_empty_tile_has_no_body() {
    let reply = Site::tiny().get("/tiles/flood/10/0/0.mvt").await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0));
    assert!(!reply.headers.contains_key("content-type"));
}

#[tokio::test]
async fn addresses_that_no_tile_has() {
    let site = Site::tiny();
    for path in [
        "0/1/0",
        "0/0/1",
        "23/0/0",
        "5/32/0",
        "5/0/32",
        "-1/0/0",
        "1.5/0/0",
        "a/0/0",
        "5/+1/0",
        "5/0/1e1",
        "5/0/",
        "99999999999/0/0",
        "22/4294967296/0",
    ] {
        let reply = site.get(&format!("/tiles/flood/{path}.mvt")).await;
        reply.problem(400, "impossible_tile");
    }
    for layers in ["nothing", "flood,nothing", "Flood", "flood,", ",", "flood%2Cnothing"] {
        site.get(&format!("/tiles/{layers}/0/0/0.mvt"))
            .await
            .problem(404, "unknown_layer");
        site.get(&format!("/tiles/{layers}.json"))
            .await
            .problem(404, "unknown_layer");
    }
    site.get("/tiles/flood,flood/0/0/0.mvt")
        .await
        .problem(400, "repeated_layer");
    let deep = site.get("/tiles/shelters/15/0/0.mvt").await;
    deep.problem(404, "zoom_outside_layer");
    assert!(deep.json()["detail"].as_str().unwrap().contains("14"));
}

#[tokio::test]
async fn browsers_of_other_origins_may_ask() {
    let site = Site::tiny();
    for path in [TILE, "/api/risk", "/styles/light.json"] {
        let asks = [
            ("origin", "https://a.example"),
            ("access-control-request-method", "GET"),
        ];
        let reply = site.send(Method::OPTIONS, path, &asks).await;
        assert_eq!(reply.status, 204, "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("access-control-allow-methods"), "GET, HEAD");
    }
    let problem = site.get("/api/risk").await;
    assert_eq!(
        problem.header("access-control-allow-origin"),
        "*",
        "problems can be read too"
    );
    assert!(
        !site
            .get("/metrics")
            .await
            .headers
            .contains_key("access-control-allow-origin")
    );
}
