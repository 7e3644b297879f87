//! One polygon of a zone, ready to be cut with lines.

use geo_types::{Coord, Line, LineString, Polygon, Rect};

use crate::{
    geometry::{LonLat, PreparedPolygon},
    index::Boxes,
};

/// A polygon with its edges in an index: which lines meet it and where.
#[derive(Debug)]
pub(in crate::routing) struct ZonePolygon {
    inside: PreparedPolygon,
    edges: Boxes<Line<f64>>,
}

impl ZonePolygon {
    /// Indexes a polygon. O(n log n).
    pub(in crate::routing) fn new(polygon: &Polygon<f64>) -> Self {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        let edges = rings
            .flat_map(closed)
            .map(|edge| (Rect::new(edge.start, edge.end), edge));
        Self {
            inside: PreparedPolygon::new(polygon),
            edges: edges.collect(),
        }
    }

    /// The box around it; none for an empty one.
    pub(in crate::routing) fn rect(&self) -> Option<Rect<f64>> {
        self.inside.corners().map(|(min, max)| Rect::new(min, max))
    }

    pub(in crate::routing) fn covers(&self, position: LonLat) -> bool {
        self.inside.covers(position)
    }

    /// Whether some edge may meet the line through the points; if none does, all of it lies on one side.
    pub(super) fn edges_near(&self, points: &[LonLat]) -> bool {
        let corners = points.iter().map(|&point| Coord::from(point));
        let around = corners.map(|corner| Rect::new(corner, corner)).reduce(|a, b| {
            let (low, high) = (a.min(), a.max());
            let corner = b.min();
            Rect::new(
                Coord {
                    x: low.x.min(corner.x),
                    y: low.y.min(corner.y),
                },
                Coord {
                    x: high.x.max(corner.x),
                    y: high.y.max(corner.y),
                },
            )
        });
        around.is_some_and(|rect| self.edges.meeting(rect).next().is_some())
    }

    /// The shares of a line at which it meets an edge, sorted, with 0 and 1.
    pub(super) fn cuts(&self, from: LonLat, to: LonLat) -> Vec<f64> {
        let line = Line::new(Coord::from(from), Coord::from(to));
        let mut cuts = vec![0.0, 1.0];
        for edge in self.edges.meeting(Rect::new(line.start, line.end)) {
            cut(line, *edge, &mut cuts);
        }
        cuts.retain(|share| (0.0..=1.0).contains(share));
        cuts.sort_unstable_by(f64::total_cmp);
        cuts.dedup();
        cuts
    }
}

/// The edges of a ring, the one that closes it with them.
fn closed(ring: &LineString<f64>) -> impl Iterator<Item = Line<f64>> {
    let closing = ring.0.last().zip(ring.0.first()).filter(|(last, first)| last != first);
    ring.lines()
        .chain(closing.map(|(&last, &first)| Line::new(last, first)))
}

/// Adds the share of `line` at which it meets the straight line through `edge`, if between its ends or not far beyond; where both lie on
/// one straight line, the shares of the edge's ends. A cut too many does no harm.
fn cut(line: Line<f64>, edge: Line<f64>, cuts: &mut Vec<f64>) {
    let (d, e) = (line.delta(), edge.delta());
    let offset = edge.start - line.start;
    let cross = |a: Coord<f64>, b: Coord<f64>| a.x * b.y - a.y * b.x;
    let turn = cross(d, e);
    if turn == 0.0 {
        let squared = d.x * d.x + d.y * d.y;
        if squared > 0.0 {
            let share = |point: Coord<f64>| ((point.x - line.start.x) * d.x + (point.y - line.start.y) * d.y) / squared;
            cuts.extend([share(edge.start), share(edge.end)]);
        }
        return;
    }
    let along_edge = cross(offset, d) / turn;
    if (-1e-9..=1.0 + 1e-9).contains(&along_edge) {
        cuts.push(cross(offset, e) / turn);
    }
}
