//! The message catalogue: every word a user sees, in Chinese (simplified) and English side by side.
//!
//! Owns the languages, their negotiation and the lookup. The words live in `messages/*.json`, one file per subject,
//! each entry `"key": {"zh": …, "en": …}` with `{name}` placeholders; the web app reads the same files. Log lines and
//! command-line output are for operators and stay in English.

use std::{collections::HashMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The languages that Refugia speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese, simplified.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language of a tag like `zh`, `zh-Hans-CN` or `en_GB`; `None` for any other language.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Some(Self::Zh)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The language that an `Accept-Language` header (RFC 9110, section 12.5.4) prefers of ours; Chinese, the language
    /// of the first deployment, where it names neither.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let Some(lang) = parts.next().and_then(Self::from_tag) else {
                continue;
            };
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0_f32));
            if quality > 0.0 && best.is_none_or(|(q, _)| quality > q) {
                best = Some((quality, lang));
            }
        }
        best.map_or_else(Self::default, |(_, lang)| lang)
    }

    /// The tag for `Content-Language` and the `lang` attribute.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-Hans",
            Self::En => "en",
        }
    }
}

/// One thing's name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Chinese, simplified.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Names {
    /// The name in a language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

type Catalogue = HashMap<String, Names>;

/// Files of the catalogue; a key stands in one of them only (a test keeps it so).
const FILES: [&str; 5] = [
    include_str!("messages/advice.json"),
    include_str!("messages/app.json"),
    include_str!("messages/errors.json"),
    include_str!("messages/report.json"),
    include_str!("messages/words.json"),
];

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    FILES
        .iter()
        .flat_map(|file| serde_json::from_str::<Catalogue>(file).expect("checked by a test"))
        .collect()
});

/// Both languages of a message, or `None` where the catalogue has no such key.
pub fn names(key: &str) -> Option<&'static Names> {
    CATALOGUE.get(key)
}

/// Every message whose key begins so, with its key, in no order.
pub(crate) fn beginning_with(prefix: &str) -> impl Iterator<Item = (&'static str, &'static Names)> {
    let messages = CATALOGUE.iter().filter(move |(key, _)| key.starts_with(prefix));
    messages.map(|(key, names)| (key.as_str(), names))
}

/// The message in a language with its `{placeholders}` filled in; the key itself where the catalogue lacks it, so
/// that a slip shows on the screen and never fails an answer.
pub fn text(lang: Lang, key: &str, params: &[(&str, &str)]) -> String {
    let Some(names) = names(key) else { return key.to_owned() };
    let mut message = names.get(lang).to_owned();
    for (name, value) in params {
        message = message.replace(&format!("{{{name}}}"), value);
    }
    message
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(message: &str) -> BTreeSet<&str> {
        message
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn every_message_stands_once_and_says_the_same_in_both_languages() {
        let mut seen = BTreeSet::new();
        for file in FILES {
            let entries: Vec<(String, Names)> =
                serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(file)
                    .unwrap()
                    .into_iter()
                    .map(|(key, value)| (key, serde_json::from_value(value).unwrap()))
                    .collect();
            for (key, names) in entries {
                assert_eq!(placeholders(&names.zh), placeholders(&names.en), "{key}");
                assert!(!names.zh.trim().is_empty() && !names.en.trim().is_empty(), "{key}");
                assert!(seen.insert(key.clone()), "{key} stands in two files");
            }
        }
    }

    #[test]
    fn the_preferred_language_is_taken_by_quality() {
        assert_eq!(Lang::negotiate("fr, en-GB;q=0.8, zh;q=0.9"), Lang::Zh);
        assert_eq!(Lang::negotiate("en-US,en;q=0.9,zh;q=0.1"), Lang::En);
        assert_eq!(Lang::negotiate("zh;q=0, en;q=0.1"), Lang::En);
        assert_eq!(Lang::negotiate("fr"), Lang::Zh);
        assert_eq!(Lang::negotiate(""), Lang::Zh);
    }

    #[test]
    fn placeholders_are_filled_in() {
        assert_eq!(text(Lang::En, "no.such.key", &[]), "no.such.key");
        assert_eq!(text(Lang::En, "kind.storm_surge", &[]), "Storm surge");
    }
}
