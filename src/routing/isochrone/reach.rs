//! The roads that are reached in a time, exactly.

use std::ops::ControlFlow;

use crate::{
    routing::{
        ArcId, Cost, NodeId, Place, Router, Weights,
        route::Piece,
        search::dijkstra::{Dijkstra, Direction},
    },
    units::Seconds,
};

/// What is reached from a place, or from where a place is reached.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reach {
    /// The nodes, each once with its least cost, in the order of their numbers.
    pub nodes: Vec<(NodeId, Cost)>,
    /// The parts of arcs, each arc at most once but for that of the place, in the order of their numbers.
    pub pieces: Vec<Piece>,
    /// Whether no way leads through a zone that must not be entered; they all do where the place lies in one.
    pub safe: bool,
}

/// What is reached within a time from a place ([`Direction::Forward`]), or from where the place is reached ([`Direction::Backward`]).
///
/// Zones that must not be entered are not: what can only be reached through one is not reached. Where the place lies in such
/// a zone there is no other way than through it; then everything counts as reached to which the way of least danger is short
/// enough. O(m log n) for what is reached, in such a zone for the whole graph.
pub fn reach(
    router: &Router,
    weights: &Weights,
    search: &mut Dijkstra,
    place: Place,
    within: Seconds,
    direction: Direction,
) -> Reach {
    let limit_ms = (within.0.max(0.0) * 1e3) as u64;
    let graph = router.hierarchy(weights.mode()).graph();
    let metric = weights.metric();
    let (mut ends, _) = match direction {
        Direction::Forward => router.starts(metric, place),
        Direction::Backward => router.goals(metric, place),
    };
    let safe = ends.is_empty() || ends.iter().any(|end| end.cost.danger() == 0);
    let limit = Limit { ms: limit_ms, safe };
    ends.retain(|end| limit.allows(end.cost));
    let mut nodes: Vec<(NodeId, Cost)> = Vec::new();
    // With how much the way to each, or from each, costs up to there.
    let mut arcs: Vec<(ArcId, Cost)> = Vec::new();
    search.run(
        graph,
        direction,
        &ends,
        |edge| weights.costs().edge(edge),
        |vertex, cost| {
            if !limit.allows(cost) {
                // In the order of danger, a short way may come after a long one.
                return if safe {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                };
            }
            nodes.push((graph.node(vertex), cost));
            let mut take = |edge: u32| arcs.push((graph.arc(edge), cost));
            match direction {
                Direction::Forward => graph.out(vertex).for_each(&mut take),
                Direction::Backward => graph.incoming(vertex).iter().copied().for_each(&mut take),
            }
            ControlFlow::Continue(())
        },
    );
    // Where turns are restricted a node has several vertices, and an arc several edges.
    nodes.sort_unstable();
    nodes.dedup_by_key(|(node, _)| *node);
    arcs.sort_unstable();
    arcs.dedup_by_key(|(arc, _)| *arc);
    let left = |cost: Cost| Limit {
        ms: limit_ms - cost.time_ms(),
        safe,
    };
    let begin = if direction == Direction::Forward { 0.0 } else { 1.0 };
    let edges = arcs.into_iter().map(|(arc, cost)| (arc, begin, left(cost)));
    let own = [place.stretch.forward(), place.stretch.backward()].map(|arc| (arc, place.along(arc), limit));
    let mut pieces: Vec<Piece> = edges
        .chain(own)
        .filter_map(|(arc, begin, left)| piece(router, weights, arc, begin, left, direction))
        .collect();
    pieces.sort_by(|a, b| a.arc.cmp(&b.arc).then(a.from.total_cmp(&b.from)));
    Reach { nodes, pieces, safe }
}

/// What a way may cost.
#[derive(Debug, Clone, Copy)]
struct Limit {
    ms: u64,
    /// Whether it must be free of danger.
    safe: bool,
}

impl Limit {
    fn allows(self, cost: Cost) -> bool {
        !cost.is_never() && cost.time_ms() <= self.ms && (cost.danger() == 0 || !self.safe)
    }
}

/// As much of an arc from a fraction on, or up to it, as a cost is enough for; none where it is enough for nothing.
fn piece(router: &Router, weights: &Weights, arc: ArcId, at: f64, left: Limit, direction: Direction) -> Option<Piece> {
    let network = router.network();
    let ends = |reached: f64| match direction {
        Direction::Forward => (at, at + (1.0 - at) * reached),
        Direction::Backward => (at * (1.0 - reached), at),
    };
    let is_enough = |reached: f64| {
        let (from, to) = ends(reached);
        left.allows(weights.metric().part(network, arc, from, to))
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
