//! Loading a changed pack beside the running world and swapping it in whole, or not at all.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use crate::{catalog::Faults, world::World};

/// What became of an attempt to load the pack again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new world answers now.
    Changed,
    /// The pack says what it said before; the world stays.
    Unchanged,
    /// The pack has faults; the world before it goes on answering.
    Failed,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Changed, Self::Unchanged, Self::Failed];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

/// The last attempt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct LastReload {
    outcome: Outcome,
    /// When it was made.
    #[schema(format = DateTime)]
    at: String,
    /// How many faults the pack had; the log names each.
    faults: usize,
}

impl LastReload {
    /// Whether the pack could not be loaded.
    pub(super) fn failed(&self) -> bool {
        self.outcome == Outcome::Failed
    }
}

/// What is remembered of attempts.
#[derive(Debug, Default)]
pub(super) struct ReloadState {
    last: Mutex<Option<LastReload>>,
    counts: [AtomicU64; 3],
    /// Held while loading: one attempt at a time.
    loading: Mutex<()>,
}

impl ReloadState {
    /// The last attempt; `None` before the first.
    pub(super) fn last(&self) -> Option<LastReload> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many attempts had each outcome.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Outcome::ALL
            .into_iter()
            .zip(&self.counts)
            .map(|(outcome, count)| (outcome.as_str(), count.load(Ordering::Relaxed)))
    }

    fn remember(&self, outcome: Outcome, faults: usize) {
        self.counts[outcome as usize].fetch_add(1, Ordering::Relaxed);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(LastReload {
            outcome,
            at: Timestamp::now().to_string(),
            faults,
        });
    }
}

/// The most faults of one pack that are logged.
const MAX_LOGGED_FAULTS: usize = 100;

/// Loads the pack again and swaps the new world in; with faults the old world stays. Blocks while it loads; readers are
/// never held up.
pub fn reload(app: &App) -> Outcome {
    let _one_at_a_time = app.reload.loading.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = &app.config.world.region;
    let old = app.world();
    match read(app) {
        Ok(world) if world.pack_version == old.pack_version => {
            tracing::info!(world = %old.version, "the region pack is unchanged");
            app.reload.remember(Outcome::Unchanged, 0);
            Outcome::Unchanged
        }
        Ok(world) => {
            tracing::info!(
                world = %world.version,
                features = world.feature_count(),
                duration_ms = world.loaded_in.as_millis() as u64,
                "a changed region pack is served from now on"
            );
            // The world before has its map: this one waits until its own is there.
            world.prepare_tiles();
            put_in_place(app, world);
            app.reload.remember(Outcome::Changed, 0);
            Outcome::Changed
        }
        Err(faults) => {
            let count = faults.0.len();
            for fault in faults.0.iter().take(MAX_LOGGED_FAULTS) {
                tracing::error!(%fault, "fault of the region pack");
            }
            tracing::error!(
                faults = count,
                region = %dir.display(),
                world = %old.version,
                "the changed region pack cannot be used; the world before it goes on answering"
            );
            app.reload.remember(Outcome::Failed, count);
            Outcome::Failed
        }
    }
}

/// How often a pack is read that changes under the reader's hands, before what was read last counts.
const MOST_READINGS: usize = 3;

/// The pack, read while nobody touched it: of files from two versions no world is made.
fn read(app: &App) -> Result<World, Faults> {
    let dir = &app.config.world.region;
    let load = || World::load_leaving(dir, app.config.world.disk_layers_from.0 as u64);
    for _ in 1..MOST_READINGS {
        let before = Fingerprint::of(dir);
        let loaded = load();
        if Fingerprint::of(dir) == before {
            return loaded;
        }
        tracing::info!("the region pack has changed while it was read, and is read again");
    }
    load()
}

/// Puts a loaded world in place of the current one, with what is closed in that.
fn put_in_place(app: &App, world: World) {
    let now = Timestamp::now();
    let put = app.change(|current| {
        let world = world.with_archives_of(current);
        let (Some(roads), Some(before)) = (&world.roads, &current.roads) else {
            return Ok::<_, Infallible>(world);
        };
        let (roads, lost) = roads.adopting(before, now);
        for id in lost {
            tracing::warn!(
                closure = id.0,
                "a closure catches no road of the new network and is dropped"
            );
        }
        // What is closed is from here; without, all comes from the pack, and every server that has it says the same.
        let changed = if roads.closures().iter().next().is_some() {
            now
        } else {
            world.as_of
        };
        Ok(world.with_roads(roads, changed))
    });
    let Ok(_) = put;
    app.swapped.notify_one();
    app.archive_reads.due.notify_one();
}

/// Names, sizes and times of a pack's files: equal while nobody has touched them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fingerprint(Vec<(PathBuf, u64, Option<SystemTime>)>);

/// How deep a pack's folders are looked into.
const MAX_DEPTH: usize = 4;

impl Fingerprint {
    /// Looks at the files of a folder without reading them. What cannot be looked at is left out: loading will say why.
    pub(super) fn of(dir: &Path) -> Self {
        let mut files = Vec::new();
        Self::collect(dir, MAX_DEPTH, &mut files);
        files.sort();
        Self(files)
    }

    fn collect(dir: &Path, depth: usize, files: &mut Vec<(PathBuf, u64, Option<SystemTime>)>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() && depth > 0 => Self::collect(&path, depth - 1, files),
                Ok(metadata) if metadata.is_file() => files.push((path, metadata.len(), metadata.modified().ok())),
                _ => {}
            }
        }
    }
}
