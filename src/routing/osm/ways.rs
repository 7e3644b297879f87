//! The first reading: ways that can be travelled, and the turns that relations speak of.

use std::{collections::HashMap, path::Path};

use super::{OsmError, Report, blob::Blobs, block::Block, turns::Turn};
use crate::routing::{
    Network, NetworkBuilder,
    network::NamesId,
    profile::{self, Road},
};

/// The roads of an extract. The nodes of all roads stand one behind the other.
#[derive(Debug, Default)]
pub(super) struct Roads {
    pub(super) ways: Vec<WayRecord>,
    kinds: Vec<Road>,
    /// Numbers of [`super::places::Places`].
    pub(super) nodes: Vec<u32>,
}

/// A road.
#[derive(Debug, Clone, Copy)]
pub(super) struct WayRecord {
    pub(super) id: i64,
    /// An index into the kinds of road.
    kind: u32,
    pub(super) names: NamesId,
    /// Where its nodes end; they begin where the last road's end.
    end: usize,
}

impl Roads {
    /// What the tags of a road say.
    pub(super) fn road(&self, way: &WayRecord) -> &Road {
        &self.kinds[way.kind as usize]
    }

    /// Every road with its nodes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&WayRecord, &[u32])> {
        let mut begin = 0;
        self.ways.iter().map(move |way| {
            let nodes = &self.nodes[begin..way.end];
            begin = way.end;
            (way, nodes)
        })
    }
}

/// What the first reading finds.
#[derive(Debug)]
pub(super) struct Ways {
    pub(super) roads: Roads,
    /// The ids of the roads' nodes, until [`Self::number_nodes`].
    pub(super) node_ids: Vec<i64>,
    pub(super) turns: Vec<Turn>,
    builder: NetworkBuilder,
}

/// Keys whose conditional forms are left out.
const CONDITIONAL: [&str; 9] = [
    "access:conditional",
    "vehicle:conditional",
    "motor_vehicle:conditional",
    "motorcar:conditional",
    "hgv:conditional",
    "foot:conditional",
    "oneway:conditional",
    "maxspeed:conditional",
    "maxweight:conditional",
];

impl Ways {
    /// Reads ways and relations.
    pub(super) fn read(path: &Path, progress: &dyn Fn(u64), report: &mut Report) -> Result<Self, OsmError> {
        let mut blobs = Blobs::open(path)?;
        report.as_of = blobs.timestamp();
        let mut ways = Self {
            roads: Roads::default(),
            node_ids: Vec::new(),
            turns: Vec::new(),
            builder: Network::builder(),
        };
        let mut kinds = HashMap::new();
        while let Some(data) = blobs.next()? {
            let read = Block::new(data).and_then(|block| {
                block.ways(|way| {
                    report.ways += 1;
                    ways.add(&way, &mut kinds, report);
                })?;
                block.relations(|relation| {
                    report.relations += 1;
                    ways.turns.extend(Turn::of(&relation, report));
                })
            });
            read.map_err(|problem| blobs.fault(problem))?;
            progress(blobs.bytes());
        }
        Ok(ways)
    }

    fn add(&mut self, way: &super::block::Way<'_, '_>, kinds: &mut HashMap<Road, u32>, report: &mut Report) {
        let road = match Road::of(&way.tags) {
            Ok(road) => road,
            Err(reason) => {
                *report.left_out.entry(reason).or_default() += 1;
                return;
            }
        };
        report.roads += 1;
        let is_conditional = way.tags.iter().any(|(key, _)| CONDITIONAL.contains(&key));
        report.conditional_ways += u64::from(is_conditional);
        let next = self.roads.kinds.len() as u32;
        let kind = *kinds.entry(road).or_insert_with_key(|road| {
            self.roads.kinds.push(road.clone());
            next
        });
        self.node_ids.extend_from_slice(&way.nodes);
        self.roads.ways.push(WayRecord {
            id: way.id,
            kind,
            names: self.builder.add_names(profile::names(&way.tags)),
            end: self.node_ids.len(),
        });
    }

    /// Replaces the ids of nodes by their places in a sorted list of ids.
    pub(super) fn number_nodes(&mut self, ids: &[i64]) {
        let number = |id: &i64| ids.binary_search(id).unwrap_or_default() as u32;
        self.roads.nodes = self.node_ids.iter().map(number).collect();
        self.node_ids = Vec::new();
    }

    pub(super) fn into_parts(self) -> (Roads, Vec<Turn>, NetworkBuilder) {
        (self.roads, self.turns, self.builder)
    }
}
