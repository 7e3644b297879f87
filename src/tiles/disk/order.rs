//! The features of a layer on the disk in order: by place along the curve, and by size.
//!
//! Owns which features a tile shows and for how many each of them stands, from the boxes of the features alone.
//!
//! A feature lies where the middle of its box does, and its size is the power of two that the longer side of the box
//! reaches. What is smaller than a cell is shown by one of its cell; what is larger is found size by size, because
//! features of a size that reach into a window have their middles no farther from it than half that size.

use std::{cmp::Reverse, ops::Range};

use geo_types::{Coord, Rect};
use rayon::prelude::*;

use super::{
    curve::{GRID_BITS, HALF, interleave, key_of, point_of},
    window::Window,
};
use crate::tiles::{
    TileCoord,
    grid::{GridBox, GridPoint, TileFrame},
};

/// Binary logarithm of the pixels along a tile's side.
const PIXEL_BITS: u32 = 9;
/// As many features of a cell are compared for the one that stands for it.
const COMPARED: usize = 16;
/// Sizes there are: the last is that of the whole grid.
const SIZES: usize = GRID_BITS as usize + 1;

/// The features of a layer, sorted.
#[derive(Debug)]
pub(super) struct Order {
    /// Places on the curve, ascending.
    keys: Box<[u64]>,
    /// The row at each place.
    rows: Box<[u32]>,
    /// `None` where all features are points.
    sizes: Option<Sizes>,
}

/// How large features are.
#[derive(Debug)]
struct Sizes {
    /// The size at each place.
    of: Box<[u8]>,
    /// The places of the features of each size, ascending.
    places: Vec<Box<[u32]>>,
}

/// A feature to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) row: u32,
    /// How many it stands for, itself among them.
    pub(super) count: u32,
}

impl Order {
    /// Sorts the boxes of all features, which come in the order of their rows, in degrees. O(n log n); 12 bytes a point
    /// are kept, 17 of any other feature, and 16 more needed on the way.
    pub(super) fn builder(features: usize) -> Builder {
        Builder {
            places: Vec::with_capacity(features),
            row: 0,
        }
    }

    /// Whether a feature may show in a tile. O(log n).
    pub(super) fn touches(&self, tile: TileCoord) -> bool {
        let is_reached = |sizes| self.reaching(tile, sizes, 0, 0).is_none();
        !self.in_tile(tile).is_empty() || self.sizes.as_ref().is_some_and(is_reached)
    }

    /// Every feature that may show in a tile, in the order of their rows; `None` where they are more than `most`.
    pub(super) fn all(&self, tile: TileCoord, most: usize) -> Option<Vec<Shown>> {
        let mut shown: Vec<Shown> = match &self.sizes {
            None => {
                let all = self.in_tile(tile);
                (all.len() <= most).then(|| all.map(|place| self.shown(place, 1)).collect())?
            }
            Some(sizes) => {
                let all = self.reaching(tile, sizes, 0, most)?;
                all.into_iter().map(|place| self.shown(place, 1)).collect()
            }
        };
        shown.sort_unstable_by_key(|shown| shown.row);
        Some(shown)
    }

    /// The features that are shown of a tile where cells of `doublings` doublings of a pixel, or larger ones, keep them to
    /// `most`: what is larger than a cell, and of each cell one of the smaller ones. Those that stand for more come later.
    pub(super) fn thinned(&self, tile: TileCoord, doublings: u32, most: usize) -> Vec<Shown> {
        // The largest cell holds the whole grid, and nothing is larger than it.
        let mut shown = (doublings..=doublings + GRID_BITS)
            .find_map(|doublings| self.in_cells(tile, cell_bits(tile, doublings), most))
            .unwrap_or_default();
        shown.sort_unstable_by_key(|shown| (shown.count, shown.row));
        shown
    }

    /// The same for cells of one size, given as the binary logarithm of its side; `None` where that is too many.
    fn in_cells(&self, tile: TileCoord, cell_bits: u32, most: usize) -> Option<Vec<Shown>> {
        let larger = match &self.sizes {
            None => Vec::new(),
            Some(sizes) => self.reaching(tile, sizes, cell_bits as usize + 1, most)?,
        };
        let cells = self.cells(self.in_tile(tile), 2 * cell_bits, most - larger.len())?;
        let mut shown: Vec<Shown> = larger.iter().map(|place| self.shown(*place, 1)).collect();
        for cell in cells {
            let before = |end: usize| larger.partition_point(|place| *place < end);
            let larger_here = before(cell.end) - before(cell.start);
            let count = (cell.len() - larger_here) as u32;
            let of_cell = self.of_cell(cell, cell_bits).filter(|_| count > 0);
            shown.extend(of_cell.map(|place| self.shown(place, count)));
        }
        Some(shown)
    }

    /// The places of the features whose middles lie in a tile.
    fn in_tile(&self, tile: TileCoord) -> Range<usize> {
        let shift = 2 * (GRID_BITS - u32::from(tile.z()));
        let number = interleave(tile.x(), tile.y());
        let first = self.keys.partition_point(|key| *key < number << shift);
        let end = self.keys.partition_point(|key| *key < (number + 1) << shift);
        first..end
    }

    /// The stretches of cells that hold features; `None` where they are more than `most`. O(cells × log n).
    fn cells(&self, all: Range<usize>, shift: u32, most: usize) -> Option<Vec<Range<usize>>> {
        let mut cells = Vec::new();
        let mut start = all.start;
        while start < all.end {
            if cells.len() == most {
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

    /// Of some features of a cell that are no larger than it, spread evenly along the curve, the largest, of equals that
    /// nearest to the middle of the cell, of equals the first; `None` where all are larger.
    fn of_cell(&self, cell: Range<usize>, cell_bits: u32) -> Option<usize> {
        let half = (1_i64 << cell_bits) / 2;
        let corner = point_of((self.keys[cell.start] >> (2 * cell_bits)) << (2 * cell_bits));
        let far = |place: usize| {
            let at = point_of(self.keys[place]);
            let (dx, dy) = (
                i64::from(at.x) - i64::from(corner.x) - half,
                i64::from(at.y) - i64::from(corner.y) - half,
            );
            dx.abs().max(dy.abs())
        };
        let fits = |place: &usize| u32::from(self.size(*place)) <= cell_bits;
        let compared = cell.len().min(COMPARED);
        let spread = (0..compared).map(|nth| cell.start + nth * cell.len() / compared);
        spread
            .filter(fits)
            .min_by_key(|place| (Reverse(self.size(*place)), far(*place)))
            .or_else(|| cell.clone().find(fits))
    }

    fn size(&self, place: usize) -> u8 {
        self.sizes.as_ref().map_or(0, |sizes| sizes.of[place])
    }

    fn shown(&self, place: usize, count: u32) -> Shown {
        let row = self.rows[place];
        Shown { row, count }
    }

    /// The places, ascending, of all features of a size and larger ones whose boxes may meet a tile with its buffer;
    /// `None` where they are more than `most`. O(sizes × log n + places).
    fn reaching(&self, tile: TileCoord, sizes: &Sizes, from: usize, most: usize) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        for frame in TileFrame::all(tile) {
            for (size, places) in sizes.places.iter().enumerate().skip(from) {
                let Some(window) = Window::around(&frame, size) else {
                    continue;
                };
                window.cells(|keys| {
                    let first = places.partition_point(|place| self.keys[*place as usize] < keys.start);
                    let of_cell = places[first..].iter().map(|place| *place as usize);
                    let of_cell = of_cell.take_while(|place| self.keys[*place] < keys.end);
                    let is_near = |place: &usize| window.holds(point_of(self.keys[*place]));
                    found.extend(of_cell.filter(is_near).take(most + 1));
                });
                if found.len() > most {
                    return None;
                }
            }
        }
        // In a small world a feature may reach into a tile from both sides.
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}

/// Takes the boxes of a layer's features.
pub(super) struct Builder {
    /// Key, row and size.
    places: Vec<(u64, u32, u8)>,
    row: u32,
}

impl Builder {
    /// Adds the box of the next row, in degrees. What lies outside the Mercator square is in no tile.
    pub(super) fn add(&mut self, degrees: Rect<f64>) {
        let place = place_of(degrees);
        self.places.extend(place.map(|(key, size)| (key, self.row, size)));
        self.row += 1;
    }

    pub(super) fn finish(self) -> Order {
        let mut places = self.places;
        places.par_sort_unstable();
        let is_point = |&(.., size): &(u64, u32, u8)| size == 0;
        let sizes = (!places.iter().all(is_point)).then(|| {
            let mut by_size = vec![Vec::new(); SIZES];
            for (place, (.., size)) in (0..).zip(&places) {
                by_size[usize::from(*size)].push(place);
            }
            Sizes {
                of: places.iter().map(|(.., size)| *size).collect(),
                places: by_size.into_iter().map(Vec::into_boxed_slice).collect(),
            }
        });
        Order {
            keys: places.iter().map(|(key, ..)| *key).collect(),
            rows: places.iter().map(|(_, row, _)| *row).collect(),
            sizes,
        }
    }
}

/// Place on the curve and size of a box in degrees; `None` outside the Mercator square.
fn place_of(degrees: Rect<f64>) -> Option<(u64, u8)> {
    let (min, max) = (degrees.min(), degrees.max());
    if [min.x, min.y, max.x, max.y].iter().any(|along| !along.is_finite()) {
        return None;
    }
    let corner = |x, y| GridPoint::from_degrees(Coord { x, y });
    let north_west = corner(min.x, max.y);
    // Most features of the largest layers are points, and projecting is most of the work.
    let south_east = if min == max { north_west } else { corner(max.x, min.y) };
    let edge = HALF as i32;
    if north_west.y >= edge || south_east.y < -edge {
        return None;
    }
    let inside = |point: GridPoint| GridPoint {
        x: point.x.clamp(-edge, edge - 1),
        y: point.y.clamp(-edge, edge - 1),
    };
    let cut = GridBox {
        min: inside(north_west),
        max: inside(south_east),
    };
    Some((key_of(cut.centre()), size_of(cut.longer_side() as u32)))
}

/// The binary logarithm of the smallest power of two that is no less than a side in steps.
const fn size_of(side: u32) -> u8 {
    match side {
        0 | 1 => 0,
        side => (u32::BITS - (side - 1).leading_zeros()) as u8,
    }
}

/// The binary logarithm of the steps along a cell's side: so many doublings of a pixel.
fn cell_bits(tile: TileCoord, doublings: u32) -> u32 {
    let halvings = (u32::from(tile.z()) + PIXEL_BITS).saturating_sub(doublings);
    GRID_BITS - halvings.min(GRID_BITS)
}

#[cfg(test)]
mod tests;
