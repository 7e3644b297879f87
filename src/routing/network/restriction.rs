//! Turns that must not be made, and turns that must.

use super::{ArcId, Mode};

/// Whether a path is forbidden or the only one allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RestrictionKind {
    /// The whole path must not be driven; any part of it may.
    Forbidden,
    /// Who has come along all but the last arc must take the last one.
    Mandatory,
}

/// A turn restriction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// For which modes, by [`Mode::index`].
    pub modes: [bool; 3],
    /// What it says of the path.
    pub kind: RestrictionKind,
    /// At least two arcs, each beginning where the one before ends: from, via ways if any, to.
    pub path: Vec<ArcId>,
}

impl Restriction {
    /// Whether it holds for a mode.
    pub const fn holds_for(&self, mode: Mode) -> bool {
        self.modes[mode.index()]
    }
}
