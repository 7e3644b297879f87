//! What every request passes on its way in and every answer on its way out.
//!
//! In: a request id, the limits on query and body, the bound on requests at once, the time limit. Out: problems are
//! written in the client's language, and the answer is counted and logged.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use axum::{
    body::{Body, HttpBody as _},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;

use super::{
    App,
    allowance::Allowance,
    cors,
    error::{Code, Problem},
    language::Language,
    metrics::Route,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_REQUEST_ID: usize = 64;

/// Routes that answer however busy the server is, so that its keepers can see what is going on.
const ALWAYS_ANSWERED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// A request as the log and the metrics name it.
struct Label {
    method: Method,
    route: Route,
    uri: Uri,
}

/// The outermost layer.
pub(super) async fn border(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    name_host(&mut request);
    let id = request_id(&app, request.headers());
    let language = Language::of(request.uri().query(), request.headers());
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let label = Label {
        method: request.method().clone(),
        route: Route::of(matched),
        uri: request.uri().clone(),
    };
    let mut response = match cors::preflight(&request) {
        Some(response) => response,
        None => guarded(&app, request, next, &label).await,
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if let Some(cause) = problem.cause() {
            tracing::error!(request_id = id, path = label.uri.path(), cause, "the request failed");
        }
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem.write(language.0, &id);
        response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    }
    if cors::is_open(label.uri.path()) {
        cors::open(response.headers_mut());
    }
    if label.method == Method::HEAD {
        response = without_body(response);
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.extend(HeaderValue::from_str(&id).ok().map(|id| (REQUEST_ID, id)));
    record(&app, &label, &id, &response, started);
    response
}

/// HTTP/2 says the host in the address; links are made from the header (RFC 9113, section 8.3.1).
fn name_host(request: &mut Request) {
    let authority = request.uri().authority().map(Authority::as_str);
    if let Some(host) = authority.and_then(|authority| HeaderValue::from_str(authority).ok()) {
        request.headers_mut().entry(header::HOST).or_insert(host);
    }
}

fn record(app: &App, label: &Label, id: &str, response: &Response, started: Instant) {
    let elapsed = started.elapsed();
    app.metrics
        .request(label.route, &label.method, response.status(), elapsed);
    tracing::debug!(
        request_id = id,
        method = label.method.as_str(),
        path = label.uri.path(),
        // Positions and search words stay out of the log: it says which route was asked, not where somebody is.
        query_bytes = label.uri.query().map_or(0, str::len),
        status = response.status().as_u16(),
        bytes = response.body().size_hint().exact(),
        duration_us = elapsed.as_micros() as u64,
        "request"
    );
}

/// Checks the limits, then answers within the time limit, unless the route keeps limits of its own.
async fn guarded(app: &App, request: Request, next: Next, label: &Label) -> Response {
    let allowance = Allowance::of(&request);
    if let Err(problem) = check_limits(app, &request, allowance) {
        return problem.into_response();
    }
    let permit = app.requests.try_acquire();
    if permit.is_err() && !ALWAYS_ANSWERED.contains(&request.uri().path()) {
        return Problem::new(Code::Overloaded).into_response();
    }
    let answer = caught(next.run(request));
    let response = if matches!(allowance, Allowance::Ordinary | Allowance::Body(_)) {
        let answer = tokio::time::timeout(app.config.server.request_timeout, answer).await;
        answer.unwrap_or_else(|_| Problem::new(Code::TooSlow).into_response())
    } else {
        answer.await
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.extensions().get::<Problem>().is_none() {
        return not_allowed(response.headers(), label);
    }
    response
}

fn check_limits(app: &App, request: &Request, allowance: Allowance) -> Result<(), Problem> {
    let limits = &app.config.limits;
    let max_query = limits.max_query_bytes.0;
    if request.uri().query().is_some_and(|query| query.len() > max_query) {
        return Err(Problem::new(Code::QueryTooLong).with("max", max_query));
    }
    let max_body = match allowance {
        Allowance::Upload => limits.max_upload_bytes.0,
        Allowance::Body(most) => most.max(limits.max_body_bytes.0),
        Allowance::Ordinary | Allowance::Time => limits.max_body_bytes.0,
    };
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    if announced.is_some_and(|length| length.parse::<usize>().is_ok_and(|length| length > max_body)) {
        return Err(Problem::new(Code::BodyTooLarge).with("max", max_body));
    }
    if app.shutting_down.load(Ordering::Relaxed) && request.uri().path() == "/readyz" {
        return Err(Problem::new(Code::ShuttingDown));
    }
    Ok(())
}

fn not_allowed(headers: &HeaderMap, label: &Label) -> Response {
    let problem = Problem::new(Code::MethodNotAllowed)
        .with("method", &label.method)
        .with("path", label.uri.path());
    let mut response = problem.into_response();
    let allow = headers.get(header::ALLOW).cloned();
    response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    response
}

/// The client's id for the request where it is fit for a log line, else a new one.
fn request_id(app: &App, headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let fit = |id: &&str| {
        (1..=LONGEST_REQUEST_ID).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    given.filter(fit).map_or_else(|| app.new_request_id(), str::to_owned)
}

/// What HEAD answers: the headers of GET, with the length the body would have.
fn without_body(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body
        .size_hint()
        .exact()
        .filter(|_| !parts.headers.contains_key(header::CONTENT_LENGTH))
    {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, Body::empty())
}

/// The answer, or what is said in its place where the handler panics.
async fn caught(answer: impl Future<Output = Response>) -> Response {
    // What a handler shares is behind locks that outlive a panic, or is given back as it unwinds.
    let answer = AssertUnwindSafe(answer).catch_unwind().await;
    answer.unwrap_or_else(panicked)
}

/// A handler that panicked: an internal problem for the client, the message for the log.
#[expect(clippy::needless_pass_by_value, reason = "whoever catches it is its owner")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(format_args!("a handler panicked: {message}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_to_the_log_and_not_to_the_client() {
        let panics: [Box<dyn Any + Send>; 2] = [Box::new("row 7 of /srv"), Box::new("row 7 of /srv".to_owned())];
        for panic in panics {
            let response = panicked(panic);
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let problem = response.extensions().get::<Problem>().unwrap();
            assert!(problem.cause().unwrap().contains("row 7"));
        }
    }

    #[tokio::test]
    async fn a_handler_that_panics_at_any_time_is_answered_and_others_are_left_alone() {
        let panicking = |late: bool| async move {
            if late {
                tokio::task::yield_now().await;
            }
            panic!("row 7 of /srv")
        };
        for late in [false, true] {
            assert_eq!(
                caught(panicking(late)).await.status(),
                StatusCode::INTERNAL_SERVER_ERROR
            );
        }
        let fine = async { StatusCode::NO_CONTENT.into_response() };
        assert_eq!(caught(fine).await.status(), StatusCode::NO_CONTENT);
    }
}
