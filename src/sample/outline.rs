//! Outlines around groups of cells.

use std::collections::{BTreeMap, HashSet};

use geo::{Area, Contains};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};

use super::hexes::{Cell, Corner, Lattice, Side};

/// The polygons around a group of cells: one for each connected part, with holes where the group has any.
pub(super) fn around(lattice: &Lattice, cells: &[Cell]) -> MultiPolygon<f64> {
    let group: HashSet<Cell> = cells.iter().copied().collect();
    let mut open: BTreeMap<Corner, Side> = BTreeMap::new();
    for cell in cells {
        for side in cell.sides() {
            if !group.contains(&side.beyond) {
                open.insert(side.from, side);
            }
        }
    }
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    while let Some((_, first)) = open.pop_first() {
        let ring = Polygon::new(ring(lattice, first, &mut open), Vec::new());
        if ring.signed_area() > 0.0 {
            outer.push(ring);
        } else {
            holes.push(ring.into_inner().0);
        }
    }
    for hole in holes {
        let inside = Point(hole.0.first().copied().unwrap_or_default());
        // The smallest outline around a hole is the one that it is cut from.
        let home = outer
            .iter_mut()
            .filter(|outline| outline.contains(&inside))
            .min_by(|one, other| one.unsigned_area().total_cmp(&other.unsigned_area()));
        if let Some(outline) = home {
            outline.interiors_push(hole);
        }
    }
    MultiPolygon(outer)
}

/// Follows the sides from corner to corner: at each corner exactly one side of an outline begins.
fn ring(lattice: &Lattice, first: Side, open: &mut BTreeMap<Corner, Side>) -> LineString<f64> {
    let mut line: Vec<Coord<f64>> = Vec::new();
    let mut side = first;
    loop {
        lattice.draw(side, &mut line);
        match open.remove(&side.to) {
            Some(next) => side = next,
            None => break,
        }
    }
    let mut ring = LineString(line);
    ring.close();
    ring
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::validity, sample::random::Noise};

    #[test]
    fn outlines_are_valid_and_their_areas_add_up() {
        let lattice = Lattice::new(Coord { x: 118.0, y: 26.0 }, 0.05, Noise::new(3, 4));
        let noise = Noise::new(5, 6);
        let cells: Vec<Cell> = (-25..25)
            .flat_map(|q| (-25..25).map(move |r| Cell { q, r }))
            .filter(|cell| noise.white(cell.q.into(), cell.r.into()) < 0.55)
            .collect();
        let whole = around(&lattice, &cells);
        assert_eq!(validity::flaw(&whole.clone().into()), None);
        assert!(whole.iter().any(|part| !part.interiors().is_empty()));
        let single: f64 = cells
            .iter()
            .map(|cell| around(&lattice, &[*cell]).unsigned_area())
            .sum();
        assert!(
            (single - whole.unsigned_area()).abs() < 1e-9,
            "{single} {}",
            whole.unsigned_area()
        );
    }
}
