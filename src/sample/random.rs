//! Chance that is the same on every machine: a generator for draws in a row, and noise that only depends on the place.

/// `SplitMix64` (G. L. Steele, D. Lea, C. H. Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// In `0..1`.
fn share(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

impl Random {
    /// A stream of its own for each purpose, so that more draws for one do not change another.
    pub(super) const fn new(seed: u64, purpose: u64) -> Self {
        Self(mix(seed ^ mix(purpose.wrapping_mul(GOLDEN))))
    }

    const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// In `0..1`.
    pub(super) fn unit(&mut self) -> f64 {
        share(self.bits())
    }

    /// In `low..high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// In `0..below`; 0 where nothing is below.
    pub(super) fn below(&mut self, below: usize) -> usize {
        (self.bits() % below.max(1) as u64) as usize
    }

    /// One of several things, `None` of nothing.
    pub(super) fn one_of<'t, T>(&mut self, choices: &'t [T]) -> Option<&'t T> {
        choices.get(self.below(choices.len()))
    }
}

/// Noise over the plane: equal places have equal values, near ones near values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise(u64);

impl Noise {
    pub(super) const fn new(seed: u64, purpose: u64) -> Self {
        Self(mix(seed ^ mix(purpose)))
    }

    /// In `0..1`, without any likeness between neighbours.
    pub(super) fn white(self, x: i64, y: i64) -> f64 {
        share(self.hash(x, y))
    }

    const fn hash(self, x: i64, y: i64) -> u64 {
        mix(self.0 ^ mix((x as u64).wrapping_mul(GOLDEN) ^ mix(y as u64)))
    }

    /// In `0..1`, smooth over a distance of about 1, with two finer octaves on it.
    pub(super) fn smooth(self, x: f64, y: f64) -> f64 {
        let octave = |scale: f64, weight: f64| weight * self.octave(x * scale, y * scale);
        octave(1.0, 4.0 / 7.0) + octave(2.3, 2.0 / 7.0) + octave(5.1, 1.0 / 7.0)
    }

    fn octave(self, x: f64, y: f64) -> f64 {
        let ease = |t: f64| t * t * (3.0 - 2.0 * t);
        let (column, row) = (x.floor(), y.floor());
        let (u, v) = (ease(x - column), ease(y - row));
        let at = |dx: i64, dy: i64| self.white(column as i64 + dx, row as i64 + dy);
        let south = at(0, 0) + u * (at(1, 0) - at(0, 0));
        let north = at(0, 1) + u * (at(1, 1) - at(0, 1));
        south + v * (north - south)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_reproducible_and_purposes_apart() {
        let draws = |seed, purpose| {
            let mut random = Random::new(seed, purpose);
            [random.unit(), random.between(5.0, 6.0), random.below(10) as f64]
        };
        assert_eq!(draws(1, 2), draws(1, 2));
        assert_ne!(draws(1, 2), draws(1, 3));
        assert_ne!(draws(1, 2), draws(2, 2));
    }

    #[test]
    fn noise_is_smooth_and_fills_its_range() {
        let noise = Noise::new(7, 1);
        let (mut low, mut high) = (1.0_f64, 0.0_f64);
        for step in 0..20_000 {
            let (x, y) = (f64::from(step % 200) * 0.05, f64::from(step / 200) * 0.05);
            let value = noise.smooth(x, y);
            assert!((noise.smooth(x + 1e-4, y) - value).abs() < 0.01);
            (low, high) = (low.min(value), high.max(value));
        }
        assert!((0.0..0.2).contains(&low) && (0.8..1.0).contains(&high), "{low} {high}");
    }
}
