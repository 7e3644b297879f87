//! The `.dbf`: one record of attributes for each shape.
//!
//! Read here and not by the `dbase` crate, which passes over deleted records, so that everything after one would stand
//! beside the wrong shape; reads `F` columns as 32-bit floats; and refuses files without a date of their last change.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use encoding_rs::{DecoderResult, Encoding};

use super::super::{Input, Problem, ReadError};
use crate::catalog::RawValue;

/// A `.dbf` whose header is understood.
#[derive(Debug)]
pub(super) struct Table {
    path: PathBuf,
    pub(super) columns: Vec<Column>,
    /// How many records it says it has.
    pub(super) count: u64,
    /// The language driver byte.
    pub(super) language: u8,
    header_length: u64,
    record_length: usize,
}

/// A column of a `.dbf`.
#[derive(Debug)]
pub(super) struct Column {
    /// Its name's bytes.
    pub(super) raw_name: Vec<u8>,
    pub(super) kind: u8,
    place: std::ops::Range<usize>,
}

impl Column {
    /// Whether it holds text.
    pub(super) const fn is_text(&self) -> bool {
        self.kind == b'C'
    }

    /// Whether its values are known how to be read; memos lie in a file of their own, pictures are no values.
    pub(super) fn is_read(&self) -> bool {
        match self.kind {
            b'I' | b'+' => self.place.len() == 4,
            b'O' | b'B' => self.place.len() == 8,
            kind => matches!(kind, b'C' | b'N' | b'F' | b'L' | b'D'),
        }
    }
}

impl Table {
    /// Reads the header, and checks that the records it speaks of are there.
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        let file = File::open(path).map_err(ReadError::open(path))?;
        let size = file.metadata()?.len();
        let mut header = Vec::new();
        file.take(u64::from(u16::MAX)).read_to_end(&mut header)?;
        let broken = |reason: String| ReadError::Shapefile(format!("the .dbf is damaged: {reason}"));
        if header.len() < 32 {
            return Err(broken("it is shorter than its header".to_owned()));
        }
        if header[0] & 7 == 4 {
            return Err(ReadError::Shapefile(
                "the .dbf is of dBASE 7, which no GIS writes; save it as dBASE III or IV".to_owned(),
            ));
        }
        let word = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let count = u64::from(u32::from_le_bytes([header[4], header[5], header[6], header[7]]));
        let (header_length, record_length) = (word(8), word(10));
        let end = header_length as u64 + count * record_length as u64;
        if end > size || header.len() < header_length {
            return Err(broken(format!(
                "its {count} records end at byte {end}, and it has {size}; is it cut short?"
            )));
        }
        let columns = columns(&header[32..header_length.max(32)]);
        let used = columns.last().map_or(1, |column| column.place.end);
        if used > record_length {
            return Err(broken(format!(
                "its columns need {used} bytes of records of {record_length}"
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            columns,
            count,
            language: header[29],
            header_length: header_length as u64,
            record_length,
        })
    }

    /// Its records from the first.
    pub(super) fn records(&self) -> Result<Records<'_>, ReadError> {
        let mut file = BufReader::new(File::open(&self.path).map_err(ReadError::open(&self.path))?);
        file.seek(SeekFrom::Start(self.header_length))?;
        Ok(Records {
            table: self,
            file,
            left: self.count,
            record: vec![0; self.record_length],
        })
    }
}

/// The descriptors of 32 bytes each, up to the mark that ends them.
fn columns(descriptors: &[u8]) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut end = 1;
    for descriptor in descriptors
        .chunks_exact(32)
        .take_while(|descriptor| descriptor[0] != b'\r')
    {
        let name = descriptor[..11].split(|&byte| byte == 0).next().unwrap_or_default();
        let place = end..end + usize::from(descriptor[16]);
        end = place.end;
        columns.push(Column {
            raw_name: name.to_vec(),
            kind: descriptor[11],
            place,
        });
    }
    columns
}

/// The records of a table one after the other, deleted ones too.
pub(super) struct Records<'t> {
    table: &'t Table,
    file: BufReader<File>,
    left: u64,
    record: Vec<u8>,
}

impl Records<'_> {
    /// The next record; `None` after the last. Counts what it reads on `input`.
    pub(super) fn next(&mut self, input: Option<&Input>) -> Result<Option<Record<'_>>, ReadError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.file
            .read_exact(&mut self.record)
            .map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => ReadError::Shapefile("the .dbf was changed while it was read".to_owned()),
                _ => ReadError::Io(error),
            })?;
        if let Some(input) = input {
            input.count(self.record.len() as u64);
        }
        Ok(Some(Record {
            columns: &self.table.columns,
            bytes: &self.record,
        }))
    }
}

/// One record.
pub(super) struct Record<'r> {
    columns: &'r [Column],
    bytes: &'r [u8],
}

impl Record<'_> {
    /// Whether its writer marked it as deleted.
    pub(super) fn is_deleted(&self) -> bool {
        self.bytes.first() == Some(&b'*')
    }

    /// The bytes of its texts, and whether each fills its column, which may have cut it.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&[u8], bool)> {
        let texts = self.columns.iter().filter(|column| column.is_text());
        texts.map(|column| {
            let text = until_null(self.cell(column));
            (text, text.len() == self.cell(column).len() && !text.ends_with(b" "))
        })
    }

    fn cell(&self, column: &Column) -> &[u8] {
        self.bytes.get(column.place.clone()).unwrap_or_default()
    }

    /// Its known values. `cut` counts texts that end in the middle of a character because their column is full.
    pub(super) fn values(
        &self,
        names: &[String],
        encoding: &'static Encoding,
        cut: &mut u64,
    ) -> Result<Vec<(usize, RawValue<'static>)>, Problem> {
        let mut values = Vec::new();
        for ((index, column), name) in self.columns.iter().enumerate().zip(names) {
            let cell = self.cell(column);
            let value = match column.kind {
                b'C' => text(cell, encoding, cut).map_err(|shown| {
                    let reason = format!("is not {} text; say what it is with --encoding", encoding.name());
                    Problem::value(name, &shown, reason)
                })?,
                b'N' | b'F' => number(cell),
                b'L' => match cell.first() {
                    Some(b'T' | b't' | b'Y' | b'y' | b'1') => Some(RawValue::Bool(true)),
                    Some(b'F' | b'f' | b'N' | b'n' | b'0') => Some(RawValue::Bool(false)),
                    _ => None,
                },
                b'D' => date(cell),
                b'I' | b'+' => cell
                    .try_into()
                    .ok()
                    .map(|bytes| RawValue::Int(i32::from_le_bytes(bytes).into())),
                b'O' | b'B' => {
                    let number = cell.try_into().map_or(f64::NAN, f64::from_le_bytes);
                    number.is_finite().then_some(RawValue::Float(number))
                }
                _ => None,
            };
            values.extend(value.map(|value| (index, value)));
        }
        Ok(values)
    }
}

fn until_null(cell: &[u8]) -> &[u8] {
    cell.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Decodes a text strictly. The end of one that fills its column may be half a character, which its writer cut off.
fn text(cell: &[u8], encoding: &'static Encoding, cut: &mut u64) -> Result<Option<RawValue<'static>>, String> {
    let bytes = until_null(cell);
    let is_full = bytes.len() == cell.len();
    let (text, ending) = decode(bytes, encoding).ok_or_else(|| encoding.decode(bytes).0.into_owned())?;
    match ending {
        Ending::Whole => {}
        Ending::Half if is_full => *cut += 1,
        Ending::Half => return Err(text),
    }
    let text = text.trim();
    Ok((!text.is_empty()).then(|| RawValue::Text(text.to_owned().into())))
}

/// How a text ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a character.
    Whole,
    /// In the middle of one.
    Half,
}

/// The text in some bytes and how it ends; `None` where they are not text in this encoding.
pub(super) fn decode(bytes: &[u8], encoding: &'static Encoding) -> Option<(String, Ending)> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, false);
    if result != DecoderResult::InputEmpty {
        return None;
    }
    let (result, _) = decoder.decode_to_string_without_replacement(b"", &mut text, true);
    let ending = if result == DecoderResult::InputEmpty {
        Ending::Whole
    } else {
        Ending::Half
    };
    Some((text, ending))
}

/// A number as it is written: an integer, a float, or its digits where no number of 64 bits is the same. Stars stand
/// where it was too long for its column.
fn number(cell: &[u8]) -> Option<RawValue<'static>> {
    let written = String::from_utf8_lossy(until_null(cell));
    let written = written.trim();
    if written.is_empty() || written.bytes().all(|byte| byte == b'*') {
        return None;
    }
    let is_whole = written
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-".contains(&byte));
    Some(match (written.parse::<i64>(), written.parse::<f64>()) {
        (Ok(value), _) => RawValue::Int(value),
        (_, Ok(value)) if value.is_finite() && !is_whole => RawValue::Float(value),
        _ => RawValue::Text(written.to_owned().into()),
    })
}

/// `YYYYMMDD` as ISO 8601; anything else as it stands, and nothing for zeros.
fn date(cell: &[u8]) -> Option<RawValue<'static>> {
    let written = String::from_utf8_lossy(until_null(cell));
    let written = written.trim();
    if written.is_empty() || written.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let is_date = written.len() == 8 && written.bytes().all(|byte| byte.is_ascii_digit());
    let text = if is_date {
        format!("{}-{}-{}", &written[..4], &written[4..6], &written[6..])
    } else {
        written.to_owned()
    };
    Some(RawValue::Text(text.into()))
}
