//! What is wrong with a pack, precisely enough to mend it.

use std::fmt::{Display, Formatter, Result as FmtResult};

use serde::Serialize;

/// One fault of a region pack: where it is and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file inside the pack folder.
    pub file: String,
    /// The feature's id, or `row N` (1-based) where it has none.
    pub feature: Option<String>,
    /// The key of the manifest or the column of the layer.
    pub field: Option<String>,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl Fault {
    /// A fault of a whole file.
    pub fn file(file: impl Into<String>, problem: impl Display) -> Self {
        Self {
            file: file.into(),
            feature: None,
            field: None,
            problem: problem.to_string(),
        }
    }

    /// The same fault, at a feature.
    #[must_use]
    pub fn feature(mut self, feature: impl Into<String>) -> Self {
        self.feature = Some(feature.into());
        self
    }

    /// The same fault, at a field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(&self.file)?;
        if let Some(feature) = &self.feature {
            write!(f, ", feature {feature}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", field {field}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// All faults found in a pack; never empty when returned as an error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the region pack has {} fault(s), the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
pub struct Faults(pub Vec<Fault>);

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}
