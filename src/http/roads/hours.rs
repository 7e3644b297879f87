//! The hours of closures: a world comes when the next one starts or ends.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::roads;
use crate::http::{App, error::Problem};

/// The longest that is slept at once: clocks are set, and machines suspended.
const LONGEST: Duration = Duration::from_mins(1);

/// Makes the next world whenever a closure starts or ends. Ends when the task is dropped.
pub(in crate::http) async fn keep_hours(app: Arc<App>) {
    let mut seen = Timestamp::now();
    loop {
        let now = Timestamp::now();
        let due = app
            .world()
            .roads
            .as_ref()
            .and_then(|roads| roads.closures().next_change(seen));
        if due.is_some_and(|due| due <= now) {
            let app = Arc::clone(&app);
            let changed = tokio::task::spawn_blocking(move || {
                app.change(|world| {
                    let roads = roads(world)?;
                    Ok::<_, Problem>(world.with_roads(roads.with_closures(roads.closures().clone(), now), now))
                })
            });
            match changed.await {
                Ok(Ok(world)) => tracing::info!(world = %world.version, "closures started or ended"),
                Ok(Err(_)) => {}
                Err(error) => tracing::error!(%error, "closures could not be brought up to the hour"),
            }
        }
        seen = now;
        let wait = due.filter(|due| *due > now).map_or(LONGEST, |due| {
            Duration::try_from(due.duration_since(now)).unwrap_or(LONGEST)
        });
        tokio::select! {
            () = tokio::time::sleep(wait.min(LONGEST)) => {}
            () = app.closures_changed.notified() => {}
        }
    }
}
