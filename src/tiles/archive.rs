//! Tiles baked into one file: `PMTiles` or `MBTiles`, for a static host, an offline map or another program.
//!
//! Owns which tiles there are, rendering them on all processors, and that the file is there whole or not at all. The
//! formats are written by `pmtiles` and `mbtiles`; what a tile shows is the same as on the server.

mod mbtiles;
mod pmtiles;
mod pyramid;

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};
#[cfg(unix)]
use std::{fs, os::unix::fs::PermissionsExt as _};

use bytes::Bytes;
use rayon::prelude::*;
use serde_json::Value;
use tempfile::NamedTempFile;

use super::{Encoding, TileCoord, TileJson, TileLayer, render, tilejson};
use crate::{
    catalog::{ZoomRange, fgb::FgbError},
    coding::{ContentCoding, Effort},
};

/// The coding of tiles in archives: the one that every reader of them can undo.
const CODING: ContentCoding = ContentCoding::Gzip;

/// Tiles rendered before they are written together: enough to keep all processors busy, few enough to hold.
const AT_ONCE: usize = 512;

/// The formats of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFormat {
    /// `PMTiles` 3: one file that clients read by ranges, from any static host.
    PmTiles,
    /// `MBTiles` 1.3: an `SQLite` database.
    MbTiles,
}

impl ArchiveFormat {
    /// The format that the end of a file's name says.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        [Self::PmTiles, Self::MbTiles]
            .into_iter()
            .find(|format| extension.eq_ignore_ascii_case(format.extension()))
    }

    /// The end of its files' names, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::PmTiles => "pmtiles",
            Self::MbTiles => "mbtiles",
        }
    }
}

impl Display for ArchiveFormat {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(match self {
            Self::PmTiles => "PMTiles",
            Self::MbTiles => "MBTiles",
        })
    }
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The file's name ends otherwise.
    #[error("{}: archives end in .pmtiles or .mbtiles", .0.display())]
    UnknownFormat(PathBuf),
    /// The format has no name for the encoding.
    #[error("MBTiles hold Mapbox Vector Tiles only: write a .pmtiles file, or take --encoding mvt")]
    OnlyMvt,
    /// No layer, or no zoom.
    #[error("there is nothing to write: no layer has tiles at the zooms {min} to {max}")]
    Nothing {
        /// The first zoom asked for.
        min: u8,
        /// The last zoom asked for.
        max: u8,
    },
    /// A layer would be missing from the deepest tiles, and so from every closer view.
    #[error(
        "layer {layer} has no tiles beyond zoom {last}, so it would vanish from zoom {next} on: take --max-zoom {last}, \
         or leave it out with --layers"
    )]
    EndsEarlier {
        /// The layer's id.
        layer: String,
        /// Its last zoom.
        last: u8,
        /// The zoom after that.
        next: u8,
    },
    /// More tiles than an archive of a region has.
    #[error("more than {most} tiles down to zoom {max}: take a smaller --max-zoom")]
    TooMany {
        /// The most there may be.
        most: usize,
        /// The last zoom asked for.
        max: u8,
    },
    /// The file cannot be written.
    #[error("{}: {cause}", path.display())]
    Write {
        /// The archive.
        path: PathBuf,
        /// What the system, or the format's library, says.
        cause: String,
    },
    /// A layer on the disk cannot be read.
    #[error(transparent)]
    Read(#[from] FgbError),
}

/// What is baked.
#[derive(Debug)]
pub struct Bake<'a> {
    layers: Vec<&'a TileLayer>,
    encoding: Encoding,
    zooms: ZoomRange,
}

/// How far a bake is; shared with who shows it.
#[derive(Debug, Default)]
pub struct BakeProgress {
    /// Tiles there may be.
    pub total: AtomicU64,
    /// Tiles rendered, the empty ones too.
    pub done: AtomicU64,
}

/// What was baked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baked {
    /// Tiles that hold something.
    pub tiles: u64,
    /// Zooms of those.
    pub zooms: ZoomRange,
    /// Bytes of the file.
    pub bytes: u64,
}

impl<'a> Bake<'a> {
    /// Joins layers, in drawing order, at the zooms they have; `min` and `max` narrow these.
    ///
    /// # Errors
    /// There is no such zoom, or a layer ends before the last one.
    pub fn new(
        layers: Vec<&'a TileLayer>,
        encoding: Encoding,
        min: Option<u8>,
        max: Option<u8>,
    ) -> Result<Self, ArchiveError> {
        let first = layers.iter().map(|layer| layer.zooms().min).min();
        let last = layers.iter().map(|layer| layer.zooms().max).max();
        let min = min.into_iter().chain(first).max().unwrap_or(0);
        let max = max.into_iter().chain(last).min().unwrap_or(0);
        if layers.is_empty() || min > max {
            return Err(ArchiveError::Nothing { min, max });
        }
        if let Some(layer) = layers.iter().find(|layer| layer.zooms().max < max) {
            return Err(ArchiveError::EndsEarlier {
                layer: layer.manifest().id.to_string(),
                last: layer.zooms().max,
                next: layer.zooms().max + 1,
            });
        }
        let zooms = ZoomRange { min, max };
        Ok(Self {
            layers,
            encoding,
            zooms,
        })
    }

    /// Renders every tile and writes the archive in place of what had its name. O(tiles); holds some hundreds of them
    /// and the addresses of all.
    ///
    /// # Errors
    /// The name says no format, the format has no such encoding, there are too many tiles, or something cannot be read
    /// or written. What had the name before is still there then.
    pub fn write(&self, path: &Path, progress: &BakeProgress) -> Result<Baked, ArchiveError> {
        let format = ArchiveFormat::of(path).ok_or_else(|| ArchiveError::UnknownFormat(path.to_owned()))?;
        if format == ArchiveFormat::MbTiles && self.encoding != Encoding::Mvt {
            return Err(ArchiveError::OnlyMvt);
        }
        let tiles = pyramid::tiles(&self.layers, self.zooms)?;
        progress.total.store(tiles.len() as u64, Ordering::Relaxed);
        let target = Target::new(path)?;
        let about = About::new(self);
        let count = match format {
            ArchiveFormat::PmTiles => {
                let mut archive =
                    pmtiles::Writer::new(target.file.reopen(), &about).map_err(|error| target.failed(error))?;
                let count = self.fill(&tiles, progress, |tile, body| {
                    archive.add(tile, body).map_err(|error| target.failed(error))
                })?;
                archive.finish().map_err(|error| target.failed(error))?;
                count
            }
            ArchiveFormat::MbTiles => {
                let mut archive =
                    mbtiles::Writer::new(target.file.path(), &about).map_err(|error| target.failed(error))?;
                let count = self.fill(&tiles, progress, |tile, body| {
                    archive.add(tile, body).map_err(|error| target.failed(error))
                })?;
                archive.finish().map_err(|error| target.failed(error))?;
                count
            }
        };
        Ok(Baked {
            tiles: count,
            zooms: self.zooms,
            bytes: target.keep()?,
        })
    }

    /// Hands over every tile that holds something, compressed, in the order given. Says how many those were.
    fn fill(
        &self,
        tiles: &[TileCoord],
        progress: &BakeProgress,
        mut add: impl FnMut(TileCoord, &[u8]) -> Result<(), ArchiveError>,
    ) -> Result<u64, ArchiveError> {
        let mut count = 0;
        for some in tiles.chunks(AT_ONCE) {
            let bodies: Vec<Bytes> = some
                .par_iter()
                .map(|tile| {
                    let plain = render(&self.layers, *tile, self.encoding)?;
                    progress.done.fetch_add(1, Ordering::Relaxed);
                    Ok(if plain.is_empty() {
                        Bytes::new()
                    } else {
                        CODING.encode(&plain, Effort::Kept).into()
                    })
                })
                .collect::<Result<_, FgbError>>()?;
            for (tile, body) in some.iter().zip(&bodies).filter(|(_, body)| !body.is_empty()) {
                add(*tile, body)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

/// What an archive says about itself.
#[derive(Debug)]
struct About {
    encoding: Encoding,
    zooms: ZoomRange,
    json: TileJson,
}

impl About {
    fn new(bake: &Bake) -> Self {
        Self {
            encoding: bake.encoding,
            zooms: bake.zooms,
            json: tilejson(&bake.layers, "", bake.encoding),
        }
    }

    /// Longitude, latitude and zoom to begin with.
    fn center(&self) -> (f64, f64, u8) {
        let [lon, lat, zoom] = self.json.center;
        (lon, lat, (zoom as u8).clamp(self.zooms.min, self.zooms.max))
    }

    /// The layers with the zooms they have in the archive.
    fn vector_layers(&self) -> Value {
        let layers = self.json.vector_layers.iter().map(|layer| {
            let mut layer = layer.clone();
            layer.minzoom = layer.minzoom.clamp(self.zooms.min, self.zooms.max);
            layer.maxzoom = layer.maxzoom.min(self.zooms.max);
            layer
        });
        serde_json::to_value(layers.collect::<Vec<_>>()).unwrap_or_default()
    }
}

/// The file while it is written, beside where it will stand.
struct Target<'a> {
    path: &'a Path,
    file: NamedTempFile,
}

impl<'a> Target<'a> {
    fn new(path: &'a Path) -> Result<Self, ArchiveError> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or_else(|| Path::new("."));
        let mut builder = tempfile::Builder::new();
        // As any new file: readable for those whom the user's mask lets.
        #[cfg(unix)]
        builder.permissions(fs::Permissions::from_mode(0o666));
        let made = builder.prefix(".refugia-").suffix(".part").tempfile_in(folder);
        let file = made.map_err(|error| ArchiveError::Write {
            path: path.to_owned(),
            cause: error.to_string(),
        })?;
        Ok(Self { path, file })
    }

    fn failed(&self, cause: impl Display) -> ArchiveError {
        ArchiveError::Write {
            path: self.path.to_owned(),
            cause: cause.to_string(),
        }
    }

    /// Puts the file in its place, on the disk for certain; says its size in bytes.
    fn keep(self) -> Result<u64, ArchiveError> {
        let synced: io::Result<u64> = (|| {
            let file = self.file.reopen()?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        })();
        let bytes = synced.map_err(|error| self.failed(error))?;
        let path = self.path.to_owned();
        self.file.persist(self.path).map_err(|error| ArchiveError::Write {
            path,
            cause: error.error.to_string(),
        })?;
        Ok(bytes)
    }
}
