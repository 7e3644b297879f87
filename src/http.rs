//! The HTTP edge: what the server answers, and how it stays up.
//!
//! Owns the one route table ([`router()`]), strict reading of requests, the shapes of answers, the one mapping of failures
//! to problem documents, limits and timeouts, metrics, the API description, and reloading a changed pack. What an answer
//! says is computed by the rooms below from one [`World`](crate::world::World) per request.

mod accepted;
mod allowance;
mod app;
mod archives;
mod border;
mod cors;
mod descriptors;
mod docs;
mod error;
mod flights;
mod fonts;
mod health;
mod imports;
mod language;
mod metrics;
mod openapi;
mod path;
mod position;
mod protocol;
mod query;
mod region;
mod reload;
mod renders;
mod representation;
mod risk;
mod roads;
mod router;
mod search;
mod server;
mod shelters;
mod stall;
mod styles;
mod teams;
mod tiles;
mod turns;
mod warm;
mod watch;
mod web;

pub use app::App;
pub use metrics::resident_bytes;
pub use openapi::document as openapi_document;
pub use reload::{Outcome, reload};
pub use router::router;
pub use server::serve;
