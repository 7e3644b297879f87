//! The part of routing that reads bytes from outside: what `tests/fuzz` builds of it.
//!
//! Owns nothing; the rooms are those of the whole, without what searches on a network.

pub mod file;
mod network;
pub mod osm;
pub mod profile;

pub use network::{
    Access, ArcId, DegreesE7, Island, Islands, Limits, Mode, Network, NetworkBuilder, NetworkError, NodeId,
    Restriction, RestrictionKind, RoadClass, RoadNames, Stretch, StretchId, Traits, UnknownMode, Vehicle,
};
