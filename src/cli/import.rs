//! `refugia import`: somebody's file becomes a layer of a pack.

use std::{
    fs,
    io::IsTerminal,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use clap::{
    ArgAction,
    builder::{PossibleValuesParser, TypedValueParser},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{DONE, DONE_IN_PART, DONE_WITH_WARNINGS, STOPPED, eprint_line, print_line};
use crate::{
    catalog::{
        HazardKind, Id, Role,
        readers::{Format, Progress},
    },
    geometry::Datum,
    import::{HazardJob, Job, MeaningKey, Report, Severity},
    messages::Names,
};

const EXAMPLES: &str = "\
Examples:
  A new region from a register in GB 18030, with coordinates of a Chinese web map:
    refugia import --region data/mine --layer shelters --role shelter \\
      --encoding gb18030 --datum gcj02 --map suits.flood=洪水 shelters.csv
  Flood zones with their levels named, lowest first:
    refugia import --region data/mine --layer flood --role hazard_zone --hazard flood \\
      --level-from depth --levels shallow,deep zones.geojson
  What would happen, and every refused row:
    refugia import --dry-run --report report.json --region data/mine --layer roads --role road roads.geojsonl.gz

Column meanings for --map: lon, lat, name, name.zh, name.en, id, address, capacity, phone, status,
suits.KIND, facilities.FACILITY and the others of [layer.attributes]. Well-known column names are
taken without being told, where every value fits; the report says which.

Exit codes: 0 every row is in the pack, 1 failed and nothing changed, 2 wrong command line,
3 imported, but some rows were refused, 4 imported with warnings to look at, 5 stopped by a finding:
nothing changed, --accept goes on.";

/// Import a file into a region pack as one layer, all or nothing.
///
/// Reads CSV (comma, semicolon or tab; a header row), GeoJSON, GeoJSON text sequences and FlatGeobuf, plain or gzip.
/// Every row is kept, or refused with its reason; small flaws of polygons are mended and counted. A folder without
/// region.toml becomes a new region. A running server goes on with the old pack until the import is complete.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub(super) struct Args {
    /// The file to import.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The region pack's folder; made if it does not exist.
    #[arg(long, value_name = "DIR")]
    region: PathBuf,
    /// The new layer's id: a-z, 0-9, _ and -.
    #[arg(long, value_name = "ID")]
    layer: Id,
    /// What the features are.
    #[arg(long, value_parser = role())]
    role: Role,
    /// The hazard kind of a layer of hazard zones.
    #[arg(long, value_name = "KIND", value_parser = hazard())]
    hazard: Option<HazardKind>,
    /// Column with the level of a hazard zone; without it all zones have the same.
    #[arg(long, value_name = "COLUMN", requires = "hazard")]
    level_from: Option<String>,
    /// The levels as they stand in the column, lowest first. Without it they are put in order where their words have
    /// only one (低 < 中 < 高, IV < I).
    #[arg(long, value_name = "LOW,…,HIGH", value_delimiter = ',', requires = "level_from")]
    levels: Vec<String>,
    /// The lowest level that no shelter should lie in; the upper half of the levels without it.
    #[arg(long, value_name = "LEVEL", requires = "level_from")]
    unsafe_from: Option<String>,
    /// A column's meaning, as often as needed; `MEANING=` takes an automatic one back.
    #[arg(long, value_name = "MEANING=COLUMN", value_parser = assignment, action = ArgAction::Append)]
    map: Vec<(MeaningKey, String)>,
    /// The datum of the coordinates: wgs84, cgcs2000 (taken as wgs84) or gcj02.
    #[arg(long, default_value = "wgs84", value_parser = datum)]
    datum: Datum,
    /// The text encoding, such as gb18030, big5, `shift_jis` or utf-16le; UTF-8 without it.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// The format, instead of looking: csv, geojson, geojsonseq or flatgeobuf.
    #[arg(long)]
    format: Option<Format>,
    /// Which table of a file that holds several: a sheet, a GeoPackage layer, a file in an archive.
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// The layer's Chinese name; its id without it.
    #[arg(long, value_name = "NAME")]
    name_zh: Option<String>,
    /// The layer's English name; its id without it.
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// A hint for drawing: coastline, river or land (reference), town, village or place (settlement).
    #[arg(long)]
    kind: Option<String>,
    /// Where the data come from; the file's name without it.
    #[arg(long)]
    source: Option<String>,
    /// Under which terms they may be used.
    #[arg(long, default_value = "unknown")]
    licence: String,
    /// Of which time they are, beginning with the year; the year of the file without it.
    #[arg(long, value_name = "YEAR…")]
    vintage: Option<String>,
    /// The data are made up.
    #[arg(long)]
    synthetic: bool,
    /// Put the layer in the place of the one with its id.
    #[arg(long)]
    replace: bool,
    /// Go on where a finding would stop the import: a suspected shift, a suspicious loss of features.
    #[arg(long)]
    accept: bool,
    /// IANA time zone of a region that is made.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    time_zone: String,
    /// Do everything but change the pack.
    #[arg(long)]
    dry_run: bool,
    /// Write the whole report as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str())).try_map(|word| word.parse::<Role>())
}

fn hazard() -> impl TypedValueParser<Value = HazardKind> {
    PossibleValuesParser::new(HazardKind::ALL.iter().map(|kind| kind.as_str()))
        .try_map(|word| word.parse::<HazardKind>())
}

fn assignment(text: &str) -> Result<(MeaningKey, String), String> {
    let (meaning, column) = text.split_once('=').ok_or("write MEANING=COLUMN")?;
    let meaning: MeaningKey = meaning.trim().parse().map_err(|error| format!("{error}"))?;
    Ok((meaning, column.trim().to_owned()))
}

fn datum(word: &str) -> Result<Datum, String> {
    match word.to_ascii_lowercase().as_str() {
        "cgcs2000" => Ok(Datum::Wgs84),
        other if other == "bd09" || other.starts_with("epsg") => Err(format!(
            "{word} is not converted yet; convert the file to WGS 84 first, for example with ogr2ogr -t_srs EPSG:4326"
        )),
        other => other.parse().map_err(|error| format!("{error}, cgcs2000")),
    }
}

pub(super) fn run(args: Args) -> anyhow::Result<u8> {
    let report_path = args.report.clone();
    let job = job(args)?;
    let report = with_bar(&job)?;
    print_line(report.to_string().trim_end());
    if let Some(path) = report_path {
        write_report(&path, &report)?;
    }
    Ok(match report.severity() {
        _ if report.stopped => STOPPED,
        _ if report.refused > 0 => DONE_IN_PART,
        Some(Severity::Warning | Severity::Stop) => DONE_WITH_WARNINGS,
        Some(Severity::Note) | None => DONE,
    })
}

fn job(args: Args) -> anyhow::Result<Job> {
    let metadata = fs::metadata(&args.file).with_context(|| format!("cannot open {}", args.file.display()))?;
    if !metadata.is_file() {
        bail!(
            "{} is no file; imports read files twice and cannot take a pipe or a folder",
            args.file.display()
        );
    }
    let vintage = args.vintage.unwrap_or_else(|| {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| jiff::Timestamp::try_from(time).ok());
        let time = modified.unwrap_or_else(jiff::Timestamp::now);
        jiff::tz::TimeZone::UTC.to_datetime(time).year().to_string()
    });
    let file_name = args.file.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Job {
        names: Names {
            zh: args.name_zh.unwrap_or_else(|| args.layer.to_string()),
            en: args.name_en.unwrap_or_else(|| args.layer.to_string()),
        },
        hazard: args.hazard.map(|kind| HazardJob {
            kind,
            level_from: args.level_from,
            levels: args.levels,
            unsafe_from: args.unsafe_from,
        }),
        source: args.source.or(file_name).unwrap_or_else(|| "unknown".to_owned()),
        input: args.file,
        region: args.region,
        layer: args.layer,
        role: args.role,
        kind: args.kind,
        licence: args.licence,
        vintage,
        synthetic: args.synthetic,
        datum: args.datum,
        format: args.format,
        table: args.table,
        encoding: args.encoding,
        map: args.map,
        replace: args.replace,
        accept: args.accept,
        dry_run: args.dry_run,
        time_zone: args.time_zone,
    })
}

/// Runs the job while a bar shows how far the two readings are; on a terminal only.
fn with_bar(job: &Job) -> anyhow::Result<Report> {
    let progress = Progress::default();
    if !std::io::stderr().is_terminal() {
        return Ok(job.run(&progress)?);
    }
    let size = fs::metadata(&job.input).map_or(0, |metadata| metadata.len());
    let bar = ProgressBar::with_draw_target(Some(2 * size), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(format!("importing {}", job.layer));
    let result = std::thread::scope(|scope| {
        let run = scope.spawn(|| job.run(&progress));
        while !run.is_finished() {
            bar.set_position(progress.bytes().min(2 * size));
            std::thread::sleep(Duration::from_millis(100));
        }
        run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    bar.finish_and_clear();
    Ok(result?)
}

/// The import is done when this runs: a report that cannot be written is told, with what happened all the same.
fn write_report(path: &Path, report: &Report) -> anyhow::Result<()> {
    let json = serde_json::to_vec_pretty(report)?;
    if let Err(error) = fs::write(path, json) {
        eprint_line(&format!(
            "warning: the import is done, but {} cannot be written: {error}",
            path.display()
        ));
    }
    Ok(())
}
