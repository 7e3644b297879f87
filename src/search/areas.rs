//! The administrative areas that things lie in.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use geo_types::{Geometry, Polygon, Rect};

use super::place;
use crate::{
    catalog::{Attribute, Layer, Role},
    geometry::{LonLat, PreparedPolygon},
    index::Boxes,
};

/// Digits of a county's code (GB/T 2260), with which the codes of the townships (9 or 12 digits, GB/T 10114) and
/// villages (12 digits) in it begin.
const COUNTY_DIGITS: usize = 6;

/// An administrative area by its number in [`Areas`].
pub(super) type AreaNumber = u32;

#[derive(Debug)]
struct Area {
    layer: Arc<Layer>,
    row: usize,
    height: u8,
    parent: Option<AreaNumber>,
}

/// All administrative areas, each with the one above it.
#[derive(Debug, Default)]
pub(super) struct Areas(Vec<Area>);

impl Areas {
    /// The area and those above it, lowest first, as layers and rows.
    pub(super) fn chain(&self, lowest: Option<AreaNumber>) -> impl Iterator<Item = (&Layer, usize)> {
        let area = |number: AreaNumber| &self.0[number as usize];
        std::iter::successors(lowest.map(area), move |lower| lower.parent.map(area))
            .map(|area| (area.layer.as_ref(), area.row))
    }
}

/// Finds the areas that features lie in while the index is built; holds copies of their polygons.
#[derive(Debug, Default)]
pub(super) struct AreaFinder {
    areas: Areas,
    by_code: HashMap<String, AreaNumber>,
    parts: Vec<(AreaNumber, PreparedPolygon)>,
    boxes: Boxes<u32>,
}

impl AreaFinder {
    /// Prepares the areas and finds out which contains which. O(n log n) for n vertices.
    pub(super) fn build(layers: &[Arc<Layer>]) -> Self {
        let mut finder = Self::default();
        for layer in layers.iter().filter(|layer| layer.role() == Role::AdminArea) {
            for row in 0..layer.len() {
                finder.add(layer, row);
            }
        }
        let corners = |(index, (_, polygon)): (usize, &(AreaNumber, PreparedPolygon))| {
            let (min, max) = polygon.corners()?;
            Some((Rect::new(min, max), index as u32))
        };
        finder.boxes = finder.parts.iter().enumerate().filter_map(corners).collect();
        for number in 0..finder.areas.0.len() {
            let area = &finder.areas.0[number];
            let label = place::position(&area.layer.geometries()[area.row]);
            finder.areas.0[number].parent = label.and_then(|label| finder.lowest_at(label, area.height));
        }
        finder
    }

    fn add(&mut self, layer: &Arc<Layer>, row: usize) {
        let number = self.areas.0.len() as AreaNumber;
        self.by_code.insert(layer.feature_id(row).into_owned(), number);
        let polygons: &[Polygon<f64>] = match &layer.geometries()[row] {
            Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
            Geometry::MultiPolygon(polygons) => &polygons.0,
            _ => &[],
        };
        self.parts
            .extend(polygons.iter().map(|polygon| (number, PreparedPolygon::new(polygon))));
        self.areas.0.push(Area {
            layer: Arc::clone(layer),
            row,
            height: place::height(layer, row),
            parent: None,
        });
    }

    /// The lowest area that a feature lies in: by its code where it has one, else by its position. For an
    /// administrative area it is the one above it.
    pub(super) fn around(&self, layer: &Layer, row: usize, position: LonLat) -> Option<AreaNumber> {
        if layer.role() == Role::AdminArea {
            return self.lowest_at(position, place::height(layer, row));
        }
        self.coded(layer, row).or_else(|| self.lowest_at(position, u8::MAX))
    }

    /// The areas alone, without their polygons.
    pub(super) fn into_areas(self) -> Areas {
        self.areas
    }

    fn coded(&self, layer: &Layer, row: usize) -> Option<AreaNumber> {
        let code = layer.text(row, Attribute::AdminCode)?;
        let county = || {
            let is_below_county = matches!(code.len(), 9 | 12) && code.bytes().all(|byte| byte.is_ascii_digit());
            is_below_county
                .then(|| self.by_code.get(&code[..COUNTY_DIGITS]))
                .flatten()
        };
        self.by_code.get(code.as_ref()).or_else(county).copied()
    }

    /// The lowest area at a position that stands higher than `below`.
    fn lowest_at(&self, position: LonLat, below: u8) -> Option<AreaNumber> {
        let height = |number: AreaNumber| self.areas.0[number as usize].height;
        self.boxes
            .covering(position)
            .map(|&part| &self.parts[part as usize])
            .filter(|(number, polygon)| height(*number) < below && polygon.covers(position))
            .map(|(number, _)| *number)
            .min_by_key(|&number| (Reverse(height(number)), number))
    }
}
