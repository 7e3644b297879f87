//! Destinations: many places, of which the nearest by travel time are asked for.
//!
//! Owns them made ready under one set of weights ([`Destinations`]) and the search for the nearest few. What they are, shelters or teams,
//! the caller knows: they are numbered as given.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    ops::ControlFlow,
};

use super::{
    Cost, Place, Router, StretchId, Weights,
    search::{
        End,
        dijkstra::{Dijkstra, Direction},
    },
};

/// Places to come to, under one set of weights. Some 100 bytes each.
#[derive(Debug, Default)]
pub struct Destinations {
    places: Vec<Place>,
    /// Every end of every destination, and whose it is.
    ends: Vec<End>,
    of_end: Vec<u32>,
    /// By vertex: its ends.
    at_vertex: HashMap<u32, Vec<u32>>,
    on_stretch: HashMap<StretchId, Vec<u32>>,
}

/// A destination found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// What it costs to come to it.
    pub cost: Cost,
    /// Its place in the list of destinations.
    pub destination: usize,
}

impl Destinations {
    /// Makes places ready. One on a stretch that is closed under the weights cannot be come to.
    pub fn new(router: &Router, weights: &Weights, places: Vec<Place>) -> Self {
        let mut ready = Self::default();
        for (destination, &place) in places.iter().enumerate() {
            for end in router.goals(weights.metric(), place).0 {
                ready
                    .at_vertex
                    .entry(end.vertex)
                    .or_default()
                    .push(ready.ends.len() as u32);
                ready.ends.push(end);
                ready.of_end.push(destination as u32);
            }
            ready
                .on_stretch
                .entry(place.stretch)
                .or_default()
                .push(destination as u32);
        }
        Self { places, ..ready }
    }

    /// The places, as given.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// All ends.
    pub(super) fn ends(&self) -> &[End] {
        &self.ends
    }

    /// The destination that an end is one of.
    pub(super) fn of_end(&self, end: usize) -> usize {
        self.of_end[end] as usize
    }

    /// The destinations on the stretch of a place that can be come to from it without leaving the stretch.
    pub(super) fn direct(&self, router: &Router, weights: &Weights, from: Place) -> impl Iterator<Item = Reached> {
        let here = self.on_stretch.get(&from.stretch).into_iter().flatten();
        here.filter_map(move |&destination| {
            let destination = destination as usize;
            let (_, cost) = router.direct(weights.metric(), from, self.places[destination])?;
            (!cost.is_never()).then_some(Reached { cost, destination })
        })
    }

    /// The nearest destinations from a place, each once, nearest first; of two as near, the earlier first. At most `count`, and of those only
    /// that `wanted` takes, which sees every one once, nearest first. Exact: the search goes on until nothing nearer can come, and no farther.
    pub fn nearest(
        &self,
        router: &Router,
        weights: &Weights,
        search: &mut Dijkstra,
        from: Place,
        count: usize,
        wanted: impl FnMut(Reached) -> bool,
    ) -> Vec<Reached> {
        let graph = router.hierarchy(weights.mode()).graph();
        let (starts, _) = router.starts(weights.metric(), from);
        let mut seen: BinaryHeap<Reverse<Reached>> = self.direct(router, weights, from).map(Reverse).collect();
        let mut found = Found {
            reached: Vec::new(),
            known: HashSet::new(),
            count,
            wanted,
        };
        if count == 0 {
            return Vec::new();
        }
        let cost = |edge| weights.costs().edge(edge);
        search.run(graph, Direction::Forward, &starts, cost, |vertex, here| {
            found.take(&mut seen, here);
            if found.is_enough() {
                return ControlFlow::Break(());
            }
            for &end in self.at_vertex.get(&vertex).into_iter().flatten() {
                let reached = Reached {
                    cost: here + self.ends[end as usize].cost,
                    destination: self.of_end(end as usize),
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
                && self.known.insert(next.destination)
                && (self.wanted)(next)
            {
                self.reached.push(next);
            }
        }
    }
}
