//! The command line: one file per subcommand, each with its arguments and what it prints.
//!
//! Owns parsing, dispatch and exit codes. The work itself is done by the rooms below; they print nothing.
//!
//! Exit codes, the same for every subcommand: 0 done · 1 failed, nothing changed · 2 the command line is wrong ·
//! 3 done in part (an import that kept some rows and refused others) · 4 done, with warnings to look at · 5 stopped by a
//! finding, nothing changed.

mod check;
mod import;
mod roads;
mod sample;
mod serve;
mod tiles;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Done.
const DONE: u8 = 0;
/// Failed; nothing was changed.
const FAILED: u8 = 1;
/// The command line or the configuration is wrong.
const WRONG: u8 = 2;
/// Done, but not with all of the input.
const DONE_IN_PART: u8 = 3;
/// Done; somebody should look at the warnings.
const DONE_WITH_WARNINGS: u8 = 4;
/// Not done, for it would probably be a mistake; the user may insist.
const STOPPED: u8 = 5;

/// Hazard and disaster-shelter map server: nearest shelter, risk at a point and vector tiles from one binary.
#[derive(Debug, Parser)]
#[command(name = "refugia", version, propagate_version = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Own data on the map:
  refugia import --region data/mine --layer shelters --role shelter shelters.csv
  refugia roads --region data/mine extract.osm.pbf
  refugia check data/mine

Exit codes: 0 done, 1 failed (nothing changed), 2 wrong command line, 3 done in part, 4 done with warnings,
5 stopped by a finding (nothing changed).
Every subcommand explains itself: refugia <COMMAND> --help";

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::Args>),
    Import(Box<import::Args>),
    Roads(roads::Args),
    Check(check::Args),
    Sample(sample::Args),
    Tiles(tiles::Args),
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let outcome: anyhow::Result<u8> = match Cli::parse().command {
        Command::Serve(args) => serve::run(*args),
        Command::Import(args) => import::run(*args),
        Command::Roads(args) => roads::run(&args),
        Command::Check(args) => Ok(check::run(&args)),
        Command::Sample(args) => sample::run(&args),
        Command::Tiles(args) => tiles::run(&args),
    };
    outcome.map_or_else(
        |error| {
            eprint_line(&format!("error: {error:#}"));
            ExitCode::from(FAILED)
        },
        ExitCode::from,
    )
}

/// Writes a line for people to standard output; a closed pipe is no reason to fail.
fn print_line(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Writes a line for people to standard error.
fn eprint_line(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
