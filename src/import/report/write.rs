//! The report as a file: the format by its name's ending.

use std::path::Path;

use super::{Report, html};

/// A format that reports are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// Everything, for programs: `.json`.
    Json,
    /// A page for people, in Chinese and English, to read and to print: `.html` or `.htm`.
    Html,
}

/// A file name that says no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a report is written as JSON or HTML: end its name in .json or .html")]
pub struct UnknownReportFormat;

impl ReportFormat {
    /// The format that a file's name asks for.
    ///
    /// # Errors
    /// Another ending than `.json`, `.html` and `.htm`.
    pub fn of(path: &Path) -> Result<Self, UnknownReportFormat> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("json") => Ok(Self::Json),
            Some("html" | "htm") => Ok(Self::Html),
            _ => Err(UnknownReportFormat),
        }
    }
}

impl Report {
    /// The report in a format.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub fn render(&self, format: ReportFormat) -> serde_json::Result<String> {
        match format {
            ReportFormat::Json => serde_json::to_string_pretty(self),
            ReportFormat::Html => Ok(html::page(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_format() {
        for (name, format) in [
            ("a/report.json", Some(ReportFormat::Json)),
            ("报告.HTML", Some(ReportFormat::Html)),
            ("r.htm", Some(ReportFormat::Html)),
            ("report", None),
            ("report.txt", None),
            (".json", None),
        ] {
            assert_eq!(ReportFormat::of(Path::new(name)).ok(), format, "{name}");
        }
    }
}
