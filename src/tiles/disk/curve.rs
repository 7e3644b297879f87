//! The curve that a layer on the disk is sorted along: a Morton curve of the world grid.
//!
//! Owns the way from points to places on the curve and back. Every tile, and every cell that a tile is divided into by
//! halving, is one stretch of the curve.

use crate::tiles::grid::GridPoint;

/// Bits of the world grid along each side of the Mercator square.
pub(super) const GRID_BITS: u32 = 31;
/// Steps from the middle of the square to its edge.
pub(super) const HALF: i64 = 1 << (GRID_BITS - 1);
/// The last step along a side.
pub(super) const LAST: u32 = (1 << GRID_BITS) - 1;

/// The place of a point of the Mercator square on the curve.
pub(super) fn key_of(point: GridPoint) -> u64 {
    let from_corner = |along: i32| (i64::from(along) + HALF) as u32;
    interleave(from_corner(point.x), from_corner(point.y))
}

/// The point at a place of the curve.
pub(super) fn point_of(key: u64) -> GridPoint {
    let along = |bits: u64| (i64::from(gather(bits)) - HALF) as i32;
    GridPoint {
        x: along(key),
        y: along(key >> 1),
    }
}

/// The bits of two numbers in turn, those of the first in the even places.
pub(super) fn interleave(x: u32, y: u32) -> u64 {
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_curve_and_the_grid_are_one(x in any::<i32>(), y in any::<i32>()) {
            let point = GridPoint { x: x / 2, y: y / 2 };
            prop_assert_eq!(point_of(key_of(point)), point);
        }

        #[test]
        fn a_tile_is_one_stretch_of_the_curve(x in any::<i32>(), y in any::<i32>(), zoom in 0_u8..=22) {
            let point = GridPoint { x: x / 2, y: y / 2 };
            let side = |along: i32| ((i64::from(along) + HALF) >> (GRID_BITS - u32::from(zoom))) as u32;
            let number = key_of(point) >> (2 * (GRID_BITS - u32::from(zoom)));
            prop_assert_eq!(number, interleave(side(point.x), side(point.y)));
        }
    }
}
