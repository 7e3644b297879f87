//! `refugia import`: somebody's file becomes a layer of a pack.

mod bar;

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{DONE, DONE_IN_PART, DONE_WITH_WARNINGS, STOPPED, eprint_line, print_line};
use crate::{
    catalog::{HazardKind, Id, Role, readers::Format},
    geometry::Crs,
    import::{HazardJob, Job, MeaningKey, Metadata, Report, ReportFormat, Severity, UnknownReportFormat},
};
use anyhow::{Context, bail};
use clap::{
    ArgAction,
    builder::{PossibleValuesParser, TypedValueParser},
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
  The next version of the shelters, with a report for the office:
    refugia import --report report.html --region data/mine --layer shelters --role shelter shelters-2027.csv

Column meanings for --map: lon, lat, name, name.zh, name.en, id, address, capacity, phone, status,
suits.KIND, facilities.FACILITY and the others of [layer.attributes]. suits and facilities alone are
columns that list kinds (水災,震災): a listed kind is yes, an unlisted one unknown. Well-known column
names are taken without being told, where every value fits; the report says which.

How a file was read is kept with its layer, and the next file of the layer is read the same way.
A mapping file for --mapping has encoding, datum, table, lon, lat, level_from, levels, unsafe_from
and a table [attributes] with MEANING = \"COLUMN\", each only where it is needed:
    encoding = \"gb18030\"
    [attributes]
    capacity = \"容纳人数\"
    suits = { list = \"适用灾种\", flood = \"洪水\" }

Exit codes, the same for a dry run: 0 every row is in the pack, 1 failed and nothing changed,
2 wrong command line, 3 imported, but some rows were refused, 4 imported with warnings to look at,
5 stopped by a finding: nothing changed, --accept goes on. Where several fit, 5 comes before 3 and 3 before 4.";

/// Import a file into a region pack as one layer, all or nothing.
///
/// Reads CSV (comma, tab, semicolon or bar; a header row), spreadsheets (xlsx, xls, ods), GeoJSON, GeoJSON text sequences,
/// FlatGeobuf, Shapefile (the .shp, its folder or a zip), GeoPackage, KML and KMZ; plain, gzip or zip.
/// Every row is kept, or refused with its reason; small flaws of polygons are mended and counted. A folder without
/// region.toml becomes a new region. A layer that is there already gets its next version: what came, went, changed and
/// moved is told, and a loss of more than a fifth of its features stops the import. A running server goes on with the
/// old pack until the import is complete.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub(super) struct Args {
    /// The file to import, or the folder of a Shapefile.
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
    /// The coordinate system of the file, where it does not say or is wrong; WGS 84 where nobody says. One of: wgs84,
    /// cgcs2000 (taken as wgs84), gcj02, bd09, twd97 or twd97-119 (Taiwan's TM2 zones), jgd2011 (degrees), jgd2011-1 …
    /// jgd2011-19 (Japan's plane rectangular zones), webmercator, utm50n, gk39 (CGCS2000 zone, its number in the
    /// easting), gk117e (central meridian), epsg:CODE, a definition `+proj=… +towgs84=…`, or the text of a .prj.
    #[arg(long, value_name = "SYSTEM")]
    datum: Option<Crs>,
    /// A mapping file (TOML) with columns, levels, datum, encoding and table, instead of the one that the import
    /// before has kept with the layer; --map and the other options come before it.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The text encoding, such as gb18030, big5, `shift_jis` or utf-16le, instead of looking at the bytes.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// The first row of the table is data: its columns are called `column_1`, `column_2` and so on.
    #[arg(long)]
    no_header: bool,
    /// The format, instead of looking: csv, geojson, geojsonseq, flatgeobuf, xlsx, xls, ods, shapefile, geopackage or kml.
    #[arg(long)]
    format: Option<Format>,
    /// Which table of a file that holds several: a sheet, a GeoPackage layer, a file in an archive.
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// The layer's Chinese name. An update keeps what is not said of names, kind, source, licence, vintage and made-up
    /// data; a layer that is not there yet is called by its id.
    #[arg(long, value_name = "NAME")]
    name_zh: Option<String>,
    /// The layer's English name.
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// A hint for drawing: coastline, river or land (reference), town, village or place (settlement).
    #[arg(long)]
    kind: Option<String>,
    /// Where the data come from; the file's name without it.
    #[arg(long)]
    source: Option<String>,
    /// Under which terms they may be used; `unknown` without it.
    #[arg(long)]
    licence: Option<String>,
    /// Of which time they are, beginning with the year; the year of the file without it.
    #[arg(long, value_name = "YEAR…")]
    vintage: Option<String>,
    /// The data are made up; `--synthetic=false` takes it back.
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    synthetic: Option<bool>,
    /// This is another data set than the layer of the same id: put it in its place without comparing the two.
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
    /// Write the whole report: as JSON to a name that ends in .json, as a page in Chinese and English to .html.
    #[arg(long, value_name = "FILE", value_parser = report_file)]
    report: Option<(PathBuf, ReportFormat)>,
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

fn report_file(name: &str) -> Result<(PathBuf, ReportFormat), UnknownReportFormat> {
    let path = PathBuf::from(name);
    ReportFormat::of(&path).map(|format| (path, format))
}

pub(super) fn run(args: Args) -> anyhow::Result<u8> {
    let report_path = args.report.clone();
    let job = job(args)?;
    let report = bar::run(&job)?;
    print_line(report.to_string().trim_end());
    if let Some((path, format)) = report_path {
        write_report(&path, format, &report)?;
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
    if !metadata.is_file() && !metadata.is_dir() {
        bail!(
            "{} is no file; imports read files twice and cannot take a pipe",
            args.file.display()
        );
    }
    Ok(Job {
        metadata: Metadata {
            name_zh: args.name_zh,
            name_en: args.name_en,
            kind: args.kind,
            source: args.source,
            licence: args.licence,
            vintage: args.vintage,
            synthetic: args.synthetic,
        },
        hazard: args.hazard.map(|kind| HazardJob {
            kind,
            level_from: args.level_from,
            levels: args.levels,
            unsafe_from: args.unsafe_from,
        }),
        input: args.file,
        region: args.region,
        layer: args.layer,
        role: args.role,
        crs: args.datum,
        format: args.format,
        table: args.table,
        encoding: args.encoding,
        no_header: args.no_header,
        map: args.map,
        mapping: args.mapping,
        replace: args.replace,
        accept: args.accept,
        dry_run: args.dry_run,
        time_zone: args.time_zone,
    })
}

/// The import is done when this runs: a report that cannot be written is told, with what happened all the same.
fn write_report(path: &Path, format: ReportFormat, report: &Report) -> anyhow::Result<()> {
    let text = report.render(format)?;
    if let Err(error) = fs::write(path, text) {
        eprint_line(&format!(
            "warning: the import is done, but {} cannot be written: {error}",
            path.display()
        ));
    }
    Ok(())
}
