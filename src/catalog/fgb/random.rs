//! Single features of a file that stays on the disk.
//!
//! Owns reading by position. The leaves of the file's index hold the box and the place of every feature, in file order:
//! row `n` is the `n`-th leaf. Positioned reads, not a memory map: a file that is cut while it is mapped ends the
//! process with a signal, and pages of a map count as the process's memory; a read from the page cache costs about a
//! microsecond.

use std::{fs, io::BufReader, os::unix::fs::FileExt as _, path::Path};

use flatgeobuf::GeometryType;

use super::{
    FgbError,
    bytes::{Bytes, LONGEST},
    file::{Decoded, Head},
    index::{Bounds, NODE_BYTES},
};
use crate::catalog::{Field, Shape};

/// Leaves read at once on the way through all of them: 2.5 MiB.
const LEAVES_AT_ONCE: u64 = 1 << 16;
/// As much is read of a feature before its length is known: most features of points are shorter.
const FIRST_READ: usize = 1 << 10;

/// A leaf of the index: where a feature lies, and its first byte, counted from the first feature.
struct Leaf {
    bounds: Bounds,
    offset: u64,
}

/// An opened file with an index.
#[derive(Debug)]
pub(in crate::catalog) struct RandomAccess {
    file: fs::File,
    head: Head,
    leaves_at: u64,
    features_at: u64,
    length: u64,
}

impl RandomAccess {
    /// Reads the header; `None` for a file without an index, whose features can only be read one after the other.
    ///
    /// # Errors
    /// A header that is damaged, coordinates in another system, or a file that ends before its first feature.
    pub(in crate::catalog) fn open(path: &Path) -> Result<Option<Self>, FgbError> {
        let file = fs::File::open(path)?;
        let length = file.metadata()?.len();
        let head = Head::read(&mut Bytes::new(BufReader::new(&file)))?;
        head.check_crs()?;
        if head.announced == 0 || head.index_bytes == 0 {
            return Ok(None);
        }
        let features_at = head.index_at.saturating_add(head.index_bytes);
        if features_at > length {
            return Err(FgbError::CutShort {
                what: "the spatial index",
                at: head.index_at,
                needed: head.index_bytes,
                left: length.saturating_sub(head.index_at),
            });
        }
        // The leaves are the last level.
        let leaves_at = features_at - head.announced * NODE_BYTES;
        Ok(Some(Self {
            file,
            head,
            leaves_at,
            features_at,
            length,
        }))
    }

    /// Number of features.
    pub(in crate::catalog) const fn len(&self) -> u64 {
        self.head.announced
    }

    /// Name and type of each column.
    pub(in crate::catalog) fn fields(&self) -> &[Field] {
        &self.head.fields
    }

    /// What the header says of all geometries.
    pub(in crate::catalog) const fn shape(&self) -> Shape {
        match self.head.geometry_type {
            GeometryType::Point => Shape::Point,
            GeometryType::LineString | GeometryType::MultiLineString => Shape::Line,
            GeometryType::Polygon | GeometryType::MultiPolygon => Shape::Polygon,
            _ => Shape::Mixed,
        }
    }

    /// Hands over the box of every feature in file order: west, south, east, north in degrees. Reads 40 bytes a feature,
    /// in large pieces.
    pub(in crate::catalog) fn boxes(&self, mut take: impl FnMut([f64; 4])) -> Result<(), FgbError> {
        let mut buffer = Vec::new();
        let mut row = 0;
        while row < self.len() {
            let count = (self.len() - row).min(LEAVES_AT_ONCE);
            buffer.resize((count * NODE_BYTES) as usize, 0);
            self.file
                .read_exact_at(&mut buffer, self.leaves_at + row * NODE_BYTES)?;
            buffer.as_chunks().0.iter().for_each(|bytes| take(leaf(bytes).bounds.0));
            row += count;
        }
        Ok(())
    }

    /// The leaf of a row.
    fn leaf(&self, row: u64) -> Result<Leaf, FgbError> {
        let mut bytes = [0; NODE_BYTES as usize];
        self.file.read_exact_at(&mut bytes, self.leaves_at + row * NODE_BYTES)?;
        Ok(leaf(&bytes))
    }

    /// Reads and decodes one feature. `buffer` is memory to be used again.
    ///
    /// # Errors
    /// A row that is not there, a damaged table, or a file that ends in it.
    pub(in crate::catalog) fn feature<'b>(&self, row: u64, buffer: &'b mut Vec<u8>) -> Result<Decoded<'b>, FgbError> {
        let at = self.features_at.saturating_add(self.leaf(row)?.offset);
        let left = self.length.saturating_sub(at);
        let cut_short = |needed| FgbError::CutShort {
            what: "a feature",
            at,
            needed,
            left,
        };
        buffer.resize(FIRST_READ.min(left as usize), 0);
        self.file.read_exact_at(buffer, at)?;
        let prefix = *buffer.first_chunk().ok_or_else(|| cut_short(4))?;
        let length = u32::from_le_bytes(prefix) as usize + 4;
        if length as u64 > LONGEST {
            let problem = format!("a length of {length} bytes is impossible");
            let what = "a feature";
            return Err(FgbError::Damaged { what, at, problem });
        }
        if length as u64 > left {
            return Err(cut_short(length as u64));
        }
        let have = buffer.len().min(length);
        buffer.resize(length, 0);
        self.file.read_exact_at(&mut buffer[have..], at + have as u64)?;
        self.head.decode(at, buffer)
    }
}

fn leaf(bytes: &[u8; NODE_BYTES as usize]) -> Leaf {
    let (corners, offset) = bytes.split_at(32);
    Leaf {
        bounds: Bounds::from_bytes(corners.first_chunk().unwrap_or(&[0; 32])),
        offset: u64::from_le_bytes(*offset.first_chunk().unwrap_or(&[0; 8])),
    }
}
