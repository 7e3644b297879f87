//! The values of one column, counted.
//!
//! The most frequent values of a column with many different ones are found as J. Misra and D. Gries do ("Finding
//! repeated elements", 1982): a value that makes up more than one in [`REMEMBERED`] of the known ones is never missed,
//! and its count is then a lower bound.

use std::{collections::HashMap, hash::BuildHasherDefault};

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::{Field, FieldKind, Hashed, RawValue, Value};

/// As many different values of a column are remembered.
const REMEMBERED: usize = 1_000;
/// Frequent values told.
const FREQUENT: usize = 5;
/// Values told as samples.
const SAMPLES: usize = 3;
/// Characters of a value that are shown.
const SHOWN_CHARS: usize = 60;

/// A number as its column holds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// Of a column of integers.
    Int(i64),
    /// Of a column of numbers.
    Float(f64),
}

impl Number {
    pub(in crate::import) fn as_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// A value and how often it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frequent {
    /// The value as people write it, its first characters where it is long.
    pub value: String,
    /// How often it stands; at least so often where the column has more different values than are remembered.
    pub count: u64,
}

/// What stands in a column of the layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnStatistics {
    /// The column's name.
    pub column: String,
    /// Its type.
    pub kind: FieldKind,
    /// Features with a value.
    pub known: u64,
    /// Features without one.
    pub blank: u64,
    /// Different values.
    pub distinct: u64,
    /// Whether there are more different values than `distinct`, which is then as many as are remembered.
    pub more_distinct: bool,
    /// The least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// The mean of the numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// The most frequent values that stand more than once, most frequent first.
    pub frequent: Vec<Frequent>,
    /// The first different values in the order of the file in the pack.
    pub samples: Vec<String>,
}

/// A column while its values are coming in.
pub(super) struct Tally {
    field: Field,
    known: u64,
    blank: u64,
    counters: HashMap<u64, Frequent, BuildHasherDefault<Hashed>>,
    overflowed: bool,
    range: Option<(Number, Number)>,
    mean: f64,
    samples: Vec<String>,
}

impl Tally {
    pub(super) fn new(field: Field) -> Self {
        Self {
            field,
            known: 0,
            blank: 0,
            counters: HashMap::default(),
            overflowed: false,
            range: None,
            mean: 0.0,
            samples: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, value: Option<&RawValue<'_>>) {
        let Some(value) = value.filter(|value| !value.is_blank()) else {
            self.blank += 1;
            return;
        };
        self.known += 1;
        match value.as_value() {
            Value::Int(number) => self.add_number(Number::Int(number)),
            Value::Float(number) => self.add_number(Number::Float(number)),
            Value::Bool(_) | Value::Text(_) => {}
        }
        let hash = hash_of(value);
        if let Some(counter) = self.counters.get_mut(&hash) {
            counter.count += 1;
        } else if self.counters.len() < REMEMBERED {
            let shown: String = value.to_text().chars().take(SHOWN_CHARS).collect();
            if self.samples.len() < SAMPLES && !self.overflowed {
                self.samples.push(shown.clone());
            }
            self.counters.insert(hash, Frequent { value: shown, count: 1 });
        } else {
            self.overflowed = true;
            self.counters.retain(|_, counter| {
                counter.count -= 1;
                counter.count > 0
            });
        }
    }

    fn add_number(&mut self, number: Number) {
        let (least, greatest) = self.range.unwrap_or((number, number));
        self.range = Some((
            if number.as_f64() < least.as_f64() {
                number
            } else {
                least
            },
            if number.as_f64() > greatest.as_f64() {
                number
            } else {
                greatest
            },
        ));
        // A running mean: a sum of millions would lose digits.
        self.mean += (number.as_f64() - self.mean) / self.known as f64;
    }

    pub(super) fn finish(self) -> ColumnStatistics {
        let distinct = if self.overflowed {
            REMEMBERED
        } else {
            self.counters.len()
        };
        let mut frequent: Vec<Frequent> = self
            .counters
            .into_values()
            .filter(|counter| counter.count > 1)
            .collect();
        frequent.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
        frequent.truncate(FREQUENT);
        ColumnStatistics {
            column: self.field.name,
            kind: self.field.kind,
            known: self.known,
            blank: self.blank,
            distinct: distinct as u64,
            more_distinct: self.overflowed,
            min: self.range.map(|(least, _)| least),
            max: self.range.map(|(_, greatest)| greatest),
            mean: self.range.map(|_| self.mean),
            frequent,
            samples: self.samples,
        }
    }
}

/// Equal values have equal hashes; numbers are not written out for it.
fn hash_of(value: &RawValue<'_>) -> u64 {
    match value.as_value() {
        Value::Bool(value) => xxh3_64(&[u8::from(value)]),
        Value::Int(value) => xxh3_64(&value.to_le_bytes()),
        Value::Float(value) => xxh3_64(&(value + 0.0).to_le_bytes()),
        Value::Text(text) => xxh3_64(text.trim().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn statistics(kind: FieldKind, values: impl IntoIterator<Item = Option<RawValue<'static>>>) -> ColumnStatistics {
        let name = "c".to_owned();
        let mut tally = Tally::new(Field { name, kind });
        for value in values {
            tally.add(value.as_ref());
        }
        tally.finish()
    }

    #[test]
    fn numbers_have_a_range_and_a_mean_and_blank_is_no_value() {
        let values = [Some(3), None, Some(-1), Some(3), Some(7)];
        let found = statistics(FieldKind::Int, values.map(|value| value.map(RawValue::Int)));
        assert_eq!(
            (found.known, found.blank, found.distinct, found.more_distinct),
            (4, 1, 3, false)
        );
        assert_eq!(
            (found.min, found.max, found.mean),
            (Some(Number::Int(-1)), Some(Number::Int(7)), Some(3.0))
        );
        assert_eq!(
            found.frequent,
            [Frequent {
                value: "3".to_owned(),
                count: 2
            }]
        );
        assert_eq!(found.samples, ["3", "-1", "7"]);
    }

    #[test]
    fn text_of_white_space_is_blank() {
        let values = [" 甲 ", "甲", "  "].map(|text| Some(RawValue::Text(text.into())));
        let found = statistics(FieldKind::Text, values);
        assert_eq!((found.known, found.blank, found.distinct, found.min), (2, 1, 1, None));
    }

    #[test]
    fn a_value_in_every_hundred_is_never_missed() {
        let values = (0..200_000_i64).map(|row| Some(RawValue::Int(if row % 100 == 7 { -1 } else { row })));
        let found = statistics(FieldKind::Int, values);
        assert_eq!((found.distinct, found.more_distinct), (1_000, true));
        let count = found
            .frequent
            .iter()
            .find(|frequent| frequent.value == "-1")
            .unwrap()
            .count;
        assert!((1_800..=2_000).contains(&count), "{count}");
    }

    proptest! {
        #[test]
        fn few_values_are_counted_exactly(values in vec(0_i64..40, 1..300)) {
            let mut counts = BTreeMap::new();
            for value in &values {
                *counts.entry(*value).or_insert(0_u64) += 1;
            }
            let found = statistics(FieldKind::Int, values.iter().map(|value| Some(RawValue::Int(*value))));
            prop_assert_eq!(found.distinct, counts.len() as u64);
            for frequent in &found.frequent {
                prop_assert_eq!(counts[&frequent.value.parse::<i64>().unwrap()], frequent.count);
            }
            let most = counts.values().copied().max().unwrap();
            prop_assert_eq!(found.frequent.first().map_or(1, |frequent| frequent.count), most);
        }
    }
}
