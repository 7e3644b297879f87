//! The table of every place in every name where a match may begin.

use rayon::prelude::*;

use super::fold::is_unspaced;

/// A folded name and the entry it belongs to.
#[derive(Debug)]
struct Name {
    entry: u32,
    text: Box<str>,
}

/// A place in a name, in bytes.
#[derive(Debug, Clone, Copy)]
struct Place {
    name: u32,
    at: u32,
    /// Whether a space stands before it: kept here so that a common text is found without a look at every name.
    opens_word: bool,
}

/// Where in a name a text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found<'t> {
    /// At the beginning; what follows it.
    Start(&'t str),
    /// At the beginning of a later word.
    Word,
    /// Inside a name written without spaces.
    Inside,
}

/// Names and the sorted table of their places: the beginning, the beginning of each word, and each character of a
/// script written without spaces. Finding is O(log n + hits).
#[derive(Debug, Default)]
pub(super) struct TextIndex {
    names: Vec<Name>,
    places: Vec<Place>,
}

impl TextIndex {
    /// Sorts the places of folded names. O(n log n) for n characters.
    pub(super) fn build<'n>(folded: impl IntoIterator<Item = (u32, &'n str)>) -> Self {
        let names: Vec<Name> = folded
            .into_iter()
            .map(|(entry, text)| Name {
                entry,
                text: text.into(),
            })
            .collect();
        let mut places: Vec<Place> = (0_u32..)
            .zip(&names)
            .flat_map(|(name, Name { text, .. })| {
                places(text).map(move |at| Place {
                    name,
                    at: at as u32,
                    opens_word: text[..at].ends_with(' '),
                })
            })
            .collect();
        let suffix = |place: &Place| &names[place.name as usize].text[place.at as usize..];
        places.par_sort_unstable_by(|a, b| suffix(a).cmp(suffix(b)).then(a.name.cmp(&b.name)));
        Self { names, places }
    }

    fn suffix(&self, place: Place) -> &str {
        &self.names[place.name as usize].text[place.at as usize..]
    }

    fn range(&self, text: &str) -> &[Place] {
        let from = self.places.partition_point(|&place| self.suffix(place) < text);
        let rest = &self.places[from..];
        &rest[..rest.partition_point(|&place| self.suffix(place).starts_with(text))]
    }

    /// Entries in whose names a folded text is found, one for each place.
    pub(super) fn find<'t>(&'t self, text: &str) -> impl Iterator<Item = (u32, Found<'t>)> + use<'t> {
        let length = text.len();
        self.range(text).iter().map(move |place| {
            let name = &self.names[place.name as usize];
            let found = match place {
                Place { at: 0, .. } => Found::Start(&name.text[length..]),
                Place { opens_word: true, .. } => Found::Word,
                Place { opens_word: false, .. } => Found::Inside,
            };
            (name.entry, found)
        })
    }
}

/// Byte offsets in a folded name where a match may begin.
fn places(name: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    name.char_indices().filter_map(move |(at, c)| {
        let begins = c != ' ' && (before == ' ' || is_unspaced(c) || is_unspaced(before));
        before = c;
        begins.then_some(at)
    })
}

/// Where a text is found first in a name, best first; by scanning, as the plain counterpart of the table.
#[cfg(test)]
pub(super) fn scan<'n>(name: &'n str, text: &str) -> Vec<Found<'n>> {
    places(name)
        .filter(|&at| name[at..].starts_with(text))
        .map(|at| match &name[..at] {
            "" => Found::Start(&name[text.len()..]),
            before if before.ends_with(' ') => Found::Word,
            _ => Found::Inside,
        })
        .collect()
}
