//! Searches along roads: milliseconds each, so on threads of their own, no more at once than there are processors.
//!
//! Without that bound a rush of routes would fill every thread there is for waiting; tiles, the next pack and whatever
//! else needs one would come to a stop behind it.

use std::{sync::Arc, thread::available_parallelism};

use tokio::{sync::Semaphore, task::spawn_blocking};

use super::error::Problem;

/// The right to search.
#[derive(Debug)]
pub(super) struct Searches(Arc<Semaphore>);

impl Searches {
    pub(super) fn new() -> Self {
        Self::at_once(available_parallelism().map_or(1, usize::from))
    }

    fn at_once(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    /// Runs a search when its turn comes. Who goes away before that costs nothing.
    ///
    /// # Errors
    /// An internal problem where the search panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        search: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let permits = Arc::clone(&self.0);
        let permit = permits.acquire_owned().await.map_err(Problem::internal)?;
        let held = move || {
            // Given back when the search ends, not when who asked for it goes away.
            let _permit = permit;
            search()
        };
        spawn_blocking(held).await.map_err(Problem::internal)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread::sleep,
        time::Duration,
    };

    use super::*;

    #[tokio::test]
    async fn no_more_search_at_once_than_may() {
        let searches = Arc::new(Searches::at_once(2));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let waiting: Vec<_> = (0..40)
            .map(|number| {
                let (searches, running, most) = (Arc::clone(&searches), Arc::clone(&running), Arc::clone(&most));
                tokio::spawn(async move {
                    let search = move || {
                        most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        sleep(Duration::from_millis(2));
                        running.fetch_sub(1, Ordering::SeqCst);
                        number
                    };
                    searches.run(search).await.ok()
                })
            })
            .collect();
        for (number, search) in waiting.into_iter().enumerate() {
            assert_eq!(search.await.unwrap(), Some(number));
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_search_that_panics_gives_its_turn_back() {
        let searches = Searches::at_once(1);
        assert!(searches.run(|| "none".parse::<u8>().unwrap()).await.is_err());
        assert_eq!(searches.run(|| 7).await.ok(), Some(7));
    }
}
