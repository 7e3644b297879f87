//! Rings put together of cuts, and polygons of rings.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rustc_hash::FxHashMap;

use super::{
    cells::{Key, coord},
    streets,
};

/// The middle between two positions that are joined, twice: their sum. No other two that are joined have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Middle(Key);

impl Middle {
    pub(super) fn of(one: Key, other: Key) -> Self {
        Self([one[0] + other[0], one[1] + other[1]])
    }

    /// Metres.
    fn position(self) -> Coord<f64> {
        coord(self.0) * 0.5
    }
}

/// A straight part of the outline, what is reached on its left.
pub(super) type Cut = [Middle; 2];

/// Closed rings of cuts, to each end of which one comes and from which one leaves. O(n).
pub(super) fn closed(cuts: &[Cut]) -> Vec<LineString<f64>> {
    let mut next: FxHashMap<Middle, Middle> = cuts.iter().map(|[from, to]| (*from, *to)).collect();
    let mut rings = Vec::new();
    for [first, _] in cuts {
        let mut ring = Vec::new();
        let mut at = *first;
        while let Some(to) = next.remove(&at) {
            ring.push(at.position());
            at = to;
        }
        debug_assert!(ring.is_empty() || at == *first, "a ring is open at {at:?}");
        if ring.len() > 2 {
            ring.push(ring[0]);
            rings.push(LineString(ring));
        }
    }
    rings
}

/// The area of a ring, above zero where it runs counter-clockwise.
pub(super) fn area(ring: &LineString<f64>) -> f64 {
    let Some(&origin) = ring.0.first() else { return 0.0 };
    let cross = |pair: &[Coord<f64>]| {
        let (a, b) = (pair[0] - origin, pair[1] - origin);
        a.x * b.y - a.y * b.x
    };
    ring.0.windows(2).map(cross).sum::<f64>() / 2.0
}

/// Whether a position lies in a ring, by the number of its edges to the east (even-odd).
pub(super) fn holds(ring: &LineString<f64>, at: Coord<f64>) -> bool {
    let crosses = |pair: &[Coord<f64>]| {
        let [a, b] = [pair[0], pair[1]];
        (a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x
    };
    ring.0.windows(2).filter(|pair| crosses(pair)).count() % 2 == 1
}

/// The box around a ring.
pub(super) fn bounds(ring: &LineString<f64>) -> [Coord<f64>; 2] {
    streets::bounds(&ring.0).unwrap_or_default()
}

/// Polygons of rings that do not cross: those that run counter-clockwise are shells, the others holes of the smallest shell around
/// them. O(shells) for a hole.
pub(super) fn polygons(rings: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let (mut shells, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| area(ring) > 0.0);
    shells.sort_by(|a, b| area(a).total_cmp(&area(b)));
    let boxes: Vec<_> = shells.iter().map(bounds).collect();
    let mut polygons: Vec<Polygon<f64>> = shells
        .into_iter()
        .map(|shell| Polygon::new(shell, Vec::new()))
        .collect();
    for hole in holes {
        let at = hole.0[0];
        let around = polygons.iter_mut().zip(&boxes).find(|(polygon, [low, high])| {
            (low.x..=high.x).contains(&at.x) && (low.y..=high.y).contains(&at.y) && holds(polygon.exterior(), at)
        });
        if let Some((polygon, _)) = around {
            polygon.interiors_push(hole);
        }
    }
    // The largest first.
    polygons.reverse();
    MultiPolygon(polygons)
}
