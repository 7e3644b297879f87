//! The road network: junctions, the stretches of road between them, and who may pass them how fast.
//!
//! Owns the network's types, the columns they are kept in, and what must hold between them. Knows nothing of
//! OpenStreetMap ([`super::osm`] makes networks from it), of files ([`super::file`]) or of hierarchies built over it.
//!
//! A **node** is a junction, the end of a road, or a side of a barrier. A **stretch** is the road between two different
//! nodes; the bends in between are its shape. An **arc** is a stretch in one direction. Two stretches may join the same
//! two nodes. What may not be passed has no duration.
//!
//! A barrier that holds somebody up is a stretch of its own, with [`Traits::BARRIER`] and no length, between two nodes at
//! the same place: whoever searches the network need not know of barriers.
//!
//! Memory: 8 bytes for a node and each bend, about 80 for a stretch, and 24 more per node for the islands.

mod builder;
mod class;
mod columns;
mod ids;
mod islands;
mod limits;
mod names;
mod position;
mod restriction;
mod traits;

pub(in crate::routing) use builder::NamesId;
pub use builder::{NetworkBuilder, NetworkError, Stretch};
pub use class::RoadClass;
pub(crate) use columns::Columns;
pub use ids::{ArcId, Mode, NodeId, StretchId, UnknownMode};
pub(crate) use islands::Partition;
pub use islands::{Island, Islands};
pub use limits::{Limits, Vehicle};
pub use names::RoadNames;
pub use position::DegreesE7;
pub use restriction::{Restriction, RestrictionKind};
pub use traits::{Access, Traits};

use crate::geometry::{BBox, LonLat};
use columns::CLOSED;
use geo_types::{Coord, Rect};
pub(crate) use names::NameTable;

/// A road network; see the [module](self). It never changes: closures and hazards act on weights, not on the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    columns: Columns,
    /// Where the arcs that leave a node begin; one entry more than nodes.
    leaving_from: Vec<u32>,
    leaving: Vec<ArcId>,
}

impl Network {
    /// An empty builder.
    pub fn builder() -> NetworkBuilder {
        NetworkBuilder::default()
    }

    /// A network from columns.
    ///
    /// # Errors
    /// The first thing that does not hold between them. O(n).
    pub(crate) fn from_columns(columns: Columns) -> Result<Self, NetworkError> {
        columns.check()?;
        let (leaving_from, leaving) = columns.leaving();
        Ok(Self {
            columns,
            leaving_from,
            leaving,
        })
    }

    pub(crate) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.columns.nodes.len()
    }

    /// Number of stretches.
    pub fn stretch_count(&self) -> usize {
        self.columns.ends.len()
    }

    /// Number of arcs, passable or not: two for each stretch.
    pub fn arc_count(&self) -> usize {
        2 * self.columns.ends.len()
    }

    /// All nodes.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..self.columns.nodes.len() as u32).map(NodeId)
    }

    /// All stretches.
    pub fn stretches(&self) -> impl ExactSizeIterator<Item = StretchId> + use<> {
        (0..self.columns.ends.len() as u32).map(StretchId)
    }

    /// Where a node lies.
    pub fn position(&self, node: NodeId) -> LonLat {
        self.columns.nodes[node.index()].lon_lat()
    }

    /// The nodes a stretch joins: forward runs from the first to the second. They are different.
    pub fn ends(&self, stretch: StretchId) -> [NodeId; 2] {
        self.columns.ends[stretch.index()]
    }

    /// The node an arc leaves.
    pub fn tail(&self, arc: ArcId) -> NodeId {
        self.ends(arc.stretch())[usize::from(arc.is_backward())]
    }

    /// The node an arc comes to.
    pub fn head(&self, arc: ArcId) -> NodeId {
        self.ends(arc.stretch())[usize::from(!arc.is_backward())]
    }

    /// The arcs that leave a node, passable or not, in order.
    pub fn leaving(&self, node: NodeId) -> &[ArcId] {
        let [from, to] = [node.index(), node.index() + 1].map(|at| self.leaving_from[at] as usize);
        &self.leaving[from..to]
    }

    /// The line of a stretch in its forward direction, with both ends: at least two positions.
    pub fn shape(&self, stretch: StretchId) -> impl ExactSizeIterator<Item = LonLat> + DoubleEndedIterator + '_ {
        let bends = self.bends_of(stretch);
        let [first, last] = self.ends(stretch);
        // A range, for the iterators that `chain` makes do not know their length.
        (0..bends.len() + 2).map(move |at| {
            let position = match at {
                0 => self.columns.nodes[first.index()],
                at if at <= bends.len() => bends[at - 1],
                _ => self.columns.nodes[last.index()],
            };
            position.lon_lat()
        })
    }

    fn bends_of(&self, stretch: StretchId) -> &[DegreesE7] {
        let [from, to] = [stretch.index(), stretch.index() + 1].map(|at| self.columns.shape_from[at] as usize);
        &self.columns.bends[from..to]
    }

    /// Length along the ellipsoid, metres, to the millimetre.
    pub fn length_m(&self, stretch: StretchId) -> f64 {
        f64::from(self.columns.length_mm[stretch.index()]) / 1e3
    }

    /// The id of the OpenStreetMap way that the stretch is a part of; below zero where it is none.
    pub fn way(&self, stretch: StretchId) -> i64 {
        self.columns.ways[stretch.index()]
    }

    /// What kind of road it is.
    pub fn class(&self, stretch: StretchId) -> RoadClass {
        self.columns.classes[stretch.index()]
    }

    /// What else is known of it.
    pub fn traits(&self, stretch: StretchId) -> Traits {
        self.columns.traits[stretch.index()]
    }

    /// Above or below the ground: tag `layer`, 0 where there is none.
    pub fn layer(&self, stretch: StretchId) -> i8 {
        self.columns.layers[stretch.index()]
    }

    /// Whether everybody may pass, or only some; of no account where the mode has no duration.
    pub fn access(&self, stretch: StretchId, mode: Mode) -> Access {
        self.columns.access[stretch.index()][mode.index()]
    }

    /// What people call it; `None` where it has neither name nor number.
    pub fn names(&self, stretch: StretchId) -> Option<RoadNames<'_>> {
        self.columns.names.get(self.columns.name_ids[stretch.index()])
    }

    /// The limits of size and load that are signposted.
    pub fn limits(&self, stretch: StretchId) -> Limits {
        self.columns.limits[self.columns.limit_ids[stretch.index()] as usize]
    }

    /// Free-flow travel time, milliseconds, never 0; `None` where this mode may not pass in this direction.
    pub fn duration_ms(&self, arc: ArcId, mode: Mode) -> Option<u32> {
        let duration = self.columns.durations_ms[mode.index()][arc.index()];
        (duration != CLOSED).then_some(duration)
    }

    /// The turn restrictions, in no order.
    pub fn restrictions(&self) -> &[Restriction] {
        &self.columns.restrictions
    }

    /// The parts of the network between which a mode cannot travel. Turn restrictions are not looked at.
    pub fn islands(&self, mode: Mode) -> &Islands {
        &self.columns.islands[mode.index()]
    }

    /// The box around all nodes and bends; `None` for an empty network. O(n log n).
    pub fn bbox(&self) -> Option<BBox> {
        let corners = self.columns.nodes.iter().chain(&self.columns.bends).map(|position| {
            let corner = Coord::from(position.lon_lat());
            Rect::new(corner, corner)
        });
        BBox::around(corners)
    }

    /// Total length of all stretches, metres.
    pub fn total_length_m(&self) -> f64 {
        self.stretches().map(|stretch| self.length_m(stretch)).sum()
    }
}

#[cfg(test)]
mod tests;
