//! What OpenStreetMap's tags mean for those who move: who may pass, in which direction, and how fast.
//!
//! Owns the rules from tags to classes, traits, access, speeds and limits; where tags come from is
//! [`super::osm`]'s part. Nothing here knows geometry.
//!
//! # Who may pass
//! The most specific tag decides: `motorcar` or `hgv` before `motor_vehicle` before `vehicle` before `access`, and `foot`
//! before `access`; each with `:forward` or `:backward` before the same without. Where none says anything the class
//! decides: motor vehicles may use roads from motorways to tracks, those on foot everything but motorways, motor roads
//! (`motorroad=yes`) and busways. `access` and `vehicle` alone never open what the class closes: `access=yes` on a
//! footway is not for cars.
//!
//! **Rescue vehicles** may pass, beyond what is open to everybody ([`Access::Restricted`](super::Access)):
//! - private ground: `private`, `permit`, `residents`, `employees`, `agricultural`, `forestry` and the like; so may those
//!   who live there, who must be able to leave;
//! - ways that are closed to vehicles but tagged `emergency=yes` (`designated`, `official`, `permissive`), whatever their
//!   class, and `service=emergency_access`;
//! - roads for buses only (`highway=busway`; `bus` or `psv` open where others are not);
//! - pedestrian streets and squares' approaches (`highway=pedestrian`) at a walking horse's pace, unless tags close them;
//! - closed gates with a tag for one of these, at a cost of a minute; never bollards, blocks and the like without such a
//!   tag, and never against a one-way.
//!
//! `hgv=no` is obeyed by all lorries, rescue or not: where it stands, size is the likely reason.
//!
//! Ferries carry those on foot unless they say no, and vehicles only where tags say so.
//!
//! # How fast
//! Free flow: nine tenths of the signposted limit, but no faster than the kind of road allows; the class's usual speed
//! where there is no limit ([`speed`]); less on bad surfaces. On foot 1.1 m/s, half of it on steps. No time is added for
//! lights and turns, nor for waiting at a ferry.
//!
//! # Left out
//! Conditional tags (`access:conditional`, `maxspeed:conditional`, …) are not read: whether they hold depends on the hour.
//! [`super::osm`] counts them.

mod access;
mod barrier;
mod class;
mod duration;
mod measure;
mod names;
mod oneway;
mod road;
pub mod speed;
mod traits;

pub use barrier::{Barrier, Pass};
pub use class::LeftOut;
pub use names::names;
pub use road::{Pace, Passage, Road};

/// Keys and values of an element.
pub trait Tags {
    /// The value of a key.
    fn get(&self, key: &str) -> Option<&str>;

    /// Whether a key has one of these values.
    fn is(&self, key: &str, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }

    /// Whether a key says yes.
    fn says_yes(&self, key: &str) -> bool {
        self.is(key, &["yes", "true", "1"])
    }
}

impl<const N: usize> Tags for [(&str, &str); N] {
    fn get(&self, key: &str) -> Option<&str> {
        Tags::get(self.as_slice(), key)
    }
}

impl Tags for [(&str, &str)] {
    fn get(&self, key: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }
}

/// A direction along a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// As the way's nodes are listed.
    Forward,
    /// The other way round.
    Backward,
}

impl Direction {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Forward, Self::Backward];

    /// What is added to a key that holds for this direction.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
        }
    }
}
