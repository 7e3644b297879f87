//! The beginning of an archive: the header and the root directory, checked.
//!
//! Owns what the header may claim. Where sections lie is read here; types, zooms and bounds by the crate `pmtiles`.

use std::ops::Range;

use bytes::Bytes;
use pmtiles::{Compression, Header, PmtError, TileType};

use super::{StoredError, directory::Directory};
use crate::{
    catalog::ZoomRange,
    coding::ContentCoding,
    tiles::{Encoding, TileFormat},
};

/// Bytes within which the header and the root directory lie.
pub(super) const HEAD_BYTES: u64 = 16_384;
/// Bytes of the header.
const HEADER_BYTES: u64 = 127;
/// The version of the format.
const VERSION: u8 = 3;
/// The most that a directory may unpack to: 16 times what writers of archives of the whole world make.
const MOST_DIRECTORY_BYTES: usize = 8 << 20;
/// The most bytes of metadata as stored.
const MOST_METADATA_BYTES: u64 = 4 << 20;

/// What the beginning of an archive says.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) format: TileFormat,
    /// How tiles are stored.
    pub(super) coding: ContentCoding,
    /// How directories and metadata are stored.
    pub(super) internal: ContentCoding,
    pub(super) zooms: ZoomRange,
    /// West, south, east, north, degrees, as claimed.
    pub(super) bounds: [f64; 4],
    /// Longitude, latitude, zoom, as claimed.
    pub(super) center: (f64, f64, u8),
    pub(super) root: Directory,
    pub(super) metadata: Range<u64>,
    pub(super) leaves: Range<u64>,
    pub(super) tiles: Range<u64>,
}

impl Head {
    /// Reads the beginning of an archive: its first [`HEAD_BYTES`], or all of it, of `total` bytes.
    ///
    /// # Errors
    /// It is no archive of this version, or it claims what cannot be.
    pub(super) fn parse(bytes: &Bytes, total: u64) -> Result<Self, StoredError> {
        let header = Header::try_from_bytes(bytes.slice(..bytes.len().min(HEADER_BYTES as usize)));
        let header = header.map_err(|error| StoredError::damaged(told(&error)))?;
        if header.spec_version() != VERSION {
            let version = header.spec_version();
            let problem =
                format!("is PMTiles of version {version}; version {VERSION} is read: `pmtiles convert` makes it");
            return Err(StoredError::Damaged(problem));
        }
        let section = |name: &str, number: usize| section(bytes, name, number, total);
        let root = section("root directory", 0)?;
        if root.start < HEADER_BYTES || root.end > bytes.len() as u64 || root.end > HEAD_BYTES {
            return Err(StoredError::damaged(
                "the root directory does not lie in the first 16 KiB",
            ));
        }
        let metadata = section("metadata", 1)?;
        if metadata.end - metadata.start > MOST_METADATA_BYTES {
            return Err(StoredError::damaged("the metadata take more than 4 MiB"));
        }
        let internal = coding(header.internal_compression(), "directories")?;
        Ok(Self {
            format: format(header.tile_type)?,
            coding: coding(header.tile_compression, "tiles")?,
            internal,
            zooms: zooms(&header)?,
            bounds: [
                header.min_longitude,
                header.min_latitude,
                header.max_longitude,
                header.max_latitude,
            ],
            center: (header.center_longitude, header.center_latitude, header.center_zoom),
            root: unpacked_directory(internal, &bytes[root.start as usize..root.end as usize])?,
            metadata,
            leaves: section("leaf directories", 2)?,
            tiles: section("tiles", 3)?,
        })
    }
}

/// A directory as it is stored.
pub(super) fn unpacked_directory(coding: ContentCoding, bytes: &[u8]) -> Result<Directory, StoredError> {
    let plain = coding.decode(bytes, MOST_DIRECTORY_BYTES);
    Directory::parse(&plain.map_err(|error| StoredError::damaged(format_args!("a directory holds {error}")))?)
}

/// The section of this number in the header, as offset and length of eight bytes each, from the ninth byte on.
fn section(header: &[u8], name: &str, number: usize, total: u64) -> Result<Range<u64>, StoredError> {
    let at = 8 + 16 * number;
    let number = |at: usize| header.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    let section = number(at).zip(number(at + 8)).and_then(|(offset, length)| {
        // A section of nothing may lie anywhere.
        let end = if length == 0 {
            offset
        } else {
            offset.checked_add(length)?
        };
        (length == 0 || end <= total).then_some(offset..end)
    });
    section.ok_or_else(|| {
        let problem = format!("is cut short or damaged: its {name} would end beyond the {total} bytes it has");
        StoredError::Damaged(problem)
    })
}

fn told(error: &PmtError) -> String {
    match error {
        PmtError::UnsupportedPmTilesVersion => {
            format!("is PMTiles of an old version; version {VERSION} is read: `pmtiles convert` makes it")
        }
        PmtError::InvalidMagicNumber => "is no PMTiles archive".to_owned(),
        PmtError::InvalidHeader => "is cut short in its header".to_owned(),
        other => format!("has a header that is not understood: {other}"),
    }
}

fn coding(compression: Compression, of: &str) -> Result<ContentCoding, StoredError> {
    match compression {
        Compression::None => Ok(ContentCoding::Identity),
        Compression::Gzip => Ok(ContentCoding::Gzip),
        Compression::Brotli => Ok(ContentCoding::Brotli),
        Compression::Zstd => Ok(ContentCoding::Zstd),
        Compression::Unknown => Err(StoredError::damaged(format_args!(
            "does not say how its {of} are compressed"
        ))),
    }
}

fn format(kind: TileType) -> Result<TileFormat, StoredError> {
    match kind {
        TileType::Mvt => Ok(TileFormat::Vector(Encoding::Mvt)),
        TileType::Mlt => Ok(TileFormat::Vector(Encoding::Mlt)),
        TileType::Png => Ok(TileFormat::Png),
        TileType::Jpeg => Ok(TileFormat::Jpeg),
        TileType::Webp => Ok(TileFormat::Webp),
        TileType::Avif => Ok(TileFormat::Avif),
        TileType::Unknown => Err(StoredError::damaged("does not say of which format its tiles are")),
    }
}

/// The zooms that can be asked for.
fn zooms(header: &Header) -> Result<ZoomRange, StoredError> {
    let (min, max) = (header.min_zoom, header.max_zoom.min(ZoomRange::DEEPEST));
    if min > max {
        let problem = format!(
            "has tiles at the zooms {min} to {}; they must lie in 0..={}",
            header.max_zoom,
            ZoomRange::DEEPEST
        );
        return Err(StoredError::Damaged(problem));
    }
    Ok(ZoomRange { min, max })
}
