//! The order of the house: a room uses only rooms below it, and only the edges know the web.

#![allow(clippy::unwrap_used, clippy::panic, clippy::absolute_paths, missing_docs)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// From the bottom up; rooms on one floor may not use each other, but for those joined in one entry's order.
const FLOORS: [&[&str]; 11] = [
    &["units", "geometry", "messages", "coding", "fold", "html"],
    &["index"],
    &["catalog"],
    &["import"],
    &["tiles", "hazards", "search", "sample"],
    &["routing"],
    &["shelters", "rescue", "style"],
    &["world"],
    &["config"],
    &["http"],
    &["cli"],
];

/// Rooms of one floor that may use each other all the same: plain values that need each other.
const NEIGHBOURS: [(&str, &str); 1] = [("geometry", "units")];

/// Crates that only the edges may use.
const EDGE_CRATES: [&str; 6] = [
    "axum",
    "hyper",
    "hyper_util",
    "tokio",
    "tower_http",
    "tracing_subscriber",
];
const EDGES: [&str; 3] = ["http", "cli", "config"];

/// The most lines of a file before its tests.
const MOST_LINES: usize = 450;

fn source_files() -> Vec<(PathBuf, String)> {
    fn collect(dir: &Path, files: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.sort();
    files
}

/// The room a file is in; `None` for `lib.rs` and `main.rs`.
fn room(path: &Path) -> Option<String> {
    let inside = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap();
    let first = inside.iter().next()?.to_str()?.trim_end_matches(".rs").to_owned();
    (!matches!(first.as_str(), "lib" | "main")).then_some(first)
}

/// The file without what is only compiled for tests, and without comments.
fn shipped(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Rooms named by `crate::room` and by `use crate::{room…, room…}`.
fn rooms_used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            let mut fresh = true;
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => fresh = true,
                    letter if depth == 0 && fresh && (letter.is_alphanumeric() || letter == '_') => word.push(letter),
                    _ if depth == 0 && fresh && !word.is_empty() => {
                        used.push(std::mem::take(&mut word));
                        fresh = false;
                    }
                    _ => {}
                }
                if letter == ',' && depth == 0 && !word.is_empty() {
                    used.push(std::mem::take(&mut word));
                }
            }
            used.extend((!word.is_empty()).then_some(word));
        } else {
            used.push(
                rest.chars()
                    .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                    .collect(),
            );
        }
    }
    used
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let floor_of: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, rooms)| rooms.iter().map(move |room| (*room, floor)))
        .collect();
    let mut wrong = Vec::new();
    for (path, text) in source_files() {
        let Some(room) = room(&path) else { continue };
        let Some(floor) = floor_of.get(room.as_str()) else {
            panic!("{room} has no floor: give it one in this test")
        };
        for used in rooms_used(&shipped(&text)) {
            let Some(used_floor) = floor_of.get(used.as_str()) else {
                continue;
            };
            let neighbours = NEIGHBOURS.contains(&(room.as_str(), used.as_str()));
            if used != room && used_floor >= floor && !neighbours {
                wrong.push(format!("{}: {room} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_edges_know_the_web() {
    let mut wrong = Vec::new();
    for (path, text) in source_files() {
        if room(&path).is_none_or(|room| EDGES.contains(&room.as_str())) {
            continue;
        }
        let code = shipped(&text);
        for name in EDGE_CRATES {
            if code.contains(&format!("{name}::")) {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_say_what_they_own_and_stay_readable() {
    let mut wrong = Vec::new();
    for (path, text) in source_files() {
        if !text.starts_with("//!") {
            wrong.push(format!("{} does not begin with what it owns", path.display()));
        }
        let lines = text.split("#[cfg(test)]\nmod tests").next().unwrap().lines().count();
        if lines > MOST_LINES {
            wrong.push(format!(
                "{} has {lines} lines before its tests; at most {MOST_LINES}",
                path.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn used_rooms_are_read_from_all_ways_of_writing_them() {
    let code = "use crate::{\n    catalog::{Layer, Role},\n    units,\n};\nuse crate::http::App;\nlet x = crate::world::World;";
    assert_eq!(rooms_used(code), ["catalog", "units", "http", "world"]);
}
