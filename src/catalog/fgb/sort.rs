//! Sorting more than fits into memory: records by key, equal keys in the order they came.
//!
//! Owns runs and their merge. Records wait in memory; each time there are too many they are sorted and written to a
//! spool file as one run, and at the end the runs are merged. Time O(n log n), memory fixed, disk once the records.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    ops::Range,
    path::PathBuf,
};

/// Bytes of records in memory: large enough that the millions of a census make a few dozen runs, which are then read
/// in long pieces, and small beside the gigabyte an import may take.
const IN_MEMORY: usize = 64 << 20;

/// Bytes for all read buffers of a merge together.
const MERGE_BUFFERS: u64 = 32 << 20;

/// The least that is read from a run at a time.
const LEAST_READ: u64 = 16 * 1024;

/// Before each record: its key, then its length.
const HEAD: usize = 12;

/// Takes records, gives them back sorted.
#[derive(Debug)]
pub(super) struct Sorter {
    /// Where the spool file goes; the system's folder for temporary files without.
    dir: Option<PathBuf>,
    limit: usize,
    /// Records one after the other, each with its head.
    records: Vec<u8>,
    /// Key and place of each.
    order: Vec<(u64, usize)>,
    spool: Option<Spool>,
}

#[derive(Debug)]
struct Spool {
    file: File,
    runs: Vec<Range<u64>>,
}

impl Sorter {
    pub(super) const fn new() -> Self {
        Self {
            dir: None,
            limit: IN_MEMORY,
            records: Vec::new(),
            order: Vec::new(),
            spool: None,
        }
    }

    pub(super) fn spool_in(&mut self, dir: PathBuf) {
        self.dir = Some(dir);
    }

    #[cfg(test)]
    pub(super) const fn limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// Adds a record made of several pieces.
    pub(super) fn push(&mut self, key: u64, pieces: [&[u8]; 2]) -> io::Result<()> {
        let length: usize = pieces.iter().map(|piece| piece.len()).sum();
        let length = u32::try_from(length).map_err(io::Error::other)?;
        self.order.push((key, self.records.len()));
        self.records.extend(key.to_le_bytes());
        self.records.extend(length.to_le_bytes());
        for piece in pieces {
            self.records.extend_from_slice(piece);
        }
        if self.records.len() + size_of_val(&*self.order) >= self.limit {
            self.spill()?;
        }
        Ok(())
    }

    /// Sorts what is in memory; stable, for the places grow.
    fn sort(&mut self) {
        self.order.sort_unstable();
    }

    /// Writes what is in memory to the spool as one run.
    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let spool = match &mut self.spool {
            Some(spool) => spool,
            none => none.insert(Spool {
                file: match &self.dir {
                    Some(dir) => tempfile::tempfile_in(dir)?,
                    None => tempfile::tempfile()?,
                },
                runs: Vec::new(),
            }),
        };
        let start = spool.runs.last().map_or(0, |run| run.end);
        let mut out = BufWriter::with_capacity(1 << 20, &spool.file);
        for &(_, at) in &self.order {
            out.write_all(record(&self.records, at))?;
        }
        out.flush()?;
        spool.runs.push(start..start + self.records.len() as u64);
        self.records.clear();
        self.order.clear();
        Ok(())
    }

    /// Gives every record back, by key, equal keys in the order they came.
    pub(super) fn finish(mut self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        if self.spool.is_none() {
            self.sort();
            return self
                .order
                .iter()
                .try_for_each(|&(_, at)| take(&record(&self.records, at)[HEAD..]));
        }
        self.spill()?;
        (self.records, self.order) = (Vec::new(), Vec::new());
        self.spool.map_or(Ok(()), |spool| spool.merge(take))
    }
}

/// The record at a place, with its head.
fn record(records: &[u8], at: usize) -> &[u8] {
    let rest = &records[at..];
    &rest[..HEAD + length(rest)]
}

fn key(head: &[u8]) -> u64 {
    head.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn length(head: &[u8]) -> usize {
    let bytes = head.get(8..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
}

impl Spool {
    fn merge(mut self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let piece = (MERGE_BUFFERS / self.runs.len() as u64).max(LEAST_READ);
        let mut cursors = Vec::with_capacity(self.runs.len());
        let mut heads = BinaryHeap::with_capacity(self.runs.len());
        for run in std::mem::take(&mut self.runs) {
            let mut cursor = Cursor::new(run, piece);
            if let Some(key) = cursor.key(&mut self.file)? {
                // Runs are in the order of their records' coming, which decides between equal keys.
                heads.push(Reverse((key, cursors.len())));
            }
            cursors.push(cursor);
        }
        while let Some(mut head) = heads.peek_mut() {
            let Reverse((_, run)) = *head;
            let cursor = &mut cursors[run];
            take(cursor.record(&mut self.file)?)?;
            match cursor.key(&mut self.file)? {
                Some(key) => *head = Reverse((key, run)),
                None => drop(std::collections::binary_heap::PeekMut::pop(head)),
            }
        }
        Ok(())
    }
}

/// Where the merge stands in one run.
struct Cursor {
    /// What is not read yet.
    rest: Range<u64>,
    piece: u64,
    buffer: Vec<u8>,
    /// Where the next record begins in the buffer.
    at: usize,
}

impl Cursor {
    const fn new(run: Range<u64>, piece: u64) -> Self {
        Self {
            rest: run,
            piece,
            buffer: Vec::new(),
            at: 0,
        }
    }

    /// Has as many bytes in the buffer as are asked for, or all that are left.
    fn fill(&mut self, file: &mut File, count: usize) -> io::Result<&[u8]> {
        if self.buffer.len() - self.at < count && !self.rest.is_empty() {
            self.buffer.drain(..self.at);
            self.at = 0;
            let missing = (count - self.buffer.len()) as u64;
            let wanted = missing.max(self.piece).min(self.rest.end - self.rest.start);
            file.seek(SeekFrom::Start(self.rest.start))?;
            let read = file.take(wanted).read_to_end(&mut self.buffer)? as u64;
            self.rest.start += read;
            if read < wanted {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(&self.buffer[self.at..])
    }

    /// The key of the next record; `None` at the end of the run.
    fn key(&mut self, file: &mut File) -> io::Result<Option<u64>> {
        let head = self.fill(file, HEAD)?;
        Ok((!head.is_empty()).then(|| key(head)))
    }

    /// The next record, which has been looked at by [`Self::key`].
    fn record(&mut self, file: &mut File) -> io::Result<&[u8]> {
        let whole = HEAD + length(self.fill(file, HEAD)?);
        self.fill(file, whole)?;
        let start = self.at;
        self.at += whole;
        Ok(&self.buffer[start + HEAD..self.at])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(records: &[(u64, Vec<u8>)], limit: usize) -> Vec<Vec<u8>> {
        let mut sorter = Sorter::new();
        sorter.limit(limit);
        for (key, bytes) in records {
            let (head, tail) = bytes.split_at(bytes.len() / 2);
            sorter.push(*key, [head, tail]).unwrap();
        }
        let mut all = Vec::new();
        sorter
            .finish(|record| {
                all.push(record.to_vec());
                Ok(())
            })
            .unwrap();
        all
    }

    proptest! {
        #[test]
        fn records_come_back_as_a_stable_sort_gives_them(
            records in proptest::collection::vec((0_u64..9, proptest::collection::vec(any::<u8>(), 0..40)), 0..200),
            limit in 1_usize..4_000,
        ) {
            let mut plain = records.clone();
            plain.sort_by_key(|(key, _)| *key);
            let plain: Vec<_> = plain.into_iter().map(|(_, bytes)| bytes).collect();
            prop_assert_eq!(&sorted(&records, limit), &plain);
            prop_assert_eq!(&sorted(&records, usize::MAX), &plain);
        }
    }

    #[test]
    fn records_longer_than_a_read_are_whole() {
        let long = |byte: u8| vec![byte; 3 * LEAST_READ as usize];
        let records: Vec<_> = (0..9).map(|byte| (u64::from(9 - byte), long(byte))).collect();
        let back = sorted(&records, 1);
        assert_eq!(back, (0..9).rev().map(long).collect::<Vec<_>>());
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_only_when_it_is_needed() {
        let mut sorter = Sorter::new();
        sorter.spool_in("/nowhere/at/all".into());
        sorter.push(1, [b"a", b""]).unwrap();
        sorter.limit(1);
        assert!(sorter.push(2, [b"b", b""]).is_err());
    }
}
