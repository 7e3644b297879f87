//! How two segments meet, decided by exact orientation tests.

use geo_types::Coord;
use robust::{Coord as RobustCoord, orient2d};

use super::segments::Segment;

/// What two segments have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meeting {
    /// One point, inside both.
    Cross(Coord<f64>),
    /// One point that is an end of at least one.
    Touch(Coord<f64>),
    /// A stretch; one of its points.
    Overlap(Coord<f64>),
}

/// Positive where `c` lies left of the way from `a` to `b`, negative where right, zero on the line. Exact.
pub(super) fn side(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    let robust = |coord: Coord<f64>| RobustCoord { x: coord.x, y: coord.y };
    orient2d(robust(a), robust(b), robust(c))
}

/// What the segments have in common, if anything.
pub(super) fn meet(s: &Segment, t: &Segment) -> Option<Meeting> {
    let (ta, tb) = (side(s.a, s.b, t.a), side(s.a, s.b, t.b));
    if (ta > 0.0 && tb > 0.0) || (ta < 0.0 && tb < 0.0) {
        return None;
    }
    let (sa, sb) = (side(t.a, t.b, s.a), side(t.a, t.b, s.b));
    if (sa > 0.0 && sb > 0.0) || (sa < 0.0 && sb < 0.0) {
        return None;
    }
    if ta == 0.0 && tb == 0.0 {
        return meet_on_a_line(s, t);
    }
    // Both reach over the other's line, so that a point on the other's line is a common point.
    let touching = [(ta, t.a), (tb, t.b), (sa, s.a), (sb, s.b)];
    Some(match touching.iter().find(|(side, _)| *side == 0.0) {
        Some((_, point)) => Meeting::Touch(*point),
        None => Meeting::Cross(crossing(t, ta, tb)),
    })
}

fn meet_on_a_line(s: &Segment, t: &Segment) -> Option<Meeting> {
    // Lexicographic order runs along any line.
    let key = |coord: Coord<f64>| (coord.x, coord.y);
    let ends = |segment: &Segment| {
        if key(segment.a) <= key(segment.b) {
            (segment.a, segment.b)
        } else {
            (segment.b, segment.a)
        }
    };
    let ((s_low, s_high), (t_low, t_high)) = (ends(s), ends(t));
    let low = if key(s_low) >= key(t_low) { s_low } else { t_low };
    let high = if key(s_high) <= key(t_high) { s_high } else { t_high };
    match key(low).partial_cmp(&key(high))? {
        std::cmp::Ordering::Less => Some(Meeting::Overlap(low)),
        std::cmp::Ordering::Equal => Some(Meeting::Touch(low)),
        std::cmp::Ordering::Greater => None,
    }
}

/// Where a segment crosses a line whose two sides its ends lie on at `ta` and `tb`, rounded: for messages only.
fn crossing(t: &Segment, ta: f64, tb: f64) -> Coord<f64> {
    let share = ta / (ta - tb);
    Coord {
        x: t.a.x + share * (t.b.x - t.a.x),
        y: t.a.y + share * (t.b.y - t.a.y),
    }
}

/// Whether `q` lies left of the bent way from `before` through `corner` to `after`.
pub(super) fn left_of_way(before: Coord<f64>, corner: Coord<f64>, after: Coord<f64>, q: Coord<f64>) -> bool {
    let left_of_first = side(before, corner, q) > 0.0;
    let left_of_second = side(corner, after, q) > 0.0;
    if side(before, corner, after) >= 0.0 {
        left_of_first && left_of_second
    } else {
        left_of_first || left_of_second
    }
}
