//! Why a route is as it is: what it crosses, and what it avoids.

use std::collections::BTreeMap;

use super::{
    ClosureId, Cost, Effect, Place,
    route::{Piece, Scene},
    zone::ZoneFacts,
};
use crate::{
    geometry::LonLat,
    units::{Metres, Seconds},
};

/// A zone by its places: that of its layer among the situation's, and its own in the layer.
pub type ZoneRef = (usize, usize);

/// A zone that a route leads through.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossed {
    /// Which.
    pub zone: ZoneRef,
    /// What it is.
    pub facts: ZoneFacts,
    /// What it does to this mode.
    pub effect: Effect,
    /// How much of the route lies in it.
    pub distance: Metres,
    /// Where the route first comes into it, or starts in it.
    pub at: LonLat,
}

/// Something on the fastest way that the route avoids.
#[derive(Debug, Clone, PartialEq)]
pub struct Avoided {
    /// What.
    pub what: Obstacle,
    /// How much of the fastest way lies in it and not of the route.
    pub distance: Metres,
    /// Where the fastest way first meets it.
    pub at: LonLat,
    /// How much longer the route takes than the fastest way, because of all that it avoids and crosses together.
    pub detour: Seconds,
}

/// What can be avoided.
#[derive(Debug, Clone, PartialEq)]
pub enum Obstacle {
    /// A closure.
    Closure(ClosureId),
    /// A hazard zone.
    Zone {
        /// Which.
        zone: ZoneRef,
        /// What it is.
        facts: ZoneFacts,
        /// What it does to this mode.
        effect: Effect,
    },
}

/// How much of a way lies in something, and where it begins.
struct Met {
    metres: f64,
    at: LonLat,
}

/// The zones that pieces lead through and that do something, the most dangerous first and then the longest.
pub(super) fn crossed(scene: &Scene<'_>, pieces: &[Piece]) -> Vec<Crossed> {
    let mut met: BTreeMap<ZoneRef, Met> = BTreeMap::new();
    for piece in pieces {
        meet_zones(scene, *piece, &mut met);
    }
    let mut crossed: Vec<Crossed> = met
        .into_iter()
        .map(|(zone, met)| {
            let facts = scene.situation.zones[zone.0].zones()[zone.1];
            Crossed {
                zone,
                facts,
                effect: effect(scene, &facts),
                distance: Metres(met.metres),
                at: met.at,
            }
        })
        .collect();
    let danger = |crossed: &Crossed| match crossed.effect {
        Effect::Forbidden(weight) => weight * 1e6,
        Effect::Slow(factor) => factor,
        Effect::Ignore => 0.0,
    };
    crossed.sort_by(|a, b| {
        danger(b)
            .total_cmp(&danger(a))
            .then(b.distance.0.total_cmp(&a.distance.0))
    });
    crossed
}

fn effect(scene: &Scene<'_>, facts: &ZoneFacts) -> Effect {
    scene
        .situation
        .effects
        .effect(facts.kind, facts.band, facts.depth_m, scene.weights.mode())
}

fn meet_zones(scene: &Scene<'_>, piece: Piece, met: &mut BTreeMap<ZoneRef, Met>) {
    let network = scene.router.network();
    let stretch = piece.arc.stretch();
    let backward = piece.arc.is_backward();
    let [low, high] = if backward {
        [1.0 - piece.to, 1.0 - piece.from]
    } else {
        [piece.from, piece.to]
    };
    for (layer, zones) in scene.situation.zones.iter().enumerate() {
        for span in zones.on(stretch) {
            let facts = &zones.zones()[span.zone as usize];
            let reaches = scene.situation.effects.reaches(facts.kind, network.traits(stretch));
            let (from, to) = (span.from.max(low), span.to.min(high));
            if !reaches || from >= to || effect(scene, facts) == Effect::Ignore {
                continue;
            }
            let entry = met.entry((layer, span.zone as usize)).or_insert_with(|| {
                let fraction = if backward { to } else { from };
                Met {
                    metres: 0.0,
                    at: Place { stretch, fraction }.position(network),
                }
            });
            entry.metres += (to - from) * network.length_m(stretch);
        }
    }
}

/// What the pieces of the fastest way meet and the route does not, closures first.
pub(super) fn avoided(
    scene: &Scene<'_>,
    free: &[Piece],
    crossed: &[Crossed],
    cost: Cost,
    free_cost: Cost,
) -> Vec<Avoided> {
    let detour = Seconds((cost.time_ms() as f64 - free_cost.time_ms() as f64) / 1e3);
    let avoid = |what, met: Met| Avoided {
        what,
        distance: Metres(met.metres),
        at: met.at,
        detour,
    };
    let closures = meet_closures(scene, free);
    let mut avoided: Vec<Avoided> = closures
        .into_iter()
        .map(|(id, met)| avoid(Obstacle::Closure(id), met))
        .collect();
    for on_free in self::crossed(scene, free) {
        let still = crossed
            .iter()
            .find(|other| other.zone == on_free.zone)
            .map_or(0.0, |other| other.distance.0);
        let metres = on_free.distance.0 - still;
        // Metres that differ only by where the line was cut are not worth a word.
        if metres > 0.5 {
            let what = Obstacle::Zone {
                zone: on_free.zone,
                facts: on_free.facts,
                effect: on_free.effect,
            };
            avoided.push(avoid(what, Met { metres, at: on_free.at }));
        }
    }
    avoided
}

fn meet_closures(scene: &Scene<'_>, pieces: &[Piece]) -> BTreeMap<ClosureId, Met> {
    let network = scene.router.network();
    let mode = scene.weights.mode();
    let mut met: BTreeMap<ClosureId, Met> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| !scene.weights.metric().is_open(piece.arc)) {
        let stretch = piece.arc.stretch();
        let closures = scene
            .situation
            .closures
            .iter()
            .filter(|(_, closure)| closure.holds_for(mode));
        for (id, _) in closures.filter(|(_, closure)| closure.caught.binary_search(&stretch).is_ok()) {
            let fraction = if piece.arc.is_backward() {
                1.0 - piece.from
            } else {
                piece.from
            };
            let at = || Met {
                metres: 0.0,
                at: Place { stretch, fraction }.position(network),
            };
            met.entry(*id).or_insert_with(at).metres += network.length_m(stretch) * (piece.to - piece.from);
        }
    }
    met
}
