//! Whether a geometry is valid as OGC Simple Features (06-103r4, section 6.1) says, and where it is not.
//!
//! Owns the check, not the repair. Rings are closed, have at least three different positions and never touch
//! themselves; rings may touch each other at points but not cross or share a stretch; holes lie in their part and not
//! in each other; parts do not overlap. Not checked: whether touching rings cut the interior in two (nor does GEOS'
//! point-in-polygon mind). Planar in degrees, with exact predicates: no verdict depends on rounding.
//!
//! 1. `segments` takes the rings apart and sorts the segments into strips of latitude;
//! 2. a sweep over each strip finds every pair that meets (`meeting`);
//! 3. what only touches is examined for a crossing through the touching point, then rings are nested by ray casting.
//!
//! O(n log n) for n vertices spread as real outlines are.

mod flaw;
mod meeting;
mod rings;
mod segments;

use geo_types::{Geometry, LineString, Polygon};

pub use flaw::Flaw;

/// The first flaw found in a geometry, or `None` if it is valid.
pub fn flaw(geometry: &Geometry<f64>) -> Option<Flaw> {
    match geometry {
        Geometry::Polygon(polygon) => rings::flaw(std::slice::from_ref(polygon)),
        Geometry::MultiPolygon(parts) => rings::flaw(&parts.0),
        Geometry::Rect(rect) => flaw(&Polygon::from(*rect).into()),
        Geometry::Triangle(triangle) => flaw(&Polygon::from(*triangle).into()),
        Geometry::LineString(line) => flaw_of_line(line),
        Geometry::MultiLineString(lines) => lines.iter().find_map(flaw_of_line),
        Geometry::Line(line) => flaw_of_line(&(*line).into()),
        Geometry::Point(point) => not_finite(&[point.0]),
        Geometry::MultiPoint(points) => points.iter().find_map(|point| not_finite(&[point.0])),
        Geometry::GeometryCollection(members) => members.iter().find_map(flaw),
    }
}

fn not_finite(coords: &[geo_types::Coord<f64>]) -> Option<Flaw> {
    let is_finite = |coord: &geo_types::Coord<f64>| coord.x.is_finite() && coord.y.is_finite();
    (!coords.iter().all(is_finite)).then_some(Flaw::NotFinite)
}

fn flaw_of_line(line: &LineString<f64>) -> Option<Flaw> {
    not_finite(&line.0).or_else(|| {
        let first = line.0.first().copied();
        let has_length = line.0.iter().any(|coord| Some(*coord) != first);
        (!has_length).then_some(Flaw::ShortLine { at: first })
    })
}
