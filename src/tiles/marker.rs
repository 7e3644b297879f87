//! Pixels in place of what is too small or too thin to draw: a danger zone must not vanish because the map is small.
//!
//! Owns the grid of marker cells of a tile and who gets a cell that several features claim. Cells are one pixel of a
//! 512-pixel tile and lie alike in neighbouring tiles.

use geo_types::Coord;

use super::{BUFFER, EXTENT, clip::cut_segment};

/// The side of a cell in tile units; divides [`EXTENT`] and [`BUFFER`].
pub(super) const CELL: i32 = 8;
/// The first cell, in the buffer.
const FIRST: i32 = -BUFFER / CELL;
/// Cells from one side of the window to the other.
const ACROSS: i32 = (EXTENT + 2 * BUFFER) / CELL;

/// A cell by column and row; the cell at the tile's north-west corner is `(0, 0)`. Ordered by row, then column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    y: i32,
    x: i32,
}

impl Cell {
    /// The cell over a position in tile units; `None` outside the window.
    pub(super) fn over(units: Coord<f64>) -> Option<Self> {
        let index = |along: f64| (along / f64::from(CELL)).floor() as i32;
        let cell = Self {
            x: index(units.x),
            y: index(units.y),
        };
        let window = FIRST..FIRST + ACROSS;
        (window.contains(&cell.x) && window.contains(&cell.y)).then_some(cell)
    }

    /// The corners of a run of cells, wound as an exterior.
    pub(super) fn run(self, length: i32) -> [Coord<i32>; 4] {
        let (west, north) = (self.x * CELL, self.y * CELL);
        let (east, south) = (west + length * CELL, north + CELL);
        [(west, north), (east, north), (east, south), (west, south)].map(|(x, y)| Coord { x, y })
    }
}

/// The cells of a tile; who claims a cell later gets it.
#[derive(Default)]
pub(super) struct Markers {
    /// The claimant of each cell plus one, 0 for none; empty until the first claim.
    owners: Vec<u32>,
}

impl Markers {
    /// Claims a cell. Claimants come in drawing order, so that of two the one that matters more gets it.
    pub(super) fn claim(&mut self, cell: Cell, claimant: u32) {
        if self.owners.is_empty() {
            self.owners.resize((ACROSS * ACROSS) as usize, 0);
        }
        let owner = &mut self.owners[((cell.y - FIRST) * ACROSS + cell.x - FIRST) as usize];
        *owner = (*owner).max(claimant + 1);
    }

    /// Every owned cell with its owner, sorted by owner, then row, then column.
    pub(super) fn owned(&self) -> Vec<(u32, Cell)> {
        let owned = self.owners.iter().enumerate().filter(|(_, owner)| **owner > 0);
        let mut owned: Vec<(u32, Cell)> = owned
            .map(|(index, owner)| {
                let cell = Cell {
                    y: index as i32 / ACROSS + FIRST,
                    x: index as i32 % ACROSS + FIRST,
                };
                (owner - 1, cell)
            })
            .collect();
        owned.sort_unstable();
        owned
    }
}

/// Calls back with the cells along a way through the window, in tile units; a cell may come more than once.
pub(super) fn along(way: impl IntoIterator<Item = Coord<f64>>, mut visit: impl FnMut(Cell)) {
    let mut before: Option<Coord<f64>> = None;
    for at in way {
        if let Some((from, to)) = cut_segment(before.unwrap_or(at), at) {
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            // Half a cell at a time misses no more than a cell's corner.
            let steps = (dx.abs().max(dy.abs()) / (f64::from(CELL) / 2.0)).ceil().max(1.0);
            for step in 0..=steps as u32 {
                let share = f64::from(step) / steps;
                let at = Coord {
                    x: from.x + share * dx,
                    y: from.y + share * dy,
                };
                if let Some(cell) = Cell::over(at) {
                    visit(cell);
                }
            }
        }
        before = Some(at);
    }
}

/// Joins sorted cells that lie side by side: each run's first cell and length.
pub(super) fn runs(cells: &[Cell]) -> impl Iterator<Item = (Cell, i32)> {
    cells
        .chunk_by(|a, b| a.y == b.y && a.x + 1 == b.x)
        .map(|run| (run[0], run.len() as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_claimant_gets_the_cell_and_neighbours_are_joined() {
        let mut markers = Markers::default();
        let way = [(-100.0, 4.0), (20.0, 4.0)].map(|(x, y)| Coord { x, y });
        along(way, |cell| markers.claim(cell, 7));
        markers.claim(Cell { x: -1, y: 0 }, 9);
        markers.claim(Cell { x: 0, y: 0 }, 3);
        let owned = markers.owned();
        let of = |owner: u32| -> Vec<Cell> {
            owned
                .iter()
                .filter(|(by, _)| *by == owner)
                .map(|(_, cell)| *cell)
                .collect()
        };
        assert_eq!(of(9), [Cell { x: -1, y: 0 }]);
        assert_eq!(of(3), []);
        let runs: Vec<_> = runs(&of(7)).collect();
        assert_eq!(runs, [(Cell { x: -8, y: 0 }, 7), (Cell { x: 0, y: 0 }, 3)]);
        assert_eq!(runs[1].0.run(3)[2], Coord { x: 24, y: 8 });
    }

    #[test]
    fn the_window_s_far_edge_has_no_cell() {
        assert!(Cell::over(Coord { x: 4160.0, y: 0.0 }).is_none());
        assert!(Cell::over(Coord { x: 4159.9, y: -64.0 }).is_some());
    }
}
