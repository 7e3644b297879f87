//! How the values of a row become those of the layer: each column of the file in its place, then the derived ones.
//!
//! A column without a meaning stays as it is. What is read from a column so that its writing would be lost (a list, a
//! number with 约 or in 亩, a day in Chinese) goes to a column of its own and leaves the other untouched.

use super::{
    MeaningKey,
    cells::{self, Cell, Quantity, Unit},
    mapping::{Clash, Derived, Mapping, Origin, clash_finding, together},
    survey::Survey,
};
use crate::{
    catalog::{
        Attribute, Field, FieldKind, RawValue, Tri,
        readers::{Problem, RawFeature},
    },
    import::{Finding, words::Listed},
};

/// A row's values by the columns of the file.
pub(super) type Values = Vec<Option<RawValue<'static>>>;

/// The columns of the file and the derived ones.
pub(super) struct Columns<'a> {
    plans: Vec<ColumnPlan<'a>>,
    derived: Vec<DerivedPlan>,
    /// The columns that cells are read as lists of.
    lists: Vec<(usize, Listed)>,
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
    /// As text that may say that nothing is known.
    Text,
    /// As yes, no or unknown.
    Tri,
    /// As true or false.
    Flag,
    /// As a number.
    Number(Quantity, Option<Unit>),
    /// As a word of a vocabulary.
    Word(Attribute),
    /// As a day or a time.
    Time,
}

/// A derived column.
struct DerivedPlan {
    derived: Derived,
    source: DerivedSource,
}

/// Where its values come from, by index.
enum DerivedSource {
    List {
        list: usize,
        flag: Option<usize>,
    },
    Number {
        column: usize,
        quantity: Quantity,
        header: Option<Unit>,
        kind: FieldKind,
    },
    Time {
        column: usize,
    },
}

/// Rows where a flag and a list disagree, by derived column.
pub(super) type Clashes = Vec<Clash>;

impl<'a> Columns<'a> {
    /// Plans the reading of every column.
    pub(super) fn new(
        survey: &'a Survey,
        mapping: &Mapping,
        position: Option<(&str, &str)>,
        level_column: Option<&str>,
    ) -> Self {
        let plans = survey.columns.iter().map(|column| {
            let mut plan = ColumnPlan {
                name: &column.name,
                kind: column.kind(),
                reading: Reading::Plain,
            };
            if level_column == Some(column.name.as_str()) {
                plan.kind = FieldKind::Text;
            }
            for meaning in mapping.meanings(&column.name) {
                plan.read_as(meaning, column.numbers.are_whole);
            }
            if position.is_some_and(|(lon, lat)| [lon, lat].contains(&column.name.as_str())) {
                plan.reading = Reading::Position;
            }
            plan
        });
        let mut columns = Self {
            plans: plans.collect(),
            derived: Vec::new(),
            lists: Vec::new(),
        };
        for derived in &mapping.derived {
            let source = columns.source(survey, derived);
            columns.derived.extend(source.map(|source| DerivedPlan {
                derived: derived.clone(),
                source,
            }));
        }
        columns
    }

    fn source(&mut self, survey: &Survey, derived: &Derived) -> Option<DerivedSource> {
        Some(match &derived.origin {
            Origin::List { column, flag } => {
                let column = survey.find(column)?;
                let listed = derived.meaning.list().and_then(MeaningKey::listed)?;
                let list = self
                    .lists
                    .iter()
                    .position(|(known, _)| *known == column)
                    .unwrap_or_else(|| {
                        self.lists.push((column, listed));
                        self.lists.len() - 1
                    });
                let flag = flag.as_ref().and_then(|flag| survey.find(flag));
                DerivedSource::List { list, flag }
            }
            Origin::Number {
                column,
                quantity,
                header,
                are_whole,
            } => DerivedSource::Number {
                column: survey.find(column)?,
                quantity: *quantity,
                header: *header,
                kind: if *are_whole { FieldKind::Int } else { FieldKind::Float },
            },
            Origin::Time { column } => DerivedSource::Time {
                column: survey.find(column)?,
            },
        })
    }

    /// The columns of the new file.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> {
        let plans = self.plans.iter().filter(|column| column.is_written());
        let own = plans.map(|column| (column.name, column.kind));
        let derived = self
            .derived
            .iter()
            .map(|plan| (plan.derived.name.as_str(), plan.kind()));
        own.chain(derived).map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        })
    }

    /// The name of a column of the file.
    pub(super) fn name(&self, column: usize) -> &'a str {
        self.plans[column].name
    }

    /// Reads a row's values; all columns of the file have a place, whether they are written or not.
    pub(super) fn read(&self, names: &[String], feature: RawFeature) -> Result<Values, Problem> {
        let mut values = vec![None; self.plans.len()];
        for (column, value) in feature.values {
            let Some(plan) = self.plans.get(column).filter(|plan| plan.name == names[column]) else {
                return Err(Problem::row("the file was changed while it was read"));
            };
            values[column] = plan.convert(value)?;
        }
        Ok(values)
    }

    /// The values of the derived columns.
    pub(super) fn derive(&self, values: &Values, row: u64, clashes: &mut Clashes) -> Result<Values, Problem> {
        let cells: Vec<Cell> = self
            .lists
            .iter()
            .map(|(column, listed)| {
                let text = values[*column].as_ref().map(RawValue::to_text);
                text.map(|text| cells::list(*listed, &text)).unwrap_or_default()
            })
            .collect();
        clashes.resize(self.derived.len(), Clash::default());
        let plans = self.derived.iter().zip(clashes);
        plans
            .map(|(plan, clash)| match &plan.source {
                DerivedSource::List { list, flag } => {
                    let listed = plan.listed(&cells[*list]);
                    let flag = flag.and_then(|flag| values[flag].as_ref()).and_then(cells::tri);
                    let (said, clashing) = together(flag.unwrap_or(Tri::Unknown), listed);
                    if clashing {
                        clash.first_row = if clash.count == 0 { row } else { clash.first_row };
                        clash.count += 1;
                    }
                    Ok((said != Tri::Unknown).then(|| RawValue::Text(said.as_str().into())))
                }
                DerivedSource::Number {
                    column,
                    quantity,
                    header,
                    kind,
                } => as_number(
                    self.plans[*column].name,
                    values[*column].as_ref(),
                    (*quantity, *header),
                    *kind,
                ),
                DerivedSource::Time { column } => as_time(self.plans[*column].name, values[*column].as_ref()),
            })
            .collect()
    }

    /// The values that are written, in the order of [`Self::fields`].
    pub(super) fn written(&self, values: Values, derived: Values) -> impl Iterator<Item = Option<RawValue<'static>>> {
        let own = self.plans.iter().zip(values).filter(|(column, _)| column.is_written());
        own.map(|(_, value)| value).chain(derived)
    }

    /// What is to be said about flags and lists that disagree.
    pub(super) fn findings(&self, clashes: &Clashes) -> impl Iterator<Item = Finding> {
        let derived = self.derived.iter().map(|plan| &plan.derived).zip(clashes);
        derived.filter_map(|(derived, clash)| clash_finding(derived, *clash))
    }
}

impl DerivedPlan {
    const fn kind(&self) -> FieldKind {
        match self.source {
            DerivedSource::Number { kind, .. } => kind,
            DerivedSource::List { .. } | DerivedSource::Time { .. } => FieldKind::Text,
        }
    }

    /// What a cell says about this column's meaning. 无 in a list of facilities says that there is none of them; in a
    /// list of hazard kinds it says nothing, for nobody builds a shelter that suits none.
    fn listed(&self, cell: &Cell) -> Tri {
        let meaning = self.derived.meaning;
        match cell.said.get(&meaning) {
            Some(said) => *said,
            None if cell.says_none && matches!(meaning, MeaningKey::Facility(_)) => Tri::No,
            None => Tri::Unknown,
        }
    }
}

impl ColumnPlan<'_> {
    const fn is_written(&self) -> bool {
        !matches!(self.reading, Reading::Position)
    }

    /// Where a column has several meanings they are of one kind (two hazard kinds of one flag).
    fn read_as(&mut self, meaning: MeaningKey, are_whole: bool) {
        (self.kind, self.reading) = match meaning {
            MeaningKey::Attribute(Attribute::Synthetic) => (FieldKind::Bool, Reading::Flag),
            MeaningKey::Attribute(attribute) if attribute.is_number() => {
                let kind = match self.kind {
                    FieldKind::Float => FieldKind::Float,
                    _ if are_whole => FieldKind::Int,
                    _ => FieldKind::Float,
                };
                (
                    kind,
                    Reading::Number(Quantity::of(attribute), cells::header_unit(self.name)),
                )
            }
            MeaningKey::Attribute(attribute) if attribute.words().is_some() => {
                (FieldKind::Text, Reading::Word(attribute))
            }
            key if key.is_tri() => (FieldKind::Text, Reading::Tri),
            key if key.is_time() => (FieldKind::Text, Reading::Time),
            key if key.is_text() => (FieldKind::Text, Reading::Text),
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
            Reading::Text if cells::is_placeholder(&value.to_text()) => None,
            Reading::Plain | Reading::Text => {
                let misfit =
                    |value: RawValue<'_>| Problem::value(self.name, &value.to_text(), format!("is no {:?}", self.kind));
                Some(cells::of_kind(value, self.kind).map_err(misfit)?)
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
            Reading::Number(quantity, header) => as_number(self.name, Some(&value), (quantity, header), self.kind)?,
            Reading::Time => as_time(self.name, Some(&value))?,
            Reading::Word(attribute) => match cells::word(attribute, &value.to_text()) {
                Some(word) => text(word),
                None if cells::is_placeholder(&value.to_text()) => None,
                None => {
                    let words = attribute.words().unwrap_or_default().join(", ");
                    return Err(problem(format!("is none of {words}")));
                }
            },
        })
    }
}

fn as_number(
    name: &str,
    value: Option<&RawValue<'static>>,
    (quantity, header): (Quantity, Option<Unit>),
    kind: FieldKind,
) -> Result<Option<RawValue<'static>>, Problem> {
    let Some(value) = value.filter(|value| !cells::is_placeholder(&value.to_text())) else {
        return Ok(None);
    };
    let number = cells::number(value).and_then(|number| quantity.value(number, header));
    let number =
        number.ok_or_else(|| Problem::value(name, &value.to_text(), format!("must be {}", quantity.as_str())))?;
    Ok(Some(match kind {
        FieldKind::Int => RawValue::Int(number as i64),
        _ => RawValue::Float(number),
    }))
}

fn as_time(name: &str, value: Option<&RawValue<'static>>) -> Result<Option<RawValue<'static>>, Problem> {
    let Some(text) = value.map(RawValue::to_text).filter(|text| !cells::is_placeholder(text)) else {
        return Ok(None);
    };
    let time = cells::date(&text).ok_or_else(|| Problem::value(name, &text, "must be a day, such as 2024-05-06"))?;
    Ok(Some(RawValue::Text(time.into())))
}
