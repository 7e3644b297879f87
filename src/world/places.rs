//! Bringing what has a position to the roads.

use crate::{
    geometry::LonLat,
    routing::{Place, Purpose, Router, Weights, snap::SNAP_LIMIT_M},
    units::Metres,
};

/// Brings points, each with a number, to the open road nearest to each: the numbers of those near one, and where they come to it. The
/// others are farther from any than [`SNAP_LIMIT_M`]. O(n log m).
pub(super) fn on_roads(
    router: &Router,
    weights: &Weights,
    purpose: Purpose,
    points: impl Iterator<Item = (u32, LonLat)>,
) -> (Vec<u32>, Vec<Place>) {
    let placed = points.filter_map(|(number, position)| {
        let snap = router.snap(weights, position, purpose, Metres(SNAP_LIMIT_M)).ok()?;
        Some((number, snap.place))
    });
    placed.unzip()
}
