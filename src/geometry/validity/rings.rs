//! The rings of a (multi)polygon held against each other.

use std::collections::HashMap;

use geo_types::{Coord, Polygon};

use super::{
    Flaw,
    meeting::{self, Meeting},
    segments::{Ring, Rings, Segment},
};

/// Two rings touching at a point: a segment of each that the point lies on.
struct Touch {
    segments: [usize; 2],
    at: Coord<f64>,
}

/// The first flaw of the parts of a multipolygon.
pub(super) fn flaw(parts: &[Polygon<f64>]) -> Option<Flaw> {
    let rings = match Rings::new(parts) {
        Ok(rings) => rings,
        Err(flaw) => return Some(flaw),
    };
    let touches = match touches(&rings) {
        Ok(touches) => touches,
        Err(flaw) => return Some(flaw),
    };
    let crossing = touches.iter().find(|touch| crosses(&rings, touch));
    if let Some(touch) = crossing {
        return Some(Flaw::RingsCross { at: touch.at });
    }
    flaw_of_nesting(&rings, &touches)
}

/// Strips with no more segments are looked through pair by pair: sorting them first costs more than it spares. Of 0, 8, 16 and 32 the
/// fastest on rings of 40 to 200 vertices.
const FEW: usize = 16;

/// All points where different rings touch; a flaw where rings meet in a way they must not.
fn touches(rings: &Rings) -> Result<Vec<Touch>, Flaw> {
    let mut touches = Vec::new();
    let mut sorted = Vec::new();
    let segment = |index: usize| &rings.segments[index];
    for strip in 0..rings.strips() {
        let members = rings.strip(strip);
        sorted.clear();
        sorted.extend_from_slice(members);
        let is_sorted = members.len() > FEW;
        if is_sorted {
            sorted.sort_unstable_by(|&i, &j| segment(i).min_x().total_cmp(&segment(j).min_x()));
        }
        for (place, &i) in sorted.iter().enumerate() {
            let (west, east) = (segment(i).min_x(), segment(i).max_x());
            for &j in &sorted[place + 1..] {
                if segment(j).min_x() > east {
                    if is_sorted {
                        break;
                    }
                } else if segment(j).max_x() >= west && is_pair_of_strip(rings, segment(i), segment(j), strip) {
                    touches.extend(examine(rings, i, j)?);
                }
            }
        }
    }
    Ok(touches)
}

/// Whether the segments share latitudes, and this is the first strip they share, so that each pair is seen once.
fn is_pair_of_strip(rings: &Rings, s: &Segment, t: &Segment, strip: usize) -> bool {
    let ((s_low, s_high), (t_low, t_high)) = (s.y_range(), t.y_range());
    s_low <= t_high && t_low <= s_high && rings.strip_of(s_low.max(t_low)) == strip
}

fn examine(rings: &Rings, i: usize, j: usize) -> Result<Option<Touch>, Flaw> {
    let (s, t) = (&rings.segments[i], &rings.segments[j]);
    let same_ring = s.ring == t.ring;
    let (is_next, is_last) = (
        same_ring && rings.neighbour(i, true) == j,
        same_ring && rings.neighbour(j, true) == i,
    );
    if is_next && turns(s, t) || is_last && turns(t, s) {
        return Ok(None);
    }
    let Some(meeting) = meeting::meet(s, t) else {
        return Ok(None);
    };
    match meeting {
        Meeting::Touch(_) if is_next || is_last => Ok(None),
        Meeting::Touch(at) if !same_ring => Ok(Some(Touch { segments: [i, j], at })),
        Meeting::Touch(at) | Meeting::Cross(at) | Meeting::Overlap(at) if same_ring => {
            Err(Flaw::SelfIntersection { at })
        }
        Meeting::Touch(at) | Meeting::Cross(at) | Meeting::Overlap(at) => Err(Flaw::RingsCross { at }),
    }
}

/// Whether a ring turns where one segment ends and the next begins: then they share that position and no other.
fn turns(s: &Segment, next: &Segment) -> bool {
    meeting::side(s.a, s.b, next.b) != 0.0
}

/// The positions before and after a point on a segment, along its ring.
fn around(rings: &Rings, segment: usize, at: Coord<f64>) -> (Coord<f64>, Coord<f64>) {
    let Segment { a, b, .. } = rings.segments[segment];
    if at == a {
        (rings.segments[rings.neighbour(segment, false)].a, b)
    } else if at == b {
        (a, rings.segments[rings.neighbour(segment, true)].b)
    } else {
        (a, b)
    }
}

/// Whether one ring passes from one side of the other to its other side at the touching point.
fn crosses(rings: &Rings, touch: &Touch) -> bool {
    let (one_before, one_after) = around(rings, touch.segments[0], touch.at);
    let (other_before, other_after) = around(rings, touch.segments[1], touch.at);
    let left = |q| meeting::left_of_way(one_before, touch.at, one_after, q);
    left(other_before) != left(other_after)
}

/// Checks what lies in what; rings neither cross nor overlap here, so that one position speaks for its ring.
fn flaw_of_nesting(rings: &Rings, touches: &[Touch]) -> Option<Flaw> {
    if rings.all.len() < 2 {
        return None;
    }
    let mut touched: HashMap<usize, Vec<Coord<f64>>> = HashMap::new();
    for touch in touches {
        for segment in touch.segments {
            touched.entry(rings.segments[segment].ring).or_default().push(touch.at);
        }
    }
    let mut is_around = vec![false; rings.all.len()];
    for (index, ring) in rings.all.iter().enumerate() {
        let at = speaker(rings, index, touched.get(&index).map_or(&[], Vec::as_slice));
        let around = rings_around(rings, index, at, &mut is_around);
        let in_exterior = |part: usize| around.iter().any(|ring| ring.part == part && !ring.is_hole);
        let in_hole = |part: usize| around.iter().any(|ring| ring.part == part && ring.is_hole);
        if ring.is_hole && !in_exterior(ring.part) {
            return Some(Flaw::HoleOutside { at });
        }
        if ring.is_hole && in_hole(ring.part) {
            return Some(Flaw::HoleInHole { at });
        }
        if !ring.is_hole && around.iter().any(|other| !other.is_hole && !in_hole(other.part)) {
            return Some(Flaw::PartsOverlap { at });
        }
    }
    None
}

/// The other rings that a position lies inside of, by counting the sides east of it; `is_around` is all `false` before
/// and after.
fn rings_around(rings: &Rings, index: usize, at: Coord<f64>, is_around: &mut [bool]) -> Vec<Ring> {
    let mut seen = Vec::new();
    for &segment in rings.strip(rings.strip_of(at.y)) {
        let Segment { a, b, ring } = rings.segments[segment];
        let upward = b.y > at.y;
        if ring != index && (a.y > at.y) != upward && (meeting::side(a, b, at) > 0.0) == upward {
            is_around[ring] = !is_around[ring];
            seen.push(ring);
        }
    }
    // A ring crossed an even number of times is already `false`; one seen several times counts once.
    seen.into_iter()
        .filter(|&ring| std::mem::take(&mut is_around[ring]))
        .map(|ring| rings.all[ring])
        .collect()
}

/// A position of a ring that lies on no other ring, given the points where it touches others.
fn speaker(rings: &Rings, index: usize, touched: &[Coord<f64>]) -> Coord<f64> {
    let ring = rings.all[index];
    let own = &rings.segments[ring.first..ring.first + ring.len];
    own.iter()
        .map(|segment| segment.a)
        .find(|at| !touched.contains(at))
        .unwrap_or_else(|| Coord {
            x: f64::midpoint(own[0].a.x, own[0].b.x),
            y: f64::midpoint(own[0].a.y, own[0].b.y),
        })
}

#[cfg(test)]
mod tests {
    use geo::Validation;
    use geo_types::{LineString, MultiPolygon, polygon};
    use proptest::prelude::*;

    use super::*;

    fn ring() -> impl Strategy<Value = LineString<f64>> {
        proptest::collection::vec((0_i8..7, 0_i8..7), 3..8)
            .prop_map(|corners| {
                let mut ring: Vec<(f64, f64)> = corners.iter().map(|&(x, y)| (x.into(), y.into())).collect();
                ring.push(ring[0]);
                LineString::from(ring)
            })
            .prop_filter("geo lets a ring run back along itself", |ring| !has_spike(ring))
    }

    fn has_spike(ring: &LineString<f64>) -> bool {
        let mut sides: Vec<_> = ring.lines().filter(|side| side.start != side.end).collect();
        sides.extend(sides.first().copied());
        sides.windows(2).any(|pair| {
            let (one, two) = (pair[0].delta(), pair[1].delta());
            one.x * two.y == one.y * two.x && one.x * two.x + one.y * two.y < 0.0
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn one_part_is_judged_as_geo_does(exterior in ring(), holes in proptest::collection::vec(ring(), 0..3)) {
            let polygon = Polygon::new(exterior, holes);
            prop_assert_eq!(flaw(std::slice::from_ref(&polygon)).is_none(), polygon.is_valid(), "{:?}", polygon);
        }

        #[test]
        fn several_parts_are_judged_as_geo_does(rings in proptest::collection::vec(ring(), 2..4)) {
            let parts = MultiPolygon(rings.into_iter().map(|ring| Polygon::new(ring, vec![])).collect());
            prop_assert_eq!(flaw(&parts.0).is_none(), parts.is_valid(), "{:?}", parts);
        }
    }

    #[test]
    fn a_part_in_the_hole_of_another_is_valid() {
        let outer = polygon![exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 9.)],
            interiors: [[(x: 2., y: 2.), (x: 7., y: 2.), (x: 7., y: 7.), (x: 2., y: 7.)]]];
        let island = polygon![(x: 3., y: 3.), (x: 6., y: 3.), (x: 7., y: 7.), (x: 3., y: 6.)];
        assert_eq!(flaw(&[outer.clone(), island.clone()]), None);
        let sunk = polygon![(x: 0.5, y: 0.5), (x: 1., y: 0.5), (x: 1., y: 1.)];
        assert_eq!(
            flaw(&[outer, island, sunk]),
            Some(Flaw::PartsOverlap {
                at: Coord { x: 0.5, y: 0.5 }
            })
        );
    }

    #[test]
    fn a_flaw_says_where_it_is() {
        let bow_tie = polygon![(x: 119., y: 26.), (x: 120., y: 27.), (x: 120., y: 26.), (x: 119., y: 27.)];
        let flaw = flaw(&[bow_tie]).unwrap();
        assert_eq!(
            flaw.to_string(),
            "a ring crosses or touches itself at 119.5000000,26.5000000"
        );
    }
}
