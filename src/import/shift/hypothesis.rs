//! The mistakes that can have been made with a datum, and where the features would then truly be.

use serde::Serialize;

use super::offset::Offset;
use crate::geometry::{Datum, LonLat};

/// What the positions may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hypothesis {
    /// What was declared.
    AsDeclared,
    /// WGS 84, declared as something else.
    Wgs84,
    /// GCJ-02, declared as something else.
    Gcj02,
    /// BD-09, declared as something else.
    Bd09,
    /// WGS 84 that somebody has converted from GCJ-02, although it was not GCJ-02.
    UnshiftedGcj02,
    /// WGS 84 that somebody has converted from BD-09, although it was not BD-09.
    UnshiftedBd09,
}

/// As many hypotheses there are at most for one declared datum.
pub(super) const MOST: usize = 5;

/// Hypotheses that would move the data by less cannot be told apart, metres.
const LEAST_MOVE_M: f64 = 50.0;

impl Hypothesis {
    /// What may be true of data declared so; the declaration itself comes first.
    const fn all(declared: Datum) -> &'static [Self] {
        match declared {
            Datum::Wgs84 => &[
                Self::AsDeclared,
                Self::Gcj02,
                Self::Bd09,
                Self::UnshiftedGcj02,
                Self::UnshiftedBd09,
            ],
            Datum::Gcj02 => &[Self::AsDeclared, Self::Wgs84, Self::Bd09],
            Datum::Bd09 => &[Self::AsDeclared, Self::Wgs84, Self::Gcj02],
        }
    }

    /// The hypotheses that differ at these positions; outside China only the declaration is left.
    pub(super) fn apart(declared: Datum, positions: &[LonLat]) -> Vec<Self> {
        let in_china = |position: &&LonLat| Datum::Gcj02.from_wgs84(**position) != **position;
        let inside = positions.iter().filter(in_china).count();
        let all = Self::all(declared).iter().copied();
        all.filter(|&hypothesis| {
            let moves = || {
                let offsets: Vec<Offset> = positions
                    .iter()
                    .map(|&position| hypothesis.predicted(declared, position))
                    .collect();
                Offset::median(&offsets).is_some_and(|median| median.length_m() >= LEAST_MOVE_M)
            };
            hypothesis == Self::AsDeclared || (2 * inside > positions.len() && moves())
        })
        .collect()
    }

    /// Where a feature would truly be that was converted from the declared frame to this WGS 84 position.
    pub(super) fn correct(self, declared: Datum, position: LonLat) -> LonLat {
        let written_in = |truth: Datum| truth.to_wgs84(declared.from_wgs84(position));
        match self {
            Self::AsDeclared => position,
            Self::Wgs84 => written_in(Datum::Wgs84),
            Self::Gcj02 => written_in(Datum::Gcj02),
            Self::Bd09 => written_in(Datum::Bd09),
            Self::UnshiftedGcj02 => Datum::Gcj02.from_wgs84(position),
            Self::UnshiftedBd09 => Datum::Bd09.from_wgs84(position),
        }
    }

    /// How far the position would then be displaced from the truth.
    pub(super) fn predicted(self, declared: Datum, position: LonLat) -> Offset {
        Offset::between(self.correct(declared, position), position)
    }

    /// The datum that would have been right to declare; `None` where no declaration mends it.
    pub(super) const fn remedy(self) -> Option<Datum> {
        match self {
            Self::Wgs84 => Some(Datum::Wgs84),
            Self::Gcj02 => Some(Datum::Gcj02),
            Self::Bd09 => Some(Datum::Bd09),
            Self::AsDeclared | Self::UnshiftedGcj02 | Self::UnshiftedBd09 => None,
        }
    }

    /// What the positions would be, for a sentence that begins with "look like".
    pub(super) fn words(self, declared: Datum) -> String {
        let converted = |frame: Datum| {
            let title = frame.title();
            format!("WGS 84 that was converted from {title} although it was not {title}")
        };
        match self {
            Self::AsDeclared => format!("{} as declared", declared.title()),
            Self::UnshiftedGcj02 => converted(Datum::Gcj02),
            Self::UnshiftedBd09 => converted(Datum::Bd09),
            Self::Wgs84 | Self::Gcj02 | Self::Bd09 => {
                let truth = self.remedy().unwrap_or(declared);
                format!("{} declared as {}", truth.title(), declared.title())
            }
        }
    }

    /// A short name for lists.
    pub(super) const fn label(self, declared: Datum) -> &'static str {
        match self {
            Self::AsDeclared => declared.title(),
            Self::Wgs84 => Datum::Wgs84.title(),
            Self::Gcj02 => Datum::Gcj02.title(),
            Self::Bd09 => Datum::Bd09.title(),
            Self::UnshiftedGcj02 => "WGS 84 wrongly converted from GCJ-02",
            Self::UnshiftedBd09 => "WGS 84 wrongly converted from BD-09",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fuzhou() -> LonLat {
        LonLat::new(119.3, 26.08).unwrap()
    }

    #[test]
    fn a_correction_undoes_its_mistake() {
        let truth = fuzhou();
        let apart = |one: LonLat| Offset::between(one, truth).length_m();
        for declared in [Datum::Wgs84, Datum::Gcj02, Datum::Bd09] {
            for hypothesis in Hypothesis::all(declared) {
                let stored = match (hypothesis, hypothesis.remedy()) {
                    (_, Some(real)) => declared.to_wgs84(real.from_wgs84(truth)),
                    (Hypothesis::UnshiftedGcj02, _) => Datum::Gcj02.to_wgs84(truth),
                    (Hypothesis::UnshiftedBd09, _) => Datum::Bd09.to_wgs84(truth),
                    _ => truth,
                };
                assert!(apart(hypothesis.correct(declared, stored)) < 0.01, "{hypothesis:?}");
                assert!(
                    *hypothesis == Hypothesis::AsDeclared || apart(stored) > 300.0,
                    "{hypothesis:?}"
                );
            }
        }
    }

    #[test]
    fn outside_china_there_is_nothing_to_choose_from() {
        let kyushu = vec![LonLat::new(138.5, 35.0).unwrap(); 3];
        assert_eq!(Hypothesis::apart(Datum::Wgs84, &kyushu), [Hypothesis::AsDeclared]);
        assert_eq!(Hypothesis::apart(Datum::Wgs84, &[fuzhou()]).len(), MOST);
        assert_eq!(Hypothesis::apart(Datum::Bd09, &[fuzhou()]).len(), 3);
        assert_eq!(Hypothesis::Gcj02.words(Datum::Wgs84), "GCJ-02 declared as WGS 84");
    }
}
