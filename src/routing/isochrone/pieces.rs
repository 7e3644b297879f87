//! The parts of streets in single squares, where both sorts are near: cut where they cross, and apart where they meet.

use geo_types::Coord;

use super::{
    by_square::BySquare,
    cells::{Cells, Frame, Key, NEAR, OTHER, PER_METRE, REACHED, coord, key},
    streets::Lines,
};

/// How far behind a reached street's end the rest of it begins to count, metres.
const BEHIND_M: f64 = 1.0;

/// How near a position lies to a line that it lies on, micrometres: where streets that meet are not drawn to do so exactly.
const ON_IT: i64 = 2_000;

/// A straight part of a street, in one square; a spot where its ends are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) ends: [Key; 2],
    pub(super) is_reached: bool,
}

/// The parts of streets in squares near both sorts.
pub(super) fn near(cells: &Cells, reached: &Lines<Key>, others: &Lines<Key>) -> BySquare<Piece> {
    let mut pieces: Vec<(u32, Piece)> = Vec::new();
    for (lines, is_reached) in [(reached, true), (others, false)] {
        let mut add = |square: usize, ends| {
            if cells.marks(square) & NEAR != 0 {
                pieces.push((square as u32, Piece { ends, is_reached }));
            }
        };
        for line in lines.iter() {
            match line {
                [spot] => add(cells.square(*spot), [*spot; 2]),
                _ => cells.cut(line, &mut add),
            }
        }
    }
    BySquare::new(pieces)
}

/// Decides what corners between streets of both sorts count as: what the nearest in the squares around is.
pub(super) fn decide(cells: &mut Cells, corners: &[usize], pieces: &BySquare<Piece>) {
    for &corner in corners {
        let at = coord(cells.position(corner));
        let around = cells.around(corner).into_iter().flat_map(|square| pieces.of(square));
        let distances = around.map(|piece| (distance(at, piece.ends.map(coord)), piece.is_reached));
        let nearest = distances.min_by(|a, b| a.0.total_cmp(&b.0));
        let is_reached = nearest.is_some_and(|(_, is_reached)| is_reached);
        cells.decide(corner, if is_reached { REACHED } else { OTHER });
    }
}

/// The square of the distance between a position and a line.
fn distance(at: Coord<f64>, [from, to]: [Coord<f64>; 2]) -> f64 {
    let (along, there) = (to - from, at - from);
    let squared = along.x * along.x + along.y * along.y;
    let share = if squared == 0.0 {
        0.0
    } else {
        ((there.x * along.x + there.y * along.y) / squared).clamp(0.0, 1.0)
    };
    let off = there - along * share;
    off.x * off.x + off.y * off.y
}

/// The pieces of a square cut where they cross. O(n²).
pub(super) fn cross(frame: Frame, pieces: &[Piece]) -> Vec<Piece> {
    let mut cut = Vec::with_capacity(2 * pieces.len());
    let mut spots: Vec<(f64, Key)> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let [from, to] = piece.ends.map(coord);
        let along = to - from;
        let others = pieces[..at]
            .iter()
            .chain(&pieces[at + 1..])
            .filter(|other| may_meet(piece, other));
        for spot in others.flat_map(|other| touches(frame, piece, other)) {
            let there = coord(spot) - from;
            spots.push((there.x * along.x + there.y * along.y, spot));
        }
        spots.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut last = piece.ends[0];
        for spot in spots.drain(..).map(|(_, spot)| spot).chain([piece.ends[1]]) {
            if spot != last || piece.ends[0] == piece.ends[1] {
                cut.push(Piece {
                    ends: [last, spot],
                    ..*piece
                });
                last = spot;
            }
        }
    }
    cut
}

/// Whether the boxes of two pieces meet or nearly do.
fn may_meet(one: &Piece, other: &Piece) -> bool {
    (0..2).all(|axis| {
        let [a, b] = [span(one, axis), span(other, axis)];
        a[0] <= b[1] + ON_IT && b[0] <= a[1] + ON_IT
    })
}

/// Cuts streets that go on from reached ones, a little behind: the outline passes there.
pub(super) fn set_apart(frame: Frame, pieces: &[Piece]) -> Vec<Piece> {
    let reached = pieces.iter().filter(|piece| piece.is_reached);
    let mut reached: Vec<Key> = reached.flat_map(|piece| piece.ends).collect();
    reached.sort_unstable();
    let mut apart = Vec::with_capacity(2 * pieces.len());
    for piece in pieces {
        if piece.is_reached || reached.is_empty() {
            apart.push(*piece);
            continue;
        }
        let leaves = piece.ends.map(|end| reached.binary_search(&end).is_ok());
        let [a, b] = piece.ends.map(coord);
        let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).sqrt();
        let share = (BEHIND_M / length).min(1.0 / 3.0);
        let inside = |at: Coord<f64>| frame.inside(key(at));
        let mut last = piece.ends[0];
        let behind = leaves[0].then(|| inside(a + (b - a) * share));
        let before = leaves[1].then(|| inside(b + (a - b) * share));
        for spot in behind.into_iter().chain(before).chain([piece.ends[1]]) {
            apart.push(Piece {
                ends: [last, spot],
                ..*piece
            });
            last = spot;
        }
    }
    apart
}

/// Where a piece must be cut for another: at ends of the other that lie on it, or where they cross.
///
/// An end on a side of the square cuts nothing: what it is must not depend on the square it is seen from.
fn touches(frame: Frame, one: &Piece, other: &Piece) -> impl Iterator<Item = Key> + use<> {
    let cuts = |end: Key, piece: &Piece| frame.inside(end) == end && is_on(end, piece);
    let on_it = other.ends.map(|end| cuts(end, one).then_some(end));
    let meets =
        on_it.iter().any(Option::is_some) || one.ends.iter().any(|end| other.ends.contains(end) || cuts(*end, other));
    let spot = if meets { None } else { crossing(one, other) };
    let spot = spot.map(|spot| frame.inside(spot));
    on_it.into_iter().flatten().chain(spot)
}

fn is_on(at: Key, piece: &Piece) -> bool {
    let may_be = (0..2).all(|axis| {
        let [low, high] = span(piece, axis);
        (low - ON_IT..=high + ON_IT).contains(&at[axis])
    });
    let most = ON_IT as f64 / PER_METRE;
    may_be && distance(coord(at), piece.ends.map(coord)) <= most * most
}

/// From where to where it lies along an axis.
fn span(piece: &Piece, axis: usize) -> [i64; 2] {
    let [a, b] = piece.ends.map(|end| end[axis]);
    [a.min(b), a.max(b)]
}

/// Where two pieces cross; none where they lie along each other.
fn crossing(one: &Piece, other: &Piece) -> Option<Key> {
    // The same arithmetic for both, so that both are cut at the same spot.
    let (first, second) = if one.ends < other.ends {
        (one, other)
    } else {
        (other, one)
    };
    let [a, b] = first.ends.map(coord);
    let [c, d] = second.ends.map(coord);
    let (along, across) = (b - a, d - c);
    let turn = along.x * across.y - along.y * across.x;
    if turn == 0.0 {
        return None;
    }
    let gap = c - a;
    let t = (gap.x * across.y - gap.y * across.x) / turn;
    let u = (gap.x * along.y - gap.y * along.x) / turn;
    let inside = 0.0..=1.0;
    (inside.contains(&t) && inside.contains(&u)).then(|| key(a + along * t))
}
