//! Shortcuts into the edges they stand for.

use crate::routing::hierarchy::{By, Costs, Hierarchy};

/// An arc of the hierarchy in one of its directions.
#[derive(Clone, Copy)]
struct Step {
    arc: u32,
    upwards: bool,
}

/// Appends the edges of a way along an arc that can be used, in order.
///
/// An arc stands for an edge, or for the two other arcs of a lower triangle, which the costs remember: those lead by a lower
/// vertex, so it ends. O(edges × arcs up from a vertex), of which there are few below and most ways are.
pub(super) fn unpack(hierarchy: &Hierarchy, costs: &Costs, arc: u32, upwards: bool, edges: &mut Vec<u32>) {
    let mut left = vec![Step { arc, upwards }];
    while let Some(step) = left.pop() {
        match costs.by(step.arc, step.upwards) {
            By::Edge(edge) => edges.push(edge),
            By::Triangle(to_lower) => {
                let [first, second] = halves(hierarchy, step, to_lower);
                left.push(second);
                left.push(first);
            }
        }
    }
}

/// The two arcs by a lower vertex that an arc stands for, in the order they are driven in.
fn halves(hierarchy: &Hierarchy, step: Step, to_lower: u32) -> [Step; 2] {
    let heads = &hierarchy.arrays().up_head;
    let upper = heads[step.arc as usize];
    // The arcs up from the vertex below stand in the order of where they lead to, so it is one of the next. Looking at them all
    // is quicker than finding out where they end.
    let next = to_lower as usize + 1;
    let after = heads[next..].iter().position(|&above| above == upper);
    let to_upper = next as u32 + after.map_or(0, |after| after as u32);
    let (down, up) = if step.upwards {
        (to_lower, to_upper)
    } else {
        (to_upper, to_lower)
    };
    [(down, false), (up, true)].map(|(arc, upwards)| Step { arc, upwards })
}
