//! How far one comes in a time: the roads reached, exactly.
//!
//! Owns the nodes and the parts of arcs that are reached ([`reach`]). An area drawn around them is made from this.

use std::{collections::HashMap, ops::ControlFlow};

use super::{
    ArcId, Cost, NodeId, Place, Router, Weights,
    route::Piece,
    search::dijkstra::{Dijkstra, Direction},
};
use crate::units::Seconds;

/// What is reached from a place, or from where a place is reached.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reach {
    /// The nodes, each once with its least cost, in the order of their numbers.
    pub nodes: Vec<(NodeId, Cost)>,
    /// The parts of arcs, each arc at most once but for that of the place, in the order of their numbers.
    pub pieces: Vec<Piece>,
}

/// What is reached within a time from a place ([`Direction::Forward`]), or from where the place is reached ([`Direction::Backward`]).
///
/// Zones that must not be entered are not: what can only be reached through one is not reached, and from within one nothing
/// is. O(m log n) for what is reached.
pub fn reach(
    router: &Router,
    weights: &Weights,
    search: &mut Dijkstra,
    place: Place,
    within: Seconds,
    direction: Direction,
) -> Reach {
    let limit = Cost::new(0, (within.0.max(0.0) * 1e3) as u64);
    let graph = router.hierarchy(weights.mode()).graph();
    let metric = weights.metric();
    let (mut ends, _) = match direction {
        Direction::Forward => router.starts(metric, place),
        Direction::Backward => router.goals(metric, place),
    };
    ends.retain(|end| end.cost <= limit);
    let mut nodes: HashMap<NodeId, Cost> = HashMap::new();
    // By arc: how much cost is left for it, at best.
    let mut arcs: HashMap<ArcId, Cost> = HashMap::new();
    search.run(
        graph,
        direction,
        &ends,
        |edge| weights.costs().edge(edge),
        |vertex, cost| {
            if cost > limit {
                return ControlFlow::Break(());
            }
            nodes.entry(graph.node(vertex)).or_insert(cost);
            let mut take = |edge: u32| {
                let known = arcs.entry(graph.arc(edge)).or_insert(cost);
                *known = cost.min(*known);
            };
            match direction {
                Direction::Forward => graph.out(vertex).for_each(&mut take),
                Direction::Backward => graph.incoming(vertex).iter().copied().for_each(&mut take),
            }
            ControlFlow::Continue(())
        },
    );
    let left = |cost: Cost| Cost::new(0, limit.time_ms() - cost.time_ms());
    let edges = arcs.into_iter().map(|(arc, cost)| {
        let begin = if direction == Direction::Forward { 0.0 } else { 1.0 };
        (arc, begin, left(cost))
    });
    let own = [place.stretch.forward(), place.stretch.backward()].map(|arc| (arc, place.along(arc), limit));
    let mut pieces: Vec<Piece> = edges
        .chain(own)
        .filter_map(|(arc, begin, left)| piece(router, weights, arc, begin, left, direction))
        .collect();
    pieces.sort_by(|a, b| a.arc.cmp(&b.arc).then(a.from.total_cmp(&b.from)));
    let mut nodes: Vec<(NodeId, Cost)> = nodes.into_iter().collect();
    nodes.sort_unstable();
    Reach { nodes, pieces }
}

/// As much of an arc from a fraction on, or up to it, as a cost is enough for; none where it is enough for nothing.
fn piece(router: &Router, weights: &Weights, arc: ArcId, at: f64, left: Cost, direction: Direction) -> Option<Piece> {
    let network = router.network();
    let ends = |reached: f64| match direction {
        Direction::Forward => (at, at + (1.0 - at) * reached),
        Direction::Backward => (at * (1.0 - reached), at),
    };
    let is_enough = |reached: f64| {
        let (from, to) = ends(reached);
        weights.metric().part(network, arc, from, to) <= left
    };
    let (mut low, mut high) = (0.0, 1.0);
    if is_enough(high) {
        low = high;
    } else {
        // Cost grows along an arc; forty halvings are finer than any measure.
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if is_enough(middle) { low = middle } else { high = middle }
        }
    }
    let (from, to) = ends(low);
    (to > from).then_some(Piece { arc, from, to })
}
