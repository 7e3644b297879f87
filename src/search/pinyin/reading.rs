//! The readings of characters, each character known by a small number.

use std::{borrow::Cow, collections::HashMap};

use pinyin::ToPinyinMulti;

/// Characters met so far with their readings.
#[derive(Debug, Default)]
pub(super) struct Readings {
    symbols: HashMap<char, u32>,
    chars: Vec<char>,
    spellings: Vec<Vec<Cow<'static, str>>>,
    /// One bit for each letter that a reading begins with.
    initials: Vec<u32>,
}

impl Readings {
    /// The character's number; a new one for a new character.
    pub(super) fn symbol(&mut self, c: char) -> u32 {
        *self.symbols.entry(c).or_insert_with(|| {
            self.chars.push(c);
            let spellings = readings(c);
            self.initials.push(
                spellings
                    .iter()
                    .fold(0, |bits, reading| bits | letter_bit(reading.as_bytes()[0])),
            );
            self.spellings.push(spellings);
            self.chars.len() as u32 - 1
        })
    }

    /// The character's number, if it was met.
    pub(super) fn known(&self, c: char) -> Option<u32> {
        self.symbols.get(&c).copied()
    }

    /// The character of a number.
    pub(super) fn char(&self, symbol: u32) -> char {
        self.chars[symbol as usize]
    }

    /// The readings of a number's character, `a`–`z` only; none for letters and digits.
    pub(super) fn of(&self, symbol: u32) -> &[Cow<'static, str>] {
        &self.spellings[symbol as usize]
    }

    /// Whether a reading of a number's character begins with this letter.
    pub(super) fn begin_with(&self, symbol: u32, letter: char) -> bool {
        letter.is_ascii_lowercase() && self.initials[symbol as usize] & letter_bit(letter as u8) != 0
    }

    /// How many characters were met.
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }
}

fn letter_bit(letter: u8) -> u32 {
    1 << (letter - b'a')
}

/// Every reading of a character without its tone. A reading with ü stands twice, with u (as accents are folded) and
/// with v (as it is typed).
pub(super) fn readings(c: char) -> Vec<Cow<'static, str>> {
    let mut readings: Vec<Cow<'static, str>> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain();
        if plain.contains('ü') {
            readings.extend(["u", "v"].map(|letter| Cow::Owned(plain.replace('ü', letter))));
        } else {
            readings.push(Cow::Borrowed(plain));
        }
    }
    // The interjections ê and ề have no plain spelling.
    readings.retain(|reading| !reading.is_empty() && reading.bytes().all(|byte| byte.is_ascii_lowercase()));
    readings.sort_unstable();
    readings.dedup();
    readings
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn heteronyms_have_all_their_readings() {
        assert_eq!(readings('厦'), ["sha", "xia"]);
        assert_eq!(readings('绿'), ["lu", "lv"]);
        assert!(readings('a').is_empty() && readings('1').is_empty());
    }
}
