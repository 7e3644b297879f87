//! Places on the network: a stretch and how far along it.
//!
//! Owns positions, cuts and distances along a stretch's shape. Lines between two points of a shape are straight in degrees,
//! as on the map; lengths are geodesic.

use super::{ArcId, Network, StretchId};
use crate::geometry::{
    LonLat,
    geodesic::chord::{self, Ecef, ecef},
};

/// A place on a stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The stretch.
    pub stretch: StretchId,
    /// How much of its length lies before it in forward direction, 0 to 1.
    pub fraction: f64,
}

impl Place {
    /// How much of an arc's length lies before the place, 0 to 1, in the direction of the arc.
    pub fn along(self, arc: ArcId) -> f64 {
        if arc.is_backward() {
            1.0 - self.fraction
        } else {
            self.fraction
        }
    }

    /// Where it is.
    pub fn position(self, network: &Network) -> LonLat {
        let shape = Shape::of(network, self.stretch);
        shape.position(self.fraction)
    }
}

/// The shape of a stretch with the lengths of its parts.
#[derive(Debug)]
pub(super) struct Shape {
    points: Vec<LonLat>,
    /// Metres from the first point to each.
    reached_m: Vec<f64>,
}

/// The length of a short line, metres: a chord bent, exact to a millimetre over a kilometre.
pub(super) fn short_m(from: &Ecef, to: &Ecef) -> f64 {
    chord::at_least(chord::squared(from, to).sqrt()).max(0.0)
}

impl Shape {
    /// The shape in forward direction. O(points).
    pub(super) fn of(network: &Network, stretch: StretchId) -> Self {
        let points: Vec<LonLat> = network.shape(stretch).collect();
        let places: Vec<Ecef> = points.iter().map(|&point| ecef(point)).collect();
        let mut reached_m = vec![0.0];
        let mut sum = 0.0;
        for pair in places.windows(2) {
            sum += short_m(&pair[0], &pair[1]);
            reached_m.push(sum);
        }
        Self { points, reached_m }
    }

    pub(super) fn points(&self) -> &[LonLat] {
        &self.points
    }

    pub(super) fn length_m(&self) -> f64 {
        self.reached_m.last().copied().unwrap_or(0.0)
    }

    /// The fraction of the length at a share, 0 to 1, of the line from one point to the next.
    pub(super) fn fraction(&self, line: usize, share: f64) -> f64 {
        let (from, to) = (self.reached_m[line], self.reached_m[line + 1]);
        let length = self.length_m();
        if length == 0.0 {
            0.0
        } else {
            ((from + (to - from) * share) / length).clamp(0.0, 1.0)
        }
    }

    /// Where a fraction of the length is reached.
    pub(super) fn position(&self, fraction: f64) -> LonLat {
        let wanted = self.length_m() * fraction;
        let line = self
            .reached_m
            .partition_point(|&reached| reached < wanted)
            .clamp(1, self.points.len() - 1)
            - 1;
        let (from, to) = (self.reached_m[line], self.reached_m[line + 1]);
        let share = if to > from {
            ((wanted - from) / (to - from)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        between(self.points[line], self.points[line + 1], share)
    }

    /// The points between the two ends with the fraction of the length, both in forward direction or both backward.
    pub(super) fn bends(&self, is_backward: bool) -> impl Iterator<Item = (LonLat, f64)> {
        let (count, length) = (self.points.len(), self.length_m());
        (1..count - 1).map(move |nth| {
            let at = if is_backward { count - 1 - nth } else { nth };
            let fraction = if length > 0.0 { self.reached_m[at] / length } else { 0.0 };
            (self.points[at], if is_backward { 1.0 - fraction } else { fraction })
        })
    }

    /// The points from one fraction of the length to another, with both ends; backwards where the second is smaller.
    pub(super) fn cut(&self, from: f64, to: f64) -> Vec<LonLat> {
        let (low, high) = if from <= to { (from, to) } else { (to, from) };
        let [low_m, high_m] = [low, high].map(|fraction| fraction * self.length_m());
        let mut cut = vec![self.position(low)];
        let inside = self.points.iter().zip(&self.reached_m);
        cut.extend(
            inside
                .filter(|(_, reached)| **reached > low_m && **reached < high_m)
                .map(|(&point, _)| point),
        );
        cut.push(self.position(high));
        if from > to {
            cut.reverse();
        }
        cut
    }
}

/// The point at a share, 0 to 1, of the straight line between two; across the antimeridian the short way.
pub(super) fn between(from: LonLat, to: LonLat, share: f64) -> LonLat {
    if share <= 0.0 {
        return from;
    }
    if share >= 1.0 {
        return to;
    }
    let lon = from.lon() + wrapped(to.lon() - from.lon()) * share;
    let lat = from.lat() + (to.lat() - from.lat()) * share;
    LonLat::new(wrapped(lon), lat).unwrap_or(from)
}

/// A difference of longitudes, or a longitude, brought to −180 to 180 degrees.
pub(super) fn wrapped(degrees: f64) -> f64 {
    if degrees > 180.0 {
        degrees - 360.0
    } else if degrees < -180.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::{DegreesE7, Stretch};

    #[test]
    fn fractions_positions_and_cuts_agree() {
        let mut builder = Network::builder();
        let at = |lon, lat| LonLat::new(lon, lat).unwrap();
        let ends = [builder.add_node(at(119.0, 26.0)), builder.add_node(at(119.02, 26.0))];
        let bends = [at(119.0, 26.01), at(119.01, 26.01)].map(DegreesE7::at);
        let stretch = builder.add_stretch(&Stretch {
            bends: &bends,
            ..Stretch::street(ends, 1_000)
        });
        let network = builder.build().unwrap();
        let shape = Shape::of(&network, stretch);
        assert!((shape.length_m() - network.length_m(stretch)).abs() < 0.01);
        assert_eq!(shape.position(0.0), shape.points()[0]);
        assert_eq!(shape.position(1.0), shape.points()[3]);
        let bend = shape.fraction(1, 0.5);
        assert!((shape.position(bend).lon() - 119.005).abs() < 1e-9);
        let cut = shape.cut(bend, 1.0);
        assert_eq!(cut[1..], shape.points()[2..]);
        let back = shape.cut(1.0, bend);
        assert!(back.iter().rev().eq(cut.iter()));
        assert_eq!(shape.cut(0.3, 0.3).len(), 2);
    }
}
