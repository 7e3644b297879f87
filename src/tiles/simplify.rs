//! How much each vertex matters to the shape of its line: the Douglas–Peucker algorithm, all tolerances at once.
//!
//! Owns the measure for one arc. Which stretches of a ring are arcs is [`super::topology`]'s.

use super::grid::GridPoint;

/// A vertex that every simplification keeps.
pub(super) const ALWAYS: f32 = f32::INFINITY;

/// The importance of every vertex of an arc, in steps: dropping all vertices with importance below `t` gives exactly
/// the Douglas–Peucker simplification with tolerance `t`, so no point of the arc is further than `t` from it. The ends
/// are [`ALWAYS`] kept. Importance never rises from a coarser split to a finer one, so simplifications nest.
///
/// O(n log n) typically, O(n²) at worst, no recursion. After Douglas and Peucker, "Algorithms for the reduction of the
/// number of points required to represent a digitized line or its caricature", 1973.
pub(super) fn importance(arc: &[GridPoint], out: &mut Vec<f32>) {
    out.clear();
    out.resize(arc.len(), 0.0);
    let Some(last) = arc.len().checked_sub(1) else { return };
    out[0] = ALWAYS;
    out[last] = ALWAYS;
    let mut open = vec![(0, last, ALWAYS)];
    while let Some((from, to, parent)) = open.pop() {
        let Some((split, distance)) = farthest(arc, from, to) else {
            continue;
        };
        let own = (distance as f32).min(parent);
        out[split] = own;
        open.push((from, split, own));
        open.push((split, to, own));
    }
}

/// The vertex strictly between two that is farthest from the segment between them, the first of equals.
fn farthest(arc: &[GridPoint], from: usize, to: usize) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (offset, point) in arc.get(from + 1..to)?.iter().enumerate() {
        let distance = squared_distance(*point, arc[from], arc[to]);
        if best.is_none_or(|(_, most)| distance > most) {
            best = Some((from + 1 + offset, distance));
        }
    }
    best.map(|(index, squared)| (index, squared.sqrt()))
}

/// The square of the distance from a point to a segment, in steps.
fn squared_distance(point: GridPoint, from: GridPoint, to: GridPoint) -> f64 {
    let delta = |a: i32, b: i32| (i64::from(a) - i64::from(b)) as f64;
    let (along_x, along_y) = (delta(to.x, from.x), delta(to.y, from.y));
    let (x, y) = (delta(point.x, from.x), delta(point.y, from.y));
    let length = along_x * along_x + along_y * along_y;
    let share = if length > 0.0 {
        ((x * along_x + y * along_y) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (off_x, off_y) = (x - share * along_x, y - share * along_y);
    off_x * off_x + off_y * off_y
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn arc(points: &[(i32, i32)]) -> Vec<GridPoint> {
        points.iter().map(|&(x, y)| GridPoint { x, y }).collect()
    }

    #[test]
    fn a_spike_matters_by_its_height_and_a_straight_stretch_not_at_all() {
        let mut out = Vec::new();
        importance(&arc(&[(0, 0), (5, 0), (10, 8), (15, 4), (20, 0)]), &mut out);
        assert_eq!(out[2], 8.0);
        assert_eq!(out[3], 0.0);
        assert!(out[1] > 0.0 && out[1] < 8.0);
        assert_eq!((out[0], out[4]), (ALWAYS, ALWAYS));
    }

    proptest! {
        #[test]
        fn no_dropped_vertex_is_farther_than_the_tolerance(
            points in prop::collection::vec((-1000..1000, -1000..1000), 2..60),
            tolerance in 0.5_f32..500.0,
        ) {
            let arc = arc(&points);
            let mut out = Vec::new();
            importance(&arc, &mut out);
            let kept: Vec<usize> = (0..arc.len()).filter(|&index| out[index] >= tolerance).collect();
            for pair in kept.windows(2) {
                for dropped in pair[0] + 1..pair[1] {
                    let distance = squared_distance(arc[dropped], arc[pair[0]], arc[pair[1]]).sqrt();
                    prop_assert!(distance < f64::from(tolerance) * 1.000_01, "{} at {}", distance, dropped);
                }
            }
        }
    }
}
