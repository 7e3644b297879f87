//! The plane cut into squares: which squares streets lie in, and which of their corners count as reached.
//!
//! Owns positions to the micrometre and the walk of a line through the squares. Streets leave marks here and are not kept.

use std::{mem, ops::Range};

use geo_types::Coord;

use super::streets::bounds;

/// A position in the plane, micrometres: the same for all streets that meet in it.
pub(super) type Key = [i64; 2];

pub(super) const PER_METRE: f64 = 1e6;

/// How far sides of squares lie from round coordinates, micrometres, so that few positions lie on them.
const OFFSET: i64 = 123_457;

/// How many squares lie side by side in the distance that the outline keeps from a street.
const IN_A_MARGIN: f64 = 3.0;

/// How many squares there may be, two bytes each; larger ones are taken where there would be more.
const MOST_SQUARES: f64 = 4e6;

/// What streets leave in the squares they lie in, and in their corners.
pub(super) type Marks = u8;

/// Of streets that are reached.
pub(super) const REACHED: Marks = 1;

/// Of streets that are not.
pub(super) const OTHER: Marks = 2;

/// Of squares beside a corner between streets of both sorts.
pub(super) const NEAR: Marks = 4;

/// Squares of a plane. A square has the number of its south-western corner.
#[derive(Debug)]
pub(super) struct Cells {
    /// Micrometres.
    size: i64,
    per_micrometre: f64,
    /// The south-western corner of the first square.
    low: Key,
    width: usize,
    squares: Vec<Marks>,
    corners: Vec<Marks>,
    /// The squares that streets lie in.
    marked: Vec<usize>,
    /// How many squares far the outline may lie from a street that is reached.
    steps: usize,
}

impl Cells {
    /// Squares for streets in places, metres, and for an outline so far from them; none for no place.
    pub(super) fn new<'a>(places: impl IntoIterator<Item = &'a Coord<f64>>, margin: f64) -> Option<Self> {
        let [low, high] = bounds(places)?;
        let mut size = margin / IN_A_MARGIN;
        while (high.x - low.x) / size * ((high.y - low.y) / size) > MOST_SQUARES {
            size *= 2.0;
        }
        let steps = (margin / size).round().max(1.0) as usize;
        let size = (size * PER_METRE).round() as i64;
        // What spreads from the outermost street stays within.
        let rim = steps as i64 + 2;
        let [low, high] = [low, high].map(|at| key(at).map(|at| (at - OFFSET).div_euclid(size)));
        let [width, height] = [0, 1].map(|axis| (high[axis] - low[axis] + 2 * rim + 1) as usize);
        Some(Self {
            size,
            per_micrometre: 1.0 / size as f64,
            low: low.map(|line| (line - rim) * size + OFFSET),
            width,
            squares: vec![0; width * height],
            corners: vec![0; width * height],
            marked: Vec::new(),
            steps,
        })
    }

    /// A position that lies on no side of a square: a micrometre off where it would.
    pub(super) fn key(&self, at: Coord<f64>) -> Key {
        let key = key(at);
        [0, 1].map(|axis| {
            let off = key[axis] - self.side(axis, self.line(axis, key[axis]));
            let is_on_a_side = off == 0 || off == self.size;
            key[axis] + i64::from(is_on_a_side)
        })
    }

    /// Where a column or row begins.
    const fn side(&self, axis: usize, line: usize) -> i64 {
        self.low[axis] + line as i64 * self.size
    }

    /// The column or row of a position. Of one on no side the quotient is nowhere so near to a whole number that it is rounded to it.
    fn line(&self, axis: usize, at: i64) -> usize {
        ((at - self.low[axis]) as f64 * self.per_micrometre) as usize
    }

    /// The square of a position.
    pub(super) fn square(&self, at: Key) -> usize {
        self.line(1, at[1]) * self.width + self.line(0, at[0])
    }

    /// The squares from that of a box's south-western corner to that of its north-eastern one, a row at a time.
    pub(super) fn rows(&self, low: Key, high: Key) -> impl Iterator<Item = Range<usize>> + use<> {
        let [from, to] = [low, high].map(|at| [0, 1].map(|axis| self.line(axis, at[axis])));
        let width = self.width;
        (from[1]..=to[1]).map(move |row| row * width + from[0]..row * width + to[0] + 1)
    }

    /// The corners of a square, counter-clockwise from the south-western.
    pub(super) const fn corners(&self, square: usize) -> [usize; 4] {
        [square, square + 1, square + self.width + 1, square + self.width]
    }

    /// The squares around a corner.
    pub(super) const fn around(&self, corner: usize) -> [usize; 4] {
        [corner, corner - 1, corner - self.width - 1, corner - self.width]
    }

    /// Where a corner is.
    pub(super) const fn position(&self, corner: usize) -> Key {
        let [column, row] = [corner % self.width, corner / self.width];
        [self.side(0, column), self.side(1, row)]
    }

    /// Where a square is.
    pub(super) const fn frame(&self, square: usize) -> Frame {
        Frame {
            low: self.position(square),
            size: self.size,
        }
    }

    /// What streets left in a square.
    pub(super) fn marks(&self, square: usize) -> Marks {
        self.squares[square]
    }

    /// Whether a corner counts as reached.
    pub(super) fn is_reached(&self, corner: usize) -> bool {
        self.corners[corner] & REACHED != 0
    }

    /// Cuts a street into its straight parts in single squares: the square, and the ends, which are positions of the street or lie on a
    /// side.
    ///
    /// The parts are the same from either end of the street, and none ends in a corner of a square. O(parts).
    pub(super) fn cut(&self, street: &[Key], mut part: impl FnMut(usize, [Key; 2])) {
        let Some((&first, rest)) = street.split_first() else {
            return;
        };
        let mut from = (first, self.square(first));
        for &at in rest {
            let to = (at, self.square(at));
            if to.1 == from.1 {
                part(to.1, [from.0.min(at), from.0.max(at)]);
            } else {
                self.walk(from.min(to), from.max(to), &mut part);
            }
            from = to;
        }
    }

    /// Cuts a line eastwards (northwards where it has no east) from one square to another.
    fn walk(&self, (from, mut square): (Key, usize), (to, last): (Key, usize), mut part: impl FnMut(usize, [Key; 2])) {
        let [mut column, mut row] = [square % self.width, square / self.width];
        let [last_column, last_row] = [last % self.width, last / self.width];
        let is_north = last_row > row;
        let [dx, dy] = [0, 1].map(|axis| (to[axis] - from[axis]) as f64);
        let between = |axis: usize, line: usize, at: f64| {
            let [low, high] = [line, line + 1].map(|line| self.side(axis, line));
            (at as i64).clamp(low + 1, high - 1)
        };
        let mut begin = from;
        while square != last {
            let side = [self.side(0, column + 1), self.side(1, row + usize::from(is_north))];
            // The shares of the line up to each of the sides, times dx·dy.
            let [east, over] = [(side[0] - from[0]) as f64 * dy, (side[1] - from[1]) as f64 * dx];
            // Through a corner the way is by one of the squares beside it.
            let is_east = row == last_row || (column != last_column && east.abs() <= over.abs());
            let (spot, next) = if is_east {
                let spot = [side[0], between(1, row, from[1] as f64 + east / dx)];
                column += 1;
                (spot, square + 1)
            } else {
                let spot = [between(0, column, from[0] as f64 + over / dy), side[1]];
                row = if is_north { row + 1 } else { row - 1 };
                (spot, row * self.width + column)
            };
            part(square, [begin, spot]);
            (begin, square) = (spot, next);
        }
        part(square, [begin, to]);
    }

    /// Leaves marks of a street.
    pub(super) fn mark(&mut self, street: &[Key], mark: Marks) {
        let mut squares = mem::take(&mut self.squares);
        let mut marked = mem::take(&mut self.marked);
        let mut set = |square: usize| {
            if squares[square] == 0 {
                marked.push(square);
            }
            squares[square] |= mark;
        };
        street.first().map(|&at| self.square(at)).into_iter().for_each(&mut set);
        self.cut(street, |square, _| set(square));
        (self.squares, self.marked) = (squares, marked);
    }

    /// Passes marks on to corners, and marks squares around corners of both sorts as near. Those corners are returned, in order.
    pub(super) fn mark_corners(&mut self) -> Vec<usize> {
        for &square in &self.marked {
            for corner in self.corners(square) {
                self.corners[corner] |= self.squares[square];
            }
        }
        let corners = self.marked.iter().flat_map(|&square| self.corners(square));
        let mut both: Vec<usize> = corners
            .filter(|&corner| self.corners[corner] == REACHED | OTHER)
            .collect();
        both.sort_unstable();
        both.dedup();
        for &corner in &both {
            for square in self.around(corner) {
                self.squares[square] |= NEAR;
            }
        }
        both
    }

    /// Says what a corner between streets of both sorts counts as.
    pub(super) fn decide(&mut self, corner: usize, mark: Marks) {
        self.corners[corner] = mark;
    }

    /// Lets corners of squares with streets pass on what they are, as far as the outline may lie from a street: those of both sorts meet
    /// halfway.
    pub(super) fn spread(&mut self) {
        let (four, eight) = ([1, self.width], [1, self.width, self.width - 1, self.width + 1]);
        let mut front: Vec<usize> = self.marked.iter().flat_map(|&square| self.corners(square)).collect();
        let corners = &mut self.corners;
        front.retain(|corner| {
            four.iter()
                .any(|off| corners[corner + off] == 0 || corners[corner - off] == 0)
        });
        let mut next = Vec::new();
        for step in 0..self.steps {
            // A diamond and a square by turns are nearly a circle.
            let reach = if step % 2 == 0 { &four[..] } else { &eight[..] };
            for corner in front.drain(..) {
                for near in reach.iter().flat_map(|off| [corner + off, corner - off]) {
                    if corners[near] == 0 {
                        corners[near] = corners[corner];
                        next.push(near);
                    }
                }
            }
            mem::swap(&mut front, &mut next);
        }
    }

    /// The squares that the outline passes, in order.
    pub(super) fn passed(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.squares.len() - self.width - 1).filter(|&square| {
            let corners = self.corners(square).map(|corner| self.corners[corner] & REACHED);
            match corners.iter().sum() {
                0 => self.squares[square] & REACHED != 0,
                4 => self.squares[square] & OTHER != 0,
                _ => true,
            }
        })
    }
}

/// Where a square is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The south-western corner.
    pub(super) low: Key,
    /// Micrometres.
    size: i64,
}

impl Frame {
    /// A position in the square or on a side as one in it and on no side.
    pub(super) fn inside(self, at: Key) -> Key {
        [0, 1].map(|axis| at[axis].clamp(self.low[axis] + 1, self.low[axis] + self.size - 1))
    }

    /// From the corner, metres.
    pub(super) fn place(self, at: Key) -> Coord<f64> {
        coord([at[0] - self.low[0], at[1] - self.low[1]])
    }
}

/// A position to the micrometre.
pub(super) fn key(at: Coord<f64>) -> Key {
    [at.x, at.y].map(|metres| (metres * PER_METRE + 0.5_f64.copysign(metres)) as i64)
}

/// A position in metres.
pub(super) fn coord([x, y]: Key) -> Coord<f64> {
    Coord {
        x: x as f64 / PER_METRE,
        y: y as f64 / PER_METRE,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position() -> impl Strategy<Value = Coord<f64>> {
        // Some on sides, and some in corners, of squares of 20 metres.
        let coordinate = prop_oneof![
            3 => -300.0..300.0_f64,
            1 => (-15..15_i32).prop_map(|line| f64::from(line) * 20.0 + OFFSET as f64 / PER_METRE),
        ];
        (coordinate.clone(), coordinate).prop_map(|(x, y)| Coord { x, y })
    }

    proptest! {
        #[test]
        fn a_street_is_cut_into_parts_in_single_squares(street in prop::collection::vec(position(), 1..6)) {
            let cells = Cells::new(&street, 60.0).unwrap();
            let keys: Vec<Key> = street.iter().map(|at| cells.key(*at)).collect();
            let mut parts = Vec::new();
            cells.cut(&keys, |square, ends| parts.push((square, ends)));
            for (square, ends) in &parts {
                let frame = cells.frame(*square);
                for end in ends {
                    let place = frame.place(*end);
                    prop_assert!((0.0..=20.0).contains(&place.x) && (0.0..=20.0).contains(&place.y));
                    let on_sides = [place.x, place.y].iter().filter(|at| **at == 0.0 || **at == 20.0).count();
                    let is_of_the_street = keys.contains(end);
                    prop_assert_eq!(on_sides, usize::from(!is_of_the_street), "{:?}", place);
                }
            }
            // Each line's parts follow each other and lie on it.
            let mut rest = parts.as_slice();
            for pair in keys.windows(2) {
                let mut at = pair[0].min(pair[1]);
                let end = pair[0].max(pair[1]);
                loop {
                    let Some(((_, [from, to]), after)) = rest.split_first() else { panic!("{at:?} is no end") };
                    prop_assert_eq!(*from, at);
                    let [a, b, spot] = [pair[0], pair[1], *to].map(coord);
                    let off = ((b - a).x * (spot - a).y - (b - a).y * (spot - a).x) / (b - a).x.hypot((b - a).y).max(1e-9);
                    prop_assert!(off.abs() < 3e-6, "{} metres off", off);
                    (at, rest) = (*to, after);
                    if at == end {
                        break;
                    }
                }
            }
            prop_assert!(rest.is_empty());
            let mut back = Vec::new();
            let reversed: Vec<Key> = keys.iter().rev().copied().collect();
            cells.cut(&reversed, |square, ends| back.push((square, ends)));
            parts.sort_unstable();
            back.sort_unstable();
            prop_assert_eq!(parts, back);
        }
    }

    #[test]
    fn a_large_plane_has_large_squares() {
        let places = [Coord { x: 0.0, y: 0.0 }, Coord { x: 4e5, y: 3e5 }];
        let cells = Cells::new(&places, 80.0).unwrap();
        assert!(
            cells.squares.len() < 5_000_000 && cells.size > 100_000_000,
            "{}",
            cells.size
        );
    }
}
