//! A point to show a thing at, the box around it, and how high an administrative area stands.

//! Where a thing lies: a point to show it at, the box around it, and the areas that contain it.

use geo::{BoundingRect, InteriorPoint};
use geo_types::{Geometry, Rect};

use crate::{
    catalog::{Attribute, Layer},
    geometry::{BBox, LonLat},
};

/// A point to show a geometry at: the point itself, or one inside an area or on a line.
pub(super) fn position(geometry: &Geometry<f64>) -> Option<LonLat> {
    let point = geometry.interior_point()?;
    LonLat::try_from(point.0).ok()
}

/// The box around a geometry that is more than one point.
pub(super) fn bbox(geometry: &Geometry<f64>) -> Option<BBox> {
    let rects: Vec<Rect<f64>> = match geometry {
        Geometry::Point(_) => return None,
        Geometry::MultiPoint(points) if points.len() < 2 => return None,
        Geometry::MultiPoint(points) => points.iter().map(BoundingRect::bounding_rect).collect(),
        Geometry::MultiPolygon(polygons) => polygons.iter().filter_map(BoundingRect::bounding_rect).collect(),
        Geometry::MultiLineString(lines) => lines.iter().filter_map(BoundingRect::bounding_rect).collect(),
        other => other.bounding_rect().into_iter().collect(),
    };
    BBox::around(rects)
}

/// How high an area stands: province 0, city 1, county 2, township 3, one without a level 4.
pub(super) fn height(layer: &Layer, row: usize) -> u8 {
    match layer.text(row, Attribute::AdminLevel).as_deref() {
        Some("province") => 0,
        Some("city") => 1,
        Some("county") => 2,
        Some("township") => 3,
        _ => 4,
    }
}
