//! What is asked of an import.

use std::path::PathBuf;

use super::MeaningKey;
use crate::{
    catalog::{HazardKind, Id, Role, readers::Format},
    geometry::Datum,
    messages::Names,
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
    /// Kind and levels; for hazard zones, and only for them.
    pub hazard: Option<HazardJob>,
    /// A hint for drawing, see [`crate::catalog::LayerManifest::kind`].
    pub kind: Option<String>,
    /// What people call the layer.
    pub names: Names,
    /// Where the data come from.
    pub source: String,
    /// Under which terms.
    pub licence: String,
    /// Of which time.
    pub vintage: String,
    /// Whether they are made up.
    pub synthetic: bool,
    /// The datum of the file's coordinates.
    pub datum: Datum,
    /// The format, where it is not to be looked for.
    pub format: Option<Format>,
    /// Which table of a file that holds several.
    pub table: Option<String>,
    /// The text encoding's label, where it is not UTF-8.
    pub encoding: Option<String>,
    /// Which column means what; a blank column takes a proposal back.
    pub map: Vec<(MeaningKey, String)>,
    /// Whether a layer of this id may be there already.
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
