//! A web server on this machine that gives ranges of one object, well or badly, and counts how often it is asked.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode, header},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As it should.
    Well,
    /// Without looking at `If-Match`.
    Overlooking,
    /// With weak entity tags.
    Weak,
    /// With `Last-Modified` alone.
    ByTime,
    /// With nothing that tells versions apart.
    Untelling,
    /// The whole object, whatever range is asked for.
    Whole,
    /// 404.
    Gone,
    /// 503.
    Busy,
    /// Never.
    Silent,
    /// Half of what it announces.
    Cut,
}

struct Object {
    bytes: Vec<u8>,
    version: u32,
    manner: Manner,
}

struct Shared {
    object: Mutex<Object>,
    asked: AtomicUsize,
}

/// The server; it stops when this is dropped.
pub(crate) struct Elsewhere {
    shared: Arc<Shared>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Elsewhere {
    pub(crate) async fn with(bytes: Vec<u8>) -> Self {
        let object = Object {
            bytes,
            version: 1,
            manner: Manner::Well,
        };
        let shared = Arc::new(Shared {
            object: Mutex::new(object),
            asked: AtomicUsize::new(0),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { shared, address, task }
    }

    /// The line of a manifest that leads to it.
    pub(crate) fn place(&self) -> String {
        format!("url = \"http://{}/maps/base.pmtiles?key=s3cret\"", self.address)
    }

    /// From now on it answers so.
    pub(crate) fn answers(&self, manner: Manner) {
        self.shared.object.lock().unwrap().manner = manner;
    }

    /// Puts another object in place of the one that is there.
    pub(crate) fn put(&self, bytes: Vec<u8>) {
        let mut object = self.shared.object.lock().unwrap();
        object.bytes = bytes;
        object.version += 1;
    }

    /// How often it was asked since this was last looked at.
    pub(crate) fn asked(&self) -> usize {
        self.shared.asked.swap(0, Ordering::SeqCst)
    }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response<Body> {
    shared.asked.fetch_add(1, Ordering::SeqCst);
    if shared.object.lock().unwrap().manner == Manner::Silent {
        std::future::pending::<()>().await;
    }
    let object = shared.object.lock().unwrap();
    let nothing = |status: StatusCode| Response::builder().status(status).body(Body::empty()).unwrap();
    let tag = match object.manner {
        Manner::Gone => return nothing(StatusCode::NOT_FOUND),
        Manner::Busy => return nothing(StatusCode::SERVICE_UNAVAILABLE),
        Manner::Weak => Some(format!("W/\"{}\"", object.version)),
        Manner::ByTime | Manner::Untelling => None,
        _ => Some(format!("\"{}\"", object.version)),
    };
    let wanted = headers
        .get(header::IF_MATCH)
        .map(|tag| tag.to_str().unwrap().to_owned());
    if object.manner != Manner::Overlooking && wanted.is_some() && wanted != tag {
        return nothing(StatusCode::PRECONDITION_FAILED);
    }
    let mut response = Response::builder();
    if let Some(tag) = tag {
        response = response.header(header::ETAG, tag);
    }
    if object.manner == Manner::ByTime {
        let time = format!("Thu, 01 Jan 2026 00:00:{:02} GMT", object.version);
        response = response.header(header::LAST_MODIFIED, time);
    }
    let range = headers
        .get(header::RANGE)
        .map(|range| range.to_str().unwrap().to_owned());
    let Some(range) = range.filter(|_| object.manner != Manner::Whole) else {
        return response.body(Body::from(object.bytes.clone())).unwrap();
    };
    let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let total = object.bytes.len();
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let last = last.min(total - 1);
    let mut bytes = object.bytes[first..=last].to_vec();
    if object.manner == Manner::Cut {
        bytes.truncate(bytes.len() / 2);
    }
    response
        .status(StatusCode::PARTIAL_CONTENT)
        .header(header::CONTENT_RANGE, format!("bytes {first}-{last}/{total}"))
        .body(Body::from(bytes))
        .unwrap()
}
