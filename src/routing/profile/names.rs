//! What a road is called, in the languages that routes are told in.

use super::Tags;
use crate::routing::RoadNames;

/// Keys of Chinese names, simplified before traditional.
const ZH: [&str; 6] = [
    "name:zh-Hans",
    "name:zh-CN",
    "name:zh",
    "name:zh-Hant",
    "name:zh-TW",
    "name:zh-HK",
];

/// The names of a way. Its number is that of the national or local network before an international one.
pub fn names<T: Tags + ?Sized>(tags: &T) -> RoadNames<'_> {
    let text = |key: &str| tags.get(key).map(str::trim).filter(|text| !text.is_empty());
    RoadNames {
        local: text("name").or_else(|| text("official_name")),
        zh: ZH.iter().find_map(|key| text(key)),
        en: text("name:en").or_else(|| text("int_name")),
        reference: ["ref", "nat_ref", "int_ref"].iter().find_map(|key| text(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_in_both_languages() {
        let tags: &[(&str, &str)] = &[
            ("name", "五四路"),
            ("name:zh-Hant", "五四路 (繁)"),
            ("name:zh", "五四路"),
            ("name:en", "Wusi Road"),
            ("ref", " "),
            ("int_ref", "AH3"),
        ];
        let names = names(tags);
        assert_eq!(
            (names.local, names.zh, names.en),
            (Some("五四路"), Some("五四路"), Some("Wusi Road"))
        );
        assert_eq!(names.reference, Some("AH3"));
    }
}
