//! What is asked of an import.

use std::path::PathBuf;

use super::{MeaningKey, Metadata};
use crate::{
    catalog::{HazardKind, Id, Role, readers::Format},
    geometry::Crs,
};

/// What is asked for, everything decided.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each a flag of the command line"
)]
pub struct Job {
    /// The file to import.
    pub input: PathBuf,
    /// The pack's folder; made where it is missing.
    pub region: PathBuf,
    /// The new layer's id.
    pub layer: Id,
    /// What its features are.
    pub role: Role,
    /// Kind and levels; for hazard zones, and only for them. An update keeps what is not said.
    pub hazard: Option<HazardJob>,
    /// What is said of the layer.
    pub metadata: Metadata,
    /// The coordinate reference system of the file; what the file declares where it is not given, else WGS 84.
    pub crs: Option<Crs>,
    /// The format, where it is not to be looked for.
    pub format: Option<Format>,
    /// Which table of a file that holds several.
    pub table: Option<String>,
    /// The text encoding's label, where it is not to be looked for.
    pub encoding: Option<String>,
    /// Whether the first row of a table is data and names no columns.
    pub no_header: bool,
    /// Which column means what; a blank column takes a proposal back.
    pub map: Vec<(MeaningKey, String)>,
    /// A file that says the same and more, in the place of the one kept with the layer.
    pub mapping: Option<PathBuf>,
    /// Whether this is another data set than the layer of this id: it takes its place without a comparison, and nothing
    /// of what was said of that one is kept.
    pub replace: bool,
    /// Whether to go on where a finding would stop the import.
    pub accept: bool,
    /// Whether to leave the pack as it is.
    pub dry_run: bool,
    /// The time zone of a region that is made.
    pub time_zone: String,
}

/// What makes a layer a hazard layer.
#[derive(Debug, Clone)]
pub struct HazardJob {
    /// The kind of every zone.
    pub kind: HazardKind,
    /// The column with the level; without one every zone has the same.
    pub level_from: Option<String>,
    /// The levels' codes, lowest first; looked for where empty.
    pub levels: Vec<String>,
    /// The lowest level that no shelter may lie in; the upper half without.
    pub unsafe_from: Option<String>,
}
