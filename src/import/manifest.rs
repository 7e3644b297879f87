//! `region.toml` edited as an operator would: comments, order and spacing of what is there stay.

use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::ImportError;
use crate::{
    catalog::{
        FORMAT, HazardManifest, Id, LayerManifest, MANIFEST_FILE, Meaning, NameColumns, RoadsManifest, ZoomRange,
    },
    geometry::BBox,
    messages::Names,
};

/// A manifest without layers for a new region in a folder, around a box of data.
pub(super) fn new_region(dir: &Path, bbox: BBox, time_zone: &str) -> DocumentMut {
    let id = region_id(dir);
    let mut document = DocumentMut::new();
    document["format"] = value(i64::from(FORMAT));
    document["id"] = value(id.as_str());
    let names = Names {
        zh: id.to_string(),
        en: id.to_string(),
    };
    document["names"] = value(names_table(&names));
    let corners: [f64; 4] = padded(bbox).into();
    document["bbox"] = value(corners.iter().copied().collect::<Array>());
    document["time_zone"] = value(time_zone);
    document
}

/// A region's id from its folder's name: what an id cannot hold becomes `_`.
fn region_id(dir: &Path) -> Id {
    let name = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let name = name
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let clean: String = name
        .chars()
        .map(|char| {
            if char.is_ascii_alphanumeric() || char == '-' {
                char
            } else {
                '_'
            }
        })
        .take(64)
        .collect();
    let clean = clean.trim_start_matches(['_', '-']);
    clean.parse().unwrap_or_else(|_| {
        #[expect(clippy::expect_used, reason = "a constant that is an id")]
        "region".parse().expect("a valid id")
    })
}

/// A box with a margin of a twentieth, and at least a hundredth of a degree, so that no feature lies on its edge.
fn padded(bbox: BBox) -> BBox {
    let [west, south, east, north] = bbox.into();
    let width = if bbox.crosses_antimeridian() {
        east + 360.0 - west
    } else {
        east - west
    };
    let (dx, dy) = ((width / 20.0).max(0.01), ((north - south) / 20.0).max(0.01));
    let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
    let (south, north) = (round((south - dy).max(-90.0)), round((north + dy).min(90.0)));
    let (west, east) = (round((west - dx).max(-180.0)), round((east + dx).min(180.0)));
    BBox::new(west, south, east, north).unwrap_or(bbox)
}

/// Puts a layer's entry in the place of the one with its id, or at the end.
pub(super) fn put_layer(document: &mut DocumentMut, layer: &LayerManifest) -> Result<(), ImportError> {
    let layers = document
        .entry("layer")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(layers) = layers.as_array_of_tables_mut() else {
        return Err(ImportError::Request(format!(
            "{MANIFEST_FILE} has its layers in an inline array; write them as [[layer]] tables to import into it"
        )));
    };
    let is_it = |table: &Table| table.get("id").and_then(Item::as_str) == Some(layer.id.as_str());
    let mut entry = layer_table(layer);
    if let Some(old) = layers.iter_mut().find(|table| is_it(table)) {
        // The comment above an entry is the operator's.
        *entry.decor_mut() = old.decor().clone();
        entry.set_position(old.position());
        *old = entry;
    } else {
        layers.push(entry);
    }
    Ok(())
}

/// Puts the road network's entry in the place of the one that is there, or at the end.
pub(super) fn put_roads(document: &mut DocumentMut, roads: &RoadsManifest) {
    let mut entry = Table::new();
    entry["file"] = value(&roads.file);
    entry["source"] = value(&roads.source);
    entry["licence"] = value(&roads.licence);
    entry["vintage"] = value(&roads.vintage);
    entry["synthetic"] = value(roads.synthetic);
    if let Some(old) = document.get("roads").and_then(Item::as_table) {
        // The comment above an entry is the operator's.
        *entry.decor_mut() = old.decor().clone();
        entry.set_position(old.position());
    }
    document["roads"] = Item::Table(entry);
}

fn layer_table(layer: &LayerManifest) -> Table {
    let mut table = Table::new();
    table["id"] = value(layer.id.as_str());
    table["role"] = value(layer.role.as_str());
    if let Some(kind) = &layer.kind {
        table["kind"] = value(kind);
    }
    table["names"] = value(names_table(&layer.names));
    table["file"] = value(&layer.file);
    table["source"] = value(&layer.source);
    table["licence"] = value(&layer.licence);
    table["vintage"] = value(&layer.vintage);
    table["synthetic"] = value(layer.synthetic);
    if layer.zoom != ZoomRange::default() {
        let zoom = [("min", layer.zoom.min), ("max", layer.zoom.max)];
        table["zoom"] = value(
            zoom.map(|(key, zoom)| (key, i64::from(zoom)))
                .into_iter()
                .collect::<InlineTable>(),
        );
    }
    if layer.attributes != Meaning::default() {
        table["attributes"] = Item::Table(meaning_table(&layer.attributes));
    }
    if let Some(hazard) = &layer.hazard {
        table["hazard"] = Item::Table(hazard_table(hazard));
    }
    table
}

fn names_table(names: &Names) -> InlineTable {
    [("zh", names.zh.as_str()), ("en", names.en.as_str())]
        .into_iter()
        .collect()
}

fn meaning_table(meaning: &Meaning) -> Table {
    let mut table = Table::new();
    match &meaning.name {
        Some(NameColumns::One(column)) => table["name"] = value(column),
        Some(NameColumns::Both { zh, en }) => {
            table["name"] = value([("zh", zh), ("en", en)].into_iter().collect::<InlineTable>());
        }
        None => {}
    }
    for (attribute, column) in &meaning.columns {
        table[attribute.as_str()] = value(column);
    }
    if !meaning.suits.is_empty() {
        let suits = meaning.suits.iter().map(|(kind, column)| (kind.as_str(), column));
        table["suits"] = value(suits.collect::<InlineTable>());
    }
    if !meaning.facilities.is_empty() {
        let facilities = meaning
            .facilities
            .iter()
            .map(|(facility, column)| (facility.as_str(), column));
        table["facilities"] = value(facilities.collect::<InlineTable>());
    }
    table
}

fn hazard_table(hazard: &HazardManifest) -> Table {
    let mut table = Table::new();
    table["kind"] = value(hazard.kind.as_str());
    if let Some(level) = &hazard.level {
        table["level"] = value(level);
    }
    let mut levels = Array::new();
    for level in &hazard.levels {
        let mut entry = InlineTable::new();
        entry.insert("code", level.code.as_str().into());
        entry.insert("names", Value::InlineTable(names_table(&level.names)));
        entry.insert("colour", level.colour.as_str().into());
        entry.insert("unsafe", level.is_unsafe.into());
        let mut entry = Value::InlineTable(entry);
        entry.decor_mut().set_prefix("\n  ");
        levels.push_formatted(entry);
    }
    levels.set_trailing("\n");
    levels.set_trailing_comma(true);
    table["levels"] = value(levels);
    table
}
