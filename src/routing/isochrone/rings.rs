//! Rings put together of cuts, and polygons of rings.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rstar::{AABB, RTree};
use rustc_hash::FxHashMap;

use super::outline::Cut;

/// Closed rings of directed cuts, each edge of which one cut comes to and one leaves. O(n).
pub(super) fn closed(cuts: &[[Cut; 2]]) -> Vec<LineString<f64>> {
    let mut next: FxHashMap<usize, [Cut; 2]> = cuts.iter().map(|cut| (cut[0].edge, *cut)).collect();
    let mut rings = Vec::new();
    for [first, _] in cuts {
        let mut ring = Vec::new();
        let mut edge = first.edge;
        while let Some([from, to]) = next.remove(&edge) {
            ring.push(from.at);
            edge = to.edge;
        }
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

/// Whether any of some points lies in a ring.
pub(super) fn holds_any(ring: &LineString<f64>, points: &RTree<[f64; 2]>) -> bool {
    let [low, high] = bounds(ring);
    points
        .locate_in_envelope(AABB::from_corners(low.into(), high.into()))
        .any(|&[x, y]| holds(ring, Coord { x, y }))
}

fn bounds(ring: &LineString<f64>) -> [Coord<f64>; 2] {
    let first = ring.0.first().copied().unwrap_or_default();
    ring.0.iter().fold([first; 2], |[low, high], at| {
        [
            Coord {
                x: low.x.min(at.x),
                y: low.y.min(at.y),
            },
            Coord {
                x: high.x.max(at.x),
                y: high.y.max(at.y),
            },
        ]
    })
}

/// Polygons of rings that do not cross: those that run counter-clockwise are shells, the others holes of the smallest shell around them;
/// holes that are not wanted are filled. O(shells) for a hole.
pub(super) fn polygons(rings: Vec<LineString<f64>>, wants: impl Fn(&LineString<f64>) -> bool) -> MultiPolygon<f64> {
    let (mut shells, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| area(ring) > 0.0);
    shells.sort_by(|a, b| area(a).total_cmp(&area(b)));
    let boxes: Vec<_> = shells.iter().map(bounds).collect();
    let mut polygons: Vec<Polygon<f64>> = shells
        .into_iter()
        .map(|shell| Polygon::new(shell, Vec::new()))
        .collect();
    for hole in holes.into_iter().filter(wants) {
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
