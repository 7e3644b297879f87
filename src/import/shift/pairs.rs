//! The same features in the pack: by id in the layer that is replaced, by name there and in other layers.
//!
//! A name is taken for the same feature only where it is the only one of its kind: among the features to be judged and
//! in the other layer, in the stated administrative area where both state one. Homonyms farther apart than
//! [`FARTHEST_M`] are not the same place.

use std::collections::{BTreeMap, HashMap};

use super::{
    offset::Offset,
    sample::{self, Feature, Sample},
};
use crate::{
    catalog::{Attribute, Id, Layer, Region, Role},
    geometry::LonLat,
    messages::Lang,
};

/// What lies farther apart is not the same feature, metres.
pub(super) const FARTHEST_M: f64 = 20_000.0;

/// A name that more features of the sample share is no name.
const MOST_HOMONYMS: usize = 8;

/// The layers that hold single things by name.
const NAMED_POINTS: [Role; 5] = [
    Role::Settlement,
    Role::Shelter,
    Role::ChemicalPark,
    Role::RescueTeam,
    Role::Facility,
];

/// The same feature twice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    /// Where the import puts it.
    pub(super) here: LonLat,
    /// Where the pack has it.
    pub(super) there: LonLat,
}

/// Looks for the sample's features in one layer after the other; what an earlier layer has is not looked for again.
pub(super) struct Matcher<'s> {
    sample: &'s Sample,
    by_id: HashMap<&'s str, Option<usize>>,
    by_name: HashMap<&'s str, Vec<usize>>,
    /// What the layer in hand has: the place, or `None` where it has the feature twice.
    found: BTreeMap<usize, Option<LonLat>>,
    pairs: BTreeMap<usize, LonLat>,
    /// Layers that gave pairs, and how many.
    pub(super) layers: Vec<(String, usize)>,
}

impl<'s> Matcher<'s> {
    pub(super) fn new(sample: &'s Sample) -> Self {
        let mut by_id: HashMap<&str, Option<usize>> = HashMap::new();
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, feature) in sample.features.iter().enumerate() {
            if let Some(id) = feature.id.as_deref() {
                by_id.entry(id).and_modify(|twice| *twice = None).or_insert(Some(index));
            }
            let names = [feature.name.as_deref(), sample.own_code(feature)];
            for name in names.into_iter().flatten() {
                by_name.entry(name).or_default().push(index);
            }
        }
        Self {
            sample,
            by_id,
            by_name,
            found: BTreeMap::new(),
            pairs: BTreeMap::new(),
            layers: Vec::new(),
        }
    }

    /// Offers a feature of the layer that is replaced.
    pub(super) fn offer_earlier(&mut self, known: &Feature) {
        let by_id = known.id.as_deref().and_then(|id| self.by_id.get(id).copied().flatten());
        let same = |index: &usize| self.sample.features[*index].shape == known.shape;
        let index = by_id.filter(same).or_else(|| self.named(known));
        self.note(index, known.place);
    }

    /// Offers a feature of another layer.
    fn offer(&mut self, known: &Feature) {
        let index = self.named(known);
        self.note(index, known.place);
    }

    /// The one feature of the sample that bears the name, is of the same shape and does not state another area.
    fn named(&self, known: &Feature) -> Option<usize> {
        let of = |key: Option<&str>| key.and_then(|key| self.by_name.get(key));
        let candidates = of(known.name.as_deref()).or_else(|| of(self.sample.own_code(known)))?;
        if candidates.len() > MOST_HOMONYMS {
            return None;
        }
        let fits = |index: &&usize| {
            let feature = &self.sample.features[**index];
            feature.shape == known.shape && same_area(feature.code.as_deref(), known.code.as_deref())
        };
        let mut fitting = candidates.iter().filter(fits);
        fitting.next().copied().filter(|_| fitting.next().is_none())
    }

    fn note(&mut self, index: Option<usize>, place: LonLat) {
        let Some(index) = index.filter(|index| !self.pairs.contains_key(index)) else {
            return;
        };
        self.found
            .entry(index)
            .and_modify(|twice| *twice = None)
            .or_insert(Some(place));
    }

    /// Ends a layer: what it has once and near is paired.
    pub(super) fn end_layer(&mut self, id: &Id) {
        let before = self.pairs.len();
        for (index, place) in std::mem::take(&mut self.found) {
            let here = self.sample.features[index].place;
            let near = place.filter(|place| Offset::between(*place, here).length_m() <= FARTHEST_M);
            self.pairs.extend(near.map(|place| (index, place)));
        }
        let count = self.pairs.len() - before;
        if count > 0 {
            self.layers.push((id.to_string(), count));
        }
    }

    /// Looks through the layers of a pack but one: areas for areas, single things for points. What is made up is no
    /// reference.
    pub(super) fn search(&mut self, region: &Region, skip: &Id) {
        let holds = |role: Role| match self.sample.role {
            Role::AdminArea => role == Role::AdminArea,
            _ => NAMED_POINTS.contains(&role),
        };
        for layer in region
            .layers
            .iter()
            .filter(|layer| layer.id() != skip && holds(layer.role()))
        {
            if layer.manifest().synthetic {
                continue;
            }
            for row in (0..layer.len()).filter(|&row| !layer.is_synthetic(row)) {
                if let Some(known) = known(layer, row) {
                    self.offer(&known);
                }
            }
            self.end_layer(layer.id());
        }
    }

    /// All pairs.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let pair = |(&index, &there): (&usize, &LonLat)| Pair {
            here: self.sample.features[index].place,
            there,
        };
        self.pairs.iter().map(pair).collect()
    }
}

fn known(layer: &Layer, row: usize) -> Option<Feature> {
    let geometry = layer.geometries().get(row)?;
    let name = layer.name(row, Lang::Zh).map(|name| name.as_ref().into());
    let code = layer.text(row, Attribute::AdminCode).map(|code| code.as_ref().into());
    if name.is_none() && code.is_none() {
        return None;
    }
    Some(Feature {
        id: None,
        name,
        code,
        address: None,
        shape: sample::shape_of(geometry),
        place: sample::place_of(geometry)?,
        vertices: Vec::new(),
    })
}

/// Whether two codes can be of the same county, or one of the area around the other: the first six digits of GB/T 2260
/// and of what extends it, where pairs of zeros at the end stand for the whole area above.
fn same_area(one: Option<&str>, other: Option<&str>) -> bool {
    fn county(code: &str) -> &str {
        let mut code = code.get(..6).unwrap_or(code);
        while code.len() > 2 {
            let Some(above) = code.strip_suffix("00") else { break };
            code = above;
        }
        code
    }
    match (one.map(county), other.map(county)) {
        (Some(one), Some(other)) => one.starts_with(other) || other.starts_with(one),
        _ => true,
    }
}
