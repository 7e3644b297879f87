//! Shortcuts into the edges they stand for.

use crate::routing::{
    graph::NONE,
    hierarchy::{Costs, Hierarchy},
};

/// An arc of the hierarchy in one of its directions.
#[derive(Clone, Copy)]
struct Step {
    arc: u32,
    upwards: bool,
}

/// Appends the edges of a way along an arc that costs what the arc costs, in order.
///
/// An arc costs what an edge along it costs, or what the two other arcs of a lower triangle cost together: those lead by a lower
/// vertex, so it ends. O(edges × vertices below).
pub(super) fn unpack(hierarchy: &Hierarchy, costs: &Costs, arc: u32, upwards: bool, edges: &mut Vec<u32>) {
    let mut left = vec![Step { arc, upwards }];
    while let Some(step) = left.pop() {
        if let Some(edge) = edge_of(hierarchy, costs, step) {
            edges.push(edge);
        } else if let Some([first, second]) = halves(hierarchy, costs, step) {
            left.push(second);
            left.push(first);
        } else {
            debug_assert!(
                false,
                "arc {} costs neither what an edge nor what a triangle costs",
                step.arc
            );
        }
    }
}

fn cost(costs: &Costs, step: Step) -> u64 {
    let along = if step.upwards { costs.up() } else { costs.down() };
    along[step.arc as usize]
}

fn edge_of(hierarchy: &Hierarchy, costs: &Costs, step: Step) -> Option<u32> {
    let cost = cost(costs, step);
    hierarchy
        .edges_along(step.arc, step.upwards)
        .find(|&edge| edge != NONE && costs.edge(edge).bits() == cost)
}

/// The two arcs by a lower vertex that cost as much together, in the order they are driven in.
fn halves(hierarchy: &Hierarchy, costs: &Costs, step: Step) -> Option<[Step; 2]> {
    let cch = hierarchy.arrays();
    let whole = cost(costs, step);
    let (lower, upper) = (cch.up_tail[step.arc as usize], cch.up_head[step.arc as usize]);
    let below = |rank: u32| cch.down_first_out[rank as usize] as usize..cch.down_first_out[rank as usize + 1] as usize;
    let (mut left, mut right) = (below(lower), below(upper));
    // Both rows are sorted by the vertex below.
    while let (Some(at), Some(other)) = (left.clone().next(), right.clone().next()) {
        let (a, b) = (cch.down_head[at], cch.down_head[other]);
        if a < b {
            left.start += 1;
        } else if a > b {
            right.start += gallop(&cch.down_head[right.clone()], a);
        } else {
            let [to_lower, to_upper] = [cch.down_to_up[at], cch.down_to_up[other]];
            let (first, second) = if step.upwards {
                (
                    Step {
                        arc: to_lower,
                        upwards: false,
                    },
                    Step {
                        arc: to_upper,
                        upwards: true,
                    },
                )
            } else {
                (
                    Step {
                        arc: to_upper,
                        upwards: false,
                    },
                    Step {
                        arc: to_lower,
                        upwards: true,
                    },
                )
            };
            if cost(costs, first) + cost(costs, second) == whole {
                return Some([first, second]);
            }
            left.start += 1;
            right.start += 1;
        }
    }
    None
}

/// How many of the sorted values at the front are below one, found in O(log of it).
fn gallop(sorted: &[u32], value: u32) -> usize {
    let mut reach = 1;
    while reach < sorted.len() && sorted[reach] < value {
        reach *= 2;
    }
    let from = reach / 2;
    let to = sorted.len().min(reach + 1);
    from + sorted[from..to].partition_point(|&other| other < value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn galloping_finds_what_a_scan_finds() {
        let sorted: Vec<u32> = (0..50).map(|at| at * 3).collect();
        for from in 0..50 {
            for value in 0..160 {
                let scan = sorted[from..].iter().filter(|&&other| other < value).count();
                assert_eq!(gallop(&sorted[from..], value), scan, "{from} {value}");
            }
        }
    }
}
