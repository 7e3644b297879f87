//! The plain search: every vertex around the ends, nearest first (E. W. Dijkstra, 1959).
//!
//! Owns what needs no hierarchy: all that can be reached within a cost, and where every vertex is asked for. Also the oracle
//! of what is faster.

use std::{cmp::Reverse, collections::BinaryHeap, ops::ControlFlow};

use super::End;
use crate::routing::{Cost, Graph, graph::NONE};

/// Which way edges are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From starts: how to get from there.
    Forward,
    /// Against the edges, from goals: how to get there.
    Backward,
}

/// Room for plain searches, one at a time, and the result of the last one. 20 bytes a vertex.
#[derive(Debug, Default)]
pub struct Dijkstra {
    costs: Vec<Cost>,
    /// The edge a vertex was come to by, or [`NONE`] at an end.
    by: Vec<u32>,
    /// The place in the list of ends that the way comes from.
    end: Vec<u32>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(Cost, u32)>>,
}

impl Dijkstra {
    /// Room for searches; it is made when they need it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Settles vertices from the ends, in the order of their costs and told one by one, until all are or `settled` breaks
    /// off. What an edge costs `cost` says. Of ends that cost the same for a vertex, one is kept, always the same.
    /// O((n + m) log n) for what is settled.
    pub fn run(
        &mut self,
        graph: &Graph,
        direction: Direction,
        ends: &[End],
        cost: impl Fn(u32) -> Cost,
        mut settled: impl FnMut(u32, Cost) -> ControlFlow<()>,
    ) {
        self.begin(graph, ends);
        while let Some(Reverse((known, vertex))) = self.queue.pop() {
            if known > self.costs[vertex as usize] {
                continue;
            }
            if settled(vertex, known).is_break() {
                return;
            }
            match direction {
                Direction::Forward => {
                    for edge in graph.out(vertex) {
                        self.reach(graph.head(edge), known + cost(edge), edge, vertex);
                    }
                }
                Direction::Backward => {
                    for &edge in graph.incoming(vertex) {
                        self.reach(graph.tail(edge), known + cost(edge), edge, vertex);
                    }
                }
            }
        }
    }

    fn begin(&mut self, graph: &Graph, ends: &[End]) {
        for vertex in self.touched.drain(..) {
            self.costs[vertex as usize] = Cost::NEVER;
            self.by[vertex as usize] = NONE;
            self.end[vertex as usize] = NONE;
        }
        let count = graph.vertex_count();
        self.costs.resize(count, Cost::NEVER);
        self.by.resize(count, NONE);
        self.end.resize(count, NONE);
        self.queue.clear();
        for (at, end) in ends.iter().enumerate() {
            if end.cost < self.costs[end.vertex as usize] {
                self.costs[end.vertex as usize] = end.cost;
                self.end[end.vertex as usize] = at as u32;
                self.touched.push(end.vertex);
                self.queue.push(Reverse((end.cost, end.vertex)));
            }
        }
    }

    fn reach(&mut self, vertex: u32, cost: Cost, by: u32, from: u32) {
        let at = vertex as usize;
        if cost < self.costs[at] {
            self.costs[at] = cost;
            self.by[at] = by;
            self.end[at] = self.end[from as usize];
            self.touched.push(vertex);
            self.queue.push(Reverse((cost, vertex)));
        }
    }

    /// The cost of a vertex in the last search. Where that was broken off, it is final for what was settled.
    pub fn cost(&self, vertex: u32) -> Cost {
        self.costs.get(vertex as usize).copied().unwrap_or(Cost::NEVER)
    }

    /// The edge that a way of least cost comes to the vertex by, or leaves it by where the search went backward; `None` at
    /// an end, and where nothing came.
    pub fn by(&self, vertex: u32) -> Option<u32> {
        self.by.get(vertex as usize).copied().filter(|&edge| edge != NONE)
    }

    /// The place in the list of ends that the vertex's way comes from, or leads to.
    pub fn end(&self, vertex: u32) -> Option<usize> {
        let end = self.end.get(vertex as usize).copied().filter(|&end| end != NONE)?;
        Some(end as usize)
    }
}

/// The least cost from any start to any goal; `None` where there is no way.
pub fn least(graph: &Graph, starts: &[End], goals: &[End], cost: impl Fn(u32) -> Cost) -> Option<Cost> {
    let mut search = Dijkstra::new();
    search.run(
        graph,
        Direction::Forward,
        starts,
        cost,
        |_, _| ControlFlow::Continue(()),
    );
    let ends = goals.iter().map(|goal| search.cost(goal.vertex) + goal.cost);
    ends.min().and_then(Cost::if_any)
}
