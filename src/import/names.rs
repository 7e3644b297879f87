//! What the name of a column says about its meaning.
//!
//! Owns the vocabulary of column names and its grammar: a name is understood only where every part of it is, such as
//! `可收容人數(人)` = 可 + 收容人數 + a unit, or `避難所_名称` = 避難所 + 名称. `管理人電話` has a part that no rule knows, so
//! it means nothing to us: a wrong meaning is worse than none. What the values say is [`super::mapping`]'s part.

mod grammar;
mod parts;
mod vocabulary;

use self::{grammar::Rule, parts::ColumnName};
use super::{MeaningKey, words};
use crate::catalog::{Attribute, Facility, HazardKind, Role};

/// A meaning that a column's name suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The meaning.
    pub(super) meaning: MeaningKey,
    /// How telling the name is; comparable within one meaning and role.
    pub(super) score: u32,
}

/// Every meaning that a column's name suggests for a role.
pub(super) fn candidates(column: &str, role: Role) -> Vec<Candidate> {
    let name = ColumnName::new(column);
    let mut found: Vec<Candidate> = Vec::new();
    for (meaning, rule) in vocabulary::rules().filter(|(meaning, _)| meaning.fits(role)) {
        found.extend(rule.score(&name, role).map(|score| Candidate { meaning, score }));
    }
    let suits = HazardKind::ALL.iter().map(|kind| MeaningKey::Suits(*kind));
    let facilities = Facility::ALL.iter().map(|facility| MeaningKey::Facility(*facility));
    for meaning in suits.chain(facilities).filter(|meaning| meaning.fits(role)) {
        found.extend(flag_score(&name, meaning, role).map(|score| Candidate { meaning, score }));
    }
    if name.may_be_cut && found.is_empty() {
        found.extend(cut(&name, role));
    }
    found
}

/// How telling a name is for a column of yes and no; a word of several kinds less than one of its own.
fn flag_score(name: &ColumnName, meaning: MeaningKey, role: Role) -> Option<u32> {
    let scores = words::words(meaning).into_iter().filter_map(|(word, kinds)| {
        let cores = [(word, if kinds > 1 { 2 } else { 3 })];
        Rule {
            cores: &cores,
            ..vocabulary::flag(meaning)
        }
        .score(name, role)
    });
    scores.max()
}

/// The one meaning whose names begin like a name that was cut short, as in Shapefiles (10 bytes).
fn cut(name: &ColumnName, role: Role) -> Option<Candidate> {
    let mut whole = vocabulary::rules()
        .filter(|(meaning, _)| meaning.fits(role))
        .filter_map(|(meaning, rule)| {
            Some(Candidate {
                meaning,
                score: rule.score_cut(name, role)?,
            })
        });
    let only = whole.next()?;
    whole.all(|other| other.meaning == only.meaning).then_some(only)
}

/// Whether a column may be proposed as the id.
pub(super) fn is_id(column: &str, role: Role) -> bool {
    let id = MeaningKey::Attribute(Attribute::Id);
    candidates(column, role).iter().any(|candidate| candidate.meaning == id)
}

/// Whether a column's name speaks of levels, which says nothing about their order.
pub(super) fn is_level(column: &str) -> bool {
    let name = ColumnName::new(column);
    vocabulary::LEVELS.iter().any(|word| name.has_word(word))
}

#[cfg(test)]
mod tests;
