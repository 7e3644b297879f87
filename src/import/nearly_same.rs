//! Positions that differ in their last digits only, taken as one.
//!
//! Programs that compute corners twice write them twice, a hair apart, and the sides there cross by that hair. No source
//! means such a distance: it is a tenth of a millimetre at most.

use std::collections::HashMap;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// The distance in either coordinate up to which two positions are one, degrees.
const NEAR: f64 = 1e-9;

/// The same parts with each position put where the first one near it is, and none repeating the one before. Rings stay
/// closed. O(n) for n vertices.
pub(super) fn as_one(parts: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let mut places = Places::default();
    let mut ring = |ring: &LineString<f64>| {
        let mut coords: Vec<Coord<f64>> = ring.0.iter().map(|coord| places.place_of(*coord)).collect();
        coords.dedup();
        LineString(coords)
    };
    let parts = parts.iter().map(|part| {
        let exterior = ring(part.exterior());
        Polygon::new(exterior, part.interiors().iter().map(&mut ring).collect())
    });
    MultiPolygon(parts.collect())
}

/// The positions kept, by cells as large as positions may be apart.
#[derive(Default)]
struct Places(HashMap<(i64, i64), Vec<Coord<f64>>>);

impl Places {
    /// The first position near one, which is itself where none was before.
    fn place_of(&mut self, coord: Coord<f64>) -> Coord<f64> {
        let cell = ((coord.x / NEAR).floor() as i64, (coord.y / NEAR).floor() as i64);
        let around = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (cell.0 + x, cell.1 + y)));
        let is_near = |kept: &Coord<f64>| (kept.x - coord.x).abs() <= NEAR && (kept.y - coord.y).abs() <= NEAR;
        let near = around
            .filter_map(|cell| self.0.get(&cell))
            .flatten()
            .copied()
            .find(is_near);
        near.unwrap_or_else(|| {
            self.0.entry(cell).or_default().push(coord);
            coord
        })
    }
}

#[cfg(test)]
mod tests {
    use geo_types::wkt;

    use super::*;

    #[test]
    fn positions_a_hair_apart_become_one_and_others_stay() {
        let hair = 1e-13;
        let ring =
            |corners: &[(f64, f64)]| MultiPolygon(vec![Polygon::new(LineString::from(corners.to_vec()), Vec::new())]);
        let broken = ring(&[
            (119.0, 26.0),
            (120.0, 26.0),
            (120.0, 27.0),
            (120.0 + hair, 27.0 + hair),
            (119.0, 27.0),
            (119.0 + hair, 26.0),
        ]);
        let whole = ring(&[(119.0, 26.0), (120.0, 26.0), (120.0, 27.0), (119.0, 27.0)]);
        assert_eq!(as_one(&broken), whole);
        let fine = MultiPolygon(vec![wkt!(POLYGON((0. 0.,2e-9 0.,2e-9 2e-9,0. 2e-9,0. 0.)))]);
        assert_eq!(as_one(&fine), fine);
    }
}
