//! A layer in memory: geometries in WGS 84 degrees and their attributes, read through the manifest's meanings.
//!
//! Owns the promise that a [`Layer`] is consistent: every column the manifest names exists and has a fitting type,
//! ids are unique, every hazard zone has a level, every yes/no/unknown is one of the three. Immutable.

pub(in crate::catalog) mod checks;
mod footprint;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, hash_map::Entry},
    fmt::{Display, Formatter, Result as FmtResult},
};

use geo::BoundingRect;
use geo_types::Geometry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::checks::Checks;
pub use self::footprint::FOOTPRINT_COLUMN;
use super::{Attribute, Attributes, Facility, Fault, Faults, HazardKind, Id, LayerManifest, Level, Role, Tri, Value};
use crate::{geometry::BBox, messages::Lang};

/// Identifies a layer's content: equal for equal files and manifest entries, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LayerVersion(pub u64);

impl Display for LayerVersion {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{:016x}", self.0)
    }
}

/// What the geometries of a layer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Points and multi-points.
    Point,
    /// Lines and multi-lines.
    Line,
    /// Polygons and multi-polygons.
    Polygon,
    /// More than one of these, or no features.
    Mixed,
}

/// A checked, immutable layer. Features are addressed by row, `0..len()`.
#[derive(Debug)]
pub struct Layer {
    manifest: LayerManifest,
    geometries: Vec<Geometry<f64>>,
    attributes: Attributes,
    columns: Columns,
    /// Rank of each row's level, 1 = lowest; empty where the layer has none.
    ranks: Vec<u8>,
    rows_by_id: HashMap<Box<str>, usize>,
    bbox: Option<BBox>,
    shape: Shape,
    version: LayerVersion,
    /// The rows of the file that these are, where the layer is an excerpt.
    rows_in_file: Option<Box<[u32]>>,
}

/// Positions of the meaningful columns.
#[derive(Debug, Clone, Default)]
struct Columns {
    name_zh: Option<usize>,
    name_en: Option<usize>,
    single: BTreeMap<Attribute, usize>,
    suits: BTreeMap<HazardKind, usize>,
    facilities: BTreeMap<Facility, usize>,
}

impl Layer {
    /// Puts a layer together and checks it whole. O(n) for n features.
    ///
    /// # Errors
    /// Every fault of file, feature and field: missing columns, unfitting types, double ids, unknown levels, words
    /// outside their vocabulary, positions outside the globe.
    pub fn new(
        manifest: LayerManifest,
        geometries: Vec<Geometry<f64>>,
        attributes: Attributes,
        version: LayerVersion,
    ) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let (features, rows) = (geometries.len(), attributes.rows());
        if rows != features {
            let problem = format!("{features} geometries but {rows} attribute rows");
            faults.push(Fault::file(&manifest.file, problem));
        }
        let checks = Checks::new(&manifest, attributes.fields(), &mut faults);
        let mut rows_by_id = HashMap::with_capacity(features);
        let mut ranks = Vec::with_capacity(if manifest.hazard.is_some() { features } else { 0 });
        for (row, geometry) in geometries.iter().enumerate() {
            let cells = attributes.cells(row);
            if let Some(id) = checks.id(row, &cells, &mut faults) {
                match rows_by_id.entry(id.into_boxed_str()) {
                    Entry::Occupied(entry) => faults.push(checks.double_id(row, entry.key(), *entry.get())),
                    Entry::Vacant(entry) => drop(entry.insert(row)),
                }
            }
            if manifest.hazard.is_some() {
                ranks.push(checks.rank(row, &cells, &mut faults));
            }
            checks.feature(row, &cells, geometry, &mut faults);
        }
        let columns = checks.into_columns();
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let bbox = BBox::around(geometries.iter().filter_map(BoundingRect::bounding_rect));
        let shape = shape_of(&geometries);
        Ok(Self {
            manifest,
            geometries,
            attributes,
            columns,
            ranks,
            rows_by_id,
            bbox,
            shape,
            version,
            rows_in_file: None,
        })
    }

    /// A layer without features as those of which are known to be of some shape.
    pub(in crate::catalog) fn of_shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    /// Some features of a layer that was checked whole, in a layer of their own: their ids and numbers are those they
    /// have in the file. `self` has the same columns, and need not have features.
    pub(in crate::catalog) fn excerpt(
        &self,
        rows: &[u32],
        geometries: Vec<Geometry<f64>>,
        attributes: Attributes,
    ) -> Self {
        let mut excerpt = Self {
            manifest: self.manifest.clone(),
            bbox: BBox::around(geometries.iter().filter_map(BoundingRect::bounding_rect)),
            geometries,
            attributes,
            columns: self.columns.clone(),
            ranks: Vec::new(),
            rows_by_id: HashMap::new(),
            shape: self.shape,
            version: self.version,
            rows_in_file: Some(rows.into()),
        };
        let ids = (0..rows.len()).filter_map(|row| Some((excerpt.text(row, Attribute::Id)?.into(), row)));
        excerpt.rows_by_id = ids.collect();
        excerpt
    }

    /// The manifest's entry.
    pub const fn manifest(&self) -> &LayerManifest {
        &self.manifest
    }

    /// The layer's id.
    pub const fn id(&self) -> &Id {
        &self.manifest.id
    }

    /// What the features are.
    pub const fn role(&self) -> Role {
        self.manifest.role
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.geometries.len()
    }

    /// Whether there are no features.
    pub fn is_empty(&self) -> bool {
        self.geometries.is_empty()
    }

    /// The box around all features; `None` without features.
    pub const fn bbox(&self) -> Option<BBox> {
        self.bbox
    }

    /// What the geometries are.
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// The content's version.
    pub const fn version(&self) -> LayerVersion {
        self.version
    }

    /// All geometries by row, WGS 84 degrees.
    pub fn geometries(&self) -> &[Geometry<f64>] {
        &self.geometries
    }

    /// The attribute table.
    pub const fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// The row of a feature id. O(1).
    pub fn row_of(&self, id: &str) -> Option<usize> {
        self.rows_by_id.get(id).copied()
    }

    /// A feature's id: its id column, or its row number from 1.
    pub fn feature_id(&self, row: usize) -> Cow<'_, str> {
        self.text(row, Attribute::Id)
            .unwrap_or_else(|| Cow::Owned((self.row_in_file(row) + 1).to_string()))
    }

    /// The row that a feature has in the layer's file: its own, unless the layer is an excerpt.
    pub fn row_in_file(&self, row: usize) -> usize {
        let rows = self.rows_in_file.as_deref();
        rows.and_then(|rows| rows.get(row)).map_or(row, |row| *row as usize)
    }

    /// A feature's name in a language, in the other language where only that is known.
    pub fn name(&self, row: usize, lang: Lang) -> Option<Cow<'_, str>> {
        let (first, second) = match lang {
            Lang::Zh => (self.columns.name_zh, self.columns.name_en),
            Lang::En => (self.columns.name_en, self.columns.name_zh),
        };
        [first, second]
            .into_iter()
            .flatten()
            .find_map(|column| self.cell_text(row, column))
    }

    /// The value of the column with this meaning.
    pub fn value(&self, row: usize, attribute: Attribute) -> Option<Value<'_>> {
        self.attributes.value(row, *self.columns.single.get(&attribute)?)
    }

    /// The same as text.
    pub fn text(&self, row: usize, attribute: Attribute) -> Option<Cow<'_, str>> {
        self.cell_text(row, *self.columns.single.get(&attribute)?)
    }

    /// The same as a number.
    pub fn number(&self, row: usize, attribute: Attribute) -> Option<f64> {
        match self.value(row, attribute)? {
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            Value::Bool(_) | Value::Text(_) => None,
        }
    }

    /// How deep the water is in a zone, in metres, where that is known. Numbers below zero are marks for "unknown", not dry
    /// ground.
    pub fn depth_m(&self, row: usize) -> Option<f64> {
        self.number(row, Attribute::Depth).filter(|depth| *depth >= 0.0)
    }

    /// Whether the shelter in this row suits a hazard kind; unknown where the layer has no column for it.
    pub fn suits(&self, row: usize, kind: HazardKind) -> Tri {
        self.columns
            .suits
            .get(&kind)
            .map_or(Tri::Unknown, |&column| self.tri(row, column))
    }

    /// Whether the shelter in this row has a facility; unknown where the layer has no column for it.
    pub fn facility(&self, row: usize, facility: Facility) -> Tri {
        self.columns
            .facilities
            .get(&facility)
            .map_or(Tri::Unknown, |&column| self.tri(row, column))
    }

    /// Whether the feature is made up: its layer is, or its own mark says so.
    pub fn is_synthetic(&self, row: usize) -> bool {
        self.manifest.synthetic || self.value(row, Attribute::Synthetic) == Some(Value::Bool(true))
    }

    /// The hazard kind and levels of a hazard layer.
    pub const fn hazard_kind(&self) -> Option<HazardKind> {
        match &self.manifest.hazard {
            Some(hazard) => Some(hazard.kind),
            None => None,
        }
    }

    /// The ordered levels, lowest first; empty for other than hazard layers.
    pub fn levels(&self) -> &[Level] {
        self.manifest.hazard.as_ref().map_or(&[], |hazard| &hazard.levels)
    }

    /// Rank (1 = lowest) and level of a hazard zone.
    pub fn level(&self, row: usize) -> Option<(u8, &Level)> {
        let rank = *self.ranks.get(row)?;
        Some((rank, self.levels().get(usize::from(rank).checked_sub(1)?)?))
    }

    fn cell_text(&self, row: usize, column: usize) -> Option<Cow<'_, str>> {
        Some(match self.attributes.value(row, column)? {
            Value::Text(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_text()),
        })
    }

    fn tri(&self, row: usize, column: usize) -> Tri {
        self.attributes
            .value(row, column)
            .and_then(checks::tri)
            .unwrap_or(Tri::Unknown)
    }
}

fn shape_of(geometries: &[Geometry<f64>]) -> Shape {
    let shape = |geometry: &Geometry<f64>| match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => Shape::Point,
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => Shape::Line,
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => Shape::Polygon,
        Geometry::GeometryCollection(_) => Shape::Mixed,
    };
    let mut shapes = geometries.iter().map(shape);
    let Some(first) = shapes.next() else {
        return Shape::Mixed;
    };
    if shapes.all(|other| other == first) {
        first
    } else {
        Shape::Mixed
    }
}
