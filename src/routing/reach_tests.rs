//! Matrix, nearest, field and isochrone against one-to-one queries and the plain search.

use std::{ops::ControlFlow, sync::Arc};

use super::{
    ArcId, ClosureId, Cost, EffectTable, Mode, NodeId, Place, Router, Situation, StretchId, Weights,
    destinations::{Destinations, Reached},
    field::Field,
    isochrone::reach,
    matrix::matrix,
    route::legs,
    search::{
        Search,
        dijkstra::{Dijkstra, Direction},
    },
    testing::{Draws, closing, grid},
};
use crate::units::Seconds;

fn set(mode: Mode) -> (Router, Weights, Draws) {
    let network = grid(20, 71);
    let orders = Router::find_orders(&network);
    let router = Router::build(Arc::new(network), &orders).unwrap();
    let mut draws = Draws::new(72);
    let closed = router.network().stretches().filter(|_| draws.chance(4)).collect();
    let closures = [(ClosureId(1), Arc::new(closing(closed)))];
    let effects = EffectTable::parse("").unwrap();
    let weights = router.weigh(
        mode,
        Situation {
            effects: &effects,
            zones: &[],
            closures: &closures,
        },
        None,
    );
    (router, weights, draws)
}

fn places(router: &Router, draws: &mut Draws, count: usize) -> Vec<Place> {
    let mut place = || Place {
        stretch: StretchId(draws.below(router.network().stretch_count()) as u32),
        fraction: draws.unit(),
    };
    (0..count).map(|_| place()).collect()
}

fn one_to_one(router: &Router, weights: &Weights, search: &mut Search, from: Place, to: Place) -> Option<Cost> {
    legs(router, weights, search, &[from, to]).ok().map(|(_, cost)| cost)
}

#[test]
fn everything_says_what_single_routes_say() {
    for mode in [Mode::Car, Mode::Foot] {
        let (router, weights, mut draws) = set(mode);
        let mut froms = places(&router, &mut draws, 40);
        let tos = places(&router, &mut draws, 30);
        // Some on the same stretches.
        froms.extend(tos.iter().take(8).map(|to| Place {
            fraction: draws.unit(),
            ..*to
        }));
        let rows = matrix(&router, &weights, &froms, &tos);
        let destinations = Destinations::new(&router, &weights, tos.clone());
        let field = Field::build(&router, &weights, &destinations);
        let (mut search, mut dijkstra) = (Search::new(), Dijkstra::new());
        for (&from, row) in froms.iter().zip(&rows) {
            for (&to, &cost) in tos.iter().zip(row) {
                assert_eq!(one_to_one(&router, &weights, &mut search, from, to), cost.if_any());
            }
            let mut best: Vec<Reached> = row
                .iter()
                .enumerate()
                .map(|(destination, &cost)| Reached { cost, destination })
                .collect();
            best.retain(|reached| !reached.cost.is_never() && reached.destination % 3 != 0);
            best.sort_unstable();
            best.truncate(5);
            let nearest = destinations.nearest(&router, &weights, &mut dijkstra, from, 5, |reached| {
                reached.destination % 3 != 0
            });
            assert_eq!(nearest, best);
            let least = row.iter().copied().min().and_then(Cost::if_any);
            let at = field.at(&router, &weights, &destinations, from);
            assert_eq!(at.map(|reached| reached.cost), least);
            if let Some(reached) = at {
                assert_eq!(row[reached.destination], reached.cost);
                let way = field.way(&router, &weights, &destinations, from);
                let costs = way
                    .iter()
                    .map(|piece| weights.metric().part(router.network(), piece.arc, piece.from, piece.to));
                assert_eq!(costs.fold(Cost::ZERO, |sum, cost| sum + cost), reached.cost);
                assert!(
                    way.windows(2)
                        .all(|pair| router.network().head(pair[0].arc) == router.network().tail(pair[1].arc))
                );
            }
        }
        for node in router.network().nodes() {
            if let Some(here) = field.at_node(&router, &weights, node) {
                assert!(here.next.is_none_or(|arc| router.network().tail(arc) == node));
            }
        }
    }
}

#[test]
fn an_isochrone_holds_what_is_reached_and_nothing_else() {
    for direction in [Direction::Forward, Direction::Backward] {
        let (router, weights, mut draws) = set(Mode::Car);
        let network = router.network();
        let graph = router.hierarchy(Mode::Car).graph();
        for place in places(&router, &mut draws, 12) {
            let limit = Cost::time(40_000 + draws.below(3_000) as u32);
            let found = reach(
                &router,
                &weights,
                &mut Dijkstra::new(),
                place,
                Seconds(limit.time_ms() as f64 / 1e3),
                direction,
            );
            let ends = match direction {
                Direction::Forward => router.starts(weights.metric(), place).0,
                Direction::Backward => router.goals(weights.metric(), place).0,
            };
            let mut all = Dijkstra::new();
            all.run(
                graph,
                direction,
                &ends,
                |edge| weights.metric().cost(graph.arc(edge)),
                |_, _| ControlFlow::Continue(()),
            );
            let cost = |node: NodeId| {
                let copies = (0..graph.vertex_count() as u32).filter(|&vertex| graph.node(vertex) == node);
                copies.map(|vertex| all.cost(vertex)).min().unwrap_or(Cost::NEVER)
            };
            let scan: Vec<(NodeId, Cost)> = network
                .nodes()
                .map(|node| (node, cost(node)))
                .filter(|(_, cost)| *cost <= limit)
                .collect();
            assert_eq!(found.nodes, scan);
            // Any place on any arc that is reached by its edge is in a piece, and no other.
            let mut search = Search::new();
            for _ in 0..200 {
                let other = places(&router, &mut draws, 1)[0];
                let cost = match direction {
                    Direction::Forward => one_to_one(&router, &weights, &mut search, place, other),
                    Direction::Backward => one_to_one(&router, &weights, &mut search, other, place),
                };
                let is_in = found.pieces.iter().any(|piece| {
                    piece.arc.stretch() == other.stretch && (piece.from..=piece.to).contains(&other.along(piece.arc))
                });
                let margin = cost.map_or(u64::MAX, |cost| cost.time_ms().abs_diff(limit.time_ms()));
                if margin > 2 {
                    assert_eq!(
                        is_in,
                        cost.is_some_and(|cost| cost <= limit),
                        "{place:?} {other:?} {cost:?}"
                    );
                }
            }
            assert!(
                found
                    .pieces
                    .iter()
                    .all(|piece| weights.metric().is_open(ArcId(piece.arc.0)))
            );
        }
    }
}
