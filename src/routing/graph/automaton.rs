//! The automaton of turn restrictions: what of the way driven so far still matters, and what it forbids.

use std::collections::{BTreeMap, VecDeque};

use crate::routing::{ArcId, RestrictionKind};

/// A state: the beginning of a restriction that the way ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State(pub(super) u32);

impl State {
    /// Nothing of the way matters.
    pub(super) const PLAIN: Self = Self(0);
}

/// The states of all restrictions of a mode.
#[derive(Debug)]
pub(super) struct Automaton {
    nodes: Vec<Beginning>,
}

/// A proper beginning of restrictions.
#[derive(Debug)]
struct Beginning {
    /// The arc it ends with.
    last: ArcId,
    longer: BTreeMap<ArcId, State>,
    /// The longest beginning that this one ends with, other than itself.
    shorter: State,
    /// Arcs that must not follow.
    forbidden: Vec<ArcId>,
    /// Where there are any, nothing else may follow.
    only: Vec<ArcId>,
}

impl Beginning {
    const fn ending_with(last: ArcId) -> Self {
        Self {
            last,
            longer: BTreeMap::new(),
            shorter: State::PLAIN,
            forbidden: Vec::new(),
            only: Vec::new(),
        }
    }
}

impl Default for Automaton {
    fn default() -> Self {
        // The plain state ends with no arc; nobody asks for it.
        Self {
            nodes: vec![Beginning::ending_with(ArcId(u32::MAX))],
        }
    }
}

impl Automaton {
    /// Takes in a restriction; paths of fewer than two arcs say nothing. Two mandatory ones that differ only in their last arc
    /// allow both.
    pub(super) fn add(&mut self, kind: RestrictionKind, path: &[ArcId]) {
        let Some((&last, beginning)) = path.split_last().filter(|(_, beginning)| !beginning.is_empty()) else {
            return;
        };
        let mut state = State::PLAIN;
        for &arc in beginning {
            state = match self.nodes[state.0 as usize].longer.get(&arc) {
                Some(&longer) => longer,
                None => self.begin(state, arc),
            };
        }
        let node = &mut self.nodes[state.0 as usize];
        match kind {
            RestrictionKind::Forbidden => node.forbidden.push(last),
            RestrictionKind::Mandatory => node.only.push(last),
        }
    }

    fn begin(&mut self, state: State, arc: ArcId) -> State {
        let new = State(self.nodes.len() as u32);
        self.nodes.push(Beginning::ending_with(arc));
        self.nodes[state.0 as usize].longer.insert(arc, new);
        new
    }

    /// Finds for every state the shorter one that it ends with, and takes over what that one says. To be called once, after
    /// the last restriction.
    pub(super) fn link(&mut self) {
        let mut queue: VecDeque<State> = self.nodes[0].longer.values().copied().collect();
        while let Some(state) = queue.pop_front() {
            let shorter = self.nodes[state.0 as usize].shorter;
            let (forbidden, only) = {
                let shorter = &self.nodes[shorter.0 as usize];
                (shorter.forbidden.clone(), shorter.only.clone())
            };
            let node = &mut self.nodes[state.0 as usize];
            node.forbidden.extend(forbidden);
            node.only.extend(only);
            let longer: Vec<_> = node.longer.iter().map(|(&arc, &longer)| (arc, longer)).collect();
            for (arc, longer) in longer {
                self.nodes[longer.0 as usize].shorter = self.next(shorter, arc);
                queue.push_back(longer);
            }
        }
    }

    /// The state after an arc.
    pub(super) fn next(&self, state: State, arc: ArcId) -> State {
        let mut state = state;
        loop {
            let node = &self.nodes[state.0 as usize];
            if let Some(&longer) = node.longer.get(&arc) {
                return longer;
            }
            if state == State::PLAIN {
                return State::PLAIN;
            }
            state = node.shorter;
        }
    }

    /// Whether an arc may follow.
    pub(super) fn allows(&self, state: State, arc: ArcId) -> bool {
        let node = &self.nodes[state.0 as usize];
        !node.forbidden.contains(&arc) && (node.only.is_empty() || node.only.contains(&arc))
    }

    /// Number of states, the plain one with them.
    pub(super) fn state_count(&self) -> usize {
        self.nodes.len()
    }

    /// The last arc of every state but the plain one.
    pub(super) fn last_arcs(&self) -> impl Iterator<Item = ArcId> {
        self.nodes.iter().skip(1).map(|node| node.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(arcs: &[u32]) -> Vec<ArcId> {
        arcs.iter().copied().map(ArcId).collect()
    }

    /// Whether a way may be driven.
    fn allowed(automaton: &Automaton, way: &[u32]) -> bool {
        let mut state = State::PLAIN;
        way.iter().all(|&arc| {
            let allowed = automaton.allows(state, ArcId(arc));
            state = automaton.next(state, ArcId(arc));
            allowed
        })
    }

    #[test]
    fn restrictions_inside_one_another_all_hold() {
        let mut automaton = Automaton::default();
        automaton.add(RestrictionKind::Forbidden, &path(&[1, 2, 3]));
        automaton.add(RestrictionKind::Forbidden, &path(&[2, 4]));
        automaton.add(RestrictionKind::Mandatory, &path(&[5, 2, 6]));
        automaton.link();
        for (way, allows) in [
            (&[1, 2, 3][..], false),
            (&[2, 3], true),
            (&[1, 2, 4], false),
            (&[5, 2, 4], false),
            (&[5, 2, 6], true),
            (&[5, 2, 3], false),
            (&[5, 7], true),
            (&[1, 2, 5, 2, 6, 1, 2, 7, 3], true),
            (&[1, 1, 2, 3], false),
        ] {
            assert_eq!(allowed(&automaton, way), allows, "{way:?}");
        }
        assert_eq!(automaton.state_count(), 6);
    }
}
