//! What is told of single features, and which columns changed: another pass over each version.

use std::collections::HashMap;

use super::{
    Changed, ColumnChange, Moved, Update, ValueChange,
    entries::{Entry, Reading},
    has_moved,
    matching::Matched,
};
use crate::{
    catalog::{Faults, LayerWalk},
    import::duplicates::FeatureName,
};

/// Features told of each kind.
const EXAMPLES: usize = 100;
/// Changed features compared column by column; of more an even sample.
const COMPARED: usize = 100_000;
/// Characters of a value that are shown.
const SHOWN_CHARS: usize = 80;

/// Rows to be looked at, and what was found there.
pub(super) struct Details {
    added: Vec<u32>,
    removed: Vec<u32>,
    /// New row and metres.
    moved: Vec<(u32, f64)>,
    /// Old and new row of features to be compared; the first are told with their values.
    changed: Vec<(u32, u32)>,
    old_names: HashMap<u32, FeatureName>,
    new_names: HashMap<u32, FeatureName>,
    /// Of each feature to be compared: a hash of each column's old value, and one of the geometry.
    hashes: Vec<Vec<u32>>,
    old_values: Vec<Vec<Option<String>>>,
    /// How often each column changed; the last is the geometry.
    counts: Vec<u64>,
    examples: Vec<Changed>,
}

impl Details {
    /// Chooses what to look at.
    pub(super) fn choose(before: &[Entry], after: &[Entry], matched: &Matched) -> Self {
        let is_changed = |(old, new): &(usize, usize)| before[*old].content != after[*new].content;
        let stride = matched.pairs().filter(is_changed).count().div_ceil(COMPARED).max(1);
        let changed = matched.pairs().filter(is_changed).step_by(stride);
        let moved = matched.pairs().filter_map(|(old, new)| {
            let (old, new) = (&before[old], &after[new]);
            Some((new.row, has_moved(old, new)?))
        });
        Self {
            added: matched.added().take(EXAMPLES).map(|new| after[new].row).collect(),
            removed: matched.removed().take(EXAMPLES).map(|old| before[old].row).collect(),
            moved: moved.take(EXAMPLES).collect(),
            changed: changed.map(|(old, new)| (before[old].row, after[new].row)).collect(),
            old_names: HashMap::new(),
            new_names: HashMap::new(),
            hashes: Vec::new(),
            old_values: Vec::new(),
            counts: Vec::new(),
            examples: Vec::new(),
        }
    }

    /// Walks the versions where there is anything to look at.
    pub(super) fn fill(&mut self, old: &LayerWalk<'_>, new: &LayerWalk<'_>, columns: &[String]) -> Result<(), Faults> {
        self.counts = vec![0; columns.len() + 1];
        if !(self.removed.is_empty() && self.changed.is_empty()) {
            self.fill_old(old, columns)?;
        }
        if !(self.added.is_empty() && self.moved.is_empty() && self.changed.is_empty()) {
            self.fill_new(new, columns)?;
        }
        Ok(())
    }

    fn fill_old(&mut self, walk: &LayerWalk<'_>, columns: &[String]) -> Result<(), Faults> {
        let slots: HashMap<u32, usize> = (0..).zip(&self.changed).map(|(slot, (old, _))| (*old, slot)).collect();
        self.hashes = vec![Vec::new(); self.changed.len()];
        self.old_values = vec![Vec::new(); self.changed.len().min(EXAMPLES)];
        let mut reading = Reading::new(columns);
        walk.each(|feature| {
            let row = feature.row as u32;
            if self.removed.contains(&row) {
                self.old_names.insert(row, FeatureName::of(&feature));
            }
            if let Some(&slot) = slots.get(&row) {
                self.hashes[slot] = reading.hashes(&feature);
                if let Some(values) = self.old_values.get_mut(slot) {
                    *values = (0..columns.len())
                        .map(|column| shown(reading.text(&feature, column)))
                        .collect();
                }
            }
        })
    }

    fn fill_new(&mut self, walk: &LayerWalk<'_>, columns: &[String]) -> Result<(), Faults> {
        let slots: HashMap<u32, usize> = (0..).zip(&self.changed).map(|(slot, (_, new))| (*new, slot)).collect();
        let mut reading = Reading::new(columns);
        walk.each(|feature| {
            let row = feature.row as u32;
            if self.added.contains(&row) || self.moved.iter().any(|(moved, _)| *moved == row) {
                self.new_names.insert(row, FeatureName::of(&feature));
            }
            let Some(&slot) = slots.get(&row) else { return };
            let after = reading.hashes(&feature);
            let differs = |column: usize| self.hashes[slot].get(column) != after.get(column);
            for (column, count) in self.counts.iter_mut().enumerate() {
                *count += u64::from(differs(column));
            }
            if let Some(before) = self.old_values.get(slot) {
                let values = (0..columns.len())
                    .filter(|column| differs(*column))
                    .map(|column| ValueChange {
                        column: columns[column].clone(),
                        before: before.get(column).cloned().flatten(),
                        after: shown(reading.text(&feature, column)),
                    });
                self.examples.push(Changed {
                    values: values.collect(),
                    feature: FeatureName::of(&feature),
                    geometry: differs(columns.len()),
                });
            }
        })
    }

    /// Puts what was found into the report, in the order of ids.
    pub(super) fn tell(self, update: &mut Update, columns: &[String]) {
        let sorted = |rows: Vec<u32>, names: &HashMap<u32, FeatureName>| {
            let mut known: Vec<FeatureName> = rows.iter().filter_map(|row| names.get(row).cloned()).collect();
            known.sort();
            known
        };
        update.compared = self.changed.len() as u64;
        update.geometry_changed = self.counts.last().copied().unwrap_or_default();
        let counts = columns.iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        update.columns = counts
            .map(|(column, count)| ColumnChange {
                column: column.clone(),
                features: *count,
            })
            .collect();
        update.columns.sort_by_key(|change| std::cmp::Reverse(change.features));
        let moved = self.moved.iter().filter_map(|(row, distance_m)| {
            Some(Moved {
                feature: self.new_names.get(row)?.clone(),
                distance_m: (distance_m * 10.0).round() / 10.0,
            })
        });
        update.moved_examples = moved.collect();
        update
            .moved_examples
            .sort_by(|one, other| one.feature.cmp(&other.feature));
        update.added_examples = sorted(self.added, &self.new_names);
        update.removed_examples = sorted(self.removed, &self.old_names);
        update.changed_examples = self.examples;
        update
            .changed_examples
            .sort_by(|one, other| one.feature.cmp(&other.feature));
    }
}

fn shown(text: Option<String>) -> Option<String> {
    text.map(|text| text.chars().take(SHOWN_CHARS).collect())
}
