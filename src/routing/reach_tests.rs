//! Matrix, nearest, field and isochrone against one-to-one queries and the plain search.

use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

use geo::Contains as _;

use super::{
    ArcId, ClosureId, Cost, EffectTable, Limits, Mode, Network, NodeId, Place, Reach, Router, Situation, Stretch,
    StretchId, Traits, Weights, ZoneLayer,
    destinations::{Destinations, Reached},
    field::Field,
    isochrone::{area, reach},
    matrix::matrix,
    metric::free_duration_ms,
    place::Shape,
    route::legs,
    search::{
        Search,
        dijkstra::{Dijkstra, Direction},
    },
    snap::Plane,
    testing::{Draws, at, closing, flood, grid},
};
use crate::{
    geometry::{LonLat, geodesic},
    units::{Metres, Seconds},
};

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
                .map(|(number, &cost)| Reached { cost, number })
                .collect();
            best.retain(|reached| !reached.cost.is_never() && reached.number % 3 != 0);
            best.sort_unstable();
            best.truncate(5);
            let nearest = destinations.nearest(&router, &weights, &mut dijkstra, from, 5, |reached| {
                reached.number % 3 != 0
            });
            assert_eq!(nearest, best);
            let least = row.iter().copied().min().and_then(Cost::if_any);
            let at = field.at(&router, &weights, &destinations, from);
            assert_eq!(at.map(|reached| reached.cost), least);
            if let Some(reached) = at {
                assert_eq!(row[reached.number], reached.cost);
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

/// What a part of the field says is what the whole says, point by point, and what is told of streets is never too little.
#[test]
fn a_part_of_the_field_leads_where_the_whole_leads() {
    for mode in [Mode::Car, Mode::Foot] {
        let (router, weights, mut draws) = set(mode);
        let network = router.network();
        let destinations = Destinations::new(&router, &weights, places(&router, &mut draws, 6));
        let field = Field::build(&router, &weights, &destinations);
        let is_in = |at: LonLat| at.lon() < 119.008;
        let part = field.extract(&router, &weights, &destinations, is_in);
        let row_at = |node: NodeId| part.positions.iter().position(|at| *at == network.position(node));
        for node in network.nodes().filter(|node| is_in(network.position(*node))) {
            if router.hierarchy(mode).graph().plain(node).is_none() {
                continue;
            }
            let mut row = row_at(node).expect("every node of the area is in it");
            let known = field.at_node(&router, &weights, node);
            assert_eq!(part.costs[row].if_any(), known.map(|known| known.reached.cost));
            let Some(known) = known else {
                assert_eq!((part.next[row], part.destinations[row]), (None, None));
                continue;
            };
            while let Some(next) = part.next[row] {
                assert!(part.costs[next as usize] <= part.costs[row], "no step leads away");
                assert_eq!(part.destinations[next as usize], part.destinations[row]);
                row = next as usize;
            }
            assert_eq!(part.destinations[row], Some(known.reached.number as u32));
            assert_eq!(part.costs[row], Cost::ZERO);
            let goal = destinations.places()[known.reached.number].position(network);
            assert!(geodesic::distance(part.positions[row], goal).0 < 0.01);
        }
        for stretch in network.stretches() {
            let farthest = field.farthest(&router, &weights, stretch);
            let at = |step: u32| {
                let fraction = f64::from(step) / 20.0;
                field.at(&router, &weights, &destinations, Place { stretch, fraction })
            };
            let worst = (0..=20)
                .map(|step| at(step).map_or(Cost::NEVER, |reached| reached.cost))
                .max();
            match farthest {
                None => assert_eq!(worst, Some(Cost::NEVER), "a street that nobody may use"),
                // A destination on the street itself is nearer than its ends say.
                Some(farthest) => assert!(
                    worst <= Some(farthest + Cost::time(20)),
                    "{stretch:?} {worst:?} {farthest:?}"
                ),
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
            assert!(found.safe);
            holds_just_these(&router, &weights, &found);
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

/// The area around what is reached holds every node reached and no other, but for those that a reached street leads over.
pub(super) fn holds_just_these(router: &Router, weights: &Weights, found: &Reach) {
    let network = router.network();
    let (area, length) = area(router, weights, found);
    assert_eq!(area.0.is_empty(), found.nodes.is_empty() && found.pieces.is_empty());
    assert!(length.0 >= 0.0);
    let holds = |at: LonLat| area.contains(&geo_types::Point::from([at.lon(), at.lat()]));
    let reached: HashSet<NodeId> = found.nodes.iter().map(|(node, _)| *node).collect();
    for &node in &reached {
        assert!(holds(network.position(node)), "{node:?} is reached and outside");
    }
    // Between two gates there is no street, and nowhere to be.
    let is_street = |arc: &ArcId| {
        let is_barrier = network.traits(arc.stretch()).contains(Traits::BARRIER);
        let both = [*arc, arc.reversed()];
        !is_barrier
            && both
                .iter()
                .any(|&arc| free_duration_ms(network, arc, weights.mode()).is_some())
    };
    let is_on_a_street = |node: NodeId| network.leaving(node).iter().any(is_street);
    for node in network
        .nodes()
        .filter(|node| is_on_a_street(*node) && !reached.contains(node))
    {
        let at = network.position(node);
        // Over or under a reached street, or beyond a gate, which joins two nodes in one place.
        let plane = Plane::at(at);
        let beside = || {
            router.snapper().around(at, Metres(1.0)).any(|stretch| {
                let parts = found.pieces.iter().filter(|piece| piece.arc.stretch() == stretch);
                let lines = parts.map(|piece| {
                    let ends = [piece.from, piece.to];
                    let [from, to] = if piece.arc.is_backward() {
                        ends.map(|end| 1.0 - end)
                    } else {
                        ends
                    };
                    Shape::of(network, stretch).cut(from, to)
                });
                let near = |line: Vec<LonLat>| line.windows(2).any(|pair| plane.distance(pair[0], pair[1]) < 0.01);
                lines.into_iter().any(near)
            })
        };
        assert!(!holds(at) || beside(), "{node:?} at {at} is not reached and inside");
    }
}

/// From within a zone that must not be entered the way out counts; nothing beyond the time does.
#[test]
fn from_within_a_danger_zone_there_is_a_way_out() {
    let mut builder = Network::builder();
    let nodes: Vec<NodeId> = (0..4).map(|x| builder.add_node(at(f64::from(x), 0.0))).collect();
    for pair in nodes.windows(2) {
        builder.add_stretch(&Stretch::street([pair[0], pair[1]], 10_000));
    }
    let network = builder.build().unwrap();
    let orders = Router::find_orders(&network);
    let router = Router::build(Arc::new(network), &orders).unwrap();
    let zone = flood(at(-1.0, -1.0), at(1.5, 1.0));
    let zones = ZoneLayer::build(router.network(), router.snapper(), &[zone]);
    let effects = EffectTable::parse("").unwrap();
    let situation = Situation {
        effects: &effects,
        zones: &[&zones],
        closures: &[],
    };
    let weights = router.weigh(Mode::Car, situation, None);
    let within = |stretch, seconds| {
        let place = Place {
            stretch: StretchId(stretch),
            fraction: 0.5,
        };
        reach(
            &router,
            &weights,
            &mut Dijkstra::new(),
            place,
            Seconds(seconds),
            Direction::Forward,
        )
    };
    let nodes = |found: &Reach| found.nodes.iter().map(|(node, _)| node.0).collect::<Vec<_>>();
    let out = within(0, 16.0);
    assert!(!out.safe);
    assert_eq!(nodes(&out), [0, 1, 2]);
    holds_just_these(&router, &weights, &out);
    let outside = within(2, 60.0);
    assert!(outside.safe);
    assert_eq!(nodes(&outside), [2, 3], "no way leads into the zone");
}

/// A bridge too low for lorries is closed to them for good: nobody there waits for a way to a shelter.
#[test]
fn a_road_that_no_lorry_fits_counts_for_none() {
    let mut builder = Network::builder();
    let nodes: Vec<NodeId> = (0..3).map(|x| builder.add_node(at(f64::from(x), 0.0))).collect();
    for (pair, max_height_cm) in nodes.windows(2).zip([None, Some(300)]) {
        let limits = Limits {
            max_height_cm,
            ..Limits::NONE
        };
        builder.add_stretch(&Stretch {
            limits,
            ..Stretch::street([pair[0], pair[1]], 10_000)
        });
    }
    let network = builder.build().unwrap();
    let orders = Router::find_orders(&network);
    let router = Router::build(Arc::new(network), &orders).unwrap();
    let start = Place {
        stretch: StretchId(0),
        fraction: 0.0,
    };
    let farthest = |mode| {
        let weights = router.free(mode);
        let destinations = Destinations::new(&router, &weights, vec![start]);
        let field = Field::build(&router, &weights, &destinations);
        [0, 1].map(|stretch| field.farthest(&router, &weights, StretchId(stretch)))
    };
    assert_eq!(farthest(Mode::Truck), [Some(Cost::time(10_000)), None]);
    assert_eq!(
        farthest(Mode::Car),
        [Some(Cost::time(10_000)), Some(Cost::time(20_000))]
    );
}
