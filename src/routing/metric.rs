//! The metric: what every arc costs a mode now.
//!
//! Owns costs ([`Cost`]) and how they follow from the network's travel times, the hazard zones on the roads and the closures
//! ([`Metric`]). Takes plain sources: which zones count and which stretches are closed is the caller's decision.
//!
//! - A **closure** forbids: an arc of a closed stretch costs [`Cost::NEVER`], as does one the mode may not use.
//! - A **zone** acts on the part of a stretch that it covers. Where it slows, that part takes longer; where it forbids, the part is
//!   danger ([`Effect::Forbidden`]) and takes its usual time. Where zones overlap, the worst effect counts, once.

mod cost;

pub use cost::Cost;

use std::{collections::HashMap, ops::Range, sync::Arc};

use super::{
    ArcId, Closure, ClosureId, Effect, EffectTable, Mode, Network, Place, StretchId, Vehicle,
    zone::{Span, ZoneLayer},
};

/// What there is beside the network.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// What zones do.
    pub effects: &'a EffectTable,
    /// The zones that count.
    pub zones: &'a [&'a ZoneLayer],
    /// The closures that hold, whatever the mode.
    pub closures: &'a [(ClosureId, Arc<Closure>)],
}

/// The costs of all arcs for one mode in one situation. Immutable, shared. 16 bytes a stretch, and some more for those that zones
/// cover in part.
#[derive(Debug, Clone)]
pub struct Metric {
    mode: Mode,
    /// By arc.
    costs: Vec<Cost>,
    /// The pieces of stretches that zones act on, in forward direction.
    pieces: Vec<Piece>,
    affected: HashMap<StretchId, Range<usize>>,
}

/// A part of a stretch on which one effect acts; the parts of a stretch follow each other from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    to: f64,
    effect: Effect,
}

impl Metric {
    /// The metric of a mode where nothing is closed and nothing threatens. A road whose limits a lorry would break
    /// ([`Vehicle::LORRY`]) is closed to lorries.
    pub fn free(network: &Network, mode: Mode) -> Self {
        let arcs = (0..network.arc_count() as u32).map(ArcId);
        let cost = |arc| free_duration_ms(network, arc, mode).map_or(Cost::NEVER, Cost::time);
        Self {
            mode,
            costs: arcs.map(cost).collect(),
            pieces: Vec::new(),
            affected: HashMap::new(),
        }
    }

    /// The metric of a mode in a situation. O(arcs + spans log spans of one stretch).
    pub fn new(network: &Network, mode: Mode, situation: Situation<'_>) -> Self {
        let mut metric = Self::free(network, mode);
        for (stretch, spans) in affected(network, mode, situation) {
            let from = metric.pieces.len();
            cut(&spans, &mut metric.pieces);
            metric.affected.insert(stretch, from..metric.pieces.len());
            for arc in [stretch.forward(), stretch.backward()] {
                metric.costs[arc.index()] = metric.part(network, arc, 0.0, 1.0);
            }
        }
        let closures = situation.closures.iter().map(|(_, closure)| closure);
        let closed = closures
            .filter(|closure| closure.holds_for(mode))
            .flat_map(|closure| &closure.caught);
        for stretch in closed {
            for arc in [stretch.forward(), stretch.backward()] {
                metric.costs[arc.index()] = Cost::NEVER;
            }
        }
        metric
    }

    /// The mode.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// What it costs to pass an arc.
    pub fn cost(&self, arc: ArcId) -> Cost {
        self.costs[arc.index()]
    }

    /// Whether an arc can be passed at all.
    pub fn is_open(&self, arc: ArcId) -> bool {
        !self.cost(arc).is_never()
    }

    /// What it costs to pass an arc from one place on it to another, both as fractions in the arc's direction. From 0 to 1 it
    /// is [`Metric::cost`]. Danger is rounded up, time to the nearest millisecond.
    pub fn part(&self, network: &Network, arc: ArcId, from: f64, to: f64) -> Cost {
        let Some(whole_ms) = network.duration_ms(arc, self.mode).filter(|_| self.is_open(arc)) else {
            return Cost::NEVER;
        };
        let [low, high] = if arc.is_backward() {
            [1.0 - to, 1.0 - from]
        } else {
            [from, to]
        };
        let (mut time, mut danger) = (0.0, 0.0);
        for (share, effect) in self.effects(arc.stretch(), low, high) {
            let (slow, per_metre) = match effect {
                Effect::Ignore => (1.0, 0.0),
                Effect::Slow(factor) => (factor, 0.0),
                Effect::Forbidden(weight) => (1.0, weight),
            };
            time += share * slow;
            danger += share * per_metre;
        }
        let danger_m = danger * network.length_m(arc.stretch());
        Cost::new(danger_m.ceil() as u64, (time * f64::from(whole_ms)).round() as u64)
    }

    /// What it costs from a place on an arc to the arc's end.
    pub fn rest(&self, network: &Network, arc: ArcId, place: Place) -> Cost {
        self.part(network, arc, place.along(arc), 1.0)
    }

    /// What it costs from an arc's beginning to a place on it.
    pub fn up_to(&self, network: &Network, arc: ArcId, place: Place) -> Cost {
        self.part(network, arc, 0.0, place.along(arc))
    }

    /// The effects on a stretch between two fractions in forward direction, each with its share of the whole stretch.
    pub(super) fn effects(&self, stretch: StretchId, low: f64, high: f64) -> impl Iterator<Item = (f64, Effect)> {
        let pieces = self
            .affected
            .get(&stretch)
            .map_or(&[][..], |range| &self.pieces[range.clone()]);
        let whole = pieces.is_empty().then_some(Piece {
            to: 1.0,
            effect: Effect::Ignore,
        });
        let mut begin = 0.0;
        pieces.iter().copied().chain(whole).filter_map(move |piece| {
            let share = piece.to.min(high) - f64::max(begin, low);
            begin = piece.to;
            (share > 0.0).then_some((share, piece.effect))
        })
    }
}

/// How long an arc takes where nothing is closed and nothing threatens, milliseconds; `None` where the mode may not use it,
/// or a lorry does not fit.
pub(super) fn free_duration_ms(network: &Network, arc: ArcId, mode: Mode) -> Option<u32> {
    let fits = || mode != Mode::Truck || Vehicle::LORRY.keeps(network.limits(arc.stretch()));
    network.duration_ms(arc, mode).filter(|_| fits())
}

/// The stretches that zones act on, and how, by stretch.
fn affected(network: &Network, mode: Mode, situation: Situation<'_>) -> HashMap<StretchId, Vec<(Span, Effect)>> {
    let mut affected: HashMap<StretchId, Vec<(Span, Effect)>> = HashMap::new();
    for layer in situation.zones {
        let zones = layer.zones().iter();
        let effects: Vec<Effect> = zones
            .map(|zone| situation.effects.effect(zone.kind, zone.band, zone.depth_m, mode))
            .collect();
        for span in layer.spans() {
            let zone = span.zone as usize;
            let reaches = situation
                .effects
                .reaches(layer.zones()[zone].kind, network.traits(span.stretch));
            if reaches && effects[zone] != Effect::Ignore {
                affected.entry(span.stretch).or_default().push((*span, effects[zone]));
            }
        }
    }
    affected
}

/// Cuts a stretch where spans begin and end, and gives each piece the worst effect there.
fn cut(spans: &[(Span, Effect)], pieces: &mut Vec<Piece>) {
    let mut cuts: Vec<f64> = spans
        .iter()
        .flat_map(|(span, _)| [span.from, span.to])
        .chain([0.0, 1.0])
        .collect();
    cuts.sort_unstable_by(f64::total_cmp);
    cuts.dedup();
    for ends in cuts.windows(2) {
        let over = spans
            .iter()
            .filter(|(span, _)| span.from <= ends[0] && span.to >= ends[1]);
        let effect = over.fold(Effect::Ignore, |worst, (_, effect)| worst.worse(*effect));
        pieces.push(Piece { to: ends[1], effect });
    }
}

#[cfg(test)]
mod tests {
    use geo_types::polygon;

    use super::*;
    use crate::{
        catalog::HazardKind,
        hazards::Band,
        routing::{
            Limits, Snapper, Stretch, Traits, Zone,
            testing::{at, closing},
        },
    };

    /// A street of 1 km from west to east, and the bridge and the tunnel in the same place.
    fn streets() -> Network {
        let mut builder = Network::builder();
        for traits in [Traits::NONE, Traits::BRIDGE, Traits::TUNNEL] {
            let ends = [builder.add_node(at(0.0, 0.0)), builder.add_node(at(10.0, 0.0))];
            builder.add_stretch(&Stretch {
                traits,
                ..Stretch::street(ends, 100_000)
            });
        }
        builder.build().unwrap()
    }

    /// A zone over a part of the streets.
    fn zone(kind: HazardKind, band: Band, from: f64, to: f64) -> Zone {
        let [a, b] = [at(from, -1.0), at(to, 1.0)];
        let polygon = polygon![(x: a.lon(), y: a.lat()), (x: b.lon(), y: a.lat()), (x: b.lon(), y: b.lat()), (x: a.lon(), y: b.lat())];
        Zone {
            kind,
            band,
            depth_m: None,
            row: 0,
            polygons: vec![polygon],
        }
    }

    #[test]
    fn a_low_bridge_is_closed_to_lorries_only() {
        let mut builder = Network::builder();
        let ends = [builder.add_node(at(0.0, 0.0)), builder.add_node(at(10.0, 0.0))];
        for max_height_cm in [Some(350), Some(400), None] {
            let limits = Limits {
                max_height_cm,
                ..Limits::NONE
            };
            builder.add_stretch(&Stretch {
                limits,
                ..Stretch::street(ends, 60_000)
            });
        }
        let network = builder.build().unwrap();
        let open = |mode| {
            let metric = Metric::free(&network, mode);
            network
                .stretches()
                .map(|stretch| metric.is_open(stretch.forward()))
                .collect::<Vec<_>>()
        };
        assert_eq!(open(Mode::Truck), [false, true, true]);
        assert_eq!(open(Mode::Car), [true; 3]);
        let low = StretchId(0).forward();
        assert_eq!(
            Metric::free(&network, Mode::Truck).part(&network, low, 0.2, 0.3),
            Cost::NEVER
        );
    }

    #[test]
    fn zones_act_on_what_they_cover_and_closures_on_all() {
        let network = streets();
        let snapper = Snapper::build(&network);
        let effects = EffectTable::parse("").unwrap();
        let layer = ZoneLayer::build(
            &network,
            &snapper,
            &[
                zone(HazardKind::Flood, Band::Low, 2.0, 6.0),
                zone(HazardKind::Flood, Band::High, 5.0, 7.5),
            ],
        );
        let zones = [&layer];
        let closed = [(ClosureId(1), Arc::new(closing(vec![StretchId(2)])))];
        let metric = Metric::new(
            &network,
            Mode::Car,
            Situation {
                effects: &effects,
                zones: &zones,
                closures: &closed,
            },
        );
        let [street, bridge, tunnel] = [0, 1, 2].map(|stretch| StretchId(stretch).forward());
        let cost = metric.cost(street);
        // Three tenths slowed by two, two and a half forbidden with weight four.
        assert_eq!(cost.time_ms(), 130_000);
        let metres = network.length_m(StretchId(0));
        assert_eq!(cost.danger(), (metres * 0.25 * 4.0).ceil() as u64);
        assert_eq!(metric.cost(street.reversed()), cost);
        assert_eq!(metric.part(&network, street, 0.0, 0.3), Cost::new(0, 40_000));
        assert_eq!(
            metric.part(&network, street.reversed(), 0.0, 0.25),
            Cost::new(0, 25_000)
        );
        assert_eq!(metric.part(&network, street.reversed(), 0.25, 0.30).time_ms(), 5_000);
        assert_eq!(metric.cost(bridge), Cost::time(100_000), "the water is below");
        assert_eq!(metric.cost(tunnel), Cost::NEVER);
        assert_eq!(metric.part(&network, tunnel, 0.5, 0.6), Cost::NEVER);
        let place = Place {
            stretch: StretchId(0),
            fraction: 0.8,
        };
        assert_eq!(metric.rest(&network, street, place), Cost::time(20_000));
        assert_eq!(metric.up_to(&network, street.reversed(), place), Cost::time(20_000));
    }
}
