//! The checks behind [`super::Layer::new`]: each collects every fault it finds and never stops at the first.

use std::collections::HashMap;

use geo::CoordsIter;
use geo_types::Geometry;

use super::Columns;
use crate::{
    catalog::{Attribute, Attributes, Fault, FieldKind, LayerManifest, NameColumns, Tri, Value},
    geometry::LonLat,
};

/// Reads a yes/no/unknown cell; `None` where it is none of the three.
pub(super) fn tri(value: Value<'_>) -> Option<Tri> {
    match value {
        Value::Bool(true) => Some(Tri::Yes),
        Value::Bool(false) => Some(Tri::No),
        Value::Text(word) => word.parse().ok(),
        Value::Int(_) | Value::Float(_) => None,
    }
}

/// Finds the columns the manifest names and checks their types.
pub(super) fn columns(manifest: &LayerManifest, table: &Attributes, faults: &mut Vec<Fault>) -> Columns {
    let mut find = |meaning: String, name: &str, fits: fn(FieldKind) -> bool, wanted: &str| {
        let Some(column) = table.column(name) else {
            let known: Vec<_> = table.fields().iter().map(|field| field.name.as_str()).collect();
            let problem = format!(
                "attributes.{meaning} names no column of the file, which has: {}",
                known.join(", ")
            );
            faults.push(Fault::file(&manifest.file, problem).field(name));
            return None;
        };
        let kind = table.fields()[column].kind;
        if !fits(kind) {
            let problem = format!("attributes.{meaning} must be {wanted}, the column is {kind:?}");
            faults.push(Fault::file(&manifest.file, problem).field(name));
        }
        Some(column)
    };
    let any: fn(FieldKind) -> bool = |_| true;
    let number: fn(FieldKind) -> bool = |kind| matches!(kind, FieldKind::Int | FieldKind::Float);
    let tri: fn(FieldKind) -> bool = |kind| matches!(kind, FieldKind::Text | FieldKind::Bool);
    let meaning = &manifest.attributes;
    let mut found = Columns::default();
    if let Some(names) = &meaning.name {
        let (zh, en) = match names {
            NameColumns::One(name) => (name, name),
            NameColumns::Both { zh, en } => (zh, en),
        };
        found.name_zh = find("name.zh".into(), zh, any, "text");
        found.name_en = find("name.en".into(), en, any, "text");
    }
    for (attribute, name) in &meaning.columns {
        let (fits, wanted) = match attribute {
            Attribute::Synthetic => (
                (|kind| kind == FieldKind::Bool) as fn(FieldKind) -> bool,
                "true or false",
            ),
            attribute if attribute.is_number() => (number, "a number"),
            _ => (any, "text"),
        };
        found
            .single
            .extend(find(attribute.to_string(), name, fits, wanted).map(|column| (*attribute, column)));
    }
    for (kind, name) in &meaning.suits {
        let column = find(
            format!("suits.{kind}"),
            name,
            tri,
            "text (yes, no, unknown) or true/false",
        );
        found.suits.extend(column.map(|column| (*kind, column)));
    }
    for (facility, name) in &meaning.facilities {
        let column = find(
            format!("facilities.{facility}"),
            name,
            tri,
            "text (yes, no, unknown) or true/false",
        );
        found.facilities.extend(column.map(|column| (*facility, column)));
    }
    found
}

/// The feature's id for messages and look-ups.
fn id_of(table: &Attributes, columns: &Columns, row: usize) -> Option<String> {
    table
        .value(row, *columns.single.get(&Attribute::Id)?)
        .map(|value| value.to_text())
}

/// The feature as a fault names it.
fn label(table: &Attributes, columns: &Columns, row: usize) -> String {
    id_of(table, columns, row).unwrap_or_else(|| format!("row {}", row + 1))
}

/// Maps ids to rows; blank and double ids are faults.
pub(super) fn ids(
    manifest: &LayerManifest,
    table: &Attributes,
    columns: &Columns,
    features: usize,
    faults: &mut Vec<Fault>,
) -> HashMap<Box<str>, usize> {
    if table.rows() != features {
        let problem = format!("{features} geometries but {} attribute rows", table.rows());
        faults.push(Fault::file(&manifest.file, problem));
    }
    let has_ids = columns.single.contains_key(&Attribute::Id);
    let mut rows = HashMap::with_capacity(features);
    for row in 0..features {
        let fault = |problem: String| {
            Fault::file(&manifest.file, problem)
                .feature(format!("row {}", row + 1))
                .field(&*manifest.attributes.columns[&Attribute::Id])
        };
        let id = if has_ids {
            id_of(table, columns, row)
        } else {
            Some((row + 1).to_string())
        };
        match id {
            None => faults.push(fault("the id is blank".to_owned())),
            Some(id) => {
                if let Some(first) = rows.insert(id.clone().into_boxed_str(), row) {
                    faults.push(fault(format!("id `{id}` already stands in row {}", first + 1)));
                }
            }
        }
    }
    rows
}

/// The level's rank of each zone, 1 = lowest.
pub(super) fn ranks(
    manifest: &LayerManifest,
    table: &Attributes,
    columns: &Columns,
    faults: &mut Vec<Fault>,
) -> Vec<u8> {
    let Some(hazard) = &manifest.hazard else {
        return Vec::new();
    };
    let Some(field) = &hazard.level else {
        return vec![1; table.rows()];
    };
    let Some(column) = table.column(field) else {
        faults.push(Fault::file(&manifest.file, "hazard.level names no column of the file").field(field));
        return Vec::new();
    };
    let codes: Vec<&str> = hazard.levels.iter().map(|level| level.code.as_str()).collect();
    let mut rank = |row: usize| {
        let code = table
            .value(row, column)
            .map(|value| value.to_text())
            .unwrap_or_default();
        codes.iter().position(|known| *known == code).map_or_else(
            || {
                let problem = format!("level `{code}` is not one of {}", codes.join(", "));
                faults.push(
                    Fault::file(&manifest.file, problem)
                        .feature(label(table, columns, row))
                        .field(field),
                );
                0
            },
            |index| index as u8 + 1,
        )
    };
    (0..table.rows()).map(&mut rank).collect()
}

/// Checks the words of closed vocabularies and the yes/no/unknown cells.
pub(super) fn words(manifest: &LayerManifest, table: &Attributes, columns: &Columns, faults: &mut Vec<Fault>) {
    let mut add = |row: usize, column: usize, allowed: &[&str], value: Value<'_>| {
        let problem = format!(
            "`{}` is not one of {} (blank is unknown)",
            value.to_text(),
            allowed.join(", ")
        );
        let fault = Fault::file(&manifest.file, problem).feature(label(table, columns, row));
        faults.push(fault.field(&*table.fields()[column].name));
    };
    let tri_columns: Vec<usize> = columns
        .suits
        .values()
        .chain(columns.facilities.values())
        .copied()
        .collect();
    let worded: Vec<(usize, &[&str])> = columns
        .single
        .iter()
        .filter_map(|(attribute, column)| Some((*column, attribute.words()?)))
        .collect();
    for row in 0..table.rows() {
        for &(column, allowed) in &worded {
            if let Some(value) = table.value(row, column)
                && !matches!(value, Value::Text(word) if allowed.contains(&word))
            {
                add(row, column, allowed, value);
            }
        }
        for &column in &tri_columns {
            if let Some(value) = table.value(row, column)
                && tri(value).is_none()
            {
                add(row, column, &["yes", "no", "unknown"], value);
            }
        }
    }
}

/// Checks that every vertex lies on the globe and no geometry is empty.
pub(super) fn positions(
    manifest: &LayerManifest,
    geometries: &[Geometry<f64>],
    table: &Attributes,
    columns: &Columns,
    faults: &mut Vec<Fault>,
) {
    for (row, geometry) in geometries.iter().enumerate() {
        let fault = |problem: String| Fault::file(&manifest.file, problem).feature(label(table, columns, row));
        if geometry.coords_count() == 0 {
            faults.push(fault("the geometry is empty".to_owned()));
        }
        if let Some(error) = geometry.coords_iter().find_map(|coord| LonLat::try_from(coord).err()) {
            faults.push(fault(format!("{error}; layers are in WGS 84 degrees, lon before lat")));
        }
    }
}
