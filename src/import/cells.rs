//! Single values: which type they are, and what people write for yes, no, numbers, days and the words of our
//! vocabularies.
//!
//! Reading never makes knowledge: what is blank, or stands for blank, is unknown, and what is not understood is told as
//! such to the caller, never guessed.

mod date;
mod list;
mod number;
mod word;

use std::borrow::Cow;

pub(super) use self::{
    date::date,
    list::{Cell, list},
    number::{Dimension, Quantity, Unit, header_unit, number},
    word::word,
};
use super::normal::fold;
use crate::catalog::{FieldKind, RawValue, Tri};

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

/// A value as its column's type; given back where it cannot be, which the survey has ruled out.
pub(super) fn of_kind(value: RawValue<'static>, kind: FieldKind) -> Result<RawValue<'static>, RawValue<'static>> {
    let converted = match (kind, &value) {
        (FieldKind::Text, RawValue::Text(text)) if text.trim().len() == text.len() => return Ok(value),
        (FieldKind::Bool, RawValue::Bool(_))
        | (FieldKind::Int, RawValue::Int(_))
        | (FieldKind::Float, RawValue::Float(_)) => return Ok(value),
        (FieldKind::Text, value) => Some(RawValue::Text(Cow::Owned(value.to_text().into_owned()))),
        (FieldKind::Bool, RawValue::Text(text)) => text.trim().to_ascii_lowercase().parse().ok().map(RawValue::Bool),
        (FieldKind::Int, RawValue::Text(text)) => text.trim().parse().ok().map(RawValue::Int),
        (FieldKind::Float, RawValue::Text(text)) => text.trim().parse().ok().map(RawValue::Float),
        (FieldKind::Float, RawValue::Int(value)) => Some(RawValue::Float(*value as f64)),
        _ => None,
    };
    converted.ok_or(value)
}

/// What people write where they know nothing, folded. In a column of numbers, days, names, addresses, telephone numbers
/// and the like it is blank. 无 is among them there, and only there: in a column of yes and no it means no.
const PLACEHOLDERS: &[&str] = &[
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "/",
    "//",
    "\\",
    "*",
    "?",
    "...",
    "n/a",
    "#n/a",
    "null",
    "none",
    "nil",
    "nan",
    "unknown",
    "无",
    "无数据",
    "暂无",
    "不详",
    "不明",
    "未知",
    "未填",
    "未提供",
    "待定",
    "待查",
    "待补",
    "なし",
];

/// Whether a text only says that nothing is known; only for the kinds of columns that [`PLACEHOLDERS`] names.
pub(super) fn is_placeholder(text: &str) -> bool {
    // Every placeholder is short; most values are not.
    text.len() <= 12 && PLACEHOLDERS.contains(&fold(text).as_str())
}

/// Yes, no or unknown as registers write it; `None` for anything else.
pub(super) fn tri(value: &RawValue<'_>) -> Option<Tri> {
    match value {
        RawValue::Bool(value) => Some(if *value { Tri::Yes } else { Tri::No }),
        RawValue::Float(_) => None,
        value => tri_word(&fold(&value.to_text())),
    }
}

/// The same for a folded text.
fn tri_word(folded: &str) -> Option<Tri> {
    Some(match folded {
        "1" | "yes" | "y" | "true" | "t" | "是" | "有" | "有り" | "あり" | "适用" | "适合" | "可" | "可能" | "○"
        | "◯" | "〇" | "◎" | "●" | "√" | "✓" | "✔" | "☑" => Tri::Yes,
        "0" | "no" | "n" | "false" | "f" | "否" | "无" | "无し" | "なし" | "不适用" | "不适合" | "不可" | "不可能"
        | "×" | "✕" | "✗" | "✖" | "x" => Tri::No,
        "" | "unknown" | "未知" | "不明" | "不详" | "未确认" | "待定" | "待查" | "未填" | "n/a" | "null" | "-"
        | "--" | "—" | "——" | "–" => Tri::Unknown,
        _ => return None,
    })
}

/// Whether a text is made like a telephone number: six digits at least, and only what stands between them.
pub(super) fn is_phone(text: &str) -> bool {
    let folded = fold(text);
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let between = |char: char| {
        matches!(
            char,
            '-' | '+' | '(' | ')' | ' ' | '/' | ',' | ';' | '、' | '转' | '#' | '*' | '.'
        )
    };
    let rest = folded.replace("ext", "");
    digits >= 6 && rest.chars().all(|char| char.is_ascii_digit() || between(char))
}

/// Whether a text is made like the code of an administrative area: 6, 9 or 12 digits in China (GB/T 2260, village
/// codes), 5 or 6 in Japan, 5 to 11 in Taiwan.
pub(super) fn is_admin_code(text: &str) -> bool {
    (5..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::Attribute;

    pub(super) fn text(text: &str) -> RawValue<'_> {
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
            assert!(of_kind(text(plain).into_owned(), kind).is_ok(), "{plain}");
        }
    }

    #[test]
    fn flags_are_understood() {
        for (written, meant) in [
            ("１", Some(Tri::Yes)),
            ("○", Some(Tri::Yes)),
            ("適用", Some(Tri::Yes)),
            ("×", Some(Tri::No)),
            ("無", Some(Tri::No)),
            ("不適用", Some(Tri::No)),
            (" ", Some(Tri::Unknown)),
            ("－", Some(Tri::Unknown)),
            ("N/A", Some(Tri::Unknown)),
            ("不詳", Some(Tri::Unknown)),
            ("△", None),
            ("2", None),
            ("maybe", None),
        ] {
            assert_eq!(tri(&text(written)), meant, "{written}");
        }
        assert_eq!(tri(&RawValue::Int(1)), Some(Tri::Yes));
        assert_eq!(tri(&RawValue::Float(1.0)), None);
    }

    #[test]
    fn telephone_numbers_and_codes_are_told_by_their_make() {
        for phone in [
            "0591-87654321",
            "（02）2345-6789",
            "＋86 591 8765 4321",
            "02-27208889 ext 1234",
            "110转120119",
        ] {
            assert!(is_phone(phone), "{phone}");
        }
        for other in ["12345", "无", "张三 13900000000", ""] {
            assert!(!is_phone(other), "{other}");
        }
        assert!(is_admin_code("350102") && is_admin_code("350102001001") && is_admin_code("40130"));
        assert!(!is_admin_code("1") && !is_admin_code("35010a") && !is_admin_code("1234567890123"));
    }

    #[test]
    fn what_people_write_where_they_know_nothing_is_written_folded() {
        for placeholder in PLACEHOLDERS {
            assert_eq!(fold(placeholder), *placeholder);
        }
        for written in ["－", "N/A", "NULL", "無", "不詳", "—"] {
            assert!(is_placeholder(written), "{written}");
        }
        assert!(!is_placeholder("0") && !is_placeholder("无锡") && !is_placeholder("大无村"));
    }

    proptest! {
        /// Whatever stands for blank is never read as a number, a day, a word, a yes, or, but for 无, a no.
        #[test]
        fn blanks_and_placeholders_are_never_knowledge(
            index in 0..PLACEHOLDERS.len() + 3,
            before in "[ \u{3000}\t]{0,3}",
            after in "[ \u{3000}\t]{0,3}",
            upper in any::<bool>(),
        ) {
            let bare = PLACEHOLDERS.get(index).copied().unwrap_or_default();
            let bare = if upper { bare.to_uppercase() } else { bare.to_owned() };
            let written = format!("{before}{bare}{after}");
            let value = text(&written);
            prop_assert_eq!(number(&value), None);
            prop_assert_eq!(date(&written), None);
            for attribute in Attribute::ALL {
                let read = word(*attribute, &written);
                prop_assert!(matches!(read, None | Some("unknown")), "{} {:?}", attribute, read);
            }
            prop_assert_ne!(tri(&value), Some(Tri::Yes));
            if !matches!(bare.as_str(), "无" | "なし") {
                prop_assert_ne!(tri(&value), Some(Tri::No));
            }
            for listed in [super::super::words::Listed::Hazards, super::super::words::Listed::Facilities] {
                let cell = list(listed, &written);
                prop_assert!(cell.said.is_empty());
            }
        }

        /// Any text at all: a number that is read has its digits in the text, a day that is read its year.
        #[test]
        fn nothing_is_read_that_is_not_there(written in "[0-9０-９,，.约人万亩㎡-]{0,8}|.{0,12}") {
            if let Some(read) = number(&text(&written)) {
                prop_assert!(fold(&written).chars().any(|char| char.is_ascii_digit()));
                prop_assert!(read.value.is_finite());
            }
            if let Some(day) = date(&written) {
                prop_assert!(fold(&written).contains(&day[..4]));
            }
        }
    }
}
