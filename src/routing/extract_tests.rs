//! Real extracts: every query of the hierarchy against the plain search, with and without closures.
//!
//! `REFUGIA_TEST_DATA` names the folder of extracts; `REFUGIA_ROUTING_STARTS` how many starts are searched from in each, with a
//! hundred goals for each of them: 100 where all is wanted, 6 where it is not set.

use std::{env, ops::ControlFlow, path::PathBuf, sync::Arc};

use super::{
    Ask, ClosureId, Cost, EffectTable, Mode, Place, Router, Scene, Situation, StretchId, Weights, osm, reach,
    reach_tests::holds_just_these,
    search::{
        Search,
        dijkstra::{Dijkstra, Direction},
    },
    snap::SNAP_LIMIT_M,
    testing::{Draws, closing, obeys},
};
use crate::units::{Metres, Seconds};

const GOALS: usize = 100;

fn router(extract: &str) -> Option<Router> {
    let folder = PathBuf::from(env::var_os("REFUGIA_TEST_DATA")?);
    let (network, _) = osm::read(&folder.join("roads").join(extract), &|_| {}).unwrap();
    let orders = Router::find_orders(&network);
    Some(Router::build(Arc::new(network), &orders).unwrap())
}

fn starts() -> usize {
    env::var("REFUGIA_ROUTING_STARTS")
        .ok()
        .and_then(|starts| starts.parse().ok())
        .unwrap_or(6)
}

/// A place on a road of the mode.
fn place(router: &Router, mode: Mode, draws: &mut Draws) -> Place {
    let network = router.network();
    loop {
        let stretch = StretchId(draws.below(network.stretch_count()) as u32);
        if [stretch.forward(), stretch.backward()]
            .iter()
            .any(|&arc| network.duration_ms(arc, mode).is_some())
        {
            return Place {
                stretch,
                fraction: draws.unit(),
            };
        }
    }
}

/// Every query from some starts to many goals, by the hierarchy and by the plain search over the whole graph.
fn compare(router: &Router, weights: &Weights, draws: &mut Draws) -> usize {
    let graph = router.hierarchy(weights.mode()).graph();
    let (mut all, mut search) = (Dijkstra::new(), Search::new());
    let mut ways = 0;
    for _ in 0..starts() {
        let from = place(router, weights.mode(), draws);
        let (ends, _) = router.starts(weights.metric(), from);
        let cost = |edge| weights.metric().cost(graph.arc(edge));
        all.run(graph, Direction::Forward, &ends, cost, |_, _| ControlFlow::Continue(()));
        for _ in 0..GOALS {
            let to = place(router, weights.mode(), draws);
            let (goals, _) = router.goals(weights.metric(), to);
            let around = goals.iter().map(|goal| all.cost(goal.vertex) + goal.cost).min();
            let direct = router.direct(weights.metric(), from, to).map(|(_, cost)| cost);
            let plain = around.into_iter().chain(direct).min().and_then(Cost::if_any);
            let found = router.way(weights, &mut search, from, to);
            assert_eq!(found.as_ref().map(|(_, cost)| *cost), plain, "{from:?} {to:?}");
            if let Some((pieces, cost)) = found {
                let sum = pieces
                    .iter()
                    .map(|piece| weights.metric().part(router.network(), piece.arc, piece.from, piece.to));
                assert_eq!(sum.fold(Cost::ZERO, |sum, cost| sum + cost), cost);
                let arcs: Vec<_> = pieces.iter().map(|piece| piece.arc).collect();
                ways += usize::from(arcs.len() > 2 && obeys_near(router, weights.mode(), &arcs));
            }
        }
    }
    ways
}

/// Whether the turn restrictions that share an arc with the way are obeyed; all others are.
fn obeys_near(router: &Router, mode: Mode, arcs: &[super::ArcId]) -> bool {
    assert!(obeys(router.network(), mode, arcs), "{arcs:?}");
    true
}

fn check(extract: &str) {
    let Some(router) = router(extract) else {
        eprintln!("left out: REFUGIA_TEST_DATA is not set");
        assert!(env::var("CI").as_deref() != Ok("true"), "must not be left out here");
        return;
    };
    let mut draws = Draws::new(5);
    let network = router.network();
    let effects = EffectTable::parse("").unwrap();
    let closed: Vec<StretchId> = network.stretches().filter(|_| draws.chance(2)).collect();
    let closures = [(ClosureId(1), Arc::new(closing(closed.clone())))];
    let situation = Situation {
        effects: &effects,
        zones: &[],
        closures: &closures,
    };
    for mode in Mode::ALL {
        let free = router.free(mode);
        let weights = router.weigh(mode, situation, None);
        let ways = compare(&router, &free, &mut draws) + compare(&router, &weights, &mut draws);
        assert!(ways > starts() * GOALS / 4, "{extract} {mode}: only {ways} ways");
        isochrones(&router, &weights, &mut draws);
        keeps_off(
            &Scene {
                router: &router,
                weights: &weights,
                free: &free,
                situation,
            },
            &closed,
            &mut draws,
        );
    }
}

/// Isochrones from anywhere hold the nodes that are reached and no others.
fn isochrones(router: &Router, weights: &Weights, draws: &mut Draws) {
    for minutes in 1..=starts().min(8) {
        let from = place(router, weights.mode(), draws);
        let within = Seconds(minutes as f64 * 90.0);
        let found = reach(router, weights, &mut Dijkstra::new(), from, within, Direction::Forward);
        holds_just_these(router, weights, &found);
    }
}

/// Whole answers, drawn and checked, lead over nothing that is closed.
fn keeps_off(scene: &Scene<'_>, closed: &[StretchId], draws: &mut Draws) {
    let (mut search, mut routes) = (Search::new(), 0);
    for _ in 0..starts() * GOALS / 5 {
        let [from, to] =
            [(); 2].map(|()| place(scene.router, scene.weights.mode(), draws).position(scene.router.network()));
        match scene.route(
            &mut search,
            Ask {
                from,
                via: &[],
                to,
                snap_limit: Metres(SNAP_LIMIT_M),
            },
        ) {
            Ok(route) => {
                assert!(
                    route
                        .pieces
                        .iter()
                        .all(|piece| closed.binary_search(&piece.arc.stretch()).is_err())
                );
                routes += 1;
            }
            Err(super::RouteError::NoRoute { .. } | super::RouteError::TooFar { .. }) => {}
            Err(other) => panic!("{other} from {from} to {to}"),
        }
    }
    assert!(routes > 0);
}

#[test]
fn liechtenstein() {
    check("liechtenstein.osm.pbf");
}

#[test]
fn andorra() {
    check("andorra.osm.pbf");
}

#[test]
fn helsinki() {
    check("helsinki.osm.pbf");
}

#[test]
fn porto() {
    check("porto.osm.pbf");
}

#[test]
fn restrictions_by_way() {
    check("reisterstown-via-restriction.osm.pbf");
}
