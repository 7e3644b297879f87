//! What the layer holds: its values column by column, and its geometries.
//!
//! Owns the counting, in memory that does not grow with the rows. Counts are exact; where a column has more different
//! values than are remembered the report says so.

mod column;
mod shapes;

pub use column::{ColumnStatistics, Frequent, Number};
pub use shapes::GeometryStatistics;

use serde::Serialize;

use crate::catalog::Walked;

/// Statistics of a layer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Statistics {
    /// Of the geometries.
    pub geometry: GeometryStatistics,
    /// Of each column, in the order of the file.
    pub columns: Vec<ColumnStatistics>,
}

/// Statistics while features are coming in.
#[derive(Default)]
pub(super) struct Counting {
    geometry: GeometryStatistics,
    columns: Vec<column::Tally>,
}

impl Counting {
    /// Takes a feature into account.
    pub(super) fn add(&mut self, feature: &Walked<'_>) {
        if self.columns.is_empty() {
            self.columns = feature.fields().iter().cloned().map(column::Tally::new).collect();
        }
        self.geometry.add(&feature.geometry);
        for (tally, value) in self.columns.iter_mut().zip(&feature.values) {
            tally.add(value.as_ref());
        }
    }

    pub(super) fn finish(mut self) -> Statistics {
        // To the square metre.
        self.geometry.area_km2 = (self.geometry.area_km2 * 1e6).round() / 1e6;
        Statistics {
            geometry: self.geometry,
            columns: self.columns.into_iter().map(column::Tally::finish).collect(),
        }
    }
}
