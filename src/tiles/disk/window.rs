//! Where the middles lie of boxes that may meet a tile.
//!
//! Owns the window around a tile for boxes of one size, and the few stretches of the curve that cover it.

use std::ops::Range;

use super::curve::{HALF, LAST, interleave};
use crate::tiles::grid::{GridPoint, TileFrame};

/// A rectangle of the grid counted from its north-western corner, edges included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    min: [u32; 2],
    max: [u32; 2],
}

impl Window {
    /// Where the middles are of the boxes of some size that may meet a tile with its buffer; `None` beyond the grid.
    pub(super) fn around(frame: &TileFrame, size: usize) -> Option<Self> {
        // The middle of a box is rounded, and so are its corners.
        let reach = ((1_i64 << size) / 2 + 2) as f64;
        let [west, north, east, south] = frame.window();
        let last = f64::from(LAST);
        let from_corner = |along: f64| along + HALF as f64;
        let (min, max) = (
            [west, north].map(|along| from_corner(along - reach).max(0.0)),
            [east, south].map(|along| from_corner(along + reach).min(last)),
        );
        let is_there = min[0] <= max[0] && min[1] <= max[1];
        is_there.then(|| Self {
            min: min.map(|along| along as u32),
            max: max.map(|along| along as u32),
        })
    }

    pub(super) fn holds(&self, point: GridPoint) -> bool {
        let from_corner = |along: i32| (i64::from(along) + HALF) as u32;
        let (x, y) = (from_corner(point.x), from_corner(point.y));
        (self.min[0]..=self.max[0]).contains(&x) && (self.min[1]..=self.max[1]).contains(&y)
    }

    /// Covers the window with few cells, nine at most, and hands over the stretch of the curve that each is.
    pub(super) fn cells(&self, mut take: impl FnMut(Range<u64>)) {
        let side = (self.max[0] - self.min[0]).max(self.max[1] - self.min[1]);
        let bits = (u32::BITS - side.leading_zeros()).saturating_sub(1);
        for y in self.min[1] >> bits..=self.max[1] >> bits {
            for x in self.min[0] >> bits..=self.max[0] >> bits {
                let number = interleave(x, y);
                take(number << (2 * bits)..(number + 1) << (2 * bits));
            }
        }
    }
}
