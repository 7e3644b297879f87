//! Import: somebody's file becomes a layer of a region pack, whole or not at all.
//!
//! Owns what happens between a file and the pack; reading formats is [`crate::catalog::readers`]' part. Nothing is
//! dropped in silence: every row read is kept, or refused with its reason, and every repair is counted.
//!
//! 1. **survey** reads the file once: columns, their types over all rows, their values where they are few, and where
//!    its numbers lie; **crs** decides in which coordinate reference system they are;
//! 2. **mapping** says which column means what: given by the user, by a mapping file or by the mapping kept with the
//!    layer before (**recipe**), or proposed from well-known names. A proposed mapping never refuses a row: where a
//!    value does not fit it is not made, and the report says so;
//! 3. **levels** orders the levels of a hazard layer, or asks when the order cannot be known;
//! 4. **rows** reads the file again, converts positions and values, repairs or refuses geometries, and writes a new file
//!    beside the old ones;
//! 5. **shift** compares the positions with what the pack holds already and says when they look like another datum's;
//! 6. **review** walks the new layer for what stands twice or far from where it says (duplicates, misplaced) and counts
//!    what it holds (statistics); **update** compares it with the version that the pack has: a suspicious loss stops the
//!    import;
//! 7. **pack** checks the pack as it would be; only when it is whole is `region.toml` swapped by one rename, so that a
//!    server sees the old pack or the new one and never a mixture.
//!
//! Memory is bounded by 16 bytes for the id of each row and by what the passes over the layer remember of a feature (at most
//! some tens of bytes), not by the size of the file.

mod cells;
mod columns;
mod crs;
mod duplicates;
mod edit;
mod error;
mod extent;
mod finding;
mod job;
mod levels;
mod manifest;
mod mapping;
mod metadata;
mod misplaced;
mod names;
mod nearby;
mod nearly_same;
mod normal;
mod pack;
mod palette;
mod place;
mod recipe;
mod repair;
mod report;
mod review;
mod roads;
mod rows;
mod run;
mod shape;
mod shift;
mod statistics;
mod succession;
mod summary;
mod survey;
mod untangle;
mod update;
mod words;

pub use crs::{CrsDoubt, CrsQuestion, CrsReport, SaidBy};
pub use duplicates::{Duplicates, FeatureName, Twins};
pub use error::ImportError;
pub use finding::{Finding, Severity};
pub use job::{HazardJob, Job};
pub use mapping::{Assigned, How, MeaningKey, UnknownMeaning};
pub use metadata::Metadata;
pub use misplaced::{Misplaced, StatedBy, Stray};
pub(crate) use palette::colour as level_colour;
pub use report::{Mended, Refusal, RepairTotals, Report, ReportFormat, UnknownReportFormat, to_chinese};
pub use roads::NewRoads;
pub use run::Prepared;
pub use shift::{EvidenceSource, Fit, Hypothesis, ShiftEvidence, ShiftReport, ShiftVerdict};
pub use statistics::{ColumnStatistics, Frequent, GeometryStatistics, Number, Statistics};
pub use summary::ColumnSummary;
pub use update::{Changed, ColumnChange, MatchedBy, Moved, Update, ValueChange};
