//! The outline of what is reached: polygons that hold every reached street and no other.
//!
//! Owns the order of the steps in the plane, in metres: streets in, polygons out. The plane is cut into squares. Corners of squares count
//! as reached where the nearest street is, up to [`Streets::margin`] away, so that the outline runs halfway between reached streets
//! and others. Where no street of the other sort is near, squares are only counted; where both are, each square is
//! drawn by itself, exactly (`cuts`). So what it takes grows with the streets, and most of it with the outline. Where a reached street
//! crosses over or under another, the spot counts as reached.

use geo_types::{LineString, MultiPolygon};

use super::{
    by_square::BySquare,
    cells::{Cells, Marks, OTHER, REACHED, coord, key},
    cuts::{self, Spot},
    pieces, rings, simplify,
    streets::{Lines, Streets},
};

/// How many times as large as the margin a gap between reached streets is, at least, that is left open without a street in it.
const LARGE: f64 = 8.0;

/// The polygons around what is reached; none where nothing is. O(n + m log m) for n vertices of streets and m of them near the outline.
pub(super) fn outline(streets: &Streets) -> MultiPolygon<f64> {
    let drawn = [&streets.reached, &streets.others];
    let positions = drawn.into_iter().flat_map(Lines::positions);
    let Some(mut cells) = Cells::new(positions, streets.margin) else {
        return MultiPolygon(Vec::new());
    };
    let [reached, others] = drawn.map(|lines| lines.map(|at| cells.key(*at)));
    for (lines, mark) in [(&reached, REACHED), (&others, OTHER)] {
        lines.iter().for_each(|line| cells.mark(line, mark));
    }
    let both = cells.mark_corners();
    let pieces = pieces::near(&cells, &reached, &others);
    pieces::decide(&mut cells, &both, &pieces);
    cells.spread();
    let (cuts, spots) = cuts::all(&cells, &pieces);
    let mut rings = simplify::simplify(rings::closed(&cuts), &cells, &spots, streets.margin / 4.0);
    rings.retain(|ring| {
        let area = rings::area(ring);
        if area > 0.0 {
            holds_street(ring, REACHED, &cells, &spots)
        } else {
            -area > (LARGE * streets.margin).powi(2) || holds_street(ring, OTHER, &cells, &spots)
        }
    });
    rings::polygons(rings)
}

/// Whether a ring of the outline holds any street of a sort.
fn holds_street(ring: &LineString<f64>, mark: Marks, cells: &Cells, spots: &BySquare<Spot>) -> bool {
    let [low, high] = rings::bounds(ring).map(key);
    let mut marked = cells
        .rows(low, high)
        .flatten()
        .filter(|&square| cells.marks(square) & mark != 0);
    marked.any(|square| match spots.of(square) {
        // The outline does not pass it: all of it is in the ring, or nothing.
        [] => rings::holds(ring, coord(cells.frame(square).inside(cells.position(square)))),
        spots => {
            let mut same = spots.iter().filter(|spot| spot.mark == mark);
            same.any(|spot| rings::holds(ring, coord(spot.at)))
        }
    })
}
