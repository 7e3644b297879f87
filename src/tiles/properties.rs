//! The properties of a layer's features in tiles: canonical names first, then the file's own columns.
//!
//! Owns which properties a feature has at which zoom (`tiles/SCHEMA.md` is its description for readers) and their
//! encoding: every distinct value of the layer is encoded once, when the layer is built, and a tile picks by number.

mod loose;
mod tags;

use std::collections::{BTreeSet, HashMap};

pub(super) use loose::LooseTags;
pub(super) use tags::{TagTable, TileTags};

use super::value::TagValue;
use crate::{
    catalog::{Attribute, FieldKind, HazardKind, Layer, LayerManifest, NameColumns, Role, Value},
    messages::Lang,
};

/// The zoom from which on a feature carries the file's own columns too.
pub(super) const FILE_COLUMNS_FROM: u8 = 10;
/// How many a feature stands for, itself included; said of points and zones by the tile, not by the layer.
pub(super) const COUNT: &str = "count";
/// Marks an unknown value, which has no tag.
const UNKNOWN: u32 = u32::MAX;

/// Name and type of a property, for readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PropertyInfo<'a> {
    pub(super) name: &'a str,
    pub(super) kind: FieldKind,
    pub(super) from_zoom: u8,
}

#[derive(Debug)]
struct Property {
    name: String,
    kind: FieldKind,
    from_zoom: u8,
    /// Number of the value for each row, or one number for all.
    cells: Cells,
}

#[derive(Debug)]
enum Cells {
    Same(u32),
    Each(Vec<u32>),
}

/// All properties of a layer, ready to be written.
#[derive(Debug)]
pub(super) struct Properties {
    columns: Vec<Property>,
    /// Encoded values, one after the other.
    bytes: Vec<u8>,
    /// Where each value ends in `bytes`.
    ends: Vec<usize>,
}

impl Properties {
    /// Reads a layer's properties. O(rows × columns).
    pub(super) fn new(layer: &Layer) -> Self {
        let mut builder = Builder {
            layer,
            done: Self {
                columns: Vec::new(),
                bytes: Vec::new(),
                ends: Vec::new(),
            },
            numbers: HashMap::new(),
        };
        builder.canonical();
        builder.file_columns();
        builder.done
    }

    /// Name, type and first zoom of each property.
    pub(super) fn infos(&self) -> impl Iterator<Item = PropertyInfo<'_>> {
        self.columns.iter().map(|property| PropertyInfo {
            name: &property.name,
            kind: property.kind,
            from_zoom: property.from_zoom,
        })
    }

    fn value(&self, number: u32) -> &[u8] {
        let start = (number as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[number as usize]]
    }
}

struct Builder<'a> {
    layer: &'a Layer,
    done: Properties,
    numbers: HashMap<Vec<u8>, u32>,
}

impl Builder<'_> {
    fn canonical(&mut self) {
        let layer = self.layer;
        self.texts("id", |row| Some(layer.feature_id(row)));
        self.texts("name_zh", |row| layer.name(row, Lang::Zh));
        self.texts("name_en", |row| layer.name(row, Lang::En));
        self.each("synthetic", FieldKind::Bool, |row| {
            Some(TagValue::Bool(layer.is_synthetic(row)))
        });
        match layer.role() {
            Role::HazardZone => self.hazard(),
            Role::Shelter => self.shelter(),
            Role::Settlement => {
                self.kind();
                self.each("rank", FieldKind::Int, |row| {
                    layer
                        .number(row, Attribute::Rank)
                        .map(|rank| TagValue::Int(rank as i64))
                });
            }
            Role::AdminArea => self.texts("admin_level", |row| layer.text(row, Attribute::AdminLevel)),
            Role::Reference => self.kind(),
            Role::ChemicalPark | Role::RescueTeam | Role::Road | Role::Facility => {}
        }
    }

    fn kind(&mut self) {
        if let Some(kind) = &self.layer.manifest().kind {
            self.each("kind", FieldKind::Text, |_| Some(TagValue::Text(kind)));
        }
    }

    fn hazard(&mut self) {
        let layer = self.layer;
        let kind = layer.hazard_kind().map(HazardKind::as_str);
        self.each("kind", FieldKind::Text, |_| kind.map(TagValue::Text));
        self.each("level", FieldKind::Text, |row| {
            Some(TagValue::Text(&layer.level(row)?.1.code))
        });
        self.each("level_rank", FieldKind::Int, |row| {
            Some(TagValue::Int(layer.level(row)?.0.into()))
        });
    }

    fn shelter(&mut self) {
        let layer = self.layer;
        self.texts("status", |row| {
            Some(layer.text(row, Attribute::Status).unwrap_or("unknown".into()))
        });
        self.each("capacity", FieldKind::Int, |row| {
            layer
                .number(row, Attribute::Capacity)
                .map(|capacity| TagValue::Int(capacity as i64))
        });
        for kind in layer.manifest().attributes.suits.keys() {
            self.each(&format!("suits_{kind}"), FieldKind::Text, |row| {
                Some(TagValue::Text(layer.suits(row, *kind).as_str()))
            });
        }
    }

    /// The columns that no canonical property has taken, nor [`COUNT`], under their own names; where a name is taken the
    /// canonical property stands.
    fn file_columns(&mut self) {
        let layer = self.layer;
        let told = told_already(layer.manifest());
        // A drawing, not a word about the feature, and as long as all others together.
        let footprints = layer.footprint_column();
        for (column, field) in layer.attributes().fields().iter().enumerate() {
            let is_taken = self.done.columns.iter().any(|property| property.name == field.name);
            if is_taken || field.name == COUNT || footprints == Some(column) || told.contains(field.name.as_str()) {
                continue;
            }
            self.add(&field.name, field.kind, FILE_COLUMNS_FROM, |row| {
                layer.attributes().value(row, column).map(|value| match value {
                    Value::Bool(value) => TagValue::Bool(value),
                    Value::Int(value) => TagValue::Int(value),
                    Value::Float(value) => TagValue::Double(value),
                    Value::Text(text) => TagValue::Text(text),
                })
            });
        }
    }

    fn texts<'t>(&mut self, name: &str, text: impl Fn(usize) -> Option<std::borrow::Cow<'t, str>>) {
        let rows = self.layer.len();
        let cells = (0..rows)
            .map(|row| text(row).map_or(UNKNOWN, |text| self.number(TagValue::Text(&text))))
            .collect();
        self.push(name, FieldKind::Text, 0, cells);
    }

    fn each<'t>(&mut self, name: &str, kind: FieldKind, value: impl Fn(usize) -> Option<TagValue<'t>>) {
        self.add(name, kind, 0, value);
    }

    fn add<'t>(&mut self, name: &str, kind: FieldKind, from_zoom: u8, value: impl Fn(usize) -> Option<TagValue<'t>>) {
        let rows = self.layer.len();
        let cells = (0..rows)
            .map(|row| value(row).map_or(UNKNOWN, |value| self.number(value)))
            .collect();
        self.push(name, kind, from_zoom, cells);
    }

    /// Keeps a property, unless no feature has it.
    fn push(&mut self, name: &str, kind: FieldKind, from_zoom: u8, cells: Vec<u32>) {
        let Some(&first) = cells.first() else { return };
        let is_same = cells.iter().all(|&cell| cell == first);
        if is_same && first == UNKNOWN {
            return;
        }
        let cells = if is_same {
            Cells::Same(first)
        } else {
            Cells::Each(cells)
        };
        self.done.columns.push(Property {
            name: name.to_owned(),
            kind,
            from_zoom,
            cells,
        });
    }

    fn number(&mut self, value: TagValue<'_>) -> u32 {
        let encoded = value.encode();
        if let Some(&number) = self.numbers.get(&encoded) {
            return number;
        }
        let number = self.done.ends.len() as u32;
        self.done.bytes.extend(&encoded);
        self.done.ends.push(self.done.bytes.len());
        self.numbers.insert(encoded, number);
        number
    }
}

/// The file's columns whose content the canonical properties carry.
pub(super) fn told_already(manifest: &LayerManifest) -> BTreeSet<&str> {
    let meaning = &manifest.attributes;
    let mut told = BTreeSet::new();
    match &meaning.name {
        Some(NameColumns::One(name)) => drop(told.insert(name.as_str())),
        Some(NameColumns::Both { zh, en }) => told.extend([zh.as_str(), en.as_str()]),
        None => {}
    }
    let canonical = [
        Attribute::Id,
        Attribute::Synthetic,
        Attribute::Status,
        Attribute::Capacity,
        Attribute::Rank,
        Attribute::AdminLevel,
    ];
    told.extend(
        canonical
            .iter()
            .filter_map(|attribute| meaning.columns.get(attribute))
            .map(String::as_str),
    );
    told.extend(meaning.suits.values().map(String::as_str));
    told.extend(manifest.hazard.iter().filter_map(|hazard| hazard.level.as_deref()));
    told
}
