//! The checks behind [`super::Layer::new`], feature by feature, so that a layer on its way past is checked as strictly as
//! one in memory: all faults of a feature are found, and none stops the checks.

use geo::CoordsIter;
use geo_types::Geometry;

use super::Columns;
use crate::{
    catalog::{Attribute, Fault, Field, FieldKind, LayerManifest, NameColumns, Tri, Value},
    geometry::LonLat,
};

/// What must hold for every feature of a layer.
pub(in crate::catalog) struct Checks<'m> {
    manifest: &'m LayerManifest,
    columns: Columns,
    /// The level's column and codes, where there is one to look at.
    level: Option<(usize, Vec<&'m str>)>,
    /// Columns with words of a closed vocabulary.
    worded: Vec<(usize, &'static [&'static str])>,
    /// Columns with yes, no or unknown.
    tris: Vec<usize>,
    fields: Vec<Field>,
}

/// The values of one feature: `None` is unknown, also beyond the last column.
pub(in crate::catalog) trait Cells {
    /// The value in a column.
    fn cell(&self, column: usize) -> Option<Value<'_>>;
}

impl<'m> Checks<'m> {
    /// Finds the columns that the manifest names; those that are missing or of another type are faults.
    pub(in crate::catalog) fn new(manifest: &'m LayerManifest, fields: &[Field], faults: &mut Vec<Fault>) -> Self {
        let columns = columns(manifest, fields, faults);
        let mut level = None;
        if let Some((hazard, field)) = manifest
            .hazard
            .as_ref()
            .and_then(|hazard| Some((hazard, hazard.level.as_ref()?)))
        {
            let codes = hazard.levels.iter().map(|level| level.code.as_str()).collect();
            level = find(fields, field).map(|column| (column, codes));
            if level.is_none() {
                faults.push(Fault::file(&manifest.file, "hazard.level names no column of the file").field(field));
            }
        }
        let worded = columns.single.iter();
        Self {
            manifest,
            level,
            worded: worded
                .filter_map(|(attribute, column)| Some((*column, attribute.words()?)))
                .collect(),
            tris: columns
                .suits
                .values()
                .chain(columns.facilities.values())
                .copied()
                .collect(),
            columns,
            fields: fields.to_vec(),
        }
    }

    /// Where the meaningful columns are.
    pub(super) fn into_columns(self) -> Columns {
        self.columns
    }

    /// Checks a feature's values and positions.
    pub(in crate::catalog) fn feature(
        &self,
        row: usize,
        cells: &impl Cells,
        geometry: &Geometry<f64>,
        faults: &mut Vec<Fault>,
    ) {
        self.words(row, cells, faults);
        let fault = |problem: String| self.fault(problem).feature(self.label(row, cells));
        if geometry.coords_count() == 0 {
            faults.push(fault("the geometry is empty".to_owned()));
        }
        if let Some(error) = geometry.coords_iter().find_map(|coord| LonLat::try_from(coord).err()) {
            faults.push(fault(format!("{error}; layers are in WGS 84 degrees, lon before lat")));
        }
    }

    /// Checks the words of closed vocabularies and the yes/no/unknown cells.
    fn words(&self, row: usize, cells: &impl Cells, faults: &mut Vec<Fault>) {
        let mut add = |column: usize, allowed: &[&str], value: Value<'_>| {
            let problem = format!(
                "`{}` is not one of {} (blank is unknown)",
                value.to_text(),
                allowed.join(", ")
            );
            let fault = self.fault(problem).feature(self.label(row, cells));
            faults.push(fault.field(&*self.fields[column].name));
        };
        for &(column, allowed) in &self.worded {
            if let Some(value) = cells.cell(column)
                && !matches!(value, Value::Text(word) if allowed.contains(&word))
            {
                add(column, allowed, value);
            }
        }
        for &column in &self.tris {
            if let Some(value) = cells.cell(column)
                && tri(value).is_none()
            {
                add(column, &["yes", "no", "unknown"], value);
            }
        }
    }

    /// The rank of a zone's level, 1 = lowest; 0 where there is none, which is a fault, or in other layers.
    pub(in crate::catalog) fn rank(&self, row: usize, cells: &impl Cells, faults: &mut Vec<Fault>) -> u8 {
        let Some(hazard) = &self.manifest.hazard else { return 0 };
        let Some(field) = &hazard.level else { return 1 };
        let Some((column, codes)) = &self.level else { return 0 };
        let value = cells.cell(*column);
        let found = match value {
            Some(Value::Text(code)) => codes.iter().position(|known| *known == code),
            value => {
                let code = value.map(|value| value.to_text()).unwrap_or_default();
                codes.iter().position(|known| *known == code)
            }
        };
        found.map_or_else(
            || {
                let code = value.map(|value| value.to_text()).unwrap_or_default();
                let problem = format!("level `{code}` is not one of {}", codes.join(", "));
                faults.push(self.fault(problem).feature(self.label(row, cells)).field(field));
                0
            },
            |index| index as u8 + 1,
        )
    }

    /// Whether a column holds ids; without one the row numbers are the ids.
    pub(in crate::catalog) fn has_ids(&self) -> bool {
        self.columns.single.contains_key(&Attribute::Id)
    }

    /// The id of a feature; `None` where it is blank, which is a fault.
    pub(in crate::catalog) fn id(&self, row: usize, cells: &impl Cells, faults: &mut Vec<Fault>) -> Option<String> {
        let id = if self.has_ids() {
            self.known_id(cells)
        } else {
            Some((row + 1).to_string())
        };
        if id.is_none() {
            faults.push(self.id_fault(row, "the id is blank".to_owned()));
        }
        id
    }

    /// The fault of an id that stands in an earlier row already.
    pub(in crate::catalog) fn double_id(&self, row: usize, id: &str, first: usize) -> Fault {
        self.id_fault(row, format!("id `{id}` already stands in row {}", first + 1))
    }

    fn id_fault(&self, row: usize, problem: String) -> Fault {
        let fault = self.fault(problem).feature(format!("row {}", row + 1));
        match self.manifest.attributes.columns.get(&Attribute::Id) {
            Some(column) => fault.field(column),
            None => fault,
        }
    }

    fn fault(&self, problem: String) -> Fault {
        Fault::file(&self.manifest.file, problem)
    }

    fn known_id(&self, cells: &impl Cells) -> Option<String> {
        let value = cells.cell(*self.columns.single.get(&Attribute::Id)?)?;
        Some(value.to_text())
    }

    /// The feature as a fault names it.
    pub(in crate::catalog) fn label(&self, row: usize, cells: &impl Cells) -> String {
        self.known_id(cells).unwrap_or_else(|| format!("row {}", row + 1))
    }
}

fn find(fields: &[Field], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.name == name)
}

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
fn columns(manifest: &LayerManifest, fields: &[Field], faults: &mut Vec<Fault>) -> Columns {
    let mut find = |meaning: String, name: &str, fits: fn(FieldKind) -> bool, wanted: &str| {
        let Some(column) = find(fields, name) else {
            let known: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
            let problem = format!(
                "attributes.{meaning} names no column of the file, which has: {}",
                known.join(", ")
            );
            faults.push(Fault::file(&manifest.file, problem).field(name));
            return None;
        };
        let kind = fields[column].kind;
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
