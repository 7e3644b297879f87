//! The second reading: every row becomes a feature of the new file, or a refusal.

use std::{collections::HashMap, fs::File, io::Write, path::Path};

use geo::BoundingRect;
use geo_types::Rect;

use super::{
    ImportError, MeaningKey, cells,
    mapping::Mapping,
    report::{Refusal, RepairTotals},
    shape,
    survey::Survey,
};
use crate::{
    catalog::{
        Attribute, Field, FieldKind, RawValue, Role, Tri,
        fgb::{WriteError, Writer},
        readers::{Problem, RawFeature, Row, Source},
    },
    geometry::Datum,
};

/// The column added where no column holds ids: the row's number in the imported file. Named so that no column of the
/// file has the same name.
pub(super) fn row_column(survey: &Survey) -> String {
    let mut name = "import_row".to_owned();
    while survey.find(&name).is_some() {
        name.push('_');
    }
    name
}

/// The level's column and the codes allowed in it.
pub(super) type Levels<'a> = Option<(&'a str, Vec<&'a str>)>;

/// How rows become features.
pub(super) struct Conversion<'a> {
    datum: Datum,
    role: Role,
    columns: Vec<ColumnPlan<'a>>,
    id_column: Option<usize>,
    row_column: String,
    level: Option<(usize, Vec<&'a str>)>,
}

/// What is done with the values of one column.
struct ColumnPlan<'a> {
    name: &'a str,
    kind: FieldKind,
    reading: Reading,
}

/// How a value is read.
enum Reading {
    /// Not at all: the reader took the position from it.
    Position,
    /// As it is.
    Plain,
    /// As yes, no or unknown.
    Tri,
    /// As true or false.
    Flag,
    /// As a number.
    Number,
    /// As a word of a vocabulary.
    Word(Attribute),
}

/// What the second reading leaves.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) read: u64,
    pub(super) kept: u64,
    pub(super) repaired: u64,
    pub(super) repairs: RepairTotals,
    pub(super) refusals: Vec<Refusal>,
    pub(super) boxes: Vec<Rect<f64>>,
}

impl<'a> Conversion<'a> {
    pub(super) fn new(
        survey: &'a Survey,
        mapping: &Mapping,
        position: Option<(&str, &str)>,
        levels: Levels<'a>,
        (datum, role): (Datum, Role),
    ) -> Self {
        let level_column = levels.as_ref().map(|(column, _)| *column);
        let columns = survey.columns.iter().map(|column| {
            let mut plan = ColumnPlan {
                name: &column.name,
                kind: column.kind(),
                reading: Reading::Plain,
            };
            if level_column == Some(column.name.as_str()) {
                plan.kind = FieldKind::Text;
            }
            for meaning in mapping.meanings(&column.name) {
                plan.read_as(meaning);
            }
            if position.is_some_and(|(lon, lat)| [lon, lat].contains(&column.name.as_str())) {
                plan.reading = Reading::Position;
            }
            plan
        });
        Self {
            datum,
            role,
            columns: columns.collect(),
            id_column: mapping
                .column(MeaningKey::Attribute(Attribute::Id))
                .and_then(|name| survey.find(name)),
            row_column: row_column(survey),
            level: levels.and_then(|(column, codes)| Some((survey.find(column)?, codes))),
        }
    }

    /// The columns of the new file.
    pub(super) fn fields(&self) -> Vec<Field> {
        let columns = self
            .columns
            .iter()
            .filter(|column| column.is_written())
            .map(|column| Field {
                name: column.name.to_owned(),
                kind: column.kind,
            });
        let row = self.id_column.is_none().then(|| Field {
            name: self.row_column.clone(),
            kind: FieldKind::Int,
        });
        columns.chain(row).collect()
    }

    /// Reads the source again and writes what is kept to a new file.
    pub(super) fn run(
        &self,
        source: &dyn Source,
        survey: &Survey,
        name: &str,
        path: &Path,
    ) -> Result<Outcome, ImportError> {
        let mut writer = Writer::new(name, self.fields(), survey.shape())?;
        let mut outcome = Outcome::default();
        let mut ids = HashMap::new();
        let mut failed: Result<(), WriteError> = Ok(());
        source.read(&mut |names, row| {
            if failed.is_ok() {
                failed = self.take(names, row, &mut ids, &mut writer, &mut outcome);
            }
        })?;
        failed?;
        if outcome.read != survey.rows {
            return Err(ImportError::Changed);
        }
        if let (0, Some(first)) = (outcome.kept, outcome.refusals.first()) {
            return Err(ImportError::NothingKept {
                read: outcome.read,
                row: first.row,
                reason: first.problem.reason.clone(),
            });
        }
        let mut file = std::io::BufWriter::new(File::create_new(path).map_err(ImportError::io(path))?);
        writer.finish(&mut file)?;
        file.flush().map_err(ImportError::io(path))?;
        file.get_ref().sync_all().map_err(ImportError::io(path))?;
        Ok(outcome)
    }

    fn take(
        &self,
        names: &[String],
        row: Row,
        ids: &mut HashMap<Box<str>, u64>,
        writer: &mut Writer<'_>,
        outcome: &mut Outcome,
    ) -> Result<(), WriteError> {
        outcome.read += 1;
        let number = row.number;
        let converted = row.content.and_then(|mut feature| {
            let (geometry, repair) = shape::prepare(&mut feature, self.datum, self.role)?;
            let values = self.values(names, feature)?;
            self.check_id(&values, number, ids)?;
            Ok((geometry, repair, values))
        });
        match converted {
            Ok((geometry, repair, values)) => {
                let row_number = self.id_column.is_none().then_some(Some(RawValue::Int(number as i64)));
                let written = self
                    .columns
                    .iter()
                    .zip(values)
                    .filter(|(column, _)| column.is_written());
                writer.push(&geometry, written.map(|(_, value)| value).chain(row_number))?;
                outcome.kept += 1;
                outcome.repaired += u64::from(outcome.repairs.add(repair));
                outcome.boxes.extend(geometry.bounding_rect());
            }
            Err(problem) => outcome.refusals.push(Refusal { row: number, problem }),
        }
        Ok(())
    }

    fn values(&self, names: &[String], feature: RawFeature) -> Result<Vec<Option<RawValue<'static>>>, Problem> {
        let mut values = vec![None; self.columns.len()];
        for (column, value) in feature.values {
            let Some(plan) = self.columns.get(column).filter(|plan| plan.name == names[column]) else {
                return Err(Problem::row("the file was changed while it was read"));
            };
            values[column] = plan.convert(value)?;
        }
        if let Some((column, codes)) = &self.level {
            let code = values[*column]
                .as_ref()
                .map(|value| value.to_text().into_owned())
                .unwrap_or_default();
            if !codes.contains(&code.as_str()) {
                let reason = format!("is none of the levels {}", codes.join(", "));
                return Err(Problem::value(self.columns[*column].name, &code, reason));
            }
        }
        Ok(values)
    }

    fn check_id(
        &self,
        values: &[Option<RawValue<'static>>],
        number: u64,
        ids: &mut HashMap<Box<str>, u64>,
    ) -> Result<(), Problem> {
        let Some(column) = self.id_column else { return Ok(()) };
        let id = values[column]
            .as_ref()
            .map(|value| value.to_text().into_owned())
            .unwrap_or_default();
        let name = self.columns[column].name;
        if id.is_empty() {
            return Err(Problem::value(name, "", "the id is blank"));
        }
        if let Some(first) = ids.get(id.as_str()) {
            return Err(Problem::value(
                name,
                &id,
                format!("the id stands in row {first} already"),
            ));
        }
        ids.insert(id.into_boxed_str(), number);
        Ok(())
    }
}

impl ColumnPlan<'_> {
    const fn is_written(&self) -> bool {
        !matches!(self.reading, Reading::Position)
    }

    /// Where a column has several meanings they are of one kind (two hazard kinds of one flag).
    fn read_as(&mut self, meaning: MeaningKey) {
        (self.kind, self.reading) = match meaning {
            MeaningKey::Attribute(Attribute::Synthetic) => (FieldKind::Bool, Reading::Flag),
            MeaningKey::Attribute(attribute) if attribute.is_number() => {
                let kind = if self.kind == FieldKind::Int {
                    FieldKind::Int
                } else {
                    FieldKind::Float
                };
                (kind, Reading::Number)
            }
            MeaningKey::Attribute(attribute) if attribute.words().is_some() => {
                (FieldKind::Text, Reading::Word(attribute))
            }
            key if key.is_tri() => (FieldKind::Text, Reading::Tri),
            _ => (FieldKind::Text, Reading::Plain),
        };
    }

    fn convert(&self, value: RawValue<'static>) -> Result<Option<RawValue<'static>>, Problem> {
        if value.is_blank() {
            return Ok(None);
        }
        let text = |word: &'static str| Some(RawValue::Text(word.into()));
        let problem = |reason: String| Problem::value(self.name, &value.to_text(), reason);
        Ok(match self.reading {
            Reading::Position => None,
            Reading::Plain => {
                let shown = value.to_text().into_owned();
                let converted = cells::of_kind(value, self.kind);
                Some(converted.ok_or_else(|| Problem::value(self.name, &shown, format!("is no {:?}", self.kind)))?)
            }
            Reading::Tri => match cells::tri(&value) {
                Some(Tri::Unknown) => None,
                Some(known) => text(known.as_str()),
                None => {
                    return Err(problem(
                        "must be yes or no (1/0, 是/否, ○/×), or blank for unknown".to_owned(),
                    ));
                }
            },
            Reading::Flag => match cells::tri(&value) {
                Some(Tri::Unknown) => None,
                Some(known) => Some(RawValue::Bool(known == Tri::Yes)),
                None => return Err(problem("must be true or false".to_owned())),
            },
            Reading::Number => {
                let number = cells::number(&value).ok_or_else(|| problem("must be a number".to_owned()))?;
                Some(match self.kind {
                    FieldKind::Int => RawValue::Int(number as i64),
                    _ => RawValue::Float(number),
                })
            }
            Reading::Word(attribute) => {
                let word = cells::word(attribute, &value.to_text()).ok_or_else(|| {
                    problem(format!(
                        "is none of {}",
                        attribute.words().unwrap_or_default().join(", ")
                    ))
                })?;
                text(word)
            }
        })
    }
}
