//! The place the current world stands in.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::World;

/// Holds the current world; swapping it never makes a reader wait.
#[derive(Debug)]
pub struct WorldCell(ArcSwap<World>);

impl WorldCell {
    /// Begins with a world.
    pub fn new(world: World) -> Self {
        Self(ArcSwap::from_pointee(world))
    }

    /// The current world. O(1), without locks.
    pub fn get(&self) -> Arc<World> {
        self.0.load_full()
    }

    /// Puts a world in place of the current one. Who holds the old one keeps it until done with it.
    pub fn swap(&self, world: World) {
        self.0.store(Arc::new(world));
    }
}
