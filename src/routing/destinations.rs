//! Destinations and origins: many places, of which the nearest by travel time are asked for.
//!
//! Owns them made ready under one set of weights, to be come to ([`Destinations`]) or to come from ([`Origins`]), and the one search
//! for the nearest few. What they are, shelters or teams, the caller knows: they are numbered as given.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    ops::ControlFlow,
};

use super::{
    Cost, Place, Purpose, Router, StretchId, Weights,
    search::{
        End,
        dijkstra::{Dijkstra, Direction},
    },
};

/// Places to come to, under one set of weights. Some 100 bytes each.
#[derive(Debug)]
pub struct Destinations(Ready);

/// Places to come from, under one set of weights. Some 100 bytes each.
#[derive(Debug)]
pub struct Origins(Ready);

/// Places made ready for one purpose.
#[derive(Debug)]
struct Ready {
    purpose: Purpose,
    places: Vec<Place>,
    /// Every end of every place, and whose it is.
    ends: Vec<End>,
    of_end: Vec<u32>,
    /// By vertex: its ends.
    at_vertex: HashMap<u32, Vec<u32>>,
    on_stretch: HashMap<StretchId, Vec<u32>>,
}

/// A place found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// What it costs to come to it, or from it.
    pub cost: Cost,
    /// Its number in the list of places.
    pub number: usize,
}

impl Destinations {
    /// Makes places ready. One on a stretch that is closed under the weights cannot be come to.
    pub fn new(router: &Router, weights: &Weights, places: Vec<Place>) -> Self {
        Self(Ready::new(router, weights, places, Purpose::Goal))
    }

    /// The places, as given.
    pub fn places(&self) -> &[Place] {
        &self.0.places
    }

    /// All ends.
    pub(super) fn ends(&self) -> &[End] {
        &self.0.ends
    }

    /// The number of the destination that an end is one of.
    pub(super) fn of_end(&self, end: usize) -> usize {
        self.0.of_end[end] as usize
    }

    /// The destinations on the stretch of a place that can be come to from it without leaving the stretch.
    pub(super) fn direct(&self, router: &Router, weights: &Weights, from: Place) -> impl Iterator<Item = Reached> {
        self.0.direct(router, weights, from)
    }

    /// The nearest destinations from a place, each once, nearest first; of two as near, the earlier first. At most `count`, and of those only
    /// that `wanted` takes, which sees every one once, nearest first. Exact: the search goes on until nothing nearer can come, and no farther.
    /// O((n + m) log n) for the roads that are nearer than the last one found, and memory for all, which `search` keeps.
    pub fn nearest(
        &self,
        router: &Router,
        weights: &Weights,
        search: &mut Dijkstra,
        from: Place,
        count: usize,
        wanted: impl FnMut(Reached) -> bool,
    ) -> Vec<Reached> {
        self.0.nearest(router, weights, search, from, count, wanted)
    }
}

impl Origins {
    /// Makes places ready. One on a stretch that is closed under the weights cannot be come from.
    pub fn new(router: &Router, weights: &Weights, places: Vec<Place>) -> Self {
        Self(Ready::new(router, weights, places, Purpose::Start))
    }

    /// The places, as given.
    pub fn places(&self) -> &[Place] {
        &self.0.places
    }

    /// The origins that a place is soonest come to from: as [`Destinations::nearest`] with all ways the other way round. One-ways, turn
    /// restrictions and closures hold in the direction of the way, from the origin to the place.
    pub fn nearest(
        &self,
        router: &Router,
        weights: &Weights,
        search: &mut Dijkstra,
        to: Place,
        count: usize,
        wanted: impl FnMut(Reached) -> bool,
    ) -> Vec<Reached> {
        self.0.nearest(router, weights, search, to, count, wanted)
    }
}

impl Ready {
    fn new(router: &Router, weights: &Weights, places: Vec<Place>, purpose: Purpose) -> Self {
        let mut ready = Self {
            purpose,
            places: Vec::new(),
            ends: Vec::new(),
            of_end: Vec::new(),
            at_vertex: HashMap::new(),
            on_stretch: HashMap::new(),
        };
        for (number, &place) in places.iter().enumerate() {
            for end in ends(router, weights, place, purpose) {
                ready
                    .at_vertex
                    .entry(end.vertex)
                    .or_default()
                    .push(ready.ends.len() as u32);
                ready.ends.push(end);
                ready.of_end.push(number as u32);
            }
            ready.on_stretch.entry(place.stretch).or_default().push(number as u32);
        }
        Self { places, ..ready }
    }

    /// The places on the stretch of another with a way between the two that does not leave it.
    fn direct(&self, router: &Router, weights: &Weights, other: Place) -> impl Iterator<Item = Reached> {
        let here = self.on_stretch.get(&other.stretch).into_iter().flatten();
        here.filter_map(move |&number| {
            let number = number as usize;
            let (from, to) = match self.purpose {
                Purpose::Goal => (other, self.places[number]),
                Purpose::Start => (self.places[number], other),
            };
            let (_, cost) = router.direct(weights.metric(), from, to)?;
            (!cost.is_never()).then_some(Reached { cost, number })
        })
    }

    fn nearest(
        &self,
        router: &Router,
        weights: &Weights,
        search: &mut Dijkstra,
        other: Place,
        count: usize,
        wanted: impl FnMut(Reached) -> bool,
    ) -> Vec<Reached> {
        if count == 0 {
            return Vec::new();
        }
        let graph = router.hierarchy(weights.mode()).graph();
        let (there, direction) = match self.purpose {
            Purpose::Goal => (Purpose::Start, Direction::Forward),
            Purpose::Start => (Purpose::Goal, Direction::Backward),
        };
        let begin = ends(router, weights, other, there);
        let mut seen: BinaryHeap<Reverse<Reached>> = self.direct(router, weights, other).map(Reverse).collect();
        let mut found = Found {
            reached: Vec::new(),
            known: HashSet::new(),
            count,
            wanted,
        };
        let cost = |edge| weights.costs().edge(edge);
        search.run(graph, direction, &begin, cost, |vertex, here| {
            found.take(&mut seen, here);
            if found.is_enough() {
                return ControlFlow::Break(());
            }
            for &end in self.at_vertex.get(&vertex).into_iter().flatten() {
                let reached = Reached {
                    cost: here + self.ends[end as usize].cost,
                    number: self.of_end[end as usize] as usize,
                };
                if !reached.cost.is_never() {
                    seen.push(Reverse(reached));
                }
            }
            ControlFlow::Continue(())
        });
        found.take(&mut seen, Cost::NEVER);
        found.reached
    }
}

/// The ends that a place has as a start or as a goal.
fn ends(router: &Router, weights: &Weights, place: Place, purpose: Purpose) -> Vec<End> {
    let (ends, _) = match purpose {
        Purpose::Start => router.starts(weights.metric(), place),
        Purpose::Goal => router.goals(weights.metric(), place),
    };
    ends
}

/// What is found for sure.
struct Found<W> {
    reached: Vec<Reached>,
    known: HashSet<usize>,
    count: usize,
    wanted: W,
}

impl<W: FnMut(Reached) -> bool> Found<W> {
    fn is_enough(&self) -> bool {
        self.reached.len() >= self.count
    }

    /// Takes what costs less than anything still to come.
    fn take(&mut self, seen: &mut BinaryHeap<Reverse<Reached>>, to_come: Cost) {
        while !self.is_enough() && seen.peek().is_some_and(|Reverse(next)| next.cost < to_come) {
            if let Some(Reverse(next)) = seen.pop()
                && self.known.insert(next.number)
                && (self.wanted)(next)
            {
                self.reached.push(next);
            }
        }
    }
}
