//! Tiles kept in memory, rendered or read from an archive, and the versions and entity tags that make them safe to keep anywhere.
//!
//! Owns the key of a tile: the joined layers' version, the tile's address and its encoding. A new version of a layer is
//! a new key, so nothing is ever thrown away by hand; what is no longer asked for goes as memory is needed.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    sync::Arc,
};

use bytes::Bytes;
use moka::sync::Cache;
use xxhash_rust::xxh3::Xxh3Default;

use super::{Encoding, SCHEMA_VERSION, TileCoord, TileFormat, TileLayer, render};
use crate::{
    catalog::{Id, fgb::FgbError},
    coding::{ContentCoding, Effort},
};

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

    /// The version of an archive with this content. Another release may code the same tiles otherwise.
    pub fn of_archive(id: &Id, content: u64) -> Self {
        let mut hash = Xxh3Default::new();
        hash.update(concat!("archive ", env!("CARGO_PKG_VERSION"), " ").as_bytes());
        hash.update(id.as_str().as_bytes());
        hash.update(&content.to_le_bytes());
        Self(hash.digest())
    }
}

impl Display for JoinedVersion {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{:016x}", self.0)
    }
}

/// Identifies a tile's bytes before they are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileKey {
    /// What the layers hold.
    pub version: JoinedVersion,
    /// Where.
    pub tile: TileCoord,
    /// In which format.
    pub format: TileFormat,
}

impl TileKey {
    /// The entity tag of the tile as it is, without quotes.
    pub fn tag(&self) -> String {
        let (z, x, y) = (self.tile.z(), self.tile.x(), self.tile.y());
        format!("{}-{z}-{x}-{y}-{}", self.version, self.format.as_str())
    }
}

/// Rendered tiles, each compressed once for every coding that somebody takes. Bounded by memory, and shared by all
/// threads; a tile asked for by many at once is rendered once.
#[derive(Debug)]
pub struct TileCache {
    tiles: Cache<(TileKey, ContentCoding), Bytes>,
    max_bytes: u64,
}

impl TileCache {
    /// A cache of at most about this many bytes; 0 keeps nothing.
    pub fn new(max_bytes: u64) -> Self {
        let weigh =
            |_: &(TileKey, ContentCoding), body: &Bytes| u32::try_from(body.len() + ENTRY_OVERHEAD).unwrap_or(u32::MAX);
        Self {
            tiles: Cache::builder().max_capacity(max_bytes).weigher(weigh).build(),
            max_bytes,
        }
    }

    /// The tile of joined layers in a coding, rendered and compressed now unless that is kept already; empty where
    /// nothing is in it, whatever the coding.
    ///
    /// # Errors
    /// The file of a layer on the disk can no longer be read.
    pub fn get(
        &self,
        layers: &[&TileLayer],
        tile: TileCoord,
        encoding: Encoding,
        coding: ContentCoding,
    ) -> Result<Bytes, Arc<FgbError>> {
        let version = JoinedVersion::of(layers);
        let key = TileKey {
            version,
            tile,
            format: encoding.into(),
        };
        if let Some(kept) = self.peek(key, coding) {
            return Ok(kept);
        }
        let plain = self.tiles.try_get_with((key, ContentCoding::Identity), || {
            render(layers, tile, encoding).map(Bytes::from)
        })?;
        if coding == ContentCoding::Identity || plain.is_empty() {
            return Ok(plain);
        }
        let code = || Bytes::from(coding.encode(&plain, Effort::Kept));
        Ok(self.tiles.get_with((key, coding), code))
    }

    /// The tile where it is kept already; renders and compresses nothing.
    pub fn peek(&self, key: TileKey, coding: ContentCoding) -> Option<Bytes> {
        self.tiles.get(&(key, coding)).or_else(|| {
            // An empty tile is kept as it is only.
            self.tiles.get(&(key, ContentCoding::Identity)).filter(Bytes::is_empty)
        })
    }

    /// Keeps a tile that was read elsewhere, in a coding; an empty one whatever the coding.
    pub fn put(&self, key: TileKey, coding: ContentCoding, body: Bytes) {
        let coding = if body.is_empty() {
            ContentCoding::Identity
        } else {
            coding
        };
        self.tiles.insert((key, coding), body);
    }

    /// Number of bodies kept and their weight in bytes, for metrics; both lag a little behind.
    pub fn size(&self) -> (u64, u64) {
        self.tiles.run_pending_tasks();
        (self.tiles.entry_count(), self.tiles.weighted_size())
    }

    /// The bytes it may hold.
    pub const fn max_bytes(&self) -> u64 {
        self.max_bytes
    }
}
