//! The report itself, and so its JSON.

use serde::Serialize;

use super::{Mended, RepairTotals};
use crate::{
    catalog::{
        Field, HazardManifest, Role,
        readers::{Detected, Problem},
    },
    geometry::BBox,
    import::{
        Assigned, ColumnSummary, CrsReport, Duplicates, Finding, Misplaced, Severity, ShiftReport, Statistics, Update,
    },
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
    /// The encoding its text was read in, where the format leaves that open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Detected>,
    /// The layer's id.
    pub layer: String,
    /// Its role.
    pub role: Role,
    /// The file in the pack.
    pub file: String,
    /// In which coordinate reference system the file was read.
    pub crs: CrsReport,
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
    /// What was mended row by row, in file order; the first 100 000.
    pub repairs_by_row: Vec<Mended>,
    /// The refused rows in file order, the first 100 000 of them.
    pub refusals: Vec<Refusal>,
    /// Which column means what.
    pub mapping: Vec<Assigned>,
    /// The columns of the layer.
    pub columns: Vec<Field>,
    /// What stands in the columns of the file.
    pub values: Vec<ColumnSummary>,
    /// Kind and levels of a hazard layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard: Option<HazardManifest>,
    /// The box around the kept features.
    pub bbox: BBox,
    /// Whether the positions fit the datum declared; `None` where the pack holds nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift: Option<ShiftReport>,
    /// What the layer holds.
    pub statistics: Statistics,
    /// Features that stand twice.
    pub duplicates: Duplicates,
    /// Features that lie elsewhere than they say.
    pub misplaced: Misplaced,
    /// What changes against the version that the pack has; `None` where it has none, or another data set replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<Update>,
    /// Whether a finding stopped the import: then nothing was written.
    pub stopped: bool,
    /// What else the user should know.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The weight of the heaviest finding; `None` where there is none.
    pub fn severity(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// What a column of the layer means, with who says so; several where it has several meanings.
    pub(super) fn meanings<'r>(&'r self, column: &'r str) -> impl Iterator<Item = &'r Assigned> {
        self.mapping.iter().filter(move |assigned| assigned.column == column)
    }

    /// Whether a column holds the level of the hazard zones.
    pub(super) fn is_level(&self, column: &str) -> bool {
        self.hazard.as_ref().and_then(|hazard| hazard.level.as_deref()) == Some(column)
    }
}
