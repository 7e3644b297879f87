//! Rescue: who comes to help.
//!
//! Owns what a rescue team is: the typed reading of team layers ([`Team`]), all teams of a region with their ids ([`Teams`]), and
//! which chemical parks a team can belong to. How soon one comes to a place is found a floor above, by road.

mod set;
mod team;

pub use set::{MAX_K, MAX_LISTED, Teams};
pub use team::Team;
