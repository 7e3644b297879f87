//! The folder of uploaded files: only the server's own user looks into it, and it goes with the server.
//!
//! A server that is killed cannot remove its folder. Each folder holds a file that its server keeps locked: where the
//! lock is free, nobody uses the folder any more, and the next server removes it.

#[cfg(unix)]
use std::fs::Permissions;
use std::{
    env,
    fs::{self, File},
    io,
    path::Path,
};

use tempfile::TempDir;

const PREFIX: &str = "refugia-uploads-";
const LOCK_FILE: &str = ".lock";

/// A folder for uploaded files, removed when dropped.
#[derive(Debug)]
pub(super) struct Folder {
    folder: TempDir,
    /// Locked for as long as the folder is in use.
    _lock: File,
}

impl Folder {
    /// A new one, among the system's temporary files.
    pub(super) fn new() -> io::Result<Self> {
        Self::new_in(&env::temp_dir())
    }

    fn new_in(parent: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(Permissions::from_mode(0o700));
        }
        let folder = builder.tempdir_in(parent)?;
        // Locked before it gets its name: nobody finds it free.
        let unnamed = folder.path().join(".lock.new");
        let lock = File::create_new(&unnamed)?;
        lock.lock()?;
        fs::rename(unnamed, folder.path().join(LOCK_FILE))?;
        Ok(Self { folder, _lock: lock })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes what servers left that were killed.
pub(super) fn remove_stale() {
    remove_stale_in(&env::temp_dir());
}

fn remove_stale_in(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let Ok(lock) = File::open(entry.path().join(LOCK_FILE)) else {
            continue;
        };
        // The lock is held until the folder is gone, so that two servers do not remove it at once.
        if lock.try_lock().is_ok() && fs::remove_dir_all(entry.path()).is_ok() {
            tracing::info!(folder = %entry.path().display(), "removed the uploads of a server that was killed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_that_nobody_uses_are_removed() {
        let parent = tempfile::tempdir().unwrap();
        let left = |name: &str, file: &str| {
            let folder = parent.path().join(name);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(file), "").unwrap();
            fs::create_dir(folder.join("upload")).unwrap();
            folder
        };
        let stale = left("refugia-uploads-killed", LOCK_FILE);
        let being_made = left("refugia-uploads-young", ".lock.new");
        let another = left("other-uploads", LOCK_FILE);
        let used = Folder::new_in(parent.path()).unwrap();
        remove_stale_in(parent.path());
        assert!(!stale.exists());
        assert!(being_made.exists() && another.exists() && used.path().exists());
        let path = used.path().to_owned();
        drop(used);
        assert!(!path.exists());
    }
}
