//! `refugia tiles`: the layers of a pack baked into one file.

use std::{
    io::IsTerminal,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::bail;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{DONE, print_line};
use crate::{
    catalog::{AnyLayer, DISK_LAYERS_FROM, Region, ZoomRange},
    tiles::{ArchiveError, Bake, BakeProgress, Baked, Encoding, TileLayer},
};

/// Bake layers into one file of tiles: a `.pmtiles` for a static host or an offline map, or an `.mbtiles`.
///
/// The tiles are those that the server draws, compressed with gzip. The file is written beside its place and put there
/// when it is whole.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  refugia tiles --region data/fujian --out fujian.pmtiles\n  \
    refugia tiles --region data/fujian --layers flood,shelters --max-zoom 12 --out flood.mbtiles"
)]
pub(super) struct Args {
    /// The folder of the region pack.
    #[arg(long, value_name = "DIR")]
    region: PathBuf,
    /// The file to write: its name ends in .pmtiles or .mbtiles.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Ids of layers, in drawing order, instead of all.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    layers: Vec<String>,
    /// The format of the tiles; mlt is smaller, for MapLibre, and in `.pmtiles` only.
    #[arg(long, default_value = "mvt", value_parser = encoding())]
    encoding: Encoding,
    /// The first zoom, where the layers begin earlier.
    #[arg(long, value_name = "ZOOM", value_parser = zoom())]
    min_zoom: Option<u8>,
    /// The last zoom, where the layers end later.
    #[arg(long, value_name = "ZOOM", value_parser = zoom())]
    max_zoom: Option<u8>,
    /// Write over a file that is there already.
    #[arg(long)]
    force: bool,
}

fn encoding() -> impl TypedValueParser<Value = Encoding> {
    PossibleValuesParser::new(Encoding::ALL.map(Encoding::as_str)).map(|word| {
        let known = Encoding::ALL.into_iter().find(|encoding| encoding.as_str() == word);
        known.unwrap_or(Encoding::Mvt)
    })
}

fn zoom() -> impl TypedValueParser<Value = u8> {
    clap::value_parser!(u8).range(0..=i64::from(ZoomRange::DEEPEST))
}

pub(super) fn run(args: &Args) -> anyhow::Result<u8> {
    if args.out.exists() && !args.force {
        bail!("{} is there already: --force writes over it", args.out.display());
    }
    let region = Region::load_leaving(&args.region, DISK_LAYERS_FROM)?;
    let layers = prepare(&region, &args.layers)?;
    let bake = Bake::new(layers.iter().collect(), args.encoding, args.min_zoom, args.max_zoom)?;
    let Baked { tiles, zooms, bytes } = write(&bake, args)?;
    print_line(&format!(
        "{}: {} tiles of {} layers, zoom {} to {}, {}",
        args.out.display(),
        HumanCount(tiles),
        layers.len(),
        zooms.min,
        zooms.max,
        HumanBytes(bytes)
    ));
    Ok(DONE)
}

/// The layers asked for, all where none is named, ready to be drawn.
fn prepare(region: &Region, ids: &[String]) -> anyhow::Result<Vec<TileLayer>> {
    let all: Vec<AnyLayer> = region.all_layers().collect();
    let id_of = |layer: &AnyLayer| layer.manifest().id.to_string();
    let chosen: Vec<&AnyLayer> = if ids.is_empty() {
        all.iter().collect()
    } else {
        let mut chosen = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            if ids[..at].contains(id) {
                bail!("layer {id} is named twice");
            }
            let Some(layer) = all.iter().find(|layer| id_of(layer) == *id) else {
                let there: Vec<String> = all.iter().map(id_of).collect();
                bail!("there is no layer {id}; there are {}", there.join(", "));
            };
            chosen.push(layer);
        }
        chosen
    };
    let prepared = chosen.into_iter().map(|layer| match layer {
        AnyLayer::Memory(layer) => Ok(TileLayer::build(Arc::clone(layer))),
        AnyLayer::Disk(layer) => Ok(TileLayer::build_on_disk(Arc::clone(layer))?),
    });
    prepared.collect()
}

/// Bakes; shows a bar meanwhile where there is a terminal.
fn write(bake: &Bake, args: &Args) -> Result<Baked, ArchiveError> {
    let progress = BakeProgress::default();
    if !std::io::stderr().is_terminal() {
        return bake.write(&args.out, &progress);
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} tiles, {per_sec}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let result = std::thread::scope(|scope| {
        let run = scope.spawn(|| bake.write(&args.out, &progress));
        while !run.is_finished() {
            bar.set_length(progress.total.load(Ordering::Relaxed));
            bar.set_position(progress.done.load(Ordering::Relaxed));
            std::thread::sleep(Duration::from_millis(100));
        }
        run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    bar.finish_and_clear();
    result
}
