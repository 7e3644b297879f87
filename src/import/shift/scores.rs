//! From distances to odds: how well each hypothesis explains what was measured, and which differences count.
//!
//! Owns the noise model and the test.
//!
//! **Noise.** Distances between where a feature is and where the reference has it follow Student's t with two degrees
//! of freedom around zero, in two dimensions for points and in one for distances to lines; one in ten lies anywhere
//! within reach instead (features renamed, moved, mistyped, or not the same at all), and says nothing about any
//! hypothesis. The scale is not known but is the same whatever the datum: the one with which any hypothesis explains the
//! data best.
//!
//! **Test.** Features near each other err together, so that scores are summed within blocks that are taken as
//! independent, and a difference of two hypotheses over all blocks is divided by the root of its sum of squares. Where
//! neither explains the data better, so that each block is as likely to speak for the one as for the other, such a
//! self-normalised sum exceeds `z` with probability at most `exp(−z²/2)` whatever the distribution (B. Efron, "Student's
//! t-test under symmetry conditions", JASA 64, 1969). No block says more than [`MOST_OF_ONE`], which leaves the symmetry
//! as it is and keeps a few very telling blocks from drowning many plain ones. The sum never exceeds the root of the number of blocks, so that few
//! features decide nothing however well they fit. Comparing the log-likelihoods of hypotheses none of which need be
//! exactly true follows Q. Vuong, "Likelihood ratio tests for model selection", Econometrica 57, 1989.

use std::f64::consts::{PI, SQRT_2};

use super::{hypothesis::MOST, lines::REACH_M, pairs::FARTHEST_M};

/// One number for each hypothesis, in the order of the list; what is beyond the list is zero.
pub(super) type Each = [f64; MOST];

/// The share of comparisons with something else.
const STRAY: f64 = 0.1;

/// What distances are measured between.
#[derive(Debug, Clone, Copy)]
pub(super) enum Noise {
    /// Points and points, in the plane.
    Points,
    /// Points and lines, across the line.
    Lines,
}

impl Noise {
    /// The density of a distance where the noise has this scale, both in metres.
    fn density(self, distance: f64, scale: f64) -> f64 {
        let ratio = distance / scale;
        let base = 1.0 + ratio * ratio / 2.0;
        let (near, stray) = match self {
            Self::Points => (
                1.0 / (2.0 * PI * scale * scale * base * base),
                1.0 / (PI * FARTHEST_M * FARTHEST_M),
            ),
            Self::Lines => (1.0 / (SQRT_2 * scale * base * base.sqrt()), 1.0 / REACH_M),
        };
        (1.0 - STRAY) * near + STRAY * stray
    }
}

/// Scales of the noise that are tried, metres: from a careful survey to two gazetteers.
const SCALES_M: [f64; 12] = [
    5.0, 10.0, 20.0, 40.0, 60.0, 90.0, 140.0, 200.0, 400.0, 800.0, 1_600.0, 3_200.0,
];

/// A block's difference of log-likelihoods is bent smoothly so as to stay below this.
const MOST_OF_ONE: f64 = 2.0;

/// Log-likelihood of each distance under each of `count` hypotheses. O(n).
pub(super) fn log_likelihoods(distances_m: &[Each], count: usize, noise: Noise) -> Vec<Each> {
    let total = |scale: f64, hypothesis: usize| -> f64 {
        let each = distances_m
            .iter()
            .map(|each| noise.density(each[hypothesis], scale).ln());
        each.sum()
    };
    let best = |scale: f64| {
        (0..count)
            .map(|hypothesis| total(scale, hypothesis))
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let tried = SCALES_M.into_iter().map(|scale| (scale, best(scale)));
    let Some((scale, _)) = tried.max_by(|one, other| one.1.total_cmp(&other.1)) else {
        return Vec::new();
    };
    let likelihoods = |each: &Each| {
        let mut all = Each::default();
        for (likelihood, distance) in all.iter_mut().zip(each).take(count) {
            *likelihood = noise.density(*distance, scale).ln();
        }
        all
    };
    distances_m.iter().map(likelihoods).collect()
}

/// By how much one hypothesis beats another over all blocks, see the module's notes.
pub(super) fn lead(blocks: &[Each], one: usize, other: usize) -> f64 {
    let bent = |difference: f64| difference / (difference / MOST_OF_ONE).hypot(1.0);
    let differences = blocks.iter().map(|block| bent(block[one] - block[other]));
    let (sum, squares) = differences.fold((0.0, 0.0), |(sum, squares), difference| {
        (sum + difference, squares + difference * difference)
    });
    if squares > 0.0 { sum / squares.sqrt() } else { 0.0 }
}

/// The hypothesis that explains all blocks best; the first of equals.
pub(super) fn best(blocks: &[Each], count: usize) -> usize {
    let total = |hypothesis: usize| -> f64 { blocks.iter().map(|block| block[hypothesis]).sum() };
    (1..count).fold(0, |best, other| if total(other) > total(best) { other } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(first: f64, second: f64) -> Each {
        let mut each = Each::default();
        (each[0], each[1]) = (first, second);
        each
    }

    #[test]
    fn agreement_counts_and_number_bounds_it() {
        let mut distances = vec![each(640.0, 30.0); 28];
        distances.extend([each(9_000.0, 9_300.0), each(4_000.0, 3_800.0)]);
        let likelihoods = log_likelihoods(&distances, 2, Noise::Points);
        assert_eq!(best(&likelihoods, 2), 1);
        let z = lead(&likelihoods, 1, 0);
        assert!(z > 4.5 && z < 30_f64.sqrt(), "{z}");
        assert!(
            lead(&likelihoods[..9], 1, 0) <= 3.0 + 1e-9,
            "nine features decide nothing"
        );
        assert_eq!(lead(&likelihoods, 0, 1), -z);
        assert_eq!(lead(&[each(1.0, 1.0)], 0, 1), 0.0);
    }

    #[test]
    fn strays_say_nothing() {
        let mut distances = vec![each(900.0, 10.0); 23];
        distances.extend(vec![each(2_500.0, 3_400.0); 5]);
        let likelihoods = log_likelihoods(&distances, 2, Noise::Points);
        let said = likelihoods[27][1] - likelihoods[27][0];
        assert!(said.abs() < 0.5, "{said}");
        assert!(lead(&likelihoods, 1, 0) > 4.5);
    }

    #[test]
    fn densities_sum_to_one() {
        for scale in [5.0, 60.0] {
            let sum = |noise: Noise, reach: f64, ring: &dyn Fn(f64) -> f64| -> f64 {
                (0..400_000)
                    .map(|step| (f64::from(step) + 0.5) * reach / 400_000.0)
                    .map(|distance| noise.density(distance, scale) * ring(distance) * reach / 400_000.0)
                    .sum()
            };
            let plane = sum(Noise::Points, FARTHEST_M, &|distance| 2.0 * PI * distance);
            let across = sum(Noise::Lines, REACH_M, &|_| 1.0);
            assert!(
                (plane - 1.0).abs() < 0.01 && (across - 1.0).abs() < 0.01,
                "{plane} {across}"
            );
        }
    }

    #[test]
    fn the_bound_of_the_test_holds_for_signs_at_random() {
        // Every assignment of signs to twelve unequal blocks: the exact distribution under symmetry.
        let sizes: Vec<f64> = (1..=12).map(f64::from).collect();
        for limit in [1.0, 2.0, 2.5, 3.0] {
            let exceeding = (0_u32..1 << 12)
                .filter(|signs| {
                    let blocks: Vec<Each> = sizes
                        .iter()
                        .enumerate()
                        .map(|(bit, size)| each(if signs >> bit & 1 == 1 { *size } else { -size }, 0.0))
                        .collect();
                    lead(&blocks, 0, 1) >= limit
                })
                .count();
            assert!(
                exceeding as f64 / 4_096.0 <= (-limit * limit / 2.0).exp(),
                "{limit}: {exceeding}"
            );
        }
    }
}
