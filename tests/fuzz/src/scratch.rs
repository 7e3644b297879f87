//! The folder that inputs are written to: one for each process, in the folder for temporary files, which `run.sh` puts
//! into memory.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
});

/// A file of this name with this content; the one before it is overwritten.
pub fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = FOLDER.join(name);
    fs::write(&path, content).expect("a file can be written");
    path
}

/// A path in the folder.
pub fn path(name: &str) -> PathBuf {
    FOLDER.join(name)
}

/// Now and then: what readers unpack must go with them.
pub fn check_that_nothing_is_left() {
    static INPUTS: AtomicU64 = AtomicU64::new(0);
    if INPUTS.fetch_add(1, Ordering::Relaxed) % 1024 != 0 {
        return;
    }
    let parent = FOLDER.parent().unwrap_or(Path::new("/"));
    let entries = fs::read_dir(parent).expect("the folder can be read");
    let left = entries
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("refugia-"));
    assert!(left.is_none(), "{left:?} is left of what was unpacked");
}
