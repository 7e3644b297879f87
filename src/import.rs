//! Import: somebody's file becomes a layer of a region pack, whole or not at all.
//!
//! Owns what happens between a file and the pack; reading formats is [`crate::catalog::readers`]' part. Nothing is
//! dropped in silence: every row read is kept, or refused with its reason, and every repair is counted.
//!
//! 1. **survey** reads the file once: columns, their types over all rows, their values where they are few;
//! 2. **mapping** says which column means what: given by the user, or proposed from well-known names. A proposed
//!    mapping never refuses a row: where a value does not fit it is not made, and the report says so;
//! 3. **levels** orders the levels of a hazard layer, or asks when the order cannot be known;
//! 4. **rows** reads the file again, converts datum and values, repairs or refuses geometries, and writes a new file
//!    beside the old ones;
//! 5. **pack** loads the pack as it would be; only when it is whole is `region.toml` swapped by one rename, so that a
//!    server sees the old pack or the new one and never a mixture.
//!
//! Memory is bounded by the ids and boxes of the rows, not by the file.

mod cells;
mod error;
mod finding;
mod job;
mod levels;
mod manifest;
mod mapping;
mod names;
mod pack;
mod palette;
mod report;
mod rows;
mod run;
mod shape;
mod survey;
mod untangle;

pub use error::ImportError;
pub use finding::{Finding, Severity};
pub use job::{HazardJob, Job};
pub use mapping::{Assigned, How, MeaningKey, UnknownMeaning};
pub(crate) use palette::colour as level_colour;
pub use report::{Refusal, RepairTotals, Report};
pub use run::Prepared;
