//! What the verdict rests on, in numbers.

use serde::Serialize;

use super::{hypothesis::Hypothesis, offset};
use crate::geometry::Datum;

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceSource {
    /// The same features in layers of the pack.
    Pairs,
    /// Positions on outlines and lines with borders, shores, rivers and roads.
    Lines,
    /// Points with the land and the administrative area that they state.
    Areas,
}

/// How well one hypothesis agrees with one source.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Fit {
    /// What the positions would be.
    pub hypothesis: Hypothesis,
    /// How many would lie within [`ShiftEvidence::near_m`] of the reference.
    pub near: u64,
    /// The median distance to the reference, metres.
    pub median_m: f64,
}

/// What one source says.
#[derive(Debug, Clone, Serialize)]
pub struct ShiftEvidence {
    /// What was compared.
    pub source: EvidenceSource,
    /// How many comparisons.
    pub compared: u64,
    /// The layers that features were found in; for pairs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<String>,
    /// What counts as near, metres.
    pub near_m: f64,
    /// Every hypothesis, the declaration first.
    pub fits: Vec<Fit>,
}

impl EvidenceSource {
    /// What counts as near, metres: for pairs and lines about a quarter of the least shift; areas are lain in or not.
    pub(super) const fn near_m(self) -> f64 {
        match self {
            Self::Pairs => 150.0,
            Self::Lines => 60.0,
            Self::Areas => 0.0,
        }
    }
}

impl ShiftEvidence {
    /// Sums up distances, given by comparison and hypothesis; `None` for none.
    pub(super) fn new<const N: usize>(
        source: EvidenceSource,
        hypotheses: &[Hypothesis],
        distances_m: &[[f64; N]],
        layers: Vec<String>,
    ) -> Option<Self> {
        let near_m = source.near_m();
        let fit = |(index, &hypothesis): (usize, &Hypothesis)| {
            let distances = || distances_m.iter().map(|each| each[index]);
            Some(Fit {
                hypothesis,
                near: distances().filter(|distance| *distance <= near_m).count() as u64,
                median_m: offset::median(distances())?.round(),
            })
        };
        let fits: Option<Vec<Fit>> = hypotheses.iter().enumerate().map(fit).collect();
        Some(Self {
            source,
            compared: distances_m.len() as u64,
            layers,
            near_m,
            fits: fits?,
        })
    }

    /// A sentence that sets a hypothesis against the declaration.
    pub(super) fn sentence(&self, declared: Datum, hypothesis: Hypothesis) -> String {
        let (near, compared) = (self.near_m, self.compared);
        let of_it = self.fits.iter().find(|fit| fit.hypothesis == hypothesis);
        let as_declared = self.fits.iter().find(|fit| fit.hypothesis == Hypothesis::AsDeclared);
        let place = match self.source {
            EvidenceSource::Pairs => format!("within {near:.0} m of there"),
            EvidenceSource::Lines => format!("within {near:.0} m of a border, shore, river or road"),
            EvidenceSource::Areas => "on land and in the area they state".to_owned(),
        };
        let subject = match self.source {
            EvidenceSource::Pairs => format!("{compared} features are also in {}", self.layers.join(", ")),
            EvidenceSource::Lines => format!("{compared} positions on outlines"),
            EvidenceSource::Areas => format!("{compared} points"),
        };
        let label = |fit: &Fit| fit.hypothesis.label(declared);
        let rival = of_it.filter(|fit| fit.hypothesis != Hypothesis::AsDeclared);
        match (rival, as_declared) {
            (Some(fit), Some(other)) => {
                format!(
                    "{subject}: {} {place} as {}, {} as {}",
                    fit.near,
                    label(fit),
                    other.near,
                    label(other)
                )
            }
            (Some(fit), None) | (None, Some(fit)) => format!("{subject}: {} {place} as {}", fit.near, label(fit)),
            (None, None) => subject,
        }
    }
}
