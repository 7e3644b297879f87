//! Parts of a network that cannot be left.
//!
//! Owns the search for them: strongly connected components by R. Tarjan ("Depth-first search and linear graph
//! algorithms", SIAM J. Computing 1, 1972) without recursion, and weakly connected ones by the same on arcs both ways.

use super::ArcId;

/// Stands for a node that no passable arc touches.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// The part of a network that a node is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Island {
    /// Numbered from the largest, which is 0; of two as large, the one with the earlier node comes first.
    pub id: u32,
    /// Number of nodes.
    pub nodes: u32,
}

/// The islands of one mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Islands {
    pub(crate) strong: Partition,
    pub(crate) weak: Partition,
}

/// Nodes in disjoint parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Partition {
    /// The part of each node, or [`NOWHERE`].
    pub(crate) of: Vec<u32>,
    /// Nodes of each part, the largest first.
    pub(crate) sizes: Vec<u32>,
}

impl Islands {
    /// The largest set around a node within which one can travel from every node to every other; `None` where nothing
    /// can be passed at the node.
    pub fn strong(&self, node: super::NodeId) -> Option<Island> {
        self.strong.get(node.index())
    }

    /// The same if all one-ways were two-ways: between different ones there is no way in either direction.
    pub fn weak(&self, node: super::NodeId) -> Option<Island> {
        self.weak.get(node.index())
    }

    /// Nodes of each strong island, the largest first.
    pub fn strong_sizes(&self) -> &[u32] {
        &self.strong.sizes
    }

    /// Nodes of each weak island, the largest first.
    pub fn weak_sizes(&self) -> &[u32] {
        &self.weak.sizes
    }

    /// Of nodes that nobody has looked at yet.
    pub(super) fn unknown(nodes: usize) -> Self {
        let parts = Partition {
            of: vec![NOWHERE; nodes],
            sizes: Vec::new(),
        };
        Self {
            strong: parts.clone(),
            weak: parts,
        }
    }

    pub(super) fn are_whole(&self, nodes: usize) -> bool {
        [&self.strong, &self.weak]
            .into_iter()
            .all(|parts| parts.is_whole(nodes))
    }

    /// Finds them in a graph given by the arcs that leave a node, their heads, and whether they can be passed. O(n).
    pub(super) fn find<'n>(
        nodes: usize,
        leaving: impl Fn(usize) -> &'n [ArcId],
        head: impl Fn(ArcId) -> usize,
        is_open: impl Fn(ArcId) -> bool,
    ) -> Self {
        let is_open_somehow = |arc: ArcId| is_open(arc) || is_open(arc.reversed());
        let is_used = |node: usize| leaving(node).iter().any(|arc| is_open_somehow(*arc));
        let search = Search::new(nodes, &leaving, &head);
        let strong = search.parts(&is_open, &is_used);
        let weak = search.parts(&is_open_somehow, &is_used);
        Self { strong, weak }
    }
}

impl Partition {
    fn get(&self, node: usize) -> Option<Island> {
        let id = self.of[node];
        (id != NOWHERE).then(|| Island {
            id,
            nodes: self.sizes[id as usize],
        })
    }

    fn is_whole(&self, nodes: usize) -> bool {
        let parts = self.sizes.len();
        self.of.len() == nodes && self.of.iter().all(|part| *part == NOWHERE || (*part as usize) < parts)
    }

    /// Renumbers parts by size.
    fn largest_first(mut of: Vec<u32>, parts: usize) -> Self {
        let mut sizes = vec![0_u32; parts];
        let mut first_node = vec![usize::MAX; parts];
        for (node, part) in of.iter().enumerate().filter(|(_, part)| **part != NOWHERE) {
            sizes[*part as usize] += 1;
            first_node[*part as usize] = first_node[*part as usize].min(node);
        }
        let mut order: Vec<usize> = (0..parts).collect();
        order.sort_by_key(|part| (std::cmp::Reverse(sizes[*part]), first_node[*part]));
        let mut rank = vec![0_u32; parts];
        for (new, old) in order.iter().enumerate() {
            rank[*old] = new as u32;
        }
        for part in of.iter_mut().filter(|part| **part != NOWHERE) {
            *part = rank[*part as usize];
        }
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        Self { of, sizes }
    }
}

/// Tarjan's depth-first search, with its stack of calls kept by hand.
struct Search<'f, L, H> {
    nodes: usize,
    leaving: &'f L,
    head: &'f H,
}

/// A node being visited, and which of its arcs comes next.
struct Visit {
    node: usize,
    arc: usize,
}

/// Stands for a node that has not been seen.
const UNSEEN: u32 = u32::MAX;

impl<'f, 'n, L: Fn(usize) -> &'n [ArcId], H: Fn(ArcId) -> usize> Search<'f, L, H> {
    const fn new(nodes: usize, leaving: &'f L, head: &'f H) -> Self {
        Self { nodes, leaving, head }
    }

    fn parts(&self, is_open: &impl Fn(ArcId) -> bool, is_used: &impl Fn(usize) -> bool) -> Partition {
        let mut of = vec![NOWHERE; self.nodes];
        let mut seen_at = vec![UNSEEN; self.nodes];
        let mut low = vec![UNSEEN; self.nodes];
        let (mut clock, mut parts) = (0_u32, 0_u32);
        let (mut open, mut visits): (Vec<usize>, Vec<Visit>) = (Vec::new(), Vec::new());
        for root in (0..self.nodes).filter(|node| is_used(*node)) {
            if seen_at[root] != UNSEEN {
                continue;
            }
            visits.push(Visit { node: root, arc: 0 });
            while let Some(Visit { node, arc }) = visits.last_mut() {
                let node = *node;
                if *arc == 0 && seen_at[node] == UNSEEN {
                    (seen_at[node], low[node]) = (clock, clock);
                    clock += 1;
                    open.push(node);
                }
                if let Some(next) = (self.leaving)(node).get(*arc) {
                    *arc += 1;
                    if !is_open(*next) {
                        continue;
                    }
                    let head = (self.head)(*next);
                    if seen_at[head] == UNSEEN {
                        visits.push(Visit { node: head, arc: 0 });
                    } else if of[head] == NOWHERE {
                        low[node] = low[node].min(seen_at[head]);
                    }
                    continue;
                }
                visits.pop();
                if let Some(above) = visits.last() {
                    low[above.node] = low[above.node].min(low[node]);
                }
                if low[node] == seen_at[node] {
                    while let Some(member) = open.pop() {
                        of[member] = parts;
                        if member == node {
                            break;
                        }
                    }
                    parts += 1;
                }
            }
        }
        Partition::largest_first(of, parts as usize)
    }
}
