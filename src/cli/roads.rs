//! `refugia roads`: an OpenStreetMap extract becomes the road network of a pack.

use std::{
    fs,
    io::IsTerminal,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{DONE, DONE_WITH_WARNINGS, eprint_line, print_line};
use crate::{
    catalog::{MANIFEST_FILE, RegionManifest, RoadsManifest},
    geometry::BBox,
    import::NewRoads,
    routing::{
        Network, Router,
        file::{SectionWriter, write_network, write_orders},
        osm::{self, Report},
    },
};

const EXAMPLES: &str = "\
Examples:
  refugia roads --region data/mine fujian-latest.osm.pbf
  refugia roads --region data/mine --report roads.json --vintage 2026-03 --source 'OpenStreetMap, cut by us' mine.osm.pbf

Extracts are at https://download.geofabrik.de; osmium extract cuts smaller ones.
Ways that car, lorry and feet may not pass are left out; the table says how many and why.

Exit codes: 0 done, 1 failed and the old roads stay, 2 wrong command line, 4 done, but most of the roads lie outside the
region.";

/// Build the road network of a region pack from an OpenStreetMap extract.
///
/// For cars, lorries and people on foot: one-ways, access, barriers, ferries, speeds, limits of size and load, turn
/// restrictions, names. Reads the file twice and keeps only what roads need. A folder without region.toml becomes a new
/// region. On any error the old network stays; a running server goes on with it until the new one is complete.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The extract, .osm.pbf.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The region pack's folder; made if it does not exist.
    #[arg(long, value_name = "DIR")]
    region: PathBuf,
    /// Where the data come from; `OpenStreetMap` and the file's name without it.
    #[arg(long)]
    source: Option<String>,
    /// Under which terms they may be used; OpenStreetMap's without it.
    #[arg(long, default_value = "ODbL-1.0")]
    licence: String,
    /// Of which time they are, beginning with the year; what the file says without it, else the year it was written in.
    #[arg(long)]
    vintage: Option<String>,
    /// The roads are made up.
    #[arg(long)]
    synthetic: bool,
    /// IANA time zone of a region that is made.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    time_zone: String,
    /// Do everything but change the pack.
    #[arg(long)]
    dry_run: bool,
    /// Write what was read, kept and left out as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<u8> {
    let Built {
        network,
        report,
        served,
    } = if args.dry_run { try_out(args)? } else { build(args)? };
    print_line(format!("{}{report}", headline(args, &network)).trim_end());
    if let Some(path) = &args.report {
        write_report(path, &report)?;
    }
    let warning = served.and_then(|served| outside(&network, served));
    Ok(warning.map_or(DONE, |warning| {
        eprint_line(&warning);
        DONE_WITH_WARNINGS
    }))
}

/// Says when most of the roads lie outside the area that the region serves: a wrong file looks like that.
fn outside(network: &Network, served: BBox) -> Option<String> {
    let nodes = network.node_count();
    let outside = network
        .nodes()
        .filter(|node| !served.contains(network.position(*node)))
        .count();
    (2 * outside > nodes).then(|| {
        format!(
            "warning: {outside} of {nodes} nodes lie outside the region's bbox; is it the right file? If they belong there, \
             widen `bbox` in {MANIFEST_FILE}"
        )
    })
}

fn headline(args: &Args, network: &Network) -> String {
    let file = args.file.display();
    let stretches = network.stretch_count();
    if args.dry_run {
        format!(
            "{file} would be the roads of {}: {stretches} stretches\n",
            args.region.display()
        )
    } else {
        format!(
            "{file} is now the roads of {}: {stretches} stretches\n",
            args.region.display()
        )
    }
}

/// What came of it.
struct Built {
    network: Network,
    report: Report,
    /// The area that the region served before.
    served: Option<BBox>,
}

/// Reads the extract and leaves the pack alone.
fn try_out(args: &Args) -> anyhow::Result<Built> {
    let (network, report) = read(&args.file)?;
    let manifest = fs::read_to_string(args.region.join(MANIFEST_FILE)).ok();
    let served = manifest.map(|text| RegionManifest::parse(&text)).transpose()?;
    Ok(Built {
        network,
        report,
        served: served.map(|region| region.bbox),
    })
}

/// Reads the extract, writes the network beside the old one, reads it again, and puts it into the pack.
fn build(args: &Args) -> anyhow::Result<Built> {
    let pack = NewRoads::open(&args.region)?;
    let served = pack.served();
    let (network, report) = read(&args.file)?;
    let bbox = network.bbox().context("the network has no nodes")?;
    let staged = pack.staged();
    let hash = write(&network, &staged)?;
    ensure!(
        Network::open(&staged)? == network,
        "what was written to {} is not what is read from there: check the disk",
        args.region.display()
    );
    let entry = RoadsManifest {
        file: String::new(),
        source: args
            .source
            .clone()
            .unwrap_or_else(|| format!("OpenStreetMap ({})", file_name(&args.file))),
        licence: args.licence.clone(),
        vintage: vintage(args, &report),
        synthetic: args.synthetic,
    };
    pack.commit(hash, entry, bbox, &args.time_zone)?;
    Ok(Built {
        network,
        report,
        served,
    })
}

/// Writes all sections; gives the hash that the file is named after.
fn write(network: &Network, path: &Path) -> anyhow::Result<u64> {
    let mut file = SectionWriter::create(path)?;
    write_network(network, &mut file)?;
    write_orders(&Router::find_orders(network), &mut file)?;
    Ok(file.finish()?)
}

/// Reads the extract; shows a bar meanwhile where there is a terminal.
fn read(file: &Path) -> anyhow::Result<(Network, Report)> {
    if !std::io::stderr().is_terminal() {
        return Ok(osm::read(file, &|_| {})?);
    }
    let bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
    let bar = ProgressBar::with_draw_target(Some(osm::READINGS * bytes), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix("1/2 roads");
    let result = osm::read(file, &|read| {
        if read > bytes {
            bar.set_prefix("2/2 places");
        }
        bar.set_position(read);
    });
    bar.finish_and_clear();
    Ok(result?)
}

/// The day that the extract is of, else the year in which the file was written.
fn vintage(args: &Args, report: &Report) -> String {
    let said = || {
        report
            .as_of
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
    };
    let day = || said().map(|time| jiff::tz::TimeZone::UTC.to_datetime(time).date().to_string());
    let written = || {
        let modified = fs::metadata(&args.file).and_then(|metadata| metadata.modified()).ok();
        let time = modified.and_then(|time| jiff::Timestamp::try_from(time).ok());
        let time = time.unwrap_or_else(jiff::Timestamp::now);
        jiff::tz::TimeZone::UTC.to_datetime(time).year().to_string()
    };
    args.vintage.clone().or_else(day).unwrap_or_else(written)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// The roads are built when this runs: a report that cannot be written is told, and no failure.
fn write_report(path: &Path, report: &Report) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report)?;
    if let Err(error) = fs::write(path, text) {
        eprint_line(&format!(
            "warning: the roads are built, but {} cannot be written: {error}",
            path.display()
        ));
    }
    Ok(())
}
