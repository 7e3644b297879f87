//! A directory of an archive: which tile lies where.
//!
//! Owns reading its bytes and the search in it.

use super::StoredError;

/// Where something lies: a tile, also as the content of those after it, or a directory of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entry {
    /// The number of the first tile it is about.
    pub(super) tile: u64,
    /// From the beginning of the section of tiles, or of that of leaves.
    pub(super) offset: u64,
    /// Bytes.
    pub(super) length: u32,
    /// How many tiles have this content; 0 for a directory.
    pub(super) run: u32,
}

impl Entry {
    /// Whether it leads to a directory.
    pub(super) const fn is_leaf(self) -> bool {
        self.run == 0
    }
}

/// Entries by the number of the tile, ascending.
#[derive(Debug, Default)]
pub(super) struct Directory(Box<[Entry]>);

impl Directory {
    /// Reads a directory that has been unpacked. O(bytes); 24 bytes of memory for four or more of it.
    ///
    /// # Errors
    /// A number is cut or too large, more entries are announced than there can be, or they are out of order.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, StoredError> {
        let mut numbers = Numbers(bytes);
        let count = numbers.next()?;
        // Each of the four numbers of an entry takes a byte or more.
        if count > (bytes.len() / 4) as u64 {
            return Err(StoredError::damaged("a directory announces more entries than it has"));
        }
        let mut entries = vec![Entry::default(); count as usize].into_boxed_slice();
        let mut tile = 0_u64;
        for (at, entry) in entries.iter_mut().enumerate() {
            let step = numbers.next()?;
            let next = tile.checked_add(step).filter(|_| step > 0 || at == 0);
            tile = next.ok_or_else(|| StoredError::damaged("the entries of a directory are out of order"))?;
            entry.tile = tile;
        }
        for entry in &mut entries {
            entry.run = numbers.small()?;
        }
        for entry in &mut entries {
            entry.length = numbers.small()?;
        }
        let mut follows = None;
        for entry in &mut entries {
            let offset = match numbers.next()? {
                0 => follows,
                number => Some(number - 1),
            };
            entry.offset = offset.ok_or_else(|| StoredError::damaged("an entry of a directory lies nowhere"))?;
            follows = entry.offset.checked_add(u64::from(entry.length));
        }
        Ok(Self(entries))
    }

    /// The entry about a tile, which may be the directory to look into. O(log n).
    pub(super) fn find(&self, tile: u64) -> Option<Entry> {
        let after = self.0.partition_point(|entry| entry.tile <= tile);
        let entry = *self.0.get(after.checked_sub(1)?)?;
        (entry.is_leaf() || tile - entry.tile < u64::from(entry.run)).then_some(entry)
    }

    /// Bytes of memory.
    pub(super) fn weight(&self) -> usize {
        size_of_val(&*self.0)
    }
}

/// Whole numbers in seven-bit groups, the lowest first.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn next(&mut self) -> Result<u64, StoredError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let Some((&byte, rest)) = self.0.split_first() else {
                return Err(StoredError::damaged("a directory is cut short"));
            };
            self.0 = rest;
            let group = u64::from(byte & 0x7f);
            if group << shift >> shift != group {
                break;
            }
            value |= group << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(StoredError::damaged("a number in a directory is too large"))
    }

    fn small(&mut self) -> Result<u32, StoredError> {
        let number = self.next()?;
        u32::try_from(number).map_err(|error| StoredError::damaged(format_args!("{number} in a directory: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::super::protobuf::put_varint, *};

    /// The bytes of a directory, after the specification.
    fn written(entries: &[Entry]) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_varint(&mut bytes, entries.len() as u64);
        let mut last = 0;
        for entry in entries {
            put_varint(&mut bytes, entry.tile - last);
            last = entry.tile;
        }
        for entry in entries {
            put_varint(&mut bytes, u64::from(entry.run));
        }
        for entry in entries {
            put_varint(&mut bytes, u64::from(entry.length));
        }
        let mut follows = None;
        for entry in entries {
            put_varint(
                &mut bytes,
                if follows == Some(entry.offset) {
                    0
                } else {
                    entry.offset + 1
                },
            );
            follows = Some(entry.offset + u64::from(entry.length));
        }
        bytes
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let entry = (1..50_u64, 0..1_000_000_u64, 1..100_000_u32, 0..5_u32, any::<bool>());
        prop::collection::vec(entry, 0..60).prop_map(|steps| {
            let (mut tile, mut follows) = (0, 0);
            let place = |(step, offset, length, run, is_next)| {
                tile += step + 4;
                let offset = if is_next { follows } else { offset };
                follows = offset + u64::from(length);
                Entry {
                    tile,
                    offset,
                    length,
                    run,
                }
            };
            steps.into_iter().map(place).collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_found(entries in entries(), tile in 0..4_000_u64) {
            let directory = Directory::parse(&written(&entries)).unwrap();
            prop_assert_eq!(&*directory.0, &*entries);
            let last = entries.iter().rfind(|entry| entry.tile <= tile).copied();
            let holds = |entry: &Entry| entry.run == 0 || tile < entry.tile + u64::from(entry.run);
            prop_assert_eq!(directory.find(tile), last.filter(holds));
        }

        #[test]
        fn a_directory_cut_anywhere_is_an_error(entries in entries(), cut in 0.0..1.0_f64) {
            let bytes = written(&entries);
            let cut = &bytes[..(bytes.len() as f64 * cut) as usize];
            prop_assert!(Directory::parse(cut).is_err());
        }

        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..400), tile in any::<u64>()) {
            if let Ok(directory) = Directory::parse(&bytes) {
                directory.find(tile);
            }
        }
    }
}
