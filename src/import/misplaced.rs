//! Features that lie far from where they say they are.
//!
//! Owns the comparison of a feature's place with the administrative area that it states, against the pack's own
//! `admin_area` layers. Stated is, in this order:
//!
//! 1. the area of the `admin_code` column, or the nearest area above it that the pack has (GB/T 2260: of 350102001 the
//!    county 350102);
//! 2. the one area named in the address; 3. the one area named in the name. Names that several areas bear are not read;
//!    of areas inside each other (市, 区) the innermost counts; where areas are named that do not lie inside each other
//!    nothing is stated.
//!
//! Misplaced is what lies outside the stated area by more than [`FAR_M`]: borders in use are generalised and surveyed
//! differently by less. Nothing is dropped. Memory: the administrative areas, and what is told.

mod area;
mod areas;
mod mentions;

pub(super) use areas::Areas;

use geo::CoordsIter;
use geo_types::Geometry;
use serde::Serialize;

use super::{Finding, duplicates::FeatureName};
use crate::{
    catalog::{Attribute, LayerManifest, Role, Walked},
    fold,
    geometry::LonLat,
    messages::Lang,
};

/// Farther outside than this, in metres, is misplaced.
const FAR_M: f64 = 1_000.0;
/// Examples told.
const EXAMPLES: usize = 100;
/// Vertices of a line or polygon that are looked at: enough to tell whether any part of it is where it should be.
const VERTICES: usize = 64;

/// What says where a feature should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatedBy {
    /// The code of its administrative area.
    AdminCode,
    /// Its address.
    Address,
    /// Its name.
    Name,
}

/// A feature that lies elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stray {
    /// Which one.
    pub feature: FeatureName,
    /// The area that it states.
    pub stated: String,
    /// What states it.
    pub by: StatedBy,
    /// How far outside it lies, metres on the ellipsoid.
    pub distance_m: f64,
    /// The smallest area that it lies in; `None` where it lies in none.
    pub lies_in: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Misplaced {
    /// Features that state an area of the pack.
    pub checked: u64,
    /// Of these, features outside it by more than 1 km.
    pub misplaced: u64,
    /// Some of them.
    pub examples: Vec<Stray>,
    /// Features farther than 1 km from every administrative area; of places and buildings only.
    pub outside_areas: u64,
    /// Some of them.
    pub outside_examples: Vec<FeatureName>,
}

/// The check while features are coming in.
pub(super) struct Checking<'a> {
    areas: &'a Areas,
    role: Role,
    found: Misplaced,
}

impl<'a> Checking<'a> {
    pub(super) fn new(manifest: &LayerManifest, areas: &'a Areas) -> Self {
        Self {
            areas,
            role: manifest.role,
            found: Misplaced::default(),
        }
    }

    /// Compares a feature's place with what it states. O(log areas) where it is in place.
    pub(super) fn add(&mut self, feature: &Walked<'_>) {
        if self.areas.is_empty() || matches!(self.role, Role::AdminArea | Role::Road | Role::Reference) {
            return;
        }
        let places = places(&feature.geometry);
        let Some(&place) = places.first() else { return };
        if let Some((stated, by)) = self.stated(feature) {
            self.found.checked += 1;
            if places.iter().any(|place| self.areas.covers(stated, *place)) {
                return;
            }
            let distance = |place: &LonLat| self.areas.distance_m(stated, *place, FAR_M);
            let nearest = places.iter().map(distance).fold(f64::INFINITY, f64::min);
            if nearest > FAR_M {
                self.found.misplaced += 1;
                if self.found.examples.len() < EXAMPLES {
                    let exact = |place: &LonLat| self.areas.distance_m(stated, *place, f64::INFINITY);
                    self.found.examples.push(Stray {
                        feature: FeatureName::of(feature),
                        stated: self.areas.label(stated).to_owned(),
                        by,
                        distance_m: places.iter().map(exact).fold(f64::INFINITY, f64::min).round(),
                        lies_in: self
                            .areas
                            .smallest_over(place)
                            .map(|area| self.areas.label(area).to_owned()),
                    });
                }
            }
        }
        let of_places = matches!(
            self.role,
            Role::Shelter | Role::ChemicalPark | Role::RescueTeam | Role::Facility | Role::Settlement
        );
        if of_places && !self.areas.any_within(place, FAR_M) {
            self.found.outside_areas += 1;
            if self.found.outside_examples.len() < EXAMPLES {
                self.found.outside_examples.push(FeatureName::of(feature));
            }
        }
    }

    fn stated(&self, feature: &Walked<'_>) -> Option<(usize, StatedBy)> {
        let by_code = || self.areas.by_code(&feature.text(Attribute::AdminCode)?);
        let by_text = |text: &str| self.areas.mentioned(&fold::fold(text));
        let by_name = || by_text(&feature.name(Lang::Zh)?).or_else(|| by_text(&feature.name(Lang::En)?));
        by_code()
            .map(|area| (area, StatedBy::AdminCode))
            .or_else(|| Some((by_text(&feature.text(Attribute::Address)?)?, StatedBy::Address)))
            .or_else(|| Some((by_name()?, StatedBy::Name)))
    }

    pub(super) fn finish(self) -> Misplaced {
        self.found
    }
}

/// Places of a feature, spread evenly over its vertices.
fn places(geometry: &Geometry<f64>) -> Vec<LonLat> {
    let stride = geometry.coords_count().div_ceil(VERTICES).max(1);
    let spread = geometry.coords_iter().step_by(stride);
    spread.filter_map(|coord| LonLat::try_from(coord).ok()).collect()
}

impl Misplaced {
    /// What to tell of them.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.misplaced > 0 {
            let example = self.examples.first().map(|stray| {
                let actually = stray.lies_in.as_deref().unwrap_or("no area of the pack");
                let km = stray.distance_m / 1e3;
                format!(
                    "; such as {}: says {}, lies {km:.1} km outside it in {actually}",
                    stray.feature, stray.stated
                )
            });
            findings.push(Finding::warning(
                "misplaced",
                format!(
                    "{} of {} features lie more than {} km outside the administrative area that they state{}; look at \
                     position, datum and area of each",
                    self.misplaced,
                    self.checked,
                    FAR_M / 1e3,
                    example.unwrap_or_default()
                ),
            ));
        }
        if self.outside_areas > 0 {
            let example = self
                .outside_examples
                .first()
                .map(|feature| format!("; such as {feature}"));
            findings.push(Finding::warning(
                "outside_areas",
                format!(
                    "{} features lie more than {} km from every administrative area of the pack{}",
                    self.outside_areas,
                    FAR_M / 1e3,
                    example.unwrap_or_default()
                ),
            ));
        }
        findings
    }
}
