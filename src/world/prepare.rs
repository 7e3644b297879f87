//! Layers prepared for tiles after the world is there: where to go and what threatens does not wait for the map.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::World;
use crate::tiles::TileLayer;

impl World {
    /// Prepares every layer for tiles that is not prepared yet, on all processors. O(n log n) for n vertices; until then
    /// whoever asks for a tile waits for its layers alone.
    pub fn prepare_tiles(&self) {
        let waiting: Vec<&TileLayer> = self.tiles.values().filter(|layer| !layer.is_prepared()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(layer) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                layer.prepare();
            }
        };
        let workers = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(waiting.len());
        // Threads of its own: rayon's may not wait for a layer that another has begun.
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(work);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, thread};

    use super::*;
    use crate::{
        coding::ContentCoding,
        tiles::{Encoding, TileCache, TileCoord},
    };

    #[test]
    fn layers_are_prepared_once_by_whoever_comes_first_and_drawn_alike() {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/packs/tiny");
        let (ahead, asked) = (World::load(&pack).unwrap(), World::load(&pack).unwrap());
        ahead.prepare_tiles();
        assert!(ahead.tiles.values().all(TileLayer::is_prepared));
        let tile = |world: &World, id: &str| {
            let coord = TileCoord::new(0, 0, 0).unwrap();
            let layers = [world.tile_layer(id).unwrap()];
            let cache = TileCache::new(0);
            cache
                .get(&layers, coord, Encoding::Mvt, ContentCoding::Identity)
                .unwrap()
        };
        let (ahead, asked, tile) = (&ahead, &asked, &tile);
        thread::scope(|scope| {
            scope.spawn(|| asked.prepare_tiles());
            for id in ahead.tiles.keys() {
                scope.spawn(move || assert_eq!(tile(ahead, id), tile(asked, id), "{id}"));
            }
        });
        assert!(!ahead.tiles.keys().any(|id| asked.must_make(id)));
    }
}
