//! The routing graph of one mode: what shortest paths are searched on.
//!
//! Owns the graph that is made from the network for a mode, in which every plain path obeys the turn restrictions
//! ([`Graph`]), and what is a copy of what. Costs are not here: the topology stays the same whatever is closed.
//!
//! # Turn restrictions
//! A restriction is a path of arcs that must not be driven to its end, or whose beginning commits to its end. Its proper beginnings are the
//! states of an automaton (A. V. Aho, M. J. Corasick: Efficient string matching, 1975): the state after an arc is the longest
//! beginning of any restriction that the way driven so far ends with. A vertex of the graph is a node of the network in a
//! state, so that only the ends of restricted arcs get copies: for a via node one copy of it for each incoming arc that
//! is restricted, for via ways a chain of copies. A way begins with no history, at any
//! place of an arc, and may end on any copy of one.
//!
//! Turning back is allowed at every node where no restriction forbids it, as rescue drivers may.

mod automaton;

use std::ops::Range;

use self::automaton::{Automaton, State};
use super::{ArcId, Mode, Network, NodeId};

/// No vertex, no edge.
pub(super) const NONE: u32 = u32::MAX;

/// The graph of one mode in compressed rows: the edges out of a vertex stand together. Vertices and edges are counted from 0;
/// an edge is a copy of an arc of the network.
#[derive(Debug)]
pub struct Graph {
    mode: Mode,
    first_out: Vec<u32>,
    tail: Vec<u32>,
    head: Vec<u32>,
    arc: Vec<ArcId>,
    node: Vec<NodeId>,
    /// By vertex: where the edges into it begin.
    first_in: Vec<u32>,
    into: Vec<u32>,
    /// By arc: where its copies begin.
    first_copy: Vec<u32>,
    copies: Vec<u32>,
    /// By node of the network: its vertex without history.
    plain: Vec<u32>,
}

impl Graph {
    /// The graph of the arcs that the mode may use. O(n + copies); a few bytes times the arcs.
    ///
    /// A restriction that leads over an arc the mode may not use is left out: one that forbids can never be
    /// broken, and one that commits would leave no way at all.
    pub fn build(network: &Network, mode: Mode) -> Self {
        let may_use = |arc: ArcId| network.duration_ms(arc, mode).is_some();
        let mut automaton = Automaton::default();
        for restriction in network.restrictions() {
            if restriction.holds_for(mode) && restriction.path.iter().all(|&arc| may_use(arc)) {
                automaton.add(restriction.kind, &restriction.path);
            }
        }
        automaton.link();
        let (plain, node) = vertices(network, mode, &automaton);
        let mut graph = Self {
            mode,
            first_out: vec![0],
            tail: Vec::new(),
            head: Vec::new(),
            arc: Vec::new(),
            first_in: Vec::new(),
            into: Vec::new(),
            first_copy: Vec::new(),
            copies: Vec::new(),
            plain,
            node,
        };
        graph.add_edges(network, &automaton);
        (graph.first_in, graph.into) = rows(graph.node.len(), graph.head.iter().map(|&head| head as usize));
        // In the order of edges: a plain vertex comes before its copies, so does the edge out of it.
        (graph.first_copy, graph.copies) = rows(network.arc_count(), graph.arc.iter().map(|arc| arc.index()));
        graph
    }

    fn add_edges(&mut self, network: &Network, automaton: &Automaton) {
        let plain_count = (self.node.len() + 1 - automaton.state_count()) as u32;
        for vertex in 0..self.node.len() as u32 {
            let state = State((vertex + 1).saturating_sub(plain_count));
            for &arc in network.leaving(self.node(vertex)) {
                if network.duration_ms(arc, self.mode).is_none() || !automaton.allows(state, arc) {
                    continue;
                }
                let head = match automaton.next(state, arc) {
                    State::PLAIN => self.plain[network.head(arc).index()],
                    State(next) => plain_count + next - 1,
                };
                self.tail.push(vertex);
                self.head.push(head);
                self.arc.push(arc);
            }
            self.first_out.push(self.head.len() as u32);
        }
    }

    /// The mode it is the graph of.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Number of vertices: nodes that the mode can come to, and their copies.
    pub const fn vertex_count(&self) -> usize {
        self.node.len()
    }

    /// Number of edges.
    pub const fn edge_count(&self) -> usize {
        self.head.len()
    }

    /// The edges out of a vertex.
    pub(super) fn out(&self, vertex: u32) -> Range<u32> {
        self.first_out[vertex as usize]..self.first_out[vertex as usize + 1]
    }

    /// The edges into a vertex.
    pub(super) fn incoming(&self, vertex: u32) -> &[u32] {
        &self.into[self.first_in[vertex as usize] as usize..self.first_in[vertex as usize + 1] as usize]
    }

    pub(super) fn tail(&self, edge: u32) -> u32 {
        self.tail[edge as usize]
    }

    pub(super) fn head(&self, edge: u32) -> u32 {
        self.head[edge as usize]
    }

    /// The arc that an edge is a copy of.
    pub(super) fn arc(&self, edge: u32) -> ArcId {
        self.arc[edge as usize]
    }

    pub(super) fn first_out(&self) -> &[u32] {
        &self.first_out
    }

    pub(super) fn tails(&self) -> &[u32] {
        &self.tail
    }

    pub(super) fn heads(&self) -> &[u32] {
        &self.head
    }

    /// The node of the network that a vertex is, or is a copy of.
    pub(super) fn node(&self, vertex: u32) -> NodeId {
        self.node[vertex as usize]
    }

    /// The vertex of a node without history; none where the mode cannot come to it.
    pub(super) fn plain(&self, node: NodeId) -> Option<u32> {
        self.plain.get(node.index()).copied().filter(|&vertex| vertex != NONE)
    }

    /// The copies of an arc, the one without history first; none where the mode may not use it.
    pub(super) fn copies(&self, arc: ArcId) -> &[u32] {
        let Some(range) = self.first_copy.get(arc.index()..arc.index() + 2) else {
            return &[];
        };
        &self.copies[range[0] as usize..range[1] as usize]
    }
}

/// The vertices: first the nodes some usable arc leads from or to, then one for each state but the plain one. Gives the
/// vertex of each node without history, and the node of each vertex.
fn vertices(network: &Network, mode: Mode, automaton: &Automaton) -> (Vec<u32>, Vec<NodeId>) {
    let mut reached = vec![false; network.node_count()];
    for stretch in network.stretches() {
        let usable = [stretch.forward(), stretch.backward()].map(|arc| network.duration_ms(arc, mode).is_some());
        if usable.contains(&true) {
            for node in network.ends(stretch) {
                reached[node.index()] = true;
            }
        }
    }
    let mut plain = vec![NONE; network.node_count()];
    let mut nodes = Vec::new();
    for node in network.nodes().filter(|node| reached[node.index()]) {
        plain[node.index()] = nodes.len() as u32;
        nodes.push(node);
    }
    nodes.extend(automaton.last_arcs().map(|arc| network.head(arc)));
    (plain, nodes)
}

/// Sorts edges into rows by the row of each: where the rows begin, with one entry more, and the edges, in order.
fn rows(count: usize, row_of: impl ExactSizeIterator<Item = usize> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0; count + 1];
    for row in row_of.clone() {
        first[row + 1] += 1;
    }
    for row in 0..count {
        first[row + 1] += first[row];
    }
    let mut next = first.clone();
    let mut sorted = vec![NONE; row_of.len()];
    for (edge, row) in row_of.enumerate() {
        sorted[next[row] as usize] = edge as u32;
        next[row] += 1;
    }
    (first, sorted)
}
