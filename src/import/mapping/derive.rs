//! Columns that are added beside those they are read from, so that nothing of the file is lost by being understood.

use super::{Assigned, How, Mapping, MeaningKey};
use crate::{
    catalog::{Attribute, Tri},
    import::{
        Finding,
        cells::{self, Quantity, Unit},
        survey::{ColumnSurvey, Survey},
    },
};

/// As many words that were not understood are told.
const SHOWN: usize = 8;

/// A column that is added.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) struct Derived {
    /// What it means.
    pub(in crate::import) meaning: MeaningKey,
    /// Its name; no column of the file has it.
    pub(in crate::import) name: String,
    /// What it is read from.
    pub(in crate::import) origin: Origin,
}

/// What a derived column is read from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Origin {
    /// A column that lists things, and the column of yes and no of the same meaning, whose word counts more.
    List {
        /// The column that lists.
        column: String,
        /// The column of yes and no.
        flag: Option<String>,
    },
    /// A column of numbers that are not written plainly.
    Number {
        /// The column.
        column: String,
        /// What its numbers are.
        quantity: Quantity,
        /// The unit in its name.
        header: Option<Unit>,
        /// Whether all values are whole.
        are_whole: bool,
    },
    /// A column of days that are not written as RFC 3339 does.
    Time {
        /// The column.
        column: String,
    },
}

impl Derived {
    pub(super) fn assigned(&self) -> Assigned {
        let from = match &self.origin {
            Origin::List { column, flag } => std::iter::once(column).chain(flag).cloned().collect(),
            Origin::Number { column, .. } | Origin::Time { column } => vec![column.clone()],
        };
        Assigned {
            meaning: self.meaning,
            column: self.name.clone(),
            how: How::Derived,
            from,
        }
    }
}

/// Adds the columns that the mapping needs, and the findings about them.
pub(super) fn derive(mapping: &mut Mapping, survey: &Survey) {
    for assigned in mapping.assigned.clone() {
        let Some(column) = survey.column(&assigned.column) else {
            continue;
        };
        match assigned.meaning {
            meaning if meaning.listed().is_some() => derive_list(mapping, survey, meaning, column),
            MeaningKey::Attribute(attribute) if attribute.is_number() => {
                derive_number(mapping, survey, attribute, column);
            }
            meaning if meaning.is_time() && column.evidence.rewritten_times > 0 => {
                let column = column.name.clone();
                add(mapping, survey, meaning, &meaning.to_string(), Origin::Time { column });
            }
            _ => {}
        }
    }
}

fn add(mapping: &mut Mapping, survey: &Survey, meaning: MeaningKey, name: &str, origin: Origin) {
    mapping.derived.push(Derived {
        meaning,
        name: survey.free_name(name),
        origin,
    });
}

fn derive_list(mapping: &mut Mapping, survey: &Survey, meaning: MeaningKey, column: &ColumnSurvey) {
    let Some(list) = &column.evidence.list else {
        return;
    };
    for spoken_of in list.meanings.keys() {
        // Somebody who took a meaning back does not get it from the list.
        if mapping.taken_back.contains(spoken_of) {
            continue;
        }
        let origin = Origin::List {
            column: column.name.clone(),
            flag: mapping.column(*spoken_of).map(str::to_owned),
        };
        let name = spoken_of.to_string().replace('.', "_");
        add(mapping, survey, *spoken_of, &name, origin);
    }
    if list.in_doubt > 0 {
        let words = list
            .strangers
            .iter()
            .take(SHOWN)
            .map(|(word, count)| format!("`{word}` ({count})"));
        let more = if list.strangers.len() > SHOWN {
            " and others"
        } else {
            ""
        };
        let message = format!(
            "words in `{2}` that say nothing about {meaning} here, in {0} of {1} cells: {3}{more}; nothing is concluded from \
             them, and they stay in the column",
            list.in_doubt,
            column.known,
            column.name,
            words.collect::<Vec<_>>().join(", ")
        );
        mapping.findings.push(Finding::note("words_not_understood", message));
    }
}

fn derive_number(mapping: &mut Mapping, survey: &Survey, attribute: Attribute, column: &ColumnSurvey) {
    let header = cells::header_unit(&column.name);
    let factor = header.map_or(1.0, |unit| unit.factor);
    let numbers = &column.numbers;
    let meaning = MeaningKey::Attribute(attribute);
    if let Some(example) = &numbers.approximate_example {
        let message = format!(
            "approximate values in `{1}`: {0}, such as `{example}`; they are read as the number that stands there",
            numbers.approximate, column.name
        );
        mapping.findings.push(Finding::note("approximate_numbers", message));
    }
    let has_others = mapping
        .assigned
        .iter()
        .filter(|assigned| assigned.column == column.name)
        .count()
        > 1;
    if numbers.approximate == 0 && numbers.converted == 0 && factor == 1.0 && !has_others {
        return;
    }
    let quantity = Quantity::of(attribute);
    let name = match (attribute, quantity) {
        (Attribute::EffectiveArea, _) => "effective_area_m2".to_owned(),
        (Attribute::Elevation, _) => "elevation_m".to_owned(),
        _ => attribute.to_string(),
    };
    let origin = Origin::Number {
        column: column.name.clone(),
        quantity,
        header,
        are_whole: numbers.are_whole && factor.fract() == 0.0,
    };
    add(mapping, survey, meaning, &name, origin);
}

/// Rows where a column of yes and no and a list say different things.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::import) struct Clash {
    /// How many.
    pub(in crate::import) count: u64,
    /// The first.
    pub(in crate::import) first_row: u64,
}

/// The finding about a clash.
pub(in crate::import) fn clash_finding(derived: &Derived, clash: Clash) -> Option<Finding> {
    let Origin::List {
        column,
        flag: Some(flag),
    } = &derived.origin
    else {
        return None;
    };
    let message = format!(
        "rows where `{flag}` and `{column}` say different things about {1}: {0}, first row {2}; `{flag}` is believed",
        clash.count, derived.meaning, clash.first_row
    );
    (clash.count > 0).then(|| Finding::warning("flag_against_list", message))
}

/// What a flag and a list say together: the flag where it says anything.
pub(in crate::import) const fn together(flag: Tri, listed: Tri) -> (Tri, bool) {
    match (flag, listed) {
        (Tri::Unknown, listed) => (listed, false),
        (flag, Tri::Unknown) => (flag, false),
        (flag, listed) => (flag, flag as u8 != listed as u8),
    }
}
