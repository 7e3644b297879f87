//! What an import found that people should know: from a remark to a reason to stop.

use serde::Serialize;

use crate::catalog::readers::Remark;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Somebody should look at it; the import goes on.
    Warning,
    /// Probably a mistake: nothing is stored unless the user accepts it.
    Stop,
}

/// Something to tell about an import as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// A stable word for programs and for translation, such as `no_ids`.
    pub code: &'static str,
    /// A sentence with the evidence and what to do.
    pub message: String,
}

impl Finding {
    /// Good to know.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Somebody should look at it.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Probably a mistake.
    pub fn stop(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Stop, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
        }
    }
}

impl From<Remark> for Finding {
    fn from(remark: Remark) -> Self {
        let severity = if remark.is_warning {
            Severity::Warning
        } else {
            Severity::Note
        };
        Self::new(severity, remark.code, remark.message)
    }
}
