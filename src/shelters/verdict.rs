//! The rule of which shelter may be used for which hazard.
//!
//! Owns the rule and its encoding as labels of the index, so that a search passes by what it does not look for.

use super::Status;
use crate::{
    catalog::{HazardKind, Tri},
    index::Labels,
};

/// What a shelter is to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// People may be sent there.
    Found,
    /// Usable, but nobody has said whether it suits the hazard.
    Unverified,
    /// In an unsafe zone of the hazard.
    InZone,
    /// Does not suit the hazard.
    NotSuited,
    /// Its status is not usable.
    Status,
}

/// What the verdict depends on besides the shelter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) hazard: Option<HazardKind>,
    pub(super) include_closed: bool,
}

impl Question {
    /// How many different questions there are.
    pub(super) const COUNT: usize = (HazardKind::ALL.len() + 1) * 2;

    /// Every question.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let hazards = std::iter::once(None).chain(HazardKind::ALL.iter().copied().map(Some));
        hazards.flat_map(|hazard| [false, true].map(|include_closed| Self { hazard, include_closed }))
    }

    /// The question's place among all.
    pub(super) fn index(self) -> usize {
        self.hazard.map_or(0, |kind| kind as usize + 1) * 2 + usize::from(self.include_closed)
    }

    /// Judges a shelter. Danger outranks all else: a zone is named before unsuitability, that before the status, and
    /// only what would be usable otherwise is called unverified.
    pub(super) fn judge(self, status: Status, in_zone: bool, suits: Tri) -> Verdict {
        let usable = status.is_usable(self.include_closed);
        match (self.hazard.is_some(), suits) {
            (true, _) if in_zone => Verdict::InZone,
            (true, Tri::No) => Verdict::NotSuited,
            _ if !usable => Verdict::Status,
            (true, Tri::Unknown) => Verdict::Unverified,
            (true, Tri::Yes) | (false, _) => Verdict::Found,
        }
    }

    /// The label of shelters with this verdict on this question; the three ways of being refused share one.
    pub(super) fn label(self, verdict: Verdict) -> Labels {
        let place = match verdict {
            Verdict::Found => 0,
            Verdict::Unverified => 1,
            Verdict::InZone | Verdict::NotSuited | Verdict::Status => 2,
        };
        1 << (self.index() * 3 + place)
    }
}

/// Three labels a question must fit into the index's label set.
const _: () = assert!(Question::COUNT * 3 <= Labels::BITS as usize);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn danger_outranks_all_else() {
        let flood = Question {
            hazard: Some(HazardKind::Flood),
            include_closed: false,
        };
        assert_eq!(flood.judge(Status::Closed, true, Tri::No), Verdict::InZone);
        assert_eq!(flood.judge(Status::Closed, false, Tri::No), Verdict::NotSuited);
        assert_eq!(flood.judge(Status::Closed, false, Tri::Unknown), Verdict::Status);
        assert_eq!(flood.judge(Status::Unknown, false, Tri::Unknown), Verdict::Unverified);
        assert_eq!(flood.judge(Status::Standby, false, Tri::Yes), Verdict::Found);
    }

    #[test]
    fn without_a_hazard_only_the_status_counts() {
        for include_closed in [false, true] {
            let any = Question {
                hazard: None,
                include_closed,
            };
            for &status in Status::ALL {
                let usable = match status {
                    Status::Open | Status::Standby | Status::Unknown => true,
                    Status::Full | Status::Closed => include_closed,
                    Status::Planned | Status::Unsafe => false,
                };
                let verdict = if usable { Verdict::Found } else { Verdict::Status };
                assert_eq!(any.judge(status, true, Tri::No), verdict, "{status}");
            }
        }
    }

    #[test]
    fn every_question_has_labels_of_its_own() {
        let labels: BTreeSet<Labels> = Question::all()
            .flat_map(|question| {
                [Verdict::Found, Verdict::Unverified, Verdict::Status].map(|verdict| question.label(verdict))
            })
            .collect();
        assert_eq!(labels.len(), Question::COUNT * 3);
        assert!(
            Question::all()
                .enumerate()
                .all(|(index, question)| question.index() == index)
        );
    }
}
