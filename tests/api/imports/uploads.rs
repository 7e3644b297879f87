//! How a file comes to the server, and how long it stays.

use std::{convert::Infallible, pin::Pin, task, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::Method,
};
use hyper::body::Frame;
use serde_json::json;

use super::{BEARER, Desk, SHELTERS, shelters};

/// A body that gives its pieces and then never ends.
struct Endless(Vec<&'static str>);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
    ) -> task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.pop() {
            Some(piece) => task::Poll::Ready(Some(Ok(Frame::data(Bytes::from(piece))))),
            None => task::Poll::Pending,
        }
    }
}

#[tokio::test]
async fn uploads_are_bounded_in_size_number_and_patience() {
    let flags = [
        ("max-upload-bytes", "100 KiB"),
        ("max-uploads", "2"),
        ("upload-timeout", "50ms"),
        ("request-timeout", "40ms"),
    ];
    let desk = Desk::with(&flags);
    // More than any other route takes, and less than this one does.
    let id = desk.upload("a.csv", vec![b'a'; 100 * 1024]).await;
    let path = "/api/imports?filename=a.csv";
    desk.send(Method::POST, path, vec![b'a'; 100 * 1024 + 1])
        .await
        .problem(413, "body_too_large");
    let announced = [BEARER, ("content-length", "200000")];
    desk.site
        .send(Method::POST, path, &announced)
        .await
        .problem(413, "body_too_large");
    let paused = desk.send(Method::POST, path, Body::new(Endless(vec!["b", "a"]))).await;
    paused.problem(400, "upload_cut");
    assert_eq!(
        desk.uploads().await["uploads"].as_array().unwrap().len(),
        1,
        "nothing is left of those"
    );
    desk.upload("b.csv", "b").await;
    desk.send(Method::POST, path, "c")
        .await
        .problem(409, "too_many_uploads");
    desk.send(Method::DELETE, &format!("/api/imports/{id}"), Body::empty())
        .await;
    desk.upload("c.csv", "c").await;
    // The options are an ordinary body.
    let reply = desk.preview("x", &json!({ "layer": "a".repeat(70_000) })).await;
    assert!(matches!(reply.status.as_u16(), 404 | 413), "{}", reply.text());
}

#[tokio::test]
async fn uploads_that_nobody_uses_expire() {
    let desk = Desk::with(&[("upload-lifetime", "1ms")]);
    let id = desk.upload("a.csv", SHELTERS).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    desk.preview(&id, &shelters()).await.problem(404, "unknown_upload");
    assert_eq!(desk.uploads().await["uploads"], json!([]));
}
