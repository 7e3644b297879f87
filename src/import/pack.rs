//! The pack's folder during an import: one importer at a time, and all or nothing.
//!
//! The new layer file gets a name that holds its content's hash, so that it never overwrites a file that a server may
//! be reading; renaming `region.toml` is the one step that makes it part of the pack. A layer file that an earlier
//! import wrote and no manifest names any more is removed by the next import, not by the one that replaced it, for a
//! server may have read the old manifest a moment ago. Road networks go the same way as layers.

use std::{
    fs::{self, File, TryLockError},
    io::Write,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{ImportError, recipe};
use crate::catalog::{Id, MANIFEST_FILE};

/// Holds the lock while an import runs; the system lets go of it even when the process is killed.
const LOCK_FILE: &str = ".refugia-import.lock";

/// What the folders for unfinished imports are called.
const STAGING_PREFIX: &str = ".refugia-import-";

/// A pack folder that only we write to.
pub(super) struct Pack {
    dir: PathBuf,
    /// The folder was made by us and is removed again unless the import succeeds.
    made_dir: bool,
    /// So were as many of the folders above it.
    made_parents: usize,
    committed: bool,
    staging: Option<TempDir>,
    /// Held, never read: closing it lets go of the lock.
    lock: Option<File>,
}

impl Pack {
    /// Locks the pack and clears away what killed imports have left. A dry run neither locks nor writes there.
    pub(super) fn open(dir: &Path, dry_run: bool) -> Result<Self, ImportError> {
        let made_dir = !dry_run && !dir.exists();
        let missing = dir
            .ancestors()
            .skip(1)
            .take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let mut pack = Self {
            dir: dir.to_owned(),
            made_dir,
            made_parents: missing.count(),
            committed: false,
            staging: None,
            lock: None,
        };
        if dry_run {
            pack.staging = Some(TempDir::with_prefix(STAGING_PREFIX).map_err(ImportError::io(dir))?);
            return Ok(pack);
        }
        fs::create_dir_all(dir).map_err(ImportError::io(dir))?;
        let lock_path = dir.join(LOCK_FILE);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(ImportError::io(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => pack.lock = Some(lock),
            Err(TryLockError::WouldBlock) => return Err(ImportError::Locked(dir.to_owned())),
            Err(TryLockError::Error(source)) => return Err(ImportError::io(&lock_path)(source)),
        }
        pack.clear_leftovers()?;
        pack.staging = Some(TempDir::with_prefix_in(STAGING_PREFIX, dir).map_err(ImportError::io(dir))?);
        Ok(pack)
    }

    /// The manifest's text, if there is one.
    pub(super) fn manifest(&self) -> Result<Option<String>, ImportError> {
        let path = self.dir.join(MANIFEST_FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ImportError::io(&path)(error)),
        }
    }

    /// Where a file is prepared.
    pub(super) fn staged(&self, name: &str) -> PathBuf {
        self.staging.as_ref().map_or(&*self.dir, TempDir::path).join(name)
    }

    /// Makes the staged file, which is safe on the disk, and the manifest the pack's. The mapping that a layer was read by
    /// goes beside it; without the manifest neither is of any account.
    pub(super) fn commit(
        mut self,
        staged: &Path,
        file: &str,
        manifest: &str,
        kept: Option<&str>,
    ) -> Result<(), ImportError> {
        let layer_path = self.dir.join(file);
        let kept_name = recipe::kept_name(file);
        // The same content has the same name: then the file may be the old manifest's, too, and is not ours to remove.
        let was_there = layer_path.exists();
        let placed = fs::rename(staged, &layer_path).map_err(ImportError::io(&layer_path));
        let placed = placed.and_then(|()| kept.map_or(Ok(()), |kept| self.keep(&kept_name, kept)));
        if let Err(error) = placed.and_then(|()| self.swap_manifest(manifest)) {
            if !was_there {
                let _ = fs::remove_file(&layer_path);
                let _ = fs::remove_file(self.dir.join(&kept_name));
            }
            return Err(error);
        }
        self.committed = true;
        // From here on the new pack stands, and must not be undone.
        let made_durable = sync_dir(&self.dir).and_then(|()| self.sync_parents());
        made_durable.map_err(|source| ImportError::NotDurable {
            dir: self.dir.clone(),
            source,
        })
    }

    /// Puts the mapping beside the layer file.
    fn keep(&self, name: &str, text: &str) -> Result<(), ImportError> {
        let path = self.dir.join(name);
        let staged = self.staged(name);
        let write = || {
            let mut new = File::create_new(&staged)?;
            new.write_all(text.as_bytes())?;
            new.sync_all()?;
            fs::rename(&staged, &path)
        };
        write().map_err(ImportError::io(&path))
    }

    /// Everything up to the rename that makes the new pack the pack.
    fn swap_manifest(&self, manifest: &str) -> Result<(), ImportError> {
        let path = self.dir.join(MANIFEST_FILE);
        let staged = self.staged(MANIFEST_FILE);
        let write = || {
            let mut new = File::create_new(&staged)?;
            new.write_all(manifest.as_bytes())?;
            if let Ok(old) = fs::metadata(&path) {
                new.set_permissions(old.permissions())?;
            }
            new.sync_all()?;
            // The layer's name must be on the disk before the manifest that speaks of it.
            sync_dir(&self.dir)?;
            fs::rename(&staged, &path)
        };
        write().map_err(ImportError::io(&path))
    }

    /// A folder that was made has its name in its parent.
    fn sync_parents(&self) -> std::io::Result<()> {
        if !self.made_dir {
            return Ok(());
        }
        let dir = self.dir.canonicalize()?;
        dir.ancestors()
            .skip(1)
            .take(self.made_parents + 1)
            .try_for_each(sync_dir)
    }

    /// Removes staging folders, and layer files of earlier imports that the manifest does not name. Without a manifest
    /// every layer file stays: an operator may have moved it aside for a moment.
    fn clear_leftovers(&self) -> Result<(), ImportError> {
        let manifest = self.manifest()?;
        let is_unnamed = |name: &str| {
            let layer = layer_of(name);
            manifest.as_ref().is_some_and(|manifest| !manifest.contains(&layer))
        };
        let entries = fs::read_dir(&self.dir).map_err(ImportError::io(&self.dir))?;
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = entry.path();
            if name.starts_with(STAGING_PREFIX) && path.is_dir() {
                fs::remove_dir_all(&path).map_err(ImportError::io(&path))?;
            } else if is_versioned(&layer_of(&name)) && is_unnamed(&name) {
                fs::remove_file(&path).map_err(ImportError::io(&path))?;
            }
        }
        Ok(())
    }
}

impl Drop for Pack {
    /// A folder that was made for nothing goes again; `remove_dir` leaves anything that others put there.
    fn drop(&mut self) {
        drop(self.staging.take());
        if self.made_dir && !self.committed {
            let _ = fs::remove_file(self.dir.join(LOCK_FILE));
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A layer file's name: the layer's id and the hash of its bytes.
pub(super) fn file_name(layer: &Id, hash: u64) -> String {
    format!("{layer}-{hash:016x}.fgb")
}

/// The layer file that a kept mapping belongs to; any other name as it is.
fn layer_of(name: &str) -> String {
    let stem = name.strip_suffix(recipe::KEPT_SUFFIX);
    stem.map_or_else(|| name.to_owned(), |stem| format!("{stem}.fgb"))
}

/// A road network's name: the hash of its file.
pub(super) fn roads_file_name(hash: u64) -> String {
    format!("roads-{hash:016x}.network")
}

/// Whether a name is one that [`file_name`] or [`roads_file_name`] gives.
fn is_versioned(name: &str) -> bool {
    let layer = name.strip_suffix(".fgb").and_then(|stem| stem.rsplit_once('-'));
    let roads = || name.strip_suffix(".network").and_then(|stem| stem.rsplit_once('-'));
    let roads = || roads().filter(|(stem, _)| *stem == "roads");
    layer.or_else(roads).is_some_and(|(layer, hash)| {
        layer.parse::<Id>().is_ok()
            && hash.len() == 16
            && hash
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "file = \"l-0123456789abcdef.fgb\"";

    /// A pack whose manifest names one layer file, and a new file to commit.
    fn pack(dir: &Path) -> (Pack, PathBuf) {
        fs::write(dir.join(MANIFEST_FILE), OLD).unwrap();
        fs::write(dir.join("l-0123456789abcdef.fgb"), "old layer").unwrap();
        fs::write(dir.join("new"), "new layer").unwrap();
        (Pack::open(dir, false).unwrap(), dir.join("new"))
    }

    fn content(dir: &Path, name: &str) -> Option<String> {
        fs::read_to_string(dir.join(name)).ok()
    }

    #[test]
    fn a_manifest_that_cannot_be_written_takes_the_new_layer_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let (pack, new) = pack(dir.path());
        fs::remove_dir(pack.staged("")).unwrap();
        assert!(
            pack.commit(&new, "l-00000000000000aa.fgb", "new", Some("kept"))
                .is_err()
        );
        assert_eq!(content(dir.path(), "l-00000000000000aa.fgb"), None);
        assert_eq!(content(dir.path(), MANIFEST_FILE).as_deref(), Some(OLD));
    }

    #[test]
    fn a_layer_that_the_old_manifest_names_too_is_never_removed() {
        let dir = tempfile::tempdir().unwrap();
        let (pack, _) = pack(dir.path());
        fs::write(dir.path().join("same"), "old layer").unwrap();
        fs::remove_dir(pack.staged("")).unwrap();
        let failed = pack.commit(&dir.path().join("same"), "l-0123456789abcdef.fgb", "new", Some("kept"));
        assert!(failed.is_err());
        assert_eq!(
            content(dir.path(), "l-0123456789abcdef.fgb").as_deref(),
            Some("old layer")
        );
        assert_eq!(content(dir.path(), MANIFEST_FILE).as_deref(), Some(OLD));
    }

    #[test]
    fn what_is_committed_stands() {
        let dir = tempfile::tempdir().unwrap();
        let (pack, new) = pack(dir.path());
        pack.commit(&new, "l-00000000000000aa.fgb", "new", Some("kept"))
            .unwrap();
        assert_eq!(
            content(dir.path(), "l-00000000000000aa.fgb").as_deref(),
            Some("new layer")
        );
        assert_eq!(
            content(dir.path(), "l-0123456789abcdef.fgb").as_deref(),
            Some("old layer")
        );
        assert_eq!(content(dir.path(), MANIFEST_FILE).as_deref(), Some("new"));
    }
}
