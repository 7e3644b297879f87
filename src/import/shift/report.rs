//! The verdict as people and programs get it.

use std::fmt::{Display, Formatter, Result as FmtResult};

use serde::Serialize;

use super::{
    detect,
    evidence::{EvidenceSource, ShiftEvidence},
    hypothesis::Hypothesis,
    offset::Offset,
    verdict::{Decision, Doubt, FEWEST, Measured},
};
use crate::{
    geometry::{Datum, LonLat},
    import::{Finding, Severity},
};

/// What the detector makes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftVerdict {
    /// The positions fit what was declared, and nothing else.
    Agrees,
    /// They fit another datum.
    Shifted,
    /// Many fit what was declared, and many another datum.
    Mixed,
    /// Most are displaced alike, by no datum that is known here.
    Offset,
    /// The same features say one thing, borders and shores another.
    Conflict,
    /// The pack cannot tell.
    Undecided,
}

/// Whether the file is in the datum declared, and what says so.
#[derive(Debug, Clone, Serialize)]
pub struct ShiftReport {
    /// What was made of it.
    pub verdict: ShiftVerdict,
    /// How much that weighs.
    pub severity: Severity,
    /// The frame that the file was declared to be in.
    pub declared: Datum,
    /// What it is instead, or in part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hypothesis: Option<Hypothesis>,
    /// What else it may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<Hypothesis>,
    /// How far the positions lie east of where the pack says they are, metres, negative for west: the median of the
    /// same features, or where there are too few what the hypothesis says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_east_m: Option<f64>,
    /// The same to the south, negative for north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_south_m: Option<f64>,
    /// How many comparisons were made.
    pub compared: u64,
    /// What each source says.
    pub evidence: Vec<ShiftEvidence>,
    /// The verdict in a sentence.
    pub summary: String,
}

/// The displacement, and whether it was measured.
#[derive(Clone, Copy)]
struct Displacement {
    median: Offset,
    is_measured: bool,
}

impl ShiftReport {
    /// Puts the verdict into words.
    pub(super) fn new(measured: &Measured, evidence: Vec<ShiftEvidence>, places: &[LonLat], declared: Datum) -> Self {
        let decision = measured.decide();
        let name = |index: usize| {
            measured
                .hypotheses
                .get(index)
                .copied()
                .unwrap_or(Hypothesis::AsDeclared)
        };
        let (verdict, severity, hypothesis, or) = match &decision {
            Decision::Agrees => (ShiftVerdict::Agrees, Severity::Note, None, Vec::new()),
            Decision::Undecided(_) => (ShiftVerdict::Undecided, Severity::Note, None, Vec::new()),
            Decision::Offset => (ShiftVerdict::Offset, Severity::Warning, None, Vec::new()),
            Decision::Conflict { pairs, lines } => {
                let other = if *pairs == 0 { *lines } else { *pairs };
                (ShiftVerdict::Conflict, Severity::Warning, Some(name(other)), Vec::new())
            }
            Decision::Mixed(other) => (ShiftVerdict::Mixed, Severity::Stop, Some(name(*other)), Vec::new()),
            Decision::Shifted { best, others, is_firm } => {
                let severity = if *is_firm { Severity::Stop } else { Severity::Warning };
                let others = others.iter().map(|&other| name(other)).collect();
                (ShiftVerdict::Shifted, severity, Some(name(*best)), others)
            }
        };
        let displacement = displacement(measured, hypothesis, places, declared);
        let mut report = Self {
            verdict,
            severity,
            declared,
            hypothesis,
            or,
            median_east_m: displacement.map(|way| way.median.east_m.round()),
            median_south_m: displacement.map(|way| -way.median.north_m.round()),
            compared: evidence.iter().map(|source| source.compared).sum(),
            evidence,
            summary: String::new(),
        };
        report.summary = match decision {
            Decision::Undecided(doubt) => doubt_in_words(doubt).to_owned(),
            _ => report.summarise(displacement),
        };
        report
    }

    /// The finding that an import tells; none where all is well or nothing is known.
    pub(in crate::import) fn finding(&self) -> Option<Finding> {
        let code = match self.verdict {
            ShiftVerdict::Agrees | ShiftVerdict::Undecided => return None,
            ShiftVerdict::Shifted => "shift_suspected",
            ShiftVerdict::Mixed => "shift_mixed",
            ShiftVerdict::Offset => "offset_suspected",
            ShiftVerdict::Conflict => "shift_contradicted",
        };
        let message = format!("{}: {}. {}", self.summary, self.sentences().join("; "), self.advice());
        Some(match self.severity {
            Severity::Stop => Finding::stop(code, message),
            Severity::Warning => Finding::warning(code, message),
            Severity::Note => Finding::note(code, message),
        })
    }

    fn summarise(&self, displacement: Option<Displacement>) -> String {
        let words = |hypothesis: &Hypothesis| hypothesis.words(self.declared);
        let title = self.declared.title();
        let ways: Vec<String> = self.hypothesis.iter().chain(&self.or).map(words).collect();
        let ways = ways.join(", or ");
        let offset = displacement.map_or(String::new(), |way| {
            let how = if way.is_measured {
                "median offset"
            } else {
                "that is about"
            };
            format!(" ({how} {})", way.median)
        });
        match self.verdict {
            ShiftVerdict::Agrees => format!("the positions agree with the pack as {title}{offset}"),
            ShiftVerdict::Shifted => format!("these positions look like {ways}{offset}"),
            ShiftVerdict::Mixed => {
                format!("some of these positions look like {ways}, others are in {title} as declared")
            }
            ShiftVerdict::Offset => {
                format!("most of these positions are displaced alike{offset}, which no known datum explains")
            }
            ShiftVerdict::Conflict => format!(
                "what these positions are compared with contradicts itself: some of it says {title} as declared, some {ways}"
            ),
            ShiftVerdict::Undecided => String::new(),
        }
    }

    fn sentences(&self) -> Vec<String> {
        let hypothesis = self.hypothesis.unwrap_or(Hypothesis::AsDeclared);
        self.evidence
            .iter()
            .map(|source| source.sentence(self.declared, hypothesis))
            .collect()
    }

    /// What to do.
    fn advice(&self) -> String {
        let remedies: Vec<String> = self
            .hypothesis
            .iter()
            .chain(&self.or)
            .filter_map(|hypothesis| hypothesis.remedy())
            .map(|datum| format!("--datum {}", datum.as_str()))
            .collect();
        let otherwise =
            "if it is the pack's own layers that are shifted, mend those first; --accept stores the file as it is";
        match self.verdict {
            ShiftVerdict::Mixed => {
                "Split the file by where its rows come from and import each part with its own --datum; --accept stores it \
                 as it is"
                    .to_owned()
            }
            ShiftVerdict::Offset | ShiftVerdict::Conflict => {
                "Ask where the coordinates come from, and look at the layer on the map".to_owned()
            }
            _ if remedies.is_empty() => {
                format!("Ask for the file as it was before that conversion and declare its datum; {otherwise}")
            }
            _ => format!("Import it with {}; {otherwise}", remedies.join(" or ")),
        }
    }
}

fn displacement(
    measured: &Measured,
    hypothesis: Option<Hypothesis>,
    places: &[LonLat],
    declared: Datum,
) -> Option<Displacement> {
    let pairs = measured.residuals.first().filter(|pairs| pairs.len() >= FEWEST);
    if let Some(median) = pairs.and_then(|pairs| Offset::median(pairs)) {
        return Some(Displacement {
            median,
            is_measured: true,
        });
    }
    Some(Displacement {
        median: detect::predicted(hypothesis?, declared, places)?,
        is_measured: false,
    })
}

const fn doubt_in_words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Nothing => "the pack holds nothing to compare these positions with",
        Doubt::Few => "the pack holds too little to compare these positions with",
        Doubt::Alike => "what the pack holds fits several datums about equally",
    }
}

impl Display for ShiftReport {
    /// A line for the terminal; what a finding says is not said twice.
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self.verdict {
            ShiftVerdict::Undecided => writeln!(f, "  datum    not checked: {}", self.summary),
            ShiftVerdict::Agrees => {
                let pairs = |source: &&ShiftEvidence| source.source == EvidenceSource::Pairs;
                let features = self.evidence.iter().find(pairs).map_or(0, |source| source.compared);
                let others = self.compared - features;
                writeln!(
                    f,
                    "  datum    checked: {} ({features} features, {others} positions compared)",
                    self.summary
                )
            }
            _ => Ok(()),
        }
    }
}
