//! Which column means what: proposals, mapping files, the mapping kept with a layer, and cells that list kinds.

mod columns;
mod kept;
mod real;

use std::{fs, sync::Arc};

use refugia::catalog::{Layer, Region};
use serde_json::Value;

use crate::harness::Workspace;

const IMPORT: &str = "import --region pack --layer shelters --role shelter --vintage 2026 --report report.json";

fn report(space: &Workspace) -> Value {
    serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap()
}

fn layer(space: &Workspace) -> Arc<Layer> {
    Region::load(&space.path("pack")).unwrap().layers.remove(0)
}

/// What a meaning's column is and who said so.
fn meaning(report: &Value, meaning: &str) -> Option<String> {
    let all = report["mapping"].as_array().unwrap();
    let one = all.iter().find(|one| one["meaning"] == meaning)?;
    Some(format!(
        "{} {}",
        one["column"].as_str().unwrap(),
        one["how"].as_str().unwrap()
    ))
}

/// The table of columns.
fn columns(output: &str) -> String {
    let table = output
        .lines()
        .skip_while(|line| !line.trim_start().starts_with("column "));
    let table = table.take_while(|line| !line.trim_start().starts_with('*'));
    table.map(|line| line.to_owned() + "\n").collect()
}

fn lines(output: &str, kind: &str) -> String {
    let lines = output.lines().filter(|line| line.trim_start().starts_with(kind));
    lines.map(|line| line.to_owned() + "\n").collect()
}

/// A text with the hash in the layer file's name left out.
fn without_hash(text: &str) -> String {
    let hash = text.split("shelters-").nth(1).and_then(|rest| rest.split('.').next());
    text.replace(hash.unwrap(), "HASH")
}

/// The mapping kept with the only layer.
fn kept(space: &Workspace) -> String {
    let text = fs::read_to_string(space.path("pack/region.toml")).unwrap();
    let file = text.lines().find_map(|line| line.strip_prefix("file = \"")).unwrap();
    let name = file.trim_end_matches('"').replace(".fgb", ".import.toml");
    fs::read_to_string(space.path(&format!("pack/{name}"))).unwrap()
}
