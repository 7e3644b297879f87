//! Cells merged downwards: the value stands in the first row, and is meant for all.

use std::collections::BTreeMap;

use calamine::Dimensions;

use crate::catalog::{RawValue, readers::table::Cell};

/// The merged cells of a sheet, followed row by row.
pub(super) struct Merges {
    /// By their first row.
    coming: BTreeMap<u32, Vec<Dimensions>>,
    open: Vec<(Dimensions, RawValue<'static>)>,
    filled: u64,
}

impl Merges {
    /// Only those below the header, of several rows.
    pub(super) fn new(merged: Vec<Dimensions>, first: u32) -> Self {
        let mut coming: BTreeMap<u32, Vec<Dimensions>> = BTreeMap::new();
        for area in merged {
            if area.start.0 >= first && area.end.0 > area.start.0 {
                coming.entry(area.start.0).or_default().push(area);
            }
        }
        Self {
            coming,
            open: Vec::new(),
            filled: 0,
        }
    }

    /// Puts the values of open areas into a row; rows must come in order.
    pub(super) fn fill(&mut self, row: u32, cells: &mut Vec<Cell<'_>>) {
        self.open.retain(|(area, _)| area.end.0 >= row);
        // A row in which every cell is blank is no row, whatever is merged over it.
        if cells.iter().any(|cell| *cell != Cell::Blank) {
            for (area, value) in &self.open {
                let column = area.start.1 as usize;
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Blank);
                }
                if cells[column] == Cell::Blank {
                    cells[column] = Cell::Value(value.clone());
                    self.filled += 1;
                }
            }
        }
        while let Some((&start, _)) = self.coming.first_key_value().filter(|(start, _)| **start <= row) {
            let areas = self.coming.remove(&start).unwrap_or_default();
            for area in areas.into_iter().filter(|area| area.start.0 == row) {
                if let Some(Cell::Value(value)) = cells.get(area.start.1 as usize) {
                    self.open.push((area, value.clone().into_owned()));
                }
            }
        }
    }

    /// How many cells got a value.
    pub(super) const fn filled(&self) -> u64 {
        self.filled
    }
}
