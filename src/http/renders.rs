//! Tiles that are not kept yet: rendered on threads of their own, no more at once than there are processors.
//!
//! Owns the queue in front of the cache. Who asks for a tile that is being made waits for it without holding a thread,
//! and a cold map of many zones never takes the processors from all other answers.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use bytes::Bytes;

use super::{
    App,
    error::Problem,
    flights::{Flights, Wanted},
    turns::Turns,
};
use crate::{
    coding::ContentCoding,
    tiles::{TileFormat, TileLayer},
    world::World,
};

/// What is being rendered.
#[derive(Debug)]
pub(super) struct Renders {
    /// For all that holds a processor for some milliseconds to make what is asked for.
    pub(super) turns: Turns,
    flights: Flights<Bytes>,
    /// A bit for each coding that tiles have been rendered for.
    codings: AtomicU8,
}

impl Renders {
    pub(super) fn new() -> Self {
        Self {
            turns: Turns::one_a_processor(),
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
    app.renders.turns.run(render).await?.map_err(Problem::internal)
}
