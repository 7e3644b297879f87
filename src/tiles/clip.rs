//! Cutting lines and rings to the tile with its buffer, in tile units.
//!
//! Owns the cut only. Cutting a ring that leaves the window and comes back joins its pieces along the window's edge;
//! taking such bridges out is [`super::repair`]'s.

use geo_types::Coord;

use super::{
    BUFFER, EXTENT,
    detail::CHUNK,
    grid::{GridBox, GridPoint, TileFrame},
};

/// The window's western and northern edge, in tile units.
const NEAR: f64 = -BUFFER as f64;
/// The window's eastern and southern edge, in tile units.
const FAR: f64 = (EXTENT + BUFFER) as f64;

/// A half plane whose intersection with the other three is the window.
#[derive(Debug, Clone, Copy)]
enum Side {
    West,
    East,
    North,
    South,
}

impl Side {
    const ALL: [Self; 4] = [Self::West, Self::East, Self::North, Self::South];

    fn holds(self, at: Coord<f64>) -> bool {
        match self {
            Self::West => at.x >= NEAR,
            Self::East => at.x <= FAR,
            Self::North => at.y >= NEAR,
            Self::South => at.y <= FAR,
        }
    }

    /// Where a segment crosses the side's edge. The ends are ordered first, so that a border gives the same crossing
    /// whichever way it runs.
    fn crossing(self, a: Coord<f64>, b: Coord<f64>) -> Coord<f64> {
        let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
        match self {
            Self::West | Self::East => {
                let x = if matches!(self, Self::West) { NEAR } else { FAR };
                let y = a.y + (x - a.x) * ((b.y - a.y) / (b.x - a.x));
                Coord { x, y }
            }
            Self::North | Self::South => {
                let y = if matches!(self, Self::North) { NEAR } else { FAR };
                let x = a.x + (y - a.y) * ((b.x - a.x) / (b.y - a.y));
                Coord { x, y }
            }
        }
    }
}

/// How a box lies to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    /// Wholly inside.
    Inside,
    /// Partly inside, or around it.
    Partial,
    /// Wholly beyond one of its edges.
    Outside,
}

/// How a box of the world grid lies to the window.
pub(super) fn overlap(bbox: GridBox, frame: &TileFrame) -> Overlap {
    let (min, max) = (frame.units(bbox.min), frame.units(bbox.max));
    if min.x > FAR || min.y > FAR || max.x < NEAR || max.y < NEAR {
        Overlap::Outside
    } else if min.x >= NEAR && min.y >= NEAR && max.x <= FAR && max.y <= FAR {
        Overlap::Inside
    } else {
        Overlap::Partial
    }
}

/// The vertices of a ring that matter to the window, in tile units: those that are kept at a zoom, less those
/// inside stretches that lie wholly beyond one edge. Such a stretch is entered and left where it was, so cutting gives
/// the same as without the short cut.
pub(super) fn ring_in_units(
    points: &[GridPoint],
    kept_from: &[i8],
    zoom: i8,
    chunks: &[GridBox],
    frame: &TileFrame,
    out: &mut Vec<Coord<f64>>,
) {
    out.clear();
    if chunks.is_empty() {
        let kept = points.iter().zip(kept_from).filter(|(_, from)| **from <= zoom);
        out.extend(kept.map(|(point, _)| frame.units(*point)));
        return;
    }
    let chunked = points.chunks(CHUNK).zip(kept_from.chunks(CHUNK));
    for ((points, kept_from), bbox) in chunked.zip(chunks) {
        let mut kept = points
            .iter()
            .zip(kept_from)
            .filter(|(_, from)| **from <= zoom)
            .map(|(point, _)| *point);
        if overlap(*bbox, frame) == Overlap::Outside {
            out.extend(kept.next().map(|first| frame.units(first)));
            out.extend(kept.next_back().map(|last| frame.units(last)));
        } else {
            out.extend(kept.map(|point| frame.units(point)));
        }
    }
}

/// Cuts a ring (first vertex not repeated) to the window, in place: Sutherland and Hodgman, "Reentrant polygon
/// clipping", 1974. `scratch` is overwritten. O(n).
pub(super) fn cut_ring(ring: &mut Vec<Coord<f64>>, scratch: &mut Vec<Coord<f64>>) {
    for side in Side::ALL {
        let Some(&last) = ring.last() else { return };
        scratch.clear();
        let (mut before, mut was_held) = (last, side.holds(last));
        for &at in ring.iter() {
            let is_held = side.holds(at);
            if is_held != was_held {
                scratch.push(side.crossing(before, at));
            }
            if is_held {
                scratch.push(at);
            }
            (before, was_held) = (at, is_held);
        }
        std::mem::swap(ring, scratch);
    }
}

/// The part of a segment that lies in the window: Liang and Barsky, "A new concept and method for line clipping", 1984.
pub(super) fn cut_segment(from: Coord<f64>, to: Coord<f64>) -> Option<(Coord<f64>, Coord<f64>)> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (-dx, from.x - NEAR),
        (dx, FAR - from.x),
        (-dy, from.y - NEAR),
        (dy, FAR - from.y),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    if enter > leave {
        return None;
    }
    let along = |share: f64| Coord {
        x: from.x + share * dx,
        y: from.y + share * dy,
    };
    let start = if enter == 0.0 { from } else { along(enter) };
    let end = if leave == 1.0 { to } else { along(leave) };
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coords(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    fn area(ring: &[Coord<f64>]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
    }

    #[test]
    fn a_ring_around_the_window_becomes_the_window() {
        let mut ring = coords(&[(-9e6, -9e6), (9e6, -9e6), (9e6, 9e6), (-9e6, 9e6)]);
        cut_ring(&mut ring, &mut Vec::new());
        assert_eq!(area(&ring), (FAR - NEAR) * (FAR - NEAR));
        let mut ring = coords(&[(-9e6, -9e6), (-9e5, -9e6), (-9e5, 9e6)]);
        cut_ring(&mut ring, &mut Vec::new());
        assert!(ring.is_empty());
    }

    #[test]
    fn a_segment_keeps_its_ends_where_they_are_inside() {
        let [a, b, c] = [(10.0, 20.0), (30.0, 20.0), (9000.0, 20.0)].map(|(x, y)| Coord { x, y });
        assert_eq!(cut_segment(a, b), Some((a, b)));
        assert_eq!(cut_segment(c, a), Some((Coord { x: FAR, y: 20.0 }, a)));
        assert_eq!(cut_segment(c, Coord { x: 4170.0, y: 30.0 }), None);
        assert_eq!(
            cut_segment(Coord { x: -200.0, y: 0.0 }, Coord { x: 0.0, y: -200.0 }),
            None
        );
    }
}
