//! `PMTiles` 3, by the crate of that name.
//!
//! Source: <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>.

use std::{
    fs::File,
    io::{self, BufWriter},
};

use pmtiles::{Compression, PmTilesStreamWriter, PmTilesWriter, PmtResult, TileCoord as Address, TileId, TileType};
use serde_json::json;

use super::{
    super::{Encoding, TileCoord},
    About,
};

pub(super) struct Writer(PmTilesStreamWriter<BufWriter<File>>);

impl Writer {
    /// Begins an archive in an empty file.
    pub(super) fn new(file: io::Result<File>, about: &About) -> PmtResult<Self> {
        let json = &about.json;
        let metadata = json!({
            "name": json.name,
            "attribution": json.attribution,
            "version": json.version,
            "type": "overlay",
            "generator": concat!("refugia ", env!("CARGO_PKG_VERSION")),
            "vector_layers": about.vector_layers(),
        });
        let kind = match about.encoding {
            Encoding::Mvt => TileType::Mvt,
            Encoding::Mlt => TileType::Mlt,
        };
        let ([west, south, east, north], (lon, lat, zoom)) = (json.bounds, about.center());
        let archive = PmTilesWriter::new(kind)
            .precompressed(Compression::Gzip)
            .min_zoom(about.zooms.min)
            .max_zoom(about.zooms.max)
            .bounds(west, south, east, north)
            .center(lon, lat)
            .center_zoom(zoom)
            .metadata(metadata.to_string());
        Ok(Self(archive.create(BufWriter::new(file?))?))
    }

    /// Adds a tile; equal tiles are kept once.
    pub(super) fn add(&mut self, tile: TileCoord, body: &[u8]) -> PmtResult<()> {
        self.0.add_tile(Address::new(tile.z(), tile.x(), tile.y())?, body)
    }

    pub(super) fn finish(self) -> PmtResult<()> {
        self.0.finalize()
    }
}

/// The place of a tile in an archive: by zoom, then along the Hilbert curve.
pub(super) fn tile_id(tile: TileCoord) -> u64 {
    Address::new(tile.z(), tile.x(), tile.y()).map_or(u64::MAX, |address| TileId::from(address).value())
}
