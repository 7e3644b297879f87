//! What else is known of a stretch: how it lies, what it is made of, and for whom it is.

use std::ops::{BitOr, BitOrAssign};

/// A set of traits of a stretch; the bits are those of network files.
///
/// ```
/// use refugia::routing::Traits;
///
/// let traits = Traits::BRIDGE | Traits::TOLL;
/// assert!(traits.contains(Traits::BRIDGE) && !traits.contains(Traits::TUNNEL));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Traits(pub u32);

impl Traits {
    /// Nothing is known.
    pub const NONE: Self = Self(0);
    /// On a bridge: water and slides pass below.
    pub const BRIDGE: Self = Self(1);
    /// In a tunnel through a hill or below the ground.
    pub const TUNNEL: Self = Self(1 << 1);
    /// Below a roof, an arcade or a building, on the level of the ground.
    pub const COVERED: Self = Self(1 << 2);
    /// On a ferry.
    pub const FERRY: Self = Self(1 << 3);
    /// On a roundabout or another circular junction.
    pub const ROUNDABOUT: Self = Self(1 << 4);
    /// Steps.
    pub const STEPS: Self = Self(1 << 5);
    /// Through water, at least sometimes: a ford, or a road that is tagged as prone to flooding.
    pub const FORD: Self = Self(1 << 6);
    /// A gate, bollard or the like, and no road: without length.
    pub const BARRIER: Self = Self(1 << 7);
    /// Along the edge of a square.
    pub const AREA: Self = Self(1 << 8);
    /// Without a hard surface.
    pub const UNPAVED: Self = Self(1 << 9);
    /// For a toll.
    pub const TOLL: Self = Self(1 << 10);
    /// An embankment, dyke or causeway: above its surroundings without a way below.
    pub const EMBANKMENT: Self = Self(1 << 11);

    /// Whether all traits of the other set are in this.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Traits {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Traits {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// For whom a stretch is that a mode can pass at all; the codes are those of network files.
///
/// A rescue vehicle, and whoever lives there, may pass all of them. Others may pass [`Self::Public`], and
/// [`Self::Destination`] at the ends of a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Access {
    /// For everybody.
    #[default]
    Public = 0,
    /// For those who have business there, and not for passing through.
    Destination = 1,
    /// For those who live there or hold a key, and for rescue vehicles.
    Restricted = 2,
}

impl Access {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 3] = [Self::Public, Self::Destination, Self::Restricted];

    /// The kind of a code; `None` for a code of a later release.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The code in network files.
    pub const fn code(self) -> u8 {
        self as u8
    }
}
