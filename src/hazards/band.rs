//! The common scale of hazard levels.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    catalog::vocabulary,
    messages::{self, Lang},
};

vocabulary! {
    /// How bad a risk level is, on one scale for all layers, so that levels of layers with different classes can be
    /// ordered and worded alike. The layer's own level stays what is shown.
    Band {
        /// Lowest quarter of the layer's levels.
        Low = "low",
        /// Second quarter.
        Moderate = "moderate",
        /// Third quarter, every unsafe level below the fourth, and the level of a layer that has only one.
        High = "high",
        /// Highest quarter.
        Extreme = "extreme",
    }
}

impl Band {
    /// The band of the level with `rank` (1 = lowest) of `levels`: the quarter of the scale that the rank reaches into,
    /// `⌈4·rank/levels⌉`, so that rounding errs towards the worse. A single level says "here" without saying how bad
    /// and counts as high. A level the layer declares unsafe is at least high.
    ///
    /// ```
    /// use refugia::hazards::Band;
    ///
    /// assert_eq!(Band::of(1, 4, false), Band::Low);
    /// assert_eq!(Band::of(2, 3, false), Band::High);
    /// assert_eq!(Band::of(1, 1, false), Band::High);
    /// assert_eq!(Band::of(1, 4, true), Band::High);
    /// ```
    pub fn of(rank: u8, levels: u8, is_unsafe: bool) -> Self {
        let quarter = (4 * u32::from(rank)).div_ceil(u32::from(levels.max(1)));
        let band = match quarter {
            _ if levels <= 1 => Self::High,
            0 | 1 => Self::Low,
            2 => Self::Moderate,
            3 => Self::High,
            _ => Self::Extreme,
        };
        if is_unsafe { band.max(Self::High) } else { band }
    }

    /// The band's word for people.
    pub fn word(self, lang: Lang) -> String {
        messages::text(lang, &format!("band.{self}"), &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_rise_with_rank_and_end_extreme() {
        for levels in 2..=12 {
            let bands: Vec<Band> = (1..=levels).map(|rank| Band::of(rank, levels, false)).collect();
            assert!(bands.is_sorted(), "{levels} levels: {bands:?}");
            assert_eq!(bands.last(), Some(&Band::Extreme), "{levels} levels");
        }
        let four: Vec<Band> = (1..=4).map(|rank| Band::of(rank, 4, false)).collect();
        assert_eq!(four, Band::ALL);
    }

    #[test]
    fn unsafe_is_at_least_high_and_never_lowered() {
        assert_eq!(Band::of(1, 5, true), Band::High);
        assert_eq!(Band::of(5, 5, true), Band::Extreme);
        assert_eq!(Band::of(1, 1, true), Band::High);
    }
}
