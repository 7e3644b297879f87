//! The order of the steps: what is measured against what.

use std::path::Path;

use geo_types::Rect;

use super::{
    areas::{self, Grounds},
    evidence::{EvidenceSource, ShiftEvidence},
    hypothesis::Hypothesis,
    lines::{self, Lines, LinesBuilder},
    offset::Offset,
    pairs::{Matcher, Pair},
    report::ShiftReport,
    sample::{self, Feature, Sample},
    scores::{self, Each, Noise},
    verdict::Measured,
};
use crate::{
    catalog::{Faults, Id, LayerManifest, LayerWalk, Region, Role},
    geometry::{Datum, LonLat},
};

/// References are taken from so far around the sample, degrees: more than [`lines::REACH_M`] and the largest shift.
const MARGIN_DEG: f64 = 0.06;

/// What is to be judged, and against what.
pub(in crate::import) struct Task<'a> {
    /// The pack; a layer of the new one's id in it is passed by.
    pub(in crate::import) region: &'a Region,
    /// The new layer's entry and its file.
    pub(in crate::import) layer: (&'a LayerManifest, &'a Path),
    /// The layer that it replaces.
    pub(in crate::import) replaced: Option<(&'a LayerManifest, &'a Path)>,
    /// What the coordinates were converted from.
    pub(in crate::import) declared: Datum,
}

/// Judges a layer before it is stored; `None` where the pack holds nothing else. One reading of the new file and of the
/// one it replaces, and within 0.5 s for what is compared.
///
/// # Errors
/// A layer file cannot be read.
pub(in crate::import) fn detect(task: &Task<'_>) -> Result<Option<ShiftReport>, Faults> {
    let (entry, path) = task.layer;
    let has_others = task.region.layers.iter().any(|layer| *layer.id() != entry.id);
    if !has_others && task.replaced.is_none() {
        return Ok(None);
    }
    let sample = Sample::of(entry, path)?;
    let Some(window) = sample.window(MARGIN_DEG) else {
        return Ok(None);
    };
    let mut matcher = Matcher::new(&sample);
    let mut lines = LinesBuilder::new(window);
    if let Some((old, path)) = task.replaced {
        let has_ids = sample::has_ids(old);
        LayerWalk::new(old, path).each(|walked| {
            lines.add(&walked.geometry);
            if let Some(known) = Feature::new(&walked, has_ids) {
                matcher.offer_earlier(&known);
            }
        })?;
        matcher.end_layer(&old.id);
    }
    matcher.search(task.region, &entry.id);
    let references = References::new(task.region, &entry.id, lines, window);
    Ok(Some(judge(&sample, &matcher, &references, task.declared)))
}

/// What does not move: the pack's lines and grounds.
pub(super) struct References<'r> {
    lines: Lines,
    grounds: Grounds<'r>,
}

impl<'r> References<'r> {
    /// Takes borders, base map and roads of all layers but one into what `lines` holds already; what is made up is no
    /// reference.
    pub(super) fn new(region: &'r Region, skip: &Id, mut lines: LinesBuilder, window: Rect<f64>) -> Self {
        for layer in &region.layers {
            let drawn = matches!(layer.role(), Role::AdminArea | Role::Reference | Role::Road);
            if drawn && layer.id() != skip && !layer.manifest().synthetic {
                layer.geometries().iter().for_each(|geometry| lines.add(geometry));
            }
        }
        Self {
            lines: lines.finish(),
            grounds: Grounds::new(region, skip, window),
        }
    }
}

/// Judges a sample.
pub(super) fn judge(
    sample: &Sample,
    matcher: &Matcher<'_>,
    references: &References<'_>,
    declared: Datum,
) -> ShiftReport {
    let hypotheses = Hypothesis::apart(declared, &sample.places());
    let pairs = matcher.pairs();
    let residuals: Vec<Vec<Offset>> = hypotheses
        .iter()
        .map(|hypothesis| residuals(&pairs, *hypothesis, declared))
        .collect();
    let pair_distances_m = by_pair(&residuals, pairs.len());
    let measured = Measured {
        pair_blocks: scores::log_likelihoods(&pair_distances_m, hypotheses.len(), Noise::Points),
        lines: lines::compare(sample, &references.lines, declared, &hypotheses),
        areas: areas::compare(sample, &references.grounds, declared, &hypotheses),
        pair_distances_m,
        residuals,
        hypotheses,
    };
    ShiftReport::new(&measured, evidence(&measured, matcher), &sample.places(), declared)
}

fn residuals(pairs: &[Pair], hypothesis: Hypothesis, declared: Datum) -> Vec<Offset> {
    let residual = |pair: &Pair| Offset::between(pair.there, hypothesis.correct(declared, pair.here));
    pairs.iter().map(residual).collect()
}

fn by_pair(residuals: &[Vec<Offset>], count: usize) -> Vec<Each> {
    let mut all = vec![Each::default(); count];
    for (hypothesis, offsets) in residuals.iter().enumerate() {
        for (each, offset) in all.iter_mut().zip(offsets) {
            each[hypothesis] = offset.length_m();
        }
    }
    all
}

fn evidence(measured: &Measured, matcher: &Matcher<'_>) -> Vec<ShiftEvidence> {
    let Measured {
        hypotheses,
        pair_distances_m,
        lines,
        areas,
        ..
    } = measured;
    // One hypothesis has nothing to be set against on the ground and along lines.
    let inside: &[Each] = if hypotheses.len() > 1 { &areas.outside_m } else { &[] };
    let along: &[Each] = if hypotheses.len() > 1 { &lines.distances_m } else { &[] };
    let layers = matcher.layers.iter().map(|(layer, _)| layer.clone());
    [
        ShiftEvidence::new(EvidenceSource::Pairs, hypotheses, pair_distances_m, layers.collect()),
        ShiftEvidence::new(EvidenceSource::Lines, hypotheses, along, Vec::new()),
        ShiftEvidence::new(EvidenceSource::Areas, hypotheses, inside, Vec::new()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The median of what a hypothesis says of the displacement at these places.
pub(super) fn predicted(hypothesis: Hypothesis, declared: Datum, places: &[LonLat]) -> Option<Offset> {
    let offsets: Vec<Offset> = places
        .iter()
        .map(|&place| hypothesis.predicted(declared, place))
        .collect();
    Offset::median(&offsets)
}
