//! Rendered tiles kept in memory, and the versions and entity tags that make them safe to keep anywhere.
//!
//! Owns the key of a tile: the joined layers' version, the tile's address and its encoding. A new version of a layer is a new key, so
//! nothing is ever thrown away by hand; what is no longer asked for goes as memory is needed.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    io::Write,
    sync::Arc,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use moka::sync::Cache;
use xxhash_rust::xxh3::Xxh3Default;

use super::{Encoding, SCHEMA_VERSION, TileCoord, TileLayer, render};
use crate::catalog::fgb::FgbError;

/// gzip's default: on tiles each step further costs twice the time for a hundredth of the size.
const GZIP_LEVEL: u32 = 6;
/// What an entry costs beside its bytes: key, counters and pointers, in bytes, roughly.
const ENTRY_OVERHEAD: usize = 200;

/// Identifies the content of all tiles of joined layers: equal for equal layers in equal order and equal software, on
/// every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JoinedVersion(u64);

impl JoinedVersion {
    /// The version of layers joined in this order. O(layers).
    pub fn of(layers: &[&TileLayer]) -> Self {
        let mut hash = Xxh3Default::new();
        // Another release may draw the same data otherwise.
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(SCHEMA_VERSION.as_bytes());
        for layer in layers {
            hash.update(layer.manifest().id.as_str().as_bytes());
            hash.update(&[0]);
            hash.update(&layer.version().0.to_le_bytes());
        }
        Self(hash.digest())
    }
}

impl Display for JoinedVersion {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{:016x}", self.0)
    }
}

/// How a body is coded on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentCoding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
}

/// The strong entity tag of a tile, with its quotes. Codings of one tile have different tags, as RFC 9110, section
/// 8.8.3.3, asks, and so have encodings.
pub fn etag(version: JoinedVersion, tile: TileCoord, encoding: Encoding, coding: ContentCoding) -> String {
    let suffix = match coding {
        ContentCoding::Identity => "",
        ContentCoding::Gzip => "-gzip",
    };
    let (z, x, y) = (tile.z(), tile.x(), tile.y());
    format!("\"{version}-{z}-{x}-{y}-{}{suffix}\"", encoding.as_str())
}

/// A rendered tile in both codings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedTile {
    raw: Bytes,
    gzip: Bytes,
}

impl CachedTile {
    fn new(raw: Vec<u8>) -> Self {
        let gzip = compress(&raw);
        Self {
            raw: raw.into(),
            gzip: gzip.into(),
        }
    }

    /// Whether the tile holds nothing.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The body in a coding; not copied.
    pub fn body(&self, coding: ContentCoding) -> Bytes {
        match coding {
            ContentCoding::Identity => self.raw.clone(),
            ContentCoding::Gzip => self.gzip.clone(),
        }
    }

    fn weight(&self) -> u32 {
        u32::try_from(self.raw.len() + self.gzip.len() + ENTRY_OVERHEAD).unwrap_or(u32::MAX)
    }
}

fn compress(raw: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
    encoder
        .write_all(raw)
        .and_then(|()| encoder.finish())
        .expect("writing to memory does not fail")
}

/// Rendered tiles, bounded by memory. Shared by all threads; a tile asked for by many at once is rendered once.
#[derive(Debug)]
pub struct TileCache {
    tiles: Cache<(JoinedVersion, TileCoord, Encoding), Arc<CachedTile>>,
}

impl TileCache {
    /// A cache of at most about this many bytes; 0 keeps nothing.
    pub fn new(max_bytes: u64) -> Self {
        let weigh = |_: &(JoinedVersion, TileCoord, Encoding), tile: &Arc<CachedTile>| tile.weight();
        Self {
            tiles: Cache::builder().max_capacity(max_bytes).weigher(weigh).build(),
        }
    }

    /// The tile of joined layers, rendered and compressed now unless it is kept already.
    ///
    /// # Errors
    /// The file of a layer on the disk can no longer be read.
    pub fn get(
        &self,
        layers: &[&TileLayer],
        tile: TileCoord,
        encoding: Encoding,
    ) -> Result<Arc<CachedTile>, Arc<FgbError>> {
        let key = (JoinedVersion::of(layers), tile, encoding);
        self.tiles
            .try_get_with(key, || Ok(Arc::new(CachedTile::new(render(layers, tile, encoding)?))))
    }

    /// The tile where it is kept already; renders nothing.
    pub fn peek(&self, version: JoinedVersion, tile: TileCoord, encoding: Encoding) -> Option<Arc<CachedTile>> {
        self.tiles.get(&(version, tile, encoding))
    }

    /// Number of tiles kept and their weight in bytes, for metrics; both lag a little behind.
    pub fn size(&self) -> (u64, u64) {
        self.tiles.run_pending_tasks();
        (self.tiles.entry_count(), self.tiles.weighted_size())
    }
}
