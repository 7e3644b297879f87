//! How likely a text is, read in one of the national encodings.
//!
//! A model of single characters: each class of characters has a share of ordinary text, shared evenly by its
//! characters; their logarithms add up. The classes are those of the encodings themselves, whose makers put the
//! frequent hanzi first (level 1 of GB 2312, Big5 and JIS X 0208, then level 2, then extensions), with the few hundred
//! most frequent ones of [`common`] set apart. Text read in the wrong encoding falls into the rare classes.

use std::iter::Sum;

use encoding_rs::{BIG5, EUC_JP, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

use super::common;

/// The encodings that are weighed against each other.
pub(super) const CANDIDATES: [Candidate; 5] = [
    Candidate::new(GB18030, Family::Gb),
    Candidate::new(BIG5, Family::Big5),
    Candidate::new(SHIFT_JIS, Family::ShiftJis),
    Candidate::new(EUC_JP, Family::EucJp),
    Candidate::new(WINDOWS_1252, Family::Latin),
];

/// As many characters of a piece are weighed; all are checked.
const WEIGHED: usize = 20_000;

/// One encoding.
pub(super) struct Candidate {
    pub(super) encoding: &'static Encoding,
    family: Family,
}

/// How an encoding's sequences are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Gb,
    Big5,
    ShiftJis,
    EucJp,
    Latin,
}

/// Where an encoding's makers put a hanzi.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    First,
    Second,
    Beyond,
}

/// The likelihood of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Score {
    /// Its natural logarithm.
    pub(super) nats: f64,
    /// The part of it that is not ASCII, and how many characters that are.
    foreign_nats: f64,
    foreign: u32,
}

impl Score {
    /// The mean of the characters that are not ASCII, in nats.
    pub(super) fn mean(self) -> f64 {
        self.foreign_nats / f64::from(self.foreign.max(1))
    }

    fn add(&mut self, nats: f64, is_foreign: bool) {
        self.nats += nats;
        if is_foreign {
            self.foreign_nats += nats;
            self.foreign += 1;
        }
    }
}

impl Sum for Score {
    fn sum<I: Iterator<Item = Self>>(scores: I) -> Self {
        scores.fold(Self::default(), |sum, score| Self {
            nats: sum.nats + score.nats,
            foreign_nats: sum.foreign_nats + score.foreign_nats,
            foreign: sum.foreign + score.foreign,
        })
    }
}

/// An ASCII character, or a letter where a word goes on.
const ASCII: f64 = -3.0;

impl Candidate {
    const fn new(encoding: &'static Encoding, family: Family) -> Self {
        Self { encoding, family }
    }

    /// The likelihood of a piece; `None` where a sequence in it is malformed.
    pub(super) fn score(&self, piece: &[u8]) -> Option<Score> {
        let text = self
            .encoding
            .decode_without_bom_handling_and_without_replacement(piece)?;
        let mut score = Score::default();
        let mut rest = piece;
        let mut before = ' ';
        let mut chars = text.chars().peekable();
        while let (Some(character), true) = (chars.next(), (score.foreign as usize) < WEIGHED) {
            let length = self.family.length(rest);
            let sequence = rest.get(..length)?;
            rest = &rest[length..];
            if self.family == Family::Big5 && is_double(sequence) {
                chars.next();
            }
            let nats = if character.is_ascii() {
                ASCII
            } else if self.family == Family::Latin {
                latin(before, character, chars.peek().copied())
            } else {
                self.family.nats(before, character, sequence)
            };
            score.add(nats, !character.is_ascii());
            before = character;
        }
        Some(score)
    }
}

/// The four sequences of Big5 that stand for a letter and a mark on it.
fn is_double(sequence: &[u8]) -> bool {
    matches!(sequence, [0x88, 0x62 | 0x64 | 0xa3 | 0xa5])
}

/// A letter with a mark inside a word is usual in western text; anything else above ASCII is rare.
fn latin(before: char, character: char, after: Option<char>) -> f64 {
    let joins = |c: char| c.is_ascii_alphabetic();
    let alone = before.is_ascii() && after.is_none_or(|after| after.is_ascii());
    let in_word = joins(before) || after.is_some_and(joins);
    if character.is_alphabetic() && alone && in_word {
        -6.0
    } else {
        -13.0
    }
}

impl Family {
    /// The length of the sequence that a well-formed text goes on with.
    fn length(self, rest: &[u8]) -> usize {
        let (lead, second) = (
            rest.first().copied().unwrap_or_default(),
            rest.get(1).copied().unwrap_or_default(),
        );
        match (self, lead) {
            (Self::Latin, _) | (_, 0..=0x80) | (Self::ShiftJis, 0xa0..=0xdf) => 1,
            (Self::Gb, _) if second.is_ascii_digit() => 4,
            (Self::EucJp, 0x8f) => 3,
            _ => 2,
        }
    }

    fn level(self, sequence: &[u8]) -> Level {
        let &[lead, trail] = sequence else { return Level::Beyond };
        match (self, lead, trail) {
            (Self::Gb, 0xb0..=0xd7, 0xa1..)
            | (Self::Big5, 0xa4..=0xc5, _)
            | (Self::Big5, 0xc6, ..=0x7e)
            | (Self::ShiftJis, 0x88..=0x97, _)
            | (Self::ShiftJis, 0x98, ..=0x72)
            | (Self::EucJp, 0xb0..=0xcf, _) => Level::First,
            (Self::Gb, 0xd8..=0xf7, 0xa1..)
            | (Self::Big5, 0xc9..=0xf9, _)
            | (Self::ShiftJis, 0x98..=0x9f | 0xe0..=0xea, _)
            | (Self::EucJp, 0xd0..=0xf4, _) => Level::Second,
            _ => Level::Beyond,
        }
    }

    /// The logarithm of a character's share of ordinary text.
    fn nats(self, before: char, character: char, sequence: &[u8]) -> f64 {
        let is_japanese = matches!(self, Self::ShiftJis | Self::EucJp);
        match character {
            '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => -25.0,
            '、' | '。' | '，' | '（' | '）' | '：' | '；' | '・' | '「' | '」' | '“' | '”' | '《' | '》' | '〇'
            | '－' | '　' => -6.5,
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => -8.0,
            'ぁ'..='ヿ' if is_japanese => -6.2,
            'ｱ'..='ﾟ' if is_japanese && is_half_kana(before) => -5.0,
            '｡'..='ﾟ' if is_japanese => -9.5,
            '々' if is_japanese => -7.0,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'.. => self.hanzi(character, sequence),
            _ => -11.5,
        }
    }

    fn hanzi(self, character: char, sequence: &[u8]) -> f64 {
        let is_common = match self {
            Self::Gb => common::is_simplified(character),
            Self::Big5 => common::is_traditional(character),
            Self::ShiftJis | Self::EucJp => common::is_japanese(character),
            Self::Latin => false,
        };
        if is_common {
            return -6.8;
        }
        match (self, self.level(sequence)) {
            (_, Level::First) => -9.6,
            (Self::Big5, Level::Second) => -13.0,
            (_, Level::Second) => -12.4,
            (Self::Gb, Level::Beyond) => -15.5,
            (_, Level::Beyond) => -14.5,
        }
    }
}

const fn is_half_kana(character: char) -> bool {
    matches!(character, '｡'..='ﾟ')
}
