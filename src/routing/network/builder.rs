//! Building a network node by node and stretch by stretch.
//!
//! Owns what is made from what is given: lengths, tables of names and limits, islands.

use std::collections::HashMap;

use super::{
    Access, ArcId, Columns, DegreesE7, Limits, Mode, Network, NodeId, Restriction, RoadClass, RoadNames, StretchId,
    Traits, columns::CLOSED, islands::Islands, names::NameCollector,
};
use crate::geometry::{LonLat, geodesic};

/// A stretch to be added.
#[derive(Debug, Clone)]
pub struct Stretch<'a> {
    /// The nodes it joins, two different ones.
    pub ends: [NodeId; 2],
    /// The bends between them, in forward direction.
    pub bends: &'a [DegreesE7],
    /// The id of the way it is a part of.
    pub way: i64,
    /// What kind of road it is.
    pub class: RoadClass,
    /// What else is known.
    pub traits: Traits,
    /// Above or below the ground.
    pub layer: i8,
    /// What it is called.
    pub names: RoadNames<'a>,
    /// Limits of size and load.
    pub limits: Limits,
    /// For whom it is, by [`Mode::index`].
    pub access: [Access; 3],
    /// Free-flow travel time in milliseconds, by [`Mode::index`], forward and backward; `None` where the mode may not
    /// pass. A time of 0 is taken as 1.
    pub durations_ms: [[Option<u32>; 2]; 3],
}

impl Stretch<'static> {
    /// A straight residential street, passed by every mode in both directions in so many milliseconds.
    pub fn street(ends: [NodeId; 2], duration_ms: u32) -> Self {
        Self {
            ends,
            bends: &[],
            way: -1,
            class: RoadClass::Residential,
            traits: Traits::NONE,
            layer: 0,
            names: RoadNames::default(),
            limits: Limits::NONE,
            access: [Access::Public; 3],
            durations_ms: [[Some(duration_ms); 2]; 3],
        }
    }

    /// The same, one way: forward only, but for those on foot.
    pub fn one_way(ends: [NodeId; 2], duration_ms: u32) -> Self {
        let mut street = Self::street(ends, duration_ms);
        for mode in [Mode::Car, Mode::Truck] {
            street.durations_ms[mode.index()][1] = None;
        }
        street
    }
}

/// Names that a builder keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::routing) struct NamesId(u32);

/// What does not hold in a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A stretch ends at a node that there is none of.
    #[error("stretch {stretch} ends at node {}, which there is none of", node.0)]
    NoSuchNode {
        /// The stretch.
        stretch: usize,
        /// The node.
        node: NodeId,
    },
    /// A stretch ends where it begins.
    #[error("stretch {stretch} begins and ends at node {}", node.0)]
    Loop {
        /// The stretch.
        stretch: usize,
        /// The node.
        node: NodeId,
    },
    /// A restriction's arcs do not follow each other.
    #[error("the arcs of turn restriction {restriction} do not follow each other")]
    BrokenPath {
        /// Its place in the list.
        restriction: usize,
    },
    /// Numbers of 32 bits do not reach.
    #[error("the network has too many nodes, bends or stretches for one file")]
    TooLarge,
    /// Columns contradict each other.
    #[error("{0} do not fit together")]
    Columns(&'static str),
}

/// Makes a [`Network`].
///
/// ```
/// use refugia::{geometry::LonLat, routing::{Mode, Network, Stretch}};
///
/// let mut builder = Network::builder();
/// let from = builder.add_node(LonLat::new(119.30, 26.08)?);
/// let to = builder.add_node(LonLat::new(119.31, 26.08)?);
/// let stretch = builder.add_stretch(&Stretch::one_way([from, to], 60_000));
/// let network = builder.build()?;
/// assert_eq!(network.length_m(stretch).round(), 1_000.0);
/// assert_eq!(network.duration_ms(stretch.forward(), Mode::Car), Some(60_000));
/// assert_eq!(network.duration_ms(stretch.backward(), Mode::Car), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct NetworkBuilder {
    columns: Columns,
    names: NameCollector,
    limits: HashMap<Limits, u32>,
}

impl Default for NetworkBuilder {
    fn default() -> Self {
        Self {
            columns: Columns {
                nodes: Vec::new(),
                ends: Vec::new(),
                shape_from: vec![0],
                bends: Vec::new(),
                length_mm: Vec::new(),
                ways: Vec::new(),
                classes: Vec::new(),
                traits: Vec::new(),
                layers: Vec::new(),
                access: Vec::new(),
                name_ids: Vec::new(),
                names: NameCollector::default().finish(),
                limit_ids: Vec::new(),
                limits: vec![Limits::NONE],
                durations_ms: Default::default(),
                restrictions: Vec::new(),
                islands: std::array::from_fn(|_| Islands::unknown(0)),
            },
            names: NameCollector::default(),
            limits: HashMap::from([(Limits::NONE, 0)]),
        }
    }
}

impl NetworkBuilder {
    /// Adds a node, to a ten-millionth of a degree.
    pub fn add_node(&mut self, position: LonLat) -> NodeId {
        self.add_node_at(DegreesE7::at(position))
    }

    /// Adds a node.
    pub fn add_node_at(&mut self, position: DegreesE7) -> NodeId {
        let node = NodeId(self.columns.nodes.len() as u32);
        self.columns.nodes.push(position);
        node
    }

    /// Adds a stretch; whether it fits is found by [`Self::build`]. O(its bends).
    pub fn add_stretch(&mut self, stretch: &Stretch<'_>) -> StretchId {
        let names = self.add_names(stretch.names);
        let length_mm = self.length_of(stretch);
        self.add_stretch_with(stretch, names, length_mm)
    }

    /// Geodesic length of a stretch to be added, millimetres.
    pub(in crate::routing) fn length_of(&self, stretch: &Stretch<'_>) -> u32 {
        length_mm(&self.columns.nodes, stretch)
    }

    /// Keeps names for stretches to come.
    pub(in crate::routing) fn add_names(&mut self, names: RoadNames<'_>) -> NamesId {
        NamesId(self.names.add(names))
    }

    /// The same with names kept before, instead of the stretch's own, and with its length.
    pub(in crate::routing) fn add_stretch_with(
        &mut self,
        stretch: &Stretch<'_>,
        names: NamesId,
        length_mm: u32,
    ) -> StretchId {
        let columns = &mut self.columns;
        let id = StretchId(columns.ends.len() as u32);
        columns.length_mm.push(length_mm);
        columns.ends.push(stretch.ends);
        columns.bends.extend_from_slice(stretch.bends);
        columns.shape_from.push(columns.bends.len() as u32);
        columns.ways.push(stretch.way);
        columns.classes.push(stretch.class);
        columns.traits.push(stretch.traits);
        columns.layers.push(stretch.layer);
        columns.access.push(stretch.access);
        columns.name_ids.push(names.0);
        let next = columns.limits.len() as u32;
        columns
            .limit_ids
            .push(*self.limits.entry(stretch.limits).or_insert_with(|| {
                columns.limits.push(stretch.limits);
                next
            }));
        for (column, durations) in columns.durations_ms.iter_mut().zip(stretch.durations_ms) {
            column.extend(durations.map(stored));
        }
        id
    }

    /// Gives a stretch that was added before other durations.
    pub(in crate::routing) fn set_durations(&mut self, id: StretchId, durations_ms: [[Option<u32>; 2]; 3]) {
        for (column, durations) in self.columns.durations_ms.iter_mut().zip(durations_ms) {
            let at = id.forward().index();
            column[at..at + 2].copy_from_slice(&durations.map(stored));
        }
    }

    /// Adds a turn restriction; whether its arcs follow each other is found by [`Self::build`].
    pub fn add_restriction(&mut self, restriction: Restriction) {
        self.columns.restrictions.push(restriction);
    }

    /// Number of stretches added before.
    pub(in crate::routing) fn stretch_count(&self) -> usize {
        self.columns.ends.len()
    }

    /// Length of a stretch added before, millimetres.
    pub(in crate::routing) fn length_mm(&self, stretch: StretchId) -> u32 {
        self.columns.length_mm[stretch.index()]
    }

    /// The node an arc leaves, of stretches added before.
    pub(in crate::routing) fn tail(&self, arc: ArcId) -> NodeId {
        self.columns.ends[arc.stretch().index()][usize::from(arc.is_backward())]
    }

    /// The first two positions along an arc of a stretch added before: where it leaves its tail to.
    pub(in crate::routing) fn departure(&self, arc: ArcId) -> [DegreesE7; 2] {
        let stretch = arc.stretch().index();
        let [from, to] = [stretch, stretch + 1].map(|at| self.columns.shape_from[at] as usize);
        let bends = &self.columns.bends[from..to];
        let [tail, head] = [arc, arc.reversed()].map(|arc| self.columns.nodes[self.tail(arc).index()]);
        let next = if arc.is_backward() { bends.last() } else { bends.first() };
        [tail, next.copied().unwrap_or(head)]
    }

    /// Whether a mode may pass an arc of a stretch added before.
    pub(in crate::routing) fn is_open(&self, arc: ArcId, mode: Mode) -> bool {
        self.columns.durations_ms[mode.index()][arc.index()] != CLOSED
    }

    /// The network. O(n).
    ///
    /// # Errors
    /// A stretch with an end that is no node or the same as its other end; a restriction whose arcs do not follow each
    /// other; too many of anything for 32 bits.
    pub fn build(self) -> Result<Network, NetworkError> {
        let mut columns = self.columns;
        columns.names = self.names.finish();
        if columns.bends.len() > u32::MAX as usize || columns.names.text.len() > u32::MAX as usize {
            return Err(NetworkError::TooLarge);
        }
        columns.islands = std::array::from_fn(|_| Islands::unknown(columns.nodes.len()));
        columns.check()?;
        columns.islands = columns.find_islands();
        Network::from_columns(columns)
    }
}

/// A duration as it is kept.
fn stored(duration_ms: Option<u32>) -> u32 {
    duration_ms.map_or(CLOSED, |ms| ms.max(1))
}

/// Geodesic length of the whole line, millimetres; of nodes that there are none of, 0.
fn length_mm(nodes: &[DegreesE7], stretch: &Stretch<'_>) -> u32 {
    let [first, last] = stretch.ends.map(|end| nodes.get(end.index()));
    let line: Vec<LonLat> = first
        .into_iter()
        .chain(stretch.bends)
        .chain(last)
        .map(|position| position.lon_lat())
        .collect();
    let metres: f64 = line.windows(2).map(|pair| geodesic::distance(pair[0], pair[1]).0).sum();
    (metres * 1e3).round() as u32
}
