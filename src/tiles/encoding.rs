//! The formats a tile can be written in.

use super::{drawn::DrawnLayer, mlt, mvt};

/// A format of vector tiles. What a tile shows is the same in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// Mapbox Vector Tile 2.1: row by row; every client reads it.
    Mvt,
    /// MapLibre Tile, version 1: column by column, smaller and faster to read; MapLibre GL JS reads it from 5.12 on.
    Mlt,
}

impl Encoding {
    /// Both, the more widely read first.
    pub const ALL: [Self; 2] = [Self::Mvt, Self::Mlt];

    /// The word for it in addresses and TileJSON, which is also its file extension.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mvt => "mvt",
            Self::Mlt => "mlt",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Mvt => "application/vnd.mapbox-vector-tile",
            Self::Mlt => "application/vnd.maplibre-vector-tile",
        }
    }

    /// The bytes of a layer; those of a tile are its layers' one after the other, in either format.
    pub(super) fn encode(self, layer: &DrawnLayer<'_>, tile: &mut Vec<u8>) {
        match self {
            Self::Mvt => mvt::encode(layer, tile),
            Self::Mlt => mlt::encode(layer, tile),
        }
    }
}
