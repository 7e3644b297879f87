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
use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use super::{Basemap, Roads, roads::EFFECTS_FILE};
use crate::{
    catalog::{AnyLayer, DISK_LAYERS_FROM, Fault, Faults, MANIFEST_FILE, Region},
    hazards::Hazards,
    rescue::Teams,
    routing::Closure,
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

/// An immutable snapshot of a region: its layers and every index over them. Cheap to clone: what a change leaves as it is
/// is shared with the world before.
#[derive(Debug, Clone)]
pub struct World {
    /// Identifies the content.
    pub version: WorldVersion,
    /// Identifies what came from the pack: all but closures.
    pub pack_version: WorldVersion,
    /// When it was last changed, to the second: the newest of the pack's files' times, so that servers which share a pack
    /// say the same, or that of a closure's change after it.
    pub as_of: Timestamp,
    /// How long it took to load and index.
    pub loaded_in: Duration,
    /// The pack: manifest and layers.
    pub region: Arc<Region>,
    /// What threatens a point.
    pub hazards: Arc<Hazards>,
    /// The shelters.
    pub shelters: Arc<Shelters>,
    /// The rescue teams.
    pub teams: Arc<Teams>,
    /// Named things.
    pub search: Arc<SearchIndex>,
    /// Layers to be cut into tiles, by layer id.
    pub tiles: Arc<HashMap<String, TileLayer>>,
    /// The roads, where the pack has some.
    pub roads: Option<Arc<Roads>>,
    /// What is served as it was made.
    pub basemap: Arc<Basemap>,
}

impl World {
    /// Loads and indexes the pack in a folder, on all processors. O(n log n) for n coordinates.
    ///
    /// # Errors
    /// Every fault of the pack; nothing is kept then.
    pub fn load(dir: &Path) -> Result<Self, Faults> {
        Self::load_leaving(dir, DISK_LAYERS_FROM)
    }

    /// The same, leaving on the disk what can be answered from there and has at least so many bytes.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_leaving(dir: &Path, disk_layers_from: u64) -> Result<Self, Faults> {
        let started = Instant::now();
        // A link is followed once: where another pack is put behind it meanwhile, this one is still read whole.
        let dir = &fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
        let region = Region::load_leaving(dir, disk_layers_from)?;
        let ((points, tiles), (roads, basemap)) = rayon::join(
            || rayon::join(|| points_of(&region), || tiles_of(&region)),
            || (roads_of(dir, &region), Basemap::load(dir, &region.manifest)),
        );
        let ((hazards, shelters), search) = points;
        let (tiles, roads, basemap) = (tiles?, roads?, basemap?);
        let version = version(&region, roads.as_ref(), &basemap);
        Ok(Self {
            version,
            pack_version: version,
            as_of: last_changed(dir, &region, &basemap),
            basemap: Arc::new(basemap),
            shelters: Arc::new(shelters),
            search: Arc::new(search),
            teams: Arc::new(Teams::build(&region.layers)),
            tiles: Arc::new(tiles),
            hazards: Arc::new(hazards),
            roads: roads.map(Arc::new),
            region: Arc::new(region),
            loaded_in: started.elapsed(),
        })
    }

    /// The same world with other roads, as of a time.
    #[must_use]
    pub fn with_roads(&self, roads: Roads, at: Timestamp) -> Self {
        Self {
            version: version(&self.region, Some(&roads), &self.basemap),
            as_of: at.round(Unit::Second).unwrap_or(at).max(self.as_of),
            roads: Some(Arc::new(roads)),
            ..self.clone()
        }
    }

    /// The same world with the archives elsewhere that another has open already.
    #[must_use]
    pub fn with_archives_of(mut self, before: &Self) -> Self {
        // Nobody has a world yet that was not swapped in.
        if let Some(basemap) = Arc::get_mut(&mut self.basemap) {
            basemap.adopt(&before.basemap);
        }
        self
    }

    /// Number of features in all layers.
    pub fn feature_count(&self) -> usize {
        self.region.all_layers().map(AnyLayer::count).sum()
    }

    /// Whether any layer or archive, or the roads, are made up.
    pub fn has_synthetic_layers(&self) -> bool {
        let roads = self.roads.as_ref().is_some_and(|roads| roads.is_synthetic());
        let manifest = &self.region.manifest;
        let archives = manifest.archives.iter().any(|archive| archive.synthetic);
        roads || archives || manifest.layers.iter().any(|layer| layer.synthetic)
    }
}

/// The roads that the manifest names.
fn roads_of(dir: &Path, region: &Region) -> Result<Option<Roads>, Faults> {
    let Some(manifest) = &region.manifest.roads else {
        return Ok(None);
    };
    let roads = Roads::load(dir, manifest, &region.layers);
    Ok(Some(roads.map_err(|error| error.fault(dir, manifest))?))
}

/// What is asked of points and names.
fn points_of(region: &Region) -> ((Hazards, Shelters), SearchIndex) {
    let zones_and_shelters = || {
        let hazards = Hazards::build(&region.layers);
        let shelters = Shelters::build(&region.layers, &hazards);
        (hazards, shelters)
    };
    rayon::join(zones_and_shelters, || SearchIndex::build(&region.layers))
}

/// Every layer to be cut into tiles; those in memory are prepared later ([`World::prepare_tiles`]).
fn tiles_of(region: &Region) -> Result<HashMap<String, TileLayer>, Faults> {
    let layers: Vec<AnyLayer<'_>> = region.all_layers().collect();
    let prepared = layers.into_par_iter().map(|layer| {
        let tiles = match layer {
            AnyLayer::Memory(layer) => TileLayer::unprepared(Arc::clone(layer)),
            AnyLayer::Disk(on_disk) => TileLayer::build_on_disk(Arc::clone(on_disk))
                .map_err(|error| Fault::file(&layer.manifest().file, error.to_string()))?,
        };
        Ok((layer.manifest().id.as_str().to_owned(), tiles))
    });
    prepared.collect()
}

/// The newest time of a pack's files; now where the system keeps no times.
fn last_changed(dir: &Path, region: &Region, basemap: &Basemap) -> Timestamp {
    let layers = region.manifest.layers.iter().map(|layer| Path::new(&layer.file));
    let changed = |name: &Path| fs::metadata(dir.join(name)).and_then(|file| file.modified());
    let roads = region.manifest.roads.iter();
    let roads = roads.flat_map(|roads| [Path::new(&roads.file), Path::new(EFFECTS_FILE)]);
    let newest = layers
        .chain([Path::new(MANIFEST_FILE)])
        .chain(roads)
        .chain(basemap.files())
        .filter_map(|name| changed(name).ok())
        .max();
    let newest = newest.and_then(|time| Timestamp::try_from(time).ok());
    let newest = newest.unwrap_or_else(Timestamp::now);
    newest.round(Unit::Second).unwrap_or(newest)
}

/// Hash of the manifest, of every layer's version, of what is served as it was made and of the roads with what closes them.
fn version(region: &Region, roads: Option<&Roads>, basemap: &Basemap) -> WorldVersion {
    let mut hash = Xxh3::new();
    hash.update(format!("{:?}", region.manifest).as_bytes());
    for layer in region.all_layers() {
        hash.update(layer.manifest().id.as_str().as_bytes());
        hash.update(&layer.version().0.to_le_bytes());
    }
    hash.update(&basemap.version().to_le_bytes());
    if let Some(roads) = roads {
        hash.update(&roads.version().to_le_bytes());
        for (id, closure) in roads.closures().iter() {
            let Closure {
                modes, starts, ends, ..
            } = &**closure;
            hash.update(format!("{id:?} {} {modes:?} {starts} {ends:?}", roads.is_active(id)).as_bytes());
            closure
                .caught
                .iter()
                .for_each(|stretch| hash.update(&stretch.0.to_le_bytes()));
        }
    }
    WorldVersion(hash.digest())
}
