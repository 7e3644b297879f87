//! One version of an archive, opened: what it says of itself, and its tiles.
//!
//! Owns the way from a tile's number through the directories to its bytes. Directories of leaves are kept, the root for
//! good, the others up to [`KEPT_BYTES`]; one that many ask for at once is read once.

use std::{ops::Range, path::Path, sync::Arc};

use bytes::Bytes;
use moka::future::Cache;
use pmtiles::{TileCoord as Address, TileId};
use serde_json::{Map, Value};
use xxhash_rust::xxh3::Xxh3;

use super::{
    StoredError,
    directory::{Directory, Entry},
    file::FileReader,
    head::{HEAD_BYTES, Head, unpacked_directory},
    object::{Place, Stamp},
};
use crate::{
    catalog::ZoomRange,
    coding::ContentCoding,
    tiles::{TileCoord, TileFormat},
};

/// The most bytes of a tile, as stored and unpacked; what draws maps chokes on less.
pub const MOST_TILE_BYTES: usize = 16 << 20;
/// The most bytes of a directory as stored.
const MOST_LEAF_BYTES: u64 = 2 << 20;
/// The most that metadata may unpack to.
const MOST_METADATA_BYTES: usize = 16 << 20;
/// Bytes of directories kept.
const KEPT_BYTES: u64 = 16 << 20;
/// The most directories on the way to a tile: writers need one beside the root.
const DEEPEST: usize = 4;

/// A version of an archive that tiles are read from.
#[derive(Debug)]
pub struct OpenArchive {
    reader: Reader,
    head: Head,
    metadata: Map<String, Value>,
    content: u64,
    leaves: Cache<u64, Arc<Directory>>,
}

#[derive(Debug)]
enum Reader {
    File(FileReader),
    Object(Place, Stamp),
}

impl Reader {
    async fn read(&self, range: Range<u64>) -> Result<Bytes, StoredError> {
        match self {
            Self::File(file) => file.read(range),
            Self::Object(place, stamp) => place.read(range, stamp).await,
        }
    }
}

impl OpenArchive {
    /// Opens a file and hashes it.
    ///
    /// # Errors
    /// The file cannot be read, or is no archive that is understood.
    pub(super) fn file(path: &Path) -> Result<Self, StoredError> {
        let file = FileReader::open(path)?;
        let first = file.read(0..file.len().min(HEAD_BYTES))?;
        let head = Head::parse(&first, file.len())?;
        let metadata = file.read(head.metadata.clone())?;
        let content = file.hash(&head.tiles)?;
        Self::new(Reader::File(file), head, &metadata, content)
    }

    /// Opens an object elsewhere by two reads.
    ///
    /// # Errors
    /// It cannot be reached, changes meanwhile, or is no archive that is understood.
    pub(super) async fn object(place: &Place) -> Result<Self, StoredError> {
        let (first, stamp) = place.first(HEAD_BYTES).await?;
        let head = Head::parse(&first, stamp.length())?;
        let metadata = place.read(head.metadata.clone(), &stamp).await?;
        let mut hash = Xxh3::new();
        for part in [&*first, &*metadata, stamp.as_text().as_bytes()] {
            hash.update(part);
        }
        let content = hash.digest();
        Self::new(Reader::Object(place.clone(), stamp), head, &metadata, content)
    }

    fn new(reader: Reader, head: Head, metadata: &[u8], content: u64) -> Result<Self, StoredError> {
        let weigh = |_: &u64, leaf: &Arc<Directory>| u32::try_from(leaf.weight()).unwrap_or(u32::MAX);
        Ok(Self {
            metadata: parsed(head.internal, metadata)?,
            leaves: Cache::builder().max_capacity(KEPT_BYTES).weigher(weigh).build(),
            reader,
            head,
            content,
        })
    }

    /// What the tiles are.
    pub const fn format(&self) -> TileFormat {
        self.head.format
    }

    /// How tiles are stored, and given by [`Self::tile`].
    pub const fn coding(&self) -> ContentCoding {
        self.head.coding
    }

    /// The zooms with tiles.
    pub const fn zooms(&self) -> ZoomRange {
        self.head.zooms
    }

    /// West, south, east, north in degrees: the whole world where the archive claims what cannot be.
    pub fn bounds(&self) -> [f64; 4] {
        let [west, south, east, north] = self.head.bounds;
        let fits = west < east && south < north && west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
        if fits {
            self.head.bounds
        } else {
            [-180.0, -90.0, 180.0, 90.0]
        }
    }

    /// Longitude, latitude and zoom to begin with, as claimed.
    pub(super) const fn center(&self) -> (f64, f64, u8) {
        self.head.center
    }

    /// What the archive says beside its header.
    pub(super) const fn metadata(&self) -> &Map<String, Value> {
        &self.metadata
    }

    /// Identifies the content: equal for equal files and for one object, on every machine.
    pub const fn content(&self) -> u64 {
        self.content
    }

    /// Whether reading blocks the thread: it lies in a file here.
    pub const fn blocks(&self) -> bool {
        matches!(self.reader, Reader::File(_))
    }

    /// Whether what is at its place now is another version.
    ///
    /// # Errors
    /// That cannot be found out now.
    pub async fn has_changed(&self) -> Result<bool, StoredError> {
        match &self.reader {
            Reader::File(file) => Ok(file.has_changed()),
            Reader::Object(place, stamp) => place.has_changed(stamp).await,
        }
    }

    /// A tile as it is stored; `None` where there is none. One read for the tile and one for each directory on the way
    /// that is not kept.
    ///
    /// # Errors
    /// The archive cannot be read, has changed, or is damaged on the way to the tile.
    pub async fn tile(&self, tile: TileCoord) -> Result<Option<Bytes>, StoredError> {
        let address = Address::new(tile.z(), tile.x(), tile.y()).map_err(StoredError::damaged)?;
        let number = TileId::from(address).value();
        let mut found = self.head.root.find(number);
        for _ in 0..=DEEPEST {
            match found {
                None => return Ok(None),
                Some(entry) if entry.is_leaf() => found = self.leaf(entry).await?.find(number),
                Some(entry) => {
                    let range = within(&self.head.tiles, entry, MOST_TILE_BYTES as u64)?;
                    return self.reader.read(range).await.map(Some);
                }
            }
        }
        Err(StoredError::damaged("has directories in directories without end"))
    }

    async fn leaf(&self, entry: Entry) -> Result<Arc<Directory>, StoredError> {
        let range = within(&self.head.leaves, entry, MOST_LEAF_BYTES)?;
        let read = async {
            let bytes = self.reader.read(range).await?;
            unpacked_directory(self.head.internal, &bytes).map(Arc::new)
        };
        let leaf = self.leaves.try_get_with(entry.offset, read).await;
        leaf.map_err(|error| StoredError::clone(&error))
    }
}

/// Where an entry lies in the archive, if it lies in its section and is not too long.
fn within(section: &Range<u64>, entry: Entry, most: u64) -> Result<Range<u64>, StoredError> {
    let length = u64::from(entry.length);
    let start = section.start.checked_add(entry.offset);
    let range = start.and_then(|start| Some(start..start.checked_add(length)?));
    range
        .filter(|range| range.end <= section.end && length <= most)
        .ok_or_else(|| StoredError::damaged("an entry of a directory lies outside its section, or is too long"))
}

fn parsed(coding: ContentCoding, bytes: &[u8]) -> Result<Map<String, Value>, StoredError> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let problem = |problem: &dyn std::fmt::Display| StoredError::damaged(format_args!("its metadata: {problem}"));
    let plain = coding
        .decode(bytes, MOST_METADATA_BYTES)
        .map_err(|error| problem(&error))?;
    serde_json::from_slice(&plain).map_err(|error| problem(&error))
}
