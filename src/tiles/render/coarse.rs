//! How a layer is drawn in a tile that it crowds: degree by degree coarser, until the tile is small enough.
//!
//! Owns what a degree means. Degree 0 is the ordinary drawing. At degree 1, 2, 3 a layer is drawn as it would be 1, 2, 3
//! zooms farther out, that is with pixels twice, four, eight times as large: the rules for what is small, short or one
//! of many are the same, so are the vertices that neighbours share. From degree 4 on a number of features is set as
//! well, and zones are cells.

use super::{Candidate, Renderer};
use crate::{catalog::Role, tiles::parts::PartKind};

/// The last degree, at which only zones are left.
pub(in crate::tiles) const COARSEST: u8 = 9;
/// From here on zones are cells of one pixel size alone, and other layers keep only their largest features.
const FEW_FROM: u8 = 4;
/// Hazard zones drawn as lines are never fewer than this.
const FEWEST_ZONES: usize = 16;

/// What a degree means for a layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coarseness {
    pub(super) degree: u8,
    /// Binary logarithm of how much larger pixels are.
    pub(super) doublings: u8,
    /// Whether all zones are drawn as the cells they cover, merged by level.
    pub(super) is_filled: bool,
    /// The most features with lines or areas that are drawn, the largest.
    pub(super) most: Option<usize>,
}

impl Coarseness {
    pub(super) const fn new(role: Role, degree: u8) -> Self {
        let is_hazard = matches!(role, Role::HazardZone);
        let is_few = degree >= FEW_FROM;
        // Cells make the outlines of zones simple at once, so their pixels need not be as large.
        let doublings = if is_hazard && is_few { degree - 2 } else { degree };
        let most = match degree {
            0..FEW_FROM => None,
            COARSEST.. => Some(0),
            _ => Some(1_usize << (2 * (10 - degree))),
        };
        let most = match most {
            Some(most) if is_hazard && most < FEWEST_ZONES => Some(FEWEST_ZONES),
            most => most,
        };
        Self {
            degree,
            doublings,
            is_filled: is_hazard && is_few,
            most,
        }
    }
}

impl Renderer<'_> {
    /// Which features are drawn, in order; `None` for all. The largest stay, of equals the later in drawing order.
    /// Features of points alone stay too, because cells limit them already, but where nothing may.
    pub(super) fn kept<'c>(&self, features: impl Iterator<Item = &'c [Candidate]>) -> Option<Vec<bool>> {
        let most = self.coarse.most?;
        let size = |feature: &[Candidate]| {
            let parts = feature.iter().map(|candidate| self.part(*candidate));
            let extended = parts.filter(|part| part.kind != PartKind::Point);
            extended.map(|part| part.bbox.longer_side()).fold(0.0, f64::max)
        };
        let sizes: Vec<f64> = features.map(size).collect();
        let mut kept: Vec<bool> = sizes.iter().map(|size| *size == 0.0 && most > 0).collect();
        let mut ranked: Vec<usize> = (0..sizes.len()).filter(|&index| sizes[index] > 0.0).collect();
        ranked.sort_unstable_by(|&a, &b| sizes[b].total_cmp(&sizes[a]).then(b.cmp(&a)));
        for index in ranked.into_iter().take(most) {
            kept[index] = true;
        }
        Some(kept)
    }
}
