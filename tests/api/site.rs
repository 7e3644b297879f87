//! A server in process, and what its answers are looked at with.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use refugia::{
    config::{Config, Layers},
    http::{App, router},
};
use serde_json::Value;
use tower::ServiceExt as _;

pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    router: Router,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Site {
    /// Testland.
    pub(crate) fn tiny() -> Self {
        Self::of("tests/fixtures/packs/tiny", &[])
    }

    /// The isles on both sides of the antimeridian.
    pub(crate) fn dateline() -> Self {
        Self::of("tests/fixtures/packs/dateline", &[])
    }

    /// A pack of this repository or elsewhere, with settings as flags.
    pub(crate) fn of(pack: &str, flags: &[(&str, &str)]) -> Self {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(pack);
        let flags = flags
            .iter()
            .map(|(flag, value)| ((*flag).to_owned(), (*value).to_owned()));
        let region = ("region".to_owned(), dir.display().to_string());
        let config = Config::resolve(&Layers::default().with_flags(flags.chain([region]))).unwrap();
        let app = App::load(config).unwrap();
        Self {
            router: router(Arc::clone(&app)),
            app,
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send_body(method, path, headers, Body::empty()).await
    }

    pub(crate) async fn send_body(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "map.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(Method::GET, path, headers).await
    }

    /// The JSON of a 200, in English.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let reply = self.get_with(path, &[("accept-language", "en")]).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/json", "{path}");
        reply.json()
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// All values of a header that may stand on several lines.
    pub(crate) fn vary(&self) -> String {
        let lines = self.headers.get_all("vary").iter().map(|value| value.to_str().unwrap());
        lines.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Checks that the answer is a problem with this status and code, and gives its parameter.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Option<String> {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["type"], format!("/api/docs#{code}"));
        for words in ["title", "detail"] {
            let text = problem[words].as_str().unwrap();
            assert!(
                !text.is_empty() && !text.contains(['{', '}']) && !text.starts_with("problem."),
                "{problem}"
            );
        }
        problem["parameter"].as_str().map(str::to_owned)
    }
}
