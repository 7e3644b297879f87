//! Which old feature is which new one.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::entries::{Entry, Version};
use crate::import::nearby::{Nearby, Placed, key};

/// Features of one name are the same up to this distance, in metres.
const SAME_M: f64 = 500.0;

/// Stands for "no old feature".
const NONE: u32 = u32::MAX;

/// The old feature of each new one, both by their positions in their version.
pub(super) struct Matched {
    of_new: Vec<u32>,
    is_old_free: Vec<bool>,
}

impl Matched {
    fn nothing(before: &[Entry], after: &[Entry]) -> Self {
        Self {
            of_new: vec![NONE; after.len()],
            is_old_free: vec![true; before.len()],
        }
    }

    fn pair(&mut self, old: usize, new: usize) {
        self.of_new[new] = old as u32;
        self.is_old_free[old] = false;
    }

    fn is_new_free(&self, new: usize) -> bool {
        self.of_new[new] == NONE
    }

    /// All pairs, old and new, in the order of the new version.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let pairs = self.of_new.iter().enumerate().filter(|(_, old)| **old != NONE);
        pairs.map(|(new, old)| (*old as usize, new))
    }

    /// Old features without a new one.
    pub(super) fn removed(&self) -> impl Iterator<Item = usize> {
        self.is_old_free
            .iter()
            .enumerate()
            .filter(|(_, free)| **free)
            .map(|(old, _)| old)
    }

    /// New features without an old one.
    pub(super) fn added(&self) -> impl Iterator<Item = usize> {
        self.of_new
            .iter()
            .enumerate()
            .filter(|(_, old)| **old == NONE)
            .map(|(new, _)| new)
    }
}

/// Whether matching by id is to be believed: half of the smaller version's ids are in the other, and half of these
/// mean the same feature. Numbers given anew in every file are found again too, at other features.
pub(super) fn is_fair(before: &[Entry], after: &[Entry], matched: &Matched) -> bool {
    let found = matched.pairs().count();
    2 * found >= before.len().min(after.len()) && 2 * plausible(before, after, matched) >= found
}

/// Pairs that have the same name or lie near each other.
pub(super) fn plausible(before: &[Entry], after: &[Entry], matched: &Matched) -> usize {
    let is_plausible = |(old, new): &(usize, usize)| {
        let (old, new) = (&before[*old], &after[*new]);
        (old.name != 0 && old.name == new.name) || old.spot == new.spot || old.spot.distance_m(new.spot) <= SAME_M
    };
    matched.pairs().filter(is_plausible).count()
}

/// Matches equal ids. O(n log n).
pub(super) fn by_id(mut before: Version, mut after: Version) -> (Version, Version, Matched) {
    before.sort_unstable_by_key(|entry| (entry.key(), entry.row));
    after.sort_unstable_by_key(|entry| (entry.key(), entry.row));
    let mut matched = Matched::nothing(&before, &after);
    let (mut old, mut new) = (0, 0);
    while old < before.len() && new < after.len() {
        match before[old].key().cmp(&after[new].key()) {
            std::cmp::Ordering::Less => old += 1,
            std::cmp::Ordering::Greater => new += 1,
            std::cmp::Ordering::Equal => {
                matched.pair(old, new);
                old += 1;
                new += 1;
            }
        }
    }
    (before, after, matched)
}

/// Matches equal names: first those at the same place, those with the same content before others; then nearest pairs
/// first. O(n log n) for names that stand a few times within a kilometre.
pub(super) fn by_name(mut before: Version, mut after: Version) -> (Version, Version, Matched) {
    before.sort_unstable_by_key(|entry| (key(entry, SAME_M), entry.content, entry.row));
    after.sort_unstable_by_key(|entry| (key(entry, SAME_M), entry.content, entry.row));
    let mut matched = Matched::nothing(&before, &after);
    same_place(&before, &after, &mut matched);
    let nearby = Nearby::sorted(before, SAME_M);
    nearest_first(&nearby, &after, &mut matched);
    (nearby.into_entries(), after, matched)
}

/// Pairs off features of one name at one place.
fn same_place(before: &[Entry], after: &[Entry], matched: &mut Matched) {
    let place = |entry: &Entry| key(entry, SAME_M);
    let (mut old, mut new) = (0, 0);
    while old < before.len() && new < after.len() {
        match place(&before[old]).cmp(&place(&after[new])) {
            std::cmp::Ordering::Less => old += 1,
            std::cmp::Ordering::Greater => new += 1,
            std::cmp::Ordering::Equal => {
                let here = place(&before[old]);
                let length = |entries: &[Entry]| entries.iter().take_while(|entry| place(entry) == here).count();
                let (olds, news) = (old..old + length(&before[old..]), new..new + length(&after[new..]));
                at_one_place(before, after, (olds.clone(), news.clone()), matched);
                (old, new) = (olds.end, news.end);
            }
        }
    }
}

/// Equal contents first, then the rest in the order of their contents.
fn at_one_place(
    before: &[Entry],
    after: &[Entry],
    (olds, news): (std::ops::Range<usize>, std::ops::Range<usize>),
    matched: &mut Matched,
) {
    let (mut old, mut new) = (olds.start, news.start);
    while old < olds.end && new < news.end {
        match before[old].content.cmp(&after[new].content) {
            std::cmp::Ordering::Less => old += 1,
            std::cmp::Ordering::Greater => new += 1,
            std::cmp::Ordering::Equal => {
                matched.pair(old, new);
                old += 1;
                new += 1;
            }
        }
    }
    let olds: Vec<usize> = olds.filter(|&old| matched.is_old_free[old]).collect();
    let news: Vec<usize> = news.filter(|&new| matched.is_new_free(new)).collect();
    for (old, new) in olds.into_iter().zip(news) {
        matched.pair(old, new);
    }
}

/// A pair that may be made: ordered by distance (positive, so that its bits have its order), then by rows.
type Candidate = Reverse<(u64, u32, u32, usize, usize)>;

/// Makes the nearest pair again and again. Each new feature waits with its nearest free old one, which can only be
/// farther the next time it is looked up, so that the first of the queue is the nearest pair of all.
fn nearest_first(before: &Nearby<Entry>, after: &[Entry], matched: &mut Matched) {
    let mut queue: BinaryHeap<Candidate> = BinaryHeap::new();
    let nearest = |new: usize, matched: &Matched| {
        let entry = &after[new];
        let around = before
            .around(entry.key(), entry.spot())
            .filter(|(old, _)| matched.is_old_free[*old]);
        around
            .map(|(old, distance_m)| Reverse((distance_m.to_bits(), entry.row, before.entries()[old].row, old, new)))
            .max()
    };
    for (new, entry) in after.iter().enumerate() {
        if entry.key() != 0 && matched.is_new_free(new) {
            queue.extend(nearest(new, matched));
        }
    }
    while let Some(Reverse((.., old, new))) = queue.pop() {
        if matched.is_old_free[old] {
            matched.pair(old, new);
        } else {
            queue.extend(nearest(new, matched));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::import::{nearby::tests::spots, place::Spot};

    fn version() -> impl Strategy<Value = Version> {
        vec((0_u64..3, spots(), 0_u32..3), 0..40).prop_map(|features| {
            let entry = |(row, (name, spot, content))| Entry::new(name, spot, name as u32, content, row);
            (0..).zip(features).map(entry).collect()
        })
    }

    /// The pairs by their rows.
    fn rows((before, after, matched): &(Version, Version, Matched)) -> BTreeSet<(u32, u32)> {
        matched
            .pairs()
            .map(|(old, new)| (before[old].row, after[new].row))
            .collect()
    }

    /// All pairs of one name, nearest first, each taken where both are free.
    fn scan(before: &Version, after: &Version) -> (f64, usize) {
        let mut pairs: Vec<(f64, bool, u32, u32)> = Vec::new();
        for new in after {
            for old in before {
                let distance_m = old.spot.distance_m(new.spot);
                let same = old.spot == new.spot;
                if old.key() == new.key() && (same || (distance_m <= SAME_M && old.key() != 0)) {
                    let distance_m = if same { -1.0 } else { distance_m };
                    pairs.push((distance_m, old.content != new.content, new.row, old.row));
                }
            }
        }
        pairs.sort_by(|a, b| {
            (a.0.total_cmp(&b.0)).then_with(|| {
                (if a.0 < 0.0 { (a.1, a.2, a.3) } else { (false, a.2, a.3) }).cmp(&if b.0 < 0.0 {
                    (b.1, b.2, b.3)
                } else {
                    (false, b.2, b.3)
                })
            })
        });
        let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
        let mut sum = 0.0;
        for (distance_m, _, new, old) in pairs {
            if !olds.contains(&old) && !news.contains(&new) {
                olds.insert(old);
                news.insert(new);
                sum += distance_m.max(0.0);
            }
        }
        (sum, olds.len())
    }

    proptest! {
        #[test]
        fn names_are_matched_as_a_scan_of_all_pairs_matches_them(before in version(), after in version()) {
            let found = by_name(before.clone(), after.clone());
            let (old, new, matched) = &found;
            let sum: f64 = matched.pairs().map(|(a, b)| old[a].spot.distance_m(new[b].spot)).sum();
            let (expected, count) = scan(&before, &after);
            prop_assert_eq!(rows(&found).len(), count);
            prop_assert!((sum - expected).abs() < 1e-6, "{sum} against {expected}");
            prop_assert!(matched.pairs().all(|(a, b)| old[a].key() == new[b].key()));
            prop_assert_eq!(matched.added().count() + count, after.len());
            prop_assert_eq!(matched.removed().count() + count, before.len());
        }

        #[test]
        fn a_version_in_another_order_is_the_same(before in version(), seed in any::<u64>()) {
            let mut after = before.clone();
            after.sort_by_key(|entry| (u64::from(entry.row) ^ 0x55).wrapping_mul(seed | 1));
            let (old, new, matched) = by_name(before.clone(), after);
            prop_assert_eq!(matched.pairs().count(), before.len());
            prop_assert!(matched.pairs().all(|(a, b)| old[a].content == new[b].content));
        }

        #[test]
        fn ids_are_matched_as_a_scan_matches_them(
            before in proptest::collection::btree_set(0_u64..50, 0..30),
            after in proptest::collection::btree_set(0_u64..50, 0..30),
        ) {
            let nowhere = Spot { lat: 0, lon: 0 };
            let entries = |ids: &BTreeSet<u64>| -> Version {
                ids.iter().rev().map(|id| Entry::new(*id, nowhere, 0, 0, *id as u32)).collect()
            };
            let expected: BTreeSet<(u32, u32)> =
                before.intersection(&after).map(|id| (*id as u32, *id as u32)).collect();
            prop_assert_eq!(rows(&by_id(entries(&before), entries(&after))), expected);
        }
    }

    #[test]
    fn numbers_that_mean_other_features_are_not_believed() {
        let spot = |lon: i32| Spot { lat: 260_000_000, lon };
        let version = |shift: i32| -> Version {
            (0..10)
                .map(|id| Entry::new(u64::from(id), spot(id as i32 * 1_000_000 + shift), id, 0, id))
                .collect()
        };
        let renamed = |shift: i32| -> Version {
            version(shift)
                .into_iter()
                .map(|mut entry| {
                    entry.name += 7;
                    entry
                })
                .collect()
        };
        let judge = |before: Version, after: Version| {
            let (before, after, matched) = by_id(before, after);
            is_fair(&before, &after, &matched)
        };
        assert!(judge(version(0), version(0)));
        assert!(judge(version(0), renamed(0)), "renamed in place");
        assert!(judge(version(0), version(5_000_000)), "moved under its name");
        assert!(!judge(version(0), renamed(5_000_000)));
        assert!(!judge(
            version(0),
            version(0)
                .into_iter()
                .take(4)
                .chain(
                    renamed(0)
                        .into_iter()
                        .map(|e| Entry::new(e.key() + 90, e.spot, e.name, 0, e.row))
                )
                .collect()
        ));
    }

    #[test]
    fn an_entry_has_no_padding() {
        assert_eq!(size_of::<Entry>(), 28);
    }
}
