//! Durations from many places to many.

use super::{Cost, Place, Router, Weights, search::many::Goals};

/// The least cost from each place to each: a row for each start, [`Cost::NEVER`] where there is no way.
///
/// Exact. One sweep down for eight starts at a time; 1 000 × 1 000 take about a second on a province.
pub fn matrix(router: &Router, weights: &Weights, from: &[Place], to: &[Place]) -> Vec<Vec<Cost>> {
    let metric = weights.metric();
    let goals: Vec<_> = to.iter().map(|&place| router.goals(metric, place).0).collect();
    let starts: Vec<_> = from.iter().map(|&place| router.starts(metric, place).0).collect();
    let prepared = Goals::new(router.hierarchy(weights.mode()), weights.costs(), &goals);
    let mut rows = prepared.costs_from(starts.iter().map(Vec::as_slice));
    for (row, &start) in rows.iter_mut().zip(from) {
        for (cost, &goal) in row.iter_mut().zip(to) {
            if let Some((_, direct)) = router.direct(metric, start, goal) {
                *cost = direct.min(*cost);
            }
        }
    }
    rows
}
