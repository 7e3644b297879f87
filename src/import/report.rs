//! What an import did, for people and for programs.

use std::fmt::{Display, Formatter, Result as FmtResult};

use serde::Serialize;

use super::{Assigned, Finding, How, Severity, shape::Repair};
use crate::{
    catalog::{Field, FieldKind, HazardManifest, Role, readers::Problem},
    geometry::BBox,
};

/// A row that is not in the pack, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The row in the imported file, from 1, headers not counted.
    pub row: u64,
    /// What is wrong with it.
    #[serde(flatten)]
    pub problem: Problem,
}

/// All repairs of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RepairTotals {
    /// Rings that were not closed.
    pub closed_rings: usize,
    /// Positions that repeated the one before.
    pub repeated_positions: usize,
    /// Rings drawn in the other direction than RFC 7946 asks for.
    pub turned_rings: usize,
    /// Rings without area that were left out.
    pub collapsed_rings: usize,
    /// Polygons that touched or overlapped themselves and were rebuilt.
    pub rebuilt_polygons: usize,
    /// The largest share of its area that a rebuilt polygon gained or lost.
    pub largest_area_change: f64,
}

impl RepairTotals {
    /// Counts the repairs of one geometry; says whether there were any.
    pub(super) fn add(&mut self, repair: Repair) -> bool {
        self.closed_rings += repair.closed_rings;
        self.repeated_positions += repair.repeated_positions;
        self.turned_rings += repair.turned_rings;
        self.collapsed_rings += repair.collapsed_rings;
        if let Some(change) = repair.rebuilt {
            self.rebuilt_polygons += 1;
            self.largest_area_change = self.largest_area_change.max(change.abs());
        }
        repair != Repair::default()
    }
}

/// What an import did.
#[derive(Debug, Clone, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each a field of the JSON"
)]
pub struct Report {
    /// The imported file's name.
    pub input: String,
    /// Its format.
    pub format: String,
    /// The layer's id.
    pub layer: String,
    /// Its role.
    pub role: Role,
    /// The file in the pack.
    pub file: String,
    /// Whether nothing was written because that was asked for.
    pub dry_run: bool,
    /// Whether the pack was made by this import.
    pub new_region: bool,
    /// Whether a layer of this id was there before.
    pub replaced: bool,
    /// Rows read; always `kept + refused`.
    pub read: u64,
    /// Rows that are in the pack.
    pub kept: u64,
    /// Of these, rows whose geometry was mended.
    pub repaired: u64,
    /// Rows that are not in the pack.
    pub refused: u64,
    /// What was mended.
    pub repairs: RepairTotals,
    /// Every refused row, in file order.
    pub refusals: Vec<Refusal>,
    /// Which column means what.
    pub mapping: Vec<Assigned>,
    /// The columns of the layer.
    pub columns: Vec<Field>,
    /// Kind and levels of a hazard layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard: Option<HazardManifest>,
    /// The box around the kept features.
    pub bbox: BBox,
    /// Whether a finding stopped the import: then nothing was written.
    pub stopped: bool,
    /// What else the user should know.
    pub findings: Vec<Finding>,
}

/// As many refusals are told in the text; all are in the JSON.
const SHOWN: usize = 20;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let verb = match (self.stopped, self.dry_run) {
            (true, _) => "was stopped and is not",
            (false, true) => "would become",
            (false, false) => "is now",
        };
        writeln!(
            f,
            "{} ({}) {verb} layer {} ({})",
            self.input, self.format, self.layer, self.role
        )?;
        writeln!(
            f,
            "  rows     {} read, {} kept, {} refused",
            self.read, self.kept, self.refused
        )?;
        self.write_repairs(f)?;
        let [west, south, east, north] = self.bbox.into();
        writeln!(f, "  bbox     {west:.5}, {south:.5}, {east:.5}, {north:.5}")?;
        self.write_columns(f)?;
        if let Some(hazard) = &self.hazard {
            let levels = hazard.levels.iter().map(|level| {
                let mark = if level.is_unsafe { " (unsafe)" } else { "" };
                format!("{}{mark}", level.code)
            });
            let levels = levels.collect::<Vec<_>>().join(" < ");
            match &hazard.level {
                Some(column) => writeln!(f, "  levels   {} by {column}, lowest first: {levels}", hazard.kind)?,
                None => writeln!(f, "  levels   {}, one for all: {levels}", hazard.kind)?,
            }
        }
        for finding in &self.findings {
            let label = match finding.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Stop => "stop",
            };
            writeln!(f, "  {label:<8} {}", finding.message)?;
        }
        self.write_refusals(f)
    }
}

impl Report {
    /// The weight of the heaviest finding; `None` where there is none.
    pub fn severity(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    fn write_repairs(&self, f: &mut Formatter<'_>) -> FmtResult {
        if self.repaired == 0 {
            return Ok(());
        }
        let repairs = &self.repairs;
        let mut parts = Vec::new();
        for (count, what) in [
            (repairs.closed_rings, "rings closed"),
            (repairs.repeated_positions, "repeated positions dropped"),
            (repairs.turned_rings, "rings turned"),
            (repairs.collapsed_rings, "rings without area dropped"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        if repairs.rebuilt_polygons > 0 {
            parts.push(format!(
                "{} self-touching polygons rebuilt (area changed by at most {:.4} %)",
                repairs.rebuilt_polygons,
                repairs.largest_area_change * 100.0
            ));
        }
        writeln!(f, "  repaired {} rows: {}", self.repaired, parts.join(", "))
    }

    fn write_columns(&self, f: &mut Formatter<'_>) -> FmtResult {
        for assigned in &self.mapping {
            let how = match assigned.how {
                How::Given => "",
                How::Proposed => " (by its name)",
                How::Numbered => " (row numbers)",
            };
            writeln!(f, "  meaning  {} = {}{how}", assigned.meaning, assigned.column)?;
        }
        let others: Vec<String> = self
            .columns
            .iter()
            .filter(|field| !self.has_meaning(&field.name))
            .map(|field| {
                let kind = match field.kind {
                    FieldKind::Bool => "true/false",
                    FieldKind::Int => "integer",
                    FieldKind::Float => "number",
                    FieldKind::Text => "text",
                };
                format!("{} ({kind})", field.name)
            })
            .collect();
        if others.is_empty() {
            return Ok(());
        }
        writeln!(f, "  columns  kept without a meaning: {}", others.join(", "))
    }

    fn has_meaning(&self, column: &str) -> bool {
        let level = self.hazard.as_ref().and_then(|hazard| hazard.level.as_deref());
        level == Some(column) || self.mapping.iter().any(|assigned| assigned.column == column)
    }

    fn write_refusals(&self, f: &mut Formatter<'_>) -> FmtResult {
        for Refusal { row, problem } in self.refusals.iter().take(SHOWN) {
            write!(f, "  refused  row {row}")?;
            if let Some(field) = &problem.field {
                write!(f, ", {field}")?;
            }
            if let Some(value) = problem.value.as_ref().filter(|value| !value.is_empty()) {
                write!(f, " `{value}`")?;
            }
            writeln!(f, ": {}", problem.reason)?;
        }
        if self.refusals.len() > SHOWN {
            writeln!(
                f,
                "  refused  … and {} more rows; --report FILE has them all",
                self.refusals.len() - SHOWN
            )?;
        }
        Ok(())
    }
}
