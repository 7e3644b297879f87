//! Sorted tables of the letters that can be typed for the characters from a position on.
//!
//! A key is the first letters of one spelling, packed five bits to a letter from the top, so that all spellings that
//! begin with given letters are one range.

use std::ops::Range;

use super::{Spelling, reading::Readings};

/// Bits of a packed letter.
const LETTER_BITS: u32 = 5;

/// Letters in a key.
const KEY_LETTERS: u32 = 12;

/// Characters whose readings are multiplied out in one key; what follows is checked on the name. Four syllables are
/// nearly always all of a key's letters, and keep the number of keys small where characters have many readings.
const KEY_CHARS: usize = 4;

/// Letters of one spelling, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Key {
    packed: u64,
    letters: u32,
}

impl Key {
    fn push(self, letter: u8) -> Self {
        if self.letters == KEY_LETTERS {
            return self;
        }
        let letters = self.letters + 1;
        let code = u64::from(letter - b'a') + 1;
        Self {
            packed: self.packed | code << ((KEY_LETTERS - letters) * LETTER_BITS),
            letters,
        }
    }

    fn of(letters: &[char]) -> Self {
        letters
            .iter()
            .fold(Self::default(), |key, &letter| key.push(letter as u8))
    }

    /// The packed keys that begin with these letters.
    fn range(self) -> Range<u64> {
        self.packed..self.packed + (1 << ((KEY_LETTERS - self.letters) * LETTER_BITS))
    }
}

/// Keys and the positions they begin at, sorted.
#[derive(Debug, Default)]
pub(super) struct Keys {
    packed: Vec<u64>,
    positions: Vec<u32>,
}

impl Keys {
    /// The keys of every position of every name.
    pub(super) fn build(
        spelling: Spelling,
        readings: &Readings,
        symbols: &[u32],
        names: impl Iterator<Item = Range<u32>>,
    ) -> Self {
        let mut pairs = Vec::new();
        for name in names {
            for at in name.clone() {
                let keys = spellings(spelling, readings, &symbols[at as usize..name.end as usize]);
                pairs.extend(
                    keys.into_iter()
                        .filter(|key| key.letters > 0)
                        .map(|key| (key.packed, at)),
                );
            }
        }
        pairs.sort_unstable();
        let (packed, positions) = pairs.into_iter().unzip();
        Self { packed, positions }
    }

    /// Positions where these letters are surely typed for what stands there, and lists of positions where they may be:
    /// those whose keys tell no more than the first of the letters.
    pub(super) fn candidates(&self, letters: &[char]) -> (&[u32], Vec<&[u32]>) {
        let shorter = (1..letters.len().min(KEY_LETTERS as usize)).map(|length| {
            let packed = Key::of(&letters[..length]).packed;
            self.between(packed..packed + 1)
        });
        let mut maybe: Vec<&[u32]> = shorter.filter(|positions| !positions.is_empty()).collect();
        let longest = self.between(Key::of(letters).range());
        if letters.len() <= KEY_LETTERS as usize {
            (longest, maybe)
        } else {
            maybe.push(longest);
            (&[], maybe)
        }
    }

    fn between(&self, range: Range<u64>) -> &[u32] {
        let from = self.packed.partition_point(|&key| key < range.start);
        let to = from + self.packed[from..].partition_point(|&key| key < range.end);
        &self.positions[from..to]
    }
}

/// The keys of the characters from here on, one for each way to read them.
fn spellings(spelling: Spelling, readings: &Readings, symbols: &[u32]) -> Vec<Key> {
    let mut keys = vec![Key::default()];
    for &symbol in symbols.iter().take(KEY_CHARS) {
        let c = readings.char(symbol);
        let mut next = Vec::with_capacity(keys.len());
        for key in keys.iter().copied() {
            if c.is_ascii_lowercase() {
                next.push(key.push(c as u8));
            }
            for reading in readings.of(symbol) {
                let letters = match spelling {
                    Spelling::Syllables => reading.as_bytes(),
                    Spelling::Initials => &reading.as_bytes()[..1],
                };
                next.push(letters.iter().fold(key, |key, &letter| key.push(letter)));
            }
        }
        if next.is_empty() {
            break;
        }
        next.sort_unstable();
        next.dedup();
        keys = next;
    }
    keys
}
