//! One hazard zone over one point.

use std::{borrow::Cow, cmp::Ordering, sync::Arc};

use super::Band;
use crate::{
    catalog::{HazardKind, Layer, Level},
    messages::{self, Lang},
};

/// A hazard zone that covers a point. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Threat {
    /// The hazard layer.
    pub layer: Arc<Layer>,
    /// The zone's row in the layer.
    pub row: usize,
    /// The layer's hazard kind.
    pub kind: HazardKind,
    /// Rank of the zone's level, 1 = lowest.
    pub rank: u8,
    /// How many levels the layer has.
    pub levels: u8,
    /// The level on the common scale.
    pub band: Band,
    /// Whether the layer declares the level unsafe for shelters.
    pub is_unsafe: bool,
}

impl Threat {
    /// The zone in a row of a hazard layer; `None` where the layer or row has no level.
    pub(super) fn of(layer: &Arc<Layer>, row: usize) -> Option<Self> {
        let kind = layer.hazard_kind()?;
        let (rank, level) = layer.level(row)?;
        let levels = u8::try_from(layer.levels().len()).unwrap_or(u8::MAX);
        Some(Self {
            layer: Arc::clone(layer),
            row,
            kind,
            rank,
            levels,
            band: Band::of(rank, levels, level.is_unsafe),
            is_unsafe: level.is_unsafe,
        })
    }

    /// The zone's id in its layer.
    pub fn zone_id(&self) -> Cow<'_, str> {
        self.layer.feature_id(self.row)
    }

    /// The zone's name, where it has one.
    pub fn zone_name(&self, lang: Lang) -> Option<Cow<'_, str>> {
        self.layer.name(self.row, lang)
    }

    /// The level as the layer declares it: code, names, colour.
    pub fn level(&self) -> &Level {
        // A threat is only made from a row that has a level, and layers are immutable.
        &self.layer.levels()[usize::from(self.rank) - 1]
    }

    /// What to do here, for the hazard kind and the band: one or two sentences of the message catalogue.
    pub fn advice(&self, lang: Lang) -> String {
        messages::text(lang, &format!("advice.{}.{}", self.kind, self.band), &[])
    }

    /// Most severe first: by band, then by the share of the layer's scale (rank / levels), then in the order of hazard
    /// kinds, then by layer id and row.
    pub fn severity_order(&self, other: &Self) -> Ordering {
        let share = |a: &Self, b: &Self| u16::from(a.rank) * u16::from(b.levels);
        (other.band.cmp(&self.band))
            .then_with(|| share(other, self).cmp(&share(self, other)))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| self.layer.id().cmp(other.layer.id()))
            .then_with(|| self.row.cmp(&other.row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_advice_for_every_kind_and_band() {
        for kind in HazardKind::ALL {
            let advice: Vec<_> = Band::ALL
                .iter()
                .filter_map(|band| messages::names(&format!("advice.{kind}.{band}")))
                .collect();
            assert_eq!(advice.len(), Band::ALL.len(), "{kind}");
            let mut different: Vec<_> = advice.iter().map(|names| (&names.zh, &names.en)).collect();
            different.sort_unstable();
            different.dedup();
            assert_eq!(different.len(), Band::ALL.len(), "{kind} says the same for two bands");
        }
    }
}
