//! Which tiles layers may have something in.
//!
//! Owns the walk down the zooms. Whether something is shown there is the renderer's to say.

use super::{
    super::{TileCoord, TileLayer},
    ArchiveError, pmtiles,
};
use crate::catalog::ZoomRange;

/// The most tiles of an archive: a hundred times those of a province down to zoom 14.
const MOST_TILES: usize = 20_000_000;

/// The tiles of the zooms in whose boxes with their buffers features lie, by zoom and along the Hilbert curve, as
/// `PMTiles` wants them. What lies in no tile lies in none below it, for the buffer of a tile reaches less far than that
/// of the tile it is a quarter of. O(tiles of all zooms from 0 on × log n).
///
/// # Errors
/// There are too many.
pub(super) fn tiles(layers: &[&TileLayer], zooms: ZoomRange) -> Result<Vec<TileCoord>, ArchiveError> {
    let holds_something = |tile: &TileCoord| layers.iter().any(|layer| layer.touches(*tile));
    let mut tiles = Vec::new();
    let mut level: Vec<TileCoord> = TileCoord::new(0, 0, 0).into_iter().filter(holds_something).collect();
    for zoom in 0..=zooms.max {
        if tiles.len() + level.len() > MOST_TILES {
            return Err(ArchiveError::TooMany {
                most: MOST_TILES,
                max: zooms.max,
            });
        }
        let next = if zoom < zooms.max {
            let quarters = level.iter().flat_map(|tile| tile.quarters());
            quarters.filter(holds_something).collect()
        } else {
            Vec::new()
        };
        if zoom >= zooms.min {
            level.sort_by_cached_key(|tile| pmtiles::tile_id(*tile));
            tiles.append(&mut level);
        }
        level = next;
    }
    Ok(tiles)
}
