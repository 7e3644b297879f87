//! One administrative area, ready for "is this inside?" and "how far outside?".

use std::borrow::Cow;

use geo::{BoundingRect, InteriorPoint};
use geo_types::{Coord, Geometry, Line, LineString, Polygon, Rect};

use crate::{
    catalog::{Attribute, Walked},
    fold,
    geometry::{LonLat, PreparedPolygon, area, geodesic},
    messages::Lang,
};

/// A degree of latitude in metres, near enough for comparing short distances.
const DEGREE_M: f64 = 111_200.0;

pub(super) struct Area {
    /// As people call it.
    pub(super) label: String,
    /// Its folded names, each once.
    pub(super) names: Vec<String>,
    pub(super) code: Option<String>,
    pub(super) square_metres: f64,
    pub(super) rect: Rect<f64>,
    /// A position inside.
    pub(super) inside: LonLat,
    parts: Vec<PreparedPolygon>,
    outlines: Vec<LineString<f64>>,
}

impl Area {
    /// `None` for what is no polygon.
    pub(super) fn new(feature: &Walked<'_>) -> Option<Self> {
        let polygons: Vec<&Polygon<f64>> = match &feature.geometry {
            Geometry::Polygon(polygon) => vec![polygon],
            Geometry::MultiPolygon(parts) => parts.iter().collect(),
            _ => return None,
        };
        let inside = feature.geometry.interior_point()?;
        let names: Vec<String> = [Lang::Zh, Lang::En]
            .into_iter()
            .filter_map(|lang| feature.name(lang).map(Cow::into_owned))
            .collect();
        let mut folded: Vec<String> = names.iter().map(|name| fold::fold(name)).collect();
        folded.sort();
        folded.dedup();
        let rings = |polygon: &&Polygon<f64>| {
            let exterior = std::iter::once(polygon.exterior().clone());
            exterior.chain(polygon.interiors().iter().cloned()).collect::<Vec<_>>()
        };
        Some(Self {
            label: names.into_iter().next().unwrap_or_else(|| feature.id().into_owned()),
            names: folded,
            code: feature.text(Attribute::AdminCode).map(|code| code.trim().to_owned()),
            square_metres: area::square_metres(&feature.geometry),
            rect: feature.geometry.bounding_rect()?,
            inside: LonLat::new(inside.x(), inside.y()).ok()?,
            parts: polygons.iter().map(|polygon| PreparedPolygon::new(polygon)).collect(),
            outlines: polygons.iter().flat_map(rings).collect(),
        })
    }

    pub(super) fn covers(&self, position: LonLat) -> bool {
        self.parts.iter().any(|part| part.covers(position))
    }

    /// Metres to the nearest place of the outline; infinity where that is known to be more than `enough` without
    /// looking. O(1) far away, O(vertices) near.
    pub(super) fn to_outline_m(&self, from: LonLat, enough: f64) -> f64 {
        let plane = Plane::at(from);
        let corner = |corner: Coord<f64>| plane.metres(corner);
        let (low, high) = (corner(self.rect.min()), corner(self.rect.max()));
        let beyond = |low: f64, high: f64| low.max(-high).max(0.0);
        // The plane is not exact: a tenth more is surely enough.
        if beyond(low.x, high.x).hypot(beyond(low.y, high.y)) > enough * 1.1 {
            return f64::INFINITY;
        }
        let edges = self.outlines.iter().flat_map(LineString::lines);
        let nearest = edges
            .map(|edge| plane.nearest(edge))
            .min_by(|one, other| one.1.total_cmp(&other.1));
        nearest
            .and_then(|(place, _)| LonLat::try_from(place).ok())
            .map_or(f64::INFINITY, |place| geodesic::distance(from, place).0)
    }
}

/// The surroundings of a position as a plane in metres: where an outline is nearest. The distance is then measured on
/// the ellipsoid.
struct Plane {
    origin: Coord<f64>,
    east_m: f64,
}

impl Plane {
    fn at(position: LonLat) -> Self {
        Self {
            origin: position.into(),
            east_m: DEGREE_M * position.lat().to_radians().cos(),
        }
    }

    fn metres(&self, coord: Coord<f64>) -> Coord<f64> {
        Coord {
            x: (coord.x - self.origin.x) * self.east_m,
            y: (coord.y - self.origin.y) * DEGREE_M,
        }
    }

    /// The place on an edge that is nearest to the origin, in degrees, and the square of its distance in metres.
    fn nearest(&self, edge: Line<f64>) -> (Coord<f64>, f64) {
        let (start, end) = (self.metres(edge.start), self.metres(edge.end));
        let along = end - start;
        let squared = along.x * along.x + along.y * along.y;
        let share = if squared == 0.0 {
            0.0
        } else {
            (-(start.x * along.x + start.y * along.y) / squared).clamp(0.0, 1.0)
        };
        let at = start + along * share;
        (edge.start + edge.delta() * share, at.x * at.x + at.y * at.y)
    }
}
