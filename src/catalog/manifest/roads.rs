//! What `region.toml` says of the road network.
//!
//! Owns the entry; the file that it names is read by the room for routing, above this one.

use serde::{Deserialize, Serialize};

use super::origin_faults;

/// The pack's road network as the manifest describes it; `refugia roads` writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadsManifest {
    /// The network file inside the pack folder.
    pub file: String,
    /// Where the data come from.
    pub source: String,
    /// Under which terms.
    pub licence: String,
    /// Of which time, beginning with the year.
    pub vintage: String,
    /// Whether it is made up.
    pub synthetic: bool,
}

impl RoadsManifest {
    /// Field and problem of each fault.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        origin_faults(&self.file, [&self.source, &self.licence], &self.vintage)
    }
}
