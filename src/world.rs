//! The world (态势快照): the immutable snapshot that every answer is computed from.
//!
//! Owns putting a region's layers and everything indexed from them together, the version of the whole, and the atomic
//! swap from one world to the next. A reader takes one `Arc<World>` and computes its whole answer from it; it never
//! locks and never sees half a change.

mod basemap;
mod by_road;
mod cell;
mod concern;
mod field;
mod places;
mod prepare;
mod roads;
mod snapshot;
mod teams;

pub use basemap::Basemap;
pub use by_road::NearestByRoad;
pub use cell::WorldCell;
pub use concern::{Concern, UnknownConcern};
pub use field::{AreaField, ShelterField, WHOLE_REGION, minutes_id};
pub use roads::{Roads, RoadsError};
pub use snapshot::{World, WorldVersion};
pub use teams::{ComingTeam, HinderedTeam, Hindrance, NearestTeams, TeamsQuery};
