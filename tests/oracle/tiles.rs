//! Tiles against the specification, against point sampling, and through other people's decoders.

#![allow(
    clippy::absolute_paths,
    clippy::print_stdout,
    reason = "tests report on the terminal"
)]

mod coverage;
mod decode;
mod disk;
mod layers;
mod readers;
mod real;
mod rules;
mod sampling;
mod validity;
