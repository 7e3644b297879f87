//! The hierarchy against the plain search, and both against a search that knows nothing of automata.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::Arc,
};

use super::{dijkstra::least, many::Goals, *};
use crate::routing::{
    ArcId, Graph, Mode, Network, NodeId, Order,
    testing::{Draws, grid, obeys, some_node},
};

fn hierarchy(network: &Network, mode: Mode) -> Hierarchy {
    let graph = Arc::new(Graph::build(network, mode));
    let order = Order::find(&graph, network);
    Hierarchy::build(graph, &order).unwrap()
}

/// Costs of edges: those of the arcs, some of them closed, some of them dangerous.
fn costs_of(network: &Network, graph: &Graph, seed: u64) -> Vec<Cost> {
    let mut draws = Draws::new(seed);
    let mut arc = |id: u32| match network.duration_ms(ArcId(id), graph.mode()) {
        Some(_) if draws.chance(3) => Cost::NEVER,
        Some(time) if draws.chance(10) => Cost::new(draws.below(500) as u64, u64::from(time)),
        Some(time) => Cost::time(time),
        None => Cost::NEVER,
    };
    let by_arc: Vec<Cost> = (0..network.arc_count() as u32).map(&mut arc).collect();
    (0..graph.edge_count() as u32)
        .map(|edge| by_arc[graph.arc(edge).index()])
        .collect()
}

fn ends(graph: &Graph, network: &Network, draws: &mut Draws) -> Vec<End> {
    let mut end = || {
        let vertex = graph.plain(some_node(network, draws))?;
        Some(End {
            vertex,
            cost: Cost::time(draws.below(5_000) as u32),
        })
    };
    (0..3).filter_map(|_| end()).collect()
}

#[test]
fn the_hierarchy_finds_what_the_plain_search_finds() {
    for (seed, mode) in [(1, Mode::Car), (2, Mode::Truck), (3, Mode::Foot), (4, Mode::Car)] {
        let network = grid(24, seed);
        let hierarchy = hierarchy(&network, mode);
        let graph = Arc::clone(hierarchy.graph());
        let mut spare = None;
        let mut search = Search::new();
        for metric in 0..3 {
            let edges = costs_of(&network, &graph, seed * 10 + metric);
            let cost = |edge: u32| edges[edge as usize];
            let costs = hierarchy.customize(spare.take(), cost);
            let mut draws = Draws::new(seed + metric);
            for _ in 0..150 {
                let (starts, goals) = (ends(&graph, &network, &mut draws), ends(&graph, &network, &mut draws));
                let plain = least(&graph, &starts, &goals, cost);
                assert_eq!(search.cost(&hierarchy, &costs, &starts, &goals), plain);
                let way = search.way(&hierarchy, &costs, &starts, &goals);
                assert_eq!(way.as_ref().map(|way| way.cost), plain);
                if let Some(way) = way {
                    check(&network, &graph, &way, &starts, &goals, cost);
                }
            }
            spare = Some(costs);
        }
    }
}

/// The way is one, costs what it says and obeys.
fn check(network: &Network, graph: &Graph, way: &Way, starts: &[End], goals: &[End], cost: impl Fn(u32) -> Cost) {
    let (start, goal) = (starts[way.start], goals[way.goal]);
    let mut vertex = start.vertex;
    let mut sum = start.cost + goal.cost;
    for &edge in &way.edges {
        assert_eq!(graph.tail(edge), vertex);
        vertex = graph.head(edge);
        sum += cost(edge);
    }
    assert_eq!((vertex, sum), (goal.vertex, way.cost));
    let arcs: Vec<ArcId> = way.edges.iter().map(|&edge| graph.arc(edge)).collect();
    assert!(obeys(network, graph.mode(), &arcs), "{arcs:?}");
}

/// The least time between two nodes over ways that obey, found by remembering the last three arcs of each.
fn by_memory(network: &Network, mode: Mode, from: NodeId, to: NodeId) -> Option<Cost> {
    let mut known: HashMap<(NodeId, Vec<ArcId>), Cost> = HashMap::new();
    let mut queue = BinaryHeap::from([Reverse((Cost::ZERO, from.0, Vec::<ArcId>::new()))]);
    while let Some(Reverse((cost, node, past))) = queue.pop() {
        let node = NodeId(node);
        if node == to {
            return Some(cost);
        }
        if known.get(&(node, past.clone())).is_some_and(|&known| known < cost) {
            continue;
        }
        for &arc in network.leaving(node) {
            let Some(time) = network.duration_ms(arc, mode) else {
                continue;
            };
            let mut way = past.clone();
            way.push(arc);
            // What was driven before is kept to check whole paths, and only their ends are new.
            if !(0..way.len()).all(|from| obeys(network, mode, &way[from..])) {
                continue;
            }
            let way = way[way.len().saturating_sub(3)..].to_vec();
            let next = cost + Cost::time(time);
            let key = (network.head(arc), way.clone());
            if known.get(&key).is_none_or(|&known| next < known) {
                known.insert(key, next);
                queue.push(Reverse((next, network.head(arc).0, way)));
            }
        }
    }
    None
}

#[test]
fn the_graph_obeys_restrictions_and_nothing_else() {
    for seed in 10..16 {
        let network = grid(7, seed);
        let graph = Graph::build(&network, Mode::Car);
        let cost = |edge: u32| Cost::time(network.duration_ms(graph.arc(edge), Mode::Car).unwrap());
        let mut draws = Draws::new(seed);
        for _ in 0..25 {
            let [from, to] = [(); 2].map(|()| some_node(&network, &mut draws));
            let (Some(start), Some(_)) = (graph.plain(from), graph.plain(to)) else {
                continue;
            };
            let at = |vertex| End {
                vertex,
                cost: Cost::ZERO,
            };
            let goals: Vec<End> = (0..graph.vertex_count() as u32)
                .filter(|&vertex| graph.node(vertex) == to)
                .map(at)
                .collect();
            let found = least(&graph, &[at(start)], &goals, cost);
            assert_eq!(
                found,
                by_memory(&network, Mode::Car, from, to),
                "{seed}: {from:?} {to:?}"
            );
        }
    }
}

#[test]
fn one_to_many_is_many_times_one_to_one() {
    let network = grid(20, 5);
    let hierarchy = hierarchy(&network, Mode::Car);
    let graph = hierarchy.graph();
    let edges = costs_of(&network, graph, 6);
    let costs = hierarchy.customize(None, |edge| edges[edge as usize]);
    let mut draws = Draws::new(7);
    let mut sets = |count: usize| -> Vec<Vec<End>> { (0..count).map(|_| ends(graph, &network, &mut draws)).collect() };
    let (starts, goals) = (sets(19), sets(23));
    let rows = Goals::new(&hierarchy, &costs, &goals).costs_from(starts.iter().map(Vec::as_slice));
    let mut search = Search::new();
    for (start, row) in starts.iter().zip(&rows) {
        for (goal, &cost) in goals.iter().zip(row) {
            assert_eq!(search.cost(&hierarchy, &costs, start, goal), cost.if_any());
        }
    }
    assert_eq!((rows.len(), rows[0].len()), (19, 23));
    // One start alone is swept another way.
    let goals = Goals::new(&hierarchy, &costs, &goals);
    for (start, row) in starts.iter().zip(rows) {
        assert_eq!(goals.costs_from([start.as_slice()]), [row]);
    }
}
