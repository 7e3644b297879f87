//! Tiles that are not kept yet: rendered on threads of their own, no more at once than there are processors.
//!
//! Owns the queue in front of the cache. Who asks for a tile that is being made waits for it without holding a thread,
//! and a cold map of many zones never takes the processors from all other answers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread::available_parallelism,
};

use bytes::Bytes;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    App,
    error::Problem,
    flights::{Flights, Wanted},
};
use crate::{
    coding::ContentCoding,
    tiles::{TileFormat, TileLayer},
    world::World,
};

/// What is being rendered.
#[derive(Debug)]
pub(super) struct Renders {
    permits: Arc<Semaphore>,
    flights: Flights<Bytes>,
    /// A bit for each coding that tiles have been rendered for.
    codings: AtomicU8,
}

impl Renders {
    pub(super) fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))),
            flights: Flights::default(),
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
        self.flights.under_way()
    }
}

/// Does work that holds a processor on a thread of its own, no more at once than there are processors. What was begun is
/// finished, also when who asked for it goes away.
///
/// # Errors
/// An internal problem where it panics.
pub(super) async fn on_a_thread<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let permits = Arc::clone(&app.renders.permits);
    let permit = permits.acquire_owned().await.map_err(Problem::internal)?;
    let work = move || {
        let _permit = permit;
        work()
    };
    spawn_blocking(work).await.map_err(Problem::internal)
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
    let make = || make(app, world, ids, (key, coding));
    app.renders.flights.shared((key, coding), make).await
}

async fn make(app: &Arc<App>, world: &Arc<World>, ids: &[&str], (key, coding): Wanted) -> Result<Bytes, Problem> {
    let (shared, world) = (Arc::clone(app), Arc::clone(world));
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let TileFormat::Vector(encoding) = key.format else {
        return Err(Problem::internal("a picture is not rendered here"));
    };
    let render = move || {
        let layers: Vec<&TileLayer> = ids.iter().filter_map(|id| world.tile_layer(id)).collect();
        shared.tile_cache.get(&layers, key.tile, encoding, coding)
    };
    on_a_thread(app, render).await?.map_err(Problem::internal)
}
