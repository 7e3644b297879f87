//! Listening: connections, their limits, and stopping without cutting anybody off.

use std::{future::Future, io, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::{http1, http2};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use jiff::Timestamp;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc::Receiver},
    time::{interval, sleep, timeout},
};

use super::{
    App,
    archives::keep_archives,
    descriptors,
    protocol::{Protocol, spoken},
    roads::keep_hours,
    router,
    stall::StallGuard,
    warm::keep_warm,
    watch::keep_fresh,
};

/// How often recorded latencies are folded into histograms, and forgotten uploads removed.
const TIDY_EVERY: Duration = Duration::from_secs(5);
/// Requests at once on one connection of HTTP/2; a map asks for some dozens of tiles.
const MOST_STREAMS: u32 = 128;
/// How long to wait where the system cannot give another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` is done, reloading the pack when it changes or when `hangups` says so; then takes no new
/// connections and waits for requests under way, no longer than configured. HTTP/1.1, and HTTP/2 with prior knowledge;
/// TLS is the part of the proxy in front.
pub async fn serve(app: Arc<App>, listener: TcpListener, hangups: Receiver<()>, stop: impl Future<Output = ()>) {
    let helpers = [
        tokio::spawn(keep_fresh(Arc::clone(&app), hangups)),
        tokio::spawn(tidy(Arc::clone(&app))),
        tokio::spawn(keep_warm(Arc::clone(&app))),
        tokio::spawn(keep_hours(Arc::clone(&app))),
        tokio::spawn(keep_archives(Arc::clone(&app))),
    ];
    let connections = GracefulShutdown::new();
    accept(&app, listener, &connections, stop).await;
    for helper in helpers {
        helper.abort();
    }
    app.begin_shutdown();
    let (under_way, limit) = (connections.count(), app.config.server.shutdown_timeout);
    tracing::info!(
        connections = under_way,
        "stopping: no new connections, finishing requests"
    );
    if timeout(limit, connections.shutdown()).await.is_err() {
        tracing::warn!(
            limit_s = limit.as_secs_f64(),
            "requests were still under way and have been cut off"
        );
    }
    app.drafts.close();
}

async fn accept(app: &Arc<App>, listener: TcpListener, connections: &GracefulShutdown, stop: impl Future<Output = ()>) {
    let router = router(Arc::clone(app));
    let most = descriptors::connections(app.config.limits.max_connections.get());
    let permits = Arc::new(Semaphore::new(most));
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            // The semaphore is never closed.
            let permit = Arc::clone(&permits).acquire_owned().await.map_err(io::Error::other)?;
            listener.accept().await.map(|(stream, _)| (stream, permit))
        };
        tokio::select! {
            () = &mut stop => return,
            accepted = next => match accepted {
                Ok((stream, permit)) => {
                    tokio::spawn(converse(Arc::clone(app), stream, router.clone(), connections.watcher(), permit));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// One connection from its first request to its last.
async fn converse(app: Arc<App>, stream: TcpStream, router: Router, watcher: Watcher, permit: OwnedSemaphorePermit) {
    // Answers are small: waiting to fill packets only delays them.
    _ = stream.set_nodelay(true);
    let server = &app.config.server;
    let Some(protocol) = spoken(&stream, server.header_timeout).await else {
        return;
    };
    let io = StallGuard::new(TokioIo::new(stream), server.write_timeout);
    let service = TowerToHyperService::new(router);
    let ended = match protocol {
        Protocol::Http1 => watcher.watch(http1(&app).serve_connection(io, service)).await,
        Protocol::Http2 => watcher.watch(http2(&app).serve_connection(io, service)).await,
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
    drop(permit);
}

fn http1(app: &App) -> http1::Builder {
    let limits = &app.config.limits;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(app.config.server.header_timeout)
        .max_headers(limits.max_headers.get())
        // The buffer bounds the memory, roughly; the header size is what is refused, to the byte.
        .max_buf_size(limits.max_head_bytes.0)
        .max_header_size(limits.max_head_bytes.0)
        .keep_alive(true);
    http
}

/// A client that no longer answers is found out by pings; one that opens more streams than it may is told so.
fn http2(app: &App) -> http2::Builder<TokioExecutor> {
    let head_bytes = u32::try_from(app.config.limits.max_head_bytes.0).unwrap_or(u32::MAX);
    let mut http = http2::Builder::new(TokioExecutor::new());
    http.timer(TokioTimer::new())
        .max_header_list_size(head_bytes)
        .max_concurrent_streams(MOST_STREAMS)
        .keep_alive_interval(app.config.server.header_timeout)
        .keep_alive_timeout(app.config.server.header_timeout);
    http
}

async fn tidy(app: Arc<App>) {
    let mut ticks = interval(TIDY_EVERY);
    loop {
        ticks.tick().await;
        app.metrics.tidy();
        app.drafts.expire(Timestamp::now());
    }
}
