//! `refugia serve`.

mod configuration;
mod connections;
mod imports;
mod lifecycle;
mod reloading;
mod replicas;
mod server;
mod warming;
