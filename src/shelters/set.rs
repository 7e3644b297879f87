//! All shelters of a region: their ids, and what the hazard zones say about each.

use std::{collections::HashMap, sync::Arc};

use super::{
    Shelter, Status,
    verdict::{Question, Verdict},
};
use crate::{
    catalog::{Attribute, HazardKind, Layer, Role, Tri, long_id, region_ids},
    geometry::{LonLat, standing_at},
    hazards::{Hazards, Threat},
    index::{Point, Points},
};

/// The shelters of a region, of all its shelter layers, ready to be asked. Immutable.
///
/// # Ids
/// A shelter's id is its feature id, where no other shelter layer of the region has the same; otherwise it is
/// `layer:feature id`. So a region with one shelter layer has plain ids, and no two shelters ever share one. The long
/// form is understood everywhere.
#[derive(Debug, Default)]
pub struct Shelters {
    /// By id: the order of ties between equal distances.
    pub(super) all: Vec<Shelter>,
    by_long_id: HashMap<Box<str>, u32>,
    /// The worst unsafe zone over a shelter, per hazard kind.
    zones: HashMap<(u32, HazardKind), Threat>,
    pub(super) points: Points<u32>,
    /// How many shelters each question refuses.
    pub(super) refused_in_all: [usize; Question::COUNT],
}

impl Shelters {
    /// Indexes the `shelter` layers among these and judges each shelter against the zones, so that a query need not.
    /// O(n log n) for n shelters.
    ///
    /// A shelter that is no point in its file stands at a point inside its shape.
    pub fn build(layers: &[Arc<Layer>], hazards: &Hazards) -> Self {
        let shelters = gather(layers);
        let long_id = |(index, shelter): (usize, &Shelter)| (long_id(&shelter.layer, shelter.row).into(), index as u32);
        let mut set = Self {
            by_long_id: shelters.iter().enumerate().map(long_id).collect(),
            all: shelters,
            ..Self::default()
        };
        for (index, shelter) in set.all.iter().enumerate() {
            // Worst first: the first of a kind is the one to name.
            for threat in hazards
                .at(shelter.position)
                .into_iter()
                .filter(|threat| threat.is_unsafe)
            {
                set.zones.entry((index as u32, threat.kind)).or_insert(threat);
            }
        }
        set.points = (0..set.all.len() as u32).map(|index| set.point(index)).collect();
        for question in Question::all() {
            set.refused_in_all[question.index()] = (0..set.all.len() as u32)
                .filter(|&index| !matches!(set.judge(question, index), Verdict::Found | Verdict::Unverified))
                .count();
        }
        set
    }

    /// Number of shelters.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All shelters, ordered by id (by bytes).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Shelter> {
        self.all.iter()
    }

    /// The shelter with this id ([`Shelter::id`]); `layer:feature id` is always understood too. O(log n).
    pub fn get(&self, id: &str) -> Option<&Shelter> {
        self.all.get(self.index_of(id)?)
    }

    /// The place of a shelter in [`Self::iter`], by its id as [`Self::get`] understands it. O(log n).
    pub fn index_of(&self, id: &str) -> Option<usize> {
        let by_id = self.all.binary_search_by(|shelter| shelter.id().cmp(id)).ok();
        by_id.or_else(|| self.by_long_id.get(id).map(|&index| index as usize))
    }

    /// The worst unsafe zone of a hazard kind over a shelter.
    pub(super) fn zone(&self, index: u32, kind: HazardKind) -> Option<&Threat> {
        self.zones.get(&(index, kind))
    }

    pub(super) fn judge(&self, question: Question, index: u32) -> Verdict {
        let shelter = &self.all[index as usize];
        let (in_zone, suits) = question.hazard.map_or((false, Tri::Unknown), |kind| {
            (self.zones.contains_key(&(index, kind)), shelter.suits(kind))
        });
        question.judge(shelter.status, in_zone, suits)
    }

    fn point(&self, index: u32) -> Point<u32> {
        let label = |question: Question| question.label(self.judge(question, index));
        Point {
            position: self.all[index as usize].position,
            labels: Question::all().fold(0, |labels, question| labels | label(question)),
            payload: index,
        }
    }
}

/// The shelters of all shelter layers, by id.
fn gather(layers: &[Arc<Layer>]) -> Vec<Shelter> {
    let layers = layers.iter().filter(|layer| layer.role() == Role::Shelter);
    let rows = layers.flat_map(|layer| layer.geometries().iter().enumerate().map(move |row| (layer, row)));
    let placed: Vec<_> = rows
        .filter_map(|(layer, (row, geometry))| Some((layer, row, standing_at(geometry)?)))
        .collect();
    let features: Vec<_> = placed.iter().map(|(layer, row, _)| (&***layer, *row)).collect();
    let shelter = |(id, &(layer, row, position)): (_, &(&Arc<Layer>, usize, LonLat))| {
        let status = layer.text(row, Attribute::Status).and_then(|word| word.parse().ok());
        Shelter {
            layer: Arc::clone(layer),
            row,
            id,
            position,
            status: status.unwrap_or(Status::Unknown),
        }
    };
    let mut shelters: Vec<Shelter> = region_ids(&features).into_iter().zip(&placed).map(shelter).collect();
    shelters.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    shelters
}
