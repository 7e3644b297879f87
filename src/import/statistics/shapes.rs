//! The geometries of a layer, counted and measured.

use geo::CoordsIter;
use geo_types::Geometry;
use serde::Serialize;

use crate::geometry::area;

/// What the geometries are.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct GeometryStatistics {
    /// Features that are points, or several points.
    pub points: u64,
    /// Features that are lines.
    pub lines: u64,
    /// Features that are polygons.
    pub polygons: u64,
    /// All vertices; the first of a ring counts again as its last.
    pub vertices: u64,
    /// The area of all polygons in square kilometres on the WGS 84 ellipsoid, edges straight in degrees; where polygons
    /// overlap it counts as often.
    pub area_km2: f64,
}

impl GeometryStatistics {
    pub(super) fn add(&mut self, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(_) | Geometry::MultiPoint(_) => self.points += 1,
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => self.lines += 1,
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {
                self.polygons += 1;
            }
            // Imports refuse collections.
            Geometry::GeometryCollection(_) => {}
        }
        self.vertices += geometry.coords_count() as u64;
        self.area_km2 += area::square_metres(geometry) / 1e6;
    }
}
