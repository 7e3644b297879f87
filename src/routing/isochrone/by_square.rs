//! Things by the square they lie in.

use std::ops::Range;

use rustc_hash::FxHashMap;

/// Things by the numbers of squares, for few of all squares.
#[derive(Debug)]
pub(super) struct BySquare<T> {
    things: Vec<T>,
    ranges: FxHashMap<u32, Range<u32>>,
}

impl<T> BySquare<T> {
    /// Things each with its square. Those of one stay in their order. O(n log n).
    pub(super) fn new(mut things: Vec<(u32, T)>) -> Self {
        things.sort_by_key(|(square, _)| *square);
        let mut ranges = FxHashMap::default();
        let mut from = 0;
        for same in things.chunk_by(|a, b| a.0 == b.0) {
            let to = from + same.len() as u32;
            ranges.insert(same[0].0, from..to);
            from = to;
        }
        Self {
            things: things.into_iter().map(|(_, thing)| thing).collect(),
            ranges,
        }
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.things.len()
    }

    /// Those of a square. O(1).
    pub(super) fn of(&self, square: usize) -> &[T] {
        let range = self.ranges.get(&(square as u32)).cloned().unwrap_or(0..0);
        &self.things[range.start as usize..range.end as usize]
    }
}
