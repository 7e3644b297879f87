//! A layer in memory made ready for tiles: projected, taken apart, measured and indexed once.
//!
//! Owns the building and what covers a window. Immutable; the layer itself is shared, not copied.

use std::sync::Arc;

use geo::CoordsIter;
use rayon::prelude::*;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::{
    TileCoord,
    detail::{self, Detail},
    grid::{GridBox, TileFrame},
    parts::{Part, Splitter},
    properties::Properties,
    topology::{Scratch, Topology},
};
use crate::catalog::{Attribute, Layer, Role, ZoomRange};

/// Parts measured in one go: enough to be worth handing to a thread.
const PARTS_AT_ONCE: usize = 1_024;

type Indexed = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// A layer that tiles can be rendered from.
#[derive(Debug)]
pub(super) struct MemoryLayer {
    layer: Arc<Layer>,
    /// In drawing order: what matters more later; the parts of a feature stand together.
    parts: Vec<Part>,
    detail: Detail,
    tree: RTree<Indexed>,
    /// Around all parts.
    bbox: Option<GridBox>,
    properties: Properties,
    /// How many features each stands for, itself among them; empty where each does for itself alone.
    stand_for: Vec<u32>,
}

impl MemoryLayer {
    /// Prepares a layer: projection, junctions, importance of vertices, levels of detail, index, encoded properties.
    /// O(n log n) for n vertices; holds about 25 bytes per vertex beside the layer's own 16.
    pub(super) fn build(layer: Arc<Layer>) -> Self {
        let zooms = layer.manifest().zoom;
        Self::for_zooms(layer, zooms)
    }

    /// Prepares an excerpt of a layer for a tile, its features standing for so many each.
    pub(super) fn of_excerpt(excerpt: Layer, stand_for: Vec<u32>, tile: TileCoord) -> Self {
        let zooms = excerpt.manifest().zoom;
        let from_tile = ZoomRange {
            min: tile.z().clamp(zooms.min, zooms.max),
            max: zooms.max,
        };
        Self {
            stand_for,
            ..Self::for_zooms(Arc::new(excerpt), from_tile)
        }
    }

    /// Prepares a layer for a range of zooms.
    fn for_zooms(layer: Arc<Layer>, zooms: ZoomRange) -> Self {
        let positions = layer.geometries().iter().map(CoordsIter::coords_count).sum();
        let mut splitter = Splitter::new(keeps_every_part(layer.role()), positions);
        for row in drawing_order(&layer) {
            splitter.add(row, &layer.geometries()[row]);
        }
        let kept_from = kept_from(&splitter);
        let Splitter { parts, mut paths, .. } = splitter;
        paths.kept_from = kept_from;
        let corner = |x: i32, y: i32| [f64::from(x), f64::from(y)];
        let indexed = parts.iter().enumerate().map(|(index, part)| {
            let (min, max) = (part.bbox.min, part.bbox.max);
            GeomWithData::new(
                Rectangle::from_corners(corner(min.x, min.y), corner(max.x, max.y)),
                index as u32,
            )
        });
        Self {
            tree: RTree::bulk_load(indexed.collect()),
            bbox: parts.iter().map(|part| part.bbox).reduce(GridBox::union),
            detail: Detail::new(&parts, paths, zooms),
            properties: Properties::new(&layer),
            parts,
            layer,
            stand_for: Vec::new(),
        }
    }

    /// How many features a feature stands for, itself among them.
    pub(super) fn stands_for(&self, row: usize) -> u32 {
        self.stand_for.get(row).copied().unwrap_or(1)
    }

    /// The layer itself.
    pub(super) const fn layer(&self) -> &Arc<Layer> {
        &self.layer
    }

    /// The zooms at which there are tiles.
    pub(super) fn zooms(&self) -> ZoomRange {
        self.layer.manifest().zoom
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(super) const fn detail(&self) -> &Detail {
        &self.detail
    }

    pub(super) const fn properties(&self) -> &Properties {
        &self.properties
    }

    /// Adds the parts whose boxes meet a frame's window, in no order. O(log n + answers).
    pub(super) fn in_window(&self, frame: &TileFrame, mut add: impl FnMut(u32)) {
        let Some(all) = self.bbox else { return };
        let [west, north, east, south] = frame.window();
        let is_everything = west <= f64::from(all.min.x)
            && north <= f64::from(all.min.y)
            && east >= f64::from(all.max.x)
            && south >= f64::from(all.max.y);
        if is_everything {
            (0..self.parts.len() as u32).for_each(add);
        } else {
            let window = AABB::from_corners([west, north], [east, south]);
            self.tree
                .locate_in_envelope_intersecting(window)
                .for_each(|found| add(found.data));
        }
    }

    /// Whether the box of any part meets a frame's window. O(log n).
    pub(super) fn is_in_window(&self, frame: &TileFrame) -> bool {
        let [west, north, east, south] = frame.window();
        let window = AABB::from_corners([west, north], [east, south]);
        self.tree.locate_in_envelope_intersecting(window).next().is_some()
    }
}

/// The first zoom at which each vertex is kept.
fn kept_from(splitter: &Splitter) -> Vec<i8> {
    let parts = splitter.parts.len();
    let topology = Topology::new(splitter.paths.points.len(), splitter.paths_of(0..parts));
    let measured: Vec<Vec<i8>> = (0..parts.div_ceil(PARTS_AT_ONCE))
        .into_par_iter()
        .map(|group| {
            let first = group * PARTS_AT_ONCE;
            let (mut importance, mut scratch, mut kept_from) = (Vec::new(), Scratch::default(), Vec::new());
            for path in splitter.paths_of(first..(first + PARTS_AT_ONCE).min(parts)) {
                topology.importance(path, &mut scratch, &mut importance);
                kept_from.extend(importance.iter().map(|&importance| detail::kept_from(importance)));
            }
            kept_from
        })
        .collect();
    measured.concat()
}

/// Whether every part of every feature must be seen at every zoom.
const fn keeps_every_part(role: Role) -> bool {
    match role {
        Role::HazardZone | Role::Shelter | Role::ChemicalPark | Role::RescueTeam | Role::Facility => true,
        Role::AdminArea | Role::Settlement | Role::Road | Role::Reference => false,
    }
}

/// The rows in drawing order: what matters less first, else as in the file.
fn drawing_order(layer: &Layer) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..layer.len()).collect();
    rows.sort_by_cached_key(|&row| weight(layer, row));
    rows
}

/// How much a feature matters beside others of its layer: the level of a zone; for a shelter first whether people can
/// go there, then how many; the rank of a settlement.
fn weight(layer: &Layer, row: usize) -> (u8, i64) {
    let number = |attribute| layer.number(row, attribute).map_or(i64::MIN, |value| value as i64);
    match layer.role() {
        Role::HazardZone => (layer.level(row).map_or(0, |(rank, _)| rank), 0),
        Role::Shelter => {
            let usable = match layer.text(row, Attribute::Status).as_deref() {
                Some("open") => 3,
                Some("standby") => 2,
                None | Some("unknown") => 1,
                Some(_) => 0,
            };
            (usable, number(Attribute::Capacity))
        }
        Role::Settlement => (0, number(Attribute::Rank).checked_neg().unwrap_or(i64::MIN)),
        _ => (0, 0),
    }
}
