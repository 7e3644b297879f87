//! What separates the fields: found by trying, on the first records.

use std::io::{Cursor, Read};

use super::{
    super::{
        Hints, Input, ReadError,
        table::{HEAD_ROWS, Head},
    },
    records::Records,
};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
}

/// The separators in use, the most usual first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// How much of the text is tried.
const PREFIX: u64 = 256 << 10;

/// Finds delimiter and head. A delimiter that gives a head with a position outweighs all others; then the one with
/// which most records have the same number of fields, and the most of them.
pub(super) fn find(input: &Input, hints: &Hints) -> Result<(Dialect, Head), ReadError> {
    let mut text = Vec::new();
    let mut reader = input.text()?.take(PREFIX);
    reader.read_to_end(&mut text).map_err(ReadError::from_io)?;
    let is_cut = text.len() as u64 == PREFIX;
    if text.trim_ascii().is_empty() {
        return Err(ReadError::Header("the file has no header row".to_owned()));
    }
    let told = told(&text);
    let tried = DELIMITERS
        .iter()
        .copied()
        .filter(|delimiter| told.is_none_or(|told| told == *delimiter));
    let tried: Vec<u8> = tried.chain(told.filter(|told| !DELIMITERS.contains(told))).collect();
    let mut best: Option<(Rank, Dialect, Result<Head, String>)> = None;
    for delimiter in tried {
        let dialect = Dialect { delimiter };
        let rows = first_rows(&text, dialect, is_cut);
        let head = Head::find(&rows, hints);
        let rank = Rank::of(&rows, head.is_ok());
        if best.as_ref().is_none_or(|(known, ..)| rank > *known) {
            best = Some((rank, dialect, head));
        }
    }
    let (_, dialect, head) = best.ok_or_else(|| ReadError::Header("there is no delimiter".to_owned()))?;
    Ok((dialect, head.map_err(ReadError::Header)?))
}

/// The delimiter that a first line such as `sep=;` names.
fn told(text: &[u8]) -> Option<u8> {
    let line = text.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let line = line.trim_ascii_start();
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let &delimiter = rest.first().filter(|byte| byte.is_ascii() && **byte != b'"')?;
    (word.eq_ignore_ascii_case(b"sep=") && rest.len() <= 2).then_some(delimiter)
}

/// How well a delimiter fits; compared from the first field on.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    has_head: bool,
    separates: bool,
    /// Records with the most frequent number of fields, in thousandths.
    alike: usize,
    fields: usize,
}

impl Rank {
    fn of(rows: &[Vec<String>], has_head: bool) -> Self {
        let mut counts = std::collections::BTreeMap::new();
        for row in rows {
            *counts.entry(row.len()).or_insert(0_usize) += 1;
        }
        let (fields, alike) = counts.into_iter().max_by_key(|&(_, count)| count).unwrap_or_default();
        Self {
            has_head,
            separates: fields > 1,
            alike: alike * 1000 / rows.len().max(1),
            fields,
        }
    }
}

/// The first records; of a text that is cut the last one is left out. What cannot be read ends them: the reading
/// proper will say so.
fn first_rows(text: &[u8], dialect: Dialect, is_cut: bool) -> Vec<Vec<String>> {
    let mut records = Records::new(Box::new(Cursor::new(text.to_vec())), dialect);
    let mut rows = Vec::new();
    while rows.len() < HEAD_ROWS {
        match records.next() {
            Ok(Some(record)) => rows.push(record.iter().map(str::to_owned).collect()),
            Ok(None) => {
                if is_cut && rows.len() > 1 {
                    rows.pop();
                }
                break;
            }
            Err(_) => break,
        }
    }
    rows
}
