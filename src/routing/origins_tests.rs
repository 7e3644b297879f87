//! The nearest by way of coming here, against a plain search forward from every single origin.

use std::sync::Arc;

use super::{
    ClosureId, Cost, EffectTable, Mode, Origins, Place, Reached, Router, Situation, StretchId, Weights, ZoneLayer,
    search::dijkstra::{Dijkstra, least},
    testing::{Draws, at, closing, flood, grid},
};

/// A network with one-ways, turn restrictions, closed streets and a zone that should not be entered.
fn set(seed: u64, side: usize, mode: Mode) -> (Router, Weights, Draws) {
    let network = grid(side, seed);
    let orders = Router::find_orders(&network);
    let router = Router::build(Arc::new(network), &orders).unwrap();
    let mut draws = Draws::new(seed + 1_000);
    let closed = router.network().stretches().filter(|_| draws.chance(6)).collect();
    let closures = [(ClosureId(1), Arc::new(closing(closed)))];
    let third = side as f64 / 3.0;
    let zone = flood(at(third, third), at(third + 2.0, third * 2.0));
    let zones = ZoneLayer::build(router.network(), router.snapper(), &[zone]);
    let effects = EffectTable::parse("").unwrap();
    let situation = Situation {
        effects: &effects,
        zones: &[&zones],
        closures: &closures,
    };
    let weights = router.weigh(mode, situation, None);
    (router, weights, draws)
}

fn places(router: &Router, draws: &mut Draws, count: usize) -> Vec<Place> {
    let mut place = || Place {
        stretch: StretchId(draws.below(router.network().stretch_count()) as u32),
        fraction: draws.unit(),
    };
    (0..count).map(|_| place()).collect()
}

/// The least cost from a place to another, by the arcs' own costs.
fn one_to_one(router: &Router, weights: &Weights, from: Place, to: Place) -> Option<Cost> {
    let graph = router.hierarchy(weights.mode()).graph();
    let (starts, _) = router.starts(weights.metric(), from);
    let (goals, _) = router.goals(weights.metric(), to);
    let around = least(graph, &starts, &goals, |edge| weights.metric().cost(graph.arc(edge)));
    let direct = router.direct(weights.metric(), from, to).map(|(_, cost)| cost);
    around.into_iter().chain(direct.and_then(Cost::if_any)).min()
}

#[test]
fn those_who_come_soonest_are_those_that_single_searches_from_all_find() {
    let (mut crooked, mut in_danger, mut cut_off) = (0, 0, 0);
    for (seed, mode) in (1..=8).zip(Mode::ALL.into_iter().cycle()) {
        let (router, weights, mut draws) = set(seed, 9 + seed as usize, mode);
        let origins = places(&router, &mut draws, 25);
        let ready = Origins::new(&router, &weights, origins.clone());
        assert_eq!(ready.places(), origins);
        let mut search = Dijkstra::new();
        let mut goals = places(&router, &mut draws, 12);
        // Some on the streets of origins, before and behind them.
        goals.extend(origins.iter().take(6).map(|origin| Place {
            fraction: draws.unit(),
            ..*origin
        }));
        for goal in goals {
            let costs = origins.iter().map(|&from| one_to_one(&router, &weights, from, goal));
            let costs: Vec<Option<Cost>> = costs.collect();
            let back = one_to_one(&router, &weights, goal, origins[0]);
            crooked += usize::from(costs[0] != back);
            in_danger += costs.iter().flatten().filter(|cost| cost.danger() > 0).count();
            cut_off += costs.iter().filter(|cost| cost.is_none()).count();
            let every = 1 + draws.below(3);
            let mut all: Vec<Reached> = costs
                .iter()
                .enumerate()
                .filter_map(|(number, cost)| Some(Reached { cost: (*cost)?, number }))
                .filter(|reached| reached.number % every == 0)
                .collect();
            all.sort_unstable();
            for k in [0, 1, 2, 5, 25, 50] {
                let mut seen = Vec::new();
                let found = ready.nearest(&router, &weights, &mut search, goal, k, |reached| {
                    seen.push(reached);
                    reached.number % every == 0
                });
                assert_eq!(found, all[..k.min(all.len())], "{seed} {mode} {goal:?} {k}");
                assert!(seen.is_sorted(), "the caller sees the nearest first");
                let mut numbers: Vec<usize> = seen.iter().map(|reached| reached.number).collect();
                numbers.sort_unstable();
                numbers.dedup();
                assert_eq!(numbers.len(), seen.len(), "and each once");
            }
        }
    }
    // Else this would not tell one direction from the other, nor obeying from not.
    assert!(
        crooked > 20 && in_danger > 20 && cut_off > 20,
        "{crooked} {in_danger} {cut_off}"
    );
}
