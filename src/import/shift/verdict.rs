//! From scores to a verdict.
//!
//! Strong evidence (pairs and lines) decides alone where it can. Areas are asked only where it cannot, and more is
//! asked of them, for their errors have a direction. A hypothesis that wins but leaves most pairs displaced alike is not
//! the explanation: then there is an offset that no datum explains.

use super::{
    areas::AreaEvidence,
    evidence::EvidenceSource,
    hypothesis::Hypothesis,
    lines::LineEvidence,
    offset::{Consensus, Offset},
    scores::{self, Each},
};

/// A lead that decides. By the bound in [`super::scores`] chance gives it to one wrong hypothesis in fewer than 0.22 %
/// of files and to any of four in fewer than 0.9 %; thirteen features that agree are the fewest that can reach it.
const DECISIVE: f64 = 3.5;

/// The lead that decides where areas were needed.
const DECISIVE_WITH_AREAS: f64 = 5.0;

/// A lead over another mistake that leaves only one to be named: 4 % by chance.
const NAMING: f64 = 2.5;

/// The fewest blocks that can be decisive.
pub(super) const FEWEST: usize = 13;

/// An offset that the declaration does not explain is told from here on, metres: two good maps of one place agree
/// better, gazetteers do not.
const OFFSET_M: f64 = 100.0;

/// What a mistake may leave unexplained, metres: the published formula and the services differ, and so do maps.
const MISFIT_M: f64 = 150.0;

/// As large a share of the pairs must fit each of two frames for the file to hold both.
const MIXED_SHARE: f64 = 0.2;

/// As many pairs are needed for that.
const MIXED_PAIRS: usize = 30;

/// Everything measured, by hypothesis in the order of the list.
pub(super) struct Measured {
    pub(super) hypotheses: Vec<Hypothesis>,
    /// What is left between each pair.
    pub(super) residuals: Vec<Vec<Offset>>,
    /// Distances of the pairs, and their log-likelihoods.
    pub(super) pair_distances_m: Vec<Each>,
    pub(super) pair_blocks: Vec<Each>,
    pub(super) lines: LineEvidence,
    pub(super) areas: AreaEvidence,
}

/// Why there is no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// There was nothing to compare with.
    Nothing,
    /// Not enough.
    Few,
    /// Hypotheses explain it about equally.
    Alike,
}

/// What is decided. Hypotheses by their place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    Agrees,
    Shifted {
        best: usize,
        /// Other mistakes that the data cannot tell from it.
        others: Vec<usize>,
        is_firm: bool,
    },
    /// Many features are in this frame, and many as declared.
    Mixed(usize),
    Offset,
    /// Pairs and lines each decide, differently.
    Conflict {
        pairs: usize,
        lines: usize,
    },
    Undecided(Doubt),
}

impl Measured {
    /// Decides.
    pub(super) fn decide(&self) -> Decision {
        if let Some(other) = self.mixed() {
            return Decision::Mixed(other);
        }
        let decision = self.by_scores();
        let displaced = |hypothesis: usize, least_m: f64| {
            let consensus = self.residuals.get(hypothesis).and_then(|ways| Consensus::of(ways));
            self.pair_blocks.len() >= FEWEST && consensus.is_some_and(|consensus| consensus.is_shift_of(least_m))
        };
        match decision {
            Decision::Shifted { best, .. } if displaced(best, MISFIT_M) => Decision::Offset,
            Decision::Agrees | Decision::Undecided(_) if displaced(0, OFFSET_M) => Decision::Offset,
            decision => decision,
        }
    }

    /// The mistake that was made with many features where many others are as declared.
    fn mixed(&self) -> Option<usize> {
        let least = MIXED_SHARE * self.pair_distances_m.len() as f64;
        let near = |hypothesis: usize| {
            let within = |each: &&Each| each[hypothesis] <= EvidenceSource::Pairs.near_m();
            self.pair_distances_m.iter().filter(within).count()
        };
        let other = (1..self.hypotheses.len()).max_by_key(|&other| near(other))?;
        let is_mixed =
            self.pair_distances_m.len() >= MIXED_PAIRS && near(0) as f64 >= least && near(other) as f64 >= least;
        is_mixed.then_some(other)
    }

    fn by_scores(&self) -> Decision {
        let strong: Vec<Each> = self.pair_blocks.iter().chain(&self.lines.blocks).copied().collect();
        let all: Vec<Each> = strong.iter().chain(&self.areas.blocks).copied().collect();
        if self.hypotheses.len() < 2 {
            return self.without_choice();
        }
        if all.is_empty() {
            return Decision::Undecided(Doubt::Nothing);
        }
        if let (Some(pairs), Some(lines)) = (self.winner(&self.pair_blocks), self.winner(&self.lines.blocks))
            && pairs != lines
        {
            return Decision::Conflict { pairs, lines };
        }
        if let Some(best) = self.winner(&strong) {
            return self.decided(&strong, best, true);
        }
        let best = scores::best(&all, self.hypotheses.len());
        let lead = scores::lead(&all, best, 0);
        if let Some(best) = self.winner(&all) {
            return self.decided(&all, best, best == 0 || lead >= DECISIVE_WITH_AREAS);
        }
        let informative = all
            .iter()
            .filter(|block| (1..self.hypotheses.len()).any(|other| block[other] != block[0]));
        Decision::Undecided(if informative.count() < FEWEST {
            Doubt::Few
        } else {
            Doubt::Alike
        })
    }

    /// The hypothesis that leads decisively: over the declaration, or where that is best over every mistake.
    fn winner(&self, blocks: &[Each]) -> Option<usize> {
        let count = self.hypotheses.len();
        let best = scores::best(blocks, count);
        let decisive = |other: usize| scores::lead(blocks, best, other) >= DECISIVE;
        let wins = if best == 0 {
            (1..count).all(decisive)
        } else {
            decisive(0)
        };
        wins.then_some(best)
    }

    fn decided(&self, blocks: &[Each], best: usize, is_firm: bool) -> Decision {
        if best == 0 {
            return Decision::Agrees;
        }
        let rivals = (1..self.hypotheses.len()).filter(|&other| other != best);
        Decision::Shifted {
            best,
            others: rivals
                .filter(|&other| scores::lead(blocks, best, other) < NAMING)
                .collect(),
            is_firm,
        }
    }

    /// Outside China: pairs agree or they do not.
    fn without_choice(&self) -> Decision {
        let near = self
            .pair_distances_m
            .iter()
            .filter(|each| each[0] <= EvidenceSource::Pairs.near_m());
        match self.pair_distances_m.len() {
            0 => Decision::Undecided(Doubt::Nothing),
            pairs if pairs < FEWEST => Decision::Undecided(Doubt::Few),
            pairs if 2 * near.count() >= pairs => Decision::Agrees,
            _ => Decision::Undecided(Doubt::Alike),
        }
    }
}
