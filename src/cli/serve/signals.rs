//! Signals: SIGTERM and SIGINT stop, SIGHUP reloads.

use std::{future::Future, io};

use tokio::sync::mpsc::Sender;

/// Listens from now on. The future is done when the process is asked to stop; each SIGHUP sends word meanwhile.
#[cfg(unix)]
pub(super) fn listen(hangup: Sender<()>) -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangups = signal(SignalKind::hangup())?;
    Ok(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = interrupt.recv() => return,
                // A full channel has word of a hangup already.
                Some(()) = hangups.recv() => { _ = hangup.try_send(()); }
            }
        }
    })
}

/// The same where there are no signals but Ctrl-C.
#[cfg(not(unix))]
pub(super) fn listen(hangup: Sender<()>) -> io::Result<impl Future<Output = ()>> {
    Ok(async move {
        let _keep_open = hangup;
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
