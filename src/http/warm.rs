//! Layers prepared and low zooms rendered ahead, so that the first to look after a start or a change of the pack waits for
//! little.
//!
//! Owns which tiles those are: what the map shows of the region, from the first zoom on, in the encoding the web app asks
//! for and in every coding that anybody has taken. One at a time, behind what people ask for.

use std::sync::{Arc, atomic::Ordering};

use super::{App, renders::rendered};
use crate::{
    coding::ContentCoding,
    geometry::{BBox, Mercator},
    style::joined_sources,
    tiles::{Encoding, JoinedVersion, TileCoord, TileKey, TileLayer},
    world::World,
};

/// The most tiles of one source: a region as large as the world is not warmed to the last zoom.
const MOST_TILES: usize = 512;

/// Prepares the layers and renders ahead, now and after every swap of the world. Ends when the task is dropped.
pub(super) async fn keep_warm(app: Arc<App>) {
    loop {
        let world = app.world();
        prepare(&app, &world).await;
        if let Some(last) = app.config.tiles.warm_to_zoom.0 {
            let warmed = warm(&app, &world, last).await;
            tracing::debug!(world = %world.version, tiles = warmed, "low zooms are rendered");
        }
        drop(world);
        app.swapped.notified().await;
    }
}

/// Prepares the layers that a start has left.
async fn prepare(app: &App, world: &Arc<World>) {
    let unprepared = Arc::clone(world);
    let prepared = app.long_work.run(move || unprepared.prepare_tiles()).await;
    if prepared.is_err() {
        tracing::error!(world = %world.version, "not all layers could be prepared for tiles");
    }
}

/// Renders what is not kept yet, until all is, half of the cache is full, or another world has come. Says how many.
async fn warm(app: &Arc<App>, world: &Arc<World>, last: u8) -> usize {
    let mut warmed = 0;
    for (_, ids) in joined_sources(&world.region.manifest.layers) {
        let ids: Vec<&str> = ids.split(',').collect();
        let layers: Vec<&TileLayer> = ids.iter().filter_map(|id| world.tiles.get(*id)).collect();
        let version = JoinedVersion::of(&layers);
        for tile in tiles(&layers, world.region.manifest.bbox, last) {
            let is_old = app.world().version != world.version;
            if is_old || app.tile_cache.size().1 > app.tile_cache.max_bytes() / 2 {
                return warmed;
            }
            let key = TileKey {
                version,
                tile,
                format: Encoding::Mlt.into(),
            };
            for coding in app.renders.codings().collect::<Vec<ContentCoding>>() {
                if app.tile_cache.peek(key, coding).is_none() {
                    // What cannot be read now will be told to who asks for it.
                    warmed += usize::from(rendered(app, world, &ids, (key, coding)).await.is_ok());
                    app.metrics.warmed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
    warmed
}

/// The tiles of a box from the layers' first zoom to the last of these, as far as there are not too many.
fn tiles(layers: &[&TileLayer], bbox: BBox, last: u8) -> Vec<TileCoord> {
    let first = layers.iter().map(|layer| layer.zooms().min).min().unwrap_or(0);
    let deepest = layers.iter().map(|layer| layer.zooms().max).max().unwrap_or(0);
    let mut tiles = Vec::new();
    for zoom in first..=last.min(deepest) {
        let of_zoom: Vec<TileCoord> = bbox
            .planar()
            .flat_map(|part| {
                let corner = |x: f64, y: f64| TileCoord::containing(Mercator::project(x, y), zoom);
                let (low, high) = (corner(part.min().x, part.max().y), corner(part.max().x, part.min().y));
                let rows = move |x| (low.y()..=high.y()).filter_map(move |y| TileCoord::new(zoom, x, y).ok());
                (low.x()..=high.x()).flat_map(rows).take(MOST_TILES + 1)
            })
            .collect();
        if tiles.len() + of_zoom.len() > MOST_TILES {
            break;
        }
        tiles.extend(of_zoom);
    }
    tiles
}
