//! The report as a page to read, to print and to hand round: Chinese and English side by side, nothing asked of anybody
//! else, no scripts.
//!
//! Every word is the catalogue's (`messages/report.json`); values of the file go in as text.

mod comparisons;
mod sections;
mod sheet;

use super::Report;
use sheet::Sheet;

/// The whole page.
pub(super) fn page(report: &Report) -> String {
    let mut sheet = Sheet::begin(&report.layer);
    sections::summary(&mut sheet, report);
    sections::findings(&mut sheet, report);
    if let Some(update) = &report.update {
        comparisons::update(&mut sheet, update);
    }
    sections::geometry(&mut sheet, report);
    sections::levels(&mut sheet, report);
    sections::columns(&mut sheet, report);
    comparisons::duplicates(&mut sheet, &report.duplicates);
    comparisons::misplaced(&mut sheet, &report.misplaced);
    sections::rows(&mut sheet, report);
    sheet.finish()
}
