//! Tiles that are not kept yet: rendered on threads of their own, no more at once than there are processors.
//!
//! Owns the queue in front of the cache. Who asks for a tile that is being made waits for it without holding a thread,
//! and a cold map of many zones never takes the processors from all other answers.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU8, Ordering},
    },
    thread::available_parallelism,
};

use bytes::Bytes;
use tokio::{
    sync::{OnceCell, Semaphore},
    task::spawn_blocking,
};

use super::{App, error::Problem};
use crate::{
    coding::ContentCoding,
    tiles::{TileKey, TileLayer},
    world::World,
};

/// A tile in a coding.
type Wanted = (TileKey, ContentCoding);

/// What is being rendered.
#[derive(Debug)]
pub(super) struct Renders {
    permits: Arc<Semaphore>,
    under_way: Mutex<HashMap<Wanted, Weak<OnceCell<Bytes>>>>,
    /// A bit for each coding that tiles have been rendered for.
    codings: AtomicU8,
}

impl Renders {
    pub(super) fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))),
            under_way: Mutex::default(),
            codings: AtomicU8::new(1 << ContentCoding::Identity as u8),
        }
    }

    /// The codings that tiles have been asked for in, the body as it is among them.
    pub(super) fn codings(&self) -> impl Iterator<Item = ContentCoding> + use<> {
        let asked = self.codings.load(Ordering::Relaxed);
        let was_asked = move |coding: &ContentCoding| asked & (1 << *coding as u8) != 0;
        ContentCoding::ALL.into_iter().filter(was_asked)
    }

    /// How many tiles are being rendered or wait for it.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The one making of a tile that all who ask for it now share.
    fn join(&self, wanted: Wanted) -> Joined<'_> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let made = under_way.get(&wanted).and_then(Weak::upgrade).unwrap_or_default();
        under_way.insert(wanted, Arc::downgrade(&made));
        Joined {
            renders: self,
            wanted,
            made: Some(made),
        }
    }
}

/// One who waits for a tile; the last to go takes it off the list, also when its client has gone away.
struct Joined<'a> {
    renders: &'a Renders,
    wanted: Wanted,
    made: Option<Arc<OnceCell<Bytes>>>,
}

impl Drop for Joined<'_> {
    fn drop(&mut self) {
        let mut under_way = self.renders.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        self.made = None;
        if under_way.get(&self.wanted).is_some_and(|made| made.strong_count() == 0) {
            under_way.remove(&self.wanted);
        }
    }
}

/// A tile that is not kept: rendered and compressed now, or by who asked before.
///
/// # Errors
/// An internal problem where a layer's file can no longer be read.
pub(super) async fn rendered(
    app: &Arc<App>,
    world: &Arc<World>,
    ids: &[&str],
    (key, coding): Wanted,
) -> Result<Bytes, Problem> {
    app.renders.codings.fetch_or(1 << coding as u8, Ordering::Relaxed);
    let joined = app.renders.join((key, coding));
    let Some(made) = &joined.made else {
        return Err(Problem::internal("a tile nobody makes"));
    };
    let make = || make(app, world, ids, (key, coding));
    made.get_or_try_init(make).await.cloned()
}

async fn make(app: &Arc<App>, world: &Arc<World>, ids: &[&str], (key, coding): Wanted) -> Result<Bytes, Problem> {
    let permits = Arc::clone(&app.renders.permits);
    let permit = permits.acquire_owned().await.map_err(Problem::internal)?;
    let (app, world) = (Arc::clone(app), Arc::clone(world));
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let render = move || {
        // Given back when the rendering ends, not when who asked for it goes away.
        let _permit = permit;
        let layers: Vec<&TileLayer> = ids.iter().filter_map(|id| world.tile_layer(id)).collect();
        app.tile_cache.get(&layers, key.tile, key.encoding, coding)
    };
    let rendered = spawn_blocking(render).await.map_err(Problem::internal)?;
    rendered.map_err(Problem::internal)
}
