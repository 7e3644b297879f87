//! What `refugia check` finds out about archives of tiles, and how it tells it.
//!
//! Owns asking those that lie elsewhere: that one cannot be reached is no fault of the pack, but worth a line; what is
//! there must be an archive.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::{runtime, time::timeout};

use crate::{
    catalog::{Fault, Faults, MANIFEST_FILE},
    cli::eprint_line,
    tiles::{Archive, JoinedVersion, StoredError},
    world::Basemap,
};

/// How long somewhere else is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the archives that lie elsewhere; says on standard error which cannot be reached.
///
/// # Errors
/// What is at an address is no archive that can be served.
pub(super) fn ask_elsewhere(basemap: &Basemap) -> Result<(), Faults> {
    let elsewhere: Vec<&Arc<Archive>> = basemap.archives.iter().filter(|archive| archive.is_remote()).collect();
    if elsewhere.is_empty() {
        return Ok(());
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Fault::file(MANIFEST_FILE, format_args!("archives cannot be asked: {error}")))?;
    let mut faults = Vec::new();
    for archive in elsewhere {
        let manifest = archive.manifest();
        let opened = runtime.block_on(async { timeout(PATIENCE, archive.reopen()).await });
        match opened {
            Ok(Ok(_)) => {}
            Ok(Err(StoredError::Damaged(problem))) => {
                let fault = Fault::file(MANIFEST_FILE, format_args!("{} {problem}", manifest.place()));
                faults.push(fault.field(format!("archive {}, url", manifest.id)));
            }
            Ok(Err(error)) => warn(archive, &error.to_string()),
            Err(_) => warn(archive, "cannot be read now: it does not answer"),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

fn warn(archive: &Archive, problem: &str) {
    let manifest = archive.manifest();
    eprint_line(&format!(
        "warning: archive {}, {}: {problem}",
        manifest.id,
        manifest.place()
    ));
}

/// The archives for programs.
pub(super) fn json_of(basemap: &Basemap) -> Vec<Value> {
    let told = |archive: &Arc<Archive>| {
        let (manifest, open) = (archive.manifest(), archive.current());
        json!({
            "id": manifest.id, "place": manifest.place(), "synthetic": manifest.synthetic, "remote": archive.is_remote(),
            "available": open.is_some(), "format": open.as_ref().map(|open| open.format().as_str()),
            "zoom": open.as_ref().map(|open| open.zooms()),
            "version": open.map(|open| JoinedVersion::of_archive(&manifest.id, open.content()).to_string()),
        })
    };
    basemap.archives.iter().map(told).collect()
}

/// A line for each archive, and one for fonts where there are some.
pub(super) fn lines(basemap: &Basemap) -> String {
    let mut text = String::new();
    for archive in &basemap.archives {
        let manifest = archive.manifest();
        let told = archive.current().map_or_else(
            || "not reached".to_owned(),
            |open| {
                format!(
                    "{}, zoom {} to {}",
                    open.format().as_str(),
                    open.zooms().min,
                    open.zooms().max
                )
            },
        );
        let real = if manifest.synthetic { "synthetic" } else { "real" };
        _ = writeln!(text, "archive {}: {told}, {real}", manifest.id);
    }
    let fonts: Vec<&str> = basemap.fonts.names().collect();
    if !fonts.is_empty() {
        _ = writeln!(text, "fonts: {}", fonts.join(", "));
    }
    text
}
