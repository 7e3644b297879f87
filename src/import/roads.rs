//! A road network put into a pack, whole or not at all, as layers are.
//!
//! Owns the pack's side of it: the lock, the new manifest, the swap. What is in the file, and that it is a good one, is
//! the concern of the room for routing.

use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use super::{ImportError, manifest, pack::Pack};
use crate::{
    catalog::{Fault, Faults, MANIFEST_FILE, RegionManifest, RoadsManifest, roads_name},
    geometry::BBox,
};

/// A pack that waits for new roads. Nobody else imports into it meanwhile.
pub struct NewRoads {
    dir: PathBuf,
    pack: Pack,
    /// The manifest that is there.
    document: Option<DocumentMut>,
    served: Option<BBox>,
}

impl NewRoads {
    /// Locks the pack in a folder, which is made where it is missing, and checks its manifest.
    ///
    /// # Errors
    /// Another import is running, the manifest is faulty, or the folder cannot be written.
    pub fn open(dir: &Path) -> Result<Self, ImportError> {
        let pack = Pack::open(dir, false)?;
        let faulty = |faults: Faults| ImportError::FaultyPack {
            dir: dir.to_owned(),
            faults,
        };
        let text = pack.manifest()?;
        let region = text.as_deref().map(RegionManifest::parse).transpose().map_err(faulty)?;
        let document = text.map(|text| text.parse()).transpose();
        let document = document
            .map_err(|error: toml_edit::TomlError| faulty(Fault::file(MANIFEST_FILE, error.to_string()).into()))?;
        Ok(Self {
            dir: dir.to_owned(),
            pack,
            document,
            served: region.map(|region| region.bbox),
        })
    }

    /// Where the network file is to be written.
    pub fn staged(&self) -> PathBuf {
        self.pack.staged("roads.network")
    }

    /// The area that the region serves, where the pack has a manifest already.
    pub const fn served(&self) -> Option<BBox> {
        self.served
    }

    /// Makes the staged file, which is safe on the disk, the pack's road network. `entry` says all but the file's name,
    /// which is made from `hash`. A pack without a manifest gets one around `bbox`. Gives the entry as it is written.
    ///
    /// # Errors
    /// The pack cannot be written, or would be faulty with what the entry says; it is then as it was.
    pub fn commit(
        self,
        hash: u64,
        mut entry: RoadsManifest,
        bbox: BBox,
        time_zone: &str,
    ) -> Result<RoadsManifest, ImportError> {
        entry.file = roads_name(hash);
        let fresh = || manifest::new_region(&self.dir, bbox, time_zone);
        let mut document = self.document.unwrap_or_else(fresh);
        manifest::put_roads(&mut document, &entry);
        let text = document.to_string();
        RegionManifest::parse(&text).map_err(ImportError::FaultyRoads)?;
        let staged = self.pack.staged("roads.network");
        self.pack.commit(&staged, &entry.file, &text, None)?;
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn entry() -> RoadsManifest {
        RoadsManifest {
            file: String::new(),
            source: "a survey".to_owned(),
            licence: "ours".to_owned(),
            vintage: "2026".to_owned(),
            synthetic: true,
        }
    }

    fn put(dir: &Path, hash: u64, entry: RoadsManifest) -> Result<RoadsManifest, ImportError> {
        let roads = NewRoads::open(dir)?;
        fs::write(roads.staged(), hash.to_string()).unwrap();
        let bbox = BBox::new(119.0, 25.0, 120.0, 26.0).unwrap();
        roads.commit(hash, entry, bbox, "Asia/Shanghai")
    }

    #[test]
    fn a_folder_becomes_a_pack_and_the_next_network_takes_the_place_of_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let first = put(dir.path(), 1, entry()).unwrap();
        let manifest = || fs::read_to_string(dir.path().join(MANIFEST_FILE)).unwrap();
        assert_eq!(RegionManifest::parse(&manifest()).unwrap().roads.as_ref(), Some(&first));

        fs::write(dir.path().join(MANIFEST_FILE), format!("# mine\n{}", manifest())).unwrap();
        let second = put(dir.path(), 2, entry()).unwrap();
        assert_eq!(
            RegionManifest::parse(&manifest()).unwrap().roads.as_ref(),
            Some(&second)
        );
        assert!(manifest().starts_with("# mine"));
        assert!(dir.path().join(&first.file).exists(), "a server may read it still");
        put(dir.path(), 3, entry()).unwrap();
        assert!(!dir.path().join(&first.file).exists());
        assert!(dir.path().join(&second.file).exists());
    }

    #[test]
    fn an_entry_that_would_be_a_fault_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), 1, entry()).unwrap();
        let before = fs::read(dir.path().join(MANIFEST_FILE)).unwrap();
        let blank = RoadsManifest {
            licence: " ".to_owned(),
            ..entry()
        };
        assert!(matches!(put(dir.path(), 2, blank), Err(ImportError::FaultyRoads(_))));
        assert_eq!(fs::read(dir.path().join(MANIFEST_FILE)).unwrap(), before);
    }
}
