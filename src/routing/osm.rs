//! From an OpenStreetMap extract to a road network.
//!
//! Owns the reading of extracts (`.osm.pbf`) and the cutting of ways into stretches; what tags mean is
//! [`super::profile`]'s part. Nothing is dropped in silence: [`Report`] counts what was read, kept and left out, and why.
//!
//! 1. **ways** reads the file once: the ways that car, lorry or feet may pass, with the ids of their nodes, and the
//!    **turns** that relations forbid or demand;
//! 2. **places** reads it again: where the nodes that those ways use lie, and what bars the way at them;
//! 3. **cut** cuts the ways where they meet, end, or are barred: these are the network's nodes. A ring that meets nothing
//!    else twice is cut once more, so that no stretch ends where it begins;
//! 4. **paths** turns the restrictions into paths of arcs.
//!
//! Extracts cut at a border lack nodes of ways and members of relations. A way is cut where a node is missing; a
//! restriction without a member is left out. Both are counted.
//!
//! Squares (`area=yes`) can be walked along their edge. Squares that are relations are not read.
//!
//! Memory: 16 bytes for each node of each road, 25 for each that is used, 24 for each road, and the network; the nodes of
//! other things are never kept. One block of the file (at most 32 MiB unpacked) is held at a time.

mod barriers;
mod blob;
mod block;
mod cut;
mod error;
mod paths;
mod places;
mod report;
#[cfg(test)]
mod testing;
mod turns;
mod ways;
mod wire;

use std::{fs, path::Path, time::SystemTime};

pub use error::OsmError;
pub use report::{LeftOutTurn, ModeReport, Report};

use super::Network;
use block::Tags as BlockTags;
use cut::Cutter;
use places::Places;
use ways::Ways;

/// How often the file is read.
pub const READINGS: u64 = 2;

impl super::profile::Tags for BlockTags<'_, '_> {
    fn get(&self, key: &str) -> Option<&str> {
        BlockTags::get(self, key)
    }
}

/// Makes a network of an extract. `progress` is told how many bytes have been read, of [`READINGS`] times the file's size.
///
/// # Errors
/// The file cannot be read, is no extract, is cut or corrupt (the block is named), was changed meanwhile, or has no roads.
pub fn read(path: &Path, progress: &dyn Fn(u64)) -> Result<(Network, Report), OsmError> {
    let before = state(path)?;
    let mut report = Report::default();
    let mut ways = Ways::read(path, progress, &mut report)?;
    let places = Places::read(path, &mut ways, &|bytes| progress(before.0 + bytes), &mut report)?;
    if state(path)? != before {
        return Err(OsmError::Changed(path.to_owned()));
    }
    let (roads, turns, builder) = ways.into_parts();
    let cut = Cutter::new(&roads, &places, builder, &turns).run(&mut report);
    let mut builder = cut.builder;
    paths::add_restrictions(&mut builder, &cut.index, &turns, &places, &mut report);
    let network = builder.build()?;
    if network.stretch_count() == 0 {
        return Err(OsmError::NoRoads {
            path: path.to_owned(),
            ways: report.ways,
            nodes: report.nodes,
        });
    }
    report.count_network(&network);
    Ok((network, report))
}

/// What changes when somebody writes to the file.
fn state(path: &Path) -> Result<(u64, Option<SystemTime>), OsmError> {
    let metadata = fs::metadata(path).map_err(|source| OsmError::Io {
        path: path.to_owned(),
        source,
    })?;
    Ok((metadata.len(), metadata.modified().ok()))
}

#[cfg(test)]
mod tests;
