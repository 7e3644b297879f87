//! The content of a layer file, known by its hash: XXH3 of 64 bits.
//!
//! Owns hashing what is read, and the names of files that say their content. An import gives such names, so that a file
//! of another content never has the name of one that is being read.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use xxhash_rust::xxh3::Xxh3;

use super::Id;

/// Hexadecimal digits of a hash in a name.
const DIGITS: usize = 16;

/// What road networks are called.
const ROADS: &str = "roads";

/// The name of a layer's file with this hash: `LAYER-HASH.fgb`.
pub(crate) fn content_name(layer: &Id, hash: u64) -> String {
    format!("{layer}-{hash:016x}.fgb")
}

/// The name of a road network's file with this hash.
pub(crate) fn roads_name(hash: u64) -> String {
    format!("{ROADS}-{hash:016x}.network")
}

/// The hash that a file's name says; `None` for a name that neither [`content_name`] nor [`roads_name`] gives.
pub(crate) fn named_hash(file: &str) -> Option<u64> {
    let hash = if let Some(stem) = file.strip_suffix(".network") {
        stem.strip_prefix(ROADS)?.strip_prefix('-')?
    } else {
        let (layer, hash) = file.strip_suffix(".fgb")?.rsplit_once('-')?;
        layer.parse::<Id>().ok()?;
        hash
    };
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (hash.len() == DIGITS && hash.bytes().all(is_digit)).then(|| u64::from_str_radix(hash, 16).ok())?
}

/// The hash of a file's bytes. O(bytes).
pub(super) fn hash_of(path: &Path) -> io::Result<u64> {
    let mut file = Hashing::new(File::open(path)?);
    let mut buffer = vec![0; 4 << 20];
    while file.read(&mut buffer)? > 0 {}
    Ok(file.digest())
}

/// Hashes what is read through it.
pub(super) struct Hashing<R> {
    inner: R,
    hash: Xxh3,
}

impl<R> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Xxh3::new(),
        }
    }

    /// The hash of all that was read.
    pub(super) fn digest(&self) -> u64 {
        self.hash.digest()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_the_hash_it_was_given() {
        let layer: Id = "flood-zones".parse().unwrap();
        let name = content_name(&layer, 0x0123_4567_89ab_cdef);
        assert_eq!(name, "flood-zones-0123456789abcdef.fgb");
        assert_eq!(named_hash(&name), Some(0x0123_4567_89ab_cdef));
        assert_eq!(named_hash(&roads_name(7)), Some(7));
        for other in [
            "lanes-0123456789abcdef.network",
            "flood.fgb",
            "flood-0123.fgb",
            "flood-0123456789ABCDEF.fgb",
            "flood-+123456789abcdef.fgb",
            "-0123456789abcdef.fgb",
            "flood-0123456789abcdef.csv",
        ] {
            assert_eq!(named_hash(other), None, "{other}");
        }
    }
}
