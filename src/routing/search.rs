//! Searching: the least cost between ends, and the edges of the way.
//!
//! Owns the query between several weighted starts and goals ([`Search`]), the unpacking of shortcuts, one-to-many
//! queries ([`many`]) and the plain search without a hierarchy ([`dijkstra`]), which answers where every vertex around is
//! asked for, and is the oracle of the others. What ends a position on a road has is [`super::route`]'s part.

pub mod dijkstra;
pub mod many;
mod unpack;

use super::{
    Cost,
    graph::NONE,
    hierarchy::{Costs, Hierarchy},
};

/// A vertex to begin or end at, and what it costs to get from the true start to it, or from it to the true goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The vertex.
    pub vertex: u32,
    /// The cost of the part that is not on the graph.
    pub cost: Cost,
}

/// A way of least cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The whole cost, with those of both ends.
    pub cost: Cost,
    /// Which of the starts it begins at.
    pub start: usize,
    /// Which of the goals it ends at.
    pub goal: usize,
    /// The edges of the graph in between, in order.
    pub edges: Vec<u32>,
}

/// Room for searches, one at a time; to be kept and used again. 24 bytes a vertex.
///
/// The search goes up the elimination tree from all ends at once, lowest vertex first (Dibbelt, Strasser, Wagner 2016,
/// section 7.2): everything that can be reached upwards lies above an end, so there is no queue. A vertex that costs more
/// than the best way known already is passed over.
#[derive(Debug, Default)]
pub struct Search {
    from_starts: Side,
    to_goals: Side,
}

/// One side of a search: what is known of the vertices above its ends, by rank.
#[derive(Debug, Default)]
struct Side {
    /// [`Cost::bits`] from the starts, or to the goals.
    costs: Vec<u64>,
    /// The arc of the hierarchy, from a vertex below, that each cost came by; none at the ends.
    arcs: Vec<u32>,
    /// Where the walks up the tree stand, each at another vertex.
    heads: Vec<u32>,
    /// Ranks that must be cleared.
    touched: Vec<u32>,
}

impl Side {
    fn begin(&mut self, hierarchy: &Hierarchy, ends: &[End]) {
        for rank in self.touched.drain(..) {
            self.costs[rank as usize] = Cost::NEVER.bits();
            self.arcs[rank as usize] = NONE;
        }
        // What was known of another hierarchy was all cleared just now.
        let count = hierarchy.graph().vertex_count();
        self.costs.resize(count, Cost::NEVER.bits());
        self.arcs.resize(count, NONE);
        self.heads.clear();
        for end in ends {
            let rank = hierarchy.rank(end.vertex);
            let cost = &mut self.costs[rank as usize];
            *cost = end.cost.bits().min(*cost);
            if !self.heads.contains(&rank) {
                self.heads.push(rank);
            }
        }
    }

    /// The lowest vertex that a walk stands at.
    fn lowest(&self) -> u32 {
        self.heads.iter().copied().min().unwrap_or(NONE)
    }

    /// Takes the walk at this vertex one up; where another stands there already, they go on as one.
    fn step(&mut self, hierarchy: &Hierarchy, rank: u32) {
        self.touched.push(rank);
        let Some(walk) = self.heads.iter().position(|&head| head == rank) else {
            return;
        };
        match hierarchy.parent(rank) {
            Some(parent) if !self.heads.contains(&parent) => self.heads[walk] = parent,
            _ => {
                self.heads.swap_remove(walk);
            }
        }
    }

    /// Carries the cost of a vertex up its arcs.
    fn relax(&mut self, hierarchy: &Hierarchy, costs: &[u64], rank: u32) {
        let cch = hierarchy.arrays();
        let cost = self.costs[rank as usize];
        let arcs = cch.up_first_out[rank as usize] as usize..cch.up_first_out[rank as usize + 1] as usize;
        let first = arcs.start as u32;
        for ((&above, &along), arc) in cch.up_head[arcs.clone()].iter().zip(&costs[arcs]).zip(first..) {
            let least = &mut self.costs[above as usize];
            if cost + along < *least {
                *least = cost + along;
                self.arcs[above as usize] = arc;
            }
        }
    }

    /// Carries all costs from the ends up.
    fn climb(&mut self, hierarchy: &Hierarchy, costs: &[u64], ends: &[End]) {
        self.begin(hierarchy, ends);
        loop {
            let rank = self.lowest();
            if rank == NONE {
                return;
            }
            self.relax(hierarchy, costs, rank);
            self.step(hierarchy, rank);
        }
    }

    /// The arcs from an end up to a vertex, the highest first, and the end's vertex.
    fn arcs_down(&self, hierarchy: &Hierarchy, rank: u32) -> (Vec<u32>, u32) {
        let (mut arcs, mut rank) = (Vec::new(), rank);
        while self.arcs[rank as usize] != NONE {
            let arc = self.arcs[rank as usize];
            arcs.push(arc);
            rank = hierarchy.arrays().up_tail[arc as usize];
        }
        (arcs, rank)
    }
}

impl Search {
    /// Room for searches; it is made when they need it.
    pub fn new() -> Self {
        Self::default()
    }

    /// The least cost from any start to any goal; `None` where there is no way.
    pub fn cost(&mut self, hierarchy: &Hierarchy, costs: &Costs, starts: &[End], goals: &[End]) -> Option<Cost> {
        let (cost, _) = self.meet(hierarchy, costs, starts, goals)?;
        Some(cost)
    }

    /// A way of least cost from any start to any goal; `None` where there is none.
    pub fn way(&mut self, hierarchy: &Hierarchy, costs: &Costs, starts: &[End], goals: &[End]) -> Option<Way> {
        let (cost, top) = self.meet(hierarchy, costs, starts, goals)?;
        let (up, first) = self.from_starts.arcs_down(hierarchy, top);
        let (down, last) = self.to_goals.arcs_down(hierarchy, top);
        let mut edges = Vec::new();
        for &arc in up.iter().rev() {
            unpack::unpack(hierarchy, costs, arc, true, &mut edges);
        }
        for &arc in &down {
            unpack::unpack(hierarchy, costs, arc, false, &mut edges);
        }
        let cheapest = |ends: &[End], rank: u32| {
            let here = ends
                .iter()
                .enumerate()
                .filter(|(_, end)| hierarchy.rank(end.vertex) == rank);
            here.min_by_key(|(_, end)| end.cost).map(|(at, _)| at)
        };
        Some(Way {
            cost,
            start: cheapest(starts, first)?,
            goal: cheapest(goals, last)?,
            edges,
        })
    }

    /// The least cost, and the rank of the highest vertex of a way that has it.
    fn meet(&mut self, hierarchy: &Hierarchy, costs: &Costs, starts: &[End], goals: &[End]) -> Option<(Cost, u32)> {
        let (from, to) = (&mut self.from_starts, &mut self.to_goals);
        from.begin(hierarchy, starts);
        to.begin(hierarchy, goals);
        let (mut best, mut top) = (Cost::NEVER.bits(), NONE);
        loop {
            let (up, down) = (from.lowest(), to.lowest());
            let rank = up.min(down);
            if rank == NONE {
                break;
            }
            if up == down {
                let both = from.costs[rank as usize] + to.costs[rank as usize];
                if both < best {
                    (best, top) = (both, rank);
                }
            }
            if up == rank {
                if from.costs[rank as usize] < best {
                    from.relax(hierarchy, costs.up(), rank);
                }
                from.step(hierarchy, rank);
            }
            if down == rank {
                if to.costs[rank as usize] < best {
                    to.relax(hierarchy, costs.down(), rank);
                }
                to.step(hierarchy, rank);
            }
        }
        (top != NONE).then(|| (Cost::from_bits(best), top))
    }
}

#[cfg(test)]
mod tests;
