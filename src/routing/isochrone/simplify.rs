//! Fewer corners, without a street changing sides.

use std::{cmp::Reverse, collections::BinaryHeap};

use geo_types::{Coord, LineString};

use super::{
    by_square::BySquare,
    cells::{Cells, OTHER, REACHED, coord, key},
    cuts::Spot,
    streets::bounds,
};

/// Takes corners out of rings that do not cross, least area first (M. Visvalingam, J. D. Whyatt, 1993), as long as the triangle that a
/// corner makes with its neighbours is smaller than `size` squared and holds neither a spot of a street nor a corner that any ring still
/// has. A straight street that does not cross the line of a ring before does not after: it would need an end in the triangle. O(n log n).
pub(super) fn simplify(
    rings: Vec<LineString<f64>>,
    cells: &Cells,
    spots: &BySquare<Spot>,
    size: f64,
) -> Vec<LineString<f64>> {
    let corners = rings.iter().flat_map(corners);
    let numbered = corners
        .enumerate()
        .map(|(number, at)| (cells.square(key(*at)) as u32, (*at, number)));
    let corners = BySquare::new(numbered.collect());
    let mut obstacles = Obstacles {
        cells,
        spots,
        gone: vec![false; corners.len()],
        corners,
    };
    let mut first = 0;
    let simpler = |ring: LineString<f64>| {
        let simple = simpler(&ring, first, &mut obstacles, size * size);
        first += ring.0.len() - 1;
        simple
    };
    rings.into_iter().map(simpler).collect()
}

/// The corners of a ring, each once.
fn corners(ring: &LineString<f64>) -> &[Coord<f64>] {
    &ring.0[..ring.0.len() - 1]
}

/// What the outline must not be moved over.
struct Obstacles<'a> {
    cells: &'a Cells,
    /// In all squares with streets that the outline passes; not in others.
    spots: &'a BySquare<Spot>,
    /// Corners of all rings with their numbers.
    corners: BySquare<(Coord<f64>, usize)>,
    /// Whether a corner was taken out.
    gone: Vec<bool>,
}

impl Obstacles<'_> {
    /// Whether anything may be in a triangle or on its edge, but for its corners.
    fn any_in(&self, [a, b, c]: [Coord<f64>; 3]) -> bool {
        let is_in = |at: Coord<f64>| {
            if at == a || at == b || at == c {
                return false;
            }
            let sides = [triangle(a, b, at), triangle(b, c, at), triangle(c, a, at)];
            sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0)
        };
        let [low, high] = bounds(&[a, b, c]).unwrap_or([a; 2]);
        self.cells.rows(key(low), key(high)).flatten().any(|square| {
            let spots = self.spots.of(square);
            let is_full = spots.is_empty() && self.cells.marks(square) & (REACHED | OTHER) != 0;
            let mut corners = self.corners.of(square).iter();
            is_full
                || spots.iter().any(|spot| is_in(coord(spot.at)))
                || corners.any(|(at, number)| !self.gone[*number] && is_in(*at))
        })
    }
}

/// A ring whose corners are numbered from a number on, with fewer of them.
fn simpler(ring: &LineString<f64>, first: usize, obstacles: &mut Obstacles<'_>, most: f64) -> LineString<f64> {
    let corners = corners(ring);
    let count = corners.len();
    let mut before: Vec<usize> = (0..count).map(|at| (at + count - 1) % count).collect();
    let mut after: Vec<usize> = (0..count).map(|at| (at + 1) % count).collect();
    let mut left = count;
    let mut queue: BinaryHeap<Reverse<(u64, usize, usize, usize)>> = BinaryHeap::new();
    let ask = |at: usize, before: &[usize], after: &[usize]| {
        let area = triangle(corners[before[at]], corners[at], corners[after[at]]).abs();
        // Areas are above zero: their bits are in their order.
        (area < most).then(|| Reverse((area.to_bits(), at, before[at], after[at])))
    };
    queue.extend((0..count).filter_map(|at| ask(at, &before, &after)));
    while let Some(Reverse((_, at, from, to))) = queue.pop() {
        if left <= 4 {
            break;
        }
        if obstacles.gone[first + at] || before[at] != from || after[at] != to {
            continue;
        }
        if obstacles.any_in([corners[from], corners[at], corners[to]]) {
            continue;
        }
        obstacles.gone[first + at] = true;
        left -= 1;
        after[from] = to;
        before[to] = from;
        queue.extend([from, to].into_iter().filter_map(|near| ask(near, &before, &after)));
    }
    let mut kept: Vec<Coord<f64>> = corners
        .iter()
        .zip(&obstacles.gone[first..])
        .filter(|(_, gone)| !**gone)
        .map(|(at, _)| *at)
        .collect();
    kept.extend(kept.first().copied());
    LineString(kept)
}

/// The area of a triangle, above zero where it runs counter-clockwise.
fn triangle(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) / 2.0
}
