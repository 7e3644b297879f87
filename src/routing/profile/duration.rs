//! How long a crossing takes, as the tag `duration` says it.

/// Seconds of `45` (minutes), `1:30` (hours), `1:30:00` or `PT1H30M` (ISO 8601); `None` for anything else and for 0.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    let seconds = text.strip_prefix("PT").map_or_else(|| clock(text), iso)?;
    (seconds > 0.0 && seconds < 30.0 * 86_400.0).then_some(seconds)
}

fn clock(text: &str) -> Option<f64> {
    let parts: Vec<f64> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [minutes] => Some(minutes * 60.0),
        [hours, minutes] => Some(hours * 3_600.0 + minutes * 60.0),
        [hours, minutes, seconds] => Some(hours * 3_600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

fn iso(mut text: &str) -> Option<f64> {
    let mut total = 0.0;
    while let Some(end) = text.find(['H', 'M', 'S']) {
        let factor = match text.as_bytes()[end] {
            b'H' => 3_600.0,
            b'M' => 60.0,
            _ => 1.0,
        };
        total += factor * text[..end].parse::<f64>().ok()?;
        text = &text[end + 1..];
    }
    text.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_all_their_forms() {
        assert_eq!(seconds("45"), Some(2_700.0));
        assert_eq!(seconds("01:30"), Some(5_400.0));
        assert_eq!(seconds("0:10:30"), Some(630.0));
        assert_eq!(seconds("PT1H30M"), Some(5_400.0));
        for text in ["", "PT", "0", "soon", "1:2:3:4", "PT1X", "inf", "NaN", "1e99"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
