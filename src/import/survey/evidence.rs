//! What the values of a column say about its meaning: counts and single examples, never the values.

use std::collections::BTreeMap;

use crate::{
    catalog::{Attribute, RawValue, Tri},
    import::{
        MeaningKey,
        cells::{self, Dimension, Quantity, Unit},
        normal::is_unspaced,
        words::Listed,
    },
};

/// As many different words that are not understood are remembered.
const STRANGERS: usize = 32;

/// What of a column reads as numbers.
#[derive(Debug)]
pub(in crate::import) struct NumberSurvey {
    /// Numbers by the dimension of their unit, with the first of each.
    counts: [u64; Dimension::COUNT],
    examples: [Option<String>; Dimension::COUNT],
    /// Values that are no numbers, and the first.
    strangers: u64,
    stranger: Option<String>,
    /// Numbers below zero, and the first.
    negative: u64,
    negative_example: Option<String>,
    /// Numbers said to be about so many, and the first.
    pub(in crate::import) approximate: u64,
    pub(in crate::import) approximate_example: Option<String>,
    /// Numbers in another unit than ours.
    pub(in crate::import) converted: u64,
    /// Whether all are whole, units applied.
    pub(in crate::import) are_whole: bool,
}

impl Default for NumberSurvey {
    fn default() -> Self {
        Self {
            counts: [0; Dimension::COUNT],
            examples: Default::default(),
            strangers: 0,
            stranger: None,
            negative: 0,
            negative_example: None,
            approximate: 0,
            approximate_example: None,
            converted: 0,
            are_whole: true,
        }
    }
}

impl NumberSurvey {
    /// Counts a value; `false` where it is no number.
    pub(super) fn add(&mut self, value: &RawValue<'_>, text: &str) -> bool {
        let Some(number) = cells::number(value) else {
            return false;
        };
        let dimension = number.dimension as usize;
        self.counts[dimension] += 1;
        self.examples[dimension].get_or_insert_with(|| text.to_owned());
        if number.value < 0.0 {
            self.negative += 1;
            self.negative_example.get_or_insert_with(|| text.to_owned());
        }
        if number.is_approximate {
            self.approximate += 1;
            self.approximate_example.get_or_insert_with(|| text.to_owned());
        }
        self.converted += u64::from(number.is_converted);
        self.are_whole &= number.value.fract() == 0.0 && number.value.abs() < 1e15;
        true
    }

    pub(super) fn add_stranger(&mut self, text: &str) {
        self.strangers += 1;
        self.stranger.get_or_insert_with(|| text.to_owned());
    }

    /// All numbers.
    pub(in crate::import) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many values cannot be a quantity, and one of them.
    pub(in crate::import) fn misfits(&self, quantity: Quantity, header: Option<Unit>) -> Option<(u64, &str)> {
        const ALL: [Dimension; Dimension::COUNT] = [
            Dimension::None,
            Dimension::Persons,
            Dimension::Area,
            Dimension::Length,
            Dimension::Households,
        ];
        let mut count = self.strangers;
        let mut example = self.stranger.as_deref();
        for dimension in ALL.into_iter().filter(|dimension| !quantity.takes(*dimension, header)) {
            count += self.counts[dimension as usize];
            example = example.or(self.examples[dimension as usize].as_deref());
        }
        if !quantity.may_be_negative() {
            count += self.negative;
            example = example.or(self.negative_example.as_deref());
        }
        example.map(|example| (count, example))
    }
}

/// What a column's values are looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watched {
    Phones,
    Codes,
    Times,
    Names,
}

impl Watched {
    const fn of(meaning: MeaningKey) -> Option<Self> {
        match meaning {
            MeaningKey::Attribute(Attribute::Phone) => Some(Self::Phones),
            MeaningKey::Attribute(Attribute::AdminCode) => Some(Self::Codes),
            MeaningKey::Name => Some(Self::Names),
            meaning if meaning.is_time() => Some(Self::Times),
            _ => None,
        }
    }
}

/// What is counted for the meanings that a column may have.
#[derive(Debug, Default)]
pub(in crate::import) struct Evidence {
    watched: Vec<Watched>,
    /// Values made like telephone numbers.
    pub(in crate::import) phones: u64,
    /// Values made like codes of administrative areas.
    pub(in crate::import) codes: u64,
    /// Values that are days or times.
    pub(in crate::import) times: u64,
    /// Of these, those not written as RFC 3339 does.
    pub(in crate::import) rewritten_times: u64,
    /// The first value that is none.
    pub(in crate::import) no_time: Option<String>,
    /// Values with Han or kana.
    pub(in crate::import) unspaced: u64,
    /// What cells list.
    pub(in crate::import) list: Option<ListSurvey>,
}

impl Evidence {
    /// Looks for what the meanings need.
    pub(super) fn new(meanings: &[MeaningKey]) -> Self {
        Self {
            watched: meanings.iter().filter_map(|meaning| Watched::of(*meaning)).collect(),
            list: meanings
                .iter()
                .find_map(|meaning| meaning.listed())
                .map(ListSurvey::new),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, text: &str) {
        for watched in &self.watched {
            match watched {
                Watched::Phones => self.phones += u64::from(cells::is_phone(text)),
                Watched::Codes => self.codes += u64::from(cells::is_admin_code(text)),
                Watched::Names => self.unspaced += u64::from(text.chars().any(is_unspaced)),
                Watched::Times if cells::is_placeholder(text) => {}
                Watched::Times => match cells::date(text) {
                    Some(time) => {
                        self.times += 1;
                        self.rewritten_times += u64::from(time != text);
                    }
                    None => drop(self.no_time.get_or_insert_with(|| text.to_owned())),
                },
            }
        }
        if let Some(list) = &mut self.list {
            list.add(text);
        }
    }
}

/// What the cells of a column list.
#[derive(Debug)]
pub(in crate::import) struct ListSurvey {
    /// Hazard kinds or facilities.
    pub(in crate::import) listed: Listed,
    /// Every meaning that some cell speaks of.
    pub(in crate::import) meanings: BTreeMap<MeaningKey, u64>,
    /// Cells of which something was understood.
    pub(in crate::import) understood: u64,
    /// Cells with words that were not, and the different ones, the first of them, with how often they stand.
    pub(in crate::import) in_doubt: u64,
    pub(in crate::import) strangers: BTreeMap<String, u64>,
}

impl ListSurvey {
    const fn new(listed: Listed) -> Self {
        Self {
            listed,
            meanings: BTreeMap::new(),
            understood: 0,
            in_doubt: 0,
            strangers: BTreeMap::new(),
        }
    }

    fn add(&mut self, text: &str) {
        let cell = cells::list(self.listed, text);
        self.understood += u64::from(!cell.said.is_empty() || cell.says_none);
        self.in_doubt += u64::from(!cell.strangers.is_empty());
        for (meaning, said) in &cell.said {
            *self.meanings.entry(*meaning).or_default() += u64::from(*said == Tri::Yes);
        }
        for word in cell.strangers {
            if let Some(count) = self.strangers.get_mut(&word) {
                *count += 1;
            } else if self.strangers.len() < STRANGERS {
                self.strangers.insert(word, 1);
            }
        }
    }
}
