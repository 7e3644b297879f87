//! Noticing that the pack has changed: by file events, by looking at an interval, or by SIGHUP.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    time::{MissedTickBehavior, interval, timeout},
};

use super::{
    App,
    reload::{Fingerprint, reload},
};
use crate::config::Watch;

/// Reloads the pack whenever it has changed or `hangups` says so. Ends when the task is dropped.
pub(super) async fn keep_fresh(app: Arc<App>, mut hangups: Receiver<()>) {
    let settings = app.config.world.clone();
    let (sender, mut changes) = channel(1);
    let mut events = Events::start(&settings.region, settings.watch, settings.watch_interval, sender);
    let mut seen = app.first_look.clone();
    let mut asked = false;
    loop {
        // Looked at before it is loaded, so that a change made meanwhile is noticed the next time; and the first time,
        // so is one made between the first load and the beginning of the watch.
        let now = look(&settings.region).await;
        if asked || (settings.watch != Watch::Off && now != seen) {
            seen = now;
            let app = Arc::clone(&app);
            if let Err(error) = tokio::task::spawn_blocking(move || reload(&app)).await {
                tracing::error!(%error, "reloading the region pack failed; the world before it goes on answering");
            }
        }
        asked = tokio::select! {
            hangup = hangups.recv() => match hangup {
                Some(()) => true,
                None => return,
            },
            Some(()) = changes.recv() => false,
        };
        if !asked {
            while matches!(timeout(settings.watch_quiet, changes.recv()).await, Ok(Some(()))) {}
            events.watch_again();
        }
    }
}

async fn look(dir: &Path) -> Fingerprint {
    let dir = dir.to_owned();
    tokio::task::spawn_blocking(move || Fingerprint::of(&dir))
        .await
        .unwrap_or_default()
}

/// What sends word of changes while it is kept.
enum Events {
    Native { watcher: RecommendedWatcher, dir: PathBuf },
    Polling(tokio::task::JoinHandle<()>),
    None,
}

impl Events {
    /// Begins to watch. Where the system gives no events, the files are looked at instead.
    fn start(dir: &Path, watch: Watch, every: Duration, changes: Sender<()>) -> Self {
        match watch {
            Watch::Off => Self::None,
            Watch::Poll => Self::polling(every, changes),
            Watch::Native => Self::native(dir, changes.clone()).unwrap_or_else(|error| {
                tracing::warn!(%error, region = %dir.display(), "no file events here; looking at an interval instead");
                Self::polling(every, changes)
            }),
        }
    }

    fn native(dir: &Path, changes: Sender<()>) -> notify::Result<Self> {
        let dir = std::path::absolute(dir)?;
        let pack = dir.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading is an event too, and loading reads: only changes count. An error may hide a change.
            let changed = event.map_or(true, |event| {
                !event.kind.is_access() && event.paths.iter().any(|path| path.starts_with(&pack))
            });
            if changed {
                // A full channel has word of a change already.
                _ = changes.try_send(());
            }
        })?;
        watcher.watch(&dir, RecursiveMode::Recursive)?;
        // The folder itself may be replaced, by a rename or a symbolic link.
        if let Some(parent) = dir.parent() {
            watcher.watch(parent, RecursiveMode::NonRecursive)?;
        }
        Ok(Self::Native { watcher, dir })
    }

    fn polling(every: Duration, changes: Sender<()>) -> Self {
        Self::Polling(tokio::spawn(async move {
            let mut ticks = interval(every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if changes.send(()).await.is_err() {
                    return;
                }
            }
        }))
    }

    /// Watches the folder that is there now: after a replacement the watch is on the one that went away.
    fn watch_again(&mut self) {
        if let Self::Native { watcher, dir } = self {
            // Not being watched any more is what is expected after a replacement.
            _ = watcher.unwatch(dir);
            if let Err(error) = watcher.watch(dir, RecursiveMode::Recursive) {
                tracing::warn!(%error, region = %dir.display(), "the region's folder cannot be watched now");
            }
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if let Self::Polling(task) = self {
            task.abort();
        }
    }
}
