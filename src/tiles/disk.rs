//! Tiles of a layer that stays on the disk.
//!
//! Owns what is kept of such a layer in memory (the order of its features, `order`) and the making of its tiles: the
//! features that a tile shows are read from the file, and drawn as a layer of their own.
//!
//! Borders that features of a tile share are simplified alike within it. In the tile beside it, where other features may
//! be shown, they can keep other vertices: a line may step by half a pixel at the edge between tiles. Points, and
//! features smaller than a cell, are not repeated in the buffers of neighbouring tiles.

mod curve;
mod order;
mod window;

use std::sync::Arc;

use self::order::{Order, Shown};
use super::{
    TileCoord,
    drawn::DrawnLayer,
    layer::MemoryLayer,
    properties::{COUNT, FILE_COLUMNS_FROM, PropertyInfo, told_already},
    render,
};
use crate::catalog::{DiskLayer, FieldKind, Role, fgb::FgbError};

/// Features in a tile at most.
const MOST: usize = 4096;

/// A layer on the disk, ready for tiles.
#[derive(Debug)]
pub(super) struct DiskTiles {
    layer: Arc<DiskLayer>,
    order: Order,
}

impl DiskTiles {
    /// Reads the boxes of all features and sorts them. O(n log n); 12 bytes a point are kept, 17 of any other feature,
    /// and 16 more needed on the way.
    pub(super) fn build(layer: Arc<DiskLayer>) -> Result<Self, FgbError> {
        let mut order = Order::builder(layer.len());
        layer.boxes(|degrees| order.add(degrees))?;
        let order = order.finish();
        Ok(Self { layer, order })
    }

    pub(super) const fn layer(&self) -> &Arc<DiskLayer> {
        &self.layer
    }

    /// Name, type and first zoom of each property.
    pub(super) fn properties(&self) -> Vec<PropertyInfo<'_>> {
        let manifest = self.layer.manifest();
        let always = |name, kind| PropertyInfo {
            name,
            kind,
            from_zoom: 0,
        };
        let mut infos = vec![always("id", FieldKind::Text)];
        if manifest.attributes.name.is_some() {
            infos.extend(["name_zh", "name_en"].map(|name| always(name, FieldKind::Text)));
        }
        infos.push(always("synthetic", FieldKind::Bool));
        if manifest.kind.is_some() && manifest.role == Role::Reference {
            infos.push(always("kind", FieldKind::Text));
        }
        infos.extend(self.file_columns().map(|(name, kind)| PropertyInfo {
            name,
            kind,
            from_zoom: FILE_COLUMNS_FROM,
        }));
        infos
    }

    /// The columns that no canonical property carries: name and type.
    fn file_columns(&self) -> impl Iterator<Item = (&str, FieldKind)> {
        const CANONICAL: [&str; 6] = ["id", "name_zh", "name_en", "synthetic", "kind", COUNT];
        let told = told_already(self.layer.manifest());
        let footprints = self.layer.without_features().footprint_column();
        let fields = self.layer.fields().iter().enumerate();
        fields
            .filter(move |(column, field)| {
                let name = field.name.as_str();
                footprints != Some(*column) && !told.contains(name) && !CANONICAL.contains(&name)
            })
            .map(|(_, field)| (field.name.as_str(), field.kind))
    }

    /// Whether a feature may show in a tile. O(log n).
    pub(super) fn touches(&self, tile: TileCoord) -> bool {
        self.order.touches(tile)
    }

    /// Draws what a tile shows of the layer, in cells of at least `degree` doublings of a pixel. O(features shown × log n),
    /// two reads a feature.
    pub(super) fn draw(&self, tile: TileCoord, degree: u8) -> Result<DrawnLayer<'_>, FgbError> {
        let shown = self.shown(tile, degree);
        let rows: Vec<u32> = shown.iter().map(|shown| shown.row).collect();
        let stand_for: Vec<u32> = shown.iter().map(|shown| shown.count).collect();
        let others: u32 = stand_for.iter().map(|count| count - 1).sum();
        let excerpt = MemoryLayer::of_excerpt(self.layer.excerpt(&rows)?, stand_for, tile);
        let drawn = render::draw(&excerpt, tile, degree);
        Ok(DrawnLayer {
            name: self.layer.id().as_str(),
            features: drawn.features,
            table: drawn.table.into_owned(),
            in_window: drawn.in_window + others,
        })
    }

    fn shown(&self, tile: TileCoord, degree: u8) -> Vec<Shown> {
        let zooms = self.layer.manifest().zoom;
        if !zooms.contains(tile.z()) {
            return Vec::new();
        }
        let is_complete = tile.z() >= zooms.max && degree == 0;
        let all = is_complete.then(|| self.order.all(tile, MOST)).flatten();
        all.unwrap_or_else(|| self.order.thinned(tile, degree.into(), MOST))
    }
}
