//! Networks for tests: small, seeded, with everything that makes routing hard.

use geo_types::Rect;
use jiff::Timestamp;

use super::{ArcId, Area, Closure, Mode, Network, NodeId, Restriction, RestrictionKind, Stretch, StretchId, Zone};
use crate::{catalog::HazardKind, geometry::LonLat, hazards::Band};

/// Draws that are the same on every machine (G. Marsaglia: Xorshift RNGs, 2003).
pub(super) struct Draws(u64);

impl Draws {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, below: usize) -> usize {
        (self.bits() >> 11) as usize % below
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn unit(&mut self) -> f64 {
        self.below(1_000_000) as f64 / 1e6
    }
}

/// The position of a node of [`grid`].
pub(super) fn at(x: f64, y: f64) -> LonLat {
    LonLat::new(119.0 + x * 0.001, 26.0 + y * 0.001).unwrap()
}

/// A grid of streets of side × side nodes about 100 m apart, with gaps, one-ways, parallel streets and turn restrictions.
pub(super) fn grid(side: usize, seed: u64) -> Network {
    let mut draws = Draws::new(seed);
    let mut builder = Network::builder();
    let mut nodes = Vec::new();
    for place in 0..side * side {
        let (x, y) = ((place % side) as f64, (place / side) as f64);
        nodes.push(builder.add_node(at(x + draws.unit() * 0.4, y + draws.unit() * 0.4)));
    }
    for place in 0..side * side {
        let right = (place % side + 1 < side).then(|| place + 1);
        let down = (place / side + 1 < side).then(|| place + side);
        for other in [right, down].into_iter().flatten() {
            let ends = if draws.chance(50) {
                [nodes[place], nodes[other]]
            } else {
                [nodes[other], nodes[place]]
            };
            for _ in 0..=usize::from(draws.chance(5)) {
                let time = 1_000 + draws.below(9_000) as u32;
                if draws.chance(90) {
                    let one_way = draws.chance(25);
                    builder.add_stretch(&if one_way {
                        Stretch::one_way(ends, time)
                    } else {
                        Stretch::street(ends, time)
                    });
                }
            }
        }
    }
    let open = builder.build().unwrap();
    restricted(&open, &mut draws)
}

/// The network with turn restrictions over two to four arcs.
fn restricted(network: &Network, draws: &mut Draws) -> Network {
    let mut builder = Network::builder();
    for node in network.nodes() {
        builder.add_node(network.position(node));
    }
    for stretch in network.stretches() {
        let durations =
            Mode::ALL.map(|mode| [false, true].map(|back| network.duration_ms(ArcId::new(stretch, back), mode)));
        builder.add_stretch(&Stretch {
            durations_ms: durations,
            ..Stretch::street(network.ends(stretch), 1)
        });
    }
    for _ in 0..network.node_count() / 3 {
        let mut path = vec![ArcId(draws.below(network.arc_count()) as u32)];
        for _ in 0..=draws.below(3) {
            let next = network.leaving(network.head(path[path.len() - 1]));
            path.push(next[draws.below(next.len())]);
        }
        let kind = if draws.chance(70) {
            RestrictionKind::Forbidden
        } else {
            RestrictionKind::Mandatory
        };
        builder.add_restriction(Restriction {
            modes: [true, draws.chance(80), false],
            kind,
            path,
        });
    }
    builder.build().unwrap()
}

/// Whether a way of arcs obeys every restriction of the mode that leads over nothing but usable arcs.
pub(super) fn obeys(network: &Network, mode: Mode, way: &[ArcId]) -> bool {
    network.restrictions().iter().all(|restriction| {
        let usable = restriction
            .path
            .iter()
            .all(|&arc| network.duration_ms(arc, mode).is_some());
        if !restriction.holds_for(mode) || !usable {
            return true;
        }
        let (last, beginning) = restriction.path.split_last().unwrap();
        way.windows(restriction.path.len()).all(|part| {
            part[..beginning.len()] != *beginning
                || match restriction.kind {
                    RestrictionKind::Forbidden => part[beginning.len()] != *last,
                    RestrictionKind::Mandatory => allows(network, mode, beginning, part[beginning.len()]),
                }
        })
    })
}

/// Whether one of the mandatory turns after just this beginning, or after a shorter one that it ends with, is this one.
fn allows(network: &Network, mode: Mode, beginning: &[ArcId], next: ArcId) -> bool {
    network.restrictions().iter().any(|other| {
        let usable = other.path.iter().all(|&arc| network.duration_ms(arc, mode).is_some());
        let (last, path) = other.path.split_last().unwrap();
        let here = other.holds_for(mode) && usable && other.kind == RestrictionKind::Mandatory;
        here && *last == next && (path.ends_with(beginning) || beginning.ends_with(path))
    })
}

/// A node drawn.
pub(super) fn some_node(network: &Network, draws: &mut Draws) -> NodeId {
    NodeId(draws.below(network.node_count()) as u32)
}

/// A flood that should not be entered, over a rectangle.
pub(super) fn flood(south_west: LonLat, north_east: LonLat) -> Zone {
    Zone {
        kind: HazardKind::Flood,
        band: Band::High,
        depth_m: None,
        row: 0,
        polygons: vec![Rect::new(south_west, north_east).to_polygon()],
    }
}

/// A closure of stretches for everybody and ever.
pub(super) fn closing(caught: Vec<StretchId>) -> Closure {
    Closure {
        area: Area::Ways(Vec::new()),
        caught,
        modes: [true; 3],
        reason: "塌方".to_owned(),
        source: "交警".to_owned(),
        starts: Timestamp::MIN,
        ends: None,
    }
}
