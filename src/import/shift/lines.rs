//! Borders, shores, rivers and roads of the pack, and how far from them the positions of outlines and lines are.
//!
//! Two drawings of the same river are rarely equal but run close to each other; a third of a kilometre aside they do
//! not. Positions are summed up by cells, for a stretch of river that one drawing cuts short puts all its vertices aside
//! together. A layer of lines that the pack does not know is far from everything under each hypothesis alike.

use std::{collections::BTreeMap, f64::consts::TAU};

use geo_types::{Coord, Geometry, LineString, Polygon, Rect};
use rstar::{PointDistance, RTree, primitives::Line};

use super::{
    hypothesis::Hypothesis,
    sample::Sample,
    scores::{self, Each, Noise},
};
use crate::geometry::{Datum, LonLat, Mercator, geodesic::EQUATORIAL_RADIUS_M};

/// What is farther from every line counts as so far, metres.
pub(super) const REACH_M: f64 = 3_000.0;

/// The side of the cells that are taken as independent, degrees: 5 km, more than the stretches that generalisation
/// cuts short.
const CELL_DEG: f64 = 0.05;

/// As many segments are held at once: 48 MB with their tree.
const MOST_SEGMENTS: usize = 500_000;

/// Segments by place.
pub(super) struct Lines {
    /// In the Mercator unit square, where a circle stays a circle.
    tree: RTree<Line<[f64; 2]>>,
}

/// Collects segments near the positions to be judged.
pub(super) struct LinesBuilder {
    window: Rect<f64>,
    segments: Vec<Line<[f64; 2]>>,
}

impl LinesBuilder {
    pub(super) const fn new(window: Rect<f64>) -> Self {
        Self {
            window,
            segments: Vec::new(),
        }
    }

    /// Adds the segments of lines and outlines that reach into the window, while there is room.
    pub(super) fn add(&mut self, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::LineString(line) => self.add_line(line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.add_line(line)),
            Geometry::Polygon(polygon) => self.add_polygon(polygon),
            Geometry::MultiPolygon(parts) => parts.iter().for_each(|part| self.add_polygon(part)),
            _ => {}
        }
    }

    pub(super) fn add_polygon(&mut self, polygon: &Polygon<f64>) {
        self.add_line(polygon.exterior());
        polygon.interiors().iter().for_each(|ring| self.add_line(ring));
    }

    fn add_line(&mut self, line: &LineString<f64>) {
        let (min, max) = (self.window.min(), self.window.max());
        for side in line.lines() {
            let (a, b) = (side.start, side.end);
            let meets =
                a.x.max(b.x) >= min.x && a.x.min(b.x) <= max.x && a.y.max(b.y) >= min.y && a.y.min(b.y) <= max.y;
            if meets && self.segments.len() < MOST_SEGMENTS {
                self.segments.push(Line::new(project(a), project(b)));
            }
        }
    }

    pub(super) fn finish(self) -> Lines {
        Lines {
            tree: RTree::bulk_load(self.segments),
        }
    }
}

fn project(coord: Coord<f64>) -> [f64; 2] {
    let Mercator { x, y } = Mercator::project(coord.x, coord.y);
    [x, y]
}

impl Lines {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// Distance to the nearest segment, at most [`REACH_M`]. O(log n).
    pub(super) fn distance_m(&self, position: LonLat) -> f64 {
        let point = project(position.into());
        let Some(nearest) = self.tree.nearest_neighbor(point) else {
            return REACH_M;
        };
        // Mercator stretches lengths by the secant of the latitude.
        let unit_m = TAU * EQUATORIAL_RADIUS_M * position.lat().to_radians().cos();
        (nearest.distance_2(&point).sqrt() * unit_m).min(REACH_M)
    }
}

/// What the outlines say.
pub(super) struct LineEvidence {
    /// Distance to the nearest line, by vertex.
    pub(super) distances_m: Vec<Each>,
    /// Mean log-likelihood by cell: a densely drawn stretch says no more than a plain one.
    pub(super) blocks: Vec<Each>,
}

/// Measures every vertex of the sample under every hypothesis.
pub(super) fn compare(sample: &Sample, lines: &Lines, declared: Datum, hypotheses: &[Hypothesis]) -> LineEvidence {
    let vertices: Vec<LonLat> = if lines.is_empty() {
        Vec::new()
    } else {
        sample
            .features
            .iter()
            .flat_map(|feature| feature.vertices.iter().copied())
            .collect()
    };
    let measure = |&vertex: &LonLat| {
        let mut each = Each::default();
        for (distance, hypothesis) in each.iter_mut().zip(hypotheses) {
            *distance = lines.distance_m(hypothesis.correct(declared, vertex));
        }
        each
    };
    let distances_m: Vec<Each> = vertices.iter().map(measure).collect();
    let likelihoods = scores::log_likelihoods(&distances_m, hypotheses.len(), Noise::Lines);
    let mut cells: BTreeMap<(i32, i32), (Each, f64)> = BTreeMap::new();
    for (vertex, likelihood) in vertices.iter().zip(likelihoods) {
        let (sum, count) = cells.entry(cell(*vertex, CELL_DEG)).or_default();
        sum.iter_mut().zip(likelihood).for_each(|(sum, value)| *sum += value);
        *count += 1.0;
    }
    let blocks = cells.into_values().map(|(sum, count)| sum.map(|value| value / count));
    LineEvidence {
        distances_m,
        blocks: blocks.collect(),
    }
}

/// The cell of a grid that a position lies in.
pub(super) fn cell(position: LonLat, side_deg: f64) -> (i32, i32) {
    (
        (position.lon() / side_deg).floor() as i32,
        (position.lat() / side_deg).floor() as i32,
    )
}

#[cfg(test)]
mod tests {
    use geo_types::wkt;

    use super::*;
    use crate::geometry::geodesic;

    #[test]
    fn distances_are_those_on_the_ground() {
        let mut builder = LinesBuilder::new(Rect::new((118.0, 25.0), (121.0, 27.0)));
        builder.add(&wkt!(LINESTRING(119. 26.,119.5 26.,119.5 26.5)).into());
        builder.add(&wkt!(LINESTRING(100. 26.,101. 26.)).into());
        let lines = builder.finish();
        let from = LonLat::new(119.2, 26.01).unwrap();
        let wanted = geodesic::distance(from, LonLat::new(119.2, 26.0).unwrap()).0;
        let found = lines.distance_m(from);
        assert!((found - wanted).abs() < 0.01 * wanted, "{found} {wanted}");
        assert_eq!(lines.distance_m(LonLat::new(100.5, 26.0).unwrap()), REACH_M);
        assert_eq!(
            LinesBuilder::new(Rect::new((0.0, 0.0), (1.0, 1.0)))
                .finish()
                .distance_m(from),
            REACH_M
        );
    }
}
