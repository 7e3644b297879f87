//! From one place to many, and from many to many.
//!
//! Owns the search down to a fixed set of goals ([`Goals`]): RPHAST (D. Delling, A. V. Goldberg, R. F. Werneck: Faster
//! Batched Shortest Paths in Road Networks, ATMOS 2011) on the elimination tree. What lies above a goal is picked out once, in
//! the order it is swept in; a start is then one walk up and one sweep down. A single start is swept where the arcs are; for
//! several they are copied together first.

use super::{Cost, Costs, End, Hierarchy, NONE, Side};

/// Starts that are swept together: as many as share a cache line.
const LANES: usize = 8;

/// Goals made ready for starts, under one set of costs. Memory: 4 bytes for each vertex above the goals.
#[derive(Debug)]
pub struct Goals<'h> {
    hierarchy: &'h Hierarchy,
    costs: &'h Costs,
    /// The vertices above the goals by rank, the highest first.
    ranks: Vec<u32>,
    /// Of a goal: where its ends begin; one entry more.
    first_end: Vec<u32>,
    /// Rank of the vertex, and cost.
    ends: Vec<(u32, u64)>,
}

impl<'h> Goals<'h> {
    /// Prepares goals, each with the ends it can be come to by. O(vertices).
    pub fn new(hierarchy: &'h Hierarchy, costs: &'h Costs, goals: &[Vec<End>]) -> Self {
        let count = hierarchy.graph().vertex_count();
        let mut is_above = vec![false; count];
        for end in goals.iter().flatten() {
            let mut rank = Some(hierarchy.rank(end.vertex));
            while let Some(at) = rank.filter(|&at| !is_above[at as usize]) {
                is_above[at as usize] = true;
                rank = hierarchy.parent(at);
            }
        }
        let (mut first_end, mut ends) = (vec![0], Vec::new());
        for goal in goals {
            ends.extend(goal.iter().map(|end| (hierarchy.rank(end.vertex), end.cost.bits())));
            first_end.push(ends.len() as u32);
        }
        Self {
            hierarchy,
            costs,
            ranks: (0..count as u32)
                .rev()
                .filter(|&rank| is_above[rank as usize])
                .collect(),
            first_end,
            ends,
        }
    }

    /// Number of goals.
    pub fn len(&self) -> usize {
        self.first_end.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The least cost from each start, itself a set of ends, to each goal: a row for each start. O(arcs above the goals) for a
    /// start; 12 bytes for each of these arcs where there are several starts.
    pub fn costs_from<'s>(&self, starts: impl IntoIterator<Item = &'s [End]>) -> Vec<Vec<Cost>> {
        let starts: Vec<&[End]> = starts.into_iter().collect();
        if let [start] = starts[..] {
            return vec![self.costs_from_one(start)];
        }
        let arcs = Arcs::of(self);
        let (mut side, mut found) = (Side::default(), Vec::new());
        let batches = starts.chunks(LANES);
        batches
            .flat_map(|batch| arcs.sweep(&mut side, &mut found, batch))
            .collect()
    }

    /// A sweep by rank.
    fn costs_from_one(&self, start: &[End]) -> Vec<Cost> {
        let mut side = Side::default();
        side.climb(self.hierarchy, self.costs.up(), start);
        let cch = self.hierarchy.arrays();
        let mut found = side.costs;
        for &rank in &self.ranks {
            let arcs = cch.up_first_out[rank as usize] as usize..cch.up_first_out[rank as usize + 1] as usize;
            let mut best = found[rank as usize];
            for (&above, &down) in cch.up_head[arcs.clone()].iter().zip(&self.costs.down()[arcs]) {
                best = best.min(found[above as usize] + down);
            }
            found[rank as usize] = best;
        }
        self.row(|rank| found[rank as usize])
    }

    /// The cost of each goal, by what each of its vertices costs.
    fn row(&self, found: impl Fn(u32) -> u64) -> Vec<Cost> {
        let goal = |range: &[u32]| {
            let ends = &self.ends[range[0] as usize..range[1] as usize];
            let costs = ends.iter().map(|&(rank, cost)| found(rank) + cost);
            costs.min().map_or(Cost::NEVER, Cost::from_bits)
        };
        self.first_end.windows(2).map(goal).collect()
    }
}

/// The arcs above some goals, copied together.
struct Arcs<'g> {
    goals: &'g Goals<'g>,
    /// By rank: the place among the goals' ranks.
    places: Vec<u32>,
    /// By place: where its arcs begin; one entry more.
    first: Vec<u32>,
    /// Of an arc: the place of its upper vertex, and its cost downwards.
    above: Vec<u32>,
    down: Vec<u64>,
}

impl<'g> Arcs<'g> {
    fn of(goals: &'g Goals<'g>) -> Self {
        let cch = goals.hierarchy.arrays();
        let arcs = |rank: u32| cch.up_first_out[rank as usize] as usize..cch.up_first_out[rank as usize + 1] as usize;
        let count = goals.ranks.iter().map(|rank| arcs(*rank).len()).sum();
        let mut picked = Self {
            goals,
            places: vec![NONE; goals.hierarchy.graph().vertex_count()],
            first: vec![0],
            above: Vec::with_capacity(count),
            down: Vec::with_capacity(count),
        };
        for (place, &rank) in (0..).zip(&goals.ranks) {
            picked.places[rank as usize] = place;
            let heads = cch.up_head[arcs(rank)].iter();
            picked.above.extend(heads.map(|&above| picked.places[above as usize]));
            picked.down.extend_from_slice(&goals.costs.down()[arcs(rank)]);
            picked.first.push(picked.above.len() as u32);
        }
        picked
    }

    /// The rows of as many starts as there are lanes, or fewer. `found` is memory to be used again.
    fn sweep(&self, side: &mut Side, found: &mut Vec<u64>, starts: &[&[End]]) -> Vec<Vec<Cost>> {
        let goals = self.goals;
        found.clear();
        found.resize(goals.ranks.len() * LANES, Cost::NEVER.bits());
        for (lane, start) in starts.iter().enumerate() {
            side.climb(goals.hierarchy, goals.costs.up(), start);
            for (place, &rank) in goals.ranks.iter().enumerate() {
                found[place * LANES + lane] = side.costs[rank as usize];
            }
        }
        let (found, _) = found.as_chunks_mut::<LANES>();
        for place in 0..goals.ranks.len() {
            let arcs = self.first[place] as usize..self.first[place + 1] as usize;
            let (higher, rest) = found.split_at_mut(place);
            let best = &mut rest[0];
            for (&above, &down) in self.above[arcs.clone()].iter().zip(&self.down[arcs]) {
                let above = &higher[above as usize];
                for lane in 0..LANES {
                    best[lane] = best[lane].min(above[lane] + down);
                }
            }
        }
        let found = &*found;
        let row = |lane: usize| goals.row(|rank| found[self.places[rank as usize] as usize][lane]);
        (0..starts.len()).map(row).collect()
    }
}
