//! The real binary, run as its users run it. One test binary, for each one takes its time to link.

#![allow(
    clippy::unwrap_used,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that unwraps fails where it should, says what it skips, and looks at names that are our own"
)]

mod archives;
mod check;
mod crash;
mod crs;
mod formats;
mod harness;
mod import;
mod mapping;
mod real_data;
mod real_reports;
mod report;
mod roads;
mod sample;
mod serve;
mod shift;
mod tables;
mod tiles;
mod update;
mod xlsx;
