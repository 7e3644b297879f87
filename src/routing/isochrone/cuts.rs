//! The outline within single squares.
//!
//! A square with streets is triangulated with them as edges (constrained Delaunay triangulation; L. P. Chew, 1989); the outline cuts every
//! edge between a reached vertex and another in its middle. What the sides of a square are cut at is the same on both sides of
//! them, so that the cuts of all squares make closed rings.

use spade::{ConstrainedDelaunayTriangulation, HasPosition, Point2, Triangulation as _};

use super::{
    by_square::BySquare,
    cells::{Cells, Key, Marks, OTHER, REACHED},
    pieces::{self, Piece},
    rings::{Cut, Middle},
};

/// A spot on a street that keeps the outline on one side of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) at: Key,
    /// [`REACHED`] or [`OTHER`].
    pub(super) mark: Marks,
}

/// The cuts of all squares that the outline passes, and the spots in those with streets.
pub(super) fn all(cells: &Cells, pieces: &BySquare<Piece>) -> (Vec<Cut>, BySquare<Spot>) {
    let (mut cuts, mut spots) = (Vec::new(), Vec::new());
    for square in cells.passed() {
        match pieces.of(square) {
            [] => empty(cells, square, &mut cuts),
            pieces => {
                let found = with_streets(cells, square, pieces, &mut cuts);
                spots.extend(found.into_iter().map(|spot| (square as u32, spot)));
            }
        }
    }
    (cuts, BySquare::new(spots))
}

/// The cuts of a square without streets.
fn empty(cells: &Cells, square: usize, cuts: &mut Vec<Cut>) {
    let corners = cells.corners(square);
    let at = corners.map(|corner| cells.position(corner));
    let is_reached = corners.map(|corner| cells.is_reached(corner));
    let middle = |side: usize| Middle::of(at[side], at[(side + 1) % 4]);
    for leaves in (0..4).filter(|&side| is_reached[side] && !is_reached[(side + 1) % 4]) {
        // Two corners reached across from each other are joined: what spreads may come to one from the other.
        let mut sides = (1..4).map(|after| (leaves + after) % 4);
        let enters = sides.find(|&side| !is_reached[side] && is_reached[(side + 1) % 4]);
        cuts.extend(enters.map(|enters| [middle(leaves), middle(enters)]));
    }
}

#[derive(Debug, Clone, Copy)]
struct Vertex {
    spot: Spot,
    /// Metres from the square's corner.
    place: Point2<f64>,
}

impl HasPosition for Vertex {
    type Scalar = f64;

    fn position(&self) -> Point2<f64> {
        self.place
    }
}

type Mesh = ConstrainedDelaunayTriangulation<Vertex>;

/// The cuts of a square with streets, and the vertices of its triangulation that lie on streets.
fn with_streets(cells: &Cells, square: usize, pieces: &[Piece], cuts: &mut Vec<Cut>) -> Vec<Spot> {
    let frame = cells.frame(square);
    let pieces = pieces::set_apart(frame, &pieces::cross(frame, pieces));
    let mark = |is_reached: bool| if is_reached { REACHED } else { OTHER };
    let corners = cells.corners(square).map(|corner| Spot {
        at: cells.position(corner),
        mark: mark(cells.is_reached(corner)),
    });
    let ends = pieces.iter().flat_map(|piece| {
        let mark = mark(piece.is_reached);
        piece.ends.map(|at| Spot { at, mark })
    });
    let mut spots: Vec<Spot> = ends.chain(corners.iter().copied()).collect();
    // What both sorts of streets meet in is reached.
    spots.sort_unstable_by_key(|spot| (spot.at, spot.mark));
    spots.dedup_by_key(|spot| spot.at);
    let number = |at: Key| spots.partition_point(|spot| spot.at < at);
    let lines = pieces.iter().filter(|piece| piece.ends[0] != piece.ends[1]);
    let mut edges: Vec<[usize; 2]> = lines
        .map(|piece| {
            let [a, b] = piece.ends.map(number);
            [a.min(b), a.max(b)]
        })
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let vertices = spots.iter().map(|&spot| {
        let place = frame.place(spot.at);
        Vertex {
            spot,
            place: Point2::new(place.x, place.y),
        }
    });
    // Edges that cannot be, for they lie along others to a micrometre, are left out.
    if let Ok(mesh) = Mesh::try_bulk_load_cdt(vertices.collect(), edges, |_| ()) {
        between(&mesh, cuts);
    }
    spots.retain(|spot| corners.iter().all(|corner| corner.at != spot.at));
    spots
}

/// For each triangle with vertices of both sorts the line that parts them, from the middle of one edge to that of another.
fn between(mesh: &Mesh, cuts: &mut Vec<Cut>) {
    for face in mesh.inner_faces() {
        // Counter-clockwise: into what is reached over one edge, out of it over another.
        let (mut enters, mut leaves) = (None, None);
        for edge in face.adjacent_edges() {
            let [from, to] = [edge.from(), edge.to()].map(|vertex| vertex.data().spot);
            match (from.mark, to.mark) {
                (REACHED, OTHER) => leaves = Some(Middle::of(from.at, to.at)),
                (OTHER, REACHED) => enters = Some(Middle::of(from.at, to.at)),
                _ => {}
            }
        }
        cuts.extend(leaves.zip(enters).map(|(leaves, enters)| [leaves, enters]));
    }
}
