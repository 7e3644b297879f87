//! Who is let in, and to what.

use axum::{body::Body, http::Method};

use super::{BEARER, Desk, TOKEN, operations, shelters};
use crate::site::Site;

#[tokio::test]
async fn only_the_operator_is_let_in() {
    assert_eq!(operations().len(), 6);
    let off = Site::tiny();
    let on = Desk::new();
    for (method, path) in operations() {
        for headers in [&[][..], &[BEARER]] {
            let reply = off.send(method.clone(), &path, headers).await;
            reply.problem(403, "operator_off");
            assert!(
                reply.text().contains("REFUGIA_OPERATOR_TOKEN"),
                "it says how to switch it on"
            );
        }
        for (given, code) in [
            (&[][..], "token_needed"),
            (&[("authorization", "Basic YTpi")], "token_needed"),
            (&[("authorization", TOKEN)], "token_needed"),
            (&[BEARER, BEARER], "token_needed"),
            (&[("authorization", "Bearer ")], "wrong_token"),
            (
                &[("authorization", "Bearer a-token-that-is-long-enougi")],
                "wrong_token",
            ),
            (
                &[("authorization", "Bearer a-token-that-is-long-enough1")],
                "wrong_token",
            ),
            (&[("authorization", "Bearer a-token-that-is-long")], "wrong_token"),
        ] {
            let reply = on.site.send(method.clone(), &path, given).await;
            reply.problem(401, code);
            assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"refugia\"");
            assert!(!reply.headers.contains_key("access-control-allow-origin"));
            assert!(!reply.text().contains(TOKEN));
        }
        let reply = on.send(method, &path, Body::empty()).await;
        assert!(
            !matches!(reply.status.as_u16(), 401 | 403 | 405),
            "{path}: {}",
            reply.text()
        );
        assert!(
            !reply.headers.contains_key("access-control-allow-origin"),
            "for our own pages only"
        );
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    on.send(Method::PUT, "/api/imports", Body::empty())
        .await
        .problem(405, "method_not_allowed");
    let asks = [
        ("origin", "https://a.example"),
        ("access-control-request-method", "POST"),
    ];
    let preflight = on.site.send(Method::OPTIONS, "/api/imports", &asks).await;
    assert!(!preflight.status.is_success() && !preflight.headers.contains_key("access-control-allow-methods"));
}

#[tokio::test]
async fn names_from_outside_lead_nowhere() {
    let desk = Desk::new();
    let files = desk.files();
    for (name, shown) in [
        ("..%2F..%2Fregion.toml", "region.toml"),
        ("%2Fetc%2Fpasswd", "passwd"),
        ("..%5C..%5Cx.csv", "x.csv"),
        ("..", ".."),
        ("%00%0A.csv", ".csv"),
    ] {
        let id = desk.upload(name, "id,lon,lat\n1,0.1,0.1\n").await;
        let preview = desk.preview(&id, &shelters()).await;
        assert_eq!(preview.json()["report"]["input"], shown);
        desk.send(Method::DELETE, &format!("/api/imports/{id}"), Body::empty())
            .await;
    }
    for id in ["..", "%2e%2e", "..%2F..%2Fregion", "a%00b"] {
        let reply = desk.preview(id, &shelters()).await;
        assert_eq!(reply.status, 404, "{}", reply.text());
    }
    assert_eq!(desk.files(), files);
    let missing = desk.send(Method::POST, "/api/imports", "x").await;
    assert_eq!(missing.problem(400, "missing_parameter").as_deref(), Some("filename"));
    let long = desk
        .send(Method::POST, &format!("/api/imports?filename={}", "a".repeat(256)), "x")
        .await;
    long.problem(400, "invalid_parameter");
    let other = desk.send(Method::POST, "/api/imports?filename=a.csv&path=b", "x").await;
    other.problem(400, "unknown_parameter");
}
