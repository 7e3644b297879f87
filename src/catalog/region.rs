//! A whole region pack in memory.
//!
//! Owns loading: the manifest, then every layer file, all faults of all layers collected. Checks of single layers are
//! [`super::Layer`]'s and [`crate::geometry::validity`]'s part.

use std::{
    fs,
    io::ErrorKind,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    DiskLayer, Fault, Faults, Layer, LayerManifest, LayerVersion, MANIFEST_FILE, RegionManifest, Shape, layer_file,
};
use crate::geometry::BBox;

/// Layers that can be answered from their files and have as many bytes stay on the disk, where nothing else is said.
pub const DISK_LAYERS_FROM: u64 = 256 << 20;

/// A region pack as loaded: the manifest and its layers in the same order.
#[derive(Debug, Clone)]
pub struct Region {
    /// What `region.toml` says.
    pub manifest: RegionManifest,
    /// The layers in memory, in the manifest's order.
    pub layers: Vec<Arc<Layer>>,
    /// The layers too large for it, in the manifest's order.
    pub disk_layers: Vec<Arc<DiskLayer>>,
}

/// A layer wherever its features are, with what both kinds know.
#[derive(Debug, Clone, Copy)]
pub enum AnyLayer<'r> {
    /// In memory.
    Memory(&'r Arc<Layer>),
    /// On the disk.
    Disk(&'r Arc<DiskLayer>),
}

impl<'r> AnyLayer<'r> {
    /// The manifest's entry.
    pub fn manifest(self) -> &'r LayerManifest {
        match self {
            Self::Memory(layer) => layer.manifest(),
            Self::Disk(layer) => layer.manifest(),
        }
    }

    /// Number of features.
    pub fn count(self) -> usize {
        match self {
            Self::Memory(layer) => layer.len(),
            Self::Disk(layer) => layer.len(),
        }
    }

    /// What the geometries are.
    pub fn shape(self) -> Shape {
        match self {
            Self::Memory(layer) => layer.shape(),
            Self::Disk(layer) => layer.shape(),
        }
    }

    /// The box around all features; `None` without features.
    pub fn bbox(self) -> Option<BBox> {
        match self {
            Self::Memory(layer) => layer.bbox(),
            Self::Disk(layer) => layer.bbox(),
        }
    }

    /// The content's version.
    pub fn version(self) -> LayerVersion {
        match self {
            Self::Memory(layer) => layer.version(),
            Self::Disk(layer) => layer.version(),
        }
    }
}

/// A layer as its size asks for.
enum Loaded {
    Memory(Layer),
    Disk(DiskLayer),
}

impl Region {
    /// All layers in the manifest's order.
    pub fn all_layers(&self) -> impl Iterator<Item = AnyLayer<'_>> {
        let (mut in_memory, mut on_disk) = (self.layers.iter().peekable(), self.disk_layers.iter().peekable());
        self.manifest.layers.iter().filter_map(move |entry| {
            let memory = in_memory.next_if(|layer| *layer.id() == entry.id).map(AnyLayer::Memory);
            memory.or_else(|| on_disk.next_if(|layer| *layer.id() == entry.id).map(AnyLayer::Disk))
        })
    }

    /// Loads and checks the pack in a folder. Layers are read side by side on all cores.
    ///
    /// # Errors
    /// Every fault of every file, in the manifest's order; the faults of `region.toml` alone where it has any.
    pub fn load(dir: &Path) -> Result<Self, Faults> {
        Self::load_leaving(dir, DISK_LAYERS_FROM)
    }

    /// The same, leaving on the disk what can be answered from there and has at least so many bytes.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_leaving(dir: &Path, disk_layers_from: u64) -> Result<Self, Faults> {
        let path = dir.join(MANIFEST_FILE);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Fault::file(
                MANIFEST_FILE,
                format!("there is none in {}; `refugia import` makes one", dir.display()),
            ),
            _ => Fault::file(MANIFEST_FILE, format!("cannot be read: {error}")),
        })?;
        Self::load_layers(RegionManifest::parse(&text)?, dir, disk_layers_from)
    }

    /// Loads the layers of a manifest, which may be a part of the pack's, from the files in a folder.
    pub(crate) fn load_layers(manifest: RegionManifest, dir: &Path, disk_layers_from: u64) -> Result<Self, Faults> {
        let next = AtomicUsize::new(0);
        let workers = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(manifest.layers.len());
        let work = || {
            let mut done = Vec::new();
            while let Some((index, layer)) = {
                let index = next.fetch_add(1, Ordering::Relaxed);
                manifest.layers.get(index).map(|layer| (index, layer))
            } {
                done.push((index, load_layer(layer, &dir.join(&layer.file), disk_layers_from)));
            }
            done
        };
        let mut results: Vec<_> = thread::scope(|scope| {
            let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            handles
                .into_iter()
                .flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        results.sort_by_key(|(index, _)| *index);
        let (mut layers, mut disk_layers) = (Vec::new(), Vec::new());
        let mut faults = Vec::new();
        for (_, result) in results {
            match result {
                Ok(Loaded::Memory(layer)) => layers.push(Arc::new(layer)),
                Ok(Loaded::Disk(layer)) => disk_layers.push(Arc::new(layer)),
                Err(Faults(found)) => faults.extend(found),
            }
        }
        if faults.is_empty() {
            Ok(Self {
                manifest,
                layers,
                disk_layers,
            })
        } else {
            Err(Faults(faults))
        }
    }
}

fn load_layer(manifest: &LayerManifest, path: &Path, disk_layers_from: u64) -> Result<Loaded, Faults> {
    match DiskLayer::open(manifest, path, disk_layers_from)? {
        Some(layer) => Ok(Loaded::Disk(layer)),
        None => layer_file::load(manifest, path).map(Loaded::Memory),
    }
}
