//! Cross-origin access: anybody's page may read the API, the tiles and the styles; there are no cookies to abuse.
//! What operators do is for this server's own pages.

use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::imports::UPLOADS;

const OPEN: [&str; 5] = ["/api/", "/tiles/", "/styles/", "/fonts/", "/sprites/"];

/// A day: what is allowed does not change.
const PREFLIGHT_SECONDS: HeaderValue = HeaderValue::from_static("86400");

/// Whether pages of other origins may read what is at this path.
pub(super) fn is_open(path: &str) -> bool {
    OPEN.iter().any(|prefix| path.starts_with(prefix)) && !path.starts_with(UPLOADS)
}

/// Says so on an answer.
pub(super) fn open(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("etag, content-language, retry-after, x-request-id");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
}

/// The answer to a browser that asks whether it may; `None` for other requests.
pub(super) fn preflight<B>(request: &Request<B>) -> Option<Response> {
    let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if request.method() != Method::OPTIONS || !asks || !is_open(request.uri().path()) {
        return None;
    }
    let headers = [
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, HEAD"),
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("accept-language, if-none-match, x-request-id"),
        ),
        (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS),
    ];
    Some((StatusCode::NO_CONTENT, headers).into_response())
}
