//! Fuzz targets: every reader, fed with bytes that nobody vouches for.
//!
//! A target makes a file of its input, opens it as an import does, and holds what comes out against what the readers
//! promise ([`reading`]). Formats that pack their content get it packed here ([`packing`]), for changed bytes inside a
//! checksum would be refused before anything is read. [`run`] chooses the target by its name.

pub mod imports;
pub mod memory;
pub mod packing;
pub mod reading;
pub mod roads;
mod scratch;
pub mod texts;

use std::{
    backtrace::Backtrace,
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    process::abort,
    sync::Mutex,
};

use refugia::catalog::readers::{Format, Hints};

use self::reading::Reading;

#[global_allocator]
static ALLOCATOR: memory::Bounded = memory::Bounded;

/// Every target and what it does with an input.
pub const TARGETS: &[(&str, fn(&[u8]))] = &[
    ("any", |data| {
        let (ending, content) = packing::named(data);
        Reading::new(ending).read(content);
    }),
    ("archive", |data| Reading::new("zip").read(&packing::archive(data))),
    ("crs", texts::crs),
    ("csv", |data| Reading::of(Format::Csv).read(data)),
    ("encoding", |data| {
        Reading::of(Format::Csv).read(&[b"lon,lat,name\n119.3,26.1,", data].concat());
    }),
    ("flatgeobuf", |data| {
        Reading::of(Format::FlatGeobuf).writing().read(data)
    }),
    ("geojson", |data| Reading::of(Format::GeoJson).writing().read(data)),
    ("geojsonseq", |data| Reading::of(Format::GeoJsonSeq).read(data)),
    ("geopackage", |data| Reading::of(Format::GeoPackage).read(data)),
    ("import", imports::cells),
    ("kml", |data| Reading::of(Format::Kml).writing().read(data)),
    ("manifest", texts::manifest),
    ("mapping", imports::mapping),
    ("network", roads::network),
    ("ods", |data| Reading::of(Format::Ods).read(&packing::ods(data))),
    ("osm", |data| roads::extract(&packing::extract(data))),
    ("pbf", roads::extract),
    ("position", |data| {
        let hints = Hints {
            lon: Some("column_1".to_owned()),
            lat: Some("column_2".to_owned()),
            no_header: true,
            ..Hints::default()
        };
        Reading::of(Format::Csv).with(hints).read(data);
    }),
    ("shapefile", |data| Reading::of(Format::Shapefile).parts().read(data)),
    ("wkb", |data| {
        Reading::of(Format::GeoPackage)
            .writing()
            .read(&packing::geopackage(data));
    }),
    ("wkt", |data| {
        Reading::of(Format::Csv).writing().read(&[b"wkt|name\n", data].concat());
    }),
    ("xls", |data| Reading::of(Format::Xls).read(data)),
    ("xlsx", |data| Reading::of(Format::Xlsx).read(&packing::xlsx(data))),
];

/// The last panic, for those that nothing catches.
static PANIC: Mutex<Option<(String, Backtrace)>> = Mutex::new(None);

/// Sees to it that panics are told, and that a panic of the project's own code is a finding even where it is caught:
/// only those of other people's parsers may be, and become errors.
pub fn initialize() {
    set_hook(Box::new(|panic| {
        let (told, trace) = (panic.to_string(), Backtrace::force_capture());
        let place = panic.location().map_or("", |location| location.file());
        if !place.contains("/registry/src/") && !place.starts_with("/rustc/") {
            fail(&format!("{told}\n{trace}"));
        }
        if let Ok(mut last) = PANIC.lock() {
            *last = Some((told, trace));
        }
    }));
}

/// Runs a target on an input; ends the process where it finds something.
pub fn run(name: &str, data: &[u8]) {
    let Some((_, target)) = TARGETS.iter().find(|(known, _)| *known == name) else {
        fail(&format!("there is no target `{name}`"));
    };
    memory::begin();
    if catch_unwind(AssertUnwindSafe(|| target(data))).is_err() {
        let last = PANIC.lock().ok().and_then(|mut last| last.take());
        fail(&last.map_or_else(String::new, |(told, trace)| format!("{told}\n{trace}")));
    }
    memory::end();
}

fn fail(what: &str) -> ! {
    eprintln!("{what}");
    abort();
}
