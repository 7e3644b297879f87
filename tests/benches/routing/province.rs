//! A road network of a province's size, the same for the same seed: towns of small streets between a net of main roads and
//! motorways. Invented; only its numbers are like those of a province.

use refugia::{
    geometry::LonLat,
    routing::{Network, NodeId, RoadClass, Stretch},
};

/// Draws that are the same on every machine (G. Marsaglia: Xorshift RNGs, 2003).
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) const fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    pub(crate) fn unit(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }
}

/// Degrees between neighbours: some 250 m.
const STEP_DEG: f64 = 0.002_4;

/// About `nodes` nodes and 2.6 arcs each.
pub(crate) fn province(nodes: usize, seed: u64) -> Network {
    let side = (nodes as f64).sqrt().round() as usize;
    let mut draws = Draws::new(seed);
    let mut builder = Network::builder();
    let ids: Vec<NodeId> = (0..side * side)
        .map(|place| {
            let (x, y) = ((place % side) as f64, (place / side) as f64);
            let mut at = |base: f64, line: f64| base + (line + draws.unit() * 0.5) * STEP_DEG;
            builder.add_node(LonLat::new(at(116.0, x), at(23.5, y)).expect("a province on the globe"))
        })
        .collect();
    for place in 0..side * side {
        let (x, y) = (place % side, place / side);
        for (line, other) in [
            (y, (x + 1 < side).then(|| place + 1)),
            (x, (y + 1 < side).then(|| place + side)),
        ] {
            let Some(other) = other else { continue };
            let (class, speed, kept) = match line {
                line if line % 64 == 0 => (RoadClass::Motorway, 28.0, 100),
                line if line % 16 == 0 => (RoadClass::Primary, 17.0, 100),
                line if line % 4 == 0 => (RoadClass::Tertiary, 11.0, 85),
                _ => (RoadClass::Residential, 7.0, 57),
            };
            if draws.below(100) < kept {
                let ends = [ids[place], ids[other]];
                let duration = (250_000.0 / speed * (0.8 + 0.4 * draws.unit())) as u32;
                let on_foot = (class != RoadClass::Motorway).then_some(230_000);
                let street = if draws.below(100) < 8 {
                    Stretch::one_way(ends, duration)
                } else {
                    Stretch::street(ends, duration)
                };
                let mut durations_ms = street.durations_ms;
                durations_ms[2] = [on_foot; 2];
                builder.add_stretch(&Stretch {
                    class,
                    durations_ms,
                    ..street
                });
            }
        }
    }
    builder.build().expect("a network")
}
