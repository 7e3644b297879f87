//! Customization: the costs of shortcuts from the costs of edges.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
};

use rayon::prelude::*;

use super::Hierarchy;
use crate::routing::{Cost, graph::NONE};

/// Levels of fewer vertices are not worth handing out to other threads.
const FEWEST_IN_PARALLEL: usize = 64;

/// Vertices that a thread takes at once.
const BATCH: usize = 16;

thread_local! {
    /// By rank: the arc up from the vertex in hand. Filled anew for each vertex, for all that is read.
    static ARC_TO: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// The costs of all arcs of a hierarchy, for one set of costs of the edges, and what each arc stands for. Immutable,
/// shared. 24 bytes an arc and 8 an edge.
#[derive(Debug, Clone, Default)]
pub struct Costs {
    /// By edge of the graph.
    edges: Vec<Cost>,
    /// By arc, from its lower vertex to its higher one.
    up: Vec<u64>,
    /// By arc, from its higher vertex to its lower one.
    down: Vec<u64>,
    /// By arc, [`By`] as bits: what its way upwards leads by.
    up_by: Vec<u32>,
    down_by: Vec<u32>,
}

/// What an arc of a hierarchy stands for in one of its directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::routing) enum By {
    /// This edge of the graph.
    Edge(u32),
    /// A lower triangle: the arc from the vertex below up to the arc's lower vertex, and the one to its upper vertex.
    Triangle(u32),
}

impl By {
    /// Set for edges. There are fewer than 2³¹ edges, and arcs.
    const EDGE: u32 = 1 << 31;

    const fn bits(self) -> u32 {
        match self {
            Self::Edge(edge) => edge | Self::EDGE,
            Self::Triangle(to_lower) => to_lower,
        }
    }

    const fn from_bits(bits: u32) -> Self {
        if bits & Self::EDGE == 0 {
            Self::Triangle(bits)
        } else {
            Self::Edge(bits & !Self::EDGE)
        }
    }
}

impl Costs {
    /// The cost of an edge.
    pub(in crate::routing) fn edge(&self, edge: u32) -> Cost {
        self.edges[edge as usize]
    }

    /// Costs upwards, by arc, as [`Cost::bits`].
    pub(in crate::routing) fn up(&self) -> &[u64] {
        &self.up
    }

    /// What an arc that can be used stands for, upwards or downwards.
    pub(in crate::routing) fn by(&self, arc: u32, upwards: bool) -> By {
        let by = if upwards { &self.up_by } else { &self.down_by };
        By::from_bits(by[arc as usize])
    }

    /// Costs downwards, by arc, as [`Cost::bits`].
    pub(in crate::routing) fn down(&self) -> &[u64] {
        &self.down
    }
}

impl Hierarchy {
    /// The costs of all arcs where an edge costs what `cost` says of it, on the threads of the current pool of `rayon`. The buffers of
    /// `spare`, costs that nobody uses any more, are used again. O(triangles): some ten million for a province.
    pub fn customize(&self, spare: Option<Costs>, cost: impl Fn(u32) -> Cost) -> Costs {
        let spare = spare.unwrap_or_default();
        let mut edges = spare.edges;
        edges.clear();
        edges.extend((0..self.graph.edge_count() as u32).map(cost));
        let (up, up_by) = self.begin(spare.up, spare.up_by, &edges, true);
        let (down, down_by) = self.begin(spare.down, spare.down_by, &edges, false);
        let buffers = Buffers {
            up,
            down,
            up_by,
            down_by,
        };
        for level in self.levels.iter() {
            if level.len() < FEWEST_IN_PARALLEL {
                self.relax(level, &buffers);
            } else {
                level.par_chunks(BATCH).for_each(|ranks| self.relax(ranks, &buffers));
            }
        }
        let plain = |buffer: Vec<AtomicU64>| buffer.into_iter().map(AtomicU64::into_inner).collect();
        let plain_by = |buffer: Vec<AtomicU32>| buffer.into_iter().map(AtomicU32::into_inner).collect();
        Costs {
            edges,
            up: plain(buffers.up),
            down: plain(buffers.down),
            up_by: plain_by(buffers.up_by),
            down_by: plain_by(buffers.down_by),
        }
    }

    /// Every arc in a direction with the cheapest edge along it, and what that costs.
    fn begin(&self, costs: Vec<u64>, by: Vec<u32>, edges: &[Cost], upwards: bool) -> (Vec<AtomicU64>, Vec<AtomicU32>) {
        let mut costs: Vec<AtomicU64> = costs.into_iter().map(AtomicU64::new).collect();
        let mut by: Vec<AtomicU32> = by.into_iter().map(AtomicU32::new).collect();
        costs.resize_with(self.arc_count(), AtomicU64::default);
        by.resize_with(self.arc_count(), AtomicU32::default);
        let cheapest = |arc: usize| {
            let along = self.edges_along(arc as u32, upwards);
            along.map(|edge| (edges[edge as usize], edge)).min()
        };
        costs
            .par_iter_mut()
            .zip(&mut by)
            .enumerate()
            .with_min_len(1 << 12)
            .for_each(|(arc, (cost, by))| {
                // An arc without an edge that no triangle is found for costs too much to stand for anything.
                let (least, edge) = cheapest(arc).unwrap_or((Cost::NEVER, 0));
                *cost.get_mut() = least.bits();
                *by.get_mut() = By::Edge(edge).bits();
            });
        (costs, by)
    }

    fn relax(&self, ranks: &[u32], buffers: &Buffers) {
        ARC_TO.with_borrow_mut(|arc_to| {
            if arc_to.len() < self.cch.node_count() {
                arc_to.resize(self.cch.node_count(), NONE);
            }
            for &rank in ranks {
                self.relax_vertex(rank, arc_to, buffers);
            }
        });
    }

    /// Gives the arcs up from a vertex the least cost over all lower triangles: vertex, a vertex below it, and a vertex above
    /// that both have an arc to.
    ///
    /// Only the arcs up from this vertex are written, and only arcs up from vertices of lower levels are read besides: so
    /// relaxed loads and stores see what they must, as threads meet between levels.
    fn relax_vertex(&self, rank: u32, arc_to: &mut [u32], buffers: &Buffers) {
        let cch = &self.cch;
        let row = |first: &[u32], rank: u32| first[rank as usize] as usize..first[rank as usize + 1] as usize;
        for arc in row(&cch.up_first_out, rank) {
            arc_to[cch.up_head[arc] as usize] = arc as u32;
        }
        for down in row(&cch.down_first_out, rank) {
            let bottom = cch.down_to_up[down] as usize;
            let (up_bottom, down_bottom) = (buffers.up[bottom].load(Relaxed), buffers.down[bottom].load(Relaxed));
            if up_bottom >= Cost::NEVER.bits() && down_bottom >= Cost::NEVER.bits() {
                continue;
            }
            // The arcs up from the vertex below, after the one to this vertex, lead to vertices above this one.
            let end = cch.up_first_out[cch.down_head[down] as usize + 1] as usize;
            for middle in bottom + 1..end {
                let top = arc_to[cch.up_head[middle] as usize] as usize;
                let (up, down) = (buffers.up[middle].load(Relaxed), buffers.down[middle].load(Relaxed));
                if lower(&buffers.up[top], down_bottom + up) {
                    buffers.up_by[top].store(By::Triangle(bottom as u32).bits(), Relaxed);
                }
                if lower(&buffers.down[top], up_bottom + down) {
                    buffers.down_by[top].store(By::Triangle(bottom as u32).bits(), Relaxed);
                }
            }
        }
    }
}

/// Costs upwards and downwards while they are being found.
struct Buffers {
    up: Vec<AtomicU64>,
    down: Vec<AtomicU64>,
    up_by: Vec<AtomicU32>,
    down_by: Vec<AtomicU32>,
}

/// Keeps the lesser of two, and says whether it is the new one. Sums of two `NEVER` are more than `NEVER` and thus never kept.
fn lower(slot: &AtomicU64, cost: u64) -> bool {
    let is_less = cost < slot.load(Relaxed);
    if is_less {
        slot.store(cost, Relaxed);
    }
    is_less
}
