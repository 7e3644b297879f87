//! The search: neighbours one by one, nearest first.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use rstar::iterators::NearestNeighborDistance2Iterator;

use super::{Bucket, Labels, Points};
use crate::{
    geometry::{
        LonLat,
        geodesic::{
            self,
            chord::{self, Ecef, Frame},
        },
    },
    units::Metres,
};

/// A point found, and the way to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour<T> {
    /// What was found.
    pub payload: T,
    /// Where it is.
    pub position: LonLat,
    /// Length of the geodesic.
    pub distance: Metres,
    /// Initial bearing of the geodesic, degrees clockwise from north, 0..360.
    pub bearing_deg: f64,
    /// Whether distance and bearing are the geodesic's, not the short-distance series'.
    is_measured: bool,
}

impl<T: Copy + Ord> Neighbour<T> {
    /// Which of two neighbours of the same position, found by different searches, is nearer: the order in which one
    /// search would have given them. Geodesics are computed where the two are too close to tell otherwise.
    pub fn order(&self, other: &Self, from: LonLat) -> Ordering {
        let (a, b) = (self.distance.0, other.distance.0);
        // What is not measured has a chord of at most `SHORT_M`, and the bounds are widest there.
        let doubt = chord::at_most(chord::SHORT_M) - chord::at_least(chord::SHORT_M);
        if (a - b).abs() > 2.0 * doubt {
            a.total_cmp(&b)
        } else {
            self.measured(from).measured_order(&other.measured(from))
        }
    }

    fn measured(&self, from: LonLat) -> Self {
        if self.is_measured {
            return *self;
        }
        let (distance, bearing_deg) = geodesic::distance_and_bearing(from, self.position);
        Self {
            distance,
            bearing_deg,
            is_measured: true,
            ..*self
        }
    }

    /// The order of geodesics, then of payloads. Both must be measured.
    fn measured_order(&self, other: &Self) -> Ordering {
        (self.distance.0.total_cmp(&other.distance.0)).then_with(|| self.payload.cmp(&other.payload))
    }
}

/// Neighbours, nearest first. Made by [`Points::nearest`].
pub struct Neighbours<'a, T> {
    points: &'a Points<T>,
    labels: Labels,
    from: LonLat,
    frame: Frame,
    /// Buckets not opened yet, by the chord to their box; `None` where no point bears what is looked for.
    buckets: Option<NearestNeighborDistance2Iterator<'a, Bucket>>,
    next_bucket: Option<(&'a Bucket, f64)>,
    /// Squared chord beyond which nothing is looked for.
    reach: f64,
    /// Points of opened buckets, by chord.
    by_chord: BinaryHeap<Reverse<ByChord>>,
    /// Points that were in doubt, by geodesic.
    by_geodesic: BinaryHeap<Reverse<ByGeodesic<T>>>,
}

impl<'a, T: Copy + Ord> Neighbours<'a, T> {
    pub(super) fn new(points: &'a Points<T>, from: LonLat, labels: Labels) -> Self {
        let frame = Frame::at(from);
        let is_borne = points.labels & labels != 0;
        let mut buckets = is_borne.then(|| points.buckets.nearest_neighbor_iter_with_distance_2(frame.origin));
        Self {
            points,
            labels,
            from,
            frame,
            next_bucket: buckets.as_mut().and_then(Iterator::next),
            buckets,
            reach: f64::INFINITY,
            by_chord: BinaryHeap::with_capacity(if is_borne { 64 } else { 0 }),
            by_geodesic: BinaryHeap::new(),
        }
    }

    /// The same neighbours, but none much farther than this distance: the search stops soon after it.
    #[must_use]
    pub fn up_to(mut self, distance: Metres) -> Self {
        self.reach = chord::longest_within(distance.0).powi(2);
        self
    }

    /// Opens buckets until the nearest point by chord is known to be the nearest; gives its squared chord.
    fn peek_chord(&mut self) -> Option<f64> {
        loop {
            let nearest = self.by_chord.peek().map(|Reverse(nearest)| nearest.squared);
            match self.next_bucket {
                Some((_, squared)) if squared > self.reach => self.next_bucket = None,
                Some((bucket, squared)) if nearest.is_none_or(|nearest| squared <= nearest) => {
                    self.open(bucket);
                    self.next_bucket = self.buckets.as_mut().and_then(Iterator::next);
                }
                _ => return nearest,
            }
        }
    }

    fn open(&mut self, bucket: &Bucket) {
        if bucket.labels & self.labels == 0 {
            return;
        }
        let all_fit = bucket.shared & self.labels != 0;
        for index in bucket.first..bucket.last {
            let at = index as usize;
            if all_fit || self.points.labels_of[at] & self.labels != 0 {
                let squared = chord::squared(&self.frame.origin, &self.points.ecef[at]);
                self.by_chord.push(Reverse(ByChord { squared, index }));
            }
        }
    }

    /// Moves the nearest point by chord to those in order of geodesics.
    fn measure(&mut self) {
        if let Some(Reverse(ByChord { index, .. })) = self.by_chord.pop() {
            let neighbour = measured(&self.points.places[index as usize], self.from);
            self.by_geodesic.push(Reverse(ByGeodesic(neighbour)));
        }
    }
}

fn measured<T: Copy>(&(position, payload): &(LonLat, T), from: LonLat) -> Neighbour<T> {
    let (distance, bearing_deg) = geodesic::distance_and_bearing(from, position);
    Neighbour {
        payload,
        position,
        distance,
        bearing_deg,
        is_measured: true,
    }
}

impl<T: Copy + Ord> Iterator for Neighbours<'_, T> {
    type Item = Neighbour<T>;

    fn next(&mut self) -> Option<Neighbour<T>> {
        if self.by_geodesic.is_empty() {
            self.peek_chord()?;
            let Reverse(first) = self.by_chord.pop()?;
            let certain = chord::at_most(first.squared.sqrt());
            let next = self.peek_chord();
            if next.is_none_or(|next| chord::at_least(next.sqrt()) > certain)
                && let Some((distance, bearing_deg)) = self.frame.short(&self.points.ecef[first.index as usize])
            {
                let (position, payload) = self.points.places[first.index as usize];
                return Some(Neighbour {
                    payload,
                    position,
                    distance,
                    bearing_deg,
                    is_measured: false,
                });
            }
            self.by_chord.push(Reverse(first));
            self.measure();
        }
        loop {
            let nearest = self.by_geodesic.peek().map(|Reverse(nearest)| nearest.0.distance.0)?;
            match self.peek_chord() {
                Some(next) if chord::at_least(next.sqrt()) <= nearest => self.measure(),
                _ => return self.by_geodesic.pop().map(|Reverse(nearest)| nearest.0),
            }
        }
    }
}

/// See [`Points::count_nearer`].
pub(super) fn count_nearer<T: Copy + Ord>(
    points: &Points<T>,
    from: LonLat,
    labels: Labels,
    than: &Neighbour<T>,
) -> usize {
    let origin = chord::ecef(from);
    let than = than.measured(from);
    let (certain, reach) = (
        chord::all_within(than.distance.0).powi(2),
        chord::longest_within(than.distance.0).powi(2),
    );
    let is_nearer = |index: u32| {
        if points.labels_of[index as usize] & labels == 0 {
            return false;
        }
        let squared = chord::squared(&origin, &points.ecef[index as usize]);
        squared < certain
            || squared <= reach
                && measured(&points.places[index as usize], from)
                    .measured_order(&than)
                    .is_lt()
    };
    points
        .buckets
        .locate_within_distance(origin, reach)
        .filter(|bucket| bucket.labels & labels != 0)
        .map(|bucket| {
            if bucket.shared & labels != 0 && farthest_squared(bucket, &origin) < certain {
                return (bucket.last - bucket.first) as usize;
            }
            (bucket.first..bucket.last).filter(|&index| is_nearer(index)).count()
        })
        .sum()
}

/// The squared chord to the farthest corner of a bucket's box.
fn farthest_squared(bucket: &Bucket, origin: &Ecef) -> f64 {
    let (lower, upper) = (bucket.envelope.lower(), bucket.envelope.upper());
    let farthest = |axis: usize| {
        (origin[axis] - lower[axis])
            .abs()
            .max((origin[axis] - upper[axis]).abs())
    };
    (0..3).map(|axis| farthest(axis).powi(2)).sum()
}

struct ByChord {
    squared: f64,
    index: u32,
}

struct ByGeodesic<T>(Neighbour<T>);

/// Orders of heaps: total, equality following from the order.
macro_rules! ordered {
    ([$($generics:tt)*] $name:ty, $order:expr) => {
        impl<$($generics)*> Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                $order(self, other)
            }
        }
        impl<$($generics)*> PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl<$($generics)*> PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }
        impl<$($generics)*> Eq for $name {}
    };
}

ordered!([] ByChord, |a: &Self, b: &Self| a.squared.total_cmp(&b.squared));
ordered!([T: Copy + Ord] ByGeodesic<T>, |a: &Self, b: &Self| a.0.measured_order(&b.0));
