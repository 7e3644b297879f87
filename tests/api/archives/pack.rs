//! Packs with archives, made for a test.

use std::{fs, io::Write as _, path::PathBuf};

use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

use crate::site::Site;

/// The tiny pack with more in it. The folder goes with it.
pub(crate) struct Pack(TempDir);

impl Pack {
    pub(crate) fn new() -> Self {
        let pack = Self(tempfile::tempdir().unwrap());
        for entry in fs::read_dir(super::TINY).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), pack.0.path().join(entry.file_name())).unwrap();
        }
        pack
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a file in its place by a rename, as careful programs do.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let beside = self.path(".part");
        fs::write(&beside, bytes).unwrap();
        fs::rename(beside, path).unwrap();
    }

    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.put(name, bytes);
        self
    }

    /// Adds an entry; `place` is its line of `file` or `url`, and others.
    pub(crate) fn archive(self, id: &str, place: &str) -> Self {
        let entry = format!(
            "\n[[archive]]\nid = \"{id}\"\nnames = {{ zh = \"底图\", en = \"Basemap\" }}\n{place}\n\
             source = \"The <source>\"\nlicence = \"ODbL-1.0\"\nvintage = \"2026\"\nsynthetic = true\n"
        );
        let mut manifest = fs::read_to_string(self.path("region.toml")).unwrap();
        manifest.push_str(&entry);
        fs::write(self.path("region.toml"), manifest).unwrap();
        self
    }

    pub(crate) fn site(&self, flags: &[(&str, &str)]) -> Site {
        Site::of(self.0.path().to_str().unwrap(), flags)
    }

    /// The faults it has.
    pub(crate) fn faults(&self) -> Vec<String> {
        let faults = refugia::world::World::load(self.0.path()).unwrap_err();
        faults.0.iter().map(ToString::to_string).collect()
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Zoom, column, row.
type Address = (u8, u32, u32);

/// An archive of tiles as they are stored, in the order of their numbers.
pub(crate) fn archive_of(
    kind: pmtiles::TileType,
    compression: pmtiles::Compression,
    tiles: &[(Address, &[u8])],
) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let deepest = tiles.iter().map(|((z, _, _), _)| *z).max().unwrap();
    let mut writer = pmtiles::PmTilesWriter::new(kind)
        .precompressed(compression)
        .max_zoom(deepest)
        .metadata("{}".to_owned())
        .create(file.reopen().unwrap())
        .unwrap();
    for ((z, x, y), body) in tiles {
        writer
            .add_tile(pmtiles::TileCoord::new(*z, *x, *y).unwrap(), body)
            .unwrap();
    }
    writer.finalize().unwrap();
    fs::read(file.path()).unwrap()
}

/// An archive of every tile of zoom 7, so many that its directory has leaves; each says which it is and a word.
pub(crate) fn large(word: &str) -> Vec<u8> {
    let first = pmtiles::TileId::from(pmtiles::TileCoord::new(7, 0, 0).unwrap()).value();
    let tiles: Vec<_> = (first..first + (1 << 14))
        .map(|number| pmtiles::TileCoord::from(pmtiles::TileId::new(number).unwrap()))
        .map(|tile| {
            let (z, x, y) = (tile.z(), tile.x(), tile.y());
            // Of many lengths, so that the directory does not become small.
            (
                (z, x, y),
                format!("{word} {z}/{x}/{y} {}", "x".repeat((x * 31 + y * 17) as usize % 211)),
            )
        })
        .collect();
    let tiles: Vec<_> = tiles.iter().map(|(at, body)| (*at, body.as_bytes())).collect();
    archive_of(pmtiles::TileType::Mvt, pmtiles::Compression::None, &tiles)
}
