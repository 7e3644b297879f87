//! Folding: bringing names and queries to one form, so that comparing them is comparing text.
//!
//! Owns the one form of a name for the whole house: what the search takes for equal the import takes for equal too.
//!
//! Full-width and half-width forms, upper and lower case, and accents (pinyin tones among them) are made equal
//! (Unicode NFKC, UAX #15); punctuation separates words; apostrophes vanish (`Xi'an`).

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Whether the character belongs to a script written without spaces (Han, kana), so that a match may begin at it.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x3005..=0x3007 | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// The folded words of a text: runs of letters and digits.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in plain(text).chars() {
        if ('一'..='\u{9fff}').contains(&c) || c.is_alphanumeric() {
            word.push(c);
        } else if !is_apostrophe(c) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Words put together again: with a space, but for scripts that are written without.
pub(crate) fn join(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        let spaced = |c: Option<char>| c.is_some_and(|c| !is_unspaced(c));
        if spaced(text.chars().next_back()) && spaced(word.chars().next()) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// A text folded whole.
pub(crate) fn fold(text: &str) -> String {
    join(&words(text))
}

/// Whether normalisation and folding to lower case leave the character as it is, whatever stands beside it: ASCII but
/// for capitals, Han that is not a compatibility form, and kana that no sound mark follows.
pub(crate) fn is_plain(c: char) -> bool {
    matches!(c, '\0'..='@' | '['..='\x7f' | '々' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '一'..='\u{9fff}')
}

/// NFKC, lower case, without accents; letters whose stroke is no accent in Unicode are spelt out.
fn plain(text: &str) -> Cow<'_, str> {
    // Most names are plain already, and the tables of Unicode take ten times as long.
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    if text.chars().all(|c| is_plain(c) || c.is_ascii()) {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Owned(normalised(text))
}

fn normalised(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let bare: String = lower.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
    let spelt_out = bare.nfc().flat_map(|c| {
        let (first, second) = match c {
            'ß' => ('s', Some('s')),
            'æ' => ('a', Some('e')),
            'œ' => ('o', Some('e')),
            'ø' => ('o', None),
            'ł' => ('l', None),
            'đ' => ('d', None),
            'ı' => ('i', None),
            other => (other, None),
        };
        std::iter::once(first).chain(second)
    });
    spelt_out.collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_take_for_equal_folds_equal() {
        for (text, folded) in [
            ("ＦＺ－００１", "fz 001"),
            ("Fúzhōu  Shì", "fuzhou shi"),
            ("Xi'an", "xian"),
            ("福州 （东区）", "福州东区"),
            ("福州 Apple Store", "福州apple store"),
            ("Größe Łódź Søndre", "grosse lodz sondre"),
            (" ·， ", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
        assert_eq!(words("福州 一中"), ["福州", "一中"]);
    }

    proptest! {
        #[test]
        fn the_short_way_is_the_long_way(text in "[a-zA-Z0-9 ,.'一-龥ぁ-ヿ々Ａ-ｚéü·\u{3099}\u{301}]{0,12}") {
            prop_assert_eq!(plain(&text), normalised(&text));
        }
    }
}
