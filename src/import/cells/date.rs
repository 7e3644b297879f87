//! Days as people write them.

use jiff::{Timestamp, civil::Date};

use crate::import::normal::fold;

/// A day or time as RFC 3339 writes it: a full timestamp as it stands, otherwise the day; a local time of day behind it
/// says no instant without its zone and is left off. `None` for anything else: years of an era (R6, 民國113), months
/// without a day, and days whose order of numbers cannot be known.
pub(in crate::import) fn date(text: &str) -> Option<String> {
    let text = fold(text);
    if text.contains(':') && text.parse::<Timestamp>().is_ok() {
        return Some(text.to_uppercase());
    }
    let (day, time) = day_and_time(&text);
    if !is_time(time) {
        return None;
    }
    let mut numbers = [0; 3];
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        numbers = [day[..4].parse().ok()?, day[4..6].parse().ok()?, day[6..].parse().ok()?];
    } else {
        let day = day.strip_suffix('日').or_else(|| day.strip_suffix('号')).unwrap_or(day);
        let separator = day.chars().find(|char| !char.is_ascii_digit())?;
        let mut parts = match separator {
            '年' => day.split(['年', '月']),
            // Any two of them alike would do; what is mixed is no day.
            '-' | '/' | '.' if day.matches(separator).count() == 2 => day.split(match separator {
                '-' => ['-', '-'],
                '/' => ['/', '/'],
                _ => ['.', '.'],
            }),
            _ => return None,
        };
        for number in &mut numbers {
            let part = parts.next()?.trim();
            let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            *number = is_number.then(|| part.parse().ok()).flatten()?;
        }
        if parts.next().is_some() {
            return None;
        }
    }
    let [year, month, day] = numbers;
    if !(1900..=2100).contains(&year) {
        return None;
    }
    let month = i8::try_from(month).ok()?;
    Date::new(year, month, i8::try_from(day).ok()?)
        .ok()
        .map(|day| day.to_string())
}

/// The day, and what stands behind it.
fn day_and_time(text: &str) -> (&str, &str) {
    let at = text
        .find([' ', 't'])
        .or_else(|| text.find('日').map(|at| at + '日'.len_utf8()));
    match at {
        Some(at) => (&text[..at], text[at..].trim_start_matches([' ', 't'])),
        None => (text, ""),
    }
}

/// Whether a text is nothing, or a time of day in digits and colons.
fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| {
        let seconds = part.split_once('.').map_or(*part, |(whole, _)| whole);
        (1..=2).contains(&seconds.len()) && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    text.is_empty() || ((2..=3).contains(&parts.len()) && parts.iter().all(is_number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_rfc_3339_does() {
        for (written, day) in [
            ("2024年5月6日", "2024-05-06"),
            ("２０２４年５月６日", "2024-05-06"),
            ("2024/5/6", "2024-05-06"),
            ("2024-05-06", "2024-05-06"),
            ("2024.5.6", "2024-05-06"),
            ("20240506", "2024-05-06"),
            ("2024-05-06 12:30:00", "2024-05-06"),
            ("2024/5/6 8:05", "2024-05-06"),
            ("2024年5月6日 12:30", "2024-05-06"),
            ("2024-05-06T12:30:00", "2024-05-06"),
            ("2024-05-06T12:30:00.000", "2024-05-06"),
            ("2024-05-06T12:30:00Z", "2024-05-06T12:30:00Z"),
            ("2024-05-06T12:30:00+08:00", "2024-05-06T12:30:00+08:00"),
        ] {
            assert_eq!(date(written).as_deref(), Some(day), "{written}");
        }
    }

    #[test]
    fn what_is_no_day_of_the_calendar_is_none() {
        for written in [
            "",
            "-",
            "2024",
            "2024年5月",
            "2024-05",
            "2024-13-01",
            "2023-02-29",
            "5/6/2024",
            "R6.5.6",
            "令和6年5月6日",
            "民國113年5月6日",
            "113/05/06",
            "2024-5/6",
            "45418",
            "2024年",
            "年月日",
            "2024-05-06 noon",
            "2024/5/6/7",
            "99991231",
            "20241301",
            "2024-5-6日本",
        ] {
            assert_eq!(date(written), None, "{written}");
        }
    }
}
