//! Rings that touch themselves at positions, taken apart into rings that do not.
//!
//! Outlines traced from grids do this wherever two cells meet at a corner, and holes drawn as part of the outline do
//! it at the way in. Taking them apart at the doubled positions moves nothing and keeps every side, so that borders
//! shared with neighbours stay shared; boolean operations on a snapped grid would not.

use std::collections::HashMap;

use geo::{CoordinatePosition, coordinate_position::CoordPos};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::repair::ring_area;

/// Takes every part apart; exteriors must be counter-clockwise and holes clockwise. What crosses itself elsewhere than
/// at positions stays invalid. O(n) for n vertices, and holes times outlines of each part.
pub(super) fn untangle(parts: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    MultiPolygon(parts.iter().flat_map(untangle_part).collect())
}

fn untangle_part(part: &Polygon<f64>) -> Vec<Polygon<f64>> {
    let rings = std::iter::once(part.exterior()).chain(part.interiors());
    let (mut outlines, holes): (Vec<_>, Vec<_>) = rings.flat_map(loops).partition(|ring| ring_area(ring) > 0.0);
    if outlines.is_empty() {
        // Its lobes cancel each other: only a union can tell what it goes around.
        return vec![part.clone()];
    }
    // The smallest outline around a hole is the one it is cut from.
    outlines.sort_by(|one, other| ring_area(one).total_cmp(&ring_area(other)));
    let mut parts: Vec<Polygon<f64>> = outlines
        .into_iter()
        .map(|ring| Polygon::new(ring, Vec::new()))
        .collect();
    let outermost = parts.len().saturating_sub(1);
    for hole in holes {
        // A hole in no outline must not be lost either: the check that follows finds it outside.
        let home = parts
            .iter()
            .position(|outline| lies_in(&hole, outline))
            .unwrap_or(outermost);
        if let Some(outline) = parts.get_mut(home) {
            outline.interiors_push(hole);
        }
    }
    parts
}

/// Cuts a closed ring at every position that it comes back to; pieces that enclose nothing are left out.
fn loops(ring: &LineString<f64>) -> Vec<LineString<f64>> {
    // -0.0 and 0.0 are the same position.
    let key = |coord: Coord<f64>| ((coord.x + 0.0).to_bits(), (coord.y + 0.0).to_bits());
    let mut loops = Vec::new();
    let mut path: Vec<Coord<f64>> = Vec::new();
    let mut places: HashMap<(u64, u64), usize> = HashMap::new();
    for &coord in &ring.0 {
        let Some(&start) = places.get(&key(coord)) else {
            places.insert(key(coord), path.len());
            path.push(coord);
            continue;
        };
        let mut closed = vec![path[start]];
        for left in path.drain(start + 1..) {
            places.remove(&key(left));
            closed.push(left);
        }
        closed.push(coord);
        if closed.len() >= 4 {
            loops.push(LineString(closed));
        }
    }
    loops
}

/// Whether a ring lies in an outline that it touches at most at positions.
fn lies_in(ring: &LineString<f64>, outline: &Polygon<f64>) -> bool {
    let middles = ring.lines().map(|side| (side.start + side.end) / 2.0);
    let mut probes = ring
        .0
        .iter()
        .copied()
        .chain(middles)
        .map(|coord| outline.coordinate_position(&coord));
    probes.find(|position| *position != CoordPos::OnBoundary) == Some(CoordPos::Inside)
}

#[cfg(test)]
mod tests {
    use geo_types::wkt;

    use super::*;
    use crate::geometry::validity;

    #[test]
    fn holes_and_islands_that_hang_on_the_outline_become_their_own_rings() {
        let tangled = MultiPolygon(vec![wkt!(POLYGON(
            (0. 0.,4. 0.,4. 4.,6. 4.,6. 6.,4. 6.,4. 4.,2. 4.,3. 2.,1. 2.,2. 4.,0. 4.,0. 0.)
        ))]);
        let parts = untangle(&tangled);
        assert_eq!(validity::flaw(&parts.clone().into()), None);
        let holes: Vec<usize> = parts.iter().map(|part| part.interiors().len()).collect();
        assert_eq!(holes, [0, 1]);
        let area: f64 = parts
            .iter()
            .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()))
            .map(ring_area)
            .sum();
        assert!((area - (16.0 + 4.0 - 2.0)).abs() < 1e-12, "{area}");
    }

    #[test]
    fn a_ring_without_doubled_positions_stays_whole() {
        let square = MultiPolygon(vec![wkt!(POLYGON((0. 0.,4. 0.,4. 4.,0. 4.,0. 0.)))]);
        assert_eq!(untangle(&square), square);
    }
}
