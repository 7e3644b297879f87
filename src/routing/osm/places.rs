//! The second reading: where the roads' nodes lie, which of them roads share, and what bars the way there.

use std::{collections::HashMap, path::Path};

use super::{OsmError, Report, blob::Blobs, block::Block, ways::Ways};
use crate::routing::{DegreesE7, profile::Barrier};

/// The nodes that roads use, by number; the numbers follow the order of ids.
#[derive(Debug)]
pub(super) struct Places {
    ids: Vec<i64>,
    /// `None` where the extract does not hold the node.
    positions: Vec<Option<DegreesE7>>,
    /// Used more than once, or named by a turn restriction.
    shared: Vec<bool>,
    barriers: HashMap<u32, Barrier>,
}

impl Places {
    /// Reads the nodes of the ways, and numbers them there.
    pub(super) fn read(
        path: &Path,
        ways: &mut Ways,
        progress: &dyn Fn(u64),
        report: &mut Report,
    ) -> Result<Self, OsmError> {
        let mut places = Self::of(&ways.node_ids);
        ways.number_nodes(&places.ids);
        for node in ways.turns.iter().filter_map(super::turns::Turn::via_node) {
            if let Some(number) = places.number(node) {
                places.shared[number as usize] = true;
            }
        }
        let mut blobs = Blobs::open(path)?;
        while let Some(data) = blobs.next()? {
            let read = Block::new(data).and_then(|block| {
                block.nodes(|node| {
                    report.nodes += 1;
                    let Some(number) = places.number(node.id) else { return };
                    report.nodes_off_globe += u64::from(node.position.is_none());
                    places.positions[number as usize] = node.position;
                    if let Some(barrier) = Barrier::of(&node.tags) {
                        places.barriers.insert(number, barrier);
                    }
                })
            });
            read.map_err(|problem| blobs.fault(problem))?;
            progress(blobs.bytes());
        }
        report.nodes_used = places.ids.len() as u64;
        report.nodes_missing = places.positions.iter().filter(|position| position.is_none()).count() as u64;
        Ok(places)
    }

    /// The nodes of these ids, each once.
    fn of(node_ids: &[i64]) -> Self {
        let mut sorted = node_ids.to_vec();
        sorted.sort_unstable();
        let (mut ids, mut shared): (Vec<i64>, Vec<bool>) = (Vec::new(), Vec::new());
        for id in sorted {
            if ids.last() == Some(&id) {
                if let Some(last) = shared.last_mut() {
                    *last = true;
                }
            } else {
                ids.push(id);
                shared.push(false);
            }
        }
        Self {
            positions: vec![None; ids.len()],
            ids,
            shared,
            barriers: HashMap::new(),
        }
    }

    /// The number of a node; `None` where no road uses it. O(log n).
    pub(super) fn number(&self, id: i64) -> Option<u32> {
        self.ids.binary_search(&id).ok().map(|number| number as u32)
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn position(&self, number: u32) -> Option<DegreesE7> {
        self.positions[number as usize]
    }

    pub(super) fn is_shared(&self, number: u32) -> bool {
        self.shared[number as usize]
    }

    pub(super) fn barrier(&self, number: u32) -> Option<&Barrier> {
        self.barriers.get(&number)
    }
}
