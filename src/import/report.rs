//! What an import did, for people and for programs.
//!
//! Owns the report and its three shapes: JSON (the model itself), a short text for a terminal, and a page to print and
//! hand round. What is found is found elsewhere.

mod html;
mod model;
mod repairs;
mod table;
mod text;
mod translate;
mod write;

pub use model::{Refusal, Report};
pub use repairs::{Mended, RepairTotals};
pub use translate::to_chinese;
pub use write::{ReportFormat, UnknownReportFormat};
