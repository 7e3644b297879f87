//! Archives that lie elsewhere.

use std::time::{Duration, Instant};

use super::*;

/// Long enough for any answer on this machine.
const PATIENT: [(&str, &str); 1] = [("archive-timeout", "30s")];
/// Nothing is waited for, and nothing left alone for long.
const HASTY: [(&str, &str); 1] = [("archive-timeout", "50ms")];

fn pack(elsewhere: &Elsewhere) -> Pack {
    Pack::new().archive("far", &elsewhere.place())
}

fn address(x: u32, y: u32) -> String {
    format!("/tiles/far/7/{x}/{y}.mvt")
}

/// Asks until the answer has this status.
async fn until(site: &Site, path: &str, status: u16) -> Reply {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let reply = site.get(path).await;
        if reply.status.as_u16() == status || Instant::now() > deadline {
            assert_eq!(reply.status.as_u16(), status, "{}", reply.text());
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_crowd_is_given_one_read() {
    let elsewhere = Elsewhere::with(pack::large("one")).await;
    let site = Arc::new(pack(&elsewhere).site(&PATIENT));
    assert_eq!(elsewhere.asked(), 0, "nobody is asked before somebody asks");
    let mut crowd = JoinSet::new();
    for number in 0..64 {
        let (site, coding) = (Arc::clone(&site), ["identity", "br", "gzip", "zstd"][number % 4]);
        crowd.spawn(async move {
            let reply = site.get_with(&address(9, 9), &[("accept-encoding", coding)]).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            if coding == "identity" {
                reply.body
            } else {
                unpack(coding, &reply.body)
            }
        });
    }
    let mut bodies = crowd.join_all().await;
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].starts_with(b"one 7/9/9 "));
    assert_eq!(elsewhere.asked(), 4, "the head, the metadata, a directory and the tile");
    for x in 10..14 {
        assert!(text(&site.get(&address(x, 9)).await).starts_with(&format!("one 7/{x}/9 ")));
        site.get(&address(x, 9)).await;
    }
    let asked = elsewhere.asked();
    assert!((4..=5).contains(&asked), "{asked}: directories are kept, tiles too");
}

#[tokio::test]
async fn two_versions_are_never_mixed() {
    for manner in [Manner::Well, Manner::Overlooking, Manner::Weak, Manner::ByTime] {
        let elsewhere = Elsewhere::with(pack::large("one")).await;
        elsewhere.answers(manner);
        let site = pack(&elsewhere).site(&PATIENT);
        let before = site.json("/tiles/far.json").await;
        assert!(text(&site.get(&address(5, 5)).await).starts_with("one "), "{manner:?}");
        // Another number of letters: everything lies elsewhere in it.
        elsewhere.put(pack::large("another"));
        for x in [6, 60, 120] {
            let now = text(&site.get(&address(x, 5)).await);
            assert!(now.starts_with(&format!("another 7/{x}/5 ")), "{manner:?}: {now}");
        }
        let after = site.json("/tiles/far.json").await;
        assert_ne!(before["tiles"], after["tiles"], "{manner:?}");
        assert!(
            text(&site.get(&address(5, 5)).await).starts_with("another "),
            "{manner:?}"
        );
    }
}

#[tokio::test]
async fn the_pack_is_served_while_an_archive_cannot_be_reached() {
    let elsewhere = Elsewhere::with(pack::large("one")).await;
    for manner in [Manner::Gone, Manner::Busy, Manner::Silent, Manner::Cut] {
        elsewhere.answers(manner);
        let site = pack(&elsewhere).site(&HASTY);
        for path in ["/tiles/far.json", "/tiles/far/7/1/1.mvt"] {
            let reply = site.get(path).await;
            reply.problem(503, "archive_unavailable");
            assert!(!reply.header("retry-after").is_empty(), "{manner:?}");
            assert!(!reply.text().contains("s3cret"));
        }
        let region = site.get("/api/region").await;
        assert!(!region.text().contains("s3cret"));
        let archive = region.json()["archives"][0].clone();
        assert_eq!(
            (&archive["available"], &archive["remote"]),
            (&false.into(), &true.into())
        );
        assert_eq!(site.get("/tiles/flood/5/16/16.mvt").await.status, 200);
        elsewhere.answers(Manner::Well);
        assert!(until(&site, &address(1, 1), 200).await.text().starts_with("one "));
        assert_eq!(site.json("/api/region").await["archives"][0]["available"], true);
    }
}

#[tokio::test]
async fn what_is_kept_is_served_while_the_rest_cannot_be_read() {
    let elsewhere = Elsewhere::with(pack::large("one")).await;
    let site = pack(&elsewhere).site(&HASTY);
    let tile = until(&site, &address(1, 1), 200).await;
    elsewhere.answers(Manner::Silent);
    site.get(&address(2, 1)).await.problem(503, "archive_unavailable");
    assert_eq!(site.get(&address(1, 1)).await.body, tile.body);
    let known = [("if-none-match", tile.header("etag"))];
    assert_eq!(site.get_with(&address(1, 1), &known).await.status, 304);
    assert_eq!(site.get("/tiles/far.json").await.status, 200);
    elsewhere.answers(Manner::Well);
    until(&site, &address(2, 1), 200).await;
}

#[tokio::test]
async fn a_server_that_is_down_is_left_alone_for_a_while() {
    let elsewhere = Elsewhere::with(pack::large("one")).await;
    elsewhere.answers(Manner::Gone);
    let site = pack(&elsewhere).site(&PATIENT);
    site.get(&address(1, 1)).await.problem(503, "archive_unavailable");
    let asked = elsewhere.asked();
    for x in 0..50 {
        site.get(&address(x, 1)).await.problem(503, "archive_unavailable");
    }
    assert_eq!((asked, elsewhere.asked()), (1, 0));
}

#[tokio::test]
async fn servers_and_objects_that_cannot_be_used() {
    for (manner, bytes) in [
        (Manner::Whole, pack::large("one")),
        (Manner::Untelling, pack::large("one")),
        (Manner::Well, b"<html>no archive</html>".to_vec()),
        (Manner::Well, b"PM\x02\x00 of old".to_vec()),
        (Manner::Well, pack::large("one")[..1_000].to_vec()),
    ] {
        let elsewhere = Elsewhere::with(bytes).await;
        elsewhere.answers(manner);
        let site = pack(&elsewhere).site(&PATIENT);
        let reply = site.get("/tiles/far.json").await;
        reply.problem(502, "archive_damaged");
    }
}

#[tokio::test]
async fn an_archive_that_is_open_stays_so_when_the_pack_changes() {
    let elsewhere = Elsewhere::with(pack::large("one")).await;
    let pack = pack(&elsewhere);
    let site = pack.site(&PATIENT);
    text(&site.get(&address(1, 1)).await);
    elsewhere.asked();
    let pack = pack.archive("another", &elsewhere.place());
    assert_eq!(refugia::http::reload(&site.app), refugia::http::Outcome::Changed);
    text(&site.get(&address(1, 1)).await);
    assert_eq!(site.json("/api/region").await["archives"][0]["available"], true);
    assert_eq!(elsewhere.asked(), 0);
    drop(pack);
}
