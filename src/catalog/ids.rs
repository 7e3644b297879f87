//! Ids seen so far, told apart without keeping their texts.
//!
//! Owns the promise that millions of ids fit into memory: 16 bytes each, whatever their length. An id is known by 96
//! bits of its hash; among 13 million ids the chance that any two share them is one in 10¹⁵.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasherDefault, Hasher},
};

use xxhash_rust::xxh3::xxh3_128;

/// Ids and the row each stands in first.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    rows: HashMap<[u32; 3], u32, BuildHasherDefault<Hashed>>,
}

/// Hashes what is a hash already: the last bytes written, the key's own after its length, are taken as they are.
#[derive(Debug, Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Ids {
    /// With room for as many ids: growing on the way would need half as much again for a moment.
    pub(crate) fn with_capacity(ids: u64) -> Self {
        let ids = ids.min(MOST_AHEAD) as usize;
        Self {
            rows: HashMap::with_capacity_and_hasher(ids, BuildHasherDefault::default()),
        }
    }

    /// Adds an id; the row where it stood before, if it did. Rows beyond 2³² are told as 2³².
    pub(crate) fn insert(&mut self, id: &str, row: u64) -> Option<u64> {
        let hash = xxh3_128(id.as_bytes());
        let key = [hash as u32, (hash >> 32) as u32, (hash >> 64) as u32];
        match self.rows.entry(key) {
            Entry::Occupied(entry) => Some(u64::from(*entry.get())),
            Entry::Vacant(entry) => {
                entry.insert(u32::try_from(row).unwrap_or(u32::MAX));
                None
            }
        }
    }
}

/// The most ids that room is made for ahead: a file's word about its features is not trusted further.
const MOST_AHEAD: u64 = 14_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_where_it_stood_first() {
        let mut ids = Ids::with_capacity(3);
        for row in 1..=100_000 {
            assert_eq!(ids.insert(&format!("S{row}"), row), None);
        }
        assert_eq!(ids.insert("S77", 100_001), Some(77));
        assert_eq!(ids.insert("S77", 100_002), Some(77));
        assert_eq!(ids.insert("", 100_003), None);
        assert_eq!(size_of::<([u32; 3], u32)>(), 16);
    }
}
