//! From one place to many, and from many to many.
//!
//! Owns the search down to a fixed set of goals ([`Goals`]): RPHAST (D. Delling, A. V. Goldberg, R. F. Werneck: Faster
//! Batched Shortest Paths in Road Networks, ATMOS 2011) on the elimination tree. Everything below which a goal lies is picked
//! out once, in the order it is swept in; a start is then one walk up and one sweep down.

use super::{Cost, Costs, End, Hierarchy, NONE, Side};

/// Starts that are swept together: as many as share a cache line.
const LANES: usize = 8;

/// Goals made ready for many starts, under one set of costs. Memory: 12 bytes for each arc above the goals.
#[derive(Debug)]
pub struct Goals<'h> {
    hierarchy: &'h Hierarchy,
    costs: &'h Costs,
    /// The vertices above the goals by rank, the highest first.
    ranks: Vec<u32>,
    /// By place in `ranks`: where its arcs begin.
    first: Vec<u32>,
    /// Of an arc: the place of its upper vertex, and its cost downwards.
    above: Vec<u32>,
    down: Vec<u64>,
    /// Of a goal: where its ends begin; one entry more.
    first_end: Vec<u32>,
    /// Place of the vertex, and cost.
    ends: Vec<(u32, u64)>,
}

impl<'h> Goals<'h> {
    /// Prepares goals, each with the ends it can be come to by. O(arcs above them).
    pub fn new(hierarchy: &'h Hierarchy, costs: &'h Costs, goals: &[Vec<End>]) -> Self {
        let count = hierarchy.graph().vertex_count();
        let mut place = vec![NONE; count];
        for end in goals.iter().flatten() {
            let mut rank = Some(hierarchy.rank(end.vertex));
            while let Some(at) = rank.filter(|&at| place[at as usize] == NONE) {
                place[at as usize] = 0;
                rank = hierarchy.parent(at);
            }
        }
        let mut picked = Self {
            hierarchy,
            costs,
            ranks: Vec::new(),
            first: vec![0],
            above: Vec::new(),
            down: Vec::new(),
            first_end: vec![0],
            ends: Vec::new(),
        };
        let cch = hierarchy.arrays();
        for rank in (0..count as u32).rev() {
            if place[rank as usize] == NONE {
                continue;
            }
            place[rank as usize] = picked.ranks.len() as u32;
            picked.ranks.push(rank);
            let arcs = cch.up_first_out[rank as usize] as usize..cch.up_first_out[rank as usize + 1] as usize;
            picked
                .above
                .extend(cch.up_head[arcs.clone()].iter().map(|&above| place[above as usize]));
            picked.down.extend_from_slice(&costs.down()[arcs]);
            picked.first.push(picked.above.len() as u32);
        }
        for goal in goals {
            let end = |end: &End| (place[hierarchy.rank(end.vertex) as usize], end.cost.bits());
            picked.ends.extend(goal.iter().map(end));
            picked.first_end.push(picked.ends.len() as u32);
        }
        picked
    }

    /// Number of goals.
    pub fn len(&self) -> usize {
        self.first_end.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The least cost from each start, itself a set of ends, to each goal: a row for each start.
    pub fn costs_from<'s>(&self, starts: impl IntoIterator<Item = &'s [End]>) -> Vec<Vec<Cost>> {
        let mut sweeper = Sweeper::default();
        let mut rows = Vec::new();
        let starts: Vec<&[End]> = starts.into_iter().collect();
        for batch in starts.chunks(LANES) {
            if let [start] = batch {
                sweeper.sweep::<1>(self, &[start], &mut rows);
            } else {
                sweeper.sweep::<LANES>(self, batch, &mut rows);
            }
        }
        rows
    }
}

/// Room for sweeps.
#[derive(Default)]
struct Sweeper {
    side: Side,
    /// By place and lane.
    found: Vec<u64>,
}

impl Sweeper {
    fn sweep<const N: usize>(&mut self, goals: &Goals<'_>, starts: &[&[End]], rows: &mut Vec<Vec<Cost>>) {
        self.found.clear();
        self.found.resize(goals.ranks.len() * N, Cost::NEVER.bits());
        for (lane, start) in starts.iter().enumerate() {
            self.climb(goals, start);
            for (place, &rank) in goals.ranks.iter().enumerate() {
                self.found[place * N + lane] = self.side.labels[rank as usize].cost;
            }
        }
        let (found, _) = self.found.as_chunks_mut::<N>();
        for place in 0..goals.ranks.len() {
            let arcs = goals.first[place] as usize..goals.first[place + 1] as usize;
            let (higher, rest) = found.split_at_mut(place);
            let best = &mut rest[0];
            for (&above, &down) in goals.above[arcs.clone()].iter().zip(&goals.down[arcs]) {
                let above = &higher[above as usize];
                for lane in 0..N {
                    best[lane] = best[lane].min(above[lane] + down);
                }
            }
        }
        let found = &*found;
        let row = |lane: usize| -> Vec<Cost> {
            let goal = |range: &[u32]| {
                let ends = &goals.ends[range[0] as usize..range[1] as usize];
                let costs = ends.iter().map(|&(place, cost)| found[place as usize][lane] + cost);
                costs.min().map_or(Cost::NEVER, Cost::from_bits)
            };
            goals.first_end.windows(2).map(goal).collect()
        };
        rows.extend((0..starts.len()).map(row));
    }

    /// All costs upwards from a start.
    fn climb(&mut self, goals: &Goals<'_>, start: &[End]) {
        self.side.begin(goals.hierarchy, start);
        loop {
            let rank = self.side.lowest();
            if rank == NONE {
                return;
            }
            self.side.relax(goals.hierarchy, goals.costs.up(), rank);
            self.side.step(goals.hierarchy, rank);
        }
    }
}
