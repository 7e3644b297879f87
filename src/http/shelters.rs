//! `/api/shelters/…`: where to go, and one shelter's record.

mod marks;
mod nearest;
mod one;
mod properties;

pub(super) use nearest::{__path_nearest, nearest};
pub(super) use one::{__path_shelter, shelter};
