//! Bytes as they come: counted, and never more memory than the input really has bytes for.

use std::io::{self, Read};

use super::FgbError;

/// The longest table: 16 million positions. A forged length must not fill the memory.
pub(super) const LONGEST: u64 = 256 << 20;

/// As many bytes are made room for before they have come.
const ROOM: u64 = 64 * 1024;

/// An input read piece by piece into one buffer.
#[derive(Debug)]
pub(super) struct Bytes<R> {
    reader: R,
    /// How many bytes have been read.
    at: u64,
    buffer: Vec<u8>,
}

impl<R: Read> Bytes<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self {
            reader,
            at: 0,
            buffer: Vec::new(),
        }
    }

    /// The next bytes: as many as are asked for, or all that are left.
    pub(super) fn read(&mut self, count: u64) -> io::Result<&[u8]> {
        self.buffer.clear();
        self.append(count)?;
        Ok(&self.buffer)
    }

    fn append(&mut self, count: u64) -> io::Result<u64> {
        self.buffer.reserve(count.min(ROOM) as usize);
        let read = (&mut self.reader).take(count).read_to_end(&mut self.buffer)? as u64;
        self.at += read;
        Ok(read)
    }

    /// The next size-prefixed table, prefix included, and where it begins; `None` at the end.
    pub(super) fn table(&mut self, what: &'static str) -> Result<Option<(u64, &[u8])>, FgbError> {
        let at = self.at;
        let cut_short = |needed, left| FgbError::CutShort { what, at, needed, left };
        let Some(prefix) = self.read(4)?.first_chunk::<4>().copied() else {
            return match self.at - at {
                0 => Ok(None),
                left => Err(cut_short(4, left)),
            };
        };
        let length = u64::from(u32::from_le_bytes(prefix));
        // The smallest table that the verifier can look at has a root offset.
        if !(8..=LONGEST).contains(&length) {
            let problem = format!("a length of {length} bytes is impossible");
            return Err(FgbError::Damaged { what, at, problem });
        }
        let read = self.append(length)?;
        if read < length {
            return Err(cut_short(length + 4, read + 4));
        }
        Ok(Some((at, &self.buffer)))
    }

    /// Passes over bytes.
    pub(super) fn skip(&mut self, count: u64, what: &'static str) -> Result<(), FgbError> {
        let skipped = io::copy(&mut (&mut self.reader).take(count), &mut io::sink())?;
        let at = self.at;
        self.at += skipped;
        self.buffer.clear();
        if skipped < count {
            return Err(FgbError::CutShort {
                what,
                at,
                needed: count,
                left: skipped,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_length_takes_no_more_memory_than_the_input_has_bytes() {
        let mut input = 200_000_000_u32.to_le_bytes().to_vec();
        input.extend([7; 100]);
        let mut bytes = Bytes::new(&input[..]);
        let error = bytes.table("a feature").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the file is cut short: a feature needs 200000004 bytes at byte 0, 104 are left"
        );
        assert!(
            bytes.buffer.capacity() < 4 * ROOM as usize,
            "{}",
            bytes.buffer.capacity()
        );
        for impossible in [0, 7, u32::MAX] {
            let input = impossible.to_le_bytes();
            let error = Bytes::new(&input[..]).table("a feature").unwrap_err();
            assert!(error.to_string().contains("is impossible"), "{error}");
        }
    }

    #[test]
    fn tables_follow_each_other() {
        let table = |byte: u8| [&8_u32.to_le_bytes()[..], &[byte; 8]].concat();
        let input = [table(1), table(2)].concat();
        let mut bytes = Bytes::new(&input[..]);
        assert_eq!(bytes.table("a feature").unwrap(), Some((0, &table(1)[..])));
        assert_eq!(bytes.table("a feature").unwrap(), Some((12, &table(2)[..])));
        assert_eq!(bytes.table("a feature").unwrap(), None);
    }
}
