//! Tiles and TileJSON out of archives, and keeping an eye on these.
//!
//! Owns how long a read may take, that one read and one recoding serve all who ask, and what is answered meanwhile. A
//! tile is given as it is stored to who takes that coding.

use std::{convert::Infallible, sync::Arc};

use axum::http::HeaderValue;
use bytes::Bytes;
use tokio::{
    runtime::Handle,
    sync::{Notify, Semaphore},
    task::spawn_blocking,
    time::{sleep, timeout},
};

use super::{
    App,
    error::{Code, Problem},
    flights::Flights,
    path::Answer,
    representation::{Asked, KEPT, Said},
    tiles::{caching, said_or_empty},
};
use crate::{
    coding::{ContentCoding, Effort},
    tiles::{
        Archive, Encoding, JoinedVersion, MOST_STORED_BYTES, OpenArchive, StoredError, TileCoord, TileFormat, TileJson,
        TileKey, describe,
    },
};

/// Reads from archives at once; more wait for their turn.
const READS_AT_ONCE: usize = 64;
/// A packed tile of nothing has no more bytes.
const MOST_BYTES_OF_NOTHING: usize = 32;

/// What is being read.
#[derive(Debug)]
pub(super) struct ArchiveReads {
    /// Failures are shared as well: a crowd waits once for a server that does not answer, not one after the other.
    flights: Flights<Result<Bytes, StoredError>>,
    permits: Semaphore,
    /// Told whenever archives should be looked at before their time.
    pub(super) due: Notify,
}

impl ArchiveReads {
    pub(super) fn new() -> Self {
        Self {
            flights: Flights::default(),
            permits: Semaphore::new(READS_AT_ONCE),
            due: Notify::new(),
        }
    }
}

/// The TileJSON of an archive.
///
/// # Errors
/// The archive cannot be read, or has tiles of another format than the one asked for.
pub(super) async fn description(
    app: &App,
    archive: &Arc<Archive>,
    encoding: Option<Encoding>,
    base_url: &str,
) -> Result<TileJson, Problem> {
    let open = opened(app, archive).await.map_err(|error| problem(archive, &error))?;
    if encoding.is_some_and(|encoding| open.format() != encoding.into()) {
        return Err(wrong_format(archive, &open));
    }
    Ok(describe(archive.manifest(), &open, base_url))
}

/// A tile of an archive.
///
/// # Errors
/// The archive cannot be read, or has no such tiles.
pub(super) async fn tile(
    app: &Arc<App>,
    archive: &Arc<Archive>,
    (coord, format): (TileCoord, TileFormat),
    version: Option<&str>,
    asked: &Asked,
) -> Answer {
    let mut is_second = false;
    loop {
        let open = opened(app, archive).await.map_err(|error| problem(archive, &error))?;
        check(archive, &open, coord, format)?;
        let key = TileKey {
            version: JoinedVersion::of_archive(&archive.manifest().id, open.content()),
            tile: coord,
            format,
        };
        let coding = asked.coding(&offered(&open));
        let said = Said {
            tag: Some(coding.entity_tag(&key.tag())),
            coding,
            media_type: HeaderValue::from_static(format.media_type()),
            caching: caching(version, key.version),
        };
        if said.tag.as_deref().is_some_and(|tag| asked.has(tag)) {
            return Ok(said.answer(Bytes::new(), asked));
        }
        match body(app, archive, &open, key, coding).await {
            Ok(tile) => return Ok(said_or_empty(said, tile, asked)),
            // Whatever was said of the version before must not be said of this one.
            Err(StoredError::Changed) if !is_second => {
                archive.forget(&open);
                is_second = true;
            }
            Err(error) => return Err(problem(archive, &error)),
        }
    }
}

fn check(archive: &Archive, open: &OpenArchive, coord: TileCoord, format: TileFormat) -> Result<(), Problem> {
    if format != open.format() {
        return Err(wrong_format(archive, open));
    }
    let zooms = open.zooms();
    if zooms.contains(coord.z()) {
        return Ok(());
    }
    Err(Problem::new(Code::ZoomOutsideLayer)
        .with("layers", &archive.manifest().id)
        .with("min", zooms.min)
        .with("max", zooms.max))
}

fn wrong_format(archive: &Archive, open: &OpenArchive) -> Problem {
    Problem::new(Code::WrongTileFormat)
        .with("archive", &archive.manifest().id)
        .with("format", open.format().as_str())
}

fn problem(archive: &Archive, error: &StoredError) -> Problem {
    let id = &archive.manifest().id;
    match error {
        StoredError::Damaged(_) => {
            let cause = format_args!("the archive {id}, {}: {error}", archive.manifest().place()).to_string();
            Problem::new(Code::ArchiveDamaged).with("archive", id).because(cause)
        }
        _ => Problem::new(Code::ArchiveUnavailable).with("archive", id),
    }
}

/// The codings a tile is offered in, that in which it is stored first. Pictures gain nothing from another one.
fn offered(open: &OpenArchive) -> Vec<ContentCoding> {
    let others = KEPT.into_iter().filter(|coding| *coding != open.coding());
    let is_vector = matches!(open.format(), TileFormat::Vector(_));
    [open.coding()]
        .into_iter()
        .chain(others.filter(|_| is_vector))
        .collect()
}

/// The version of an archive that is open, or opened now.
async fn opened(app: &App, archive: &Arc<Archive>) -> Result<Arc<OpenArchive>, StoredError> {
    if let Some(open) = archive.current() {
        return Ok(open);
    }
    archive.rested()?;
    reopened(app, archive).await
}

async fn reopened(app: &App, archive: &Arc<Archive>) -> Result<Arc<OpenArchive>, StoredError> {
    let shared = Arc::clone(archive);
    let open = async move { shared.reopen().await };
    let outcome = within_limits(app, !archive.is_remote(), open).await;
    note(app, archive, &outcome);
    outcome
}

/// A tile in a coding, kept or made now; empty where nothing is in it.
async fn body(
    app: &Arc<App>,
    archive: &Arc<Archive>,
    open: &Arc<OpenArchive>,
    key: TileKey,
    coding: ContentCoding,
) -> Result<Bytes, StoredError> {
    if let Some(kept) = app.tile_cache.peek(key, coding) {
        app.metrics.tile_hit();
        return Ok(kept);
    }
    app.metrics.tile_miss();
    if coding == open.coding() {
        return stored(app, archive, open, key).await;
    }
    let make = || async { Ok::<_, Infallible>(recoded(app, archive, open, key, coding).await) };
    let Ok(made) = app.archive_reads.flights.shared((key, coding), make).await;
    made
}

/// A tile as it is stored; read once for all who ask for it in whatever coding.
async fn stored(
    app: &App,
    archive: &Arc<Archive>,
    open: &Arc<OpenArchive>,
    key: TileKey,
) -> Result<Bytes, StoredError> {
    if let Some(kept) = app.tile_cache.peek(key, open.coding()) {
        return Ok(kept);
    }
    let make = || async { Ok::<_, Infallible>(read(app, archive, open, key).await) };
    let Ok(made) = app.archive_reads.flights.shared((key, open.coding()), make).await;
    made
}

async fn read(app: &App, archive: &Arc<Archive>, open: &Arc<OpenArchive>, key: TileKey) -> Result<Bytes, StoredError> {
    archive.rested()?;
    let shared = Arc::clone(open);
    let outcome = within_limits(app, open.blocks(), async move { shared.tile(key.tile).await }).await;
    note(app, archive, &outcome);
    let tile = outcome?
        .filter(|tile| !is_nothing(open.coding(), tile))
        .unwrap_or_default();
    app.tile_cache.put(key, open.coding(), tile.clone());
    Ok(tile)
}

fn is_nothing(coding: ContentCoding, tile: &[u8]) -> bool {
    tile.len() <= MOST_BYTES_OF_NOTHING
        && coding
            .decode(tile, MOST_BYTES_OF_NOTHING)
            .is_ok_and(|plain| plain.is_empty())
}

async fn recoded(
    app: &Arc<App>,
    archive: &Arc<Archive>,
    open: &Arc<OpenArchive>,
    key: TileKey,
    coding: ContentCoding,
) -> Result<Bytes, StoredError> {
    let tile = stored(app, archive, open, key).await?;
    if tile.is_empty() {
        return Ok(tile);
    }
    let from = open.coding();
    let work = move || {
        let plain = from.decode(&tile, MOST_STORED_BYTES)?;
        Ok::<_, StoredError>(Bytes::from(match coding {
            ContentCoding::Identity => plain,
            other => other.encode(&plain, Effort::Kept),
        }))
    };
    let done = app.renders.turns.run(work).await;
    let recoded =
        done.map_err(|problem| StoredError::Unavailable(problem.cause().unwrap_or_default().to_owned()))??;
    app.tile_cache.put(key, coding, recoded.clone());
    Ok(recoded)
}

/// Work on an archive: on a thread of its own where it would hold one up, else for no longer than the limit.
async fn within_limits<T: Send + 'static>(
    app: &App,
    blocks: bool,
    work: impl Future<Output = Result<T, StoredError>> + Send + 'static,
) -> Result<T, StoredError> {
    let unavailable = |what: String| StoredError::Unavailable(what);
    let limit = app.config.tiles.archive_timeout;
    let permit = app.archive_reads.permits.acquire().await;
    let _permit = permit.map_err(|error| unavailable(error.to_string()))?;
    if blocks {
        let here = Handle::current();
        let done = spawn_blocking(move || here.block_on(work)).await;
        return done.unwrap_or_else(|error| Err(unavailable(error.to_string())));
    }
    let done = timeout(limit, work).await;
    done.unwrap_or_else(|_| Err(unavailable(format!("no answer within {limit:?}"))))
}

fn note<T>(app: &App, archive: &Archive, outcome: &Result<T, StoredError>) {
    let is_left_alone = archive.note(outcome, app.config.tiles.archive_timeout);
    if let Some(error) = outcome.as_ref().err().filter(|_| is_left_alone) {
        let manifest = archive.manifest();
        tracing::warn!(archive = %manifest.id, at = manifest.place(), %error, "an archive of tiles cannot be read");
    }
}

/// Opens archives elsewhere, and looks now and then whether another version of any is there. Ends when the task is
/// dropped.
pub(super) async fn keep_archives(app: Arc<App>) {
    loop {
        let world = app.world();
        for archive in &world.basemap.archives {
            look(&app, archive).await;
        }
        drop(world);
        tokio::select! {
            () = sleep(app.config.tiles.archive_check) => {}
            () = app.archive_reads.due.notified() => {}
        }
    }
}

/// Looks at an archive once. What cannot be read now stays as it is: who asks for a tile will be told.
async fn look(app: &App, archive: &Arc<Archive>) {
    let before = archive.current();
    if let Some(open) = &before {
        let shared = Arc::clone(open);
        let changed = within_limits(app, open.blocks(), async move { shared.has_changed().await }).await;
        if !matches!(changed, Ok(true)) {
            return;
        }
    }
    if let Ok(open) = reopened(app, archive).await {
        let is_other = before.is_none_or(|before| before.content() != open.content());
        if is_other {
            let manifest = archive.manifest();
            tracing::info!(archive = %manifest.id, at = manifest.place(), "an archive of tiles is open");
        }
    }
}
