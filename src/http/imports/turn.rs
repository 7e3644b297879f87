//! One import at a time, away from the threads that answer requests.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::super::{
    App,
    error::{Code, Problem},
};

/// Does the work where it may block, unless other such work is being done. It goes on to its end when the client leaves.
pub(super) async fn take_turn<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let Ok(turn) = Arc::clone(&app.drafts.turn).try_acquire_owned() else {
        return Err(Problem::new(Code::ImportBusy));
    };
    let work = spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    work.await.map_err(Problem::internal)?
}
