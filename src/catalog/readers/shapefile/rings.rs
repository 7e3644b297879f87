//! Rings in Esri's order become polygons.
//!
//! A Shapefile's polygon is a list of rings of which no order says what belongs together: outer rings run clockwise,
//! holes counter-clockwise (Esri, *Shapefile Technical Description*, 1998, p. 8). A hole belongs to the smallest ring
//! around it. Not every writer knows this, so a ring that runs like a hole but lies in no other ring, or in a hole, is
//! an outer ring, as GDAL reads it; such rings are counted. No ring is lost, and none is turned into a hole that runs
//! like an outer ring.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use crate::geometry::PreparedPolygon;

/// As many positions of a ring are looked at to see which ring it lies in; most of them decide, for digitised holes
/// overlap the edge around them by a hair.
const SAMPLE: usize = 33;

/// A shape's rings put together.
pub(super) struct Assembled {
    /// A polygon, or several.
    pub(super) geometry: Geometry<f64>,
    /// Rings that run like holes but are none.
    pub(super) orphans: u64,
    /// Rings that were not closed.
    pub(super) open_rings: usize,
}

/// Puts rings together; turned as RFC 7946 wants them, outer rings counter-clockwise, for their direction is the
/// format's and no flaw. O(n log n) in positions where rings lie in few others' boxes.
pub(super) fn assemble(rings: Vec<Vec<Coord<f64>>>) -> Assembled {
    let open_rings = rings.iter().filter(|ring| ring.first() != ring.last()).count();
    let mut rings: Vec<Ring> = rings.into_iter().enumerate().map(Ring::new).collect();
    // Larger first, so that what may lie around a ring comes before it; the file's order among equals.
    rings.sort_by(|one, other| other.area.abs().total_cmp(&one.area.abs()));
    let mut orphans = 0;
    for index in 1..rings.len() {
        let (larger, rest) = rings.split_at_mut(index);
        let ring = &mut rest[0];
        if ring.runs_like_a_hole() {
            let around = larger.iter_mut().rposition(|candidate| candidate.surrounds(ring));
            ring.hole_of = around.filter(|&around| larger[around].hole_of.is_none());
            orphans += u64::from(ring.hole_of.is_none());
        }
    }
    if let Some(largest) = rings.first() {
        orphans += u64::from(largest.runs_like_a_hole());
    }
    Assembled {
        geometry: polygons(rings),
        orphans,
        open_rings,
    }
}

/// The outer rings in the file's order, each with its holes.
fn polygons(rings: Vec<Ring>) -> Geometry<f64> {
    let mut parts: Vec<Option<(usize, Polygon<f64>)>> = Vec::with_capacity(rings.len());
    for ring in rings {
        let hole_of = ring.hole_of.and_then(|outer| parts.get_mut(outer)?.as_mut());
        if let Some((_, outer)) = hole_of {
            outer.interiors_push(ring.line(false));
            parts.push(None);
        } else {
            parts.push(Some((ring.position, Polygon::new(ring.line(true), Vec::new()))));
        }
    }
    let mut parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.sort_by_key(|(position, _)| *position);
    let mut parts: Vec<Polygon<f64>> = parts.into_iter().map(|(_, polygon)| polygon).collect();
    match parts.len() {
        1 => parts.remove(0).into(),
        _ => MultiPolygon(parts).into(),
    }
}

struct Ring {
    /// Where it stands in the file.
    position: usize,
    coords: Vec<Coord<f64>>,
    /// Signed, positive where it runs counter-clockwise.
    area: f64,
    min: Coord<f64>,
    max: Coord<f64>,
    /// The ring that it is a hole of.
    hole_of: Option<usize>,
    prepared: Option<PreparedPolygon>,
}

impl Ring {
    fn new((position, coords): (usize, Vec<Coord<f64>>)) -> Self {
        let infinite = f64::INFINITY;
        let (mut min, mut max) = (
            Coord {
                x: infinite,
                y: infinite,
            },
            Coord {
                x: -infinite,
                y: -infinite,
            },
        );
        for coord in &coords {
            min = Coord {
                x: min.x.min(coord.x),
                y: min.y.min(coord.y),
            };
            max = Coord {
                x: max.x.max(coord.x),
                y: max.y.max(coord.y),
            };
        }
        Self {
            position,
            area: signed_area(&coords),
            coords,
            min,
            max,
            hole_of: None,
            prepared: None,
        }
    }

    fn runs_like_a_hole(&self) -> bool {
        self.area > 0.0
    }

    fn surrounds(&mut self, other: &Self) -> bool {
        let boxes_meet = self.min.x <= other.max.x
            && self.max.x >= other.min.x
            && self.min.y <= other.max.y
            && self.max.y >= other.min.y;
        if !boxes_meet || self.area == 0.0 {
            return false;
        }
        let coords = &self.coords;
        let prepared = self
            .prepared
            .get_or_insert_with(|| PreparedPolygon::new(&Polygon::new(LineString(coords.clone()), Vec::new())));
        let step = other.coords.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<_> = other.coords.iter().step_by(step).collect();
        let inside = sample.iter().filter(|coord| prepared.covers_planar(***coord)).count();
        2 * inside > sample.len()
    }

    fn line(self, counter_clockwise: bool) -> LineString<f64> {
        let mut coords = self.coords;
        if (self.area > 0.0) != counter_clockwise {
            coords.reverse();
        }
        LineString(coords)
    }
}

/// Twice the signed area is enough to compare by. Taken from the first position, for projected coordinates are large and
/// rings small.
fn signed_area(coords: &[Coord<f64>]) -> f64 {
    let Some(origin) = coords.first() else { return 0.0 };
    let cross = |one: Coord<f64>, other: Coord<f64>| {
        let (one, other) = (one - *origin, other - *origin);
        one.x * other.y - one.y * other.x
    };
    coords.windows(2).map(|edge| cross(edge[0], edge[1])).sum()
}

#[cfg(test)]
mod tests {
    use geo::Area;
    use geo_types::Rect;
    use proptest::prelude::*;

    use super::*;

    /// A square's ring, clockwise as an outer ring is, or the other way.
    fn square(x: f64, y: f64, size: f64, clockwise: bool) -> Vec<Coord<f64>> {
        let mut ring = Rect::new((x, y), (x + size, y + size))
            .to_polygon()
            .exterior()
            .0
            .clone();
        if (signed_area(&ring) < 0.0) != clockwise {
            ring.reverse();
        }
        ring
    }

    fn parts(assembled: &Assembled) -> Vec<(f64, usize)> {
        let parts = match &assembled.geometry {
            Geometry::Polygon(polygon) => vec![polygon.clone()],
            Geometry::MultiPolygon(parts) => parts.0.clone(),
            other => panic!("{other:?}"),
        };
        parts
            .iter()
            .map(|part| (part.signed_area(), part.interiors().len()))
            .collect()
    }

    #[test]
    fn holes_find_the_ring_around_them_in_any_order() {
        let rings = [
            square(1.0, 1.0, 8.0, false),
            square(20.0, 0.0, 10.0, true),
            square(2.0, 2.0, 2.0, true),
            square(0.0, 0.0, 10.0, true),
            square(21.0, 1.0, 1.0, false),
            square(24.0, 4.0, 2.0, false),
        ];
        let assembled = assemble(rings.to_vec());
        // Of two parts, one with two holes and one with a hole that has an island.
        assert_eq!(parts(&assembled), [(95.0, 2), (4.0, 0), (36.0, 1)]);
        assert_eq!(assembled.orphans, 0);
    }

    #[test]
    fn a_hole_that_shares_corners_with_the_ring_around_it_is_its_hole() {
        let diamond = [(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0), (5.0, 0.0)].map(Coord::from);
        let assembled = assemble(vec![square(0.0, 0.0, 10.0, true), diamond.to_vec()]);
        assert_eq!(parts(&assembled), [(50.0, 1)]);
    }

    #[test]
    fn rings_that_run_like_holes_but_lie_nowhere_are_kept_and_counted() {
        let wrong = vec![square(0.0, 0.0, 10.0, false), square(1.0, 1.0, 2.0, false)];
        let assembled = assemble(wrong);
        assert_eq!((parts(&assembled), assembled.orphans), (vec![(96.0, 1)], 1));
        let apart = vec![square(0.0, 0.0, 10.0, true), square(20.0, 0.0, 2.0, false)];
        let assembled = assemble(apart);
        assert_eq!((parts(&assembled), assembled.orphans), (vec![(100.0, 0), (4.0, 0)], 1));
    }

    #[test]
    fn small_rings_at_large_coordinates_keep_their_direction() {
        let assembled = assemble(vec![square(39_500_000.0, 2_800_000.0, 1e-3, true)]);
        assert_eq!(assembled.orphans, 0);
        assert!(parts(&assembled)[0].0 > 0.0);
    }

    proptest! {
        #[test]
        fn no_ring_is_lost(rings in proptest::collection::vec(
            proptest::collection::vec((-5_i32..5, -5_i32..5), 0..6), 0..8,
        )) {
            let rings: Vec<Vec<Coord<f64>>> = rings
                .into_iter()
                .map(|ring| ring.into_iter().map(|(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect())
                .collect();
            let count = rings.len();
            let assembled = assemble(rings);
            let holes: usize = parts(&assembled).iter().map(|(_, holes)| holes + 1).sum();
            prop_assert_eq!(holes, count);
        }
    }
}
