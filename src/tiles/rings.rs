//! Rings of whole coordinates: side, area, inside, and taking a ring apart where it comes back to a vertex.
//!
//! Owns arithmetic on rings whose first vertex is not repeated. What makes a feature valid is [`super::repair`]'s.

use std::{cmp::Reverse, collections::HashMap};

use geo_types::Coord;

/// Which side of the line `a → b` a position lies on, and twice the area they span; 0 on the line.
pub(super) fn side(a: Coord<i32>, b: Coord<i32>, at: Coord<i32>) -> i64 {
    i64::from(b.x - a.x) * i64::from(at.y - a.y) - i64::from(b.y - a.y) * i64::from(at.x - a.x)
}

/// Whether the way `before → tip → after` turns straight back at its tip, or stays there.
pub(super) fn is_spike(before: Coord<i32>, tip: Coord<i32>, after: Coord<i32>) -> bool {
    let back = i64::from(tip.x - before.x) * i64::from(after.x - tip.x)
        + i64::from(tip.y - before.y) * i64::from(after.y - tip.y);
    back < 0 && side(before, tip, after) == 0
}

/// Twice the signed area of a ring, positive for exteriors in MVT's sense.
pub(super) fn doubled_area(ring: &[Coord<i32>]) -> i64 {
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y))
        .sum()
}

/// Whether a position lies inside a ring (even-odd; on the edge it may count either way).
pub(super) fn contains(ring: &[Coord<i32>], at: Coord<i32>) -> bool {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossed = edges.filter(|(a, b)| (a.y > at.y) != (b.y > at.y) && (side(**a, **b, at) > 0) == (b.y > a.y));
    crossed.count() % 2 == 1
}

/// Takes a closed way apart into loops that visit no vertex twice; those without area go.
pub(super) fn take_apart(way: impl Iterator<Item = Coord<i32>>, loops: &mut Vec<Vec<Coord<i32>>>) {
    let mut open: Vec<Coord<i32>> = Vec::new();
    let mut position: HashMap<Coord<i32>, usize> = HashMap::new();
    let mut add = |ring: &[Coord<i32>]| {
        if doubled_area(ring) != 0 {
            loops.push(without_straight_vertices(ring));
        }
    };
    for at in way {
        if let Some(&start) = position.get(&at) {
            add(&open[start..]);
            for vertex in open.drain(start..) {
                position.remove(&vertex);
            }
        }
        position.insert(at, open.len());
        open.push(at);
    }
    add(&open);
}

/// The ring without the vertices that lie on the straight way between their neighbours.
fn without_straight_vertices(ring: &[Coord<i32>]) -> Vec<Coord<i32>> {
    let count = ring.len();
    let is_corner = |&index: &usize| {
        side(
            ring[(index + count - 1) % count],
            ring[index],
            ring[(index + 1) % count],
        ) != 0
    };
    (0..count).filter(is_corner).map(|index| ring[index]).collect()
}

/// The exterior that a hole lies in, where holes touch their exterior and each other in single points at most. The
/// middles of the hole's edges decide: at most a few of them are such points. O(vertices).
pub(super) fn owner(exteriors: &[Vec<Coord<i32>>], hole: &[Coord<i32>]) -> Option<usize> {
    if exteriors.len() < 2 {
        return exteriors.len().checked_sub(1);
    }
    let doubled = |at: &Coord<i32>| Coord {
        x: at.x * 2,
        y: at.y * 2,
    };
    let next = hole.iter().cycle().skip(1);
    let middles: Vec<Coord<i32>> = hole
        .iter()
        .zip(next)
        .map(|(a, b)| Coord {
            x: a.x + b.x,
            y: a.y + b.y,
        })
        .collect();
    let score = |exterior: &[Coord<i32>]| {
        let exterior: Vec<Coord<i32>> = exterior.iter().map(doubled).collect();
        middles.iter().filter(|at| contains(&exterior, **at)).count()
    };
    let scored = exteriors.iter().enumerate();
    scored
        .max_by_key(|(_, exterior)| (score(exterior), Reverse(doubled_area(exterior))))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(i32, i32)]) -> Vec<Coord<i32>> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn a_way_that_comes_back_is_taken_apart() {
        let eight = ring(&[(0, 0), (4, 0), (4, 4), (8, 4), (8, 8), (4, 8), (4, 4), (0, 4)]);
        let mut loops = Vec::new();
        take_apart(eight.into_iter(), &mut loops);
        assert_eq!(
            loops.iter().map(|ring| doubled_area(ring)).collect::<Vec<_>>(),
            [32, 32]
        );
    }

    #[test]
    fn a_hole_belongs_to_the_innermost_exterior_around_it() {
        let outer = ring(&[(0, 0), (20, 0), (20, 20), (0, 20)]);
        let inner = ring(&[(4, 4), (16, 4), (16, 16), (4, 16)]);
        let beside = ring(&[(20, 0), (40, 0), (40, 20)]);
        let exteriors = [beside, outer, inner];
        assert_eq!(owner(&exteriors, &ring(&[(4, 4), (6, 8), (8, 6)])), Some(2));
        assert_eq!(owner(&exteriors, &ring(&[(0, 1), (1, 3), (2, 1)])), Some(1));
        assert_eq!(owner(&exteriors, &ring(&[(20, 0), (39, 15), (39, 10)])), Some(0));
    }
}
