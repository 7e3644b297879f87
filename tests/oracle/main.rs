//! Oracles: every clever answer against a plain one, on random data, on real files and against PostGIS.
//!
//! Real files are read from the folder `REFUGIA_TEST_DATA` names; without it, and without PostgreSQL and PostGIS, the
//! tests that need them say so and pass, except where `CI=true`, where nothing may be left out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stderr,
    missing_docs
)]

mod crs;
#[path = "../benches/generate.rs"]
mod generate;
mod nearest;
mod points;
mod postgis;
mod real;
mod repair;
mod risk;
mod roads;
mod tiles;
