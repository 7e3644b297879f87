//! Numbers with units, as mappers write them: limits of size, weight and speed.

use crate::routing::Limits;

use super::Tags;

const KG_PER_POUND: f64 = 0.453_592_37;
const KMH_PER_MPH: f64 = 1.609_344;
const METRES_PER_FOOT: f64 = 0.3048;

/// A number, and what follows it in lower case; `None` without a number above 0.
fn split(text: &str) -> Option<(f64, String)> {
    let text = text.trim();
    let end = text
        .find(|char: char| !(char.is_ascii_digit() || char == '.' || char == ','))
        .unwrap_or(text.len());
    let number: f64 = text[..end].replace(',', ".").parse().ok()?;
    (number > 0.0 && number.is_finite()).then(|| (number, text[end..].trim().to_lowercase()))
}

/// A speed in km/h: `50`, `50 km/h`, `30 mph`, `10 knots`, `60公里/小时`.
pub(super) fn kmh(text: &str) -> Option<f64> {
    let (number, unit) = split(text)?;
    let factor = match unit.as_str() {
        "" | "km/h" | "kmh" | "kph" | "kmph" | "公里" | "公里/小时" | "千米/小时" | "公里每小时" => 1.0,
        "mph" => KMH_PER_MPH,
        "knots" | "knot" | "kn" => 1.852,
        _ => return None,
    };
    Some(number * factor)
}

/// A length in metres: `4`, `4.2 m`, `350 cm`, `13'6"`, `13 ft 6 in`, `4.5米`.
pub(super) fn metres(text: &str) -> Option<f64> {
    let (number, unit) = split(text)?;
    match unit.as_str() {
        "" | "m" | "metre" | "metres" | "meter" | "meters" | "米" | "公尺" => Some(number),
        "cm" | "厘米" | "公分" => Some(number / 100.0),
        "mm" => Some(number / 1_000.0),
        "km" | "公里" => Some(number * 1_000.0),
        unit => feet_and_inches(number, unit),
    }
}

/// What follows the feet: `'`, `'6"`, `ft 6 in`; or inches alone.
fn feet_and_inches(number: f64, unit: &str) -> Option<f64> {
    const INCH: [&str; 5] = ["\"", "in", "inch", "inches", "''"];
    if INCH.contains(&unit) {
        return Some(number * METRES_PER_FOOT / 12.0);
    }
    let rest = ["feet", "foot", "ft", "'", "\u{2032}"]
        .iter()
        .find_map(|feet| unit.strip_prefix(feet))?;
    let inches = match rest.trim() {
        "" => 0.0,
        rest => {
            let (inches, unit) = split(rest)?;
            (unit.is_empty() || INCH.contains(&unit.as_str()) || unit == "\u{2033}").then_some(inches)?
        }
    };
    Some((number + inches / 12.0) * METRES_PER_FOOT)
}

/// A weight in kilograms: `7.5`, `7.5 t`, `3500 kg`, `16000 lbs`, `10 st` (short tons), `10吨`.
pub(super) fn kilograms(text: &str) -> Option<f64> {
    let (number, unit) = split(text)?;
    let factor = match unit.as_str() {
        "" | "t" | "to" | "ton" | "tons" | "tonne" | "tonnes" | "mt" | "吨" | "公吨" => 1_000.0,
        "kg" | "公斤" | "千克" => 1.0,
        "lb" | "lbs" => KG_PER_POUND,
        "st" => 2_000.0 * KG_PER_POUND,
        "lt" => 2_240.0 * KG_PER_POUND,
        _ => return None,
    };
    Some(number * factor)
}

/// The least of what several keys say.
fn least(tags: &(impl Tags + ?Sized), keys: &[&str], read: impl Fn(&str) -> Option<f64>, factor: f64) -> Option<u32> {
    let values = keys
        .iter()
        .filter_map(|key| tags.get(key))
        .flat_map(|value| value.split(';'));
    values
        .filter_map(read)
        .map(|number| (number * factor).round() as u32)
        .min()
}

/// The limits of a way or of a barrier.
pub(super) fn limits(tags: &(impl Tags + ?Sized)) -> Limits {
    Limits {
        max_weight_kg: least(
            tags,
            &["maxweight", "maxweight:hgv", "maxweightrating", "maxweightrating:hgv"],
            kilograms,
            1.0,
        ),
        max_axle_load_kg: least(tags, &["maxaxleload"], kilograms, 1.0),
        max_height_cm: least(
            tags,
            &["maxheight", "maxheight:physical", "maxheight:hgv"],
            metres,
            100.0,
        ),
        max_width_cm: least(tags, &["maxwidth", "maxwidth:physical", "maxwidth:hgv"], metres, 100.0),
        max_length_cm: least(tags, &["maxlength", "maxlength:hgv"], metres, 100.0),
        hazmat_forbidden: tags.is("hazmat", &["no"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-3)
    }

    #[test]
    fn units_are_read_as_they_are_written() {
        assert!(near(kmh("50"), 50.0) && near(kmh("50 km/h"), 50.0) && near(kmh("60公里/小时"), 60.0));
        assert!(near(kmh("30 mph"), 48.280) && near(kmh("30mph"), 48.280) && near(kmh("10 knots"), 18.52));
        assert!(near(metres("4.2"), 4.2) && near(metres("4,2 m"), 4.2) && near(metres("350 cm"), 3.5));
        assert!(near(metres("13'6\""), 4.1148) && near(metres("13 ft 6 in"), 4.1148) && near(metres("14'"), 4.2672));
        assert!(near(metres("4.5米"), 4.5));
        assert!(
            near(kilograms("7.5"), 7_500.0) && near(kilograms("3500 kg"), 3_500.0) && near(kilograms("10吨"), 10_000.0)
        );
        assert!(near(kilograms("10 st"), 9_071.847));
    }

    #[test]
    fn what_is_no_number_is_no_limit() {
        for text in [
            "",
            "none",
            "default",
            "below_default",
            "-3",
            "0",
            "3 parsecs",
            "m",
            "'",
            "∞",
            "1.2.3",
        ] {
            assert_eq!((metres(text), kilograms(text), kmh(text)), (None, None, None), "{text}");
        }
        assert_eq!(limits(&[("maxheight", "default")]), Limits::NONE);
    }

    #[test]
    fn the_least_limit_counts() {
        let tags: &[(&str, &str)] = &[
            ("maxheight", "4.5"),
            ("maxheight:physical", "4.2"),
            ("maxweight", "20;12"),
            ("hazmat", "no"),
        ];
        let limits = limits(tags);
        assert_eq!((limits.max_height_cm, limits.max_weight_kg), (Some(420), Some(12_000)));
        assert!(limits.hazmat_forbidden && limits.max_width_cm.is_none());
    }
}
