//! The columns of a network, and what must hold between them.
//!
//! Owns the checks that let [`super::Network`] index without doubt, whether the columns come from the builder or from a
//! file.

use super::{
    Access, ArcId, DegreesE7, Islands, Limits, NameTable, NetworkError, NodeId, Restriction, RoadClass, Traits,
};

/// Stands for "may not pass" in a column of durations.
pub(crate) const CLOSED: u32 = 0;

/// A network as it is kept: one entry per node, per stretch, per bend or per arc.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    pub(crate) nodes: Vec<DegreesE7>,
    pub(crate) ends: Vec<[NodeId; 2]>,
    /// Where the bends of a stretch begin; one entry more than stretches.
    pub(crate) shape_from: Vec<u32>,
    /// The bends of all stretches, without their ends.
    pub(crate) bends: Vec<DegreesE7>,
    pub(crate) length_mm: Vec<u32>,
    pub(crate) ways: Vec<i64>,
    pub(crate) classes: Vec<RoadClass>,
    pub(crate) traits: Vec<Traits>,
    pub(crate) layers: Vec<i8>,
    pub(crate) access: Vec<[Access; 3]>,
    /// An index into `names`, per stretch.
    pub(crate) name_ids: Vec<u32>,
    pub(crate) names: NameTable,
    /// An index into `limits`, per stretch.
    pub(crate) limit_ids: Vec<u32>,
    pub(crate) limits: Vec<Limits>,
    /// Per mode and arc, in milliseconds.
    pub(crate) durations_ms: [Vec<u32>; 3],
    pub(crate) restrictions: Vec<Restriction>,
    pub(crate) islands: [Islands; 3],
}

impl Columns {
    fn tail(&self, arc: ArcId) -> NodeId {
        self.ends[arc.stretch().index()][usize::from(arc.is_backward())]
    }

    fn head(&self, arc: ArcId) -> NodeId {
        self.tail(arc.reversed())
    }

    /// Everything that [`super::Network`]'s methods rely on. O(n).
    pub(super) fn check(&self) -> Result<(), NetworkError> {
        self.check_lengths()?;
        let nodes = self.nodes.len();
        for (stretch, [first, last]) in self.ends.iter().enumerate() {
            if let Some(node) = [first, last].into_iter().find(|node| node.index() >= nodes) {
                return Err(NetworkError::NoSuchNode { stretch, node: *node });
            }
            if first == last {
                return Err(NetworkError::Loop { stretch, node: *first });
            }
        }
        let wrong = |what| Err(NetworkError::Columns(what));
        let ends_at_bends = self
            .shape_from
            .last()
            .is_some_and(|end| *end as usize == self.bends.len());
        if self.shape_from.first() != Some(&0) || !ends_at_bends || !self.shape_from.is_sorted() {
            return wrong("the bends' starts");
        }
        if !self.names.is_whole() || self.name_ids.iter().any(|id| *id as usize >= self.names.entries.len()) {
            return wrong("the names");
        }
        if self.limit_ids.iter().any(|id| *id as usize >= self.limits.len()) {
            return wrong("the limits");
        }
        if !self.islands.iter().all(|islands| islands.are_whole(nodes)) {
            return wrong("the islands");
        }
        self.restrictions
            .iter()
            .enumerate()
            .try_for_each(|(index, restriction)| {
                let is_whole = self.is_path(&restriction.path);
                if is_whole {
                    Ok(())
                } else {
                    Err(NetworkError::BrokenPath { restriction: index })
                }
            })
    }

    fn check_lengths(&self) -> Result<(), NetworkError> {
        let stretches = self.ends.len();
        if stretches > u32::MAX as usize / 2 || self.nodes.len() >= u32::MAX as usize {
            return Err(NetworkError::TooLarge);
        }
        let per_stretch = [
            self.shape_from.len().wrapping_sub(1),
            self.length_mm.len(),
            self.ways.len(),
            self.classes.len(),
            self.traits.len(),
            self.layers.len(),
            self.access.len(),
            self.name_ids.len(),
            self.limit_ids.len(),
        ];
        let has_all_arcs = self.durations_ms.iter().all(|column| column.len() == 2 * stretches);
        if has_all_arcs && per_stretch.iter().all(|length| *length == stretches) {
            Ok(())
        } else {
            Err(NetworkError::Columns("the columns' lengths"))
        }
    }

    /// At least two arcs of the network, each beginning where the one before ends.
    fn is_path(&self, path: &[ArcId]) -> bool {
        path.len() >= 2
            && path.iter().all(|arc| arc.stretch().index() < self.ends.len())
            && path.windows(2).all(|pair| self.head(pair[0]) == self.tail(pair[1]))
    }

    /// The arcs that leave each node, in order: where they begin, and they. O(n).
    pub(super) fn leaving(&self) -> (Vec<u32>, Vec<ArcId>) {
        let arcs = || (0..2 * self.ends.len() as u32).map(ArcId);
        let mut from = vec![0_u32; self.nodes.len() + 1];
        for arc in arcs() {
            from[self.tail(arc).index() + 1] += 1;
        }
        for node in 0..self.nodes.len() {
            from[node + 1] += from[node];
        }
        let mut next = from.clone();
        let mut leaving = vec![ArcId(0); 2 * self.ends.len()];
        for arc in arcs() {
            let at = &mut next[self.tail(arc).index()];
            leaving[*at as usize] = arc;
            *at += 1;
        }
        (from, leaving)
    }

    /// The islands of all modes. O(n).
    pub(super) fn find_islands(&self) -> [Islands; 3] {
        let (from, leaving) = self.leaving();
        std::array::from_fn(|mode| {
            let durations = &self.durations_ms[mode];
            Islands::find(
                self.nodes.len(),
                |node| &leaving[from[node] as usize..from[node + 1] as usize],
                |arc| self.head(arc).index(),
                |arc| durations[arc.index()] != CLOSED,
            )
        })
    }
}
