//! Work that takes long: searches over a whole province, on threads of their own.
//!
//! Owns the bound on how much of it is done at once: one processor is left to all other answers. Who comes later waits
//! without holding a thread, up to the time that any request has.

use std::{num::NonZeroUsize, sync::Arc, thread::available_parallelism};

use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{App, error::Problem};

/// One permit for each piece of long work at once.
pub(super) fn permits() -> Arc<Semaphore> {
    let processors = available_parallelism().map_or(1, NonZeroUsize::get);
    Arc::new(Semaphore::new((processors - 1).max(1)))
}

/// Does long work when its turn comes.
///
/// # Errors
/// Those of the work; an internal problem where it panics.
pub(super) async fn heavy<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let permits = Arc::clone(&app.long_work);
    let permit = permits.acquire_owned().await.map_err(Problem::internal)?;
    let work = move || {
        // Given back when the work ends, not when who asked for it goes away.
        let _permit = permit;
        work()
    };
    spawn_blocking(work).await.map_err(Problem::internal)?
}
