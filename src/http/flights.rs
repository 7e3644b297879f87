//! Work that many ask for at once and that is done once.
//!
//! Owns who waits for what. Nobody holds a thread while waiting, and work whose first asker has gone away is taken up by
//! the next.

use std::{
    collections::HashMap,
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::OnceCell;

use crate::{coding::ContentCoding, tiles::TileKey};

/// A tile in a coding.
pub(super) type Wanted = (TileKey, ContentCoding);

/// Tiles that are being made, each to become a value that all who wait for it are given.
#[derive(Debug)]
pub(super) struct Flights<T>(Mutex<HashMap<Wanted, Weak<OnceCell<T>>>>);

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone + Debug> Flights<T> {
    /// How many are being made or waited for.
    pub(super) fn under_way(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What `make` makes, or what who asked before makes. Where it fails, the next who waits tries.
    ///
    /// # Errors
    /// That of `make`.
    pub(super) async fn shared<E, F>(&self, wanted: Wanted, make: impl FnOnce() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let joined = self.join(wanted);
        joined.made.get_or_try_init(make).await.cloned()
    }

    /// The one making of a tile that all who ask for it now share.
    fn join(&self, wanted: Wanted) -> Joined<'_, T> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = under_way.get(&wanted).and_then(Weak::upgrade).unwrap_or_default();
        under_way.insert(wanted, Arc::downgrade(&made));
        Joined {
            flights: self,
            wanted,
            made,
        }
    }
}

/// One who waits for a tile; the last to go takes it off the list, also when its client has gone away.
struct Joined<'a, T> {
    flights: &'a Flights<T>,
    wanted: Wanted,
    made: Arc<OnceCell<T>>,
}

impl<T> Drop for Joined<'_, T> {
    fn drop(&mut self) {
        let mut under_way = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Its own is the last one: nobody can join while the list is held.
        if Arc::strong_count(&self.made) == 1 {
            under_way.remove(&self.wanted);
        }
    }
}
