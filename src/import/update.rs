//! The next version of a layer against the one that the pack has: what came, went, changed and moved.
//!
//! Owns the comparison, never a decision about a single feature: the new version is taken whole, and a suspicious loss
//! stops the import.
//!
//! 1. **entries**: every feature of both versions in 28 bytes: its key, its place, a hash of what is compared;
//! 2. **matching**: by id where both versions have ids and those that are in both mostly mean the same features; else
//!    by folded name and place, each feature to the nearest of its name within 500 m, nearest pairs first; features
//!    without a name only to one at the same place;
//! 3. **details**: another pass over each version for the features that are told, and for the columns that changed.
//!
//! Compared are the columns that both versions have, and the geometry to a ten-millionth of a degree. Hashes of 32 bits
//! tell whether a feature changed: one changed feature in four thousand million is taken for unchanged.

mod details;
mod entries;
mod matching;
mod words;

use serde::Serialize;

use super::duplicates::FeatureName;
use crate::catalog::{Attribute, Faults, LayerManifest, LayerWalk};
use entries::{Entry, Key, Version};
use matching::Matched;

/// Farther than this, in metres, a feature has moved.
const MOVED_M: f64 = 100.0;

/// By what the features of both versions were matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// By their ids.
    Id,
    /// By their names and places.
    NameAndPlace,
}

/// How often a column changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnChange {
    /// The column.
    pub column: String,
    /// Features whose value differs, of those `compared`.
    pub features: u64,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueChange {
    /// The column.
    pub column: String,
    /// The old value; `None` where it was not known.
    pub before: Option<String>,
    /// The new value; `None` where it is not known any more.
    pub after: Option<String>,
}

/// A feature that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Which one.
    pub feature: FeatureName,
    /// Its values that differ.
    pub values: Vec<ValueChange>,
    /// Whether its geometry differs.
    pub geometry: bool,
}

/// A feature that moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// Which one.
    pub feature: FeatureName,
    /// How far, metres on the ellipsoid.
    pub distance_m: f64,
}

/// What an update changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Update {
    /// By what features were matched.
    pub matched_by: MatchedBy,
    /// Features of the old version.
    pub before: u64,
    /// Features that are not in the old version.
    pub added: u64,
    /// Features that are not in the new version.
    pub removed: u64,
    /// Features in both that differ in a value or in their geometry.
    pub changed: u64,
    /// Of these, features more than 100 m from where they were.
    pub moved: u64,
    /// Features in both that are the same.
    pub unchanged: u64,
    /// Changed features that were compared column by column: all, or an even sample of many.
    pub compared: u64,
    /// The columns that differ, the most changed first.
    pub columns: Vec<ColumnChange>,
    /// Of the features compared, those whose geometry differs.
    pub geometry_changed: u64,
    /// Columns that only the new version has.
    pub new_columns: Vec<String>,
    /// Columns that only the old version has.
    pub lost_columns: Vec<String>,
    /// Some of the features that were added.
    pub added_examples: Vec<FeatureName>,
    /// Some of those removed.
    pub removed_examples: Vec<FeatureName>,
    /// Some of those changed.
    pub changed_examples: Vec<Changed>,
    /// Some of those moved.
    pub moved_examples: Vec<Moved>,
}

/// Compares the new version of a layer with the old one. Two passes over each, two more where ids do not match. Memory:
/// 28 bytes a feature of both versions, and the examples.
///
/// # Errors
/// A layer file that cannot be read.
pub(super) fn compare(
    (old, old_walk): (&LayerManifest, &LayerWalk<'_>),
    (new, new_walk): (&LayerManifest, &LayerWalk<'_>),
) -> Result<Update, Faults> {
    let columns = entries::columns(old_walk, new_walk)?;
    let by = |key: Key| -> Result<(Version, Version, Matched), Faults> {
        let before = entries::gather(old_walk, &columns.both, key)?;
        let after = entries::gather(new_walk, &columns.both, key)?;
        Ok(match key {
            Key::Id => matching::by_id(before, after),
            Key::Name => matching::by_name(before, after),
        })
    };
    let by_id = if has_ids(old) && has_ids(new) {
        Some(by(Key::Id)?)
    } else {
        None
    };
    let mut chosen = MatchedBy::Id;
    let (before, after, matched) = match by_id {
        Some((before, after, matched)) if matching::is_fair(&before, &after, &matched) => (before, after, matched),
        by_id => {
            let found = by_id.map_or(0, |(before, after, matched)| {
                matching::plausible(&before, &after, &matched)
            });
            chosen = MatchedBy::NameAndPlace;
            let by_name = by(Key::Name)?;
            if found > by_name.2.pairs().count() {
                chosen = MatchedBy::Id;
                by(Key::Id)?
            } else {
                by_name
            }
        }
    };
    let mut details = details::Details::choose(&before, &after, &matched);
    let mut update = counted(chosen, &before, &after, &matched);
    drop((before, after, matched));
    details.fill(old_walk, new_walk, &columns.both)?;
    details.tell(&mut update, &columns.both);
    update.new_columns = columns.only_new;
    update.lost_columns = columns.only_old;
    Ok(update)
}

/// Whether a layer has ids of its own: row numbers mean other features in every file.
fn has_ids(manifest: &LayerManifest) -> bool {
    let column = manifest.attributes.columns.get(&Attribute::Id);
    column.is_some_and(|column| !super::rows::is_row_column(column))
}

fn counted(matched_by: MatchedBy, before: &[Entry], after: &[Entry], matched: &Matched) -> Update {
    let (mut kept, mut changed, mut moved) = (0, 0, 0);
    for (old, new) in matched.pairs() {
        let (old, new) = (&before[old], &after[new]);
        kept += 1;
        changed += u64::from(old.content != new.content);
        moved += u64::from(has_moved(old, new).is_some());
    }
    Update {
        matched_by,
        before: before.len() as u64,
        added: after.len() as u64 - kept,
        removed: before.len() as u64 - kept,
        changed,
        moved,
        unchanged: kept - changed,
        compared: 0,
        columns: Vec::new(),
        geometry_changed: 0,
        new_columns: Vec::new(),
        lost_columns: Vec::new(),
        added_examples: Vec::new(),
        removed_examples: Vec::new(),
        changed_examples: Vec::new(),
        moved_examples: Vec::new(),
    }
}

/// How far a feature has moved, if it has.
fn has_moved(old: &Entry, new: &Entry) -> Option<f64> {
    if old.spot == new.spot {
        return None;
    }
    Some(old.spot.distance_m(new.spot)).filter(|distance_m| *distance_m > MOVED_M)
}
