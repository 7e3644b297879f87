//! The first reading of a file: which columns there are and what stands in them.

mod evidence;

use std::{
    collections::{BTreeMap, HashSet},
    hash::BuildHasherDefault,
};

use geo_types::Geometry;
use xxhash_rust::xxh3::xxh3_64;

use self::evidence::{Evidence, NumberSurvey};
use super::{
    MeaningKey, cells,
    extent::Extent,
    names::{self, Candidate},
    normal::{distance, fold},
    recipe::Asked,
    shape::has_footprint,
};
use crate::catalog::{
    Attribute, FieldKind, Hashed, RawValue, Role, Shape,
    readers::{Progress, ReadError, Source},
};

/// As many different values of a column are remembered: enough for levels, flags and vocabularies.
const FEW: usize = 64;
/// As many hashes of ids are remembered of all columns together: three columns of 13 million ids, 450 MB.
const WATCHED: usize = 40_000_000;
/// As many different values are shown to people.
const SAMPLES: usize = 3;
/// Characters of a value that are shown.
const SAMPLE_LENGTH: usize = 40;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// All rows, usable or not.
    pub(super) rows: u64,
    /// Of these, rows that the reader could read.
    pub(super) readable: u64,
    /// The columns in file order.
    pub(super) columns: Vec<ColumnSurvey>,
    /// Where the coordinates lie as they stand.
    pub(super) extent: Extent,
    /// Rows whose geometry is more than a point that a shelter could be.
    pub(super) areas: u64,
    /// Rows with a geometry.
    pub(super) located: u64,
    /// The first positions, as they stand in the file, of points.
    pub(super) positions: Vec<(f64, f64)>,
    shape: Option<Shape>,
}

/// What a survey looks for in columns beyond their types.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watch<'a> {
    /// The layer's role, by which names suggest meanings.
    pub(super) role: Role,
    /// What columns are to mean in any case.
    pub(super) asked: &'a [Asked],
}

/// What stands in a column.
#[derive(Debug)]
pub(super) struct ColumnSurvey {
    pub(super) name: String,
    /// Rows with a value.
    pub(super) known: u64,
    /// Of these, rows with a word for nothing known (`-`, `不詳`), as columns of numbers, days and texts read it.
    pub(super) placeholders: u64,
    /// What of it reads as numbers.
    pub(super) numbers: NumberSurvey,
    /// The different values and how often they stand, while they are few.
    pub(super) values: Option<BTreeMap<String, u64>>,
    /// The first different values, shortened.
    pub(super) samples: Vec<String>,
    /// What its name suggests.
    pub(super) candidates: Vec<Candidate>,
    /// What its values say about that.
    pub(super) evidence: Evidence,
    kind: Option<FieldKind>,
    /// Hashes of all values, of columns that may hold ids; 64 bits are enough to propose by.
    ids: Option<HashSet<u64, BuildHasherDefault<Hashed>>>,
}

impl ColumnSurvey {
    fn new(name: &str, watch: Watch<'_>) -> Self {
        let candidates = names::candidates(name, watch.role);
        let asked = watch
            .asked
            .iter()
            .filter(|asked| asked.column == name)
            .map(|asked| asked.meaning);
        let meanings: Vec<MeaningKey> = candidates
            .iter()
            .map(|candidate| candidate.meaning)
            .chain(asked)
            .collect();
        Self {
            name: name.to_owned(),
            known: 0,
            placeholders: 0,
            numbers: NumberSurvey::default(),
            values: Some(BTreeMap::new()),
            samples: Vec::new(),
            evidence: Evidence::new(&meanings),
            candidates,
            kind: None,
            ids: names::is_id(name, watch.role).then(HashSet::default),
        }
    }

    /// How well the column's name suits ids; `None` where it would not be proposed.
    fn id_score(&self) -> Option<u32> {
        let id = MeaningKey::Attribute(Attribute::Id);
        let of_id = self.candidates.iter().filter(|candidate| candidate.meaning == id);
        of_id.map(|candidate| candidate.score).max()
    }

    /// The type that holds every value.
    pub(super) fn kind(&self) -> FieldKind {
        self.kind.unwrap_or(FieldKind::Text)
    }

    /// How many values repeat an earlier one; `None` for columns that were not watched to the end.
    pub(super) fn repeated(&self) -> Option<u64> {
        self.ids.as_ref().map(|ids| self.known - ids.len() as u64)
    }

    /// Rows with a value that is no word for nothing known.
    pub(super) const fn real(&self) -> u64 {
        self.known - self.placeholders
    }

    /// Takes in a value; says whether one more is remembered as an id.
    fn add(&mut self, value: &RawValue<'_>) -> bool {
        if value.is_blank() {
            return false;
        }
        self.known += 1;
        if self.kind != Some(FieldKind::Text) {
            let kind = cells::kind_of(value);
            self.kind = Some(self.kind.map_or(kind, |known| join(known, kind)));
        }
        let text = value.to_text();
        if !self.numbers.add(value, &text) {
            if cells::is_placeholder(&text) {
                self.placeholders += 1;
            } else {
                self.numbers.add_stranger(&text);
            }
        }
        self.evidence.add(&text);
        let ids = self.ids.as_mut();
        let is_new = ids.is_some_and(|ids| ids.insert(xxh3_64(text.as_bytes())));
        if self.samples.len() < SAMPLES {
            let sample = shortened(&text);
            if !self.samples.contains(&sample) {
                self.samples.push(sample);
            }
        }
        if let Some(values) = &mut self.values {
            if let Some(count) = values.get_mut(&*text) {
                *count += 1;
            } else {
                values.insert(text.into_owned(), 1);
            }
            if values.len() > FEW {
                self.values = None;
            }
        }
        is_new
    }
}

/// A value on one line of bounded length.
fn shortened(text: &str) -> String {
    let mut sample: String = text
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .take(SAMPLE_LENGTH)
        .collect();
    if text.chars().nth(SAMPLE_LENGTH).is_some() {
        sample.push('…');
    }
    sample
}

fn join(one: FieldKind, other: FieldKind) -> FieldKind {
    use FieldKind::{Float, Int, Text};
    match (one, other) {
        (one, other) if one == other => one,
        (Int, Float) | (Float, Int) => Float,
        _ => Text,
    }
}

fn shape_of(geometry: &Geometry<f64>) -> Shape {
    match geometry {
        Geometry::Point(_) => Shape::Point,
        Geometry::LineString(_) | Geometry::MultiLineString(_) => Shape::Line,
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => Shape::Polygon,
        _ => Shape::Mixed,
    }
}

impl Survey {
    /// Reads the whole file once.
    pub(super) fn of(source: &dyn Source, watch: Watch<'_>, progress: &Progress) -> Result<Self, ReadError> {
        Self::watching(WATCHED, source, watch, progress)
    }

    /// Remembers at most `most` hashes of ids.
    fn watching(most: usize, source: &dyn Source, watch: Watch<'_>, progress: &Progress) -> Result<Self, ReadError> {
        let mut survey = Self::default();
        let mut watched = 0;
        source.read(&mut |columns, row| {
            survey.rows += 1;
            progress.count_row();
            let known = survey.columns.len();
            survey
                .columns
                .extend(columns[known..].iter().map(|name| ColumnSurvey::new(name, watch)));
            if let Ok(feature) = &row.content {
                survey.readable += 1;
                survey.shape = feature.geometry.as_ref().map(shape_of).map_or(survey.shape, |shape| {
                    Some(
                        survey
                            .shape
                            .filter(|known| *known != shape)
                            .map_or(shape, |_| Shape::Mixed),
                    )
                });
                survey.locate(feature.geometry.as_ref());
                feature.geometry.iter().for_each(|geometry| survey.extent.add(geometry));
                for (column, value) in &feature.values {
                    watched += usize::from(survey.columns[*column].add(value));
                }
                if watched > most {
                    watched -= survey.give_up_a_watch();
                }
            }
        })?;
        Ok(survey)
    }

    /// Forgets the ids of the column whose name suits ids least; says how many they were.
    fn give_up_a_watch(&mut self) -> usize {
        let watched = self.columns.iter_mut().filter(|column| column.ids.is_some());
        let least = watched.min_by_key(|column| column.id_score());
        least.and_then(|column| column.ids.take()).map_or(0, |ids| ids.len())
    }

    fn locate(&mut self, geometry: Option<&Geometry<f64>>) {
        self.located += u64::from(geometry.is_some());
        self.areas += u64::from(geometry.is_some_and(has_footprint));
        if let Some(Geometry::Point(point)) = geometry
            && self.positions.len() < SAMPLES
        {
            self.positions.push(point.x_y());
        }
    }

    /// What all geometries are; single points, or lines, or polygons, or mixed.
    pub(super) fn shape(&self) -> Shape {
        self.shape.unwrap_or(Shape::Mixed)
    }

    /// The position of a column.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// A column by its name.
    pub(super) fn column(&self, name: &str) -> Option<&ColumnSurvey> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The names of all columns.
    pub(super) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Columns whose name is nearly the wanted one: written otherwise, with more or less around it, or with a slip.
    pub(super) fn near(&self, wanted: &str) -> Vec<&str> {
        let wanted = fold(wanted);
        let is_near = |name: &str| {
            let name = fold(name);
            let shorter = name.chars().count().min(wanted.chars().count());
            let contains = shorter >= 2 && (name.contains(&wanted) || wanted.contains(&name));
            contains || distance(&name, &wanted) <= shorter / 3
        };
        let names = self.columns.iter().map(|column| column.name.as_str());
        names.filter(|name| is_near(name)).take(SAMPLES).collect()
    }

    /// A name that no column has: the wanted one, with `_` behind it as often as needed.
    pub(super) fn free_name(&self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        while self.find(&name).is_some() {
            name.push('_');
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::readers::{RawFeature, Row};

    /// Rows whose two columns hold their numbers.
    struct Numbered(u64);

    impl Source for Numbered {
        fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
            let columns = ["code".to_owned(), "id".to_owned()];
            for number in 1..=self.0 {
                let value = |column| (column, RawValue::Int(number as i64));
                let feature = RawFeature {
                    values: vec![value(0), value(1)],
                    ..RawFeature::default()
                };
                let content = Ok(feature);
                take(&columns, Row { number, content });
            }
            Ok(())
        }
    }

    #[test]
    fn only_so_many_ids_are_watched_and_the_best_named_column_the_longest() {
        let repeated = |most| {
            let watch = Watch {
                role: Role::Shelter,
                asked: &[],
            };
            let survey = Survey::watching(most, &Numbered(10), watch, &Progress::default()).unwrap();
            survey.columns.iter().map(ColumnSurvey::repeated).collect::<Vec<_>>()
        };
        assert_eq!(repeated(20), [Some(0), Some(0)]);
        assert_eq!(repeated(19), [None, Some(0)]);
        assert_eq!(repeated(9), [None, None]);
    }
}
