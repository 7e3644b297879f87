//! Isochrones (等时圈): what is reached in a time, and the area around it.
//!
//! 1. **reach** finds the nodes and the parts of arcs that are reached, exactly;
//! 2. **area** brings them and the streets around them into a plane, and the outline back onto the globe;
//! 3. **outline** draws polygons that hold every reached street and no other: **streets** are marked in the squares of a plane (**cells**),
//!    drawn where both sorts meet (**pieces**, **cuts**), and the cuts put together to **rings**, from which **simplify** takes corners
//!    that no street needs.

mod area;
mod by_square;
mod cells;
mod cuts;
mod outline;
#[cfg(test)]
mod outline_tests;
mod pieces;
mod reach;
mod rings;
mod simplify;
mod streets;

pub use area::area;
pub use reach::{Reach, reach};
