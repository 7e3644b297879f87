//! Reading query parameters strictly: unknown, repeated, missing, empty and ill-formed ones are refused by name before
//! any work is done.

use std::{borrow::Cow, ops::RangeInclusive, str::FromStr};

use axum::{extract::FromRequestParts, http::request::Parts};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::error::{Code, Problem};

/// The parameters of a route, read from a query.
pub(super) trait FromQuery: Sized {
    /// The names of all parameters the route has.
    const NAMES: &'static [&'static str];

    /// Reads them.
    fn from_query(values: &Values) -> Result<Self, Problem>;
}

/// Extracts the parameters of a route.
#[derive(Debug)]
pub(super) struct Strict<T>(pub(super) T);

impl<S: Sync, T: FromQuery> FromRequestParts<S> for Strict<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let values = Values::read(parts.uri.query().unwrap_or_default(), T::NAMES)?;
        T::from_query(&values).map(Self)
    }
}

/// For routes without parameters.
#[derive(Debug)]
pub(super) struct NoParameters;

impl FromQuery for NoParameters {
    const NAMES: &'static [&'static str] = &[];

    fn from_query(_: &Values) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// The values of a query, each name known and given once, none empty.
#[derive(Debug)]
pub(super) struct Values(Vec<(&'static str, String)>);

/// The most characters of a wrong value that an answer repeats.
const ECHOED_CHARS: usize = 60;

impl Values {
    fn read(query: &str, names: &'static [&'static str]) -> Result<Self, Problem> {
        let mut values: Vec<(&'static str, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let given = decode(name).unwrap_or(Cow::Borrowed(name));
            let Some(&name) = names.iter().find(|known| **known == given) else {
                let known = if names.is_empty() {
                    "-".to_owned()
                } else {
                    names.join(", ")
                };
                return Err(Problem::new(Code::UnknownParameter)
                    .about(&shortened(&given))
                    .with("known", known));
            };
            if values.iter().any(|(seen, _)| *seen == name) {
                return Err(Problem::new(Code::RepeatedParameter).about(name));
            }
            let value = decode(value).ok_or_else(|| invalid(name, "encoding"))?;
            if value.trim().is_empty() {
                return Err(invalid(name, "empty"));
            }
            values.push((name, value.into_owned()));
        }
        Ok(Self(values))
    }

    /// The text of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, value)| value.as_str())
    }

    /// The text of a parameter that must be given and may have at most `max_chars` characters.
    pub(super) fn required_text(&self, name: &str, max_chars: usize) -> Result<&str, Problem> {
        let text = self.text(name).ok_or_else(|| missing(name))?;
        if text.chars().count() > max_chars {
            return Err(invalid(name, "characters").with("max", max_chars));
        }
        Ok(text)
    }

    /// A finite number in a range.
    pub(super) fn number(&self, name: &str, range: RangeInclusive<f64>) -> Result<Option<f64>, Problem> {
        self.in_range(name, "number", range)
    }

    /// A whole number in a range.
    pub(super) fn whole_number(&self, name: &str, range: RangeInclusive<usize>) -> Result<Option<usize>, Problem> {
        self.in_range(name, "whole_number", range)
    }

    /// A number in a range that must be given.
    pub(super) fn required_number(&self, name: &str, range: RangeInclusive<f64>) -> Result<f64, Problem> {
        self.number(name, range)?.ok_or_else(|| missing(name))
    }

    /// One of a closed set of words.
    pub(super) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
            return Ok(Some(*meaning));
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Err(invalid(name, "word")
            .with("value", shortened(text))
            .with("known", known.join(", ")))
    }

    /// A point in time, RFC 3339. A `+` before its offset that came unescaped, and thus as a space, is understood.
    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let unescaped = || text.rsplit_once(' ').map(|(time, offset)| format!("{time}+{offset}"));
        let time = text.parse().ok();
        let time = time.or_else(|| unescaped()?.parse().ok());
        time.map(Some)
            .ok_or_else(|| invalid(name, "time").with("value", shortened(text)))
    }

    fn in_range<T>(&self, name: &str, kind: &'static str, range: RangeInclusive<T>) -> Result<Option<T>, Problem>
    where
        T: FromStr + PartialOrd + std::fmt::Display,
    {
        let Some(text) = self.text(name) else { return Ok(None) };
        // NaN is in no range and infinities are beyond every range asked for.
        match text.parse::<T>() {
            Ok(value) if range.contains(&value) => Ok(Some(value)),
            _ => Err(invalid(name, kind)
                .with("value", shortened(text))
                .with("min", range.start())
                .with("max", range.end())),
        }
    }
}

/// A parameter that must be given and is not.
pub(super) fn missing(name: &str) -> Problem {
    Problem::new(Code::MissingParameter).about(name)
}

/// A parameter whose value does not do, and why.
pub(super) fn invalid(name: &str, why: &'static str) -> Problem {
    Problem::new(Code::InvalidParameter).saying(why).about(name)
}

/// Form encoding undone; `None` where the bytes are not UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return percent_decode_str(&spaced)
            .decode_utf8()
            .ok()
            .map(|text| Cow::Owned(text.into_owned()));
    }
    percent_decode_str(text).decode_utf8().ok()
}

/// What of a wrong value an answer repeats.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= ECHOED_CHARS {
        text.to_owned()
    } else {
        text.chars().take(ECHOED_CHARS).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Values, Problem> {
        Values::read(query, &["q", "lon"])
    }

    #[test]
    fn values_are_decoded() {
        assert_eq!(read("q=%E7%A6%8F+a%2Bb").unwrap().text("q"), Some("福 a+b"));
        assert_eq!(read("").unwrap().text("q"), None);
        assert_eq!(read("lon=1e1").unwrap().number("lon", 0.0..=20.0).unwrap(), Some(10.0));
    }

    #[test]
    fn bad_parameters_are_refused_by_name() {
        let code = |query: &str| read(query).unwrap_err().code();
        assert_eq!(code("x=1"), Code::UnknownParameter);
        assert_eq!(code("=1"), Code::UnknownParameter);
        assert_eq!(code("q=1&q=1"), Code::RepeatedParameter);
        for query in ["q", "q=", "q=+", "q=%FF"] {
            assert_eq!(code(query), Code::InvalidParameter, "{query}");
        }
        for number in ["NaN", "inf", "-inf", "1e400", "21", "-1", "0x1", "1,5", "１"] {
            let values = read(&format!("lon={number}")).unwrap();
            assert!(values.number("lon", 0.0..=20.0).is_err(), "{number}");
        }
        assert!(read("lon=1.5").unwrap().whole_number("lon", 0..=20).is_err());
        assert!(read("q=abc").unwrap().required_text("q", 2).is_err());
        assert!(read("q=a").unwrap().required_number("lon", 0.0..=1.0).is_err());
    }
}
