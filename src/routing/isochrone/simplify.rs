//! Fewer corners, without a street changing sides.

use std::{cmp::Reverse, collections::BinaryHeap};

use geo_types::{Coord, LineString};
use rstar::{AABB, RTree};

/// Takes corners out of rings that do not cross, least area first (M. Visvalingam, J. D. Whyatt, 1993), as long as the triangle that a corner makes with
/// its neighbours is smaller than `size` squared and holds neither a vertex of a street nor a corner of any ring. A straight
/// street that does not cross the line of a ring before does not after: it would need an end in the triangle. O(n log n).
pub(super) fn simplify(rings: Vec<LineString<f64>>, streets: Vec<[f64; 2]>, size: f64) -> Vec<LineString<f64>> {
    let corners = rings.iter().flat_map(|ring| &ring.0).map(|at| [at.x, at.y]);
    let obstacles = RTree::bulk_load(streets.into_iter().chain(corners).collect());
    rings
        .into_iter()
        .map(|ring| simpler(&ring, &obstacles, size * size))
        .collect()
}

fn simpler(ring: &LineString<f64>, obstacles: &RTree<[f64; 2]>, most: f64) -> LineString<f64> {
    let corners = &ring.0[..ring.0.len() - 1];
    let count = corners.len();
    let mut before: Vec<usize> = (0..count).map(|at| (at + count - 1) % count).collect();
    let mut after: Vec<usize> = (0..count).map(|at| (at + 1) % count).collect();
    let mut left = count;
    let mut gone = vec![false; count];
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
        if gone[at] || before[at] != from || after[at] != to {
            continue;
        }
        if holds_any([corners[from], corners[at], corners[to]], obstacles) {
            continue;
        }
        gone[at] = true;
        left -= 1;
        after[from] = to;
        before[to] = from;
        queue.extend([from, to].into_iter().filter_map(|near| ask(near, &before, &after)));
    }
    let mut kept: Vec<Coord<f64>> = corners
        .iter()
        .zip(&gone)
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

/// Whether a point other than the corners lies in a triangle or on its edge.
fn holds_any([a, b, c]: [Coord<f64>; 3], points: &RTree<[f64; 2]>) -> bool {
    let low = [a.x.min(b.x).min(c.x), a.y.min(b.y).min(c.y)];
    let high = [a.x.max(b.x).max(c.x), a.y.max(b.y).max(c.y)];
    points.locate_in_envelope(AABB::from_corners(low, high)).any(|&[x, y]| {
        let at = Coord { x, y };
        if at == a || at == b || at == c {
            return false;
        }
        let sides = [triangle(a, b, at), triangle(b, c, at), triangle(c, a, at)];
        sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0)
    })
}
