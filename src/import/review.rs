//! The new layer looked through before it becomes the pack's: one pass for everything that looks at single features.
//!
//! Owns the pass; what is looked for is its own module each.

use std::path::Path;

use super::{
    Duplicates, Misplaced, Statistics, duplicates,
    misplaced::{Areas, Checking},
    statistics::Counting,
};
use crate::catalog::{Faults, LayerManifest, LayerWalk, RegionManifest};

/// What a layer holds, and what stands twice or elsewhere in it.
pub(super) struct Review {
    pub(super) statistics: Statistics,
    pub(super) duplicates: Duplicates,
    pub(super) misplaced: Misplaced,
}

impl Review {
    /// Walks a layer file that is to become part of the pack in a folder. One pass, another where something stands
    /// twice. Memory: 16 bytes a named feature, and the pack's administrative areas.
    ///
    /// # Errors
    /// A layer file that cannot be read.
    pub(super) fn of(
        (layer, file): (&LayerManifest, &Path),
        region: &RegionManifest,
        dir: &Path,
    ) -> Result<Self, Faults> {
        let areas = Areas::read(region, dir, &layer.id)?;
        let mut counting = Counting::default();
        let mut names = duplicates::Names::new(layer);
        let mut checking = Checking::new(layer, &areas);
        let walk = LayerWalk::new(layer, file);
        walk.each(|feature| {
            counting.add(&feature);
            names.add(&feature);
            checking.add(&feature);
        })?;
        Ok(Self {
            statistics: counting.finish(),
            duplicates: names.finish(&walk)?,
            misplaced: checking.finish(),
        })
    }
}
