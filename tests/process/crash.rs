//! Whatever happens to an import, the old pack stands: it is killed, the disk is full, the input is cut short.

#[cfg(target_os = "linux")]
use std::os::unix::fs::symlink;
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use refugia::{
    catalog::{Region, Role, Value, readers::Progress},
    import::{Job, Metadata, Report},
};

use crate::harness::{Run, Workspace, gzip};

const IMPORT: [&str; 10] = [
    "import",
    "--region",
    "pack",
    "--layer",
    "l",
    "--role",
    "facility",
    "--vintage",
    "2026",
    "--replace",
];

/// A register whose every row says which edition it is of.
fn edition(number: usize, rows: usize) -> String {
    let row = |row: usize| {
        let lon = 119.0 + (row % 100) as f64 / 100.0;
        let lat = 26.0 + (row / 100) as f64 / 100.0;
        format!("F{row},edition {number},{lon},{lat}\n")
    };
    let mut csv = "id,edition,lon,lat\n".to_owned();
    csv.extend((0..rows).map(row));
    csv
}

/// The edition of the pack's layer, after checking that the pack is whole and the layer of one edition.
#[track_caller]
fn edition_of(pack: &Path, rows: usize) -> String {
    let region = Region::load(pack).unwrap();
    let layer = &region.layers[0];
    assert_eq!(layer.len(), rows);
    let column = layer.attributes().column("edition").unwrap();
    let editions: Vec<_> = (0..rows)
        .map(|row| layer.attributes().value(row, column).unwrap())
        .collect();
    assert!(
        editions.iter().all(|edition| *edition == editions[0]),
        "editions are mixed"
    );
    match editions[0] {
        Value::Text(edition) => edition.to_owned(),
        other => panic!("{other:?}"),
    }
}

/// A generator of numbers that are the same on every machine (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    /// A number from 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z >> 40) as f64 / (1_u64 << 24) as f64
    }
}

#[test]
fn an_import_killed_at_any_moment_leaves_the_old_pack_or_the_new_one() {
    const ROWS: usize = 2_000;
    let space = Workspace::new();
    let pack = space.path("pack");
    let file = |number: usize| format!("{number}.csv");
    space.write(&file(0), edition(0, ROWS));
    let import = |number: usize| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_refugia"));
        command
            .args(IMPORT)
            .arg(file(number))
            .current_dir(space.path(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let began = Instant::now();
    assert!(import(0).status().unwrap().success());
    let whole = began.elapsed();

    let mut numbers = Numbers(7);
    let mut old = edition_of(&pack, ROWS);
    let mut outcomes = [0, 0];
    for number in 1..=60 {
        space.write(&file(number), edition(number, ROWS));
        let mut child = import(number).spawn().unwrap();
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * numbers.next() * 1.2));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = edition_of(&pack, ROWS);
        let is_new = now == format!("edition {number}");
        assert!(is_new || now == old, "{now} after {old}, kill {number}");
        outcomes[usize::from(is_new)] += 1;
        old = now;
    }
    println!("{} kills left the old pack, {} the new one", outcomes[0], outcomes[1]);

    // One more import clears what the killed ones left, and the next the layer file of the last but one.
    for number in [0, 1] {
        assert!(import(number).status().unwrap().success());
    }
    let left = space.files("pack");
    // The layer with its mapping, those of the import before, and the manifest.
    assert_eq!(left.len(), 5, "{:?}", left.keys());
}

/// Runs an import that may write files of so many bytes at most, as on a disk that fills up.
fn import_within(space: &Workspace, bytes: u64, file: &str) -> Run {
    // Without the trap the system would kill the process instead of telling it.
    let script = format!("trap '' XFSZ; exec prlimit --fsize={bytes} -- \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_refugia")])
        .args(IMPORT)
        .arg(file)
        .current_dir(space.path(""))
        .output()
        .unwrap();
    Run {
        code: output.status.code().expect("the program ends by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_the_pack_is_left_byte_for_byte() {
    let space = Workspace::new();
    space.write("old.csv", edition(0, 10));
    space.refugia(&[&IMPORT[..], &["old.csv"]].concat()).exits(0);
    // A long comment of the operator's makes the manifest larger than a small layer.
    let manifest = fs::read_to_string(space.path("pack/region.toml")).unwrap();
    space.write("pack/region.toml", format!("# {}\n{manifest}", "words ".repeat(1_000)));
    let before = space.files("pack");
    space.write("large.csv", edition(1, 500));
    space.write("small.csv", edition(2, 10));
    for (file, bytes, what) in [
        ("large.csv", 0, "cannot write the layer"),
        ("large.csv", 8, "cannot write the layer"),
        ("large.csv", 1_000, "cannot write the layer"),
        ("large.csv", 30_000, "cannot write the layer"),
        ("small.csv", 0, "cannot write the layer"),
        ("small.csv", 5_000, "pack/region.toml: "),
        // The very content that the pack has: its file is the old manifest's, too.
        ("old.csv", 5_000, "pack/region.toml: "),
    ] {
        let output = import_within(&space, bytes, file).exits(1);
        assert!(
            output.contains(what) && output.contains("File too large"),
            "{file}: {output}"
        );
        assert_eq!(output.lines().count(), 1, "{output}");
        assert_eq!(space.files("pack"), before, "{file} within {bytes} bytes");
    }
    import_within(&space, 1 << 20, "large.csv").exits(0);
    assert_eq!(edition_of(&space.path("pack"), 500), "edition 1");
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_does_not_fit_is_told_and_the_import_stands() {
    let space = Workspace::new();
    space.write("old.csv", edition(0, 10));
    symlink("/dev/full", space.path("report.json")).unwrap();
    let run = space.refugia(&[&IMPORT[..], &["--report", "report.json", "old.csv"]].concat());
    assert!(run.stderr.contains("report.json cannot be written"), "{}", run.stderr);
    assert_eq!(edition_of(&space.path("pack"), 10), "edition 0");
}

/// Imports inside this process, which is fast enough for every byte of a file.
fn import_here(input: &Path, pack: &Path) -> Result<Report, String> {
    let job = Job {
        input: input.to_owned(),
        region: pack.to_owned(),
        layer: "l".parse().unwrap(),
        role: Role::Facility,
        hazard: None,
        metadata: Metadata::default(),
        crs: None,
        no_header: false,
        mapping: None,
        format: None,
        table: None,
        encoding: None,
        map: Vec::new(),
        replace: true,
        accept: true,
        dry_run: false,
        time_zone: "Asia/Shanghai".to_owned(),
    };
    job.run(&Progress::default()).map_err(|error| error.to_string())
}

/// The manifest and the files that it names: what servers read.
fn content(pack: &Path) -> BTreeMap<String, Vec<u8>> {
    let manifest = fs::read_to_string(pack.join("region.toml")).unwrap();
    let names = fs::read_dir(pack)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter(|name| name == "region.toml" || manifest.contains(name.as_str()))
        .map(|name| (name.clone(), fs::read(pack.join(name)).unwrap()))
        .collect()
}

/// Five features in each format, and whether a part of the file can be a whole file: rows that end are rows.
fn in_every_format(space: &Workspace) -> Vec<(&'static str, Vec<u8>, bool)> {
    let csv = edition(3, 5);
    let feature = |row: usize| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"edition\":\"edition 3\"}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[119.{row},26]}}}}"
        )
    };
    let features: Vec<String> = (0..5).map(feature).collect();
    let collection = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{}]}}",
        features.join(",")
    );
    space.write("five.csv", &csv);
    let made = space.path("made");
    import_here(&space.path("five.csv"), &made).unwrap();
    let flatgeobuf = content(&made)
        .into_iter()
        .find_map(|(name, bytes)| name.ends_with(".fgb").then_some(bytes))
        .unwrap();
    vec![
        ("cut.csv.gz", gzip(csv.as_bytes()), false),
        ("cut.fgb.gz", gzip(&flatgeobuf), false),
        ("cut.csv", csv.into_bytes(), true),
        ("cut.geojson", collection.into_bytes(), false),
        ("cut.geojsonl", features.join("\n").into_bytes(), true),
        ("cut.fgb", flatgeobuf, false),
    ]
}

#[test]
fn an_input_cut_at_any_byte_never_breaks_the_pack() {
    let space = Workspace::new();
    let formats = in_every_format(&space);
    space.write("old.csv", edition(0, 7));
    let pack = space.path("pack");
    for (name, bytes, has_rows) in formats {
        let mut before = BTreeMap::new();
        for end in 0..bytes.len() {
            if before.is_empty() {
                import_here(&space.path("old.csv"), &pack).unwrap();
                before = content(&pack);
            }
            let input = space.write(name, &bytes[..end]);
            match import_here(&input, &pack) {
                Err(_) => assert!(content(&pack) == before, "{name} cut at {end} changed the pack"),
                Ok(report) => {
                    assert!(has_rows, "{name} cut at {end} was imported");
                    assert!(report.kept <= 5 && report.read == report.kept + report.refused);
                    let region = Region::load(&pack).unwrap();
                    assert_eq!(region.layers[0].len() as u64, report.kept, "{name} cut at {end}");
                    before.clear();
                }
            }
        }
        import_here(&space.write(name, &bytes), &pack).unwrap();
        assert_eq!(edition_of(&pack, 5), "edition 3", "{name}");
    }
}
