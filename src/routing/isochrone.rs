//! Isochrones (等时圈): what is reached in a time, and the area around it.
//!
//! 1. **reach** finds the nodes and the parts of arcs that are reached, exactly;
//! 2. **area** brings them and the streets around them into a plane, and the outline back onto the globe;
//! 3. **outline** draws polygons that hold every reached street and no other, **rings** puts them together and **simplify**
//!    takes corners out of them that no street needs.

mod area;
mod outline;
#[cfg(test)]
mod outline_tests;
mod reach;
mod rings;
mod simplify;

pub use area::area;
pub use reach::{Reach, reach};
