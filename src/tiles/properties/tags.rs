//! Tags of one tile: which keys and values its features of a layer use, and their numbers in it.

use std::{borrow::Cow, collections::HashMap};

use super::{Cells, Properties, Property, UNKNOWN};
use crate::{catalog::FieldKind, tiles::value::TagValue};

/// The keys and values that one tile uses, numbered as they come.
pub(in crate::tiles) struct TileTags<'a> {
    all: &'a Properties,
    zoom: u8,
    /// Number in the tile plus one of each key and value of the layer; 0 where not yet used.
    key_numbers: Vec<u32>,
    value_numbers: Vec<u32>,
    /// Numbers of what the tile says beyond the layer's own properties.
    more_keys: HashMap<&'static str, u32>,
    more_values: HashMap<Vec<u8>, u32>,
    table: TagTable<'a>,
}

/// What tags count into: keys with their types, and encoded values (see [`TagValue`]).
#[derive(Debug, Default)]
pub(in crate::tiles) struct TagTable<'a> {
    pub(in crate::tiles) keys: Vec<(Cow<'a, str>, FieldKind)>,
    pub(in crate::tiles) values: Vec<Cow<'a, [u8]>>,
}

impl TagTable<'_> {
    /// The same, free of the layer it was made from.
    pub(in crate::tiles) fn into_owned(self) -> TagTable<'static> {
        let keys = self
            .keys
            .into_iter()
            .map(|(key, kind)| (Cow::Owned(key.into_owned()), kind));
        let values = self.values.into_iter().map(|value| Cow::Owned(value.into_owned()));
        TagTable {
            keys: keys.collect(),
            values: values.collect(),
        }
    }
}

impl<'a> TileTags<'a> {
    /// No tags yet. The tables are zeroed lazily by the allocator, so that a tile of few features pays for few.
    pub(in crate::tiles) fn new(all: &'a Properties, zoom: u8) -> Self {
        Self {
            all,
            zoom,
            key_numbers: vec![0; all.columns.len()],
            value_numbers: vec![0; all.ends.len()],
            more_keys: HashMap::new(),
            more_values: HashMap::new(),
            table: TagTable::default(),
        }
    }

    /// Writes a feature's pairs of key and value numbers.
    pub(in crate::tiles) fn of(&mut self, row: usize, out: &mut Vec<u32>) {
        out.clear();
        self.choose(row, |_| true, out);
    }

    /// Writes the pairs that a feature has in common with others that are drawn as one: those named first, and those
    /// named second where all features of the layer have the same value.
    pub(in crate::tiles) fn shared(&mut self, row: usize, names: &[&str], if_same: &[&str], out: &mut Vec<u32>) {
        out.clear();
        let is_chosen = |property: &Property| {
            let name = property.name.as_str();
            names.contains(&name) || (matches!(property.cells, Cells::Same(_)) && if_same.contains(&name))
        };
        self.choose(row, is_chosen, out);
    }

    fn choose(&mut self, row: usize, is_chosen: impl Fn(&Property) -> bool, out: &mut Vec<u32>) {
        for (key, property) in self.all.columns.iter().enumerate() {
            let value = match &property.cells {
                Cells::Same(value) => *value,
                Cells::Each(values) => values[row],
            };
            if value != UNKNOWN && self.zoom >= property.from_zoom && is_chosen(property) {
                out.push(self.key(key));
                out.push(self.value(value));
            }
        }
    }

    fn key(&mut self, key: usize) -> u32 {
        let number = &mut self.key_numbers[key];
        if *number == 0 {
            let property = &self.all.columns[key];
            self.table.keys.push((Cow::Borrowed(&property.name), property.kind));
            *number = self.table.keys.len() as u32;
        }
        *number - 1
    }

    fn value(&mut self, value: u32) -> u32 {
        let number = &mut self.value_numbers[value as usize];
        if *number == 0 {
            self.table.values.push(Cow::Borrowed(self.all.value(value)));
            *number = self.table.values.len() as u32;
        }
        *number - 1
    }

    /// Adds a whole number under a name that no property of the layer has.
    pub(in crate::tiles) fn add(&mut self, key: &'static str, value: i64, out: &mut Vec<u32>) {
        let TagTable { keys, values } = &mut self.table;
        out.push(*self.more_keys.entry(key).or_insert_with(|| {
            keys.push((Cow::Borrowed(key), FieldKind::Int));
            keys.len() as u32 - 1
        }));
        let encoded = TagValue::Int(value).encode();
        out.push(*self.more_values.entry(encoded).or_insert_with_key(|encoded| {
            values.push(Cow::Owned(encoded.clone()));
            values.len() as u32 - 1
        }));
    }

    /// The keys and values used, by number.
    pub(in crate::tiles) fn finish(self) -> TagTable<'a> {
        self.table
    }
}
