//! Tags of one tile: which of a layer's keys and values it uses, and their numbers in it.

use super::{Cells, Properties, UNKNOWN};

/// The keys and values that one tile uses, numbered as they come.
pub(in crate::tiles) struct TileTags<'a> {
    all: &'a Properties,
    zoom: u8,
    /// Number in the tile plus one of each key and value of the layer; 0 where not yet used.
    key_numbers: Vec<u32>,
    value_numbers: Vec<u32>,
    used_keys: Vec<u32>,
    used_values: Vec<u32>,
}

impl<'a> TileTags<'a> {
    /// No tags yet. The tables are zeroed lazily by the allocator, so that a tile of few features pays for few.
    pub(in crate::tiles) fn new(all: &'a Properties, zoom: u8) -> Self {
        Self {
            all,
            zoom,
            key_numbers: vec![0; all.columns.len()],
            value_numbers: vec![0; all.ends.len()],
            used_keys: Vec::new(),
            used_values: Vec::new(),
        }
    }

    /// Writes a feature's pairs of key and value numbers.
    pub(in crate::tiles) fn of(&mut self, row: usize, out: &mut Vec<u32>) {
        out.clear();
        for (key, property) in self.all.columns.iter().enumerate() {
            let value = match &property.cells {
                Cells::Same(value) => *value,
                Cells::Each(values) => values[row],
            };
            if value != UNKNOWN && self.zoom >= property.from_zoom {
                out.push(number(&mut self.key_numbers, &mut self.used_keys, key as u32));
                out.push(number(&mut self.value_numbers, &mut self.used_values, value));
            }
        }
    }

    /// The keys used, by number.
    pub(in crate::tiles) fn keys(&self) -> impl Iterator<Item = &str> {
        self.used_keys
            .iter()
            .map(|&key| self.all.columns[key as usize].name.as_str())
    }

    /// The encoded values used, by number.
    pub(in crate::tiles) fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.used_values.iter().map(|&value| self.all.value(value))
    }
}

fn number(numbers: &mut [u32], used: &mut Vec<u32>, of: u32) -> u32 {
    let number = &mut numbers[of as usize];
    if *number == 0 {
        used.push(of);
        *number = used.len() as u32;
    }
    *number - 1
}
