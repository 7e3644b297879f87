//! Names of things in a network: nodes, stretches, arcs; and the modes that move on it.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    str::FromStr,
};

/// A node of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A stretch of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StretchId(pub u32);

/// A stretch in one direction: twice the stretch's number, and one more backward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArcId(pub u32);

impl NodeId {
    /// The place in columns of nodes.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl StretchId {
    /// The place in columns of stretches.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The stretch from its first end to its second.
    pub const fn forward(self) -> ArcId {
        ArcId::new(self, false)
    }

    /// The stretch from its second end to its first.
    pub const fn backward(self) -> ArcId {
        ArcId::new(self, true)
    }
}

impl ArcId {
    /// A stretch in one direction.
    pub const fn new(stretch: StretchId, backward: bool) -> Self {
        Self(2 * stretch.0 + backward as u32)
    }

    /// The place in columns of arcs.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The stretch it is a direction of.
    pub const fn stretch(self) -> StretchId {
        StretchId(self.0 / 2)
    }

    /// Whether it runs from the stretch's second end to its first.
    pub const fn is_backward(self) -> bool {
        self.0 % 2 == 1
    }

    /// The other direction of the same stretch.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// How somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// By car; a rescue vehicle of a car's size may take more of them ([`super::Access`]).
    Car,
    /// By lorry; also a fire engine.
    Truck,
    /// On foot.
    Foot,
}

/// A word that names no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no mode: use car, truck or foot")]
pub struct UnknownMode(pub String);

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Car, Self::Truck, Self::Foot];

    /// The place in columns of modes.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The word for it in requests, answers and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Truck => "truck",
            Self::Foot => "foot",
        }
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(word: &str) -> Result<Self, UnknownMode> {
        let known = Self::ALL.into_iter().find(|mode| mode.as_str() == word);
        known.ok_or_else(|| UnknownMode(word.to_owned()))
    }
}

impl Display for Mode {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_is_a_stretch_and_a_direction() {
        let arc = ArcId::new(StretchId(7), true);
        assert_eq!((arc.stretch(), arc.is_backward()), (StretchId(7), true));
        assert_eq!(arc.reversed(), StretchId(7).forward());
        assert_eq!(arc.reversed().reversed(), arc);
    }

    #[test]
    fn modes_are_read_as_they_are_written() {
        for mode in Mode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
            assert_eq!(Mode::ALL[mode.index()], mode);
        }
        assert!("bicycle".parse::<Mode>().is_err());
    }
}
