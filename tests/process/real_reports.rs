//! Every file of the real data: imported or refused, and in which words. The snapshots are to be read as an operator
//! reads the terminal.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::harness::{Workspace, real_data};

/// The options that somebody who knows the file gives; files of one kind that are refused alike share an entry by their
/// ending.
const FILES: &[(&str, &str)] = &[
    ("INDEX.md", "--role shelter"),
    ("*.atom", "--role hazard_zone --hazard flood"),
    ("*.cap", "--role hazard_zone --hazard flood"),
    ("*.edxlde", "--role hazard_zone --hazard flood"),
    ("*.rss", "--role hazard_zone --hazard flood"),
    ("*.osm.pbf", "--role road"),
    ("fj_boundaries_gcj02.geojson", "--role admin_area --datum gcj02"),
    (
        "hazards/fukuoka_inland_flood.geojson",
        "--role hazard_zone --hazard waterlogging",
    ),
    (
        "hazards/fukuoka_sediment.geojson",
        "--role hazard_zone --hazard landslide",
    ),
    ("hazards/fukuoka_tsunami.geojson", "--role hazard_zone --hazard tsunami"),
    ("hazards/puerto_princesa_barangays.geojson", "--role admin_area"),
    (
        "hazards/puerto_princesa_flood.geojson",
        "--role hazard_zone --hazard flood --level-from FloodSusc",
    ),
    (
        "hazards/puerto_princesa_landslide.geojson",
        "--role hazard_zone --hazard landslide --level-from LndslideSu --levels LL,ML,HL,VHL",
    ),
    (
        "hazards/puerto_princesa_tsunami.geojson",
        "--role hazard_zone --hazard tsunami",
    ),
    (
        "hazards/taipei_flood_simulate_78mm.geojson",
        "--role hazard_zone --hazard waterlogging --level-from GRIDCODE --levels 1,2,3,4",
    ),
    (
        "hazards/taipei_patrol_debrisarea.geojson",
        "--role hazard_zone --hazard debris_flow --level-from risk --levels 持續觀察,低,中,高",
    ),
    (
        "hazards/taipei_village.geojson",
        "--role admin_area --map name=VNAME --map admin_code=CPTVID",
    ),
    (
        "hazards/taipei_work_soil_liquefaction.geojson",
        "--role hazard_zone --hazard earthquake --level-from class",
    ),
    ("shelters/cn_four_cities_gcj02.csv", "--role shelter --datum gcj02"),
    ("shelters/jp_emergency.geojsonl.gz", "--role shelter"),
    ("shelters/jp_evacuation.geojsonl.gz", "--role shelter"),
    ("shelters/jp_fukuoka_shelters.geojson", "--role shelter"),
    ("shelters/jp_sasebo_gsi_raw_emergency.csv", "--role shelter"),
    ("shelters/jp_sasebo_gsi_raw_emergency.geojson", "--role shelter"),
    ("shelters/jp_sasebo_gsi_raw_evacuation.csv", "--role shelter"),
    ("shelters/tw_taipei_designated_shelters.geojson", "--role shelter"),
];

/// The files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = folders.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap();
                found.insert(name.to_str().unwrap().to_owned());
            }
        }
    }
    found
}

/// What the table says of a file.
fn options(file: &str) -> Option<&'static str> {
    let fits = |pattern: &str| match pattern.strip_prefix('*') {
        Some(ending) => file.ends_with(ending),
        None => file == pattern,
    };
    FILES
        .iter()
        .find(|(pattern, _)| fits(pattern))
        .map(|(_, options)| *options)
}

/// Imports a file and tells how that ended, with nothing in it that changes from run to run.
fn told(folder: &Path, file: &str) -> String {
    let space = Workspace::new();
    let path = folder.join(file);
    let mut args = vec!["import", "--region", "pack", "--layer", "layer"];
    let options = options(file).unwrap_or_else(|| panic!("{file} is not in the table of this test"));
    args.extend(options.split_whitespace());
    args.push(path.to_str().unwrap());
    let run = space.refugia(&args);
    if run.code == 1 {
        assert!(space.files("pack").is_empty(), "{file}: a refused file leaves nothing");
    }
    let text = format!("{}{}", run.stdout, run.stderr);
    let text = text.replace(folder.to_str().unwrap(), "DATA");
    format!("exit {}\n{}", run.code, without_excerpts(&text))
}

/// The text without what stands in the file: the values of columns, examples and quoted cells. The data are others'.
fn without_excerpts(text: &str) -> String {
    let mut values_at = None;
    let mut kept = String::new();
    for line in text.lines() {
        if let Some(at) = line.find("values").filter(|_| line.starts_with("  column ")) {
            values_at = Some(line[..at].width());
        } else if line.starts_with("  * ") || !line.starts_with("  ") {
            values_at = None;
        }
        let line = match values_at.filter(|_| !line.starts_with("  column ")) {
            Some(width) => cut(line, width),
            None => without_examples(line),
        };
        kept.push_str(line.trim_end());
        kept.push('\n');
    }
    kept
}

/// The part of a line that takes this many columns on a terminal.
fn cut(line: &str, width: usize) -> String {
    let mut used = 0;
    let fits = |char: &char| {
        used += char.width().unwrap_or(0);
        used <= width
    };
    line.chars().take_while(fits).collect()
}

fn without_examples(line: &str) -> String {
    let mut parts = line.split("such as ");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let behind = part.find(';').map_or("", |at| &part[at..]);
        kept.push_str("such as …");
        kept.push_str(behind);
    }
    let quoted = kept.split('`').enumerate();
    let is_row = line.trim_start().starts_with("refused");
    let shown = quoted.map(|(at, part)| if is_row && at % 2 == 1 { "…" } else { part });
    shown.collect::<Vec<_>>().join("`")
}

/// Snapshots of the files in a folder of the real data; those whose words are the same share one.
fn snapshots(subject: &str) {
    let Some(folder) = real_data("") else { return };
    let of_subject = |file: &&String| match file.split_once('/') {
        Some((first, _)) => first == subject,
        None => subject == "top",
    };
    let files = files(&folder);
    let mut alike: Vec<(String, Vec<&String>)> = Vec::new();
    for file in files.iter().filter(of_subject) {
        let told = told(&folder, file);
        match alike.iter_mut().find(|(known, _)| *known == told) {
            Some((_, files)) => files.push(file),
            None => alike.push((told, vec![file])),
        }
    }
    assert!(!alike.is_empty(), "no files of {subject}");
    for (told, files) in alike {
        let names: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        let stem = names[0].replace(['/', '.'], "_");
        insta::with_settings!({ description => names.join("\n"), omit_expression => true }, {
            insta::assert_snapshot!(format!("{subject}__{stem}"), told);
        });
    }
}

#[test]
fn the_table_lists_every_file_and_no_other() {
    let Some(folder) = real_data("") else { return };
    let files = files(&folder);
    let unlisted: Vec<&String> = files.iter().filter(|file| options(file).is_none()).collect();
    assert!(unlisted.is_empty(), "say in FILES how these are imported: {unlisted:?}");
    for (pattern, _) in FILES.iter().filter(|(pattern, _)| !pattern.starts_with('*')) {
        assert!(files.contains(*pattern), "{pattern} is gone");
    }
    let known = ["top", "cap", "hazards", "roads", "shelters"];
    for file in &files {
        let folder = file.split_once('/').map_or("top", |(folder, _)| folder);
        assert!(
            known.contains(&folder),
            "{file}: no test below imports the files of this folder"
        );
    }
}

#[test]
fn files_beside_the_folders() {
    snapshots("top");
}

#[test]
fn warning_messages_and_feeds() {
    snapshots("cap");
}

#[test]
fn hazard_zones_and_areas() {
    snapshots("hazards");
}

#[test]
fn road_extracts() {
    snapshots("roads");
}

#[test]
fn shelters() {
    snapshots("shelters");
}
