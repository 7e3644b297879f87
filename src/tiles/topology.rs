//! Shared borders: finds where the lines of a layer meet, so that a border between neighbours is simplified alike for
//! both.
//!
//! Owns junctions and arcs. A vertex is a junction where two lines that share it go on to different vertices; the
//! stretch between junctions is an arc, and is the same sequence of vertices in every ring that runs along it, forwards
//! or backwards. Each arc is measured in one canonical direction, so all its rings keep the same vertices at every
//! tolerance: neighbours neither gap nor overlap. Borders that coincide without sharing vertices are not found: a pack's
//! coverage must be noded, as generators and GIS exports make them.

use rayon::prelude::*;

use super::{
    grid::GridPoint,
    simplify::{self, ALWAYS},
};

/// A line of the layer as topology sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'a> {
    /// The vertices; a ring does not repeat its first.
    pub(super) points: &'a [GridPoint],
    /// Number of the first vertex among all of the layer.
    pub(super) first: usize,
    /// Whether the last vertex goes on to the first.
    pub(super) is_ring: bool,
}

/// A bijective scrambling of 64 bits (the finaliser of `SplitMix64`).
const fn mix(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

/// Stands for "the line ends here".
const NOTHING: u64 = u64::MAX;
/// Visits sorted at once, about: so many stay in a processor's own cache.
const BUCKET: usize = 4_096;

/// A line's passing through a vertex.
#[derive(Debug, Clone, Copy, Default)]
struct Visit {
    /// The vertex's place, scrambled: equal for equal places.
    place: u64,
    /// Fingerprint of the two vertices beside it on the line, the same in either direction. Two pairs collide once in 2^64.
    pair: u64,
    /// The vertex's number.
    vertex: u32,
}

/// Where the lines of a layer meet.
pub(super) struct Topology {
    /// By vertex, 64 to a word: whether it is a junction.
    junctions: Vec<u64>,
}

impl Topology {
    /// Finds the junctions of all lines of a layer with so many vertices. O(n log n), in 24 bytes a vertex while it works.
    ///
    /// Visits are spread over buckets by their place first, so that each bucket is sorted within the cache; a hash table over
    /// all vertices waits for memory at nearly every one.
    pub(super) fn new<'a>(vertices: usize, paths: impl Iterator<Item = Path<'a>> + Clone) -> Self {
        let bits = (vertices / BUCKET).max(1).ilog2();
        let bucket = |place: u64| (place.rotate_left(bits) & ((1 << bits) - 1)) as usize;
        let paths = paths.filter(borders);
        let mut next = vec![0_usize; 1 << bits];
        for point in paths.clone().flat_map(|path| path.points) {
            next[bucket(place(*point))] += 1;
        }
        let ends: Vec<usize> = next
            .iter()
            .scan(0, |end, count| {
                *end += count;
                Some(*end)
            })
            .collect();
        next.iter_mut().zip(&ends).for_each(|(next, end)| *next = end - *next);
        let mut sorted = vec![Visit::default(); ends.last().copied().unwrap_or_default()];
        for visit in paths.flat_map(visits) {
            let next = &mut next[bucket(visit.place)];
            sorted[*next] = visit;
            *next += 1;
        }
        let mut junctions = vec![0; vertices.div_ceil(64)];
        let found: Vec<Vec<u32>> = split_at_ends(&mut sorted, &ends)
            .into_par_iter()
            .map(meetings)
            .collect();
        for vertex in found.into_iter().flatten() {
            junctions[vertex as usize / 64] |= 1 << (vertex % 64);
        }
        Self { junctions }
    }

    fn is_junction(&self, vertex: usize) -> bool {
        self.junctions[vertex / 64] >> (vertex % 64) & 1 == 1
    }

    /// The importance of every vertex of a line into `out`; see [`simplify::importance`].
    pub(super) fn importance(&self, path: Path<'_>, scratch: &mut Scratch, out: &mut Vec<f32>) {
        out.clear();
        out.resize(path.points.len(), ALWAYS);
        if path.points.len() < 3 {
            return;
        }
        let fixed = self.fixed(path);
        for pair in fixed.windows(2) {
            scratch.measure(path.points, pair[0], pair[1], out);
        }
        if let (true, Some(&first), Some(&last)) = (path.is_ring, fixed.first(), fixed.last()) {
            scratch.measure(path.points, last, first + path.points.len(), out);
        }
    }

    /// The vertices that end arcs, in order: junctions and ends of lines. A ring that meets no other line is split at
    /// two vertices that do not depend on where it begins or which way it runs.
    fn fixed(&self, path: Path<'_>) -> Vec<usize> {
        let count = path.points.len();
        let is_end = |index: usize| !path.is_ring && (index == 0 || index + 1 == count);
        let found: Vec<usize> = (0..count)
            .filter(|&index| is_end(index) || self.is_junction(path.first + index))
            .collect();
        if found.is_empty() { anchors(path.points) } else { found }
    }
}

/// Whether a line can border on others: a lone point cannot.
fn borders(path: &Path<'_>) -> bool {
    path.points.len() > 1
}

/// A vertex's place, scrambled.
const fn place(point: GridPoint) -> u64 {
    mix(point.key())
}

/// A line's visits of its vertices, in order.
fn visits(path: Path<'_>) -> impl Iterator<Item = Visit> {
    let Path { points, first, is_ring } = path;
    let end = move |point: Option<&GridPoint>| point.filter(|_| is_ring).map_or(mix(NOTHING), |point| place(*point));
    let mut before = end(points.last());
    let mut here = points.first().map_or(0, |point| place(*point));
    (0..points.len()).map(move |index| {
        let after = points
            .get(index + 1)
            .map_or_else(|| end(points.first()), |point| place(*point));
        let visit = Visit {
            place: here,
            pair: before.wrapping_add(after),
            vertex: (first + index) as u32,
        };
        (before, here) = (here, after);
        visit
    })
}

/// Cuts a slice where parts of it end.
fn split_at_ends<'a, T>(mut rest: &'a mut [T], ends: &[usize]) -> Vec<&'a mut [T]> {
    let mut start = 0;
    let cut = |&end: &usize| {
        let (part, after) = std::mem::take(&mut rest).split_at_mut(end - start);
        (rest, start) = (after, end);
        part
    };
    ends.iter().map(cut).collect()
}

/// The vertices at places that lines leave for different neighbours.
fn meetings(visits: &mut [Visit]) -> Vec<u32> {
    visits.sort_unstable_by_key(|visit| visit.place);
    visits
        .chunk_by(|a, b| a.place == b.place)
        .filter(|here| here.iter().any(|visit| visit.pair != here[0].pair))
        .flatten()
        .map(|visit| visit.vertex)
        .collect()
}

/// The first vertex in coordinate order and the one farthest from it.
fn anchors(ring: &[GridPoint]) -> Vec<usize> {
    let Some((first, from)) = ring.iter().enumerate().min_by_key(|(_, point)| **point) else {
        return Vec::new();
    };
    let squared = |point: &GridPoint| {
        let (x, y) = (
            i128::from(point.x) - i128::from(from.x),
            i128::from(point.y) - i128::from(from.y),
        );
        x * x + y * y
    };
    let far = ring
        .iter()
        .enumerate()
        .max_by_key(|(_, point)| (squared(point), **point))
        .map_or(first, |(index, _)| index);
    let mut both = vec![first.min(far), first.max(far)];
    both.dedup();
    both
}

/// What measuring works with, kept from line to line.
#[derive(Default)]
pub(super) struct Scratch {
    arc: Vec<GridPoint>,
    importance: Vec<f32>,
}

impl Scratch {
    /// Measures the arc `from..=to` of a line (`to` may count on past the end of a ring) in its canonical direction.
    fn measure(&mut self, points: &[GridPoint], from: usize, to: usize, out: &mut [f32]) {
        if to < from + 2 {
            return;
        }
        let wrap = |index: usize| {
            if index < points.len() {
                index
            } else {
                index - points.len()
            }
        };
        self.arc.clear();
        self.arc.extend((from..=to).map(|index| points[wrap(index)]));
        let last = self.arc.len() - 1;
        let is_reversed = (self.arc[last], self.arc[last - 1]) < (self.arc[0], self.arc[1]);
        if is_reversed {
            self.arc.reverse();
        }
        simplify::importance(&self.arc, &mut self.importance);
        for inner in 1..last {
            let at = if is_reversed { last - inner } else { inner };
            out[wrap(from + inner)] = self.importance[at];
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use proptest::prelude::*;

    use super::*;

    fn ring(points: &[(i32, i32)]) -> Vec<GridPoint> {
        points.iter().map(|&(x, y)| GridPoint { x, y }).collect()
    }

    fn paths<'a>(lines: impl IntoIterator<Item = (&'a [GridPoint], bool)>) -> Vec<Path<'a>> {
        let mut next = 0;
        let path = |(points, is_ring): (&'a [GridPoint], bool)| {
            let first = next;
            next += points.len();
            Path { points, first, is_ring }
        };
        lines.into_iter().map(path).collect()
    }

    fn topology(paths: &[Path<'_>]) -> Topology {
        let vertices = paths.iter().map(|path| path.points.len()).sum();
        Topology::new(vertices, paths.iter().copied())
    }

    fn measured(topology: &Topology, path: Path<'_>) -> HashMap<GridPoint, u32> {
        let mut out = Vec::new();
        topology.importance(path, &mut Scratch::default(), &mut out);
        path.points
            .iter()
            .copied()
            .zip(out.iter().map(|value| value.to_bits()))
            .collect()
    }

    /// ```text
    ///  a───b───c        two rings share the wiggly border b … e
    ///  │   ⌇   │
    ///  f───e───d
    /// ```
    #[test]
    fn a_shared_border_is_measured_alike_from_both_sides() {
        let west = ring(&[(0, 0), (10, 0), (12, 2), (9, 5), (11, 7), (10, 10), (0, 10)]);
        let east = ring(&[(10, 10), (11, 7), (9, 5), (12, 2), (10, 0), (20, 0), (20, 10)]);
        let paths = paths([(&west[..], true), (&east[..], true)]);
        let topology = topology(&paths);
        let junctions: Vec<usize> = (0..west.len() + east.len())
            .filter(|&vertex| topology.is_junction(vertex))
            .collect();
        assert_eq!(junctions, [1, 5, 7, 11], "b and e, on either ring");
        let [west, east] = [paths[0], paths[1]].map(|path| measured(&topology, path));
        for (point, value) in &west {
            assert!(east.get(point).is_none_or(|other| other == value), "{point:?}");
        }
    }

    #[test]
    fn an_island_in_its_lake_is_measured_alike_wherever_the_rings_begin() {
        let lake = ring(&[(0, 0), (7, 1), (9, 6), (4, 11), (-3, 8), (-1, 4)]);
        let mut island = lake.clone();
        island.reverse();
        island.rotate_left(2);
        let paths = paths([(&lake[..], true), (&island[..], true)]);
        let topology = topology(&paths);
        assert_eq!(measured(&topology, paths[0]), measured(&topology, paths[1]));
    }

    /// The plain rule: by place, all pairs of neighbours of all lines; at the end of a line there is none.
    fn scan(paths: &[Path<'_>]) -> Vec<usize> {
        let mut pairs: HashMap<GridPoint, HashSet<[Option<GridPoint>; 2]>> = HashMap::new();
        let mut all = Vec::new();
        for Path { points, is_ring, .. } in paths {
            for (index, point) in points.iter().enumerate() {
                let (is_first, is_last) = (index == 0, index + 1 == points.len());
                let before = (*is_ring || !is_first).then(|| points[(index + points.len() - 1) % points.len()]);
                let after = (*is_ring || !is_last).then(|| points[(index + 1) % points.len()]);
                let mut pair = [before, after];
                pair.sort_unstable();
                if points.len() > 1 {
                    pairs.entry(*point).or_default().insert(pair);
                }
                all.push((*point, points.len() > 1));
            }
        }
        let meets = |&vertex: &usize| all[vertex].1 && pairs[&all[vertex].0].len() > 1;
        (0..all.len()).filter(meets).collect()
    }

    proptest! {
        /// Enough vertices for several buckets, few enough places that many are met often.
        #[test]
        fn junctions_are_those_of_the_plain_rule(
            lines in prop::collection::vec((prop::collection::vec((0_i32..60, 0_i32..60), 1..900), any::<bool>()), 1..40),
        ) {
            let lines: Vec<(Vec<GridPoint>, bool)> = lines.iter().map(|(points, is_ring)| (ring(points), *is_ring)).collect();
            let paths = paths(lines.iter().map(|(points, is_ring)| (points.as_slice(), *is_ring)));
            let topology = topology(&paths);
            let vertices = paths.iter().map(|path| path.points.len()).sum();
            let found: Vec<usize> = (0..vertices).filter(|&vertex| topology.is_junction(vertex)).collect();
            prop_assert_eq!(found, scan(&paths));
        }
    }
}
