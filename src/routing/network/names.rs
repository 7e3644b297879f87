//! What roads are called. The same names are kept once.

use std::collections::HashMap;

/// Names of a road; at least one of them is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RoadNames<'a> {
    /// As on the signs there.
    pub local: Option<&'a str>,
    /// In Chinese.
    pub zh: Option<&'a str>,
    /// In English.
    pub en: Option<&'a str>,
    /// Its number: `G104`.
    pub reference: Option<&'a str>,
}

impl<'a> RoadNames<'a> {
    /// Only a local name.
    pub const fn local(name: &'a str) -> Self {
        Self {
            local: Some(name),
            zh: None,
            en: None,
            reference: None,
        }
    }

    pub(super) const fn parts(self) -> [Option<&'a str>; 4] {
        [self.local, self.zh, self.en, self.reference]
    }

    /// Whether there is neither name nor number.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Stands for a name that is not there.
pub(crate) const NO_TEXT: u32 = u32::MAX;

/// All names of a network. The first entry has no names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NameTable {
    /// Every text once, one behind the other.
    pub(crate) text: String,
    /// Where a text begins; one entry more than texts.
    pub(crate) text_from: Vec<u32>,
    /// Texts of an entry: local, Chinese, English, number.
    pub(crate) entries: Vec<[u32; 4]>,
}

impl NameTable {
    /// The names of an entry; `None` for the first. O(1).
    pub(super) fn get(&self, entry: u32) -> Option<RoadNames<'_>> {
        if entry == 0 {
            return None;
        }
        let [local, zh, en, reference] = self.entries[entry as usize].map(|text| self.text(text));
        Some(RoadNames {
            local,
            zh,
            en,
            reference,
        })
    }

    fn text(&self, index: u32) -> Option<&str> {
        (index != NO_TEXT).then(|| {
            let [from, to] = [index as usize, index as usize + 1].map(|at| self.text_from[at] as usize);
            &self.text[from..to]
        })
    }

    /// Whether every entry points at texts, and every text at characters. O(n).
    pub(crate) fn is_whole(&self) -> bool {
        let texts = self.text_from.len().saturating_sub(1);
        let is_text = |text: &u32| *text == NO_TEXT || (*text as usize) < texts;
        self.text_from.first() == Some(&0)
            && self
                .text_from
                .last()
                .is_some_and(|end| *end as usize == self.text.len())
            && self.text_from.is_sorted()
            && self.text_from.iter().all(|at| self.text.is_char_boundary(*at as usize))
            && self.entries.first() == Some(&[NO_TEXT; 4])
            && self.entries.iter().flatten().all(is_text)
    }
}

/// Collects names.
#[derive(Debug)]
pub(super) struct NameCollector {
    table: NameTable,
    texts: HashMap<Box<str>, u32>,
    entries: HashMap<[u32; 4], u32>,
}

impl Default for NameCollector {
    fn default() -> Self {
        Self {
            table: NameTable {
                text: String::new(),
                text_from: vec![0],
                entries: vec![[NO_TEXT; 4]],
            },
            texts: HashMap::new(),
            entries: HashMap::from([([NO_TEXT; 4], 0)]),
        }
    }
}

impl NameCollector {
    /// The entry of these names, which is 0 for none.
    pub(super) fn add(&mut self, names: RoadNames<'_>) -> u32 {
        let entry = names.parts().map(|part| part.map_or(NO_TEXT, |text| self.text(text)));
        let next = self.table.entries.len() as u32;
        *self.entries.entry(entry).or_insert_with(|| {
            self.table.entries.push(entry);
            next
        })
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let index = self.texts.len() as u32;
        self.table.text.push_str(text);
        self.table.text_from.push(self.table.text.len() as u32);
        self.texts.insert(text.into(), index);
        index
    }

    pub(super) fn finish(self) -> NameTable {
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_are_kept_once() {
        let mut names = NameCollector::default();
        let road = RoadNames {
            zh: Some("五四路"),
            ..RoadNames::local("五四路")
        };
        assert_eq!(names.add(RoadNames::default()), 0);
        let first = names.add(road);
        assert_eq!(names.add(road), first);
        assert_ne!(names.add(RoadNames::local("五四路")), first);
        let table = names.finish();
        assert!(table.is_whole());
        assert_eq!(table.text, "五四路");
        assert_eq!(table.get(first), Some(road));
        assert_eq!(table.get(0), None);
    }
}
