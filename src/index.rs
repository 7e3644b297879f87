//! Spatial indexes: where things are, found quickly and exactly.
//!
//! Owns points on the globe with nearest-first search on the ellipsoid ([`Points`]) and planar boxes in degrees
//! ([`Boxes`]). Knows nothing of what is indexed: payloads are the caller's. Built once, immutable, shared.

mod boxes;
mod points;

pub use boxes::Boxes;
pub use points::{ALL_LABELS, Labels, Neighbour, Neighbours, Point, Points};
