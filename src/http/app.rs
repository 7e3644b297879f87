//! The long-lived parts that all requests share.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use axum::{extract::FromRequestParts, http::request::Parts};
use tokio::sync::{Notify, Semaphore};

use super::{
    archives::ArchiveReads,
    imports::Drafts,
    metrics::Metrics,
    reload::{Fingerprint, ReloadState},
    renders::Renders,
    turns::Turns,
    web::Assets,
};
use crate::{
    catalog::Faults,
    config::Config,
    tiles::TileCache,
    world::{World, WorldCell},
};

/// Everything the handlers share. Made once, handed round as `Arc<App>`.
#[derive(Debug)]
pub struct App {
    pub(super) config: Config,
    pub(super) world: WorldCell,
    /// Told whenever another world has come.
    pub(super) swapped: Notify,
    /// Told whenever closures were added or taken away.
    pub(super) closures_changed: Notify,
    /// Held while the next world is made from the current one.
    changing: Mutex<()>,
    pub(super) tile_cache: TileCache,
    pub(super) renders: Renders,
    /// Turns for searches along roads.
    pub(super) searches: Turns,
    /// Turns for work that takes long.
    pub(super) long_work: Turns,
    pub(super) archive_reads: ArchiveReads,
    pub(super) assets: Assets,
    pub(super) metrics: Metrics,
    pub(super) reload: ReloadState,
    /// Files that operators have uploaded.
    pub(super) drafts: Drafts,
    /// The pack's files just before the first world was loaded from them.
    pub(super) first_look: Fingerprint,
    /// One permit per request under way.
    pub(super) requests: Semaphore,
    pub(super) shutting_down: AtomicBool,
    next_request: AtomicU64,
    /// Tells request ids of this process from those of others.
    process: u32,
}

impl App {
    /// Loads the world of the configured region and puts the parts together around it.
    ///
    /// # Errors
    /// Every fault of the region pack.
    pub fn load(config: Config) -> Result<Arc<Self>, Faults> {
        let first_look = Fingerprint::of(&config.world.region);
        let world = World::load_leaving(&config.world.region, config.world.disk_layers_from.0 as u64)?;
        let started = world.as_of.as_microsecond().unsigned_abs();
        Ok(Arc::new(Self {
            tile_cache: TileCache::new(config.tiles.tile_cache_bytes.0 as u64),
            swapped: Notify::new(),
            closures_changed: Notify::new(),
            changing: Mutex::default(),
            renders: Renders::new(),
            searches: Turns::one_a_processor(),
            long_work: Turns::leaving_a_processor(),
            archive_reads: ArchiveReads::new(),
            assets: Assets::load(),
            metrics: Metrics::new(),
            reload: ReloadState::default(),
            drafts: Drafts::new(&config.operator),
            requests: Semaphore::new(config.limits.max_requests.get()),
            shutting_down: AtomicBool::new(false),
            next_request: AtomicU64::new(1),
            process: std::process::id().rotate_left(16) ^ (started as u32),
            world: WorldCell::new(world),
            config,
            first_look,
        }))
    }

    /// The settings.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The current world.
    pub fn world(&self) -> Arc<World> {
        self.world.get()
    }

    /// Puts in place of the current world what `make` makes of it, and gives it back. One change at a time, so that none
    /// is lost; readers never wait.
    ///
    /// # Errors
    /// That of `make`; nothing is changed then.
    pub(super) fn change<E>(&self, make: impl FnOnce(&World) -> Result<World, E>) -> Result<Arc<World>, E> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.world.swap(make(&self.world())?);
        self.closures_changed.notify_one();
        Ok(self.world())
    }

    /// From now on readiness is denied, so that balancers send no new requests here.
    pub(super) fn begin_shutdown(&self) {
        self.shutting_down.store(true, Ordering::Relaxed);
    }

    /// An id for a request that came without one.
    pub(super) fn new_request_id(&self) -> String {
        let number = self.next_request.fetch_add(1, Ordering::Relaxed);
        format!("{:08x}-{number:x}", self.process)
    }
}

/// The world a request is answered from: taken once, so that every part of the answer agrees.
#[derive(Debug)]
pub(super) struct Snapshot(pub(super) Arc<World>);

impl FromRequestParts<Arc<App>> for Snapshot {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self(app.world()))
    }
}
