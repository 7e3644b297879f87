//! Shared borders: finds where the lines of a layer meet, so that a border between neighbours is simplified alike for
//! both.
//!
//! Owns junctions and arcs. A vertex is a junction where two lines that share it go on to different vertices; the
//! stretch between junctions is an arc, and is the same sequence of vertices in every ring that runs along it, forwards
//! or backwards. Each arc is measured in one canonical direction, so all its rings keep the same vertices at every
//! tolerance: neighbours neither gap nor overlap. Borders that coincide without sharing vertices are not found: a pack's
//! coverage must be noded, as generators and GIS exports make them.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::{
    grid::GridPoint,
    simplify::{self, ALWAYS},
};

/// A line of the layer as topology sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'a> {
    /// The vertices; a ring does not repeat its first.
    pub(super) points: &'a [GridPoint],
    /// Whether the last vertex goes on to the first.
    pub(super) is_ring: bool,
}

/// Vertex keys are spread by one multiplication (Fibonacci hashing); they come from data that has been checked, and the
/// table is gone after the build.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = mix(self.0 ^ key);
    }
}

/// A bijective scrambling of 64 bits (the finaliser of `SplitMix64`).
const fn mix(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

/// Marks a vertex with more than one pair of neighbours.
const JUNCTION: u64 = 0;
/// Stands for "the line ends here".
const NOTHING: u64 = u64::MAX;

/// Where the lines of a layer meet.
#[derive(Default)]
pub(super) struct Topology {
    /// Fingerprint of a vertex's pair of neighbours, or [`JUNCTION`].
    neighbours: HashMap<u64, u64, BuildHasherDefault<KeyHasher>>,
}

impl Topology {
    /// Learns the junctions of all lines of a layer. O(vertices).
    pub(super) fn new<'a>(paths: impl Iterator<Item = Path<'a>>) -> Self {
        let mut topology = Self::default();
        for path in paths {
            topology.add(path);
        }
        topology
    }

    fn add(&mut self, path: Path<'_>) {
        let count = path.points.len();
        for (index, point) in path.points.iter().enumerate() {
            let before = match index.checked_sub(1) {
                Some(before) => path.points[before].key(),
                None if path.is_ring => path.points[count - 1].key(),
                None => NOTHING,
            };
            let after = match path.points.get(index + 1) {
                Some(after) => after.key(),
                None if path.is_ring => path.points[0].key(),
                None => NOTHING,
            };
            // Either direction gives the same fingerprint; two pairs collide once in 2^64.
            let pair = mix(before).wrapping_add(mix(after)).max(1);
            let known = self.neighbours.entry(point.key()).or_insert(pair);
            if *known != pair {
                *known = JUNCTION;
            }
        }
    }

    fn is_junction(&self, point: GridPoint) -> bool {
        self.neighbours.get(&point.key()) == Some(&JUNCTION)
    }

    /// Appends the importance of every vertex of a line to `out`; see [`simplify::importance`].
    pub(super) fn importance(&self, path: Path<'_>, out: &mut Vec<f32>) {
        let start = out.len();
        out.resize(start + path.points.len(), ALWAYS);
        let out = &mut out[start..];
        let mut scratch = Scratch::default();
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
            .filter(|&index| is_end(index) || self.is_junction(path.points[index]))
            .collect();
        if found.is_empty() { anchors(path.points) } else { found }
    }
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

#[derive(Default)]
struct Scratch {
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
    use super::*;

    fn ring(points: &[(i32, i32)]) -> Vec<GridPoint> {
        points.iter().map(|&(x, y)| GridPoint { x, y }).collect()
    }

    fn measured(topology: &Topology, points: &[GridPoint]) -> HashMap<GridPoint, u32> {
        let mut out = Vec::new();
        topology.importance(Path { points, is_ring: true }, &mut out);
        points
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
        let paths = [&west, &east].map(|points| Path { points, is_ring: true });
        let topology = Topology::new(paths.into_iter());
        assert!(topology.is_junction(west[1]) && topology.is_junction(west[5]));
        assert!(!topology.is_junction(west[3]) && !topology.is_junction(west[0]));
        let (west, east) = (measured(&topology, &west), measured(&topology, &east));
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
        let paths = [&lake, &island].map(|points| Path { points, is_ring: true });
        let topology = Topology::new(paths.into_iter());
        assert_eq!(measured(&topology, &lake), measured(&topology, &island));
    }
}
