//! Ways cut into stretches.
//!
//! Owns where a way is cut, and the network's nodes; the order of nodes and stretches follows the file.

use std::collections::{HashMap, HashSet};

use super::{
    Report,
    barriers::{Barriers, Side},
    places::Places,
    turns::Turn,
    ways::{Roads, WayRecord},
};
use crate::routing::{
    DegreesE7, NetworkBuilder, NodeId, RoadClass, RoadNames, Stretch, StretchId,
    network::NamesId,
    profile::{Pace, Passage, Road},
};

/// Stands for a place that has no node yet.
const NO_NODE: NodeId = NodeId(u32::MAX);

/// The parts of a way between nodes that the extract lacks, at least two nodes long; a node that follows itself stands
/// once.
pub(super) fn pieces(nodes: &[u32], places: &Places) -> impl Iterator<Item = Vec<u32>> {
    nodes
        .split(|node| places.position(*node).is_none())
        .map(|piece| {
            let mut piece = piece.to_vec();
            piece.dedup();
            piece
        })
        .filter(|piece| piece.len() > 1)
}

/// What restrictions are made from.
#[derive(Debug, Default)]
pub(super) struct CutIndex {
    /// The stretches of the ways that restrictions name, in the ways' order.
    stretches: HashMap<i64, Vec<StretchId>>,
    /// The place of each node.
    place_of: Vec<u32>,
}

impl CutIndex {
    /// The stretches of a way, each forward in the way's direction; none of a way that is no road.
    pub(super) fn stretches(&self, way: i64) -> &[StretchId] {
        self.stretches.get(&way).map_or(&[], Vec::as_slice)
    }

    /// The number of the place that a node is at.
    pub(super) fn place(&self, node: NodeId) -> u32 {
        self.place_of[node.index()]
    }
}

/// The network so far, and what restrictions are made from.
pub(super) struct Cut {
    pub(super) builder: NetworkBuilder,
    pub(super) index: CutIndex,
}

/// Cuts all ways.
pub(super) struct Cutter<'a> {
    roads: &'a Roads,
    places: &'a Places,
    builder: NetworkBuilder,
    /// The ways that restrictions name.
    named: HashSet<i64>,
    barriers: Barriers,
    /// The node of each place without a barrier.
    nodes: Vec<NodeId>,
    index: CutIndex,
    bends: Vec<DegreesE7>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(roads: &'a Roads, places: &'a Places, builder: NetworkBuilder, turns: &[Turn]) -> Self {
        Self {
            roads,
            places,
            builder,
            named: turns.iter().flat_map(Turn::ways).collect(),
            barriers: Barriers::of(roads, places),
            nodes: vec![NO_NODE; places.len()],
            index: CutIndex::default(),
            bends: Vec::new(),
        }
    }

    pub(super) fn run(mut self, report: &mut Report) -> Cut {
        report.barriers = self.barriers.len() as u64;
        report.barriers_at_junctions = self.barriers.at_junctions() as u64;
        let roads = self.roads;
        for (way, nodes) in roads.iter() {
            let has_gap = nodes.iter().any(|node| self.places.position(*node).is_none());
            report.roads_cut += u64::from(has_gap);
            let before = self.builder.stretch_count();
            for piece in pieces(nodes, self.places) {
                self.cut(way, &piece, report);
            }
            let after = self.builder.stretch_count();
            report.roads_lost += u64::from(before == after);
            self.share_whole_time(way, before..after);
        }
        Cut {
            builder: self.builder,
            index: self.index,
        }
    }

    /// Cuts one piece of a way wherever the network needs a node.
    fn cut(&mut self, way: &WayRecord, piece: &[u32], report: &mut Report) {
        let is_cut = |at: usize| {
            let place = piece[at];
            at + 1 == piece.len() || self.places.is_shared(place) || self.barriers.has(place)
        };
        let mut cuts = vec![0];
        for at in (1..piece.len()).filter(|at| is_cut(*at)) {
            let from = cuts[cuts.len() - 1];
            if piece[from] == piece[at] {
                report.rings += 1;
                cuts.push(from.midpoint(at));
            }
            cuts.push(at);
        }
        let mut arrived = None;
        for pair in cuts.windows(2) {
            let class = self.roads.road(way).class;
            let from = self.leave(way, piece[pair[0]], class, arrived);
            let to = self.node(way, piece[pair[1]], class);
            arrived = Some(to);
            self.add(way, &piece[pair[0]..=pair[1]], [from, to]);
        }
    }

    /// The node that a stretch begins at, where the one before came to another.
    fn leave(&mut self, way: &WayRecord, place: u32, class: RoadClass, arrived: Option<NodeId>) -> NodeId {
        match arrived {
            Some(node) if !self.barriers.has(place) => node,
            _ => self.node(way, place, class),
        }
    }

    /// The node for the end of one branch at a place.
    fn node(&mut self, way: &WayRecord, place: u32, class: RoadClass) -> NodeId {
        match self.barriers.side(place, class) {
            Side::Free => self.plain_node(place),
            Side::Centre(node) => node,
            Side::NewCentre => {
                let centre = self.new_node(place);
                self.barriers.set_centre(place, centre);
                if self.barriers.may_be_centre(place, class) {
                    centre
                } else {
                    self.beyond(way, place, centre)
                }
            }
            Side::Beyond(centre) => self.beyond(way, place, centre),
        }
    }

    fn plain_node(&mut self, place: u32) -> NodeId {
        let known = self.nodes[place as usize];
        if known != NO_NODE {
            return known;
        }
        let node = self.new_node(place);
        self.nodes[place as usize] = node;
        node
    }

    fn new_node(&mut self, place: u32) -> NodeId {
        self.index.place_of.push(place);
        self.builder.add_node_at(self.position(place))
    }

    /// Places of pieces are in the extract.
    fn position(&self, place: u32) -> DegreesE7 {
        #[expect(clippy::expect_used, reason = "pieces hold only places that have a position")]
        self.places.position(place).expect("a place in the extract")
    }

    /// A node beyond the barrier at a place, and the barrier.
    fn beyond(&mut self, way: &WayRecord, place: u32, centre: NodeId) -> NodeId {
        let beyond = self.new_node(place);
        if let Some(barrier) = self.places.barrier(place) {
            let road = self.roads.road(way);
            let stretch = Stretch {
                ends: [centre, beyond],
                bends: &[],
                way: way.id,
                class: road.class,
                traits: barrier.traits,
                layer: road.layer,
                names: RoadNames::default(),
                limits: barrier.limits,
                access: barrier
                    .passes
                    .map(|pass| pass.map_or_else(Default::default, |pass| pass.access)),
                durations_ms: barrier.passes.map(|pass| [pass.map(|pass| pass.ms); 2]),
            };
            self.builder.add_stretch_with(&stretch, way.names, 0);
        }
        beyond
    }

    /// Adds the stretch along some places.
    fn add(&mut self, way: &WayRecord, places: &[u32], ends: [NodeId; 2]) {
        self.bends.clear();
        let inner = &places[1..places.len() - 1];
        for place in inner {
            let position = self.position(*place);
            self.bends.push(position);
        }
        let id = add_road(
            &mut self.builder,
            self.roads.road(way),
            way,
            (ends, &self.bends),
            way.names,
        );
        if self.named.contains(&way.id) {
            self.index.stretches.entry(way.id).or_default().push(id);
        }
    }

    /// Gives each stretch of a way that takes so long as a whole its share by length.
    fn share_whole_time(&mut self, way: &WayRecord, stretches: std::ops::Range<usize>) {
        let road = self.roads.road(way);
        let is_whole = |passage: &Passage| matches!(passage.pace, Pace::Whole(_));
        if !road.passages.iter().flatten().flatten().any(is_whole) {
            return;
        }
        let ids = stretches.map(|stretch| StretchId(stretch as u32));
        let total: f64 = ids.clone().map(|id| f64::from(self.builder.length_mm(id))).sum();
        for id in ids {
            // A crossing without length takes no time, which is none to divide by.
            let share = f64::from(self.builder.length_mm(id)) / total.max(1.0);
            let durations = road.passages.map(|both| {
                both.map(|passage| match passage?.pace {
                    Pace::Whole(ms) => Some((f64::from(ms) * share).round() as u32),
                    Pace::Speed(_) => None,
                })
            });
            self.builder.set_durations(id, durations);
        }
    }
}

/// Adds a stretch of a road with durations from its length.
fn add_road(
    builder: &mut NetworkBuilder,
    road: &Road,
    way: &WayRecord,
    (ends, bends): ([NodeId; 2], &[DegreesE7]),
    names: NamesId,
) -> StretchId {
    let mut stretch = Stretch {
        ends,
        bends,
        way: way.id,
        class: road.class,
        traits: road.traits,
        layer: road.layer,
        names: RoadNames::default(),
        limits: road.limits,
        access: road.access(),
        durations_ms: Default::default(),
    };
    let length_mm = builder.length_of(&stretch);
    stretch.durations_ms = road.passages.map(|both| {
        both.map(|passage| match passage?.pace {
            Pace::Speed(mm_per_s) => Some((f64::from(length_mm) / f64::from(mm_per_s) * 1e3).round() as u32),
            Pace::Whole(ms) => Some(ms),
        })
    });
    builder.add_stretch_with(&stretch, names, length_mm)
}
