//! A body with everything HTTP says about it: media type, strong entity tag per coding, caching, language.
//!
//! Owns conditional requests (RFC 9110, section 13): one place decides between 200 and 304 and between gzip and plain.

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
use flate2::Compression;
use hyper::body::Frame;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    encoding::{WORTH_COMPRESSING_BYTES, accepts_gzip, gzip},
    error::Problem,
};
use crate::messages::Lang;

/// What a request says about the representation it wants.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    takes_gzip: bool,
    if_none_match: Vec<HeaderValue>,
}

impl Asked {
    fn of(headers: &HeaderMap) -> Self {
        Self {
            takes_gzip: accepts_gzip(headers),
            if_none_match: headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect(),
        }
    }

    /// The coding of an answer that is there in both.
    pub(super) const fn coding(&self) -> Coding {
        if self.takes_gzip {
            Coding::Gzip
        } else {
            Coding::Identity
        }
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
    /// For ever: the address changes with the content.
    Immutable,
}

impl Caching {
    pub(super) const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Never => "no-store",
            Self::Revalidate => "public, no-cache",
            Self::Immutable => "public, max-age=31536000, immutable",
        })
    }
}

/// A body, plain and maybe compressed.
#[derive(Debug, Clone)]
pub(super) struct Representation {
    plain: Bytes,
    gzip: Option<Bytes>,
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
            gzip: None,
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
        let body = serde_json::to_vec(answer).map_err(Problem::internal)?;
        Ok(Self::new(body, HeaderValue::from_static("application/json"), caching))
    }

    /// A body in both codings with a tag known without looking at it.
    pub(super) fn tagged(tag: String, plain: Bytes, gzip: Bytes, media_type: HeaderValue, caching: Caching) -> Self {
        Self {
            plain,
            gzip: Some(gzip),
            tag,
            media_type,
            caching,
            lang: None,
        }
    }

    /// The same in a language that was chosen for the client.
    pub(super) const fn in_language(mut self, lang: Lang) -> Self {
        self.lang = Some(lang);
        self
    }

    /// The same with its compressed form made ahead, for bodies that are answered often.
    pub(super) fn compressed(mut self, level: Compression) -> Self {
        if self.plain.len() > WORTH_COMPRESSING_BYTES {
            self.gzip = gzip(&self.plain, level);
        }
        self
    }

    /// The answer: 304 where the client has it, else the body in the coding it takes.
    pub(super) fn answer(self, asked: &Asked) -> Response {
        let keeps = self.caching != Caching::Never;
        let (body, coding) = match self.gzip.filter(|_| asked.takes_gzip) {
            Some(gzip) => (gzip, Coding::Gzip),
            None => (self.plain, Coding::Identity),
        };
        let tag = coding.tag(&self.tag);
        let mut response = if keeps && asked.has(&tag) {
            (StatusCode::NOT_MODIFIED, Body::new(Unsaid)).into_response()
        } else {
            with_body(body, coding, self.media_type)
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, self.caching.header());
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(lang) = self.lang {
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
            headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        }
        if keeps && let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        response
    }

    /// The same, compressing now where the client takes it and nothing was compressed ahead.
    pub(super) fn answer_compressing(self, asked: &Asked) -> Response {
        if asked.takes_gzip && self.gzip.is_none() {
            self.compressed(Compression::fast()).answer(asked)
        } else {
            self.answer(asked)
        }
    }
}

/// How a body is coded on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
}

impl Coding {
    /// The strong entity tag, with its quotes: each coding has its own (RFC 9110, section 8.8.3.3).
    pub(super) fn tag(self, tag: &str) -> String {
        match self {
            Self::Identity => format!("\"{tag}\""),
            Self::Gzip => format!("\"{tag}-gzip\""),
        }
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

fn with_body(body: Bytes, coding: Coding, media_type: HeaderValue) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    if coding == Coding::Gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
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
        Representation::new("x".repeat(5_000), HeaderValue::from_static("text/plain"), caching)
            .compressed(Compression::fast())
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
