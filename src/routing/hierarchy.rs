//! The contraction hierarchy of a graph: its order, its structure, and the costs laid over it.
//!
//! Owns the order that vertices are contracted in ([`Order`]), the shortcuts it makes ([`Hierarchy`]) and the costs
//! of the shortcuts for given costs of the edges ([`Costs`]). Searching it is [`super::search`]'s part, what an edge costs
//! [`super::metric`]'s.
//!
//! After J. Dibbelt, B. Strasser, D. Wagner: Customizable Contraction Hierarchies, ACM JEA 21, 2016. Order and
//! structure depend on the graph alone and are made once, by the crate `cch`. Costs are laid over it again with every
//! closure: each shortcut gets the least cost of its lower triangles, from the bottom of the elimination tree to its top. The
//! crate's own costs are 31-bit numbers, which cannot say danger and time at once; so this step, and the queries, are ours.

mod customize;
mod order;

pub(in crate::routing) use self::customize::By;
pub use self::{
    customize::Costs,
    order::{Order, OrderError},
};

use std::sync::Arc;

use cch::{Cch, bundle::INVALID_ID, graph};

use super::graph::{Graph, NONE};

/// The structure over a graph: vertices by rank, the arcs up from each and down from each. Immutable, shared.
///
/// Building takes O(arcs) and no more than a fraction of a second for a province; so only the [`Order`] is kept in
/// files. Memory: some 50 bytes for an edge of the graph and a shortcut each.
#[derive(Debug)]
pub struct Hierarchy {
    graph: Arc<Graph>,
    cch: Cch,
    /// Vertices by their height in the elimination tree: those of one height do not depend on each other.
    levels: Levels,
}

#[derive(Debug)]
struct Levels {
    ranks: Vec<u32>,
    first: Vec<u32>,
}

impl Hierarchy {
    /// Contracts the graph in the order.
    ///
    /// # Errors
    /// An order of another number of vertices. Any permutation gives a right hierarchy; one made for the graph a fast
    /// one.
    pub fn build(graph: Arc<Graph>, order: &Order) -> Result<Self, OrderError> {
        let (found, expected) = (order.vertices().len(), graph.vertex_count());
        if found != expected {
            return Err(OrderError::Count { found, expected });
        }
        let rows = graph::Graph {
            first_out: graph.first_out().to_vec(),
            head: graph.heads().to_vec(),
            weight: vec![0; graph.edge_count()],
        };
        let cch = Cch::build(&rows, order.vertices());
        let levels = Levels::of(&cch.elimination_tree_parent);
        Ok(Self { graph, cch, levels })
    }

    /// The graph below.
    pub const fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// Number of arcs of the hierarchy: edges between two vertices counted once, and shortcuts.
    pub fn arc_count(&self) -> usize {
        self.cch.cch_arc_count()
    }

    /// Memory held, in bytes, without the graph.
    pub fn memory_bytes(&self) -> usize {
        let arrays = [
            &self.cch.rank,
            &self.cch.order,
            &self.cch.elimination_tree_parent,
            &self.cch.up_first_out,
            &self.cch.up_head,
            &self.cch.up_tail,
            &self.cch.down_first_out,
            &self.cch.down_head,
            &self.cch.down_to_up,
            &self.cch.input_arc_to_cch_arc,
            &self.cch.forward_input_arc_of_cch,
            &self.cch.backward_input_arc_of_cch,
            &self.cch.first_extra_forward_input_arc_of_cch,
            &self.cch.extra_forward_input_arc_of_cch,
            &self.cch.first_extra_backward_input_arc_of_cch,
            &self.cch.extra_backward_input_arc_of_cch,
            &self.levels.ranks,
            &self.levels.first,
        ];
        arrays.iter().map(|array| 4 * array.len()).sum()
    }

    pub(super) fn rank(&self, vertex: u32) -> u32 {
        self.cch.rank[vertex as usize]
    }

    /// The vertex above in the elimination tree: every vertex that can be reached upwards is one of those above.
    pub(super) fn parent(&self, rank: u32) -> Option<u32> {
        Some(self.cch.elimination_tree_parent[rank as usize]).filter(|&parent| parent != INVALID_ID)
    }

    /// The structure's own arrays, for inner loops.
    pub(super) const fn arrays(&self) -> &Cch {
        &self.cch
    }

    /// The edges that run along an arc of the hierarchy: upwards, or downwards.
    pub(super) fn edges_along(&self, arc: u32, upwards: bool) -> impl Iterator<Item = u32> {
        let cch = &self.cch;
        let (one, first_more, more_edges) = if upwards {
            (
                &cch.forward_input_arc_of_cch,
                &cch.first_extra_forward_input_arc_of_cch,
                &cch.extra_forward_input_arc_of_cch,
            )
        } else {
            (
                &cch.backward_input_arc_of_cch,
                &cch.first_extra_backward_input_arc_of_cch,
                &cch.extra_backward_input_arc_of_cch,
            )
        };
        let arc = arc as usize;
        let first = Some(one[arc]).filter(|&edge| edge != NONE);
        // More than one edge is rare, and there is no other without the first: most arcs need not look.
        let more = move |_| first_more[arc] as usize..first_more[arc + 1] as usize;
        first
            .into_iter()
            .chain(first.into_iter().flat_map(more).map(|at| more_edges[at]))
    }
}

impl Levels {
    /// Sorts the ranks by height above the leaves of the tree. A parent's rank is above its children's. O(n).
    fn of(parents: &[u32]) -> Self {
        let mut heights = vec![0_u32; parents.len()];
        for (rank, &parent) in parents.iter().enumerate() {
            if parent != INVALID_ID {
                heights[parent as usize] = heights[parent as usize].max(heights[rank] + 1);
            }
        }
        let count = heights.iter().max().map_or(0, |most| *most as usize + 1);
        let mut first = vec![0; count + 1];
        for &height in &heights {
            first[height as usize + 1] += 1;
        }
        for level in 0..count {
            first[level + 1] += first[level];
        }
        let mut next = first.clone();
        let mut ranks = vec![0; parents.len()];
        for (rank, &height) in heights.iter().enumerate() {
            let place = &mut next[height as usize];
            ranks[*place as usize] = rank as u32;
            *place += 1;
        }
        Self { ranks, first }
    }

    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.first
            .windows(2)
            .map(|ends| &self.ranks[ends[0] as usize..ends[1] as usize])
    }
}
