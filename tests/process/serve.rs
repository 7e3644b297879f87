//! `refugia serve`.

mod configuration;
mod connections;
mod lifecycle;
mod reloading;
mod server;
