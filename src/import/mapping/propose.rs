//! Proposals: the most telling name whose values do not contradict it.

use std::collections::BTreeMap;

use super::{How, MeaningKey};
use crate::{
    catalog::{Attribute, RawValue, Role},
    import::{
        Finding, cells,
        cells::Quantity,
        survey::{ColumnSurvey, Survey},
    },
};

type Chosen = BTreeMap<MeaningKey, Option<(String, How)>>;

/// Proposals for one file.
pub(super) struct Proposals<'a> {
    survey: &'a Survey,
    role: Role,
    /// Why a column was not taken.
    pub(super) findings: Vec<Finding>,
}

impl<'a> Proposals<'a> {
    pub(super) const fn new(survey: &'a Survey, role: Role) -> Self {
        Self {
            survey,
            role,
            findings: Vec::new(),
        }
    }

    /// Chooses a column for every meaning that has none and was not taken back.
    pub(super) fn fill(&mut self, chosen: &mut Chosen) {
        let candidates = self.survey.columns.iter().flat_map(|column| &column.candidates);
        let mut meanings: Vec<MeaningKey> = candidates.map(|candidate| candidate.meaning).collect();
        meanings.sort();
        meanings.dedup();
        for meaning in meanings {
            if chosen.contains_key(&meaning) {
                continue;
            }
            match self.best(meaning, chosen).as_slice() {
                [] => {}
                [only] => drop(chosen.insert(meaning, Some((only.name.clone(), How::Proposed)))),
                [one, other] if meaning == MeaningKey::Name && are_two_languages(one, other, chosen) => {}
                several => {
                    let several: Vec<&str> = several.iter().map(|column| column.name.as_str()).collect();
                    self.findings.push(ambiguous(meaning, &several));
                }
            }
        }
        // A name in both languages is one column or two, not three.
        let is_proposed = matches!(chosen.get(&MeaningKey::Name), Some(Some((_, How::Proposed))));
        if chosen.get(&MeaningKey::NameZh).is_some_and(Option::is_some) && is_proposed {
            chosen.remove(&MeaningKey::Name);
        }
    }

    /// The columns with the most telling name of those that fit; several where they are equally good.
    fn best(&mut self, meaning: MeaningKey, chosen: &Chosen) -> Vec<&'a ColumnSurvey> {
        let is_taken = |column: &ColumnSurvey| {
            let others = chosen.iter().filter(|(other, _)| !other.is_tri() && !meaning.is_tri());
            others
                .filter_map(|(_, choice)| choice.as_ref())
                .any(|(name, _)| *name == column.name)
        };
        let mut candidates: Vec<(u32, &ColumnSurvey)> = Vec::new();
        for column in self.survey.columns.iter().filter(|column| !is_taken(column)) {
            let of_meaning = column
                .candidates
                .iter()
                .filter(|candidate| candidate.meaning == meaning);
            candidates.extend(of_meaning.map(|candidate| (candidate.score, column)));
        }
        // Stable: in file order among equals.
        candidates.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let mut best: Vec<(u32, &ColumnSurvey)> = Vec::new();
        for (score, column) in candidates {
            if best.first().is_some_and(|(best, _)| *best > score) {
                break;
            }
            match misfit(self.survey, self.role, meaning, column) {
                None => best.push((score, column)),
                Some(reason) if is_worth_telling(meaning, score) => {
                    self.findings.push(not_taken(meaning, &column.name, &reason));
                }
                Some(_) => {}
            }
        }
        best.into_iter().map(|(_, column)| column).collect()
    }
}

/// `名稱` and `Name` side by side are the Chinese and the English name, where no value of the second is Chinese.
fn are_two_languages(one: &ColumnSurvey, other: &ColumnSurvey, chosen: &mut Chosen) -> bool {
    let (zh, en) = match (one.name.is_ascii(), other.name.is_ascii()) {
        (false, true) => (one, other),
        (true, false) => (other, one),
        _ => return false,
    };
    let is_free = [MeaningKey::NameZh, MeaningKey::NameEn]
        .iter()
        .all(|key| !chosen.contains_key(key));
    let is_foreign = en.evidence.unspaced == 0 && en.known > 0 && zh.evidence.unspaced > 0;
    if is_free && is_foreign {
        chosen.insert(MeaningKey::NameZh, Some((zh.name.clone(), How::Proposed)));
        chosen.insert(MeaningKey::NameEn, Some((en.name.clone(), How::Proposed)));
    }
    is_free && is_foreign
}

/// Whether people would have expected the column to be taken: general words such as `type` are not told.
fn is_worth_telling(meaning: MeaningKey, score: u32) -> bool {
    meaning.is_tri() || score >= 360
}

fn ambiguous(meaning: MeaningKey, columns: &[&str]) -> Finding {
    let list = columns
        .iter()
        .map(|column| format!("`{column}`"))
        .collect::<Vec<_>>()
        .join(" and ");
    Finding::warning(
        "ambiguous_columns",
        format!(
            "{list} could each be the {meaning}; none is taken: --map '{meaning}={}' takes one",
            columns[0]
        ),
    )
}

fn not_taken(meaning: MeaningKey, column: &str, reason: &str) -> Finding {
    Finding::note(
        "column_not_taken",
        format!(
            "column `{column}` is not taken as {meaning}: {reason}; --map '{meaning}={column}' takes it and refuses such rows"
        ),
    )
}

/// Why the values of a column cannot have a meaning.
fn misfit(survey: &Survey, role: Role, meaning: MeaningKey, column: &ColumnSurvey) -> Option<String> {
    let real = column.real();
    let of_values = |fits: &dyn Fn(&str) -> bool| match &column.values {
        None => Some("it has many different values".to_owned()),
        Some(values) => {
            let stranger = values.keys().find(|value| !fits(value))?;
            Some(format!("`{stranger}` is none of its words"))
        }
    };
    let half = |fitting: u64, what: &str| {
        (fitting * 2 < real).then(|| format!("only {fitting} of its {real} values look like {what}"))
    };
    let is_tri = |value: &str| cells::tri(&RawValue::Text(value.into())).is_some();
    match meaning {
        MeaningKey::Attribute(Attribute::Id) => {
            let repeated = column.repeated().unwrap_or_default();
            let blank = survey.readable - column.known;
            match (repeated, blank) {
                (0, 0) => None,
                (_, 0) => Some(format!("{repeated} of its values are repeated")),
                (0, _) => Some(format!("{blank} rows have none")),
                _ => Some(format!(
                    "{repeated} of its values are repeated and {blank} rows have none"
                )),
            }
        }
        MeaningKey::Attribute(attribute) if attribute.is_number() => {
            let quantity = Quantity::of(attribute);
            let (count, stranger) = column.numbers.misfits(quantity, cells::header_unit(&column.name))?;
            Some(format!(
                "{count} of its {real} values are not {}, such as `{stranger}`",
                quantity.as_str()
            ))
        }
        MeaningKey::Attribute(attribute) if attribute.words().is_some() => {
            of_values(&|value| cells::word(attribute, value).is_some() || cells::is_placeholder(value))
        }
        key if key.is_tri() => of_values(&is_tri),
        key if key.is_time() => {
            let stranger = column.evidence.no_time.as_ref()?;
            Some(format!(
                "{} of its {real} values are no days, such as `{stranger}`",
                real - column.evidence.times
            ))
        }
        MeaningKey::Attribute(Attribute::Phone) => half(column.evidence.phones, "telephone numbers"),
        MeaningKey::Attribute(Attribute::AdminCode) => half(column.evidence.codes, "codes of areas"),
        MeaningKey::SuitsList | MeaningKey::FacilityList => {
            let list = column.evidence.list.as_ref()?;
            half(list.understood, "a list of kinds that are known here")
        }
        MeaningKey::Name | MeaningKey::NameZh | MeaningKey::NameEn | MeaningKey::Attribute(Attribute::Address) => {
            let is_number = real > 0 && column.numbers.total() == real && role != Role::Road;
            let is_flag = column
                .values
                .as_ref()
                .is_some_and(|values| real > 0 && values.keys().all(|value| is_tri(value)));
            (is_number || is_flag).then(|| "its values are numbers or flags".to_owned())
        }
        _ => None,
    }
}
