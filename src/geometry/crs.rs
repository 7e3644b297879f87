//! Coordinate reference systems: what numbers in somebody's file mean, and where on the globe they lie.
//!
//! Owns the way from a system's name, code or definition to WGS 84 ([`Crs`]), how far its datum may be trusted to be
//! WGS 84 ([`Tie`]), and which systems a pair of numbers could be of ([`candidates()`]). What a file declares and what an
//! import does about it is the import's business.
//!
//! 1. **words** and **register** find the definition of a word or an EPSG code (`crs-definitions`), **wkt** that of a
//!    `.prj` text (`proj4wkt`);
//! 2. **tie** judges the datum. Those that move with the tectonic plates and were tied to WGS 84 by satellite
//!    (CGCS2000, JGD2011, TWD97 …) are taken as equal to it: they differ by centimetres to about two metres, below the
//!    precision of shelter and hazard data. For older ones (Xian 1980, Beijing 1954, Tokyo, TWD67 …) the shift is some
//!    tens to hundreds of metres and depends on the place; it is never guessed: such a system is refused unless its
//!    definition says the shift;
//! 3. **calculation** computes positions (`proj4rs`; transverse Mercator by the series of Poder and Engsager, below a
//!    millimetre). The oracle tests hold it to 1 cm of PROJ over each area of use.
//!
//! Frame: `x` is the easting and `y` the northing, as GIS files store them, whatever order a register gives the axes.
//! Vertices are converted and edges stay straight: an edge that is straight in a projection and one that is straight in
//! longitude and latitude differ in the middle by up to about L² / 8R, which is 0.2 mm for an edge of 100 m, 2 cm for one
//! of 1 km and 2 m for one of 10 km at 45° of latitude.

mod calculation;
pub mod candidates;
mod definition;
mod error;
mod register;
mod system;
mod tie;
mod wkt;
mod words;

pub use candidates::{Candidate, candidates};
pub use error::{CrsError, UnknownCrs};
pub use system::Crs;
pub use tie::Tie;
pub use words::WORDS;
