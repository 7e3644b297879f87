//! A way in three numbers: how far, how long, and whether through danger.

use super::{Place, Router, Weights, search::Search};
use crate::units::{Metres, Seconds};

/// What is told of a way by road where its course is not asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoadWay {
    /// Its length.
    pub distance: Metres,
    /// How long it takes.
    pub duration: Seconds,
    /// Whether it leads through no zone that should not be entered.
    pub safe: bool,
}

impl Router {
    /// The way of least cost from a place to another, in short; `None` where there is none. As long as [`Self::way`], which finds it.
    pub fn road_way(&self, weights: &Weights, search: &mut Search, from: Place, to: Place) -> Option<RoadWay> {
        let (pieces, cost) = self.way(weights, search, from, to)?;
        let network = self.network();
        let lengths = pieces
            .iter()
            .map(|piece| network.length_m(piece.arc.stretch()) * (piece.to - piece.from));
        Some(RoadWay {
            distance: Metres(lengths.sum()),
            duration: Seconds(cost.time_ms() as f64 / 1e3),
            safe: cost.danger() == 0,
        })
    }
}
