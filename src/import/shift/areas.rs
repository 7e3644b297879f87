//! Points against the ground that they must stand on: land, and the administrative area that they state.
//!
//! Weak evidence, for only points near a border can cross it. Where a shore has been filled up or an outline is drawn
//! coarsely, true points lie outside too, and all on the same side of the land: therefore points are summed up over
//! wide cells, and [`super::verdict`] asks for more of this evidence than of any other.

use std::{borrow::Cow, collections::BTreeMap};

use geo::{BoundingRect, Intersects};
use geo_types::{Geometry, Polygon, Rect};

use super::{
    hypothesis::Hypothesis,
    lines::{Lines, LinesBuilder, cell},
    sample::{Feature, Sample},
    scores::Each,
};
use crate::{
    catalog::{Attribute, Id, Layer, Region, Role, Shape},
    geometry::{Datum, LonLat, PreparedPolygon},
    index::Boxes,
    messages::Lang,
};

/// The side of the cells that are taken as independent, degrees: 10 km, about a stretch of shore.
const CELL_DEG: f64 = 0.1;

/// How far outside outlines are off for reasons of their own, metres: drawn coarsely, shores filled up.
const OUTSIDE_M: f64 = 300.0;

/// Ground that points can stand on.
pub(super) struct Ground {
    parts: Vec<PreparedPolygon>,
    boxes: Boxes<u32>,
    edges: Lines,
}

impl Ground {
    fn new<'g>(geometries: impl Iterator<Item = &'g Geometry<f64>>, window: Rect<f64>) -> Self {
        let mut parts = Vec::new();
        let mut edges = LinesBuilder::new(window);
        let mut add = |polygon: &Polygon<f64>| {
            if polygon.bounding_rect().is_some_and(|rect| rect.intersects(&window)) {
                edges.add_polygon(polygon);
                parts.push(PreparedPolygon::new(polygon));
            }
        };
        for geometry in geometries {
            match geometry {
                Geometry::Polygon(polygon) => add(polygon),
                Geometry::MultiPolygon(all) => all.iter().for_each(&mut add),
                _ => {}
            }
        }
        let corners = parts.iter().enumerate().filter_map(|(index, part)| {
            let (min, max) = part.corners()?;
            Some((Rect::new(min, max), index as u32))
        });
        Self {
            boxes: corners.collect(),
            edges: edges.finish(),
            parts,
        }
    }

    fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Metres outside, bounded as [`Lines::distance_m`] is; 0 inside.
    pub(super) fn outside_m(&self, position: LonLat) -> f64 {
        let mut parts = self.boxes.covering(position);
        if parts.any(|&part| self.parts[part as usize].covers(position)) {
            0.0
        } else {
            self.edges.distance_m(position)
        }
    }
}

/// An administrative area that features may state.
struct Area<'r> {
    layer: &'r Layer,
    row: usize,
    code: Option<String>,
    name: Option<String>,
    /// Whether no other area of another code has the name.
    is_unique: bool,
}

/// What a pack knows of the ground.
pub(super) struct Grounds<'r> {
    areas: Vec<Area<'r>>,
    by_code: BTreeMap<String, usize>,
    land: Option<Ground>,
    window: Rect<f64>,
}

impl<'r> Grounds<'r> {
    /// Takes the land and the areas of all layers but one; what is made up is no reference.
    pub(super) fn new(region: &'r Region, skip: &Id, window: Rect<f64>) -> Self {
        let layers = || {
            let real = |layer: &&Layer| layer.id() != skip && !layer.manifest().synthetic;
            region.layers.iter().map(AsRef::as_ref).filter(real)
        };
        let mut areas = Vec::new();
        let mut by_code = BTreeMap::new();
        for layer in layers().filter(|layer| layer.role() == Role::AdminArea) {
            for row in 0..layer.len() {
                let code = layer.text(row, Attribute::AdminCode).map(Cow::into_owned);
                // Later layers are finer.
                if let Some(code) = &code {
                    by_code.insert(code.clone(), areas.len());
                }
                areas.push(Area {
                    layer,
                    row,
                    code,
                    name: layer.name(row, Lang::Zh).map(Cow::into_owned),
                    is_unique: true,
                });
            }
        }
        mark_homonyms(&mut areas);
        let is_land = |layer: &&Layer| layer.manifest().kind.as_deref() == Some("land");
        let land = Ground::new(layers().filter(is_land).flat_map(Layer::geometries), window);
        Self {
            areas,
            by_code,
            land: Some(land).filter(|land| !land.is_empty()),
            window,
        }
    }

    /// Whether a position lies on the pack's land.
    #[cfg(test)]
    pub(super) fn on_land(&self, position: LonLat) -> bool {
        self.land.as_ref().is_some_and(|land| land.outside_m(position) == 0.0)
    }

    /// The area that a feature states: by its code or a longer one's beginning, else the smallest whose name stands in
    /// the address.
    fn stated(&self, feature: &Feature) -> Option<usize> {
        if let Some(code) = &feature.code {
            let prefixes = [code.len(), 9, 6].into_iter().filter_map(|length| code.get(..length));
            return prefixes
                .into_iter()
                .find_map(|prefix| self.by_code.get(prefix).copied());
        }
        let address = feature.address.as_deref()?;
        let named = |area: &&Area<'_>| {
            let name = area.name.as_deref();
            area.is_unique && name.is_some_and(|name| name.chars().count() > 1 && address.contains(name))
        };
        // Areas come layer by layer, the finer ones later.
        let finest = self.areas.iter().rfind(named)?;
        let index = self.areas.iter().position(|area| std::ptr::eq(area, finest));
        let rivals = self
            .areas
            .iter()
            .filter(named)
            .filter(|area| area.layer.id() == finest.layer.id());
        index.filter(|_| rivals.count() == 1)
    }
}

/// Two areas of one name are told apart by nothing in an address.
fn mark_homonyms(areas: &mut [Area<'_>]) {
    let mut codes: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for area in areas.iter() {
        if let Some(name) = &area.name {
            codes.entry(name.clone()).or_default().push(area.code.clone());
        }
    }
    for area in areas {
        let codes = area.name.as_ref().and_then(|name| codes.get(name));
        area.is_unique = codes.is_some_and(|codes| codes.iter().all(|code| *code == codes[0]));
    }
}

/// What the points say.
pub(super) struct AreaEvidence {
    /// Metres outside, by point that has a ground to stand on.
    pub(super) outside_m: Vec<Each>,
    /// How many of them state their area.
    pub(super) stated: usize,
    /// Log-likelihood by cell.
    pub(super) blocks: Vec<Each>,
}

/// Measures every point of the sample under every hypothesis.
pub(super) fn compare(
    sample: &Sample,
    grounds: &Grounds<'_>,
    declared: Datum,
    hypotheses: &[Hypothesis],
) -> AreaEvidence {
    let points = sample.features.iter().filter(|feature| feature.shape == Shape::Point);
    let stated: Vec<(&Feature, Option<usize>)> = points.map(|feature| (feature, grounds.stated(feature))).collect();
    let mut used: BTreeMap<usize, Ground> = BTreeMap::new();
    for index in stated.iter().filter_map(|(_, area)| *area) {
        used.entry(index).or_insert_with(|| {
            let area = &grounds.areas[index];
            Ground::new(area.layer.geometries().get(area.row).into_iter(), grounds.window)
        });
    }
    let mut evidence = AreaEvidence {
        outside_m: Vec::new(),
        stated: 0,
        blocks: Vec::new(),
    };
    let mut cells: BTreeMap<(i32, i32), Each> = BTreeMap::new();
    for (feature, area) in stated {
        let area = area.and_then(|index| used.get(&index)).filter(|area| !area.is_empty());
        evidence.stated += usize::from(area.is_some());
        let under: Vec<&Ground> = area.into_iter().chain(&grounds.land).collect();
        if under.is_empty() {
            continue;
        }
        let mut outside = Each::default();
        for (distance, hypothesis) in outside.iter_mut().zip(hypotheses) {
            let position = hypothesis.correct(declared, feature.place);
            *distance = under
                .iter()
                .map(|ground| ground.outside_m(position))
                .fold(0.0, f64::max);
        }
        let block = cells.entry(cell(feature.place, CELL_DEG)).or_default();
        // How deep inside says nothing; outside, the farther the less likely, with a heavy tail.
        block
            .iter_mut()
            .zip(outside)
            .for_each(|(block, distance)| *block -= (distance / OUTSIDE_M).ln_1p());
        evidence.outside_m.push(outside);
    }
    evidence.blocks = cells.into_values().collect();
    evidence
}
