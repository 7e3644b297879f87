//! Which encoding a text is in, and how sure that is.
//!
//! Owns the decision; decoding is `text.rs`' part, and stays strict: where the decision is wrong, the first byte
//! that does not fit ends the reading. In order:
//!
//! 1. a byte order mark decides;
//! 2. what the user says;
//! 3. text that is ASCII throughout, or holds together as UTF-8, is UTF-8: no other text is likely to look like it;
//! 4. zero bytes on one side of every pair tell UTF-16;
//! 5. of the national encodings those fall out in which the sample has a malformed sequence; the rest are weighed by
//!    how likely the characters are that they make of it ([`score`]). What is not clear is asked, with the first
//!    telling line read both ways.
//!
//! GBK and GB 2312 are reported as GB18030, which contains them.

mod common;
mod sample;
mod score;
#[cfg(test)]
mod tests;

use std::fmt::{Display, Formatter, Result as FmtResult};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Serialize, Serializer};

pub(super) use self::sample::Sample;
use self::score::{CANDIDATES, Score};
use super::{ReadError, Reading};

/// The encoding of a text, and how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Detected {
    /// The encoding.
    #[serde(serialize_with = "as_name")]
    pub encoding: &'static Encoding,
    /// How likely it is the right one, 0..=1.
    pub confidence: f64,
    /// How it is known.
    pub how: How,
}

/// How an encoding is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The text begins with a byte order mark.
    Bom,
    /// The file, or one beside it, says so.
    Declared,
    /// The user says so.
    Given,
    /// It is UTF-8 throughout, which other text hardly ever is.
    Strict,
    /// From the characters that the bytes make.
    Guessed,
}

/// A guess below this is asked about. Of the tests' lists every guess above it is right, even of a single row.
const SURE: f64 = 0.85;

/// No guess is certain.
const MOST: f64 = 0.99;

/// How much one nat of likelihood counts: the model takes characters for independent, which they are not.
const TEMPER: f64 = 0.2;

/// Text whose characters are rarer than this, in nats, is none that the model knows.
const STRANGE: f64 = -11.6;

impl Detected {
    pub(super) const fn new(encoding: &'static Encoding, confidence: f64, how: How) -> Self {
        Self {
            encoding,
            confidence,
            how,
        }
    }

    /// The encoding's name as its standard writes it.
    pub fn name(&self) -> &'static str {
        name(self.encoding)
    }

    /// Whether it is what every text should be, so that nobody need be told.
    pub fn goes_without_saying(&self) -> bool {
        self.encoding == UTF_8 && self.how != How::Guessed
    }
}

impl Display for Detected {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let percent = (self.confidence * 100.0).floor();
        match self.how {
            How::Bom => write!(f, "{} (byte order mark)", self.name()),
            How::Declared => write!(f, "{} (declared)", self.name()),
            How::Given => write!(f, "{} (given)", self.name()),
            How::Strict | How::Guessed => write!(f, "{} (detected, {percent} %)", self.name()),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn as_name<S: Serializer>(encoding: &&'static Encoding, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name(encoding))
}

fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 || encoding == GBK {
        "GB18030"
    } else {
        encoding.name()
    }
}

/// Decides for a sample of a text whose encoding nobody has told. Time linear in the sample.
///
/// # Errors
/// Two encodings fit about as well, or none makes sense.
pub(super) fn detect(sample: &Sample) -> Result<Detected, ReadError> {
    if let Some((encoding, _)) = Encoding::for_bom(sample.start()) {
        return Ok(Detected::new(encoding, 1.0, How::Bom));
    }
    if let Some(encoding) = utf16(sample.start()) {
        return Ok(Detected::new(encoding, MOST, How::Guessed));
    }
    if sample.pieces().all(<[u8]>::is_ascii) {
        return Ok(Detected::new(UTF_8, 1.0, How::Strict));
    }
    if sample.pieces().all(|piece| std::str::from_utf8(piece).is_ok()) {
        return unicode(sample);
    }
    if is_damaged_utf8(sample) {
        // The reader will say where it is damaged.
        return Ok(Detected::new(UTF_8, 0.9, How::Guessed));
    }
    weigh(sample)
}

/// UTF-8, unless it may be so by chance: a sequence of three bytes hardly ever is, but one hanzi of GB 2312 in seven is a
/// sequence of two as well.
fn unicode(sample: &Sample) -> Result<Detected, ReadError> {
    let mut doubt = 1.0;
    for text in sample.pieces().filter_map(|piece| std::str::from_utf8(piece).ok()) {
        let mut before = ' ';
        let mut chars = text.chars().peekable();
        while let Some(character) = chars.next() {
            let joins = |near: char| near.is_ascii_alphanumeric();
            let is_western = ('\u{a0}'..'\u{250}').contains(&character)
                && (joins(before) || chars.peek().copied().is_some_and(joins));
            doubt *= match character {
                '\0'..='\x7f' => 1.0,
                '\u{800}'.. => 0.0,
                _ if is_western => 0.05,
                _ => 0.5,
            };
            before = character;
        }
    }
    if 1.0 - doubt >= SURE {
        return Ok(Detected::new(UTF_8, 1.0 - doubt, How::Strict));
    }
    Err(ask(sample, UTF_8, GB18030))
}

/// Whether nearly all of it is UTF-8: text with single bytes lost or added.
fn is_damaged_utf8(sample: &Sample) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for piece in sample.pieces() {
        for chunk in piece.utf8_chunks() {
            whole += chunk.valid().chars().filter(|&c| c > '\u{7ff}').count();
            broken += usize::from(!chunk.invalid().is_empty());
        }
    }
    broken * 20 < whole
}

/// UTF-16 without a mark: zeros nearly always on the same side of a pair, and text when read so.
fn utf16(start: &[u8]) -> Option<&'static Encoding> {
    let zeros = |side: usize| start.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let encoding = if odd > 5 * even {
        UTF_16LE
    } else if even > 5 * odd {
        UTF_16BE
    } else {
        return None;
    };
    let whole = &start[..start.len() / 2 * 2];
    let text = encoding.decode_without_bom_handling_and_without_replacement(whole)?;
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    text.chars().all(is_text).then_some(encoding)
}

/// The best of the encodings that fit, if it is clearly the best.
fn weigh(sample: &Sample) -> Result<Detected, ReadError> {
    let mut fitting: Vec<(&'static Encoding, Score)> = CANDIDATES
        .iter()
        .filter_map(|candidate| {
            let scores = sample.pieces().map(|piece| candidate.score(piece));
            let score = scores.sum::<Option<Score>>()?;
            Some((candidate.encoding, score))
        })
        .collect();
    fitting.sort_by(|(_, one), (_, other)| other.nats.total_cmp(&one.nats));
    let Some(&(best, score)) = fitting.first() else {
        return Ok(Detected::new(UTF_8, 0.0, How::Guessed));
    };
    let ahead = fitting.get(1).map_or(f64::INFINITY, |(_, next)| score.nats - next.nats);
    // A second opinion, from a model made for web pages.
    let doubt = if agrees(sample, best) { 1.0 } else { 0.5 };
    let mut confidence = (1.0 / (1.0 + (-ahead * TEMPER * doubt).exp())).min(MOST);
    if score.mean() < STRANGE {
        if let Some(damaged) = damaged(sample) {
            // As with UTF-8: the reader will say where.
            return Ok(Detected::new(damaged, 0.5, How::Guessed));
        }
        confidence = confidence.min(0.5);
    }
    if confidence >= SURE {
        return Ok(Detected::new(best, confidence, How::Guessed));
    }
    Err(ask(sample, best, fitting.get(1).map_or(BIG5, |(next, _)| next)))
}

/// The encoding that nearly all lines make sense in: one that would be taken, but for a few damaged lines.
fn damaged(sample: &Sample) -> Option<&'static Encoding> {
    let mut best: Option<(&'static Encoding, Score)> = None;
    for candidate in &CANDIDATES {
        let (mut whole, mut broken, mut sum) = (0_usize, 0_usize, Score::default());
        for line in sample.lines().filter(|line| !line.is_ascii()) {
            match candidate.score(line) {
                Some(score) => {
                    whole += 1;
                    sum = [sum, score].into_iter().sum();
                }
                None => broken += 1,
            }
        }
        let makes_sense = broken * 20 < whole && sum.mean() >= STRANGE;
        if makes_sense && best.is_none_or(|(_, known)| sum.mean() > known.mean()) {
            best = Some((candidate.encoding, sum));
        }
    }
    best.map(|(encoding, _)| encoding)
}

fn agrees(sample: &Sample, encoding: &'static Encoding) -> bool {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for piece in sample.pieces() {
        detector.feed(piece, false);
    }
    detector.feed(&[], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    name(guess) == name(encoding)
}

fn ask(sample: &Sample, best: &'static Encoding, next: &'static Encoding) -> ReadError {
    let line = sample.telling_line();
    let read = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(line);
        Reading {
            encoding: name(encoding),
            text: text.trim().chars().take(60).collect(),
        }
    };
    ReadError::AmbiguousEncoding(Box::new([read(best), read(next)]))
}
