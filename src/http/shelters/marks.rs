//! Yes, no or unknown for every word of a vocabulary, as answers list them.
//!
//! Owns the objects as they were written before: a region's shelters have few different ones, an answer repeats them
//! with every shelter, and writing their words one by one would be a fifth of its work.

use std::{marker::PhantomData, sync::Arc};

use arc_swap::ArcSwapOption;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::catalog::{Facility, HazardKind, Tri};

/// The most words that a vocabulary here has: few enough for two bits each in [`Marks::packed`].
const MOST_WORDS: usize = 16;

/// The most objects of a vocabulary that are kept, of half a kilobyte each: marks that are all different gain nothing.
const MOST_KEPT: usize = 512;

const _: () = assert!(HazardKind::ALL.len() <= MOST_WORDS && Facility::ALL.len() <= MOST_WORDS);

/// A closed vocabulary whose words can be marked.
pub(super) trait Vocabulary: Copy + 'static {
    /// Its words, in the order of answers.
    const WORDS: &'static [Self];

    /// The word in answers.
    fn word(self) -> &'static str;

    /// What was written before.
    fn written() -> &'static Written;
}

macro_rules! marked {
    ($vocabulary:ty) => {
        impl Vocabulary for $vocabulary {
            const WORDS: &'static [Self] = Self::ALL;

            fn word(self) -> &'static str {
                self.as_str()
            }

            fn written() -> &'static Written {
                static WRITTEN: Written = Written(ArcSwapOption::const_empty());
                &WRITTEN
            }
        }
    };
}

marked!(HazardKind);
marked!(Facility);

/// Objects by their marks. Read without a lock.
pub(super) struct Written(ArcSwapOption<FxHashMap<u32, Arc<RawValue>>>);

impl Written {
    fn get(&self, packed: u32) -> Option<Arc<RawValue>> {
        self.0.load().as_ref()?.get(&packed).cloned()
    }

    /// Keeps an object for the next time. O(kept), and soon there is nothing new.
    fn keep(&self, packed: u32, object: &Arc<RawValue>) {
        self.0.rcu(|kept| {
            let mut kept = kept.as_deref().cloned().unwrap_or_default();
            if kept.len() < MOST_KEPT {
                kept.insert(packed, Arc::clone(object));
            }
            Some(Arc::new(kept))
        });
    }
}

/// A mark for each word of a vocabulary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<W> {
    marks: [Tri; MOST_WORDS],
    words: PhantomData<W>,
}

/// Marks in the order of the words; unknown where too few are given.
impl<W: Vocabulary> FromIterator<Tri> for Marks<W> {
    fn from_iter<I: IntoIterator<Item = Tri>>(given: I) -> Self {
        let mut marks = [Tri::Unknown; MOST_WORDS];
        for (place, mark) in marks.iter_mut().zip(given) {
            *place = mark;
        }
        Self {
            marks,
            words: PhantomData,
        }
    }
}

impl<W: Vocabulary> Marks<W> {
    /// Two bits a mark: equal for equal marks only.
    fn packed(&self) -> u32 {
        self.marks.iter().fold(0, |packed, mark| packed << 2 | *mark as u32)
    }

    /// The marks as a JSON object; `None` where it cannot be written, which the caller will find out again.
    fn object(&self) -> Option<Arc<RawValue>> {
        let packed = self.packed();
        W::written().get(packed).or_else(|| {
            let object: Arc<RawValue> = to_raw_value(&WordByWord(self)).ok()?.into();
            W::written().keep(packed, &object);
            Some(object)
        })
    }
}

impl<W: Vocabulary> Serialize for Marks<W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.object() {
            Some(object) => object.serialize(serializer),
            None => WordByWord(self).serialize(serializer),
        }
    }
}

/// Marks to be written anew.
struct WordByWord<'m, W>(&'m Marks<W>);

impl<W: Vocabulary> Serialize for WordByWord<'_, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(W::WORDS.iter().map(|word| word.word()).zip(&self.0.marks))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn json(marks: &impl Serialize) -> String {
        serde_json::to_string(marks).unwrap()
    }

    #[test]
    fn every_word_is_listed_as_a_map_would_list_it() {
        let marks = || [Tri::Yes, Tri::No, Tri::Unknown].into_iter().cycle();
        let hazards: BTreeMap<_, _> = HazardKind::ALL.iter().zip(marks()).collect();
        assert_eq!(json(&marks().take(16).collect::<Marks<HazardKind>>()), json(&hazards));
        let facilities: BTreeMap<_, _> = Facility::ALL.iter().zip(marks()).collect();
        assert_eq!(json(&marks().take(16).collect::<Marks<Facility>>()), json(&facilities));
    }

    #[test]
    fn what_is_kept_is_never_mistaken_and_bounded() {
        for number in 0..2 * MOST_KEPT {
            let marks = || (0..8).map(move |at| [Tri::Yes, Tri::No, Tri::Unknown][number / 3_usize.pow(at) % 3]);
            let facilities: BTreeMap<_, _> = Facility::ALL.iter().zip(marks()).collect();
            for _ in 0..2 {
                assert_eq!(json(&marks().collect::<Marks<Facility>>()), json(&facilities));
            }
        }
        assert!(Facility::written().0.load().as_ref().unwrap().len() <= MOST_KEPT);
    }

    #[test]
    fn what_is_not_said_is_unknown() {
        let none: Marks<Facility> = [].into_iter().collect();
        assert_eq!(json(&none).matches("unknown").count(), Facility::ALL.len());
    }
}
