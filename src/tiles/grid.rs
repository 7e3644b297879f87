//! The world grid that layers are kept on, and the frame that takes it to a tile's own units.
//!
//! The Mercator unit square is divided into 2^31 steps each way (1.9 cm at the equator, less elsewhere: far below what
//! hazard data know), with its middle at 0 so that a coordinate fits an `i32`. Whole numbers make "the same vertex" an
//! exact question, which shared borders hang on, and cost half of what two `f64` do. Going from steps to tile units is
//! a multiplication by a power of two, thus exact up to the final rounding.

use geo_types::Coord;

use super::{BUFFER, EXTENT, TileCoord};
use crate::geometry::Mercator;

/// Binary logarithm of the steps around the world.
const WORLD_BITS: i32 = 31;
/// Steps around the world.
const WORLD: i64 = 1 << WORLD_BITS;
/// Binary logarithm of [`EXTENT`].
const EXTENT_BITS: i32 = EXTENT.trailing_zeros() as i32;

/// A vertex on the world grid: `x` grows east, `y` south, `(0, 0)` is longitude 0 on the equator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct GridPoint {
    pub(super) x: i32,
    pub(super) y: i32,
}

impl GridPoint {
    /// Projects degrees; what lies beyond the poleward edge of all tiles stays beyond it.
    pub(super) fn from_degrees(degrees: Coord<f64>) -> Self {
        let Mercator { x, y } = Mercator::project(degrees.x, degrees.y);
        // Float casts saturate: a latitude near a pole ends at the edge of `i32`, half a world outside the square.
        let step = |along: f64| ((along - 0.5) * WORLD as f64).round() as i32;
        Self { x: step(x), y: step(y) }
    }

    /// The vertex as one number, for hashing and ordering.
    pub(super) const fn key(self) -> u64 {
        ((self.x as u32 as u64) << 32) | self.y as u32 as u64
    }
}

/// A box on the world grid, edges included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GridBox {
    pub(super) min: GridPoint,
    pub(super) max: GridPoint,
}

impl GridBox {
    /// The box around some vertices; `None` for none.
    pub(super) fn around(points: impl IntoIterator<Item = GridPoint>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        let start = Self { min: first, max: first };
        Some(points.fold(start, |acc, point| acc.union(Self { min: point, max: point })))
    }

    /// The smallest box around both.
    #[must_use]
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            min: GridPoint {
                x: self.min.x.min(other.min.x),
                y: self.min.y.min(other.min.y),
            },
            max: GridPoint {
                x: self.max.x.max(other.max.x),
                y: self.max.y.max(other.max.y),
            },
        }
    }

    /// The longer side, in steps.
    pub(super) fn longer_side(self) -> f64 {
        (f64::from(self.max.x) - f64::from(self.min.x)).max(f64::from(self.max.y) - f64::from(self.min.y))
    }

    /// The shorter side, in steps.
    pub(super) fn shorter_side(self) -> f64 {
        (f64::from(self.max.x) - f64::from(self.min.x)).min(f64::from(self.max.y) - f64::from(self.min.y))
    }

    /// The middle, rounded.
    pub(super) fn centre(self) -> GridPoint {
        let middle = |a: i32, b: i32| ((i64::from(a) + i64::from(b)) >> 1) as i32;
        GridPoint {
            x: middle(self.min.x, self.max.x),
            y: middle(self.min.y, self.max.y),
        }
    }
}

/// Tile units per step at a zoom; below 0 the world is smaller than a tile.
pub(super) fn units_per_step(zoom: impl Into<i32>) -> f64 {
    2.0_f64.powi(zoom.into() + EXTENT_BITS - WORLD_BITS)
}

/// Takes the world grid to the units of one tile: origin in its north-west corner, [`EXTENT`] units to a side.
///
/// A tile at the antimeridian has its buffer on the other side of the world: `turns` says how many times around the
/// world the data are moved east before they are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct TileFrame {
    origin_x: i64,
    origin_y: i64,
    scale: f64,
}

impl TileFrame {
    /// The frame of a tile for data moved `turns` times around the world.
    pub(super) fn new(tile: TileCoord, turns: i64) -> Self {
        let size = WORLD >> tile.z();
        Self {
            origin_x: i64::from(tile.x()) * size - WORLD / 2 - turns * WORLD,
            origin_y: i64::from(tile.y()) * size - WORLD / 2,
            scale: units_per_step(tile.z()),
        }
    }

    /// The frames in which data can show in a tile: its own, and those a turn away where its buffer leaves the world.
    pub(super) fn all(tile: TileCoord) -> impl Iterator<Item = Self> {
        let last = (1_u32 << tile.z()) - 1;
        let east = i64::from(tile.x() == last);
        let west = -i64::from(tile.x() == 0);
        (west..=east).map(move |turns| Self::new(tile, turns))
    }

    /// A vertex in tile units; exact.
    pub(super) fn units(&self, point: GridPoint) -> Coord<f64> {
        Coord {
            x: (i64::from(point.x) - self.origin_x) as f64 * self.scale,
            y: (i64::from(point.y) - self.origin_y) as f64 * self.scale,
        }
    }

    /// The tile with its buffer, in steps: west, south-most row last: `[min x, min y, max x, max y]`.
    pub(super) fn window(&self) -> [f64; 4] {
        let near = f64::from(-BUFFER) / self.scale;
        let far = f64::from(EXTENT + BUFFER) / self.scale;
        let (x, y) = (self.origin_x as f64, self.origin_y as f64);
        [x + near, y + near, x + far, y + far]
    }
}

/// The nearest whole unit of a position within 2^31 units of the tile; halves go up, so that neighbouring tiles round
/// the same vertex to the same place.
pub(super) fn snap(units: Coord<f64>) -> Coord<i32> {
    // A cast cuts off towards zero, which is rounding down where nothing is negative; it is an instruction, and
    // `f64::floor` a call on older processors. The sum is exact: positions are multiples of 2^-19 or already rounded.
    const LIFT: f64 = 2_147_483_648.0;
    let round = |along: f64| ((along + (LIFT + 0.5)) as i64 - LIFT as i64) as i32;
    Coord {
        x: round(units.x),
        y: round(units.y),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_vertex_lies_in_the_tile_that_contains_it(lon in -180.0..180.0, lat in -85.0..85.0, zoom in 0_u8..=22) {
            let point = GridPoint::from_degrees(Coord { x: lon, y: lat });
            let tile = TileCoord::containing(Mercator::project(lon, lat), zoom);
            let at = TileFrame::new(tile, 0).units(point);
            // Half a step either way may lie over the tile's edge.
            let slack = units_per_step(zoom);
            let extent = f64::from(EXTENT);
            prop_assert!((-slack..=extent + slack).contains(&at.x) && (-slack..=extent + slack).contains(&at.y));
        }

        #[test]
        fn neighbouring_tiles_round_alike(x in any::<i32>(), y in any::<i32>(), zoom in 1_u8..=22) {
            let [west, east] = [0, 1].map(|x| TileFrame::new(TileCoord::new(zoom, x, 0).unwrap(), 0));
            let point = GridPoint { x: x / 2, y };
            let (in_west, in_east) = (snap(west.units(point)), snap(east.units(point)));
            prop_assume!(in_west.x.abs() < 1 << 29);
            prop_assert_eq!((in_west.x - EXTENT, in_west.y), (in_east.x, in_east.y));
        }
    }

    #[test]
    fn only_tiles_at_the_antimeridian_look_around_the_world() {
        let frames = |z, x| TileFrame::all(TileCoord::new(z, x, 0).unwrap()).count();
        assert_eq!([frames(0, 0), frames(2, 0), frames(2, 1), frames(2, 3)], [3, 2, 1, 2]);
        let dateline = GridPoint::from_degrees(Coord { x: 180.0, y: 0.0 });
        let west_most = TileFrame::all(TileCoord::new(2, 0, 1).unwrap()).map(|frame| frame.units(dateline).x);
        assert!(west_most.into_iter().any(|x| x == 0.0));
    }

    #[test]
    fn the_poles_are_outside_every_tile() {
        let pole = GridPoint::from_degrees(Coord { x: 0.0, y: 90.0 });
        assert!(TileFrame::new(TileCoord::new(0, 0, 0).unwrap(), 0).units(pole).y < f64::from(-BUFFER));
    }
}
