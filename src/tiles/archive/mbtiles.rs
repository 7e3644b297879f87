//! `MBTiles` 1.3: tiles in an `SQLite` database.
//!
//! Source: <https://github.com/mapbox/mbtiles-spec/blob/master/1.3/spec.md>.

use std::path::Path;

use rusqlite::{Connection, Result, params};
use serde_json::json;

use super::{super::TileCoord, About};

pub(super) struct Writer(Connection);

impl Writer {
    /// Begins an archive in an empty file.
    pub(super) fn new(path: &Path, about: &About) -> Result<Self> {
        let archive = Connection::open(path)?;
        // A file that nobody knows yet needs no journal: it is put in its place when it is whole.
        archive.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = 0x4d504258;
             CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
             CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
             BEGIN;",
        )?;
        for (name, value) in metadata(about) {
            archive.execute("INSERT INTO metadata VALUES (?1, ?2)", params![name, value])?;
        }
        Ok(Self(archive))
    }

    /// Adds a tile. Rows are counted from the south.
    pub(super) fn add(&mut self, tile: TileCoord, body: &[u8]) -> Result<()> {
        let row = (1_u32 << tile.z()) - 1 - tile.y();
        let mut insert = self.0.prepare_cached("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)")?;
        insert.execute(params![tile.z(), tile.x(), row, body])?;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<()> {
        self.0.execute_batch(
            "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row); COMMIT; PRAGMA optimize;",
        )?;
        self.0.close().map_err(|(_, error)| error)
    }
}

fn metadata(about: &About) -> [(&'static str, String); 10] {
    let json = &about.json;
    let [west, south, east, north] = json.bounds;
    let (lon, lat, zoom) = about.center();
    [
        ("name", json.name.clone()),
        ("format", "pbf".to_owned()),
        ("bounds", format!("{west},{south},{east},{north}")),
        ("center", format!("{lon},{lat},{zoom}")),
        ("minzoom", about.zooms.min.to_string()),
        ("maxzoom", about.zooms.max.to_string()),
        ("attribution", json.attribution.clone()),
        ("type", "overlay".to_owned()),
        ("version", json.version.clone().into_owned()),
        ("json", json!({ "vector_layers": about.vector_layers() }).to_string()),
    ]
}
