//! `refugia sample`: an invented province for benchmarks and load tests.

use std::{io::IsTerminal, path::PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{DONE, eprint_line, print_line};
use crate::sample::{self, Scale};

/// Write an invented province as a region pack, for benchmarks and load tests.
///
/// At its full scale 20 000 shelters, 100 000 hazard zones of five kinds that share their borders, 16 000 settlements,
/// 84 counties. The same seed gives the same pack on every machine. Everything in it is marked as synthetic.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  refugia sample --scale province --out data/sample-province")]
pub(super) struct Args {
    /// How much of the province.
    #[arg(long, default_value = "province", value_parser = scale())]
    scale: Scale,
    /// The pack's folder; must be empty, made if it does not exist.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Another province of the same kind.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn scale() -> impl TypedValueParser<Value = Scale> {
    PossibleValuesParser::new(Scale::ALL.iter().map(|scale| scale.as_str())).map(|word| {
        let known = Scale::ALL.into_iter().find(|scale| scale.as_str() == word);
        known.unwrap_or(Scale::Province)
    })
}

pub(super) fn run(args: &Args) -> anyhow::Result<u8> {
    let shows = std::io::stderr().is_terminal();
    let manifest = sample::write(&args.out, args.scale, args.seed, |step| {
        if shows {
            eprint_line(&format!("making {step}"));
        }
    })?;
    print_line(&format!(
        "{} is a pack of {} layers; look at it: refugia serve --region {}",
        args.out.display(),
        manifest.layers.len(),
        args.out.display()
    ));
    Ok(DONE)
}
