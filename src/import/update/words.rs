//! What is told of an update: findings, and some lines of the text.

use std::fmt::{Formatter, Result as FmtResult};

use super::{MOVED_M, MatchedBy, Update};
use crate::import::{Finding, duplicates::FeatureName};

/// A loss of more than this share of the old features is suspicious.
const SUSPICIOUS_LOSS: f64 = 0.2;

impl Update {
    /// Whether nothing at all changed.
    pub fn is_same(&self) -> bool {
        self.added + self.removed + self.changed == 0 && self.new_columns.is_empty() && self.lost_columns.is_empty()
    }

    /// What to tell of it.
    pub(in crate::import) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let lost = self.removed as f64 / self.before.max(1) as f64;
        if lost > SUSPICIOUS_LOSS {
            let by = match self.matched_by {
                MatchedBy::Id => "id",
                MatchedBy::NameAndPlace => "name and place",
            };
            findings.push(Finding::stop(
                "suspicious_loss",
                format!(
                    "{} of the {} features that the layer has ({:.0} %) are not in the new version (matched by {by}); is it \
                     the whole file? --accept goes on; --replace puts another data set in its place",
                    self.removed,
                    self.before,
                    lost * 100.0
                ),
            ));
        }
        if !self.lost_columns.is_empty() {
            findings.push(Finding::warning(
                "lost_columns",
                format!(
                    "columns that the layer had are not in the new version: {}",
                    self.lost_columns.join(", ")
                ),
            ));
        }
        if self.is_same() {
            findings.push(Finding::note(
                "unchanged",
                "the new version is the same as the one that the pack has",
            ));
        }
        findings
    }

    /// The counts as one line of the text, and some of what is behind them.
    pub(in crate::import) fn write(&self, f: &mut Formatter<'_>) -> FmtResult {
        let by = match self.matched_by {
            MatchedBy::Id => "id",
            MatchedBy::NameAndPlace => "name and place",
        };
        write!(
            f,
            "  update   {} added, {} changed, {} removed, {} unchanged of {} before (by {by})",
            self.added, self.changed, self.removed, self.unchanged, self.before
        )?;
        writeln!(
            f,
            "{}",
            if self.moved > 0 {
                format!(", {} moved > {MOVED_M} m", self.moved)
            } else {
                String::new()
            }
        )?;
        let mut differing: Vec<String> = Vec::new();
        differing.extend((self.geometry_changed > 0).then(|| format!("geometry {}", self.geometry_changed)));
        let columns = self.columns.iter().take(8);
        differing.extend(columns.map(|change| format!("{} {}", change.column, change.features)));
        if !differing.is_empty() {
            let of = if self.compared < self.changed {
                format!(" (of {} compared)", self.compared)
            } else {
                String::new()
            };
            writeln!(f, "  changed  {}{of}", differing.join(", "))?;
        }
        let names = |features: &[FeatureName], count: u64| {
            let shown: Vec<String> = features.iter().take(5).map(ToString::to_string).collect();
            let more = if count > shown.len() as u64 { ", …" } else { "" };
            format!("{}{more}", shown.join(", "))
        };
        if self.removed > 0 {
            writeln!(f, "  removed  {}", names(&self.removed_examples, self.removed))?;
        }
        if self.added > 0 {
            writeln!(f, "  added    {}", names(&self.added_examples, self.added))?;
        }
        if self.moved > 0 {
            let shown = self.moved_examples.iter().take(5);
            let shown: Vec<String> = shown
                .map(|moved| format!("{} by {:.0} m", moved.feature, moved.distance_m))
                .collect();
            let more = if self.moved > shown.len() as u64 { ", …" } else { "" };
            writeln!(f, "  moved    {}{more}", shown.join(", "))?;
        }
        Ok(())
    }
}
