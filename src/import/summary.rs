//! What stands in the columns, for people who decide whether they are understood rightly.

use serde::Serialize;

use super::{MeaningKey, mapping::Mapping, survey::Survey};

/// The values of one column of the imported file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnSummary {
    /// The column.
    pub column: String,
    /// Rows with a value. Where the column's meaning takes words such as `-` or `不詳` for nothing known, without these.
    pub known: u64,
    /// Rows without.
    pub blank: u64,
    /// The first different values, at most three, shortened.
    pub samples: Vec<String>,
}

/// The summaries of all columns in file order.
pub(super) fn of(survey: &Survey, mapping: &Mapping, position: Option<(&str, &str)>) -> Vec<ColumnSummary> {
    let columns = survey.columns.iter().map(|column| {
        let knows_placeholders = |meaning: &MeaningKey| match meaning {
            MeaningKey::Attribute(attribute) if attribute.is_number() => true,
            meaning => meaning.is_text() || meaning.is_time(),
        };
        let mut meanings = mapping
            .assigned
            .iter()
            .filter(|assigned| assigned.column == column.name);
        let known = if meanings.any(|assigned| knows_placeholders(&assigned.meaning)) {
            column.real()
        } else {
            column.known
        };
        ColumnSummary {
            column: column.name.clone(),
            known,
            blank: survey.readable - known,
            samples: column.samples.clone(),
        }
    });
    let mut all: Vec<ColumnSummary> = columns.collect();
    // The reader keeps the columns that it took the position from to itself.
    if let Some((lon, lat)) = position {
        let xs = survey.positions.iter().map(|(x, _)| x.to_string()).collect();
        let ys = survey.positions.iter().map(|(_, y)| y.to_string()).collect();
        for (name, samples) in [(lon, xs), (lat, ys)] {
            all.retain(|summary| summary.column != name);
            all.push(ColumnSummary {
                column: name.to_owned(),
                known: survey.located,
                blank: survey.readable - survey.located,
                samples,
            });
        }
    }
    all
}
