//! The shift detector: do the converted positions lie where the pack says that the same things are?
//!
//! Owns the question whether a file is in another datum than the one declared, asked before anything is stored.
//! Conversion itself is [`crate::geometry::datum`]'s part; single features that lie wrong are not looked for here.
//!
//! GCJ-02 and BD-09 move a position by a known vector, so that every mistake predicts exactly where each feature would
//! truly be. The steps:
//!
//! 1. **sample** takes a bounded, deterministic choice of the new layer's features;
//! 2. **hypothesis** lists the mistakes that the declared datum leaves room for;
//! 3. **pairs** finds the same features in the layer that is replaced and in other layers, by id and by name;
//! 4. **lines** measures how far outlines and lines run from the pack's borders, shores and rivers;
//! 5. **areas** measures how far points lie outside the area that they state, or in the sea;
//! 6. **scores** turns distances into log-likelihoods and compares hypotheses with a test whose error is bounded;
//! 7. **verdict** decides, or says why it cannot: without evidence there is no alarm.
//!
//! Layers and features that are made up are no reference, but for the version that is replaced: its positions are what
//! was stored.

mod areas;
mod detect;
mod evidence;
mod hypothesis;
mod lines;
mod offset;
mod pairs;
mod report;
mod sample;
mod scores;
mod verdict;

pub(super) use detect::{Task, detect};
pub use evidence::{EvidenceSource, Fit, ShiftEvidence};
pub use hypothesis::Hypothesis;
pub use report::{ShiftReport, ShiftVerdict};

#[cfg(test)]
mod tests;
