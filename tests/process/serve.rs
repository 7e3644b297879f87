//! `refugia serve`.

mod configuration;
mod connections;
mod imports;
mod lifecycle;
mod reloading;
mod server;
mod warming;
