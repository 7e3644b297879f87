//! A province at true size that nobody lives in: a region pack for benchmarks and load tests, made from a seed.
//!
//! Owns the making. Everything in the pack is invented and marked `synthetic`; only the counts are those of a real
//! province (`data/sample/province.toml` says which and from where). The same seed and scale give the same pack, byte
//! for byte, on every machine.
//!
//! 1. **territory** grows the land cell by cell and parts it into counties and prefectures;
//! 2. **zones** grades a finer lattice by smooth noise for each hazard kind and joins cells to zones that share their
//!    borders;
//! 3. **places** puts settlements where the land is kind, and shelters at settlements, as many in each prefecture as its
//!    programme has;
//! 4. **pack** writes the layers, and `region.toml` last.

mod hexes;
mod outline;
mod pack;
mod places;
mod profile;
mod random;
mod territory;
mod zones;

pub use profile::Scale;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::catalog::{RegionManifest, fgb::WriteError};
use pack::PackWriter;
use profile::Profile;
use territory::Territory;

/// Why no sample was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// The folder holds something.
    #[error("{} is not empty; give a folder of its own, it is made if it does not exist", .0.display())]
    NotEmpty(PathBuf),
    /// A file cannot be written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A layer file cannot be written.
    #[error("cannot write a layer: {0}")]
    Write(#[from] WriteError),
    /// The profile does not make a pack.
    #[error("the profile makes no pack: {0}")]
    Profile(String),
}

impl SampleError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// Makes a pack in a folder that is empty or not there yet; `step` is told what is being made. O(vertices); a whole
/// province takes a quarter of a gigabyte of memory for its largest layer.
///
/// # Errors
/// The folder is not empty or cannot be written; what was written until then stays, without a `region.toml`.
pub fn write(dir: &Path, scale: Scale, seed: u64, mut step: impl FnMut(&str)) -> Result<RegionManifest, SampleError> {
    fs::create_dir_all(dir).map_err(SampleError::io(dir))?;
    if fs::read_dir(dir).map_err(SampleError::io(dir))?.next().is_some() {
        return Err(SampleError::NotEmpty(dir.to_owned()));
    }
    let profile = Profile::of(scale);
    step("land");
    let territory = Territory::grow(&profile, seed);
    let mut pack = PackWriter::new(dir);
    pack.divisions(&territory, &profile)?;
    for (kind, count) in &profile.zones {
        step(kind.as_str());
        pack.zones(*kind, &zones::zones(&territory, &profile, *kind, *count, seed))?;
    }
    step("settlements");
    let settlements = places::settlements(&territory, &profile, seed);
    pack.settlements(&settlements)?;
    step("shelters");
    pack.shelters(&places::shelters(&territory, &profile, &settlements, seed))?;
    pack.finish(&territory, &profile)
}

#[cfg(test)]
mod tests {
    use geo::{Area, BooleanOps};
    use geo_types::{Geometry, MultiPolygon};

    use super::*;
    use crate::catalog::{Layer, Region, Role};

    fn region(scale: Scale, seed: u64) -> (tempfile::TempDir, Region) {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), scale, seed, |_| {}).unwrap();
        let region = Region::load(dir.path()).unwrap();
        (dir, region)
    }

    fn polygons(layer: &Layer) -> Vec<MultiPolygon<f64>> {
        let geometries = layer.geometries().iter();
        geometries
            .map(|geometry| match geometry {
                Geometry::MultiPolygon(parts) => parts.clone(),
                Geometry::Polygon(part) => MultiPolygon(vec![part.clone()]),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_sample_is_a_whole_pack_with_exact_counts() {
        let (_dir, region) = region(Scale::County, 1);
        let profile = Profile::of(Scale::County);
        let count = |role: Role| -> usize {
            let layers = region.layers.iter().filter(|layer| layer.role() == role);
            layers.map(|layer| layer.len()).sum()
        };
        assert_eq!(count(Role::Settlement), profile.settlements);
        assert_eq!(count(Role::HazardZone), profile.zones.values().sum::<usize>());
        let shelters: usize = profile.prefectures.iter().map(|prefecture| prefecture.shelters).sum();
        assert_eq!(count(Role::Shelter), shelters);
        assert!(region.layers.iter().all(|layer| layer.manifest().synthetic));
    }

    #[test]
    fn zones_of_a_layer_share_borders_and_never_overlap() {
        let (_dir, region) = region(Scale::County, 2);
        for layer in region.layers.iter().filter(|layer| layer.role() == Role::HazardZone) {
            let zones = polygons(layer);
            let single: f64 = zones.iter().map(Area::unsigned_area).sum();
            let nothing = MultiPolygon::<f64>(Vec::new());
            let whole = zones.iter().fold(nothing, |whole, zone| whole.union(zone));
            let overlap = (single - whole.unsigned_area()).abs() / single;
            assert!(overlap < 1e-6, "{}: {overlap}", layer.id());
            // Neighbours: without shared borders the union would have as many parts as zones.
            assert!(
                whole.0.len() * 3 < zones.len(),
                "{}: {} of {}",
                layer.id(),
                whole.0.len(),
                zones.len()
            );
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let bytes = |seed| {
            let (dir, region) = region(Scale::Town, seed);
            let files = region.layers.iter().map(|layer| layer.manifest().file.clone());
            files
                .map(|file| fs::read(dir.path().join(file)).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(bytes(5), bytes(5));
        assert_ne!(bytes(5), bytes(6));
    }

    #[test]
    fn a_folder_with_anything_in_it_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("mine.txt"), "x").unwrap();
        assert!(matches!(
            write(dir.path(), Scale::Town, 1, |_| {}),
            Err(SampleError::NotEmpty(_))
        ));
    }
}
