//! The simple pieces that a layer's geometries are made of, on the world grid.
//!
//! Owns taking geometries apart into points, lines and polygons, cleaning them (doubled vertices, winding), and the
//! question what becomes of a piece too small to draw at a zoom. Rows come in drawing order: what matters more later.

use std::ops::Range;

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::{
    grid::{GridBox, GridPoint, units_per_step},
    topology::Path,
};
use crate::catalog::ZoomRange;

/// Polygons smaller than this are markers, in square tile units: half a pixel each way on a 512-pixel tile.
const SMALLEST_AREA: f64 = 16.0;
/// Polygons thinner than this on average are markers, in tile units: half a pixel.
const SMALLEST_WIDTH: f64 = 4.0;
/// Markers that reach no farther than this either way are one cell, in tile units: two pixels.
const LARGEST_DOT: f64 = 16.0;
/// No place in a polygon smaller than this is farther than a pixel from its outline, in square tile units: π · 8².
const SMALLEST_GAP_AREA: f64 = 200.0;
/// Nor in a polygon narrower than this, in tile units.
const SMALLEST_GAP_WIDTH: f64 = 16.0;
/// Lines shorter than this are not drawn, in tile units: a quarter of a pixel.
const SHORTEST_LINE: f64 = 2.0;
/// The farthest zoom whose rules are told apart: crowded tiles are drawn as zooms farther out are, also below 0.
const FARTHEST: i8 = -16;

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    Point,
    Line,
    Polygon,
}

/// What becomes of a piece at a zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Drawn as it is.
    Draw,
    /// Too thin on the whole, but perhaps not everywhere: drawn, and the pixels along its outline with it.
    DrawAndTrace,
    /// Too thin: the pixels along its outline are drawn, which leave nothing between them.
    Trace,
    /// Too small: one pixel is drawn.
    Dot,
    /// Not drawn.
    Drop,
}

/// One piece of a feature.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// The feature's row in the layer.
    pub(super) row: u32,
    pub(super) kind: PartKind,
    pub(super) bbox: GridBox,
    /// Whether something must be seen of it at every zoom.
    is_kept: bool,
    /// First zoom at which it is drawn as it is; below 0 as a tile of that zoom would be.
    draw_from: i8,
    /// First zoom at which the pixels along its outline may leave a gap within.
    fill_from: i8,
    /// First zoom at which its marker needs more than one pixel.
    trace_from: i8,
}

impl Part {
    /// What becomes of the piece at a zoom. Never steps back from `Draw` as the zoom grows.
    pub(super) const fn fate(&self, zoom: i8) -> Fate {
        let is_kept_line = self.is_kept && matches!(self.kind, PartKind::Line);
        if zoom >= self.draw_from || is_kept_line {
            Fate::Draw
        } else if !self.is_kept {
            Fate::Drop
        } else if zoom >= self.fill_from {
            Fate::DrawAndTrace
        } else if zoom >= self.trace_from {
            Fate::Trace
        } else {
            Fate::Dot
        }
    }

    /// Whether something must be seen of it at every zoom.
    pub(super) const fn is_kept(&self) -> bool {
        self.is_kept
    }
}

/// Vertices of all parts of a layer: each part is a run of paths, each path a run of vertices.
#[derive(Debug, Default)]
pub(super) struct Paths {
    pub(super) points: Vec<GridPoint>,
    /// The first zoom at which each vertex is kept.
    pub(super) kept_from: Vec<i8>,
    /// Where each path ends in `points`.
    path_ends: Vec<u32>,
    /// Where each part ends in `path_ends`.
    part_ends: Vec<u32>,
}

impl Paths {
    /// Ends the path that was pushed last.
    pub(super) fn end_path(&mut self) {
        self.path_ends.push(self.points.len() as u32);
    }

    /// Ends the part that was pushed last.
    pub(super) fn end_part(&mut self) {
        self.part_ends.push(self.path_ends.len() as u32);
    }

    /// The paths of a part, as numbers for [`Paths::range`].
    pub(super) fn paths_of(&self, part: usize) -> Range<usize> {
        let start = part.checked_sub(1).map_or(0, |before| self.part_ends[before]);
        start as usize..self.part_ends[part] as usize
    }

    /// The vertices of a path, as a range of `points` and `kept_from`.
    pub(super) fn range(&self, path: usize) -> Range<usize> {
        let start = path.checked_sub(1).map_or(0, |before| self.path_ends[before]);
        start as usize..self.path_ends[path] as usize
    }

    /// Number of paths.
    pub(super) fn path_count(&self) -> usize {
        self.path_ends.len()
    }
}

/// Takes geometries apart.
pub(super) struct Splitter {
    pub(super) parts: Vec<Part>,
    pub(super) paths: Paths,
    /// Whether every piece is kept at every zoom, not only a feature's largest.
    keeps_all: bool,
    row: u32,
}

impl Splitter {
    /// `keeps_all`: no piece may vanish, as for hazard zones; else only a feature's largest piece is kept. With room for so
    /// many positions: growing on the way would need as much again for a moment.
    pub(super) fn new(keeps_all: bool, positions: usize) -> Self {
        Self {
            parts: Vec::new(),
            paths: Paths {
                points: Vec::with_capacity(positions),
                ..Paths::default()
            },
            keeps_all,
            row: 0,
        }
    }

    /// Adds a feature's geometry.
    pub(super) fn add(&mut self, row: usize, geometry: &Geometry<f64>) {
        self.row = row as u32;
        let first = self.parts.len();
        self.split(geometry);
        let size = |part: &Part| (part.draw_from, -part.bbox.longer_side());
        let largest = (first..self.parts.len()).min_by(|&a, &b| {
            size(&self.parts[a])
                .partial_cmp(&size(&self.parts[b]))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        if let Some(largest) = largest {
            self.parts[largest].is_kept |= self.parts[largest].kind != PartKind::Line;
        }
    }

    fn split(&mut self, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.point(point.0),
            Geometry::MultiPoint(points) => points.iter().for_each(|point| self.point(point.0)),
            Geometry::Line(line) => self.line(&LineString::from(*line)),
            Geometry::LineString(line) => self.line(line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.line(line)),
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.polygon(polygon)),
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
            Geometry::GeometryCollection(all) => all.iter().for_each(|geometry| self.split(geometry)),
        }
    }

    fn point(&mut self, at: Coord<f64>) {
        let point = GridPoint::from_degrees(at);
        self.paths.points.push(point);
        self.paths.end_path();
        self.finish(PartKind::Point, GridBox { min: point, max: point }, FARTHEST, FARTHEST);
    }

    fn line(&mut self, line: &LineString<f64>) {
        let start = self.paths.points.len();
        self.push_distinct(line.0.iter().copied());
        let Some(bbox) = self.box_since(start) else { return };
        self.paths.end_path();
        let draw_from = first_zoom(|scale| bbox.longer_side() * scale >= SHORTEST_LINE);
        self.finish(PartKind::Line, bbox, draw_from, draw_from);
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        let start = self.paths.points.len();
        let Some(area) = self.ring(polygon.exterior(), true) else {
            return;
        };
        let Some(bbox) = self.box_since(start) else { return };
        let perimeter = perimeter(&self.paths.points[start..]);
        let holes: f64 = polygon
            .interiors()
            .iter()
            .filter_map(|hole| self.ring(hole, false))
            .sum();
        let area = area + holes;
        let width = 2.0 * area / perimeter;
        let draw_from = first_zoom(|scale| area * scale * scale >= SMALLEST_AREA && width * scale >= SMALLEST_WIDTH);
        let fill_from = first_zoom(|scale| {
            area * scale * scale >= SMALLEST_GAP_AREA && bbox.shorter_side() * scale >= SMALLEST_GAP_WIDTH
        });
        self.finish(PartKind::Polygon, bbox, draw_from, fill_from);
    }

    /// Adds a ring without its repeated end, wound so that its area is positive for exteriors and negative for holes;
    /// `None` and nothing added for a ring without area.
    fn ring(&mut self, ring: &LineString<f64>, is_exterior: bool) -> Option<f64> {
        let start = self.paths.points.len();
        self.push_distinct(ring.0.iter().copied());
        while self.paths.points.len() > start + 1 && self.paths.points.last() == self.paths.points.get(start) {
            self.paths.points.pop();
        }
        let area = signed_area(&self.paths.points[start..]);
        if area == 0.0 {
            self.paths.points.truncate(start);
            return None;
        }
        if (area > 0.0) != is_exterior {
            self.paths.points[start..].reverse();
        }
        self.paths.end_path();
        Some(if is_exterior { area.abs() } else { -area.abs() })
    }

    fn push_distinct(&mut self, coords: impl Iterator<Item = Coord<f64>>) {
        let start = self.paths.points.len();
        for point in coords.map(GridPoint::from_degrees) {
            if self.paths.points.len() == start || self.paths.points.last() != Some(&point) {
                self.paths.points.push(point);
            }
        }
    }

    fn box_since(&self, start: usize) -> Option<GridBox> {
        GridBox::around(self.paths.points[start..].iter().copied())
    }

    fn finish(&mut self, kind: PartKind, bbox: GridBox, draw_from: i8, fill_from: i8) {
        self.paths.end_part();
        self.parts.push(Part {
            row: self.row,
            kind,
            bbox,
            is_kept: self.keeps_all,
            draw_from,
            fill_from,
            trace_from: first_zoom(|scale| bbox.longer_side() * scale > LARGEST_DOT),
        });
    }

    /// The lines and rings of some parts, for [`super::topology`].
    pub(super) fn paths_of(&self, parts: Range<usize>) -> impl Iterator<Item = Path<'_>> + Clone {
        parts.flat_map(move |part| {
            let is_ring = self.parts[part].kind == PartKind::Polygon;
            self.paths.paths_of(part).map(move |path| {
                let range = self.paths.range(path);
                Path {
                    first: range.start,
                    points: &self.paths.points[range],
                    is_ring,
                }
            })
        })
    }
}

/// The first zoom whose scale (tile units per step) satisfies a condition that, once true, stays true.
fn first_zoom(is_enough: impl Fn(f64) -> bool) -> i8 {
    let deepest = ZoomRange::DEEPEST as i8;
    (FARTHEST..=deepest)
        .find(|&zoom| is_enough(units_per_step(zoom)))
        .unwrap_or(deepest + 1)
}

/// The area within a ring in square steps, positive where it runs clockwise on a map (`y` grows south): the winding
/// that MVT wants of exteriors.
fn signed_area(ring: &[GridPoint]) -> f64 {
    let Some(&first) = ring.first() else { return 0.0 };
    let (mut doubled, mut before) = (0_i128, (0, 0));
    for point in ring {
        let at = (
            i64::from(point.x) - i64::from(first.x),
            i64::from(point.y) - i64::from(first.y),
        );
        doubled += cross(before, at);
        before = at;
    }
    doubled as f64 / 2.0
}

/// Twice the signed area of the triangle with the origin.
fn cross(a: (i64, i64), b: (i64, i64)) -> i128 {
    const NEAR: i64 = 1 << 30;
    let is_near = |(x, y): (i64, i64)| x.abs() < NEAR && y.abs() < NEAR;
    if is_near(a) && is_near(b) {
        (a.0 * b.1 - b.0 * a.1).into()
    } else {
        i128::from(a.0) * i128::from(b.1) - i128::from(b.0) * i128::from(a.1)
    }
}

/// The length around a ring, in steps.
fn perimeter(ring: &[GridPoint]) -> f64 {
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| {
            let (x, y) = (f64::from(a.x) - f64::from(b.x), f64::from(a.y) - f64::from(b.y));
            (x * x + y * y).sqrt()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, polygon};

    use super::*;

    #[test]
    fn rings_are_wound_cleaned_and_not_repeated() {
        let mut splitter = Splitter::new(false, 0);
        let square = polygon![
            exterior: [(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0), (x: 0.0, y: 1.0)],
            interiors: [
                [(x: 0.2, y: 0.2), (x: 0.4, y: 0.2), (x: 0.4, y: 0.4)],
                [(x: 0.5, y: 0.5), (x: 0.6, y: 0.6), (x: 0.5, y: 0.5)],
            ],
        ];
        splitter.add(0, &square.into());
        let rings: Vec<_> = splitter
            .paths_of(0..splitter.parts.len())
            .map(|path| path.points.to_vec())
            .collect();
        assert_eq!(
            rings.iter().map(Vec::len).collect::<Vec<_>>(),
            [4, 3],
            "the hole without area is gone"
        );
        assert!(signed_area(&rings[0]) > 0.0 && signed_area(&rings[1]) < 0.0);
    }

    #[test]
    fn what_is_too_small_becomes_a_marker_or_goes() {
        let islands: Geometry<f64> = geo_types::MultiPolygon::new(vec![
            polygon![(x: 0.0, y: 0.0), (x: 0.001, y: 0.0), (x: 0.001, y: 0.001)],
            polygon![(x: 0.0, y: 0.0), (x: 5.0, y: 0.0), (x: 5.0, y: 0.001)],
            polygon![(x: 0.0, y: 0.0), (x: 5.0, y: 0.0), (x: 5.0, y: 5.0)],
        ])
        .into();
        for (keeps_all, expected) in [
            (true, [Fate::Dot, Fate::Trace, Fate::Draw]),
            (false, [Fate::Drop, Fate::Drop, Fate::Draw]),
        ] {
            let mut splitter = Splitter::new(keeps_all, 0);
            splitter.add(0, &islands);
            let fates: Vec<Fate> = splitter.parts.iter().map(|part| part.fate(6)).collect();
            assert_eq!(fates, expected);
            assert!(splitter.parts.iter().all(|part| part.fate(20) == Fate::Draw));
        }
        let mut splitter = Splitter::new(false, 0);
        splitter.add(0, &line_string![(x: 0.0, y: 0.0), (x: 0.001, y: 0.0)].into());
        assert_eq!(
            (splitter.parts[0].fate(2), splitter.parts[0].fate(18)),
            (Fate::Drop, Fate::Draw)
        );
    }
}
