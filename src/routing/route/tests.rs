//! Routes against the plain search, and against what is to be seen on the map.

use std::sync::Arc;

use geo_types::{Coord, LineString, Polygon};

use super::*;
use crate::{
    catalog::HazardKind,
    hazards::Band,
    routing::{
        Closure, ClosureId, EffectTable, Network, RoadNames, Stretch, StretchId, Traits, Zone, ZoneLayer,
        explain::Obstacle,
        search::dijkstra::least,
        steps::Turn,
        testing::{Draws, at, closing, grid, obeys},
    },
};

mod stops;
mod turns;

fn router(network: Network) -> Router {
    let orders = Router::find_orders(&network);
    Router::build(Arc::new(network), &orders).unwrap()
}

fn ask<'a>(from: LonLat, to: LonLat) -> Ask<'a> {
    Ask {
        from,
        via: &[],
        to,
        snap_limit: Metres(500.0),
    }
}

/// Nothing is closed and nothing threatens.
fn calm<'a>(router: &'a Router, free: &'a Weights, effects: &'a EffectTable) -> Scene<'a> {
    Scene {
        router,
        weights: free,
        free,
        situation: Situation {
            effects,
            zones: &[],
            closures: &[],
        },
    }
}

fn rect(from: (f64, f64), to: (f64, f64)) -> Polygon<f64> {
    let corner = |x: f64, y: f64| Coord::from(at(x, y));
    let ring = vec![
        corner(from.0, from.1),
        corner(to.0, from.1),
        corner(to.0, to.1),
        corner(from.0, to.1),
        corner(from.0, from.1),
    ];
    Polygon::new(LineString(ring), Vec::new())
}

fn zone(kind: HazardKind, band: Band, polygon: Polygon<f64>) -> Zone {
    Zone {
        kind,
        band,
        depth_m: None,
        row: 0,
        polygons: vec![polygon],
    }
}

#[test]
fn routes_cost_what_the_plain_search_says_and_keep_off_closures() {
    let router = router(grid(22, 31));
    let network = router.network();
    let effects = EffectTable::parse("").unwrap();
    let mut draws = Draws::new(32);
    let zones: Vec<Zone> = (0..6)
        .map(|row| {
            let (x, y) = (draws.unit() * 18.0, draws.unit() * 18.0);
            let band = Band::ALL[row % 4];
            zone(
                HazardKind::Flood,
                band,
                rect((x, y), (x + 1.0 + draws.unit() * 4.0, y + 1.0 + draws.unit() * 4.0)),
            )
        })
        .collect();
    let layer = ZoneLayer::build(network, router.snapper(), &zones);
    let layers = [&layer];
    let closed: Vec<StretchId> = network.stretches().filter(|_| draws.chance(6)).collect();
    let closures = [(ClosureId(1), Arc::new(closing(closed.clone())))];
    let situation = Situation {
        effects: &effects,
        zones: &layers,
        closures: &closures,
    };
    let mut search = Search::new();
    let (mut found, mut unsafe_ones, mut none) = (0, 0, 0);
    for mode in Mode::ALL {
        let (weights, free) = (router.weigh(mode, situation, None), router.free(mode));
        let scene = Scene {
            router: &router,
            weights: &weights,
            free: &free,
            situation,
        };
        for _ in 0..250 {
            let mut point = || at(draws.unit() * 22.0 - 0.5, draws.unit() * 22.0 - 0.5);
            let question = ask(point(), point());
            let stops = scene.stops(question).unwrap();
            let plain = plain(&router, &weights, stops[0].place, stops[1].place);
            match scene.route(&mut search, question) {
                Ok(route) => {
                    let plain = plain.unwrap();
                    let time_ms = (route.duration.0 * 1e3).round() as u64;
                    assert_eq!((route.safe, time_ms), (plain.danger() == 0, plain.time_ms()));
                    assert!(
                        route
                            .pieces
                            .iter()
                            .all(|piece| closed.binary_search(&piece.arc.stretch()).is_err())
                    );
                    let arcs: Vec<ArcId> = route.pieces.iter().map(|piece| piece.arc).collect();
                    assert!(obeys(network, mode, &arcs));
                    let forbidden = route
                        .crossed
                        .iter()
                        .any(|crossed| matches!(crossed.effect, super::super::Effect::Forbidden(_)));
                    assert_eq!(route.safe, !forbidden, "{:?}", route.crossed);
                    tells_the_truth(network, &route);
                    found += 1;
                    unsafe_ones += usize::from(!route.safe);
                }
                Err(RouteError::NoRoute { .. }) => {
                    assert_eq!(plain, None);
                    none += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
    assert!(
        found > 300 && unsafe_ones > 20 && none > 0,
        "{found} {unsafe_ones} {none}"
    );
}

fn plain(router: &Router, weights: &Weights, from: Place, to: Place) -> Option<Cost> {
    let graph = router.hierarchy(weights.mode()).graph();
    let (starts, _) = router.starts(weights.metric(), from);
    let (goals, _) = router.goals(weights.metric(), to);
    let around = least(graph, &starts, &goals, |edge| weights.metric().cost(graph.arc(edge)));
    let direct = router.direct(weights.metric(), from, to).map(|(_, cost)| cost);
    around.into_iter().chain(direct).min()
}

/// Line, distance and steps belong to the pieces.
fn tells_the_truth(network: &Network, route: &Route) {
    for pair in route.pieces.windows(2) {
        assert_eq!(network.head(pair[0].arc), network.tail(pair[1].arc));
    }
    let [first, last] = [0, route.line.len() - 1].map(|at| route.line[at]);
    let off = |point: LonLat, stop: &Snap| {
        (point.lon() - stop.position.lon()).abs() + (point.lat() - stop.position.lat()).abs()
    };
    assert!(off(first, &route.stops[0]) < 1e-7 && off(last, &route.stops[1]) < 1e-7);
    let drawn: f64 = route
        .line
        .windows(2)
        .map(|pair| crate::geometry::geodesic::distance(pair[0], pair[1]).0)
        .sum();
    assert!(
        (drawn - route.distance.0).abs() < 0.01 * route.line.len() as f64,
        "{drawn} {:?}",
        route.distance
    );
    let stepped: f64 = route.steps.iter().map(|step| step.distance.0).sum();
    assert!((stepped - route.distance.0).abs() < 1e-6);
    assert!(route.steps.windows(2).all(|pair| pair[0].begins <= pair[1].begins));
    assert_eq!(route.steps.last().unwrap().turn, Turn::Arrive);
}

/// Two ways from west to east: 6 km straight on (stretches 0 to 2), and by the north (3 to 5), twice as long.
fn two_ways(bridge: bool) -> Router {
    let mut builder = Network::builder();
    let mut node = |x: f64, y: f64| builder.add_node(at(x, y));
    let nodes = [
        node(0.0, 0.0),
        node(20.0, 0.0),
        node(40.0, 0.0),
        node(60.0, 0.0),
        node(20.0, 20.0),
        node(40.0, 20.0),
    ];
    let main = Stretch {
        names: RoadNames::local("江滨路"),
        ..Stretch::street([nodes[0], nodes[1]], 100_000)
    };
    builder.add_stretch(&main);
    let traits = if bridge { Traits::BRIDGE } else { Traits::NONE };
    builder.add_stretch(&Stretch {
        ends: [nodes[1], nodes[2]],
        traits,
        ..main.clone()
    });
    builder.add_stretch(&Stretch {
        ends: [nodes[3], nodes[2]],
        ..main.clone()
    });
    let around = Stretch {
        names: RoadNames::local("北环路"),
        ..main
    };
    for ends in [[nodes[1], nodes[4]], [nodes[4], nodes[5]], [nodes[5], nodes[2]]] {
        builder.add_stretch(&Stretch { ends, ..around.clone() });
    }
    router(builder.build().unwrap())
}

/// Asks from the west end to the east end, by car.
fn drive(router: &Router, zones: &[Zone], closures: &[(ClosureId, Arc<Closure>)]) -> Result<Route, RouteError> {
    let effects = EffectTable::parse("").unwrap();
    let layer = ZoneLayer::build(router.network(), router.snapper(), zones);
    let layers = [&layer];
    let situation = Situation {
        effects: &effects,
        zones: &layers,
        closures,
    };
    let (weights, free) = (router.weigh(Mode::Car, situation, None), router.free(Mode::Car));
    let scene = Scene {
        router,
        weights: &weights,
        free: &free,
        situation,
    };
    scene.route(&mut Search::new(), ask(at(10.0, 0.1), at(50.0, 0.1)))
}

#[test]
fn a_route_says_what_it_avoids() {
    let router = two_ways(false);
    let flood = [zone(HazardKind::Flood, Band::High, rect((25.0, -1.0), (30.0, 1.0)))];
    let closure = [(ClosureId(7), Arc::new(closing(vec![StretchId(1)])))];
    let straight = drive(&router, &[], &[]).unwrap();
    assert_eq!(
        (straight.duration, straight.safe, straight.avoided.len()),
        (Seconds(200.0), true, 0)
    );
    assert_eq!(
        straight.steps.iter().map(|step| step.turn).collect::<Vec<_>>(),
        [Turn::Depart, Turn::Arrive]
    );
    let dry = drive(&router, &flood, &[]).unwrap();
    assert_eq!(
        (dry.duration, dry.free_duration, dry.safe),
        (Seconds(400.0), Some(Seconds(200.0)), true)
    );
    assert!(dry.crossed.is_empty());
    let [avoided] = &dry.avoided[..] else {
        panic!("{:?}", dry.avoided)
    };
    assert!(matches!(avoided.what, Obstacle::Zone { zone: (0, 0), .. }) && avoided.detour == Seconds(200.0));
    assert!(
        (avoided.distance.0 - 500.0).abs() < 10.0 && (avoided.at.lon() - 119.025).abs() < 1e-6,
        "{avoided:?}"
    );
    assert_eq!(
        dry.steps.iter().map(|step| step.turn).collect::<Vec<_>>(),
        [Turn::Depart, Turn::Left, Turn::Left, Turn::Arrive],
        "a bend of one road without another is no turn"
    );
    let open = drive(&router, &[], &closure).unwrap();
    assert!(matches!(
        open.avoided[..],
        [Avoided {
            what: Obstacle::Closure(ClosureId(7)),
            ..
        }]
    ));
    let bridge = drive(&two_ways(true), &flood, &[]).unwrap();
    assert_eq!(
        (bridge.duration, bridge.safe),
        (Seconds(200.0), true),
        "the water is below the bridge"
    );
}

#[test]
fn danger_is_crossed_only_where_it_must_be_and_closures_never() {
    let router = two_ways(false);
    let everywhere = |band| zone(HazardKind::Flood, band, rect((30.0, -1.0), (32.0, 30.0)));
    let severe = zone(HazardKind::Flood, Band::Extreme, rect((25.0, -1.0), (28.0, 1.0)));
    let lesser = drive(&router, &[everywhere(Band::High), severe], &[]).unwrap();
    assert!(!lesser.safe);
    assert_eq!((lesser.crossed.len(), lesser.crossed[0].zone), (1, (0, 0)));
    assert!((lesser.crossed[0].distance.0 - 200.0).abs() < 10.0);
    assert_eq!(lesser.duration, Seconds(400.0), "around the worse zone");
    let closed = [(ClosureId(1), Arc::new(closing(vec![StretchId(1), StretchId(4)])))];
    let error = drive(&router, &[], &closed).unwrap_err();
    assert_eq!(
        error,
        RouteError::NoRoute {
            leg: 0,
            but_for_closures: true
        }
    );
}

#[test]
fn who_is_inside_is_led_out_by_the_least_dangerous_way() {
    let router = two_ways(false);
    // From 10 to 26: the start at 10 lies inside. Straight on is out soonest only by danger, not by time.
    let route = drive(
        &router,
        &[zone(HazardKind::Flood, Band::High, rect((5.0, -1.0), (24.0, 1.0)))],
        &[],
    )
    .unwrap();
    assert!(!route.safe);
    assert_eq!(
        route.duration,
        Seconds(400.0),
        "out of the zone by the north, for there it ends sooner"
    );
}

#[test]
fn the_second_look_finds_what_was_tampered_with() {
    let router = two_ways(false);
    let effects = EffectTable::parse("").unwrap();
    let flood = zone(HazardKind::Flood, Band::High, rect((25.0, -1.0), (30.0, 1.0)));
    let layer = ZoneLayer::build(router.network(), router.snapper(), &[flood]);
    let layers = [&layer];
    let free = router.free(Mode::Car);
    for (zones, closures, wrong) in [
        (&layers[..], vec![], "danger"),
        (
            &[],
            vec![(ClosureId(1), Arc::new(closing(vec![StretchId(1)])))],
            "closed",
        ),
        (
            &[],
            vec![(ClosureId(1), Arc::new(closing(vec![StretchId(2)])))],
            "closed",
        ),
    ] {
        let situation = Situation {
            effects: &effects,
            zones,
            closures: &closures,
        };
        let weights = router.weigh(Mode::Car, situation, None);
        // Searched without regard to the situation.
        let scene = calm(&router, &free, &effects);
        let route = scene
            .route(&mut Search::new(), ask(at(10.0, 0.1), at(50.0, 0.1)))
            .unwrap();
        let checked = verify::verify(
            &Scene {
                weights: &weights,
                situation,
                ..scene
            },
            &route,
        );
        match wrong {
            "danger" => assert!(matches!(checked, Err(Disagreement::Danger { zone: (0, 0), .. }))),
            _ => assert!(matches!(checked, Err(Disagreement::Closed { .. })), "{checked:?}"),
        }
    }
}
