//! Tiles against the specification, against point sampling, and through other people's decoders.

#![allow(
    clippy::absolute_paths,
    clippy::print_stdout,
    reason = "tests report on the terminal"
)]

mod archive;
mod columns;
mod coverage;
mod decode;
mod decode_mlt;
mod disk;
mod encodings;
mod golden;
mod layers;
mod readers;
mod real;
mod rules;
mod sample;
mod sampling;
mod thinned;
mod validity;
