//! Pixels in place of what is too small or too thin to draw: a danger zone must not vanish because the map is small.
//!
//! Owns the grid of marker cells of a tile and who gets a cell that several features claim. Cells are one pixel of a
//! 512-pixel tile, in a crowded tile two, four, eight and so on, and lie alike in neighbouring tiles.

use geo_types::Coord;

use super::{BUFFER, EXTENT, clip::cut_segment};

/// The side of the smallest cells in tile units; divides [`EXTENT`] and [`BUFFER`].
pub(super) const CELL: i32 = 8;

/// The window of a tile divided into cells. The cell at the tile's north-west corner is `(0, 0)`.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellGrid {
    /// The side of a cell in tile units.
    side: i32,
    /// The first column and row, in the buffer.
    first: i32,
    /// Cells from one side of the window to the other.
    across: i32,
}

/// A cell by column and row. Ordered by row, then column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    y: i32,
    x: i32,
}

impl CellGrid {
    /// Cells of `2^doublings` pixels.
    pub(super) const fn new(doublings: u8) -> Self {
        let side = CELL << doublings;
        let first = (-BUFFER).div_euclid(side);
        let last = (EXTENT + BUFFER - 1).div_euclid(side);
        Self {
            side,
            first,
            across: last - first + 1,
        }
    }

    /// The cell over a position in tile units; `None` outside the window.
    pub(super) fn over(self, units: Coord<f64>) -> Option<Cell> {
        let window = f64::from(-BUFFER)..f64::from(EXTENT + BUFFER);
        let index = |along: f64| (along / f64::from(self.side)).floor() as i32;
        (window.contains(&units.x) && window.contains(&units.y)).then(|| Cell {
            x: index(units.x),
            y: index(units.y),
        })
    }

    /// The corners of a run of cells, as far as they lie in the window, wound as an exterior.
    pub(super) fn run(self, start: Cell, length: i32) -> [Coord<i32>; 4] {
        let within = |along: i32| (along * self.side).clamp(-BUFFER, EXTENT + BUFFER);
        let (west, north) = (within(start.x), within(start.y));
        let (east, south) = (within(start.x + length), within(start.y + 1));
        [(west, north), (east, north), (east, south), (west, south)].map(|(x, y)| Coord { x, y })
    }

    /// Calls back with the cells along a way through the window, in tile units; a cell may come more than once.
    pub(super) fn along(self, way: impl IntoIterator<Item = Coord<f64>>, mut visit: impl FnMut(Cell)) {
        let mut before: Option<Coord<f64>> = None;
        for at in way {
            if let Some((from, to)) = cut_segment(before.unwrap_or(at), at) {
                let (dx, dy) = (to.x - from.x, to.y - from.y);
                // Half a cell at a time misses no more than a cell's corner.
                let steps = (dx.abs().max(dy.abs()) / (f64::from(self.side) / 2.0)).ceil().max(1.0);
                for step in 0..=steps as u32 {
                    let share = f64::from(step) / steps;
                    let at = Coord {
                        x: from.x + share * dx,
                        y: from.y + share * dy,
                    };
                    if let Some(cell) = self.over(at) {
                        visit(cell);
                    }
                }
            }
            before = Some(at);
        }
    }

    /// Calls back with the cells whose middle lies within rings (even-odd, in tile units, cut to the window).
    pub(super) fn within(self, rings: &[Vec<Coord<f64>>], mut visit: impl FnMut(Cell)) {
        let middle = |index: i32| (f64::from(index) + 0.5) * f64::from(self.side);
        let mut crossings: Vec<f64> = Vec::new();
        for y in self.first..self.first + self.across {
            let level = middle(y);
            crossings.clear();
            for ring in rings {
                let edges = ring.iter().zip(ring.iter().cycle().skip(1));
                let crossed = edges.filter(|(a, b)| (a.y > level) != (b.y > level));
                crossings.extend(crossed.map(|(a, b)| a.x + (level - a.y) * ((b.x - a.x) / (b.y - a.y))));
            }
            crossings.sort_unstable_by(f64::total_cmp);
            for span in crossings.chunks_exact(2) {
                let index = |along: f64| (along / f64::from(self.side) - 0.5).ceil() as i32;
                let last = index(span[1]).min(self.first + self.across);
                (index(span[0]).max(self.first)..last).for_each(|x| visit(Cell { y, x }));
            }
        }
    }
}

/// The cells of a tile; who claims a cell later gets it.
pub(super) struct Markers {
    grid: CellGrid,
    /// The claimant of each cell plus one, 0 for none; empty until the first claim.
    owners: Vec<u32>,
    /// How often each cell was claimed; empty where nobody counts.
    claims: Vec<u32>,
}

impl Markers {
    pub(super) const fn new(grid: CellGrid) -> Self {
        Self {
            grid,
            owners: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// Claims a cell. Claimants come in drawing order, so that of two the one that matters more gets it.
    pub(super) fn claim(&mut self, cell: Cell, claimant: u32) {
        if self.owners.is_empty() {
            self.owners.resize((self.grid.across * self.grid.across) as usize, 0);
        }
        let owner = &mut self.owners[index(self.grid, cell)];
        *owner = (*owner).max(claimant + 1);
    }

    /// Claims a cell and counts the claim.
    pub(super) fn claim_counting(&mut self, cell: Cell, claimant: u32) {
        self.claim(cell, claimant);
        if self.claims.is_empty() {
            self.claims.resize(self.owners.len(), 0);
        }
        self.claims[index(self.grid, cell)] += 1;
    }

    /// How often a cell was claimed with [`Markers::claim_counting`].
    pub(super) fn claims(&self, cell: Cell) -> u32 {
        self.claims.get(index(self.grid, cell)).copied().unwrap_or_default()
    }

    /// Every owned cell with its owner, sorted by owner, then row, then column.
    pub(super) fn owned(&self) -> Vec<(u32, Cell)> {
        let owned = self.owners.iter().enumerate().filter(|(_, owner)| **owner > 0);
        let CellGrid { first, across, .. } = self.grid;
        let mut owned: Vec<(u32, Cell)> = owned
            .map(|(index, owner)| {
                let cell = Cell {
                    y: index as i32 / across + first,
                    x: index as i32 % across + first,
                };
                (owner - 1, cell)
            })
            .collect();
        owned.sort_unstable();
        owned
    }
}

fn index(CellGrid { first, across, .. }: CellGrid, cell: Cell) -> usize {
    ((cell.y - first) * across + cell.x - first) as usize
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

    const PIXELS: CellGrid = CellGrid::new(0);

    #[test]
    fn the_later_claimant_gets_the_cell_and_neighbours_are_joined() {
        let mut markers = Markers::new(PIXELS);
        let way = [(-100.0, 4.0), (20.0, 4.0)].map(|(x, y)| Coord { x, y });
        PIXELS.along(way, |cell| markers.claim(cell, 7));
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
        assert_eq!(PIXELS.run(runs[1].0, 3)[2], Coord { x: 24, y: 8 });
    }

    #[test]
    fn the_window_s_far_edge_has_no_cell() {
        assert!(PIXELS.over(Coord { x: 4160.0, y: 0.0 }).is_none());
        assert!(PIXELS.over(Coord { x: 4159.9, y: -64.0 }).is_some());
    }

    #[test]
    fn cells_of_every_size_cover_the_window_and_nothing_else() {
        for doublings in 0..=9 {
            let grid = CellGrid::new(doublings);
            let corners = [(-64.0, -64.0), (4159.9, 4159.9)].map(|(x, y)| grid.over(Coord { x, y }).unwrap());
            let [first, last] = corners.map(|cell| grid.run(cell, 1));
            assert_eq!(
                (first[0], last[2]),
                (Coord { x: -64, y: -64 }, Coord { x: 4160, y: 4160 })
            );
            assert_eq!(index(grid, corners[1]) as i32, grid.across * grid.across - 1);
        }
    }

    #[test]
    fn what_lies_within_rings_is_filled() {
        let grid = CellGrid::new(2);
        let square = |from: f64, to: f64| {
            [(from, from), (to, from), (to, to), (from, to)]
                .map(|(x, y)| Coord { x, y })
                .to_vec()
        };
        let mut cells = Vec::new();
        grid.within(&[square(0.0, 128.0), square(32.0, 64.0)], |cell| cells.push(cell));
        assert_eq!(cells.len(), 15);
        assert!(!cells.contains(&Cell { x: 1, y: 1 }));
    }
}
