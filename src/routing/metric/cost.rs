//! What a way costs: danger first, time second, in one number that can be added and compared.

use std::{
    fmt::{Debug, Formatter, Result as FmtResult},
    ops::{Add, AddAssign},
};

/// Bits of a cost that hold the time: 2³⁸ ms are 8.7 years, more than every stretch of a province in a row.
const TIME_BITS: u32 = 38;

const MOST_TIME: u64 = (1 << TIME_BITS) - 1;

/// The most danger a cost can say: half of what fits, so that a sum of two never reads as [`Cost::NEVER`].
const MOST_DANGER: u64 = (1 << (62 - TIME_BITS)) - 1;

/// The cost of a way: first its danger, then its time.
///
/// Costs are ordered by danger, and by time where the danger is the same: of two ways the safer is always the better one, however
/// much longer it takes. So a way found by least cost leads through a zone that must not be entered only where
/// there is no other, and then through as little of it as can be: who starts inside is led out by the least
/// dangerous way and not in again. A factor on the time, however large, promises neither.
///
/// Danger is in weighted metres (see [`super::Effect::Forbidden`]), time in milliseconds. Adding is one addition, comparing
/// one comparison: the hierarchy works on costs as on plain numbers.
///
/// # Range
/// The largest sum that is not [`Cost::NEVER`] is 33 000 km of weighted danger; [`Cost::new`] keeps a single cost within it.
/// Two costs can be added without overflow as long as neither is more than `NEVER`; where sums of sums are formed, they are
/// brought back to `NEVER` by `min`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(u64);

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// No way: what is closed, or may not be used, or cannot be reached.
    pub const NEVER: Self = Self((1 << 63) - 1);

    /// A cost of so much danger, in weighted metres, and time, in milliseconds. Both are kept in range.
    pub const fn new(danger: u64, time_ms: u64) -> Self {
        let danger = if danger < MOST_DANGER { danger } else { MOST_DANGER };
        let time_ms = if time_ms < MOST_TIME { time_ms } else { MOST_TIME };
        Self(danger << TIME_BITS | time_ms)
    }

    /// A cost without danger.
    pub const fn time(time_ms: u32) -> Self {
        Self(time_ms as u64)
    }

    /// The danger in weighted metres. Means nothing for [`Cost::NEVER`].
    pub const fn danger(self) -> u64 {
        self.0 >> TIME_BITS
    }

    /// The time in milliseconds. Means nothing for [`Cost::NEVER`].
    pub const fn time_ms(self) -> u64 {
        self.0 & MOST_TIME
    }

    /// Whether there is no way.
    pub const fn is_never(self) -> bool {
        self.0 >= Self::NEVER.0
    }

    /// The cost, if there is a way.
    pub fn if_any(self) -> Option<Self> {
        (!self.is_never()).then_some(self)
    }

    /// The number behind the cost.
    pub(in crate::routing) const fn bits(self) -> u64 {
        self.0
    }

    /// The cost of a number that [`Cost::bits`] gave, or of a sum of two such.
    pub(in crate::routing) const fn from_bits(bits: u64) -> Self {
        Self(if bits < Self::NEVER.0 { bits } else { Self::NEVER.0 })
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::from_bits(self.0 + other.0)
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Debug for Cost {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        if self.is_never() {
            f.write_str("never")
        } else {
            write!(f, "{} ms", self.time_ms())?;
            if self.danger() > 0 {
                write!(f, " + {} danger", self.danger())?;
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_safer_way_is_the_better_one() {
        assert!(Cost::new(0, 1_000_000_000) < Cost::new(1, 0));
        assert!(Cost::new(1, 5) < Cost::new(1, 6));
        assert!(Cost::new(u64::MAX, u64::MAX) < Cost::NEVER);
        let sum = Cost::new(3, 40) + Cost::new(4, 2);
        assert_eq!((sum.danger(), sum.time_ms()), (7, 42));
    }

    #[test]
    fn never_and_anything_is_never() {
        let most = Cost::new(u64::MAX, u64::MAX);
        assert_eq!(Cost::NEVER + most, Cost::NEVER);
        assert_eq!(Cost::NEVER + Cost::NEVER, Cost::NEVER);
        assert!(!(most + Cost::time(0)).is_never());
        assert_eq!(Cost::NEVER.if_any(), None);
        assert_eq!(Cost::from_bits(Cost::NEVER.bits() + Cost::NEVER.bits()), Cost::NEVER);
    }
}
