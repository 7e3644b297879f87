//! The second look at every answer: a route's line against the closures and the zones.
//!
//! Owns a check that shares nothing with the search but the data: it takes the line as it will be drawn, the shapes of closed stretches
//! and the polygons of zones, and neither costs nor hierarchy nor spans. Whoever is told to drive somewhere is told by the line,
//! so the line is what must be right.
//!
//! - No line between two bends of a closed road may be part of the route, unless an open road has the very same one. Where the
//!   route begins or ends within such a line, the road under its middle must be open.
//! - A route that is called safe must not lie in a zone that its mode must not enter. It is looked at about every
//!   [20 m](SAMPLE_M); what is in a zone for less than [2 m](WITHIN_M) around is an edge.

use std::collections::HashSet;

use super::{
    Effect, Network, StretchId, Traits,
    explain::ZoneRef,
    place::{between, short_m},
    route::{Route, Scene},
    snap::project,
};
use crate::{
    geometry::{LonLat, geodesic::chord::ecef},
    units::Metres,
};

/// How far apart the places are that are looked at.
const SAMPLE_M: f64 = 20.0;

/// How far around a place a zone must reach along the line.
const WITHIN_M: f64 = 2.0;

/// A line lies on a road if its middle is this near.
const ON_ROAD_M: f64 = 0.05;

/// Positions are the same up to this: two centimetres.
const SAME_DEG: f64 = 2e-7;

/// The check does not agree with the search.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Disagreement {
    /// The route leads over a closed road.
    #[error("it leads over a closed road at {at}")]
    Closed {
        /// Where.
        at: LonLat,
    },
    /// The route is called safe and is not.
    #[error("it is called safe and lies in a zone at {at}")]
    Danger {
        /// Where.
        at: LonLat,
        /// In which zone.
        zone: ZoneRef,
    },
}

/// The lines of closed roads of one mode, from bend to bend. 20 bytes a line. Made once for a situation.
#[derive(Debug, Default)]
pub(super) struct ClosedLines {
    stretches: HashSet<StretchId>,
    lines: HashSet<[[i32; 2]; 2]>,
}

impl ClosedLines {
    /// The lines of stretches that no open stretch has too. O(bends of the stretches, and of those at their ends).
    pub(super) fn of(network: &Network, closed: impl Iterator<Item = StretchId>) -> Self {
        let stretches: HashSet<StretchId> = closed.collect();
        let mut lines: HashSet<_> = stretches.iter().flat_map(|&stretch| lines(network, stretch)).collect();
        let ends = stretches.iter().flat_map(|&stretch| network.ends(stretch));
        let beside = ends.flat_map(|node| network.leaving(node)).map(|arc| arc.stretch());
        for open in beside.filter(|other| !stretches.contains(other)) {
            for line in self::lines(network, open) {
                lines.remove(&line);
            }
        }
        Self { stretches, lines }
    }
}

fn lines(network: &Network, stretch: StretchId) -> impl Iterator<Item = [[i32; 2]; 2]> {
    let next = network.shape(stretch).skip(1);
    network.shape(stretch).zip(next).filter_map(|(from, to)| key(from, to))
}

/// A line by its ends, whichever way it is driven; none without length.
fn key(from: LonLat, to: LonLat) -> Option<[[i32; 2]; 2]> {
    let [a, b] = [from, to].map(|end| [end.lon(), end.lat()].map(|degrees| (degrees * 1e7).round() as i32));
    (a != b).then(|| if a < b { [a, b] } else { [b, a] })
}

/// Looks at a route once more.
///
/// # Errors
/// What is wrong with it, the first thing found.
pub(super) fn verify(scene: &Scene<'_>, route: &Route) -> Result<(), Disagreement> {
    let is_stop = |point: LonLat| {
        let near = |a: f64, b: f64| (a - b).abs() < SAME_DEG;
        let mut stops = route.stops.iter().map(|stop| stop.position);
        stops.any(|stop| near(stop.lon(), point.lon()) && near(stop.lat(), point.lat()))
    };
    for pair in route.line.windows(2) {
        check_open(scene, pair[0], pair[1], is_stop(pair[0]) || is_stop(pair[1]))?;
    }
    if route.safe && !scene.situation.zones.is_empty() {
        check_safe(scene, route)?;
    }
    Ok(())
}

fn check_open(scene: &Scene<'_>, from: LonLat, to: LonLat, is_cut: bool) -> Result<(), Disagreement> {
    let closed = scene.weights.closed();
    if closed.stretches.is_empty() {
        return Ok(());
    }
    let at = between(from, to, 0.5);
    if key(from, to).is_some_and(|line| closed.lines.contains(&line)) {
        return Err(Disagreement::Closed { at });
    }
    let network = scene.router.network();
    if !is_cut {
        return Ok(());
    }
    let (mut on_closed, mut on_open) = (false, false);
    for stretch in scene.router.snapper().around(at, Metres(1.0)) {
        if project(network, stretch, at).distance.0 <= ON_ROAD_M {
            if closed.stretches.contains(&stretch) {
                on_closed = true;
            } else {
                on_open = true;
            }
        }
    }
    if on_closed && !on_open {
        Err(Disagreement::Closed { at })
    } else {
        Ok(())
    }
}

fn check_safe(scene: &Scene<'_>, route: &Route) -> Result<(), Disagreement> {
    let network = scene.router.network();
    for piece in &route.pieces {
        let (line, _) = super::route::line(scene.router, std::slice::from_ref(piece));
        let traits = network.traits(piece.arc.stretch());
        for pair in line.windows(2) {
            let length = short_m(&ecef(pair[0]), &ecef(pair[1]));
            if length < 2.0 * WITHIN_M {
                continue;
            }
            let count = (length / SAMPLE_M).ceil();
            let beside = WITHIN_M / length;
            for sample in 0..count as u32 {
                let share = (f64::from(sample) + 0.5) / count;
                let at = [share - beside, share, share + beside].map(|share| between(pair[0], pair[1], share));
                if let Some(zone) = forbidden_over(scene, traits, at) {
                    return Err(Disagreement::Danger { at: at[1], zone });
                }
            }
        }
    }
    Ok(())
}

/// A zone over all of these places that the mode must not enter on a road with these traits.
fn forbidden_over(scene: &Scene<'_>, traits: Traits, places: [LonLat; 3]) -> Option<ZoneRef> {
    let effects = scene.situation.effects;
    scene.situation.zones.iter().enumerate().find_map(|(layer, zones)| {
        let mut over = zones.over(places[1]);
        let zone = over.find(|&zone| {
            let facts = &zones.zones()[zone];
            let effect = effects.effect(facts.kind, facts.band, facts.depth_m, scene.weights.mode());
            matches!(effect, Effect::Forbidden(_))
                && effects.reaches(facts.kind, traits)
                && zones.covers(zone, places[0])
                && zones.covers(zone, places[2])
        });
        zone.map(|zone| (layer, zone))
    })
}
