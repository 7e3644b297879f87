//! Tags of one tile for layers that keep no encoded values.

use std::{borrow::Cow, collections::HashMap};

use super::TagTable;
use crate::{catalog::FieldKind, tiles::value::TagValue};

/// Keys and values of one tile whose layer keeps none ready, numbered as they come.
#[derive(Debug, Default)]
pub(in crate::tiles) struct LooseTags<'a> {
    keys: Vec<(&'a str, FieldKind)>,
    values: Vec<Cow<'a, [u8]>>,
    numbers: HashMap<Vec<u8>, u32>,
    /// Key and value numbers of the feature at hand.
    pub(in crate::tiles) pairs: Vec<u32>,
}

impl<'a> LooseTags<'a> {
    /// Adds a key and a value to those of the feature at hand.
    pub(in crate::tiles) fn put(&mut self, key: (&'a str, FieldKind), value: TagValue<'_>) {
        let known = self.keys.iter().position(|known| known.0 == key.0);
        let key = known.unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        let next = self.values.len() as u32;
        let value = *self.numbers.entry(value.encode()).or_insert_with_key(|encoded| {
            self.values.push(Cow::Owned(encoded.clone()));
            next
        });
        self.pairs.extend([key as u32, value]);
    }

    /// What the pairs count into.
    pub(in crate::tiles) fn into_table(self) -> TagTable<'a> {
        TagTable {
            keys: self
                .keys
                .into_iter()
                .map(|(key, kind)| (Cow::Borrowed(key), kind))
                .collect(),
            values: self.values,
        }
    }
}
