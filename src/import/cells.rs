//! Single values: which type they are, and what people write for yes, no, numbers and the words of our vocabularies.

use std::borrow::Cow;

use crate::catalog::{Attribute, FieldKind, RawValue, Tri};

/// The type of a value; text that is written exactly as an integer, a decimal number, `true` or `false` counts as that.
/// Codes do not: a leading zero or plus, more than 15 digits, or an exponent keep it text.
pub(super) fn kind_of(value: &RawValue<'_>) -> FieldKind {
    match value {
        RawValue::Bool(_) => FieldKind::Bool,
        RawValue::Int(_) => FieldKind::Int,
        RawValue::Float(_) => FieldKind::Float,
        RawValue::Text(text) => kind_of_text(text.trim()),
    }
}

fn kind_of_text(text: &str) -> FieldKind {
    if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        return FieldKind::Bool;
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match text.strip_prefix('-').unwrap_or(text).split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.strip_prefix('-').unwrap_or(text), None),
    };
    let whole_is_plain = digits(whole) && (whole.len() == 1 || !whole.starts_with('0'));
    match fraction {
        None if whole_is_plain && whole.len() <= 15 => FieldKind::Int,
        Some(fraction) if whole_is_plain && digits(fraction) && whole.len() <= 15 => FieldKind::Float,
        _ => FieldKind::Text,
    }
}

/// A value as its column's type; `None` where it cannot be, which the survey has ruled out.
pub(super) fn of_kind(value: RawValue<'static>, kind: FieldKind) -> Option<RawValue<'static>> {
    Some(match (kind, value) {
        (FieldKind::Text, value) => RawValue::Text(Cow::Owned(value.to_text().into_owned())),
        (FieldKind::Bool, RawValue::Text(text)) => RawValue::Bool(text.trim().to_ascii_lowercase().parse().ok()?),
        (FieldKind::Int, RawValue::Text(text)) => RawValue::Int(text.trim().parse().ok()?),
        (FieldKind::Float, RawValue::Text(text)) => RawValue::Float(text.trim().parse().ok()?),
        (FieldKind::Float, RawValue::Int(value)) => RawValue::Float(value as f64),
        (FieldKind::Bool, value @ RawValue::Bool(_))
        | (FieldKind::Int, value @ RawValue::Int(_))
        | (FieldKind::Float, value @ RawValue::Float(_)) => value,
        _ => return None,
    })
}

/// Units that people write behind a number.
const UNITS: &[&str] = &[
    "平方公尺",
    "平方米",
    "persons",
    "people",
    "公尺",
    "m²",
    "m2",
    "㎡",
    "人",
    "名",
    "米",
    "m",
];

/// A number, with thousands separators and a unit left off.
pub(super) fn number(value: &RawValue<'_>) -> Option<f64> {
    match value {
        RawValue::Int(value) => Some(*value as f64),
        RawValue::Float(value) => Some(*value),
        RawValue::Bool(_) => None,
        RawValue::Text(text) => {
            let text = text.trim();
            let bare = UNITS
                .iter()
                .find_map(|unit| text.strip_suffix(unit))
                .unwrap_or(text)
                .trim_end();
            let plain = without_separators(bare)?;
            let is_decimal = plain
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
            plain
                .parse()
                .ok()
                .filter(|number: &f64| is_decimal && number.is_finite())
        }
    }
}

/// Takes out commas that stand before groups of three digits; `None` where they stand otherwise.
fn without_separators(text: &str) -> Option<String> {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split([',', '，']);
    groups.next();
    groups
        .all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.replace([',', '，'], ""))
}

/// Yes, no or unknown as registers write it; `None` for anything else.
pub(super) fn tri(value: &RawValue<'_>) -> Option<Tri> {
    let text = match value {
        RawValue::Bool(value) => return Some(if *value { Tri::Yes } else { Tri::No }),
        RawValue::Float(_) => return None,
        value => value.to_text().to_lowercase(),
    };
    match text.as_str() {
        "1" | "yes" | "y" | "true" | "t" | "是" | "有" | "适用" | "適用" | "可" | "○" | "◯" | "〇" | "◎" | "√"
        | "✓" => Some(Tri::Yes),
        "0" | "no" | "n" | "false" | "f" | "否" | "无" | "無" | "不适用" | "不適用" | "不可" | "×" | "✕" | "✗"
        | "x" => Some(Tri::No),
        "" | "unknown" | "未知" | "不明" | "未确认" | "-" | "－" => Some(Tri::Unknown),
        _ => None,
    }
}

/// What registers write for the words of the vocabularies.
const WORDS: &[(Attribute, &[(&str, &str)])] = &[
    (
        Attribute::Grade,
        &[
            ("省", "province"),
            ("市", "city"),
            ("地市", "city"),
            ("设区市", "city"),
            ("县", "county"),
            ("區", "county"),
            ("区", "county"),
            ("县区", "county"),
            ("乡镇", "township"),
            ("乡", "township"),
            ("镇", "township"),
            ("街道", "township"),
            ("乡镇（街道）", "township"),
            ("乡镇街道", "township"),
            ("村", "village"),
            ("社区", "village"),
            ("村（社区）", "village"),
            ("村社区", "village"),
        ],
    ),
    (
        Attribute::Space,
        &[
            ("室内", "indoor"),
            ("室內", "indoor"),
            ("屋内", "indoor"),
            ("室外", "outdoor"),
            ("屋外", "outdoor"),
        ],
    ),
    (
        Attribute::Function,
        &[("综合", "comprehensive"), ("单一", "single"), ("特定", "specific")],
    ),
    (
        Attribute::Duration,
        &[
            ("紧急", "emergency"),
            ("应急", "emergency"),
            ("短期", "short"),
            ("长期", "long"),
        ],
    ),
    (
        Attribute::LegalKind,
        &[
            ("紧急避险", "flee"),
            ("指定緊急避難場所", "flee"),
            ("转移安置", "stay"),
            ("指定避難所", "stay"),
        ],
    ),
    (
        Attribute::Status,
        &[
            ("规划中", "planned"),
            ("待命", "standby"),
            ("备用", "standby"),
            ("开放", "open"),
            ("已开放", "open"),
            ("启用", "open"),
            ("已满", "full"),
            ("关闭", "closed"),
            ("已关闭", "closed"),
            ("不安全", "unsafe"),
            ("未知", "unknown"),
            ("未确认", "unknown"),
        ],
    ),
    (
        Attribute::AdminLevel,
        &[
            ("省", "province"),
            ("市", "city"),
            ("县", "county"),
            ("区", "county"),
            ("乡镇", "township"),
            ("村", "village"),
        ],
    ),
];

/// A word of an attribute's vocabulary, given in English or as Chinese registers write it (`县级`, `综合性`).
pub(super) fn word(attribute: Attribute, text: &str) -> Option<&'static str> {
    let lower = text.trim().to_lowercase();
    if let Some(word) = attribute.words()?.iter().find(|word| **word == lower) {
        return Some(word);
    }
    let stem = ["级", "性", "型"]
        .iter()
        .find_map(|suffix| lower.strip_suffix(suffix))
        .unwrap_or(&lower);
    let (_, words) = WORDS.iter().find(|(known, _)| *known == attribute)?;
    words
        .iter()
        .find(|(written, _)| *written == stem || *written == lower)
        .map(|(_, word)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> RawValue<'_> {
        RawValue::Text(text.into())
    }

    #[test]
    fn codes_stay_text_and_plain_numbers_do_not() {
        for code in [
            "0592",
            "+86",
            "1e5",
            "350100000000000000",
            "1.",
            ".5",
            "-",
            "12a",
            "",
            "１",
        ] {
            assert_eq!(kind_of(&text(code)), FieldKind::Text, "{code}");
        }
        for (plain, kind) in [
            ("0", FieldKind::Int),
            (" -12 ", FieldKind::Int),
            ("0.50", FieldKind::Float),
            ("-3.25", FieldKind::Float),
            ("TRUE", FieldKind::Bool),
        ] {
            assert_eq!(kind_of(&text(plain)), kind, "{plain}");
            assert!(of_kind(text(plain).into_owned(), kind).is_some(), "{plain}");
        }
    }

    #[test]
    fn numbers_are_read_with_separators_and_units() {
        for (written, value) in [
            ("1,200人", 1200.0),
            ("300 名", 300.0),
            ("12.5㎡", 12.5),
            ("-1", -1.0),
            ("1，000", 1000.0),
        ] {
            assert_eq!(number(&text(written)), Some(value), "{written}");
        }
        for written in ["约300", "12,34", "inf", "NaN", "1e3", "", "人", "3-5"] {
            assert_eq!(number(&text(written)), None, "{written}");
        }
    }

    #[test]
    fn flags_and_words_are_understood() {
        assert_eq!(tri(&RawValue::Int(1)), Some(Tri::Yes));
        assert_eq!(tri(&text("×")), Some(Tri::No));
        assert_eq!(tri(&text(" ")), Some(Tri::Unknown));
        assert_eq!(tri(&text("maybe")), None);
        assert_eq!(word(Attribute::Grade, "县级"), Some("county"));
        assert_eq!(word(Attribute::Function, "综合性"), Some("comprehensive"));
        assert_eq!(word(Attribute::Status, "Open"), Some("open"));
        assert_eq!(word(Attribute::Status, "坏"), None);
        for (attribute, words) in WORDS {
            for (_, word) in *words {
                assert!(attribute.words().unwrap().contains(word), "{attribute} {word}");
            }
        }
    }
}
