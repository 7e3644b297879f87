//! The formats a tile can be written in, and those it may come in from an archive.

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

/// What a tile's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileFormat {
    /// A vector tile, drawn here or elsewhere.
    Vector(Encoding),
    /// A picture, out of an archive.
    Png,
    /// The same.
    Jpeg,
    /// The same.
    Webp,
    /// The same.
    Avif,
}

impl From<Encoding> for TileFormat {
    fn from(encoding: Encoding) -> Self {
        Self::Vector(encoding)
    }
}

impl TileFormat {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Vector(Encoding::Mvt),
        Self::Vector(Encoding::Mlt),
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Avif,
    ];

    /// The end of its addresses, without the dot.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vector(encoding) => encoding.as_str(),
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Vector(encoding) => encoding.media_type(),
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// The format that the end of an address says.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == extension)
    }
}
