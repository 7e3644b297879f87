//! Routing: the road network, and the ways through it.
//!
//! Owns the network of roads and paths, how it is made from an OpenStreetMap extract, its file, what is searched on it, closures,
//! and what closures and hazard zones do to a way. Knows no shelters: destinations come in as plain places.
//!
//! 1. **osm** reads an extract: which ways, nodes and turn restrictions there are, and what was left out and why;
//! 2. **profile** says what tags mean: who may pass, how fast, what is in the way;
//! 3. **network** is what comes out: junctions and the stretches between them;
//! 4. **file** keeps it in the pack, in named and checksummed sections;
//! 5. **graph** makes of it, for a mode, a graph that obeys turn restrictions, and **hierarchy** the shortcuts over it;
//! 6. **zone**, **effect**, **closure** and **metric** say what every arc costs now; **router** lays that over the hierarchy;
//! 7. **snap**, **search** and **route** answer, **explain** and **steps** tell, **verify** looks at the answer once more;
//! 8. **matrix**, **destinations**, **field** and **isochrone** answer for many places at once.

pub mod file;
mod network;
pub mod osm;
pub mod profile;

pub use network::{
    Access, ArcId, DegreesE7, Island, Islands, Limits, Mode, Network, NetworkBuilder, NetworkError, NodeId,
    Restriction, RestrictionKind, RoadClass, RoadNames, Stretch, StretchId, Traits, UnknownMode, Vehicle,
};

pub mod closure;
pub mod destinations;
pub mod effect;
pub mod explain;
#[cfg(test)]
mod extract_tests;
pub mod field;
mod graph;
mod hierarchy;
pub mod isochrone;
pub mod matrix;
mod metric;
#[cfg(test)]
mod origins_tests;
mod place;
#[cfg(test)]
mod reach_tests;
mod road_way;
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
pub use destinations::{Destinations, Origins, Reached};
pub use effect::{Effect, EffectError, EffectTable};
pub use field::{Field, FieldExtract, FieldNode};
pub use graph::Graph;
pub use hierarchy::{Costs, Hierarchy, Order, OrderError};
pub use isochrone::{Reach, area, reach};
pub use matrix::matrix;
pub use metric::{Cost, Metric, Situation};
pub use place::Place;
pub use road_way::RoadWay;
pub use route::{Ask, Route, RouteError, Scene};
pub use router::{Orders, Router, Weights};
pub use snap::{Purpose, Snap, Snapper, TooFar};
pub use verify::Disagreement;
pub use zone::{Zone, ZoneFacts, ZoneLayer};
