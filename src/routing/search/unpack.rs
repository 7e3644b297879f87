//! Shortcuts into the edges they stand for.

use crate::routing::hierarchy::{Costs, Hierarchy};

/// An arc of the hierarchy in one of its directions.
#[derive(Clone, Copy)]
struct Step {
    arc: u32,
    upwards: bool,
}

/// Appends the edges of a way along an arc that costs what the arc costs, in order.
///
/// An arc costs what an edge along it costs, or what the two other arcs of a lower triangle cost together, which the costs
/// remember: those lead by a lower vertex, so it ends. O(edges × log of the arcs up from a vertex).
pub(super) fn unpack(hierarchy: &Hierarchy, costs: &Costs, arc: u32, upwards: bool, edges: &mut Vec<u32>) {
    let mut left = vec![Step { arc, upwards }];
    while let Some(step) = left.pop() {
        if let Some([first, second]) = halves(hierarchy, costs, step) {
            left.push(second);
            left.push(first);
        } else {
            let along = hierarchy.edges_along(step.arc, step.upwards);
            edges.extend(along.min_by_key(|&edge| costs.edge(edge)));
        }
    }
}

/// The two arcs by a lower vertex that the arc stands for, in the order they are driven in.
fn halves(hierarchy: &Hierarchy, costs: &Costs, step: Step) -> Option<[Step; 2]> {
    let to_lower = costs.by(step.arc, step.upwards)?;
    let cch = hierarchy.arrays();
    let (middle, upper) = (cch.up_tail[to_lower as usize], cch.up_head[step.arc as usize]);
    // The arcs up from the vertex below, after that to the lower vertex, sorted by where they lead to.
    let after = to_lower as usize + 1..cch.up_first_out[middle as usize + 1] as usize;
    let to_upper = after.start + cch.up_head[after.clone()].partition_point(|&above| above < upper);
    let to_upper = to_upper as u32;
    let (down, up) = if step.upwards {
        (to_lower, to_upper)
    } else {
        (to_upper, to_lower)
    };
    Some([(down, false), (up, true)].map(|(arc, upwards)| Step { arc, upwards }))
}
