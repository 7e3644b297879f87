//! Routing: the road network, and the ways through it.
//!
//! Owns the network of roads and paths, how it is made from an OpenStreetMap extract, its file, and what is searched on
//! it. Knows neither shelters nor hazards nor closures: they come in as plain sources and weights.
//!
//! **network** is the network: junctions and the stretches between them.

pub mod file;
mod network;
pub mod osm;
pub mod profile;

pub use network::{
    Access, ArcId, DegreesE7, Island, Islands, Limits, Mode, Network, NetworkBuilder, NetworkError, NodeId,
    Restriction, RestrictionKind, RoadClass, RoadNames, Stretch, StretchId, Traits, UnknownMode,
};

pub mod closure;
pub mod destinations;
pub mod effect;
pub mod explain;
pub mod field;
mod graph;
mod hierarchy;
pub mod isochrone;
pub mod matrix;
mod metric;
mod place;
#[cfg(test)]
mod reach_tests;
pub mod route;
mod router;
pub mod search;
pub mod snap;
pub mod steps;
#[cfg(test)]
mod testing;
mod verify;
pub mod zone;

pub use closure::{Area, Closure, ClosureError, ClosureId, Closures, Levels};
pub use destinations::{Destinations, Reached};
pub use effect::{Effect, EffectError, EffectTable};
pub use field::{Field, FieldNode};
pub use graph::Graph;
pub use hierarchy::{Costs, Hierarchy, Order, OrderError};
pub use isochrone::{Reach, reach};
pub use matrix::matrix;
pub use metric::{Cost, Metric, Situation};
pub use place::Place;
pub use route::{Ask, Route, RouteError, Scene};
pub use router::{Orders, Router, Weights};
pub use snap::{Purpose, Snap, Snapper, TooFar};
pub use verify::Disagreement;
pub use zone::{Zone, ZoneFacts, ZoneLayer};
