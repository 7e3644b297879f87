//! Tiles of a layer of points that stays on the disk.
//!
//! Owns the order of its points and the choice of those a tile shows. The points are sorted along a Morton curve of the
//! world grid: every tile, and every cell of pixels in it, is one stretch of the order, found by bisection however many
//! points it holds. A tile shows one point for each cell and says how many it stands for; cells are as small as keep
//! the tile within [`MOST`] points and its bytes. Only the points that are shown are read from the file.
//!
//! Points are not repeated in the buffers of neighbouring tiles.

use std::{ops::Range, sync::Arc};

use super::{
    TileCoord,
    commands::{Commands, GeometryKind},
    drawn::{DrawnLayer, Features},
    grid::{GridPoint, TileFrame, snap},
    properties::{COUNT, FILE_COLUMNS_FROM, LooseTags, PropertyInfo, TagTable, told_already},
    value::TagValue,
};
use crate::{
    catalog::{DiskLayer, FieldKind, RawValue, Role, Value, Walked, fgb::FgbError},
    messages::Lang,
};

/// Points in a tile at most.
const MOST: usize = 4096;
/// Bits of the world grid along each side of the Mercator square.
const GRID_BITS: u32 = 31;
/// Binary logarithm of the pixels along a tile's side.
const PIXEL_BITS: u32 = 9;
/// As many points of a cell are compared for the one in its middle.
const COMPARED: usize = 16;

/// A layer on the disk, ready for tiles.
#[derive(Debug)]
pub(super) struct DiskTiles {
    layer: Arc<DiskLayer>,
    /// Places on the curve, ascending: the bits of x and y in turn.
    keys: Box<[u64]>,
    /// The row at each place.
    rows: Box<[u32]>,
}

/// A point to be shown.
struct Shown {
    row: u32,
    at: GridPoint,
    /// How many it stands for, itself among them.
    count: usize,
}

impl DiskTiles {
    /// Reads all positions and sorts them. O(n log n); 12 bytes a point are kept, 28 needed on the way.
    pub(super) fn build(layer: Arc<DiskLayer>) -> Result<Self, FgbError> {
        let mut places: Vec<(u64, u32)> = Vec::with_capacity(layer.len());
        let mut row = 0;
        layer.positions(|degrees| {
            places.extend(key_of(GridPoint::from_degrees(degrees)).map(|key| (key, row)));
            row += 1;
        })?;
        places.sort_unstable();
        let keys = places.iter().map(|(key, _)| *key).collect();
        let rows = places.iter().map(|(_, row)| *row).collect();
        Ok(Self { layer, keys, rows })
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
        if self.kind().is_some() {
            infos.push(always("kind", FieldKind::Text));
        }
        infos.extend(self.file_columns().map(|(_, name, kind)| PropertyInfo {
            name,
            kind,
            from_zoom: FILE_COLUMNS_FROM,
        }));
        infos
    }

    fn kind(&self) -> Option<&str> {
        let manifest = self.layer.manifest();
        manifest.kind.as_deref().filter(|_| manifest.role == Role::Reference)
    }

    /// The columns that no canonical property carries: position, name and type.
    fn file_columns(&self) -> impl Iterator<Item = (usize, &str, FieldKind)> {
        const CANONICAL: [&str; 6] = ["id", "name_zh", "name_en", "synthetic", "kind", COUNT];
        let told = told_already(self.layer.manifest());
        let fields = self.layer.fields().iter().enumerate();
        fields
            .filter(move |(_, field)| !told.contains(field.name.as_str()) && !CANONICAL.contains(&field.name.as_str()))
            .map(|(column, field)| (column, field.name.as_str(), field.kind))
    }

    /// Whether a point lies in a tile. O(log n).
    pub(super) fn touches(&self, tile: TileCoord) -> bool {
        !self.in_tile(tile).is_empty()
    }

    /// Draws what a tile shows of the layer, in cells of at least `degree` doublings of a pixel. O(points shown × log n),
    /// two reads a point.
    pub(super) fn draw(&self, tile: TileCoord, degree: u8) -> Result<DrawnLayer<'_>, FgbError> {
        let all = if self.layer.manifest().zoom.contains(tile.z()) {
            self.in_tile(tile)
        } else {
            0..0
        };
        let in_window = all.len() as u32;
        let shown = self.shown(tile, all, u32::from(degree));
        let (features, table) = self.features(tile, &shown)?;
        Ok(DrawnLayer {
            name: self.layer.id().as_str(),
            features,
            table,
            in_window,
        })
    }

    /// The points to be shown of a tile's, those that stand for more later, in cells of at least `doublings` doublings
    /// of a pixel.
    fn shown(&self, tile: TileCoord, all: Range<usize>, mut doublings: u32) -> Vec<Shown> {
        let is_deepest = tile.z() >= self.layer.manifest().zoom.max;
        if is_deepest && doublings == 0 && all.len() <= MOST {
            return all.map(|place| self.at(place, 1)).collect();
        }
        let cells = loop {
            if let Some(cells) = self.cells(all.clone(), cell_shift(tile, doublings)) {
                break cells;
            }
            doublings += 1;
        };
        let shift = cell_shift(tile, doublings);
        let mut shown: Vec<Shown> = cells
            .into_iter()
            .map(|cell| self.at(self.middle_of(cell.clone(), shift), cell.len()))
            .collect();
        shown.sort_by_key(|shown| (shown.count, shown.row));
        shown
    }

    /// The places of a tile's points.
    fn in_tile(&self, tile: TileCoord) -> Range<usize> {
        let shift = 2 * (GRID_BITS - u32::from(tile.z()));
        let number = interleave(tile.x(), tile.y());
        let first = self.keys.partition_point(|key| *key < number << shift);
        let end = self.keys.partition_point(|key| *key < (number + 1) << shift);
        first..end
    }

    /// The stretches of cells that hold points; `None` where they are more than [`MOST`].
    fn cells(&self, all: Range<usize>, shift: u32) -> Option<Vec<Range<usize>>> {
        let mut cells = Vec::new();
        let mut start = all.start;
        while start < all.end {
            if cells.len() == MOST {
                return None;
            }
            let beyond = ((self.keys[start] >> shift) + 1) << shift;
            let end = self.first_from(start..all.end, beyond);
            cells.push(start..end);
            start = end;
        }
        Some(cells)
    }

    /// The first place with this key or a greater one: in doubling steps, for most cells are short.
    fn first_from(&self, places: Range<usize>, key: u64) -> usize {
        let (mut low, mut step) = (places.start, 1);
        while low + step < places.end && self.keys[low + step] < key {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(places.end);
        low + self.keys[low..high].partition_point(|before| *before < key)
    }

    /// Of some points of a cell, spread evenly along the curve, the one nearest to its middle; the first of equals.
    fn middle_of(&self, cell: Range<usize>, shift: u32) -> usize {
        let half = (1_i64 << (shift / 2)) / 2;
        let corner = point_of((self.keys[cell.start] >> shift) << shift);
        let far = |place: usize| {
            let at = point_of(self.keys[place]);
            let (dx, dy) = (
                i64::from(at.x) - i64::from(corner.x) - half,
                i64::from(at.y) - i64::from(corner.y) - half,
            );
            dx.abs().max(dy.abs())
        };
        let compared = cell.len().min(COMPARED);
        let places = (0..compared).map(|nth| cell.start + nth * cell.len() / compared);
        places.min_by_key(|place| far(*place)).unwrap_or(cell.start)
    }

    fn at(&self, place: usize, count: usize) -> Shown {
        Shown {
            row: self.rows[place],
            at: point_of(self.keys[place]),
            count,
        }
    }

    /// Reads the points to be shown.
    fn features(&self, tile: TileCoord, shown: &[Shown]) -> Result<(Features, TagTable<'_>), FgbError> {
        let frame = TileFrame::new(tile, 0);
        let columns: Vec<(usize, &str, FieldKind)> =
            self.file_columns().filter(|_| tile.z() >= FILE_COLUMNS_FROM).collect();
        let mut features = Features::default();
        let (mut tags, mut commands, mut buffer) = (LooseTags::default(), Commands::default(), Vec::new());
        for Shown { row, at, count } in shown {
            let feature = self.layer.feature(*row as usize, &mut buffer)?;
            self.tag(&feature, *count, &columns, &mut tags);
            commands.clear();
            commands.points(&[snap(frame.units(*at))]);
            features.push(Some(u64::from(*row) + 1), &tags.pairs, GeometryKind::Point, &commands);
        }
        Ok((features, tags.into_table()))
    }

    fn tag<'a>(
        &'a self,
        feature: &Walked<'_>,
        count: usize,
        columns: &[(usize, &'a str, FieldKind)],
        tags: &mut LooseTags<'a>,
    ) {
        tags.pairs.clear();
        tags.put(("id", FieldKind::Text), TagValue::Text(&feature.id()));
        for (key, lang) in [("name_zh", Lang::Zh), ("name_en", Lang::En)] {
            if let Some(name) = feature.name(lang) {
                tags.put((key, FieldKind::Text), TagValue::Text(&name));
            }
        }
        tags.put(
            ("synthetic", FieldKind::Bool),
            TagValue::Bool(self.layer.is_synthetic(feature)),
        );
        if let Some(kind) = self.kind() {
            tags.put(("kind", FieldKind::Text), TagValue::Text(kind));
        }
        if count > 1 {
            tags.put((COUNT, FieldKind::Int), TagValue::Int(count as i64));
        }
        for &(column, name, kind) in columns {
            match feature.values[column].as_ref().map(RawValue::as_value) {
                Some(Value::Bool(value)) => tags.put((name, kind), TagValue::Bool(value)),
                Some(Value::Int(value)) => tags.put((name, kind), TagValue::Int(value)),
                Some(Value::Float(value)) => tags.put((name, kind), TagValue::Double(value)),
                Some(Value::Text(text)) => tags.put((name, kind), TagValue::Text(text)),
                None => {}
            }
        }
    }
}

/// How far a key is shifted for the number of its cell.
fn cell_shift(tile: TileCoord, coarser: u32) -> u32 {
    let bits = (u32::from(tile.z()) + PIXEL_BITS).saturating_sub(coarser);
    2 * (GRID_BITS - bits.min(GRID_BITS))
}

/// The place of a point on the curve; `None` outside the Mercator square.
fn key_of(point: GridPoint) -> Option<u64> {
    let half = 1_i64 << (GRID_BITS - 1);
    let side = |along: i32| {
        u32::try_from(i64::from(along) + half)
            .ok()
            .filter(|side| side >> GRID_BITS == 0)
    };
    Some(interleave(side(point.x)?, side(point.y)?))
}

/// The point at a place of the curve.
fn point_of(key: u64) -> GridPoint {
    let half = 1_i64 << (GRID_BITS - 1);
    let along = |bits: u64| (i64::from(gather(bits)) - half) as i32;
    GridPoint {
        x: along(key),
        y: along(key >> 1),
    }
}

/// The bits of two numbers in turn, those of the first in the even places.
fn interleave(x: u32, y: u32) -> u64 {
    spread(x) | (spread(y) << 1)
}

/// Moves bit `n` to place `2n`.
fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | (bits << shift)) & mask;
    }
    bits
}

/// Moves bit `2n` to place `n`, dropping the others.
fn gather(bits: u64) -> u32 {
    let mut bits = bits & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        bits = (bits | (bits >> shift)) & mask;
    }
    bits as u32
}

#[cfg(test)]
mod tests;
