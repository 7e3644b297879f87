//! A body with everything HTTP says about it: media type, strong entity tag per coding, caching, language.
//!
//! Owns conditional requests (RFC 9110, section 13): one place decides between 200 and 304 and between the codings.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, HttpBody},
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hyper::body::Frame;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    accepted::{Accepted, WORTH_COMPRESSING_BYTES},
    error::Problem,
};
use crate::{
    coding::{ContentCoding, Effort},
    messages::Lang,
};

/// What a body that is kept is offered in, the smallest first.
pub(super) const KEPT: [ContentCoding; 3] = [ContentCoding::Brotli, ContentCoding::Zstd, ContentCoding::Gzip];
/// Room for an answer of some features as JSON, bytes: what fits is written without moving it as it grows.
const JSON_ROOM: usize = 8_000;
/// Room for the headers of an answer: with it their table is made once and not grown.
const HEADERS: usize = 12;
/// What a body is offered in that is compressed for one answer, the quickest first.
const ONCE: [ContentCoding; 3] = [ContentCoding::Zstd, ContentCoding::Gzip, ContentCoding::Brotli];

/// What a request says about the representation it wants.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    accepted: Accepted,
    if_none_match: Vec<HeaderValue>,
}

impl Asked {
    fn of(headers: &HeaderMap) -> Self {
        Self {
            accepted: Accepted::of(headers),
            if_none_match: headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect(),
        }
    }

    /// The coding to answer in, of those on offer, the first of equals.
    pub(super) fn coding(&self, offered: &[ContentCoding]) -> ContentCoding {
        self.accepted.best(offered)
    }

    /// Whether the client has the representation with this tag already: weak comparison against a list or `*`.
    pub(super) fn has(&self, tag: &str) -> bool {
        let lines = self.if_none_match.iter().filter_map(|line| line.to_str().ok());
        lines
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag)
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// How long a client may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caching {
    /// Not at all: answers about a person's position, and of the moment.
    Never,
    /// As long as the server confirms it at each use.
    Revalidate,
    /// Shown at once while the server is asked behind it, and a day long while the server cannot be reached: pictures
    /// that a poor network should not take away. Whoever shows them must know otherwise how old they may be.
    Behind,
    /// For ever: the address changes with the content.
    Immutable,
}

impl Caching {
    pub(super) const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Never => "no-store",
            Self::Revalidate => "public, no-cache",
            // RFC 5861.
            Self::Behind => "public, max-age=0, stale-while-revalidate=600, stale-if-error=86400",
            Self::Immutable => "public, max-age=31536000, immutable",
        })
    }
}

/// A body in one or more codings, none of them copied for an answer.
#[derive(Debug, Clone)]
pub(super) struct Representation {
    plain: Bytes,
    coded: Vec<(ContentCoding, Bytes)>,
    /// The entity tag of the plain body, without its quotes.
    tag: String,
    media_type: HeaderValue,
    caching: Caching,
    lang: Option<Lang>,
}

impl Representation {
    /// A body that is not compressed yet, tagged by its content.
    pub(super) fn new(plain: impl Into<Bytes>, media_type: HeaderValue, caching: Caching) -> Self {
        let plain = plain.into();
        let tag = if caching == Caching::Never {
            String::new()
        } else {
            format!("{:016x}", xxh3_64(&plain))
        };
        Self {
            tag,
            plain,
            coded: Vec::new(),
            media_type,
            caching,
            lang: None,
        }
    }

    /// An answer as JSON.
    ///
    /// # Errors
    /// An internal problem where it cannot be written, which is a fault of ours.
    pub(super) fn json<T: Serialize>(answer: &T, caching: Caching) -> Result<Self, Problem> {
        let mut body = Vec::with_capacity(JSON_ROOM);
        serde_json::to_writer(&mut body, answer).map_err(Problem::internal)?;
        Ok(Self::new(body, HeaderValue::from_static("application/json"), caching))
    }

    /// The same in a language that was chosen for the client.
    pub(super) const fn in_language(mut self, lang: Lang) -> Self {
        self.lang = Some(lang);
        self
    }

    /// The same with gzip made ahead, for bodies that are answered often; nothing where that is not smaller.
    pub(super) fn compressed(self) -> Self {
        let gzip = self.pack(ContentCoding::Gzip, Effort::Kept);
        match gzip {
            Some(gzip) => self.with(ContentCoding::Gzip, gzip),
            None => self,
        }
    }

    /// The same with a coded form that was made elsewhere.
    pub(super) fn with(mut self, coding: ContentCoding, body: Bytes) -> Self {
        self.coded.push((coding, body));
        self
    }

    fn pack(&self, coding: ContentCoding, effort: Effort) -> Option<Bytes> {
        if coding == ContentCoding::Identity || self.plain.len() <= WORTH_COMPRESSING_BYTES {
            return None;
        }
        let packed = coding.encode(&self.plain, effort);
        (packed.len() < self.plain.len()).then(|| packed.into())
    }

    /// The answer: 304 where the client has it, else the body in the best coding that it takes and that is there.
    pub(super) fn answer(self, asked: &Asked) -> Response {
        let there = |coding: &ContentCoding| self.coded.iter().any(|(made, _)| made == coding);
        let offered: Vec<ContentCoding> = KEPT.into_iter().filter(there).collect();
        let coding = asked.coding(&offered);
        let coded = self.coded.into_iter().find(|(made, _)| *made == coding);
        let body = coded.map_or(self.plain, |(_, body)| body);
        let said = Said {
            tag: (self.caching != Caching::Never).then(|| coding.entity_tag(&self.tag)),
            coding,
            media_type: self.media_type,
            caching: self.caching,
        };
        let mut response = said.answer(body, asked);
        if let Some(lang) = self.lang {
            let headers = response.headers_mut();
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
            headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        }
        response
    }

    /// The same, compressing now where the client takes it and nothing was compressed ahead.
    pub(super) fn answer_compressing(self, asked: &Asked) -> Response {
        let coding = asked.coding(&ONCE);
        match self.pack(coding, Effort::Once).filter(|_| self.coded.is_empty()) {
            Some(packed) => self.with(coding, packed).answer(asked),
            None => self.answer(asked),
        }
    }
}

/// What is said of a body whose coding is settled.
#[derive(Debug)]
pub(super) struct Said {
    /// The entity tag of the body in its coding, with its quotes; `None` for what must not be kept.
    pub(super) tag: Option<String>,
    pub(super) coding: ContentCoding,
    pub(super) media_type: HeaderValue,
    pub(super) caching: Caching,
}

impl Said {
    /// The answer: 304 where the client has the body, else the body.
    pub(super) fn answer(self, body: Bytes, asked: &Asked) -> Response {
        let known = self.tag.as_deref().is_some_and(|tag| asked.has(tag));
        let mut response = if known {
            (StatusCode::NOT_MODIFIED, Body::new(Unsaid)).into_response()
        } else {
            with_body(body, self.coding, self.media_type)
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, self.caching.header());
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(tag) = self.tag.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

/// No body, and no word about its length: with 304 that would have to be the length of the body left out (RFC 9110,
/// section 8.6).
struct Unsaid;

impl HttpBody for Unsaid {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }
}

fn with_body(body: Bytes, coding: ContentCoding, media_type: HeaderValue) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(header::CONTENT_TYPE, media_type);
    if coding != ContentCoding::Identity {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.token()));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(header::HeaderName, &'static str)]) -> Asked {
        let map = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        Asked::of(&map.collect())
    }

    fn body() -> Representation {
        let caching = Caching::Revalidate;
        Representation::new("x".repeat(5_000), HeaderValue::from_static("text/plain"), caching).compressed()
    }

    #[test]
    fn each_coding_has_its_own_tag() {
        let plain = body().answer(&asked(&[]));
        let gzip = body().answer(&asked(&[(header::ACCEPT_ENCODING, "gzip")]));
        assert_ne!(plain.headers()[header::ETAG], gzip.headers()[header::ETAG]);
        assert_eq!(gzip.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    }

    #[test]
    fn a_known_tag_is_answered_304() {
        let tag = body().answer(&asked(&[])).headers()[header::ETAG]
            .to_str()
            .unwrap()
            .to_owned();
        let tag: &'static str = tag.leak();
        let weak: &'static str = format!("\"other\", W/{tag}").leak();
        for known in [tag, weak, "*"] {
            let response = body().answer(&asked(&[(header::IF_NONE_MATCH, known)]));
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(response.headers()[header::ETAG], tag);
            assert!(!response.headers().contains_key(header::CONTENT_TYPE));
        }
        let other = body().answer(&asked(&[(header::IF_NONE_MATCH, "\"other\"")]));
        assert_eq!(other.status(), StatusCode::OK);
        let gzip = asked(&[(header::IF_NONE_MATCH, tag), (header::ACCEPT_ENCODING, "gzip")]);
        assert_eq!(
            body().answer(&gzip).status(),
            StatusCode::OK,
            "another coding is another representation"
        );
    }

    #[test]
    fn what_must_not_be_kept_has_no_tag() {
        let answer = Representation::json(&1, Caching::Never)
            .unwrap()
            .answer(&asked(&[(header::IF_NONE_MATCH, "*")]));
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(!answer.headers().contains_key(header::ETAG));
    }
}
