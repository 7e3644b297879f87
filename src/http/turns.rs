//! Work on threads of its own, in turns: no more at once than the processors bear.
//!
//! Without that bound a rush of routes would fill every thread there is for waiting; tiles, the next pack and whatever
//! else needs one would come to a stop behind it. Who waits for a turn holds no thread, and waits no longer than any request may.

use std::{sync::Arc, thread::available_parallelism};

use tokio::{sync::Semaphore, task::spawn_blocking};

use super::error::Problem;

/// The turns of one kind of work.
#[derive(Debug)]
pub(super) struct Turns(Arc<Semaphore>);

impl Turns {
    /// For work of milliseconds: as many at once as there are processors.
    pub(super) fn one_a_processor() -> Self {
        Self::at_once(processors())
    }

    /// For work of up to a second: one processor is left to all other answers.
    pub(super) fn leaving_a_processor() -> Self {
        Self::at_once((processors() - 1).max(1))
    }

    fn at_once(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    /// Does work when its turn comes. Who goes away before that costs nothing.
    ///
    /// # Errors
    /// An internal problem where the work panicked.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let permits = Arc::clone(&self.0);
        let permit = permits.acquire_owned().await.map_err(Problem::internal)?;
        let held = move || {
            // Given back when the work ends, not when who asked for it goes away.
            let _permit = permit;
            work()
        };
        spawn_blocking(held).await.map_err(Problem::internal)
    }
}

fn processors() -> usize {
    available_parallelism().map_or(1, usize::from)
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
    async fn no_more_work_at_once_than_may() {
        let turns = Arc::new(Turns::at_once(2));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let waiting: Vec<_> = (0..40)
            .map(|number| {
                let (turns, running, most) = (Arc::clone(&turns), Arc::clone(&running), Arc::clone(&most));
                tokio::spawn(async move {
                    let work = move || {
                        most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        sleep(Duration::from_millis(2));
                        running.fetch_sub(1, Ordering::SeqCst);
                        number
                    };
                    turns.run(work).await.ok()
                })
            })
            .collect();
        for (number, work) in waiting.into_iter().enumerate() {
            assert_eq!(work.await.unwrap(), Some(number));
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn work_that_panics_gives_its_turn_back() {
        let turns = Turns::at_once(1);
        assert!(turns.run(|| "none".parse::<u8>().unwrap()).await.is_err());
        assert_eq!(turns.run(|| 7).await.ok(), Some(7));
    }
}
