//! Where a barrier stands among the roads that meet at its node.
//!
//! A node with a barrier becomes several, joined by stretches that are the barrier. Where two branches meet it stands
//! between them. Where more meet the tag does not say whom it bars: it is taken to stand at the entry of each lesser
//! road, and the greatest class passes by; where all are of one class it stands at the entry of each.

use std::collections::HashMap;

use super::{cut::pieces, places::Places, ways::Roads};
use crate::routing::{NodeId, RoadClass};

/// The branches at a node with a barrier.
#[derive(Debug, Clone, Copy)]
struct Crossing {
    branches: u32,
    greatest: RoadClass,
    least: RoadClass,
    /// The node that branches meet at, once there is one.
    centre: Option<NodeId>,
}

/// Where the end of a branch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Nothing bars it.
    Free,
    /// To the node that the barrier's other side is at.
    Centre(NodeId),
    /// To a new node that is the centre from now on.
    NewCentre,
    /// To a new node beyond the barrier.
    Beyond(NodeId),
}

/// All barriers of an extract that something passes.
#[derive(Debug, Default)]
pub(super) struct Barriers {
    crossings: HashMap<u32, Crossing>,
}

impl Barriers {
    /// Counts the branches at each. O(nodes of roads).
    pub(super) fn of(roads: &Roads, places: &Places) -> Self {
        let mut crossings: HashMap<u32, Crossing> = HashMap::new();
        for (way, nodes) in roads.iter() {
            let class = roads.road(way).class;
            for piece in pieces(nodes, places) {
                for (at, node) in piece
                    .iter()
                    .enumerate()
                    .filter(|(_, node)| places.barrier(**node).is_some())
                {
                    let branches = u32::from(at > 0) + u32::from(at + 1 < piece.len());
                    let crossing = crossings.entry(*node).or_insert(Crossing {
                        branches: 0,
                        greatest: class,
                        least: class,
                        centre: None,
                    });
                    crossing.branches += branches;
                    crossing.greatest = crossing.greatest.min(class);
                    crossing.least = crossing.least.max(class);
                }
            }
        }
        crossings.retain(|_, crossing| crossing.branches > 1);
        Self { crossings }
    }

    pub(super) fn has(&self, node: u32) -> bool {
        self.crossings.contains_key(&node)
    }

    pub(super) fn len(&self) -> usize {
        self.crossings.len()
    }

    /// How many stand where more than two branches meet.
    pub(super) fn at_junctions(&self) -> usize {
        self.crossings.values().filter(|crossing| crossing.branches > 2).count()
    }

    /// Where a branch of a class ends that comes to a node.
    pub(super) fn side(&self, node: u32, class: RoadClass) -> Side {
        let Some(crossing) = self.crossings.get(&node) else {
            return Side::Free;
        };
        let passes_by = crossing.branches > 2 && class == crossing.greatest && crossing.greatest != crossing.least;
        match crossing.centre {
            None => Side::NewCentre,
            Some(centre) if passes_by => Side::Centre(centre),
            Some(centre) => Side::Beyond(centre),
        }
    }

    pub(super) fn set_centre(&mut self, node: u32, centre: NodeId) {
        if let Some(crossing) = self.crossings.get_mut(&node) {
            crossing.centre = Some(centre);
        }
    }

    /// Whether a branch of this class may end in the centre itself: it passes by, or is the first of two.
    pub(super) fn may_be_centre(&self, node: u32, class: RoadClass) -> bool {
        self.crossings.get(&node).is_none_or(|crossing| {
            crossing.branches == 2 || (class == crossing.greatest && crossing.greatest != crossing.least)
        })
    }
}
