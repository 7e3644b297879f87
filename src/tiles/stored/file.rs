//! An archive in a file here.
//!
//! Owns positioned reads, and noticing that the file was written over. No memory map: a file that is cut while it is
//! mapped ends the process.

use std::{
    fs::{File, Metadata},
    io,
    ops::Range,
    os::unix::fs::{FileExt as _, MetadataExt as _},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use xxhash_rust::xxh3::Xxh3;

use super::StoredError;

/// Files of as many bytes are hashed whole; of larger ones the parts around the tiles, and blocks spread over them: a
/// map of the world would take minutes.
const HASHED_WHOLE: u64 = 256 << 20;
/// Bytes of a block.
const BLOCK: u64 = 16 << 10;
/// Blocks of a large file.
const BLOCKS: u64 = 4_096;
/// Bytes read at once.
const AT_ONCE: u64 = 1 << 20;

/// What tells one version of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    device: u64,
    number: u64,
    length: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            number: metadata.ino(),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

/// An opened file.
#[derive(Debug)]
pub(super) struct FileReader {
    path: PathBuf,
    file: File,
    stamp: Stamp,
}

impl FileReader {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("is no file"));
        }
        Ok(Self {
            path: path.to_owned(),
            stamp: Stamp::of(&metadata),
            file,
        })
    }

    /// Bytes of the file.
    pub(super) const fn len(&self) -> u64 {
        self.stamp.length
    }

    /// Reads a range that lies inside the file.
    pub(super) fn read(&self, range: Range<u64>) -> Result<Bytes, StoredError> {
        let mut bytes = vec![0; (range.end - range.start) as usize];
        let read = self.file.read_exact_at(&mut bytes, range.start);
        // Looked at after the read: what was written before it shows.
        if Stamp::of(&self.file.metadata()?) != self.stamp {
            return Err(StoredError::Changed);
        }
        read?;
        Ok(bytes.into())
    }

    /// Whether another file has its name now, or it was written over; one that is gone has not changed: what is open
    /// stays readable.
    pub(super) fn has_changed(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|metadata| Stamp::of(&metadata) != self.stamp)
    }

    /// The hash of the content, or of so much of it that another content is sure to show: all but `tiles` and blocks
    /// spread evenly over these.
    pub(super) fn hash(&self, tiles: &Range<u64>) -> Result<u64, StoredError> {
        let mut hash = Xxh3::new();
        hash.update(&self.len().to_le_bytes());
        if self.len() <= HASHED_WHOLE {
            self.hash_range(0..self.len(), &mut hash)?;
        } else {
            self.hash_range(0..tiles.start.min(self.len()), &mut hash)?;
            self.hash_range(tiles.end.min(self.len())..self.len(), &mut hash)?;
            let room = (tiles.end - tiles.start).saturating_sub(BLOCK);
            for number in 0..BLOCKS {
                let at = tiles.start + (u128::from(room) * u128::from(number) / u128::from(BLOCKS - 1)) as u64;
                self.hash_range(at..(at + BLOCK).min(tiles.end), &mut hash)?;
            }
        }
        Ok(hash.digest())
    }

    fn hash_range(&self, range: Range<u64>, hash: &mut Xxh3) -> Result<(), StoredError> {
        let mut at = range.start;
        while at < range.end {
            let end = (at + AT_ONCE).min(range.end);
            hash.update(&self.read(at..end)?);
            at = end;
        }
        Ok(())
    }
}
