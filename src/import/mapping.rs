//! Which column means what.

use std::{
    collections::BTreeMap,
    fmt::{Display, Formatter, Result as FmtResult},
    str::FromStr,
};

use serde::Serialize;

use super::{
    Finding, ImportError, cells, names,
    survey::{ColumnSurvey, Survey},
};
use crate::catalog::{Attribute, Facility, HazardKind, Meaning, NameColumns, RawValue, Role};

/// A meaning as it is written on the command line and in `[layer.attributes]`: `capacity`, `name.zh`, `suits.flood`,
/// `facilities.toilets`, and `lon`, `lat` for the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeaningKey {
    /// Longitude; read by the reader.
    Lon,
    /// Latitude; read by the reader.
    Lat,
    /// The name in both languages.
    Name,
    /// The Chinese name.
    NameZh,
    /// The English name.
    NameEn,
    /// Any meaning with one column.
    Attribute(Attribute),
    /// Suitability for a hazard kind.
    Suits(HazardKind),
    /// A facility.
    Facility(Facility),
}

/// A word that is no meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{word}` is no meaning; known are lon, lat, name, name.zh, name.en, suits.KIND, facilities.FACILITY and {known}"
)]
pub struct UnknownMeaning {
    /// What was given.
    pub word: String,
    /// The other words there are.
    pub known: String,
}

impl FromStr for MeaningKey {
    type Err = UnknownMeaning;

    fn from_str(text: &str) -> Result<Self, UnknownMeaning> {
        let unknown = || UnknownMeaning {
            word: text.to_owned(),
            known: Attribute::ALL
                .iter()
                .map(|attribute| attribute.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        };
        Ok(match text {
            "lon" => Self::Lon,
            "lat" => Self::Lat,
            "name" => Self::Name,
            "name.zh" => Self::NameZh,
            "name.en" => Self::NameEn,
            _ => match text.split_once('.') {
                Some(("suits", kind)) => Self::Suits(kind.parse().ok().ok_or_else(unknown)?),
                Some(("facilities", facility)) => Self::Facility(facility.parse().ok().ok_or_else(unknown)?),
                _ => Self::Attribute(text.parse().ok().ok_or_else(unknown)?),
            },
        })
    }
}

impl Display for MeaningKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self {
            Self::Lon => f.write_str("lon"),
            Self::Lat => f.write_str("lat"),
            Self::Name => f.write_str("name"),
            Self::NameZh => f.write_str("name.zh"),
            Self::NameEn => f.write_str("name.en"),
            Self::Attribute(attribute) => f.write_str(attribute.as_str()),
            Self::Suits(kind) => write!(f, "suits.{kind}"),
            Self::Facility(facility) => write!(f, "facilities.{facility}"),
        }
    }
}

impl Serialize for MeaningKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl MeaningKey {
    fn fits(self, role: Role) -> bool {
        match self {
            Self::Lon | Self::Lat | Self::Name | Self::NameZh | Self::NameEn => true,
            Self::Attribute(attribute) => attribute.fits(role),
            Self::Suits(_) | Self::Facility(_) => role == Role::Shelter,
        }
    }

    /// Whether a column of this meaning holds yes, no or unknown.
    pub(super) const fn is_tri(self) -> bool {
        matches!(self, Self::Suits(_) | Self::Facility(_))
    }
}

/// How a meaning got its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Said by the user.
    Given,
    /// Proposed by the column's name.
    Proposed,
    /// Added: the number of the row in the imported file.
    Numbered,
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
}

/// All meanings of a file's columns.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    /// What means what, in the order of [`MeaningKey`].
    pub(super) assigned: Vec<Assigned>,
    /// Why a column with a well-known name was not taken.
    pub(super) findings: Vec<Finding>,
}

impl Mapping {
    /// What the user gave, then what the names of the columns suggest. A blank column takes a proposal back.
    pub(super) fn new(survey: &Survey, role: Role, given: &[(MeaningKey, String)]) -> Result<Self, ImportError> {
        let mut chosen: BTreeMap<MeaningKey, Option<(String, How)>> = BTreeMap::new();
        for (meaning, column) in given {
            if !meaning.fits(role) {
                let meaning = meaning.to_string();
                return Err(ImportError::Unfit { role, meaning });
            }
            let is_position = matches!(meaning, MeaningKey::Lon | MeaningKey::Lat);
            if !column.is_empty() && !is_position && survey.find(column).is_none() {
                return Err(ImportError::NoColumn {
                    meaning: meaning.to_string(),
                    column: column.clone(),
                    columns: survey.names(),
                });
            }
            chosen.insert(*meaning, (!column.is_empty()).then(|| (column.clone(), How::Given)));
        }
        let mut findings = Vec::new();
        for (meaning, known) in names::known().filter(|(meaning, _)| meaning.fits(role)) {
            if !chosen.contains_key(&meaning)
                && let Some(column) = propose(survey, meaning, known, &mut findings)
            {
                chosen.insert(meaning, Some((column, How::Proposed)));
            }
        }
        // A name in both languages is one column or two, not three.
        if chosen.get(&MeaningKey::NameZh).is_some_and(Option::is_some) && is_proposed(&chosen, MeaningKey::Name) {
            chosen.remove(&MeaningKey::Name);
        }
        let assigned = chosen
            .into_iter()
            .filter_map(|(meaning, choice)| {
                let (column, how) = choice?;
                Some(Assigned { meaning, column, how })
            })
            .collect();
        Ok(Self { assigned, findings })
    }

    /// The column of a meaning.
    pub(super) fn column(&self, meaning: MeaningKey) -> Option<&str> {
        let assigned = self.assigned.iter().find(|assigned| assigned.meaning == meaning);
        assigned.map(|assigned| assigned.column.as_str())
    }

    /// The meanings of a column.
    pub(super) fn meanings<'m>(&'m self, column: &'m str) -> impl Iterator<Item = MeaningKey> + 'm {
        let of_column = self.assigned.iter().filter(move |assigned| assigned.column == column);
        of_column.map(|assigned| assigned.meaning)
    }

    /// The same for the manifest.
    pub(super) fn to_manifest(&self) -> Meaning {
        let mut meaning = Meaning::default();
        for Assigned {
            meaning: key, column, ..
        } in &self.assigned
        {
            let column = column.clone();
            match key {
                MeaningKey::Attribute(attribute) => drop(meaning.columns.insert(*attribute, column)),
                MeaningKey::Suits(kind) => drop(meaning.suits.insert(*kind, column)),
                MeaningKey::Facility(facility) => drop(meaning.facilities.insert(*facility, column)),
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

fn is_proposed(chosen: &BTreeMap<MeaningKey, Option<(String, How)>>, meaning: MeaningKey) -> bool {
    matches!(chosen.get(&meaning), Some(Some((_, How::Proposed))))
}

/// The first column whose name suggests the meaning and whose every value fits it.
fn propose(survey: &Survey, meaning: MeaningKey, known: &[&str], findings: &mut Vec<Finding>) -> Option<String> {
    let candidates = known.iter().flat_map(|name| {
        survey
            .columns
            .iter()
            .filter(move |column| names::matches(&column.name, name))
    });
    for column in candidates {
        match misfit(survey, meaning, column) {
            None => return Some(column.name.clone()),
            Some(reason) => findings.push(Finding::note(
                "column_not_taken",
                format!(
                    "column `{0}` is not taken as {meaning}: {reason}; --map '{meaning}={0}' takes it and refuses such \
                     rows",
                    column.name
                ),
            )),
        }
    }
    None
}

/// Why not every value of a column fits a meaning.
fn misfit(survey: &Survey, meaning: MeaningKey, column: &ColumnSurvey) -> Option<String> {
    let of_values = |fits: &dyn Fn(&str) -> bool| match &column.values {
        None => Some("it has many different values".to_owned()),
        Some(values) => {
            let stranger = values.keys().find(|value| !fits(value))?;
            Some(format!("`{stranger}` is none of its words"))
        }
    };
    match meaning {
        MeaningKey::Attribute(Attribute::Id) => {
            let repeated = column.repeated().unwrap_or_default();
            let blank = survey.rows - column.known;
            (repeated > 0 || blank > 0)
                .then(|| format!("{repeated} of its values are repeated and {blank} rows have none"))
        }
        MeaningKey::Attribute(attribute) if attribute.is_number() => {
            let stranger = column.no_number.as_ref()?;
            let count = column.known - column.numbers;
            Some(format!(
                "{count} of its {} values are no number, such as `{stranger}`",
                column.known
            ))
        }
        MeaningKey::Attribute(Attribute::Synthetic) => Some("only --map says what is made up".to_owned()),
        MeaningKey::Attribute(attribute) if attribute.words().is_some() => {
            of_values(&|value| cells::word(attribute, value).is_some())
        }
        key if key.is_tri() => of_values(&|value| cells::tri(&RawValue::Text(value.into())).is_some()),
        _ => None,
    }
}
