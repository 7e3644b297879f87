//! A column's name in its parts.

use unicode_normalization::UnicodeNormalization;

use crate::import::normal::{fold, is_unspaced};

/// Languages and writings of names, folded.
const LANGUAGES: &[&str] = &[
    "英文",
    "英语",
    "en",
    "eng",
    "english",
    "中文",
    "汉语",
    "zh",
    "cn",
    "chi",
    "chinese",
    "日文",
    "日本语",
    "ja",
    "カナ",
    "かな",
    "kana",
    "拼音",
    "pinyin",
    "罗马字",
];

/// A name with its writing evened out: words of scripts without spaces run together, others stand apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnName {
    /// The name without remarks and numbers at its ends.
    pub(super) text: String,
    /// What stood in brackets, folded.
    pub(super) remarks: Vec<String>,
    /// Whether a number stood behind it, as in `name_1`.
    pub(super) is_numbered: bool,
    /// Whether its length is one at which Shapefiles cut names.
    pub(super) may_be_cut: bool,
}

impl ColumnName {
    pub(super) fn new(column: &str) -> Self {
        // A character that was cut in its middle.
        let whole = column.trim().trim_end_matches('\u{fffd}');
        let composed: String = whole.nfkc().collect();
        let (main, mut remarks) = without_remarks(&composed);
        let main = if main.trim().is_empty() && !remarks.is_empty() {
            remarks.remove(0)
        } else {
            main
        };
        // A language in brackets is a part of the name: 名称（英文）.
        let is_language = |remark: &String| LANGUAGES.contains(&fold(remark).as_str());
        let (languages, remarks): (Vec<String>, Vec<String>) = remarks.into_iter().partition(is_language);
        let mut parts = split(&[&[main][..], &languages[..]].concat().join(" "));
        let is_number = |part: &String| part.bytes().all(|byte| byte.is_ascii_digit());
        let before = parts.len();
        while parts.len() > 1 && parts.last().is_some_and(is_number) {
            parts.pop();
        }
        let is_numbered = parts.len() < before;
        while parts.len() > 1 && parts.first().is_some_and(is_number) {
            parts.remove(0);
        }
        Self {
            text: join(&parts),
            remarks: remarks.iter().map(|remark| join(&split(remark))).collect(),
            is_numbered,
            may_be_cut: may_be_cut(column, whole),
        }
    }

    /// Whether a word stands in it: of a script with spaces as a whole word.
    pub(super) fn has_word(&self, word: &str) -> bool {
        if word.is_ascii() {
            self.text.split(' ').any(|part| part == word)
        } else {
            self.text.contains(word)
        }
    }
}

/// dBase keeps ten bytes of a column's name: of UTF-8 or of a double-byte encoding, whole characters or not.
fn may_be_cut(column: &str, whole: &str) -> bool {
    let double_byte: usize = whole.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum();
    if column.is_ascii() {
        column.len() == 10
    } else {
        (8..=10).contains(&whole.len()) || (9..=10).contains(&double_byte) || column.ends_with('\u{fffd}')
    }
}

/// The text outside brackets, and what stands in them; a bracket that is not closed reaches to the end.
fn without_remarks(text: &str) -> (String, Vec<String>) {
    let (mut main, mut remarks) = (String::new(), Vec::new());
    let mut depth = 0_usize;
    for char in text.chars() {
        match char {
            '(' | '[' | '{' | '【' | '〔' | '「' | '《' | '<' => {
                if depth == 0 {
                    remarks.push(String::new());
                    main.push(' ');
                }
                depth += 1;
            }
            ')' | ']' | '}' | '】' | '〕' | '」' | '》' | '>' => depth = depth.saturating_sub(1),
            _ => match remarks.last_mut().filter(|_| depth > 0) {
                Some(remark) => remark.push(char),
                None => main.push(char),
            },
        }
    }
    (main, remarks)
}

/// Where a new part begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Unspaced,
    Upper,
    Lower,
    Digit,
    Between,
}

fn class(char: char) -> Class {
    if is_unspaced(char) {
        Class::Unspaced
    } else if char.is_ascii_digit() {
        Class::Digit
    } else if char.is_uppercase() {
        Class::Upper
    } else if char.is_alphanumeric() {
        Class::Lower
    } else {
        Class::Between
    }
}

/// The words of a name, folded: apart at punctuation, at a change of script, at digits and at `camelCase`.
fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut parts: Vec<String> = Vec::new();
    let mut last = Class::Between;
    for (index, char) in chars.iter().enumerate() {
        let now = class(*char);
        let next_is_lower = chars.get(index + 1).is_some_and(|next| class(*next) == Class::Lower);
        let goes_on = match (last, now) {
            (_, Class::Between) => {
                last = now;
                continue;
            }
            (Class::Upper, Class::Upper) => !next_is_lower,
            (Class::Upper, Class::Lower) => true,
            // `m2`, `km2`: a unit is one word.
            (_, Class::Digit) if *char == '2' && parts.last().is_some_and(|part| is_length(part)) => true,
            (last, now) => last == now,
        };
        match parts.last_mut().filter(|_| goes_on) {
            Some(part) => part.push(*char),
            None => parts.push(char.to_string()),
        }
        last = now;
    }
    parts.iter().map(|part| fold(part)).collect()
}

fn is_length(part: &str) -> bool {
    ["m", "km"].iter().any(|unit| part.eq_ignore_ascii_case(unit))
}

fn join(parts: &[String]) -> String {
    let mut text = String::new();
    for part in parts {
        let runs_on = |char: Option<char>| char.is_some_and(is_unspaced);
        let joined = runs_on(text.chars().next_back()) && runs_on(part.chars().next());
        if !text.is_empty() && !joined {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart_where_their_writers_meant() {
        for (column, text, remarks) in [
            ("施設・場所名", "施设场所名", &[] as &[&str]),
            ("避難所_名称", "避难所名称", &[]),
            ("容纳人数（人）", "容纳人数", &["人"]),
            ("Capacity (persons)", "capacity", &["persons"]),
            ("設施名稱 Name", "设施名称 name", &[]),
            ("name_1", "name", &[]),
            ("1.名称", "名称", &[]),
            ("ShelterID", "shelter id", &[]),
            ("GPSLat", "gps lat", &[]),
            ("FloodSusc", "flood susc", &[]),
            ("AREA_KM2", "area km2", &[]),
            ("面积m²", "面积 m2", &[]),
            ("共通ID", "共通 id", &[]),
            ("@id", "id", &[]),
            ("name:zh-Hans", "name zh hans", &[]),
            ("（名称）", "名称", &[]),
            ("名称（英文）", "名称英文", &[]),
            ("Name (EN)", "name en", &[]),
            ("容纳人数(", "容纳人数", &[""]),
            ("崖崩れ、土石流及び地滑り", "崖崩れ土石流及び地滑り", &[]),
        ] {
            let name = ColumnName::new(column);
            assert_eq!(name.text, text, "{column}");
            assert_eq!(name.remarks, remarks, "{column}");
        }
        assert!(ColumnName::new("name_1").is_numbered);
    }

    #[test]
    fn names_of_the_length_that_dbase_keeps_may_be_cut() {
        for cut in ["capacity_p", "容纳人", "避难场所名", "容纳人\u{fffd}"] {
            assert!(ColumnName::new(cut).may_be_cut, "{cut}");
        }
        for whole in ["capacity", "capacity_of_it", "名称", "容纳人数及面积等"] {
            assert!(!ColumnName::new(whole).may_be_cut, "{whole}");
        }
    }
}
