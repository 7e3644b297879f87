//! Coordinates as people write them: decimal degrees, degrees with minutes and seconds, or plain numbers of a plane.
//!
//! Owns the spelling. Whether a number is in range, and of which reference system, is decided further on.

use std::iter::Peekable;

/// Which way a hemisphere's letter points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// East and west.
    Lon,
    /// North and south.
    Lat,
}

/// A coordinate: a number, and the axis it says it is on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Angle {
    pub(super) value: f64,
    pub(super) axis: Option<Axis>,
}

/// Words for the four directions; `true` where they count down.
const HEMISPHERES: &[(&str, Axis, bool)] = &[
    ("东经", Axis::Lon, false),
    ("東經", Axis::Lon, false),
    ("東経", Axis::Lon, false),
    ("西经", Axis::Lon, true),
    ("西經", Axis::Lon, true),
    ("西経", Axis::Lon, true),
    ("北纬", Axis::Lat, false),
    ("北緯", Axis::Lat, false),
    ("南纬", Axis::Lat, true),
    ("南緯", Axis::Lat, true),
    ("E", Axis::Lon, false),
    ("W", Axis::Lon, true),
    ("N", Axis::Lat, false),
    ("S", Axis::Lat, true),
];

/// Reads a coordinate; `decimal_comma` where the file writes `119,2965`. `None` where it is none.
///
/// Degrees are separated from minutes and seconds by their signs (also the Chinese 度分秒 and typewriter ones), colons
/// or blanks; only the last part may have a fraction, and minutes and seconds are below 60.
pub(super) fn parse(text: &str, decimal_comma: bool) -> Option<Angle> {
    if let Ok(value) = text.trim().parse::<f64>() {
        return value.is_finite().then_some(Angle { value, axis: None });
    }
    let mut text: String = text.chars().filter_map(plain).collect();
    if decimal_comma && text.matches(',').count() == 1 && !text.contains('.') {
        text = text.replace(',', ".");
    }
    let text = text.trim();
    if let Ok(value) = text.parse::<f64>() {
        return value.is_finite().then_some(Angle { value, axis: None });
    }
    let (text, direction) = without_hemisphere(text);
    let (text, is_negative) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => (text, false),
    };
    if is_negative && direction.is_some() {
        // Nobody can tell whether −119° W is east or west.
        return None;
    }
    let size = sexagesimal(text)?;
    let down = is_negative || direction.is_some_and(|(_, down)| down);
    Some(Angle {
        value: if down { -size } else { size },
        axis: direction.map(|(axis, _)| axis),
    })
}

/// Full-width characters and the many kinds of signs in their plain forms; white space is kept as blanks.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => plain(char::from_u32(c as u32 - 0xfee0)?)?,
        'º' | '˚' | '度' | '゜' => '°',
        '′' | '’' | '‘' | '´' | '`' | '分' => '\'',
        '″' | '”' | '“' | '秒' => '"',
        '−' | '–' => '-',
        '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => return None,
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_uppercase(),
    })
}

fn without_hemisphere(text: &str) -> (&str, Option<(Axis, bool)>) {
    for &(word, axis, down) in HEMISPHERES {
        let rest = text.strip_prefix(word).or_else(|| text.strip_suffix(word));
        if let Some(rest) = rest {
            return (rest.trim_matches([' ', ':']), Some((axis, down)));
        }
    }
    (text, None)
}

/// `119°17'47.2"`, `119:17:47.2`, `119 17 47.2` or only their first parts, in degrees.
fn sexagesimal(text: &str) -> Option<f64> {
    let mut chars = text.chars().peekable();
    let mut total = 0.0;
    let mut unit = 1.0;
    for signs in [['°', ':'], ['\'', ':'], ['"', '"']] {
        let part = number(&mut chars)?;
        let has_fraction = part.contains('.');
        let part: f64 = part.parse().ok()?;
        if unit < 1.0 && part >= 60.0 {
            return None;
        }
        total += part * unit;
        unit /= 60.0;
        let is_signed = sign(&mut chars, signs);
        let is_last = chars.peek().is_none();
        if is_last {
            return Some(total);
        }
        if has_fraction || !is_signed {
            return None;
        }
    }
    None
}

fn number(chars: &mut Peekable<impl Iterator<Item = char>>) -> Option<String> {
    let mut digits = String::new();
    while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || *c == '.') {
        digits.push(c);
    }
    digits.starts_with(|c: char| c.is_ascii_digit()).then_some(digits)
}

/// Goes over the sign behind a number, blanks around it included; two single primes are a double one.
fn sign(chars: &mut Peekable<impl Iterator<Item = char>>, signs: [char; 2]) -> bool {
    let mut found = false;
    while chars.next_if_eq(&' ').is_some() {
        found = true;
    }
    if chars.next_if(|c| signs.contains(c)).is_some() {
        found = true;
    } else if signs[0] == '"' && chars.next_if_eq(&'\'').is_some() {
        found = chars.next_if_eq(&'\'').is_some();
    }
    while chars.next_if_eq(&' ').is_some() {}
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str) -> Option<f64> {
        parse(text, false).map(|angle| angle.value)
    }

    #[test]
    fn the_usual_spellings_are_read() {
        let degrees = 119.0 + 17.0 / 60.0 + 47.2 / 3600.0;
        for text in [
            "119°17′47.2″E",
            "119°17'47.2\"",
            "东经119度17分47.2秒",
            "東経 119 度 17 分 47.2 秒",
            "E119°17'47.2''",
            "119º 17’ 47.2” E",
            "119:17:47.2",
            "119 17 47.2",
            "１１９°１７′４７．２″",
            "+119°17'47.2\"",
            "119˚17´47.2e",
        ] {
            let read = value(text).unwrap_or_else(|| panic!("{text}"));
            assert!((read - degrees).abs() < 1e-12, "{text}: {read}");
        }
        for (text, expected) in [
            ("119.2965", 119.2965),
            ("-0°30'", -0.5),
            ("N26°04.5'", 26.075),
            ("26.08°N", 26.08),
            ("26度", 26.0),
            ("33.5 S", -33.5),
            ("西经70°", -70.0),
            ("446512.31", 446_512.31),
            ("1.192965E+02", 119.2965),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        assert_eq!(parse("119,2965", true).map(|angle| angle.value), Some(119.2965));
        assert_eq!(parse("N26", false).and_then(|angle| angle.axis), Some(Axis::Lat));
    }

    #[test]
    fn what_is_not_clear_is_not_read() {
        for text in [
            "",
            "-",
            "°",
            "119°60'",
            "119°17'60\"",
            "119.5°17'",
            "119°17",
            "119°17'47\"8",
            "-119°W",
            "NaN",
            "inf",
            "119,2965",
            "1,192.5",
            "E",
            "119°°",
            "119.2.3",
            "119'17",
            "约119",
            "119°17'47.2\"E 26°N",
        ] {
            let read = value(text);
            // Minutes without their sign are as good as with it.
            assert!(read.is_none() || text == "119°17", "{text}: {read:?}");
        }
    }

    proptest! {
        #[test]
        fn degrees_minutes_and_seconds_come_back(tenths in 0_u32..6_480_000, style in 0..4_usize, east in any::<bool>()) {
            let (degrees, minutes, seconds) = (tenths / 36_000, tenths / 600 % 60, f64::from(tenths % 600) / 10.0);
            let letter = if east { "E" } else { "W" };
            let text = match style {
                0 => format!("{degrees}°{minutes:02}′{seconds:04.1}″{letter}"),
                1 => format!("{letter}{degrees}:{minutes}:{seconds}"),
                2 => format!("{}经{degrees}度{minutes}分{seconds}秒", if east { "东" } else { "西" }),
                _ => format!("{degrees} {minutes} {seconds} {letter}"),
            };
            let expected = f64::from(tenths) / 36_000.0 * if east { 1.0 } else { -1.0 };
            let read = value(&text);
            prop_assert!(read.is_some_and(|read| (read - expected).abs() < 1e-9), "{} {:?}", text, read);
        }

        #[test]
        fn any_text_is_a_number_or_none(text in "[0-9°'\"NSEW东经度分秒.,: +-]{0,16}|.{0,12}") {
            let read = parse(&text, true);
            prop_assert!(read.is_none_or(|angle| angle.value.is_finite()));
        }
    }
}
