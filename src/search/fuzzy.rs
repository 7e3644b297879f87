//! Words with slips of the pen: the vocabulary of all names and a bounded edit distance.

use std::collections::BTreeMap;

use super::fold::is_unspaced;

/// Letters a word needs before slips are forgiven: in shorter words a slip is another word.
const SHORTEST: usize = 5;

/// Letters from which two slips are forgiven.
const LONG: usize = 8;

/// A distinct word of the names.
#[derive(Debug)]
struct Word {
    letters: Box<[char]>,
    mask: u32,
    entries: Box<[u32]>,
}

/// All distinct words of the names with the entries that have them.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Word>,
}

impl Vocabulary {
    /// Collects the spaced words of folded names. O(n log n).
    pub(super) fn build<'n>(folded: impl IntoIterator<Item = (u32, &'n str)>) -> Self {
        let mut postings: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (entry, name) in folded {
            for word in spaced_words(name) {
                postings.entry(word).or_default().push(entry);
            }
        }
        let words = postings.into_iter().map(|(word, mut entries)| {
            entries.dedup();
            let letters: Box<[char]> = word.chars().collect();
            Word {
                mask: mask(&letters),
                letters,
                entries: entries.into_boxed_slice(),
            }
        });
        Self { words: words.collect() }
    }

    /// Entries with a word that is this one but for a slip or two. O(distinct words), most of them passed over by
    /// their letters alone.
    pub(super) fn find(&self, word: &str) -> impl Iterator<Item = u32> {
        let letters: Vec<char> = word.chars().collect();
        let slips = slips(&letters);
        let wanted = mask(&letters);
        self.words
            .iter()
            .filter(move |known| {
                slips.is_some_and(|slips| {
                    (known.mask ^ wanted).count_ones() as usize <= 2 * slips && within(&known.letters, &letters, slips)
                })
            })
            .flat_map(|known| known.entries.iter().copied())
    }
}

/// The words of a folded name that are written with spaces around them.
pub(super) fn spaced_words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c| c == ' ' || is_unspaced(c))
        .filter(|word| !word.is_empty())
}

/// How many slips are forgiven in a word; `None` where it must be right: too short, or a number.
fn slips(word: &[char]) -> Option<usize> {
    let forgivable = word.len() >= SHORTEST && word.iter().all(|c| c.is_alphabetic() && !is_unspaced(*c));
    forgivable.then_some(if word.len() < LONG { 1 } else { 2 })
}

/// Whether a folded word of a name is the query's word but for forgivable slips; the plain counterpart of
/// [`Vocabulary::find`].
#[cfg(test)]
pub(super) fn is_near(known: &str, word: &str) -> bool {
    let (known, word): (Vec<char>, Vec<char>) = (known.chars().collect(), word.chars().collect());
    slips(&word).is_some_and(|slips| within(&known, &word, slips))
}

/// One bit for each letter that occurs (some letters share one). A slip changes two bits at most.
fn mask(letters: &[char]) -> u32 {
    letters.iter().fold(0, |mask, c| mask | 1 << (u32::from(*c) % 32))
}

/// Whether at most `limit` insertions, deletions, replacements or swaps of neighbours turn one word into the other
/// (optimal string alignment distance). O(length²), for words.
fn within(a: &[char], b: &[char], limit: usize) -> bool {
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().all(|&distance| distance > limit) {
            return false;
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()] <= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_slips_in_long_words_are_forgiven() {
        for (known, word) in [
            ("fuzhou", "fuzhuo"),
            ("fuzhou", "fuzou"),
            ("xiamen", "xiameen"),
            ("university", "univresty"),
        ] {
            assert!(is_near(known, word), "{word}");
            let found: Vec<u32> = Vocabulary::build([(7, known)]).find(word).collect();
            assert_eq!(found, [7], "{word}");
        }
        for (known, word) in [
            ("fuan", "fuam"),
            ("xiamen", "xaimne"),
            ("fuzhou", "suzhow"),
            ("10000", "10001"),
        ] {
            assert!(!is_near(known, word), "{word}");
            assert_eq!(Vocabulary::build([(7, known)]).find(word).count(), 0, "{word}");
        }
    }
}
