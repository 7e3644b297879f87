//! The metric.
mod cost;
pub use cost::Cost;
