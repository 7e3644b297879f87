//! A layer that tiles are made of, wherever its features are.
//!
//! Owns the choice between the two ways to prepare a layer, and what readers of tiles are told alike of both.

use std::sync::{Arc, OnceLock};

use super::{
    TileCoord, disk::DiskTiles, drawn::DrawnLayer, grid::TileFrame, layer::MemoryLayer, minutes::MinutesLayer,
    properties::PropertyInfo, render,
};
use crate::{
    catalog::{DiskLayer, Layer, LayerManifest, LayerVersion, Role, Shape, ZoomRange, fgb::FgbError},
    geometry::BBox,
};

/// A layer that tiles can be rendered from.
#[derive(Debug)]
pub struct TileLayer(Store);

#[derive(Debug)]
enum Store {
    Memory(InMemory),
    Disk(DiskTiles),
    Minutes(Box<MinutesLayer>),
}

/// A layer in memory, prepared once and not before somebody needs it.
#[derive(Debug)]
struct InMemory {
    layer: Arc<Layer>,
    prepared: OnceLock<Box<MemoryLayer>>,
}

impl InMemory {
    fn prepared(&self) -> &MemoryLayer {
        let build = || Box::new(MemoryLayer::build(Arc::clone(&self.layer)));
        self.prepared.get_or_init(build)
    }
}

impl TileLayer {
    /// Prepares a layer: projection, junctions, importance of vertices, levels of detail, index, encoded properties.
    /// O(n log n) for n vertices; holds about 25 bytes per vertex beside the layer's own 16.
    pub fn build(layer: Arc<Layer>) -> Self {
        let tiles = Self::unprepared(layer);
        tiles.prepare();
        tiles
    }

    /// The same layer, to be prepared by [`Self::prepare`] or when first drawn. O(1).
    pub const fn unprepared(layer: Arc<Layer>) -> Self {
        let prepared = OnceLock::new();
        Self(Store::Memory(InMemory { layer, prepared }))
    }

    /// Whether the layer can be drawn without preparing it first.
    pub fn is_prepared(&self) -> bool {
        match &self.0 {
            Store::Memory(layer) => layer.prepared.get().is_some(),
            Store::Disk(_) | Store::Minutes(_) => true,
        }
    }

    /// Prepares the layer, or waits until whoever has begun is done.
    ///
    /// The work is shared among rayon's threads, so that none of them may wait for it: call this, and draw what may be
    /// unprepared, from other threads.
    pub fn prepare(&self) {
        if let Store::Memory(layer) = &self.0 {
            layer.prepared();
        }
    }

    /// Prepares a layer that stays on the disk: 12 bytes a point, 17 any other feature. O(n log n).
    ///
    /// # Errors
    /// The file can no longer be read.
    pub fn build_on_disk(layer: Arc<DiskLayer>) -> Result<Self, FgbError> {
        Ok(Self(Store::Disk(DiskTiles::build(layer)?)))
    }

    /// A layer of streets with the minutes it takes from them; everything is prepared already.
    pub fn of_minutes(layer: MinutesLayer) -> Self {
        Self(Store::Minutes(Box::new(layer)))
    }

    /// Draws what a tile shows of the layer, the coarser the higher the degree; nothing at zooms outside its range.
    pub(super) fn draw(&self, tile: TileCoord, degree: u8) -> Result<DrawnLayer<'_>, FgbError> {
        match &self.0 {
            Store::Memory(layer) => Ok(render::draw(layer.prepared(), tile, degree)),
            Store::Disk(layer) => layer.draw(tile, degree),
            Store::Minutes(layer) => Ok(layer.draw(tile, degree)),
        }
    }

    /// Whether a feature may show in a tile or in one below it: its box meets the tile with its buffer. O(log n).
    pub(super) fn touches(&self, tile: TileCoord) -> bool {
        match &self.0 {
            Store::Memory(layer) => TileFrame::all(tile).any(|frame| layer.prepared().is_in_window(&frame)),
            Store::Disk(layer) => layer.touches(tile),
            Store::Minutes(layer) => layer.touches(tile),
        }
    }

    /// Whether a feature of a tile may stand for several of the layer.
    pub(super) fn may_show_one_for_several(&self) -> bool {
        let is_merged = self.manifest().role == Role::HazardZone || matches!(self.shape(), Shape::Point | Shape::Mixed);
        is_merged || matches!(self.0, Store::Disk(_))
    }

    /// What the geometries are.
    pub fn shape(&self) -> Shape {
        match &self.0 {
            Store::Memory(layer) => layer.layer.shape(),
            Store::Disk(layer) => layer.layer().shape(),
            Store::Minutes(_) => Shape::Mixed,
        }
    }

    /// The manifest's entry.
    pub fn manifest(&self) -> &LayerManifest {
        match &self.0 {
            Store::Memory(layer) => layer.layer.manifest(),
            Store::Disk(layer) => layer.layer().manifest(),
            Store::Minutes(layer) => &layer.manifest,
        }
    }

    /// The content's version.
    pub fn version(&self) -> LayerVersion {
        match &self.0 {
            Store::Memory(layer) => layer.layer.version(),
            Store::Disk(layer) => layer.layer().version(),
            Store::Minutes(layer) => layer.version,
        }
    }

    /// The box around all features; `None` without features.
    pub fn bbox(&self) -> Option<BBox> {
        match &self.0 {
            Store::Memory(layer) => layer.layer.bbox(),
            Store::Disk(layer) => layer.layer().bbox(),
            Store::Minutes(layer) => layer.bbox(),
        }
    }

    /// The zooms at which there are tiles.
    pub fn zooms(&self) -> ZoomRange {
        self.manifest().zoom
    }

    /// Name, type and first zoom of each property.
    pub(super) fn properties(&self) -> Vec<PropertyInfo<'_>> {
        match &self.0 {
            Store::Memory(layer) => layer.prepared().properties().infos().collect(),
            Store::Disk(layer) => layer.properties(),
            Store::Minutes(_) => MinutesLayer::properties(),
        }
    }
}
