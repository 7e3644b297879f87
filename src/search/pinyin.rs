//! Matching Chinese names by pinyin: whole syllables (`fuzhou`), initials (`fz`) or either mixed with characters
//! (`福zhou`), from any character of a name on, under every reading of every character.

mod keys;
mod reading;

use keys::Keys;
use reading::Readings;

/// How the characters of a name are spelt in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Each by a whole syllable; the last may be unfinished.
    Syllables,
    /// Each by the first letter of a syllable.
    Initials,
}

/// The most characters of a spelt query: one bit for each and for the end.
const MAX_CHARS: usize = 127;

/// Places looked at in a name, about, against one where a given character stands.
const PLACES_OF_A_NAME: usize = 8;

/// Names with Chinese characters, and the tables that tell where a spelling may match.
#[derive(Debug, Default)]
pub(super) struct PinyinIndex {
    readings: Readings,
    /// All names one after the other, as symbols of `readings`; a position in it is a place in a name.
    symbols: Vec<u32>,
    /// The name of each position.
    name_at: Vec<u32>,
    names: Vec<Name>,
    /// Positions of each symbol.
    literal: Vec<Vec<u32>>,
    syllables: Keys,
    initials: Keys,
}

#[derive(Debug)]
struct Name {
    entry: u32,
    start: u32,
    end: u32,
}

/// A query as it is compared with spellings: without spaces, and in a second form without the digits that follow
/// letters (`fu2zhou1`).
#[derive(Debug)]
pub(super) struct Spelt {
    forms: Vec<Vec<char>>,
}

impl Spelt {
    /// The forms of a query's folded words; none where there is no letter to read as pinyin.
    pub(super) fn new(words: &[String]) -> Self {
        let mut plain: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
        plain.truncate(MAX_CHARS);
        if !plain.iter().any(char::is_ascii_lowercase) {
            return Self { forms: Vec::new() };
        }
        let mut toneless = Vec::with_capacity(plain.len());
        for &c in &plain {
            let is_tone = ('1'..='5').contains(&c) && toneless.last().is_some_and(char::is_ascii_lowercase);
            if !is_tone {
                toneless.push(c);
            }
        }
        let forms = if toneless == plain {
            vec![plain]
        } else {
            vec![plain, toneless]
        };
        Self { forms }
    }
}

impl PinyinIndex {
    /// Reads folded names; those without a character that has a reading are passed over. O(n log n) for n characters.
    pub(super) fn build<'n>(folded: impl IntoIterator<Item = (u32, &'n str)>) -> Self {
        let mut index = Self::default();
        for (entry, name) in folded {
            let symbols: Vec<u32> = name
                .chars()
                .filter(|&c| c != ' ')
                .map(|c| index.readings.symbol(c))
                .collect();
            if symbols.iter().all(|&symbol| index.readings.of(symbol).is_empty()) {
                continue;
            }
            let start = index.symbols.len() as u32;
            index.symbols.extend(symbols);
            let end = index.symbols.len() as u32;
            index.name_at.resize(end as usize, index.names.len() as u32);
            index.names.push(Name { entry, start, end });
        }
        index.literal = vec![Vec::new(); index.readings.len()];
        for (at, &symbol) in (0_u32..).zip(&index.symbols) {
            index.literal[symbol as usize].push(at);
        }
        let names = || index.names.iter().map(|name| name.start..name.end);
        index.syllables = Keys::build(Spelling::Syllables, &index.readings, &index.symbols, names());
        index.initials = Keys::build(Spelling::Initials, &index.readings, &index.symbols, names());
        index
    }

    /// Entries in whose names the query is spelt, with whether it is from the beginning of the name; an entry may be
    /// given more than once. O(log n + candidates); few but the matches are candidates.
    pub(super) fn find(&self, query: &Spelt, spelling: Spelling) -> Vec<(u32, bool)> {
        let shortest = match spelling {
            Spelling::Syllables => 1,
            Spelling::Initials => 2,
        };
        let mut found = Vec::new();
        for form in query.forms.iter().filter(|form| form.len() >= shortest) {
            if form.iter().all(char::is_ascii_lowercase) {
                self.find_letters(form, spelling, &mut found);
            } else {
                self.find_mixed(form, spelling, &mut found);
            }
        }
        found
    }

    fn keys(&self, spelling: Spelling) -> &Keys {
        match spelling {
            Spelling::Syllables => &self.syllables,
            Spelling::Initials => &self.initials,
        }
    }

    fn find_letters(&self, form: &[char], spelling: Spelling, found: &mut Vec<(u32, bool)>) {
        let keys = self.keys(spelling);
        let (sure, maybe) = keys.candidates(form);
        found.extend(sure.iter().map(|&at| self.entry_at(at)));
        let check = |at: &&u32| self.is_spelt_at(**at, form, spelling);
        found.extend(maybe.into_iter().flatten().filter(check).map(|&at| self.entry_at(at)));
    }

    /// A query with characters or digits in it. Where it begins with a character, that character's places are looked
    /// at; else, or where these are many, every place of the names that have its rarest part.
    fn find_mixed(&self, form: &[char], spelling: Spelling, found: &mut Vec<(u32, bool)>) {
        let rarest = self.rarest_part(form, spelling);
        let first = self.positions_of(form[0]);
        if !form[0].is_ascii_lowercase()
            && first.len() <= PLACES_OF_A_NAME * rarest.iter().map(|list| list.len()).sum::<usize>()
        {
            // The next symbol rules most places out before anything else of them is read; one beyond the name's end
            // is no harm.
            let goes_on = |at: u32| {
                let next = self.symbols.get(at as usize + 1);
                next.is_some_and(|&next| self.readings.char(next) == form[1] || self.readings.begin_with(next, form[1]))
            };
            let spelt = first
                .iter()
                .filter(|&&at| goes_on(at) && self.is_spelt_at(at, form, spelling));
            found.extend(spelt.map(|&at| self.entry_at(at)));
            return;
        }
        let mut names: Vec<u32> = rarest
            .into_iter()
            .flatten()
            .map(|&at| self.name_at[at as usize])
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in names.into_iter().map(|name| &self.names[name as usize]) {
            let spelt = (name.start..name.end).filter(|&at| self.is_spelt_at(at, form, spelling));
            found.extend(spelt.map(|at| (name.entry, at == name.start)));
        }
    }

    /// Positions of the part of a query, a run of letters or another character, that has the fewest.
    fn rarest_part(&self, form: &[char], spelling: Spelling) -> Vec<&[u32]> {
        let parts = form.chunk_by(|a, b| a.is_ascii_lowercase() && b.is_ascii_lowercase());
        let positions = parts.map(|part| match part {
            [c] if !c.is_ascii_lowercase() => vec![self.positions_of(*c)],
            run => {
                let (sure, mut maybe) = self.keys(spelling).candidates(run);
                maybe.push(sure);
                maybe
            }
        });
        positions
            .min_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>())
            .unwrap_or_default()
    }

    fn positions_of(&self, c: char) -> &[u32] {
        self.readings
            .known(c)
            .map_or(&[], |symbol| &self.literal[symbol as usize])
    }

    fn entry_at(&self, at: u32) -> (u32, bool) {
        let name = &self.names[self.name_at[at as usize] as usize];
        (name.entry, name.start == at)
    }

    fn is_spelt_at(&self, at: u32, form: &[char], spelling: Spelling) -> bool {
        let end = self.names[self.name_at[at as usize] as usize].end;
        let symbols = &self.symbols[at as usize..end as usize];
        is_spelt(&self.readings, symbols, form, spelling)
    }
}

/// Whether the query spells the first of these characters, each by itself or by a reading, up to the query's end.
///
/// `reached` has a bit for every length of the query that can be spelt by the characters so far.
fn is_spelt(readings: &Readings, symbols: &[u32], form: &[char], spelling: Spelling) -> bool {
    let mut reached: u128 = 1;
    for &symbol in symbols {
        let mut next: u128 = 0;
        let mut left = reached;
        while left != 0 {
            let from = left.trailing_zeros();
            left &= left - 1;
            let rest = &form[from as usize..];
            next |= u128::from(rest[0] == readings.char(symbol)) << (from + 1);
            if readings.begin_with(symbol, rest[0]) {
                for reading in readings.of(symbol) {
                    next |= spelt_length(reading, rest, spelling).map_or(0, |length| 1 << (from as usize + length));
                }
            }
        }
        if next >> form.len() & 1 == 1 {
            return true;
        }
        if next == 0 {
            return false;
        }
        reached = next;
    }
    false
}

/// How many characters of the query's rest a reading takes.
fn spelt_length(reading: &str, rest: &[char], spelling: Spelling) -> Option<usize> {
    let letters = match spelling {
        Spelling::Syllables => reading.len().min(rest.len()),
        Spelling::Initials => 1,
    };
    let same = reading
        .bytes()
        .zip(rest)
        .take(letters)
        .all(|(letter, c)| char::from(letter) == *c);
    same.then_some(letters)
}

/// Whether and how a query is spelt in a folded name, by looking at every character: the plain counterpart of
/// [`PinyinIndex::find`]. `Some(true)` from the beginning, `Some(false)` from a later character.
#[cfg(test)]
pub(super) fn scan(name: &str, query: &Spelt, spelling: Spelling) -> Option<bool> {
    fn spelt(name: &[char], rest: &[char], spelling: Spelling) -> bool {
        let Some((c, name_rest)) = name.split_first() else {
            return rest.is_empty();
        };
        if rest.is_empty() || (rest[0] == *c && spelt(name_rest, &rest[1..], spelling)) {
            return true;
        }
        reading::readings(*c).iter().any(|reading| {
            let text: String = rest.iter().collect();
            match spelling {
                Spelling::Syllables if reading.starts_with(&text) => true,
                Spelling::Syllables => {
                    text.starts_with(reading.as_ref()) && spelt(name_rest, &rest[reading.len()..], spelling)
                }
                Spelling::Initials => {
                    text.as_bytes()[0] == reading.as_bytes()[0] && spelt(name_rest, &rest[1..], spelling)
                }
            }
        })
    }
    let name: Vec<char> = name.chars().filter(|&c| c != ' ').collect();
    if name.iter().all(|&c| reading::readings(c).is_empty()) {
        return None;
    }
    let forms = query
        .forms
        .iter()
        .filter(|form| spelling == Spelling::Syllables || form.len() >= 2);
    let mut places = forms.flat_map(|form| {
        (0..name.len())
            .filter(|&at| spelt(&name[at..], form, spelling))
            .collect::<Vec<_>>()
    });
    let first = places.next()?;
    Some(first == 0 || places.any(|at| at == 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::fold;

    fn entries(query: &str, spelling: Spelling) -> Vec<(u32, bool)> {
        let names = ["福州市", "厦门市", "长乐区", "绿岛1号楼a座", "西安"];
        let index = PinyinIndex::build((0..).zip(names));
        let mut found = index.find(&Spelt::new(&fold::words(query)), spelling);
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn syllables_in_every_reading() {
        for (query, entry) in [
            ("fuzhou", 0),
            ("fu zhou", 0),
            ("fúzhōu", 0),
            ("fu2zhou1shi4", 0),
            ("fuz", 0),
            ("福zhou", 0),
            ("fu州", 0),
            ("xiamen", 1),
            ("shamen", 1),
            ("changle", 2),
            ("zhangle", 2),
            ("changyue", 2),
            ("lvdao", 3),
            ("ludao1haolouazuo", 3),
            ("xi'an", 4),
        ] {
            assert_eq!(entries(query, Spelling::Syllables), [(entry, true)], "{query}");
        }
        assert_eq!(entries("zhou", Spelling::Syllables), [(0, false)]);
        assert_eq!(entries("zhoumen", Spelling::Syllables), []);
        assert_eq!(entries("福州", Spelling::Syllables), [], "nothing in it is spelt");
    }

    #[test]
    fn initials() {
        assert_eq!(entries("fzs", Spelling::Initials), [(0, true)]);
        assert_eq!(entries("福zs", Spelling::Initials), [(0, true)]);
        assert_eq!(entries("zs", Spelling::Initials), [(0, false)]);
        assert_eq!(entries("ld1hlaz", Spelling::Initials), [(3, true)]);
        assert_eq!(entries("f", Spelling::Initials), [], "one letter says too little");
    }
}
