//! Where a thing stands that is not mapped as a point.

use geo::{CoordsIter, InteriorPoint};
use geo_types::{Coord, Geometry};

use super::LonLat;

/// Where something of this shape stands, WGS 84: the point itself, else a point inside the shape, else the shape's first vertex.
/// `None` for a shape without vertices, and where that is no position on the globe. O(n log n) for n vertices.
pub fn standing_at(geometry: &Geometry<f64>) -> Option<LonLat> {
    let inside = match geometry {
        Geometry::Point(point) => Some(point.0),
        shape => shape
            .interior_point()
            .map(Coord::from)
            .or_else(|| shape.coords_iter().next()),
    };
    LonLat::try_from(inside?).ok()
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPoint, point, polygon};

    use super::*;

    #[test]
    fn a_shape_stands_inside_itself() {
        let at = |lon, lat| LonLat::new(lon, lat).ok();
        assert_eq!(standing_at(&point!(x: 118.0, y: 25.0).into()), at(118.0, 25.0));
        let square = polygon![(x: 118.0, y: 25.0), (x: 119.0, y: 25.0), (x: 119.0, y: 26.0), (x: 118.0, y: 26.0)];
        assert_eq!(standing_at(&square.into()), at(118.5, 25.5));
        assert_eq!(standing_at(&MultiPoint::<f64>(Vec::new()).into()), None);
        assert_eq!(standing_at(&point!(x: 500.0, y: 25.0).into()), None);
    }
}
