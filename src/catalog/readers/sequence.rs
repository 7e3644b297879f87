//! GeoJSON text sequences: features between record separators (RFC 8142), or one per line.
//!
//! Each record stands alone: one that is broken is a refused row and the next one is read.

use std::io::{BufRead, Read};

use super::{Columns, Detected, Input, Problem, ReadError, Row, Source, json};

/// The record separator of RFC 8142.
const SEPARATOR: u8 = 0x1e;

/// The longest record: a file without line ends must not fill the memory.
const LONGEST: usize = 256 << 20;

/// A file of GeoJSON features one after the other.
#[derive(Debug)]
pub struct GeoJsonSeq {
    input: Input,
}

impl GeoJsonSeq {
    /// A file to be read; nothing is looked at yet.
    pub const fn open(input: Input) -> Self {
        Self { input }
    }
}

impl Source for GeoJsonSeq {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut reader = self.input.text()?;
        let first = reader.fill_buf().map_err(ReadError::from_io)?.first().copied();
        // Between separators a record may have line ends in it.
        let end = if first == Some(SEPARATOR) { SEPARATOR } else { b'\n' };
        let mut columns = Columns::default();
        let mut number = 0;
        let mut record = Vec::new();
        loop {
            record.clear();
            let mut limited = (&mut reader).take(LONGEST as u64 + 1);
            let read = limited.read_until(end, &mut record).map_err(ReadError::from_io)?;
            if read == 0 {
                return Ok(());
            }
            if read > LONGEST {
                return Err(ReadError::TooLong {
                    row: number + 1,
                    limit: LONGEST,
                });
            }
            let text = record.strip_suffix(&[end]).unwrap_or(&record).trim_ascii();
            let text = text.strip_prefix(&[SEPARATOR]).unwrap_or(text);
            if text.is_empty() {
                continue;
            }
            number += 1;
            let content = serde_json::from_slice(text)
                .map_err(|error| {
                    Problem::value(
                        "record",
                        &String::from_utf8_lossy(text),
                        format!("broken JSON: {error}"),
                    )
                })
                .and_then(|value| json::feature(value, &mut columns));
            take(&columns.names, Row { number, content });
        }
    }

    fn encoding(&self) -> Option<Detected> {
        self.input.encoding().ok()
    }
}
