//! Which column means what.
//!
//! Owns the decision: what was asked for (on the command line, by a mapping file, by the mapping kept with the pack),
//! then what the columns' names propose and their values do not contradict. [`super::names`] knows the names,
//! [`super::columns`] reads the values.

mod derive;
mod key;
mod propose;

use std::collections::BTreeMap;

use serde::Serialize;

pub(super) use self::derive::{Clash, Derived, Origin, clash_finding, together};
pub use self::key::{MeaningKey, UnknownMeaning};
use self::propose::Proposals;
use super::{Finding, ImportError, recipe::Asked, survey::Survey};
use crate::catalog::{Meaning, NameColumns, Role};

/// How a meaning got its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Said by the user.
    Given,
    /// Said by the mapping file that the user gave.
    MappingFile,
    /// Said by the mapping that the import before kept with the pack.
    Kept,
    /// Proposed by the column's name.
    Proposed,
    /// Added: the number of the row in the imported file.
    Numbered,
    /// Added: read from another column, which stays as it is.
    Derived,
}

/// A meaning and its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assigned {
    /// The meaning.
    pub meaning: MeaningKey,
    /// The column's name.
    pub column: String,
    /// Who says so.
    pub how: How,
    /// The columns that a derived one was read from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
}

/// All meanings of a file's columns.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    /// What means what, in the order of [`MeaningKey`].
    pub(super) assigned: Vec<Assigned>,
    /// What has no column because that was asked for.
    pub(super) taken_back: Vec<MeaningKey>,
    /// The columns that are added, with what they mean.
    pub(super) derived: Vec<Derived>,
    /// Why a column with a well-known name was not taken, and what else should be known about those that were.
    pub(super) findings: Vec<Finding>,
}

impl Mapping {
    /// What was asked for, then what the names of the columns suggest. A blank column takes a proposal back.
    pub(super) fn new(survey: &Survey, role: Role, asked: &[Asked]) -> Result<Self, ImportError> {
        let mut chosen: BTreeMap<MeaningKey, Option<(String, How)>> = BTreeMap::new();
        for Asked {
            meaning, column, how, ..
        } in asked
        {
            if !meaning.fits(role) {
                let meaning = meaning.to_string();
                return Err(ImportError::Unfit { role, meaning });
            }
            if !column.is_empty() && !meaning.is_position() && survey.find(column).is_none() {
                let asked = asked.iter().find(|asked| asked.meaning == *meaning);
                let source = asked.and_then(|asked| asked.source.clone());
                return Err(ImportError::no_column(&meaning.to_string(), column, source, survey));
            }
            chosen.insert(*meaning, (!column.is_empty()).then(|| (column.clone(), *how)));
        }
        let mut proposals = Proposals::new(survey, role);
        proposals.fill(&mut chosen);
        let taken_back = chosen.iter().filter(|(_, choice)| choice.is_none());
        let mut mapping = Self {
            taken_back: taken_back.map(|(meaning, _)| *meaning).collect(),
            findings: proposals.findings,
            ..Self::default()
        };
        let assigned = chosen.into_iter().filter_map(|(meaning, choice)| {
            let (column, how) = choice?;
            Some(Assigned {
                meaning,
                column,
                how,
                from: Vec::new(),
            })
        });
        mapping.assigned = assigned.collect();
        derive::derive(&mut mapping, survey);
        Ok(mapping)
    }

    /// The column of the file that has a meaning.
    pub(super) fn column(&self, meaning: MeaningKey) -> Option<&str> {
        let assigned = self.assigned.iter().find(|assigned| assigned.meaning == meaning);
        assigned.map(|assigned| assigned.column.as_str())
    }

    /// The meanings that a column is read for in its own place.
    pub(super) fn meanings<'m>(&'m self, column: &'m str) -> impl Iterator<Item = MeaningKey> + 'm {
        let of_column = self.assigned.iter().filter(move |assigned| assigned.column == column);
        of_column
            .map(|assigned| assigned.meaning)
            .filter(|meaning| meaning.is_tri() || !self.is_derived(*meaning))
    }

    fn is_derived(&self, meaning: MeaningKey) -> bool {
        self.derived.iter().any(|derived| derived.meaning == meaning)
    }

    /// All for the report: the file's columns, then the derived ones.
    pub(super) fn all(&self) -> impl Iterator<Item = Assigned> {
        self.assigned
            .iter()
            .cloned()
            .chain(self.derived.iter().map(Derived::assigned))
    }

    /// The same for the manifest.
    pub(super) fn to_manifest(&self) -> Meaning {
        let mut meaning = Meaning::default();
        // A derived column stands for its meaning in the place of the one it was read from.
        for Assigned {
            meaning: key, column, ..
        } in self.all()
        {
            match key {
                MeaningKey::Attribute(attribute) => drop(meaning.columns.insert(attribute, column)),
                MeaningKey::Suits(kind) => drop(meaning.suits.insert(kind, column)),
                MeaningKey::Facility(facility) => drop(meaning.facilities.insert(facility, column)),
                _ => {}
            }
        }
        let name = |key| {
            self.column(key)
                .or_else(|| self.column(MeaningKey::Name))
                .map(str::to_owned)
        };
        meaning.name = match (name(MeaningKey::NameZh), name(MeaningKey::NameEn)) {
            (Some(zh), Some(en)) if zh != en => Some(NameColumns::Both { zh, en }),
            (Some(one), _) | (None, Some(one)) => Some(NameColumns::One(one)),
            (None, None) => None,
        };
        meaning
    }
}
