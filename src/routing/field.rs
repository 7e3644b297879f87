//! The evacuation field (疏散场): for every place on the roads the best destination, the way to it and its time.
//!
//! Owns the field over all vertices of a mode's graph ([`Field`]), made by one search from all destinations against the edges. Takes
//! plain places: which shelters are open, suitable and safe is decided above.

mod extract;

use std::ops::ControlFlow;

pub use extract::FieldExtract;

use super::{
    ArcId, Cost, NodeId, Place, Router, StretchId, Weights,
    destinations::{Destinations, Reached},
    graph::NONE,
    metric::free_duration_ms,
    route::Piece,
    search::dijkstra::{Dijkstra, Direction},
};

/// For every vertex the best destination, what it costs and the edge to take. Immutable. 16 bytes a vertex.
#[derive(Debug)]
pub struct Field {
    costs: Vec<Cost>,
    next: Vec<u32>,
    best: Vec<u32>,
}

/// What the field says at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldNode {
    /// The best destination and what it costs to come to it.
    pub reached: Reached,
    /// The arc to take from the node; none where the destination lies on a road at the node.
    pub next: Option<ArcId>,
}

impl Field {
    /// Searches from all destinations. O((n + m) log n): some hundred milliseconds for a province.
    pub fn build(router: &Router, weights: &Weights, destinations: &Destinations) -> Self {
        let graph = router.hierarchy(weights.mode()).graph();
        let mut search = Dijkstra::new();
        let cost = |edge| weights.costs().edge(edge);
        search.run(graph, Direction::Backward, destinations.ends(), cost, |_, _| {
            ControlFlow::Continue(())
        });
        let vertices = 0..graph.vertex_count() as u32;
        let best = |vertex| search.end(vertex).map_or(NONE, |end| destinations.of_end(end) as u32);
        Self {
            costs: vertices.clone().map(|vertex| search.cost(vertex)).collect(),
            next: vertices
                .clone()
                .map(|vertex| search.by(vertex).unwrap_or(NONE))
                .collect(),
            best: vertices.map(best).collect(),
        }
    }

    /// The best destination from a node, for who comes to it by no road in particular; `None` where none can be come to. O(1).
    pub fn at_node(&self, router: &Router, weights: &Weights, node: NodeId) -> Option<FieldNode> {
        let graph = router.hierarchy(weights.mode()).graph();
        let vertex = graph.plain(node)?;
        let reached = self.at_vertex(vertex)?;
        let next = Some(self.next[vertex as usize]).filter(|&edge| edge != NONE);
        Some(FieldNode {
            reached,
            next: next.map(|edge| graph.arc(edge)),
        })
    }

    fn at_vertex(&self, vertex: u32) -> Option<Reached> {
        let (cost, best) = (self.costs[vertex as usize], self.best[vertex as usize]);
        (best != NONE && !cost.is_never()).then_some(Reached {
            cost,
            number: best as usize,
        })
    }

    /// What it costs at most from anywhere on a stretch to the best destination for that place; [`Cost::NEVER`] where there is no
    /// way from somewhere on it, `None` where the mode may not use it. O(1).
    ///
    /// Along a stretch that leads both ways the worst place lies where both cost the same; time is taken to pass evenly between its
    /// ends, so that zones on a part of it can make the worst some seconds worse.
    pub fn farthest(&self, router: &Router, weights: &Weights, stretch: StretchId) -> Option<Cost> {
        let (network, graph) = (router.network(), router.hierarchy(weights.mode()).graph());
        let arcs = [stretch.forward(), stretch.backward()];
        let usable = arcs.map(|arc| free_duration_ms(network, arc, weights.mode()).is_some());
        if usable == [false, false] {
            return None;
        }
        // For each direction: what is left at the end, and with the whole arc before it.
        let [ahead, behind] = arcs.map(|arc| {
            let end = graph.copies(arc).first().filter(|_| weights.metric().is_open(arc));
            let left = end.map_or(Cost::NEVER, |&edge| self.costs[graph.head(edge) as usize]);
            (left, left + weights.metric().cost(arc))
        });
        let (worse, better) = (ahead.1.max(behind.1), ahead.1.min(behind.1));
        if worse.is_never() || ahead.0.danger() != behind.0.danger() || better.danger() != worse.danger() {
            return Some(if better.is_never() { Cost::NEVER } else { better });
        }
        // Two straight lines, one falling and one rising, that meet at the worst place or do not meet.
        let [falling, rising] =
            [(ahead.1, ahead.0), (behind.0, behind.1)].map(|(from, to)| [from, to].map(|cost| cost.time_ms() as f64));
        let gap = [rising[0] - falling[0], falling[1] - rising[1]];
        let meet = gap[0] / (gap[0] + gap[1]);
        let worst = if meet.is_finite() && (0.0..=1.0).contains(&meet) {
            rising[0] + (rising[1] - rising[0]) * meet
        } else {
            f64::max(falling[0].min(rising[0]), falling[1].min(rising[1]))
        };
        Some(Cost::new(better.danger(), worst.ceil() as u64))
    }

    /// The best destination from a place; `None` where none can be come to. O(1) and the destinations on the same stretch.
    pub fn at(&self, router: &Router, weights: &Weights, destinations: &Destinations, place: Place) -> Option<Reached> {
        let (starts, _) = router.starts(weights.metric(), place);
        let around = starts.iter().filter_map(|start| {
            let beyond = self.at_vertex(start.vertex)?;
            let cost = start.cost + beyond.cost;
            (!cost.is_never()).then_some(Reached {
                cost,
                number: beyond.number,
            })
        });
        around.chain(destinations.direct(router, weights, place)).min()
    }

    /// The way from a place to the best destination, hop by hop; empty where there is none. O(hops).
    pub fn way(&self, router: &Router, weights: &Weights, destinations: &Destinations, place: Place) -> Vec<Piece> {
        let Some(best) = self.at(router, weights, destinations, place) else {
            return Vec::new();
        };
        let metric = weights.metric();
        let goal = destinations.places()[best.number];
        if let Some((arc, _)) = router
            .direct(metric, place, goal)
            .filter(|(_, cost)| *cost == best.cost)
        {
            return vec![Piece {
                arc,
                from: place.along(arc),
                to: goal.along(arc),
            }];
        }
        let graph = router.hierarchy(weights.mode()).graph();
        let (starts, arcs) = router.starts(metric, place);
        let first = starts.iter().zip(arcs).find(|(start, _)| {
            self.at_vertex(start.vertex)
                .is_some_and(|beyond| start.cost + beyond.cost == best.cost && beyond.number == best.number)
        });
        let Some((start, arc)) = first else {
            return Vec::new();
        };
        let mut pieces = vec![Piece {
            arc,
            from: place.along(arc),
            to: 1.0,
        }];
        let mut vertex = start.vertex;
        while self.next[vertex as usize] != NONE {
            let edge = self.next[vertex as usize];
            pieces.push(Piece {
                arc: graph.arc(edge),
                from: 0.0,
                to: 1.0,
            });
            vertex = graph.head(edge);
        }
        let (goals, lasts) = router.goals(metric, goal);
        let ends = goals.iter().zip(lasts).filter(|(end, _)| end.vertex == vertex);
        if let Some((_, last)) = ends.min_by_key(|(end, _)| end.cost) {
            pieces.push(Piece {
                arc: last,
                from: 0.0,
                to: goal.along(last),
            });
        }
        pieces
    }
}
