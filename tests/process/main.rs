//! The real binary, run as its users run it. One test binary, for each one takes its time to link.

#![allow(
    clippy::unwrap_used,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that unwraps fails where it should, says what it skips, and looks at names that are our own"
)]

mod check;
mod harness;
mod import;
mod real_data;
mod sample;
mod serve;
