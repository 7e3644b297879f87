//! One world: a region's layers, read and indexed whole.

use std::{
    collections::HashMap,
    fmt::{Display, Formatter, Result as FmtResult},
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{Timestamp, Unit};
use xxhash_rust::xxh3::Xxh3;

use crate::{
    catalog::{AnyLayer, DISK_LAYERS_FROM, Fault, Faults, MANIFEST_FILE, Region},
    hazards::Hazards,
    search::SearchIndex,
    shelters::Shelters,
    tiles::TileLayer,
};

/// Identifies what a world was computed from: equal for equal packs, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorldVersion(u64);

impl Display for WorldVersion {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{:016x}", self.0)
    }
}

/// An immutable snapshot of a region: its layers and every index over them.
#[derive(Debug)]
pub struct World {
    /// Identifies the content.
    pub version: WorldVersion,
    /// When the pack was last changed, to the second: the newest of its files' times, so that servers which share a pack
    /// say the same.
    pub as_of: Timestamp,
    /// How long it took to load and index.
    pub loaded_in: Duration,
    /// The pack: manifest and layers.
    pub region: Region,
    /// What threatens a point.
    pub hazards: Hazards,
    /// The shelters.
    pub shelters: Shelters,
    /// Named things.
    pub search: SearchIndex,
    /// Layers ready to be cut into tiles, by layer id.
    pub tiles: HashMap<String, TileLayer>,
}

impl World {
    /// Loads and indexes the pack in a folder. O(n log n) for n coordinates.
    ///
    /// # Errors
    /// Every fault of the pack; nothing is kept then.
    pub fn load(dir: &Path) -> Result<Self, Faults> {
        Self::load_leaving(dir, DISK_LAYERS_FROM)
    }

    /// The same, leaving layers of points on the disk whose files have at least so many bytes.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_leaving(dir: &Path, disk_layers_from: u64) -> Result<Self, Faults> {
        let started = Instant::now();
        let region = Region::load_leaving(dir, disk_layers_from)?;
        let hazards = Hazards::build(&region.layers);
        let tiles = tiles_of(&region)?;
        Ok(Self {
            version: version(&region),
            as_of: last_changed(dir, &region),
            shelters: Shelters::build(&region.layers, &hazards),
            search: SearchIndex::build(&region.layers),
            tiles,
            hazards,
            region,
            loaded_in: started.elapsed(),
        })
    }

    /// Number of features in all layers.
    pub fn feature_count(&self) -> usize {
        self.region.all_layers().map(AnyLayer::count).sum()
    }

    /// Whether any layer is made up.
    pub fn has_synthetic_layers(&self) -> bool {
        self.region.manifest.layers.iter().any(|layer| layer.synthetic)
    }
}

/// Every layer ready to be cut into tiles.
fn tiles_of(region: &Region) -> Result<HashMap<String, TileLayer>, Faults> {
    let prepared = region.all_layers().map(|layer| {
        let tiles = match layer {
            AnyLayer::Memory(layer) => TileLayer::build(Arc::clone(layer)),
            AnyLayer::Disk(on_disk) => TileLayer::build_on_disk(Arc::clone(on_disk))
                .map_err(|error| Fault::file(&layer.manifest().file, error.to_string()))?,
        };
        Ok((layer.manifest().id.as_str().to_owned(), tiles))
    });
    prepared.collect()
}

/// The newest time of a pack's files; now where the system keeps no times.
fn last_changed(dir: &Path, region: &Region) -> Timestamp {
    let layers = region.manifest.layers.iter().map(|layer| layer.file.as_str());
    let changed = |name: &str| fs::metadata(dir.join(name)).and_then(|file| file.modified());
    let newest = layers
        .chain([MANIFEST_FILE])
        .filter_map(|name| changed(name).ok())
        .max();
    let newest = newest.and_then(|time| Timestamp::try_from(time).ok());
    let newest = newest.unwrap_or_else(Timestamp::now);
    newest.round(Unit::Second).unwrap_or(newest)
}

/// Hash of the manifest and of every layer's version.
fn version(region: &Region) -> WorldVersion {
    let mut hash = Xxh3::new();
    hash.update(format!("{:?}", region.manifest).as_bytes());
    for layer in region.all_layers() {
        hash.update(layer.manifest().id.as_str().as_bytes());
        hash.update(&layer.version().0.to_le_bytes());
    }
    WorldVersion(hash.digest())
}
