//! From cut and rounded rings to polygons that MVT 2.1 calls valid.
//!
//! Owns the promise about a feature's polygons: whole coordinates, exteriors with positive area and holes with negative
//! area, no ring crosses or touches itself or runs over another, every hole directly after and inside its exterior.
//! Most rings survive cutting and rounding unharmed, which a sweep proves cheaply; the rest are rebuilt by a boolean
//! overlay on the integer grid.

use geo_types::Coord;
use i_overlay::{
    core::{
        fill_rule::FillRule,
        overlay::{IntOverlayOptions, Overlay, ShapeType},
        overlay_rule::OverlayRule,
    },
    i_float::int::point::IntPoint,
};

use super::rings::{self, doubled_area, is_spike, side};

/// With more rings than this in a feature, how they lie to each other is left to the overlay.
const MANY_RINGS: usize = 48;
/// The sweep gives up after this many comparisons per edge: a shape so tangled is rebuilt faster than proved.
const COMPARISONS_PER_EDGE: usize = 64;

/// The polygons of one feature in one tile, in whole tile units.
#[derive(Default)]
pub(super) struct Polygons {
    coords: Vec<Coord<i32>>,
    rings: Vec<Ring>,
    /// Whether a ring came in inside out, a hole without its exterior, or rings overlap.
    is_suspect: bool,
    edges: Vec<Edge>,
}

/// A run of coordinates, the first not repeated.
#[derive(Debug, Clone, Copy)]
struct Ring {
    start: usize,
    end: usize,
    is_exterior: bool,
    min: Coord<i32>,
    max: Coord<i32>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    a: Coord<i32>,
    b: Coord<i32>,
    ring: u32,
    /// Position within the ring.
    nth: u32,
}

impl Edge {
    fn west(&self) -> i32 {
        self.a.x.min(self.b.x)
    }

    fn east(&self) -> i32 {
        self.a.x.max(self.b.x)
    }
}

impl Polygons {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.coords.clear();
        self.rings.clear();
        self.is_suspect = false;
    }

    /// Whether nothing would be drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.rings.is_empty()
    }

    /// Says that rings are known to overlap, so that nobody looks whether they do.
    pub(super) fn expect_overlap(&mut self) {
        self.is_suspect = true;
    }

    /// Adds a ring: an exterior, or a hole of the exterior before it. Repeated vertices and spikes go; what is left
    /// without area is not added, nor is a hole with less than `smallest_hole` square units.
    pub(super) fn push(&mut self, ring: impl IntoIterator<Item = Coord<i32>>, is_exterior: bool, smallest_hole: i64) {
        let start = self.coords.len();
        for at in ring {
            self.push_vertex(start, at);
        }
        self.close(start);
        let doubled_area = doubled_area(&self.coords[start..]);
        // Four vertices and more may be lobes of opposite winding that cancel out.
        let is_flat = doubled_area == 0 && self.coords.len() - start < 4;
        let is_small_hole = !is_exterior && doubled_area.abs() < 2 * smallest_hole;
        if is_flat || is_small_hole {
            self.coords.truncate(start);
            // What follows may be a hole whose exterior is missing.
            self.is_suspect |= is_exterior;
            return;
        }
        self.is_suspect |= doubled_area == 0 || (doubled_area > 0) != is_exterior;
        let ring = Ring::new(&self.coords, start, is_exterior);
        self.rings.push(ring);
    }

    /// Appends a vertex unless it repeats the last one; one that turns straight back takes the spike's tip out.
    fn push_vertex(&mut self, start: usize, at: Coord<i32>) {
        while let [.., before, tip] = self.coords[start..] {
            if !is_spike(before, tip, at) {
                break;
            }
            self.coords.pop();
        }
        if self.coords.len() == start || self.coords.last() != Some(&at) {
            self.coords.push(at);
        }
    }

    /// Takes repeated vertices and spikes out where the ring's end meets its start.
    fn close(&mut self, start: usize) {
        while let [first, .., before, last] = self.coords[start..] {
            if last != first && !is_spike(before, last, first) {
                return;
            }
            self.coords.pop();
        }
    }

    /// Makes the polygons valid. O(n log n) for n vertices.
    pub(super) fn repair(&mut self, overlay: &mut Overlay) {
        if self.rings.is_empty() || (!self.is_suspect && self.is_well_nested() && self.is_free_of_contact()) {
            return;
        }
        overlay.clear();
        // Vertices on a straight edge are kept: where another edge ends there, the rings are taken apart there.
        overlay.options = IntOverlayOptions::keep_output_points();
        for ring in &self.rings {
            let points = self.coords[ring.start..ring.end]
                .iter()
                .map(|at| IntPoint::new(at.x, at.y));
            overlay.add_path_iter(points, ShapeType::Subject);
        }
        // Holes count −1, exteriors +1: what a crossing has turned inside out is left out, what overlaps is joined.
        let shapes = overlay.overlay(OverlayRule::Subject, FillRule::Positive);
        self.clear();
        for shape in shapes {
            self.rebuild(&shape);
        }
    }

    /// Adds a connected shape. Its contours do not cross themselves but may come back to a vertex; taken apart there
    /// they are simple rings.
    fn rebuild(&mut self, shape: &[Vec<IntPoint>]) {
        let mut loops = Vec::new();
        for contour in shape {
            rings::take_apart(contour.iter().map(|at| Coord { x: at.x, y: at.y }), &mut loops);
        }
        let (exteriors, holes): (Vec<_>, Vec<_>) = loops.into_iter().partition(|ring| doubled_area(ring) > 0);
        let mut holes_of = vec![Vec::new(); exteriors.len()];
        for hole in holes {
            if let Some(owner) = rings::owner(&exteriors, &hole) {
                holes_of[owner].push(hole);
            }
        }
        for (exterior, holes) in exteriors.into_iter().zip(holes_of) {
            self.push_sound(exterior, true);
            for hole in holes {
                self.push_sound(hole, false);
            }
        }
    }

    fn push_sound(&mut self, ring: Vec<Coord<i32>>, is_exterior: bool) {
        let start = self.coords.len();
        self.coords.extend(ring);
        self.rings.push(Ring::new(&self.coords, start, is_exterior));
    }

    /// The rings in order, exteriors followed by their holes.
    pub(super) fn rings(&self) -> impl Iterator<Item = &[Coord<i32>]> {
        self.rings.iter().map(|ring| &self.coords[ring.start..ring.end])
    }

    /// Whether holes lie in their exteriors and nothing else lies in anything, as far as boxes and one vertex of each
    /// ring tell; enough where no two rings touch.
    fn is_well_nested(&self) -> bool {
        if self.rings.len() > MANY_RINGS {
            return false;
        }
        if let [only] = &self.rings[..] {
            return only.is_exterior;
        }
        let mut exterior = None;
        for (index, ring) in self.rings.iter().enumerate() {
            if ring.is_exterior {
                exterior = Some(index);
            } else if !exterior.is_some_and(|owner: usize| self.has_inside(owner, self.coords[ring.start])) {
                return false;
            }
            let others = self.rings.iter().enumerate();
            let is_inside_another = others
                .filter(|(other, _)| *other != index && (ring.is_exterior || Some(*other) != exterior))
                .any(|(_, other)| other.surrounds(ring));
            if is_inside_another {
                return false;
            }
        }
        true
    }

    fn has_inside(&self, ring: usize, at: Coord<i32>) -> bool {
        let ring = &self.rings[ring];
        rings::contains(&self.coords[ring.start..ring.end], at)
    }

    /// Whether no two edges meet but neighbours in their shared vertex: a sweep from west to east.
    fn is_free_of_contact(&mut self) -> bool {
        let mut edges = std::mem::take(&mut self.edges);
        edges.clear();
        for (number, ring) in self.rings.iter().enumerate() {
            let coords = &self.coords[ring.start..ring.end];
            let pairs = coords.iter().zip(coords.iter().cycle().skip(1)).enumerate();
            edges.extend(pairs.map(|(nth, (&a, &b))| Edge {
                a,
                b,
                ring: number as u32,
                nth: nth as u32,
            }));
        }
        edges.sort_unstable_by_key(Edge::west);
        let is_free = self.sweep(&edges);
        self.edges = edges;
        is_free
    }

    fn sweep(&self, edges: &[Edge]) -> bool {
        let mut budget = edges.len() * COMPARISONS_PER_EDGE;
        for (index, edge) in edges.iter().enumerate() {
            let east = edge.east();
            for other in edges[index + 1..].iter().take_while(|other| other.west() <= east) {
                if budget == 0 || self.is_contact(edge, other) {
                    return false;
                }
                budget -= 1;
            }
        }
        true
    }

    fn is_contact(&self, one: &Edge, other: &Edge) -> bool {
        if one.a.y.max(one.b.y) < other.a.y.min(other.b.y) || other.a.y.max(other.b.y) < one.a.y.min(one.b.y) {
            return false;
        }
        if one.ring == other.ring {
            let ring = &self.rings[one.ring as usize];
            let last = (ring.end - ring.start - 1) as u32;
            let follows = |a: u32, b: u32| if a == last { b == 0 } else { b == a + 1 };
            if follows(one.nth, other.nth) {
                return is_spike(one.a, one.b, other.b);
            }
            if follows(other.nth, one.nth) {
                return is_spike(other.a, other.b, one.b);
            }
        }
        do_meet(one, other)
    }
}

impl Ring {
    fn new(coords: &[Coord<i32>], start: usize, is_exterior: bool) -> Self {
        let (mut min, mut max) = (coords[start], coords[start]);
        for at in &coords[start..] {
            min = Coord {
                x: min.x.min(at.x),
                y: min.y.min(at.y),
            };
            max = Coord {
                x: max.x.max(at.x),
                y: max.y.max(at.y),
            };
        }
        Self {
            start,
            end: coords.len(),
            is_exterior,
            min,
            max,
        }
    }

    fn surrounds(&self, other: &Self) -> bool {
        self.min.x <= other.min.x && self.min.y <= other.min.y && self.max.x >= other.max.x && self.max.y >= other.max.y
    }
}

/// Whether two segments have a point in common.
fn do_meet(one: &Edge, other: &Edge) -> bool {
    let (a, b) = (side(one.a, one.b, other.a), side(one.a, one.b, other.b));
    let (c, d) = (side(other.a, other.b, one.a), side(other.a, other.b, one.b));
    // On one line they meet because their boxes do: both boxes are that line's stretches.
    if a == 0 && b == 0 {
        return one.west() <= other.east() && other.west() <= one.east();
    }
    a.signum() * b.signum() <= 0 && c.signum() * d.signum() <= 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(rings: &[(&[(i32, i32)], bool)]) -> Vec<(i64, usize)> {
        let mut polygons = Polygons::default();
        for (ring, is_exterior) in rings {
            polygons.push(ring.iter().map(|&(x, y)| Coord { x, y }), *is_exterior, 0);
        }
        polygons.repair(&mut Overlay::new(0));
        polygons
            .rings()
            .map(|ring| (doubled_area(ring) / 2, ring.len()))
            .collect()
    }

    const SQUARE: [(i32, i32); 4] = [(0, 0), (10, 0), (10, 10), (0, 10)];

    #[test]
    fn a_sound_polygon_is_left_alone() {
        let hole = [(2, 2), (2, 4), (4, 4), (4, 2)];
        assert_eq!(repaired(&[(&SQUARE, true), (&hole, false)]), [(100, 4), (-4, 4)]);
    }

    #[test]
    fn spikes_and_repeats_go() {
        let spiky = [
            (0, 0),
            (10, 0),
            (10, 0),
            (10, 10),
            (10, 15),
            (10, 10),
            (0, 10),
            (-4, 10),
            (0, 10),
        ];
        assert_eq!(repaired(&[(&spiky, true)]), [(100, 4)]);
        assert_eq!(repaired(&[(&[(0, 0), (5, 5), (0, 0)], true)]), []);
    }

    #[test]
    fn a_bridge_along_the_edge_is_cut() {
        let two_towers = [
            (0, 0),
            (4, 0),
            (4, 10),
            (6, 10),
            (6, 0),
            (10, 0),
            (10, 10),
            (8, 10),
            (8, 10),
            (0, 10),
        ];
        assert_eq!(repaired(&[(&two_towers, true)]), [(40, 4), (40, 4)]);
    }

    #[test]
    fn what_is_inside_out_goes_and_what_overlaps_is_joined() {
        let bow_tie = [(0, 0), (10, 10), (10, 0), (0, 10)];
        let bow_tie = repaired(&[(&bow_tie, true)]);
        assert_eq!(bow_tie.iter().map(|(area, _)| *area).sum::<i64>(), 25);
        let shifted = SQUARE.map(|(x, y)| (x + 5, y));
        assert_eq!(repaired(&[(&SQUARE, true), (&shifted, true)]), [(150, 4)]);
        let hole_outside = [(20, 2), (20, 4), (22, 4), (22, 2)];
        assert_eq!(repaired(&[(&SQUARE, true), (&hole_outside, false)]), [(100, 4)]);
    }

    #[test]
    fn a_hole_that_touches_its_exterior_along_an_edge_becomes_a_notch() {
        let hole = [(0, 2), (0, 4), (4, 4), (4, 2)];
        assert_eq!(repaired(&[(&SQUARE, true), (&hole, false)]), [(92, 8)]);
    }
}
