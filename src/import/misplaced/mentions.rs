//! Names of areas found in a text.
//!
//! Every place of the text is looked up by its first two characters, so that time grows with the text and not with
//! the number of names.

use std::collections::{BTreeMap, HashMap};

/// Characters of a name that is told from chance: of Chinese, and of scripts with spaces between words.
const SHORTEST: usize = 3;
const SHORTEST_SPACED: usize = 5;

/// Folded names that only one area bears.
#[derive(Default)]
pub(super) struct Mentions(HashMap<[char; 2], Vec<(String, usize)>>);

impl Mentions {
    /// Of names, codes and areas. A name that stands twice is left out, unless the code says that it is one area.
    pub(super) fn new<'n>(names: impl Iterator<Item = (&'n str, Option<&'n str>, usize)>) -> Self {
        let mut by_name: BTreeMap<&str, Vec<(Option<&str>, usize)>> = BTreeMap::new();
        for (name, code, area) in names {
            let shortest = if name.is_ascii() { SHORTEST_SPACED } else { SHORTEST };
            if name.chars().count() >= shortest {
                by_name.entry(name).or_default().push((code, area));
            }
        }
        let mut table: HashMap<[char; 2], Vec<(String, usize)>> = HashMap::new();
        for (name, bearers) in by_name {
            let (code, area) = bearers[0];
            if bearers.len() > 1 && !(code.is_some() && bearers.iter().all(|(other, _)| *other == code)) {
                continue;
            }
            let mut letters = name.chars();
            if let (Some(first), Some(second)) = (letters.next(), letters.next()) {
                table.entry([first, second]).or_default().push((name.to_owned(), area));
            }
        }
        Self(table)
    }

    /// The areas named in a folded text, each once. Names inside longer names are not read.
    pub(super) fn find(&self, text: &str) -> Vec<usize> {
        let mut areas = Vec::new();
        let mut read_to = 0;
        let places: Vec<(usize, char)> = text.char_indices().collect();
        for pair in places.windows(2) {
            let (start, letters) = (pair[0].0, [pair[0].1, pair[1].1]);
            let names = self.0.get(&letters).into_iter().flatten();
            let here =
                names.filter(|(name, _)| text[start..].starts_with(name.as_str()) && stands_alone(text, start, name));
            let Some((name, area)) = here.max_by_key(|(name, _)| name.len()) else {
                continue;
            };
            let end = start + name.len();
            if end > read_to {
                read_to = end;
                if !areas.contains(area) {
                    areas.push(*area);
                }
            }
        }
        areas
    }
}

/// Whether a Latin name begins and ends where words do; others are written without spaces.
fn stands_alone(text: &str, start: usize, name: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    !name.is_ascii()
        || !(is_letter(text[..start].chars().next_back()) || is_letter(text[start + name.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_stand_alone() {
        let names = [
            "福州市",
            "鼓楼区",
            "新鼓楼区",
            "gulou",
            "城关镇",
            "城关镇",
            "闽清县",
            "闽清县",
        ];
        let codes = [None, None, None, None, None, None, Some("350124"), Some("350124")];
        let mentions = Mentions::new(
            names
                .iter()
                .zip(codes)
                .enumerate()
                .map(|(area, (name, code))| (*name, code, area)),
        );
        for (text, areas) in [
            ("福州市鼓楼区东街口", vec![0, 1]),
            ("新鼓楼区", vec![2]),
            ("gulou road", vec![3]),
            ("gulouxi road", vec![]),
            ("城关镇一中", vec![]),
            ("闽清县城关", vec![6]),
            ("福", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(mentions.find(text), areas, "{text}");
        }
    }
}
