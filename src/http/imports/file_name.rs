//! The name of an uploaded file, which comes from outside: shown to people, never used as a path.

/// The most characters of a name that are kept.
const MOST_CHARS: usize = 120;

/// The most letters of an extension: `geojsonseq` is the longest that means something.
const MOST_EXTENSION_CHARS: usize = 12;

/// What an uploaded file is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName {
    shown: String,
}

impl FileName {
    /// What of a name people should see: without folders and without characters that steer a terminal or turn text
    /// around; cut in its middle where it is long, so that its end stays.
    pub(super) fn new(given: &str) -> Self {
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: Vec<char> = last.chars().filter(|letter| !steers(*letter)).collect();
        let shown: String = if clean.len() > MOST_CHARS {
            let (start, end) = (&clean[..MOST_CHARS / 2], &clean[clean.len() - MOST_CHARS / 2..]);
            start.iter().chain(&['…']).chain(end).collect()
        } else {
            clean.into_iter().collect()
        };
        let shown = shown.trim().to_owned();
        Self {
            shown: if shown.is_empty() { "upload".to_owned() } else { shown },
        }
    }

    /// The name for people and for the report.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// A name to store the file under: of the given one only the extensions, by which some formats are told.
    pub(super) fn on_disk(&self) -> String {
        let mut extensions: Vec<String> = self
            .shown
            .rsplit('.')
            .take(2)
            .take_while(|part| is_extension(part))
            .map(str::to_ascii_lowercase)
            .collect();
        // A name without a dot is all stem.
        extensions.truncate(self.shown.matches('.').count());
        extensions.push("upload".to_owned());
        extensions.reverse();
        extensions.join(".")
    }
}

fn steers(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_extension(part: &str) -> bool {
    (1..=MOST_EXTENSION_CHARS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_a_name_only_its_extensions_reach_the_disk() {
        for (given, shown, on_disk) in [
            ("避灾点.csv", "避灾点.csv", "upload.csv"),
            ("zones.GeoJSONL.gz", "zones.GeoJSONL.gz", "upload.geojsonl.gz"),
            ("../../etc/passwd", "passwd", "upload"),
            ("C:\\data\\a.shp", "a.shp", "upload.shp"),
            ("..", "..", "upload"),
            (".csv", ".csv", "upload.csv"),
            ("/", "upload", "upload"),
            ("a\u{202e}vsc.exe\n", "avsc.exe", "upload.exe"),
            ("x.c s v", "x.c s v", "upload"),
        ] {
            let name = FileName::new(given);
            assert_eq!((name.shown(), name.on_disk().as_str()), (shown, on_disk), "{given}");
        }
        let long = FileName::new(&("长".repeat(500) + ".csv"));
        assert_eq!(
            (long.shown().chars().count(), long.on_disk().as_str()),
            (121, "upload.csv")
        );
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_the_folder(given in "\\PC*|[./\\\\a%\\x00]{0,40}") {
            let on_disk = FileName::new(&given).on_disk();
            prop_assert!(on_disk.starts_with("upload") && on_disk.len() <= 32, "{on_disk}");
            prop_assert!(on_disk.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.'), "{on_disk}");
            prop_assert!(!on_disk.contains(".."), "{on_disk}");
        }
    }
}
