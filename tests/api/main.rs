//! The API in process: the router itself, without a network. The tree mirrors the addresses.

#![allow(clippy::unwrap_used, clippy::panic, clippy::absolute_paths, missing_docs)]

mod archives;
mod bad_input;
mod config_reference;
mod imports;
mod imports_stops;
mod openapi;
mod operation;
mod region;
mod risk;
mod roads;
mod roads_depth;
mod roads_hours;
mod roads_many;
mod search;
mod shelters;
mod site;
mod styles;
mod teams;
mod tiles;
mod web;
