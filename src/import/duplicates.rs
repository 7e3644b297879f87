//! The same thing twice: features of one name at one place, and places that go by several names.
//!
//! Owns the search, never a removal: which of two entries is right is for those who keep the register. Two features are
//! the same when their folded names are equal and they lie within [`SAME_M`] of each other; zones of a hazard only when
//! their level is the same too, for the zones of one source are often drawn one inside the other. Roads and reference
//! layers are not looked at: there one name stands for many features. A place goes by several names when features of
//! different names lie within [`ONE_PLACE_M`]; that is asked of layers of places and buildings only.
//!
//! 16 bytes a feature are remembered; a second pass over the layer finds out about the examples.

use std::{
    collections::{HashMap, HashSet},
    fmt::{Display, Formatter, Result as FmtResult},
};

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    Finding,
    nearby::{Nearby, Placed},
    place::Spot,
};
use crate::{
    catalog::{Faults, LayerManifest, LayerWalk, Role, Walked},
    fold,
    messages::Lang,
};

/// Features of one name are the same up to this distance, in metres: entries of a register are typed or measured twice
/// with about this difference, and neighbouring buildings of one name lie farther apart.
const SAME_M: f64 = 10.0;
/// Places are one up to this distance, in metres.
const ONE_PLACE_M: f64 = 1.0;
/// Examples told of each kind.
const EXAMPLES: usize = 20;

/// A feature as people find it again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FeatureName {
    /// Its id; where ids are row numbers, its row in the imported file.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Display for FeatureName {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(&self.id)?;
        self.name.iter().try_for_each(|name| write!(f, " {name}"))
    }
}

impl FeatureName {
    pub(super) fn of(feature: &Walked<'_>) -> Self {
        let name = feature.name(Lang::Zh).map(|name| name.chars().take(60).collect());
        Self {
            id: feature.id().into_owned(),
            name,
        }
    }
}

/// Two features that may be one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Twins {
    /// The one.
    pub one: FeatureName,
    /// The other.
    pub other: FeatureName,
    /// How far apart they are, metres on the ellipsoid.
    pub distance_m: f64,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Duplicates {
    /// Features that have another of the same name within 10 m.
    pub features: u64,
    /// Some of them.
    pub examples: Vec<Twins>,
    /// Names that have another name within 1 m.
    pub other_names: u64,
    /// Some of them.
    pub other_name_examples: Vec<Twins>,
}

/// A name and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Named {
    name: u64,
    spot: Spot,
}

impl Placed for Named {
    fn name(&self) -> u64 {
        self.name
    }

    fn spot(&self) -> Spot {
        self.spot
    }
}

/// The same for a table of places.
#[derive(Debug, Clone, Copy)]
struct Place(Named);

impl Placed for Place {
    fn name(&self) -> u64 {
        0
    }

    fn spot(&self) -> Spot {
        self.0.spot
    }
}

/// The names of a layer while its features are coming in.
pub(super) struct Names<'m> {
    manifest: &'m LayerManifest,
    named: Vec<Named>,
}

impl<'m> Names<'m> {
    pub(super) const fn new(manifest: &'m LayerManifest) -> Self {
        Self {
            manifest,
            named: Vec::new(),
        }
    }

    /// Takes a feature into account.
    pub(super) fn add(&mut self, feature: &Walked<'_>) {
        if !matches!(self.manifest.role, Role::Road | Role::Reference) {
            self.named.extend(named(self.manifest, feature));
        }
    }

    /// Finds what stands twice. Walks the layer once more where there is anything. O(n log n).
    pub(super) fn finish(self, walk: &LayerWalk<'_>) -> Result<Duplicates, Faults> {
        let of_places = matches!(
            self.manifest.role,
            Role::Shelter | Role::ChemicalPark | Role::RescueTeam | Role::Facility | Role::Settlement
        );
        let (features, twins, named) = same(self.named);
        let (other_names, others) = if of_places { other_names(named) } else { (0, Vec::new()) };
        let mut details = Details::of(&[&twins[..], &others[..]].concat());
        if !details.wanted.is_empty() {
            walk.each(|feature| details.add(self.manifest, &feature))?;
        }
        Ok(Duplicates {
            features,
            examples: details.twins(&twins),
            other_names,
            other_name_examples: details.twins(&others),
        })
    }
}

fn named(manifest: &LayerManifest, feature: &Walked<'_>) -> Option<Named> {
    let mut name = fold::fold(&feature.name(Lang::Zh)?);
    if name.is_empty() {
        return None;
    }
    if let Some(column) = manifest.hazard.as_ref().and_then(|hazard| hazard.level.as_deref()) {
        let level = feature.fields().iter().position(|field| field.name == column);
        let level = level.and_then(|level| feature.values.get(level)?.as_ref());
        name.push('\0');
        name.extend(level.map(|level| level.to_text().into_owned()));
    }
    Some(Named {
        name: xxh3_64(name.as_bytes()),
        spot: Spot::of(&feature.geometry)?,
    })
}

/// How many have a twin, some pairs, and the names again.
fn same(named: Vec<Named>) -> (u64, Vec<(Named, Named)>, Vec<Named>) {
    let nearby = Nearby::new(named, SAME_M);
    let mut features = 0;
    let mut twins = Vec::new();
    let has_name = |index: usize, name| nearby.entries().get(index).is_some_and(|entry| entry.name == name);
    for (index, one) in nearby.entries().iter().enumerate() {
        // Entries of a name stand together, and most names stand once.
        if !has_name(index.wrapping_sub(1), one.name) && !has_name(index + 1, one.name) {
            continue;
        }
        let Some((twin, _)) = nearby.around(one.name, one.spot).find(|(twin, _)| *twin != index) else {
            continue;
        };
        features += 1;
        let other = nearby.entries()[twin];
        let told = twins
            .iter()
            .any(|&(a, b)| (a, b) == (other, *one) || (a, b) == (*one, other));
        if twins.len() < EXAMPLES && !told {
            twins.push((*one, other));
        }
    }
    (features, twins, nearby.into_entries())
}

/// How many names have another name at their place, and some pairs.
fn other_names(mut named: Vec<Named>) -> (u64, Vec<(Named, Named)>) {
    // Of a name that stands a thousand times at one place one is enough.
    named.sort_unstable();
    named.dedup();
    let nearby = Nearby::new(named.into_iter().map(Place).collect(), ONE_PLACE_M);
    let mut names = 0;
    let mut pairs: Vec<(Named, Named)> = Vec::new();
    for Place(one) in nearby.entries() {
        let others = nearby.around(0, one.spot).map(|(index, _)| nearby.entries()[index].0);
        let Some(other) = others.into_iter().find(|other| other.name != one.name) else {
            continue;
        };
        names += 1;
        let told = pairs
            .iter()
            .any(|&(a, b)| (a, b) == (other, *one) || (a, b) == (*one, other));
        if pairs.len() < EXAMPLES && !told {
            pairs.push((*one, other));
        }
    }
    (names, pairs)
}

/// Who the examples are: the first two features of each name and place.
struct Details {
    wanted: HashMap<Named, Vec<FeatureName>>,
    /// Where they are: names are folded only there.
    spots: HashSet<Spot>,
}

impl Details {
    fn of(pairs: &[(Named, Named)]) -> Self {
        let wanted = pairs.iter().flat_map(|(one, other)| [*one, *other]);
        let wanted: HashMap<_, _> = wanted.map(|named| (named, Vec::new())).collect();
        let spots = wanted.keys().map(|named| named.spot).collect();
        Self { wanted, spots }
    }

    fn add(&mut self, manifest: &LayerManifest, feature: &Walked<'_>) {
        if !Spot::of(&feature.geometry).is_some_and(|spot| self.spots.contains(&spot)) {
            return;
        }
        let known = named(manifest, feature).and_then(|named| self.wanted.get_mut(&named));
        if let Some(known) = known.filter(|known| known.len() < 2) {
            known.push(FeatureName::of(feature));
        }
    }

    fn twins(&self, pairs: &[(Named, Named)]) -> Vec<Twins> {
        let mut twins: Vec<Twins> = pairs
            .iter()
            .filter_map(|(one, other)| {
                let first = self.wanted.get(one)?.first()?;
                let second = self.wanted.get(other)?.iter().find(|second| *second != first)?;
                Some(Twins {
                    one: first.min(second).clone(),
                    other: first.max(second).clone(),
                    distance_m: one.spot.distance_m(other.spot),
                })
            })
            .collect();
        twins.sort_by(|a, b| (&a.one, &a.other).cmp(&(&b.one, &b.other)));
        twins
    }
}

impl Duplicates {
    /// What to tell of them.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let example = |twins: &[Twins]| {
            twins
                .first()
                .map(|Twins { one, other, distance_m }| format!("; such as {one} and {other}, {distance_m:.1} m apart"))
                .unwrap_or_default()
        };
        let mut findings = Vec::new();
        if self.features > 0 {
            findings.push(Finding::warning(
                "duplicates",
                format!(
                    "{} features have another of the same name within {SAME_M} m{}; all are kept: mend the register where \
                     they are one",
                    self.features,
                    example(&self.examples)
                ),
            ));
        }
        if self.other_names > 0 {
            findings.push(Finding::note(
                "same_place",
                format!(
                    "{} names stand within {ONE_PLACE_M} m of another name{}; all are kept",
                    self.other_names,
                    example(&self.other_name_examples)
                ),
            ));
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::import::nearby::tests::spots;

    proptest! {
        #[test]
        fn what_stands_twice_is_what_a_scan_of_all_pairs_finds(places in vec((0_u64..4, spots()), 0..60)) {
            let all: Vec<Named> = places.into_iter().map(|(name, spot)| Named { name, spot }).collect();
            let has_twin = |one: usize| (0..all.len()).any(|other| {
                other != one && all[other].name == all[one].name && all[other].spot.distance_m(all[one].spot) <= SAME_M
            });
            let expected = (0..all.len()).filter(|&one| has_twin(one)).count() as u64;
            let (features, twins, named) = same(all.clone());
            prop_assert_eq!(features, expected);
            prop_assert_eq!(twins.is_empty(), expected == 0);
            for (one, other) in twins {
                prop_assert!(one.name == other.name && one.spot.distance_m(other.spot) <= SAME_M);
            }

            let mut different = all.clone();
            different.sort_unstable();
            different.dedup();
            let near_other = |one: &&Named| different.iter().any(|other| {
                other.name != one.name && other.spot.distance_m(one.spot) <= ONE_PLACE_M
            });
            prop_assert_eq!(other_names(named).0, different.iter().filter(near_other).count() as u64);
        }
    }
}
