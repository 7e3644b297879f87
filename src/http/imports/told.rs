//! What an import says, which it says in English, in both languages.

use crate::{import::to_chinese, messages::Names};

/// A sentence beside its Chinese; the same twice where the catalogue does not know it.
pub(super) fn in_both_languages(sentence: &str) -> Names {
    Names {
        zh: to_chinese(sentence).unwrap_or_else(|| sentence.to_owned()),
        en: sentence.to_owned(),
    }
}
