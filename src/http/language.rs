//! Which language an answer is in: `lang=` where given, else `Accept-Language`, else Chinese.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use utoipa::IntoParams;

use super::{
    error::Problem,
    query::{FromQuery, Values},
};
use crate::messages::Lang;

/// The words that `lang=` takes.
const WORDS: [(&str, Lang); 2] = [("zh", Lang::Zh), ("en", Lang::En)];

/// The language of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Language(pub(super) Lang);

impl Language {
    /// Read without complaint: a wrong `lang=` is refused by the route, and the refusal itself needs a language.
    pub(super) fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let asked = query.and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")));
        let chosen = asked.and_then(|word| WORDS.iter().find(|(known, _)| *known == word));
        Self(chosen.map_or_else(|| accepted(headers), |(_, lang)| *lang))
    }
}

/// The language as a parameter.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes a parameter that is read by hand")]
pub(super) struct LangParameter {
    /// Language of the words; follows `Accept-Language` where not given.
    #[param(inline)]
    lang: Option<Lang>,
}

/// Checks the `lang` parameter of a route that has one; [`Language`] has its value.
pub(super) fn check(values: &Values) -> Result<(), Problem> {
    values.word("lang", &WORDS).map(drop)
}

/// The query of a route that takes a language and nothing else.
#[derive(Debug)]
pub(super) struct InLanguage;

impl FromQuery for InLanguage {
    const NAMES: &'static [&'static str] = &["lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        check(values)?;
        Ok(Self)
    }
}

fn accepted(headers: &HeaderMap) -> Lang {
    let header = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    header.map_or_else(Lang::default, Lang::negotiate)
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.query(), &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_parameter_wins_over_the_header() {
        let mut headers = HeaderMap::new();
        assert_eq!(Language::of(None, &headers).0, Lang::Zh);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en-GB"));
        assert_eq!(Language::of(Some("lon=1"), &headers).0, Lang::En);
        assert_eq!(Language::of(Some("lon=1&lang=zh"), &headers).0, Lang::Zh);
        assert_eq!(Language::of(Some("lang=fr"), &headers).0, Lang::En);
    }
}
