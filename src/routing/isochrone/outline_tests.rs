//! The outline around made-up streets, held against points on them.

use geo_types::{Coord, MultiPolygon};
use proptest::prelude::*;

use super::{
    outline::outline,
    rings,
    streets::{Lines, Streets},
};

fn holds(area: &MultiPolygon<f64>, at: Coord<f64>) -> bool {
    area.iter().any(|polygon| {
        let in_a_hole = || polygon.interiors().iter().any(|hole| rings::holds(hole, at));
        rings::holds(polygon.exterior(), at) && !in_a_hole()
    })
}

/// How far a position lies from a line, metres.
fn distance(at: Coord<f64>, line: &[Coord<f64>]) -> f64 {
    let to_part = |pair: &[Coord<f64>]| {
        let (along, there) = (pair[1] - pair[0], at - pair[0]);
        let squared = along.x * along.x + along.y * along.y;
        let share = if squared == 0.0 {
            0.0
        } else {
            ((there.x * along.x + there.y * along.y) / squared).clamp(0.0, 1.0)
        };
        let off = there - along * share;
        off.x.hypot(off.y)
    };
    line.windows(2).map(to_part).fold(f64::INFINITY, f64::min)
}

fn nearest<'a>(at: Coord<f64>, lines: impl IntoIterator<Item = &'a Vec<Coord<f64>>>) -> f64 {
    let distances = lines.into_iter().map(|line| distance(at, line));
    distances.fold(f64::INFINITY, f64::min)
}

fn samples(line: &[Coord<f64>]) -> impl Iterator<Item = Coord<f64>> {
    line.windows(2)
        .flat_map(|pair| (0..=20).map(move |step| pair[0] + (pair[1] - pair[0]) * (f64::from(step) / 20.0)))
}

/// A street of one to three straight parts, and whether it is reached. Many streets meet, some nearly do.
fn street() -> impl Strategy<Value = (bool, Vec<Coord<f64>>)> {
    let spot = (0..12_i32, 0..12_i32, -200..200_i32).prop_map(|(x, y, off)| Coord {
        x: f64::from(x) * 70.0 + f64::from(off) * 0.013,
        y: f64::from(y) * 90.0 - f64::from(off * off % 71) * 0.17,
    });
    (any::<bool>(), prop::collection::vec(spot, 2..5))
}

proptest! {
    #[test]
    fn it_holds_what_is_reached_and_nothing_else(
        all in prop::collection::vec(street(), 1..25),
        margin in prop_oneof![Just(12.0), Just(60.0), Just(900.0)],
    ) {
        let (reached, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(reached, _)| *reached);
        let [reached, others] = [reached, others].map(|streets| streets.into_iter().map(|(_, line)| line).collect::<Vec<_>>());
        let area = outline(&Streets { reached: reached.iter().cloned().collect(), others: others.iter().cloned().collect(), margin });
        let rings = area.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        let rings: Vec<Vec<Coord<f64>>> = rings.map(|ring| ring.0.clone()).collect();
        // Rounding moves lines by half a millimetre.
        let on_the_rim = |at| nearest(at, &rings) < 0.005;
        for at in reached.iter().flat_map(|line| samples(line)) {
            prop_assert!(holds(&area, at) || on_the_rim(at) || nearest(at, &others) < 0.01, "{at:?} is reached");
        }
        for at in others.iter().flat_map(|line| samples(line)) {
            prop_assert!(!holds(&area, at) || on_the_rim(at) || nearest(at, &reached) <= 1.0, "{at:?} is not reached");
        }
        for at in others.iter().flatten() {
            prop_assert!(!holds(&area, *at) || nearest(*at, &reached) <= 0.01, "{at:?}, an end, is not reached");
        }
        for polygon in &area {
            prop_assert!(rings::area(polygon.exterior()) > 0.0);
            prop_assert!(polygon.interiors().iter().all(|hole| rings::area(hole) < 0.0));
        }
    }
}

#[test]
fn a_single_spot_has_an_area_of_the_margins_size_and_nothing_has_none() {
    assert!(outline(&Streets::default()).0.is_empty());
    let spot = Coord { x: 10.0, y: 20.0 };
    let area = outline(&Streets {
        reached: [vec![spot]].into_iter().collect(),
        others: Lines::default(),
        margin: 50.0,
    });
    assert!(holds(&area, spot));
    let size = rings::area(area.0[0].exterior());
    assert!((2_000.0..30_000.0).contains(&size), "{size} m²");
}

#[test]
fn a_gap_is_filled_unless_there_is_a_street_in_it() {
    let corner = |x: f64, y: f64| Coord { x, y };
    let block = vec![
        corner(0.0, 0.0),
        corner(420.0, 0.0),
        corner(420.0, 420.0),
        corner(0.0, 420.0),
        corner(0.0, 0.0),
    ];
    // Too far from the block to shape its outline.
    let yard = vec![corner(205.0, 210.0), corner(215.0, 210.0)];
    for others in [vec![], vec![yard]] {
        let area = outline(&Streets {
            reached: [block.clone()].into_iter().collect(),
            others: others.iter().cloned().collect(),
            margin: 60.0,
        });
        assert_eq!(holds(&area, corner(210.0, 210.0)), others.is_empty());
    }
}
