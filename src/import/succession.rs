//! What an import means for a layer that the pack has already.
//!
//! Owns which layer can follow which, and what a job takes over from the old version's entry. The comparison of their
//! features is [`update`]'s part, the merge of what is said of them [`metadata`]'s.

use std::path::Path;

use super::{Finding, ImportError, Job, Metadata, Update, levels, metadata, survey::Survey, update};
use crate::catalog::{HazardManifest, LayerManifest, LayerWalk, Role};

impl Job {
    /// Whether this can be the next version of a layer.
    pub(super) fn check_successor(&self, old: &LayerManifest) -> Result<(), ImportError> {
        let id = self.layer.clone();
        if old.role != self.role {
            return Err(ImportError::OtherRole {
                id,
                old: old.role,
                new: self.role,
            });
        }
        match (&old.hazard, &self.hazard) {
            (Some(old), Some(new)) if old.kind != new.kind && !self.replace => Err(ImportError::OtherHazard {
                id,
                old: old.kind,
                new: new.kind,
            }),
            _ => Ok(()),
        }
    }

    /// Kind and levels of the zones: what is asked for, completed by what the old version says.
    pub(super) fn hazard_manifest(
        &self,
        survey: &Survey,
        old: Option<&HazardManifest>,
    ) -> Result<Option<HazardManifest>, ImportError> {
        let Some(job) = metadata::hazard_job(self.hazard.as_ref(), old, survey) else {
            return if self.role == Role::HazardZone {
                Err(hazard_needed())
            } else {
                Ok(None)
            };
        };
        let mut hazard = levels::manifest(&job, survey)?;
        if let Some(old) = old {
            metadata::keep_levels(&mut hazard, old, &job);
        }
        Ok(Some(hazard))
    }

    /// Compares with the old version, where this is the next of it.
    pub(super) fn compare(
        &self,
        old: Option<&LayerManifest>,
        entry: &LayerManifest,
        staged: &Path,
        findings: &mut Vec<Finding>,
    ) -> Option<Update> {
        let old = old?;
        let old_walk = LayerWalk::new(old, &self.region.join(&old.file));
        match update::compare((old, &old_walk), (entry, &LayerWalk::new(entry, staged))) {
            Ok(update) => {
                findings.extend(update.findings());
                Some(update)
            }
            Err(why) => {
                findings.push(Finding::stop(
                    "not_compared",
                    format!("the old version cannot be read and was not compared: {why}; --accept goes on without"),
                ));
                None
            }
        }
    }
}

pub(super) fn hazard_needed() -> ImportError {
    ImportError::Request("a hazard_zone layer needs --hazard KIND, and no other layer can have it".to_owned())
}

/// Says that the time of the old version still stands, where nothing else was said.
pub(super) fn kept_vintage(metadata: &Metadata, old: Option<&LayerManifest>) -> Option<Finding> {
    let old = old.filter(|_| metadata.vintage.is_none())?;
    let message = format!(
        "the layer keeps the vintage {}; --vintage says of which time the new version is",
        old.vintage
    );
    Some(Finding::note("vintage_kept", message))
}
