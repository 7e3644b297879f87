//! A lattice of hexagons whose corners are moved and whose sides wind like coasts, the same for both neighbours.
//!
//! In a lattice of hexagons three cells meet at every corner, so that an outline around any group of cells never touches
//! itself. A side is drawn as a function over the straight line between its corners that stays inside a narrow rhombus
//! around it; the rhombi of neighbouring sides only share corners, so sides never cross.

use std::f64::consts::TAU;

use geo_types::Coord;

use super::random::Noise;

/// A cell by its axial coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cell {
    pub(super) q: i32,
    pub(super) r: i32,
}

/// A corner: the northern or the southern one of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Corner {
    cell: Cell,
    is_south: bool,
}

/// One of the six sides of a cell, from corner to corner with the cell on the left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    pub(super) from: Corner,
    pub(super) to: Corner,
    /// The cell on the right.
    pub(super) beyond: Cell,
}

/// A lattice over an area. Positions are degrees; `x` is stretched by the cosine of the middle latitude so that cells
/// are about as wide as high.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lattice {
    origin: Coord<f64>,
    /// From the middle to a corner, degrees of latitude.
    radius: f64,
    stretch: f64,
    noise: Noise,
}

/// How far a corner is moved, in radii; the sharpest turn that is left is far from closing.
const CORNER_MOVE: f64 = 0.18;
/// How steep the rhombus around a side is.
const WINDING: f64 = 0.35;
const ROOT_3: f64 = 1.732_050_807_568_877_2;

impl Cell {
    const fn at(self, dq: i32, dr: i32) -> Self {
        Self {
            q: self.q + dq,
            r: self.r + dr,
        }
    }

    const fn north(self) -> Corner {
        Corner {
            cell: self,
            is_south: false,
        }
    }

    const fn south(self) -> Corner {
        Corner {
            cell: self,
            is_south: true,
        }
    }

    /// Counter-clockwise, from the north.
    pub(super) const fn sides(self) -> [Side; 6] {
        let (north_west, west, south_west) = (self.at(0, -1), self.at(-1, 0), self.at(-1, 1));
        let (south_east, east, north_east) = (self.at(0, 1), self.at(1, 0), self.at(1, -1));
        let corners = [
            self.north(),
            north_west.south(),
            south_west.north(),
            self.south(),
            south_east.north(),
            north_east.south(),
        ];
        [
            side(corners[0], corners[1], north_west),
            side(corners[1], corners[2], west),
            side(corners[2], corners[3], south_west),
            side(corners[3], corners[4], south_east),
            side(corners[4], corners[5], east),
            side(corners[5], corners[0], north_east),
        ]
    }

    /// The cells around, in the order of [`Self::sides`].
    pub(super) fn neighbours(self) -> [Self; 6] {
        self.sides().map(|side| side.beyond)
    }
}

const fn side(from: Corner, to: Corner, beyond: Cell) -> Side {
    Side { from, to, beyond }
}

impl Lattice {
    /// A lattice whose cells are `radius` degrees of latitude from the middle to a corner.
    pub(super) fn new(origin: Coord<f64>, radius: f64, noise: Noise) -> Self {
        Self {
            origin,
            radius,
            stretch: 1.0 / origin.y.to_radians().cos(),
            noise,
        }
    }

    /// The area of a cell that is not moved, in square degrees of latitude.
    pub(super) fn cell_area(radius: f64) -> f64 {
        1.5 * ROOT_3 * radius * radius
    }

    /// The middle of a cell, degrees.
    pub(super) fn middle(&self, cell: Cell) -> Coord<f64> {
        let (q, r) = (f64::from(cell.q), f64::from(cell.r));
        self.degrees(ROOT_3 * (q + r / 2.0), 1.5 * r)
    }

    /// The cell that a position is in, sides taken as straight.
    pub(super) fn cell_of(&self, position: Coord<f64>) -> Cell {
        let x = (position.x - self.origin.x) / (self.radius * self.stretch);
        let y = (self.origin.y - position.y) / self.radius;
        let (q, r) = (x / ROOT_3 - y / 3.0, y * 2.0 / 3.0);
        // Cube rounding: the three coordinates sum to zero, and the one that was rounded furthest is made to fit.
        let third = -q - r;
        let (mut whole_q, mut whole_r, whole_third) = (q.round(), r.round(), third.round());
        let (off_q, off_r, off_third) = ((whole_q - q).abs(), (whole_r - r).abs(), (whole_third - third).abs());
        if off_q > off_r && off_q > off_third {
            whole_q = -whole_r - whole_third;
        } else if off_r > off_third {
            whole_r = -whole_q - whole_third;
        }
        Cell {
            q: whole_q as i32,
            r: whole_r as i32,
        }
    }

    /// Degrees of a place in units of the radius, `y` to the south.
    fn degrees(&self, x: f64, y: f64) -> Coord<f64> {
        Coord {
            x: self.origin.x + x * self.radius * self.stretch,
            y: self.origin.y - y * self.radius,
        }
    }

    fn corner(&self, corner: Corner) -> Coord<f64> {
        let (q, r) = (f64::from(corner.cell.q), f64::from(corner.cell.r));
        let (south, key) = if corner.is_south { (1.0, 1) } else { (-1.0, 0) };
        let column = i64::from(corner.cell.q) * 2 + key;
        let moved = |salt: i64| {
            let row = i64::from(corner.cell.r) * 4 + salt;
            (self.noise.white(column, row) - 0.5) * 2.0 * CORNER_MOVE
        };
        self.degrees(ROOT_3 * (q + r / 2.0) + moved(0), 1.5 * r + south + moved(1))
    }

    /// Appends a side from its first corner up to, and without, its last. Both cells at it see the same positions.
    pub(super) fn draw(&self, side: Side, line: &mut Vec<Coord<f64>>) {
        let is_turned = side.to < side.from;
        let (first, last) = if is_turned {
            (side.to, side.from)
        } else {
            (side.from, side.to)
        };
        let (start, end) = (self.corner(first), self.corner(last));
        let key = i64::from(first.cell.q) * 8 + i64::from(first.is_south) * 4;
        let row = i64::from(last.cell.r) * 8 + i64::from(last.cell.q - first.cell.q);
        let draw = |salt: i64| self.noise.white(key + salt, row * 2 + 1);
        let pieces = 3 + (draw(0) * 10.0) as u32;
        let (waves, phase) = (1.0 + draw(1) * 3.0, draw(2) * TAU);
        let position = |piece: u32| {
            let t = f64::from(piece) / f64::from(pieces);
            // Nothing at the corners, at most the rhombus between them.
            let wave = (t * waves * TAU + phase).sin();
            let off = WINDING * t.min(1.0 - t) * wave;
            let (dx, dy) = ((end.x - start.x) / self.stretch, end.y - start.y);
            rounded(Coord {
                x: start.x + (t * dx - off * dy) * self.stretch,
                y: start.y + t * dy + off * dx,
            })
        };
        if is_turned {
            line.extend((1..=pieces).rev().map(position));
        } else {
            line.extend((0..pieces).map(position));
        }
    }
}

/// To a tenth of a metre, far below the distance of positions and the same for both neighbours.
fn rounded(position: Coord<f64>) -> Coord<f64> {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Coord {
        x: round(position.x),
        y: round(position.y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lattice() -> Lattice {
        Lattice::new(Coord { x: 118.0, y: 26.0 }, 0.05, Noise::new(3, 4))
    }

    #[test]
    fn a_side_is_the_same_from_both_cells() {
        let lattice = lattice();
        for (q, r) in [(0, 0), (5, -3), (-7, 2)] {
            let cell = Cell { q, r };
            for side in cell.sides() {
                let back = side
                    .beyond
                    .sides()
                    .into_iter()
                    .find(|other| other.beyond == cell)
                    .unwrap();
                assert_eq!((back.from, back.to), (side.to, side.from));
                let draw = |side: Side| {
                    let mut line = Vec::new();
                    lattice.draw(side, &mut line);
                    line.push(rounded(lattice.corner(side.to)));
                    line
                };
                let (there, mut return_way) = (draw(side), draw(back));
                return_way.reverse();
                assert_eq!(there, return_way);
            }
        }
    }

    #[test]
    fn the_middle_of_a_cell_is_in_it() {
        let lattice = lattice();
        for q in -20..20 {
            for r in -20..20 {
                let cell = Cell { q, r };
                assert_eq!(lattice.cell_of(lattice.middle(cell)), cell);
            }
        }
    }
}
