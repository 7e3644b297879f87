//! A checked tile address in the XYZ scheme.
//!
//! Owns the range check and the tile's place in the Mercator unit square. The buffer around a tile is the renderer's.

use std::fmt::{Display, Formatter, Result as FmtResult};

use geo_types::{Coord, Rect};

use crate::{catalog::ZoomRange, geometry::Mercator};

/// Zoom, column and row of a tile: `z` ≤ 22, `x` and `y` < 2^z, row 0 in the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileCoord {
    z: u8,
    x: u32,
    y: u32,
}

/// Why three numbers are no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TileCoordError {
    /// The zoom is too deep.
    #[error("zoom {0} is outside 0..={deepest}", deepest = ZoomRange::DEEPEST)]
    Zoom(u8),
    /// The column lies outside the world at this zoom.
    #[error("x {x} is outside 0..={last} at zoom {z}")]
    Column {
        /// The zoom.
        z: u8,
        /// The column asked for.
        x: u32,
        /// The last column of that zoom.
        last: u32,
    },
    /// The row lies outside the world at this zoom.
    #[error("y {y} is outside 0..={last} at zoom {z}")]
    Row {
        /// The zoom.
        z: u8,
        /// The row asked for.
        y: u32,
        /// The last row of that zoom.
        last: u32,
    },
}

impl TileCoord {
    /// Checks zoom, column and row.
    ///
    /// # Errors
    /// Names the first number that is out of range, in the order z, x, y.
    pub const fn new(z: u8, x: u32, y: u32) -> Result<Self, TileCoordError> {
        if z > ZoomRange::DEEPEST {
            return Err(TileCoordError::Zoom(z));
        }
        let last = (1 << z) - 1;
        if x > last {
            Err(TileCoordError::Column { z, x, last })
        } else if y > last {
            Err(TileCoordError::Row { z, y, last })
        } else {
            Ok(Self { z, x, y })
        }
    }

    /// The tile that holds a position at a zoom, which is taken as the deepest where it is deeper. Positions beyond
    /// the Mercator square are taken to its edge.
    pub fn containing(position: Mercator, zoom: u8) -> Self {
        let z = zoom.min(ZoomRange::DEEPEST);
        let last = (1_u32 << z) - 1;
        // A float cast saturates, so that what lies west or north of the square becomes 0.
        let index = |along: f64| ((along * f64::from(last + 1)) as u32).min(last);
        Self {
            z,
            x: index(position.x),
            y: index(position.y),
        }
    }

    /// Zoom.
    pub const fn z(self) -> u8 {
        self.z
    }

    /// Column, growing east.
    pub const fn x(self) -> u32 {
        self.x
    }

    /// Row, growing south.
    pub const fn y(self) -> u32 {
        self.y
    }

    /// The four tiles of the next zoom that it is made of; none at the deepest zoom.
    pub fn quarters(self) -> impl Iterator<Item = Self> {
        [(0, 0), (1, 0), (0, 1), (1, 1)]
            .into_iter()
            .filter_map(move |(x, y)| Self::new(self.z + 1, 2 * self.x + x, 2 * self.y + y).ok())
    }

    /// The tile's box in the Mercator unit square (see [`Mercator`]), without buffer. Exact: its corners are dyadic.
    pub fn mercator_box(self) -> Rect<f64> {
        let size = 0.5_f64.powi(i32::from(self.z));
        let corner = |x: u32, y: u32| Coord {
            x: f64::from(x) * size,
            y: f64::from(y) * size,
        };
        Rect::new(corner(self.x, self.y), corner(self.x + 1, self.y + 1))
    }
}

impl Display for TileCoord {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_that_is_wrong_is_named() {
        assert!(TileCoord::new(22, (1 << 22) - 1, 0).is_ok());
        assert_eq!(
            TileCoord::new(23, 0, 0).unwrap_err().to_string(),
            "zoom 23 is outside 0..=22"
        );
        assert_eq!(
            TileCoord::new(3, 8, 9).unwrap_err().to_string(),
            "x 8 is outside 0..=7 at zoom 3"
        );
        assert_eq!(
            TileCoord::new(0, 0, 1).unwrap_err().to_string(),
            "y 1 is outside 0..=0 at zoom 0"
        );
    }

    #[test]
    fn a_tile_holds_what_it_is_said_to_contain() {
        let fuzhou = Mercator::project(119.3, 26.08);
        let tile = TileCoord::containing(fuzhou, 9);
        assert_eq!(tile.to_string(), "9/425/217");
        let square = tile.mercator_box();
        assert!((square.min().x..square.max().x).contains(&fuzhou.x));
        assert!((square.min().y..square.max().y).contains(&fuzhou.y));
        assert_eq!(
            TileCoord::containing(Mercator::project(180.0, 89.0), 2),
            TileCoord::new(2, 3, 0).unwrap()
        );
    }
}
