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

use super::{Fault, Faults, Layer, MANIFEST_FILE, RegionManifest, layer_file};

/// A region pack as loaded: the manifest and its layers in the same order.
#[derive(Debug, Clone)]
pub struct Region {
    /// What `region.toml` says.
    pub manifest: RegionManifest,
    /// The layers, in the manifest's order.
    pub layers: Vec<Arc<Layer>>,
}

impl Region {
    /// Loads and checks the pack in a folder. Layers are read side by side on all cores.
    ///
    /// # Errors
    /// Every fault of every file, in the manifest's order; the faults of `region.toml` alone where it has any.
    pub fn load(dir: &Path) -> Result<Self, Faults> {
        let path = dir.join(MANIFEST_FILE);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Fault::file(
                MANIFEST_FILE,
                format!("there is none in {}; `refugia import` makes one", dir.display()),
            ),
            _ => Fault::file(MANIFEST_FILE, format!("cannot be read: {error}")),
        })?;
        Self::load_layers(RegionManifest::parse(&text)?, dir)
    }

    /// Loads the layers of a manifest, which may be a part of the pack's, from the files in a folder.
    pub(crate) fn load_layers(manifest: RegionManifest, dir: &Path) -> Result<Self, Faults> {
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
                done.push((index, layer_file::load(layer, &dir.join(&layer.file))));
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
        let mut layers = Vec::new();
        let mut faults = Vec::new();
        for (_, result) in results {
            match result {
                Ok(layer) => layers.push(Arc::new(layer)),
                Err(Faults(found)) => faults.extend(found),
            }
        }
        if faults.is_empty() {
            Ok(Self { manifest, layers })
        } else {
            Err(Faults(faults))
        }
    }
}
