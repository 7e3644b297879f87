//! A part of the field on its own: every street point of an area with the next one on the way, up to the destinations.
//!
//! Owns taking it out of the whole ([`FieldExtract`]). It needs neither network nor graph: who has it walks from point to point.
//! How it is written down is decided above.

use std::collections::HashMap;

use super::Field;
use crate::{
    geometry::LonLat,
    routing::{ArcId, Cost, Destinations, Graph, Metric, Network, Router, Weights, graph::NONE, place::Shape},
};

/// Points on the ways from an area to the destinations. Columns of the same length: a row is a point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldExtract {
    /// Where the point is.
    pub positions: Vec<LonLat>,
    /// The row of the next point on the way; `None` at a destination, and where there is no way.
    pub next: Vec<Option<u32>>,
    /// The destination, by its place among all of the field; `None` where there is no way.
    pub destinations: Vec<Option<u32>>,
    /// What is left of the way from here; [`Cost::NEVER`] where there is none.
    pub costs: Vec<Cost>,
}

impl FieldExtract {
    /// Number of points.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    fn push(&mut self, position: LonLat, cost: Cost, destination: Option<u32>) -> u32 {
        self.positions.push(position);
        self.next.push(None);
        self.destinations.push(destination);
        self.costs.push(cost);
        self.positions.len() as u32 - 1
    }
}

impl Field {
    /// Every node in an area that the mode can come to, and every point of the ways from them to their destinations, which may lead
    /// out of it. Nodes with turn restrictions on the way can be in it more than once. O(nodes + points).
    pub fn extract(
        &self,
        router: &Router,
        weights: &Weights,
        destinations: &Destinations,
        is_in: impl Fn(LonLat) -> bool,
    ) -> FieldExtract {
        let network = router.network();
        let mut extraction = Extraction {
            field: self,
            network,
            graph: router.hierarchy(weights.mode()).graph(),
            metric: weights.metric(),
            rows: HashMap::new(),
            waiting: Vec::new(),
            done: FieldExtract::default(),
        };
        for node in network.nodes().filter(|node| is_in(network.position(*node))) {
            if let Some(vertex) = extraction.graph.plain(node) {
                extraction.row(vertex);
            }
        }
        while let Some(vertex) = extraction.waiting.pop() {
            extraction.follow(router, destinations, vertex);
        }
        extraction.done
    }
}

struct Extraction<'a> {
    field: &'a Field,
    network: &'a Network,
    graph: &'a Graph,
    metric: &'a Metric,
    /// By vertex.
    rows: HashMap<u32, u32>,
    waiting: Vec<u32>,
    done: FieldExtract,
}

impl Extraction<'_> {
    /// The row of a vertex, a new one where it has none yet.
    fn row(&mut self, vertex: u32) -> u32 {
        if let Some(&row) = self.rows.get(&vertex) {
            return row;
        }
        let destination = self.destination(vertex);
        let cost = destination.map_or(Cost::NEVER, |_| self.field.costs[vertex as usize]);
        let position = self.network.position(self.graph.node(vertex));
        let row = self.done.push(position, cost, destination);
        self.rows.insert(vertex, row);
        self.waiting.push(vertex);
        row
    }

    fn destination(&self, vertex: u32) -> Option<u32> {
        self.field.at_vertex(vertex).map(|reached| reached.number as u32)
    }

    /// Adds the points from a vertex to the next, or to its destination.
    fn follow(&mut self, router: &Router, destinations: &Destinations, vertex: u32) {
        let (Some(&row), Some(destination)) = (self.rows.get(&vertex), self.destination(vertex)) else {
            return;
        };
        let edge = self.field.next[vertex as usize];
        if edge == NONE {
            let goal = destinations.places()[destination as usize];
            let (goals, arcs) = router.goals(self.metric, goal);
            let ends = goals.iter().zip(arcs).filter(|(end, _)| end.vertex == vertex);
            if let Some((_, arc)) = ends.min_by_key(|(end, _)| end.cost) {
                let last = self.along(row, destination, arc, goal.along(arc), Cost::ZERO);
                let arrived = self
                    .done
                    .push(goal.position(self.network), Cost::ZERO, Some(destination));
                self.done.next[last as usize] = Some(arrived);
            }
            return;
        }
        let (arc, head) = (self.graph.arc(edge), self.graph.head(edge));
        let beyond = self.field.costs[head as usize];
        let last = self.along(row, destination, arc, 1.0, beyond);
        let next = self.row(head);
        self.done.next[last as usize] = Some(next);
    }

    /// Adds the bends of an arc from its beginning up to a fraction of it, behind which a cost is left. Gives the last row.
    fn along(&mut self, row: u32, destination: u32, arc: ArcId, to: f64, beyond: Cost) -> u32 {
        let shape = Shape::of(self.network, arc.stretch());
        let mut last = row;
        for (position, at) in shape.bends(arc.is_backward()).take_while(|(_, at)| *at < to) {
            let cost = self.metric.part(self.network, arc, at, to) + beyond;
            let bend = self.done.push(position, cost, Some(destination));
            self.done.next[last as usize] = Some(bend);
            last = bend;
        }
        last
    }
}
