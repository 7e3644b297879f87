//! `/`: the web app, built by Vite and embedded in the binary.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::IntoResponse as _,
};
use bytes::Bytes;
use rust_embed::Embed;

use super::{
    App,
    error::{Code, Problem},
    path::Answer,
    representation::{Asked, Caching, Representation},
};
use crate::{
    coding::ContentCoding,
    messages::{Lang, text},
};

/// The web build. It may be missing: `cargo build` alone must work.
#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";

/// The build packs its texts with Brotli, each into a file beside it with this end.
const BROTLI: &str = ".br";

/// Files below this folder have a hash of their content in their name.
const HASHED: &str = "assets/";

/// What the app may load: from this server only. `MapLibre` makes images and workers from blobs, and sets style
/// attributes.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; \
     object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

/// The files of the web build, compressed once at start.
#[derive(Debug)]
pub(super) struct Assets(HashMap<String, Representation>);

impl Assets {
    /// Takes the files out of the binary. O(bytes), once.
    pub(super) fn load() -> Self {
        let files = Dist::iter().filter(|path| !path.ends_with(BROTLI));
        Self(
            files
                .filter_map(|path| Some((path.to_string(), asset(&path)?)))
                .collect(),
        )
    }

    /// A file, by its path without the slash before it.
    pub(super) fn get(&self, path: &str) -> Option<Representation> {
        self.0.get(path).cloned()
    }

    /// Whether the build has icons for the map.
    pub(super) fn has_sprites(&self) -> bool {
        self.0.contains_key("styles/sprite.json")
    }
}

fn asset(path: &str) -> Option<Representation> {
    let bytes = embedded(path)?;
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let media_type = match (mime.type_().as_str(), mime.subtype().as_str()) {
        ("text", subtype) => format!("text/{subtype}; charset=utf-8"),
        _ => mime.essence_str().to_owned(),
    };
    let caching = if path.starts_with(HASHED) {
        Caching::Immutable
    } else {
        Caching::Revalidate
    };
    let media_type = HeaderValue::from_str(&media_type).ok()?;
    let file = Representation::new(bytes, media_type, caching).compressed();
    Some(match embedded(&format!("{path}{BROTLI}")) {
        Some(packed) => file.with(ContentCoding::Brotli, packed),
        None => file,
    })
}

/// The bytes of a file, not copied where they lie in the binary.
fn embedded(path: &str) -> Option<Bytes> {
    Some(match Dist::get(path)?.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    })
}

/// Every address that is no route: a file of the web app, or nothing.
pub(super) async fn file(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Answer {
    let path = request.uri().path();
    let name = if path == "/" {
        INDEX
    } else {
        path.trim_start_matches('/')
    };
    let page = name == INDEX;
    let Some(asset) = app.assets.get(name).or_else(|| page.then(not_built)) else {
        return Err(Problem::new(Code::NotFound).with("path", path));
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
        return Ok((StatusCode::METHOD_NOT_ALLOWED, allow).into_response());
    }
    let mut response = asset.answer(&asked);
    if page {
        secure(response.headers_mut());
    }
    Ok(response)
}

/// Headers of every page of ours.
pub(super) fn secure(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// The page in place of a web app that was not built, in both languages.
fn not_built() -> Representation {
    let part = |lang: Lang| {
        let say = |key: &str| text(lang, &format!("page.not_built.{key}"), &[]);
        let (tag, title, detail) = (lang.tag(), say("title"), say("detail"));
        format!("<section lang=\"{tag}\"><h1>{title}</h1><p>{detail}</p><pre>make build</pre></section>")
    };
    let page = format!(
        "<!doctype html>\n<html lang=\"zh-Hans\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Refugia</title>\
         <body style=\"font:17px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem\">{}{}\
         <p><a href=\"/api/docs\">/api/docs</a></p>\n",
        part(Lang::Zh),
        part(Lang::En)
    );
    let media_type = HeaderValue::from_static("text/html; charset=utf-8");
    Representation::new(page, media_type, Caching::Revalidate)
}
