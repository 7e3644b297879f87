//! Vector tiles on the fly: Mapbox Vector Tile 2.1 or MapLibre Tile from layers in memory, with TileJSON and a cache.
//!
//! Owns everything between a checked [`Layer`](crate::catalog::Layer) and the bytes of a tile. What a client may rely
//! on (layers, properties, zoom rules) is written down in `tiles/SCHEMA.md`. Styles and HTTP are elsewhere.
//!
//! A layer is prepared once ([`TileLayer::build`]):
//!
//! 1. geometries are taken apart and put on a world grid of whole numbers (`parts`, `grid`);
//! 2. junctions of shared borders are found (`topology`), and every vertex gets its importance (`simplify`), the same
//!    from both sides of a border, so that neighbours simplify alike at all zooms;
//! 3. levels of detail are stored so that low zooms read few vertices (`detail`);
//! 4. properties are encoded (`properties`) and boxes indexed (`layer`).
//!
//! Of a layer that stays on the disk only the order of its features is held; what a tile shows of them is read and prepared
//! for it alone (`disk`). Streets with the minutes to a shelter keep their lines while the minutes change (`minutes`).
//!
//! For a tile each layer is drawn ([`mod@render`]) into one form (`drawn`) that any [`Encoding`] is written from (`mvt`,
//! `mlt`), coarser where the tile would be too large (`fit`). Tiles are kept and compressed ([`TileCache`]), or
//! baked into one file ([`Bake`]). Archives made elsewhere are read tile by tile ([`Archive`]).

mod archive;
mod cache;
mod clip;
mod commands;
mod coord;
mod detail;
mod disk;
mod drawn;
mod encoding;
mod fit;
mod grid;
mod layer;
mod marker;
mod minutes;
mod mlt;
mod mvt;
mod parts;
mod properties;
mod protobuf;
mod render;
mod repair;
mod rings;
mod simplify;
mod source;
mod stored;
mod tilejson;
mod topology;
mod value;

pub use archive::{ArchiveError, ArchiveFormat, Bake, BakeProgress, Baked};
pub use cache::{JoinedVersion, TileCache, TileKey};
pub use coord::{TileCoord, TileCoordError};
pub use encoding::{Encoding, TileFormat};
pub use fit::{MAX_TILE_BYTES, render};
pub use minutes::{LINES_FROM, MinutesLayer, StreetMinutes, Streets};
pub use source::TileLayer;
pub use stored::{Archive, MOST_TILE_BYTES as MOST_STORED_BYTES, OpenArchive, StoredError, describe};
pub use tilejson::{TileJson, VectorLayer, tilejson, tiles_address};

/// Units along each side of a tile.
pub const EXTENT: i32 = 4096;

/// Units drawn beyond each side of a tile, so that strokes and labels do not show where tiles meet: 8 pixels of a
/// 512-pixel tile.
pub const BUFFER: i32 = 64;

/// Version of `tiles/SCHEMA.md`: major.minor.patch. The first grows when a layer, property or rule that a client may
/// rely on is taken away or changes meaning, the second when one is added, the third when only drawing changes. It is
/// part of every tile's version, so that caches let go of tiles of another schema.
pub const SCHEMA_VERSION: &str = "1.3.0";
