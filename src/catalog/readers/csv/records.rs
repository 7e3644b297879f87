//! Records of delimited text, one after the other, each of bounded size.

use std::io::{Error, ErrorKind, Read, Result as IoResult};

use super::{
    super::{Input, ReadError},
    delimiter::Dialect,
};

/// The longest record: a quotation mark that is never closed must not fill the memory.
const LONGEST: u64 = 64 << 20;

/// A file's records in order; blank lines are none.
pub(super) struct Records {
    reader: csv::Reader<Bounded<Box<dyn Read>>>,
    record: csv::StringRecord,
    number: u64,
}

/// Reads until an end that is set anew for every record, and remembers the end and the last byte that is no white space.
struct Bounded<R> {
    inner: R,
    read: u64,
    end: u64,
    last: u8,
    is_at_end: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        if self.read > self.end {
            return Err(Error::new(ErrorKind::InvalidData, TooLong));
        }
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        self.is_at_end = read == 0;
        let last = buffer[..read].iter().rfind(|byte| !byte.is_ascii_whitespace());
        self.last = last.copied().unwrap_or(self.last);
        Ok(read)
    }
}

/// A record goes on and on.
#[derive(Debug, thiserror::Error)]
#[error("a record is too long")]
struct TooLong;

fn is_too_long(error: &Error) -> bool {
    error
        .get_ref()
        .is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooLong>)
}

impl Records {
    /// A file from its beginning, after the line that only names the delimiter.
    pub(super) fn open(input: &Input, dialect: Dialect) -> Result<Self, ReadError> {
        Ok(Self::new(Box::new(input.text()?), dialect))
    }

    pub(super) fn new(inner: Box<dyn Read>, dialect: Dialect) -> Self {
        let bounded = Bounded {
            inner,
            read: 0,
            end: LONGEST,
            last: 0,
            is_at_end: false,
        };
        let reader = csv::ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 << 10)
            .from_reader(bounded);
        Self {
            reader,
            record: csv::StringRecord::new(),
            number: 0,
        }
    }

    /// The next record.
    pub(super) fn next(&mut self) -> Result<Option<&csv::StringRecord>, ReadError> {
        let source = self.reader.get_mut();
        source.end = source.read + LONGEST;
        self.number += 1;
        let is_there = self
            .reader
            .read_record(&mut self.record)
            .map_err(|error| self.error(error))?;
        if is_there && self.number == 1 && self.names_delimiter() {
            return self.next();
        }
        if is_there && self.is_left_open() {
            return Err(ReadError::Header(format!(
                "the quotation mark that begins a field of record {} is never closed: the rest of the file is inside it",
                self.number
            )));
        }
        Ok(is_there.then_some(&self.record))
    }

    /// `sep=;`, which Excel reads and writes as a first line.
    fn names_delimiter(&self) -> bool {
        let first = self.record.get(0).unwrap_or_default().trim();
        let only = self.record.iter().skip(1).all(str::is_empty);
        only && first.to_ascii_lowercase().starts_with("sep=") && first.chars().count() <= 5
    }

    /// Whether this is the last record and a quoted field of several lines reaches to the end of the file.
    fn is_left_open(&self) -> bool {
        let last = self.record.iter().next_back().unwrap_or_default();
        last.contains(['\n', '\r']) && self.reader.get_ref().is_at_end && self.reader.get_ref().last != b'"'
    }

    fn error(&self, error: csv::Error) -> ReadError {
        match error.into_kind() {
            csv::ErrorKind::Io(error) if is_too_long(&error) => ReadError::TooLong {
                row: self.number,
                limit: LONGEST as usize,
            },
            csv::ErrorKind::Io(error) => ReadError::from_io(error),
            other => ReadError::Header(format!("the CSV cannot be read: {other:?}")),
        }
    }
}
