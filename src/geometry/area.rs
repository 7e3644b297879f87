//! Areas on the WGS 84 ellipsoid.
//!
//! Owns the area of polygons whose edges are straight in degrees, as everything planar in this house means them. The
//! area between an edge and the equator is the integral of the authalic latitude's function (J. P. Snyder, "Map
//! Projections: A Working Manual", USGS 1395, 1987, eq. 3-12) over longitude, by Simpson's rule: for edges of up to two
//! degrees the error is below 1e-9 of the area between edge and equator's strip. Between an edge and the geodesic,
//! as PostGIS `geography` has it, lies at most L³ tan φ / 12 R for an edge of length L at latitude φ: 6 m² for 1 km at
//! 26°, 6 000 m² for 10 km; opposite sides of a polygon make up for each other.

use geo_types::{Geometry, LineString, Polygon};

use super::geodesic::{EQUATORIAL_RADIUS_M, FLATTENING};

/// Squared eccentricity of WGS 84.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// The area covered, in square metres; 0 for points and lines. Holes are left out; parts that overlap count twice.
/// O(vertices).
pub fn square_metres(geometry: &Geometry<f64>) -> f64 {
    match geometry {
        Geometry::Polygon(polygon) => of_polygon(polygon),
        Geometry::MultiPolygon(parts) => parts.iter().map(of_polygon).sum(),
        Geometry::Rect(rect) => of_polygon(&rect.to_polygon()),
        Geometry::Triangle(triangle) => of_polygon(&triangle.to_polygon()),
        Geometry::GeometryCollection(members) => members.iter().map(square_metres).sum(),
        _ => 0.0,
    }
}

fn of_polygon(polygon: &Polygon<f64>) -> f64 {
    let holes: f64 = polygon.interiors().iter().map(of_ring).sum();
    of_ring(polygon.exterior()) - holes
}

/// Without regard to the direction the ring is drawn in.
fn of_ring(ring: &LineString<f64>) -> f64 {
    let strips = ring.lines().map(|edge| {
        let (from, to) = (edge.start, edge.end);
        let middle = from.y.midpoint(to.y);
        let mean = (to_equator(from.y) + 4.0 * to_equator(middle) + to_equator(to.y)) / 6.0;
        mean * (to.x - from.x).to_radians()
    });
    strips.sum::<f64>().abs()
}

/// The area between a latitude and the equator per radian of longitude, in square metres.
fn to_equator(lat: f64) -> f64 {
    let sin = lat.to_radians().sin();
    let e = E2.sqrt();
    let b2 = EQUATORIAL_RADIUS_M * EQUATORIAL_RADIUS_M * (1.0 - E2);
    0.5 * b2 * (sin / (1.0 - E2 * sin * sin) + (e * sin).atanh() / e)
}

#[cfg(test)]
mod tests {
    use geo_types::{Rect, polygon, wkt};
    use geographiclib_rs::{Geodesic, PolygonArea, Winding};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_whole_ellipsoid_has_its_known_area() {
        let all = square_metres(&Rect::new((-180.0, -90.0), (180.0, 90.0)).into());
        assert!((all / 510_065_621_724_088.4 - 1.0).abs() < 1e-12, "{all}");
    }

    #[test]
    fn holes_are_left_out_and_the_direction_does_not_matter() {
        let whole = square_metres(&wkt!(POLYGON((0. 0.,4. 0.,4. 4.,0. 4.,0. 0.))).into());
        let hole = square_metres(&wkt!(POLYGON((1. 1.,1. 2.,2. 2.,2. 1.,1. 1.))).into());
        let both =
            square_metres(&wkt!(POLYGON((0. 0.,0. 4.,4. 4.,4. 0.,0. 0.),(1. 1.,1. 2.,2. 2.,2. 1.,1. 1.))).into());
        assert!((whole - hole - both).abs() < 1.0);
        assert_eq!(square_metres(&geo_types::Point::new(1.0, 2.0).into()), 0.0);
    }

    proptest! {
        /// Edges cut so short that a geodesic cannot be told from a line that is straight in degrees.
        #[test]
        fn geodesics_along_the_edges_enclose_the_same(
            lon in -170.0..170.0_f64,
            lat in -60.0..60.0_f64,
            corners in proptest::array::uniform6(0.1..1.0_f64),
        ) {
            let [a, b, c, d, e, f] = corners;
            let triangle = polygon![(x: lon - a, y: lat - b), (x: lon + c, y: lat - d), (x: lon + e - 0.5, y: lat + f)];
            // Run the other way round it would enclose the rest of the earth.
            prop_assume!((a + c) * (f + b) > (e - 0.5 + a) * (b - d));
            let geodesic = Geodesic::wgs84();
            let mut oracle = PolygonArea::new(&geodesic, Winding::CounterClockwise);
            for edge in triangle.exterior().lines() {
                for step in 0..500 {
                    let at = edge.start + edge.delta() * (f64::from(step) / 500.0);
                    oracle.add_point(at.y, at.x);
                }
            }
            let (_, expected, _) = oracle.compute(false);
            let area = square_metres(&triangle.into());
            prop_assert!((area / expected - 1.0).abs() < 1e-6, "{area} against {expected}");
        }
    }
}
