//! Short ways between positions as metres east and north, and what many of them have in common.

use std::fmt::{Display, Formatter, Result as FmtResult};

use crate::geometry::LonLat;

/// A way of at most some kilometres.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Offset {
    /// Metres east.
    pub(super) east_m: f64,
    /// Metres north.
    pub(super) north_m: f64,
}

impl Offset {
    /// The way from one position to another by the radii of the WGS 84 ellipsoid half-way; to a metre in 10 km.
    pub(super) fn between(from: LonLat, to: LonLat) -> Self {
        let lat = f64::midpoint(from.lat(), to.lat()).to_radians();
        // Series for the length of a degree (National Geospatial-Intelligence Agency).
        let parallel_m = 111_412.84 * lat.cos() - 93.5 * (3.0 * lat).cos();
        let meridian_m = 111_132.92 - 559.82 * (2.0 * lat).cos() + 1.175 * (4.0 * lat).cos();
        Self {
            east_m: (to.lon() - from.lon()) * parallel_m,
            north_m: (to.lat() - from.lat()) * meridian_m,
        }
    }

    /// Its length in metres.
    pub(super) fn length_m(self) -> f64 {
        self.east_m.hypot(self.north_m)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            east_m: self.east_m - other.east_m,
            north_m: self.north_m - other.north_m,
        }
    }

    /// The medians east and north; nothing of nothing.
    pub(super) fn median(offsets: &[Self]) -> Option<Self> {
        let east = offsets.iter().map(|offset| offset.east_m);
        let north = offsets.iter().map(|offset| offset.north_m);
        Some(Self {
            east_m: median(east)?,
            north_m: median(north)?,
        })
    }
}

impl Display for Offset {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let side = |value: f64, ahead: &'static str, back: &'static str| if value < 0.0 { back } else { ahead };
        write!(
            f,
            "{:.0} m {}, {:.0} m {}",
            self.east_m.abs(),
            side(self.east_m, "east", "west"),
            self.north_m.abs(),
            side(self.north_m, "north", "south")
        )
    }
}

/// The middle value; of an even number the upper of the two.
pub(super) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// What many offsets have in common, and how sure that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consensus {
    pub(super) median: Offset,
    /// Standard error of the median's length, metres.
    error_m: f64,
    /// Share of the offsets within half the median's length of it.
    close: f64,
}

/// The median of a normal sample scatters by 1.2533 standard deviations over √n, and the deviation is 1.4826 times the
/// median absolute one.
const MEDIAN_ERROR: f64 = 1.253_3 * 1.482_6;

impl Consensus {
    pub(super) fn of(offsets: &[Offset]) -> Option<Self> {
        let middle = Offset::median(offsets)?;
        let apart = |pick: fn(Offset) -> f64| median(offsets.iter().map(|offset| pick(offset.minus(middle)).abs()));
        let (east, north) = (apart(|way| way.east_m)?, apart(|way| way.north_m)?);
        let reach = middle.length_m() / 2.0;
        let close = offsets.iter().filter(|way| way.minus(middle).length_m() <= reach);
        Some(Self {
            median: middle,
            error_m: MEDIAN_ERROR * east.hypot(north) / (offsets.len() as f64).sqrt(),
            close: close.count() as f64 / offsets.len() as f64,
        })
    }

    /// Whether most are displaced alike, by at least so much.
    pub(super) fn is_shift_of(self, least_m: f64) -> bool {
        let length = self.median.length_m();
        length >= least_m && length >= 5.0 * self.error_m && self.close >= 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::geodesic;

    #[test]
    fn offsets_agree_with_the_geodesic() {
        for (lon, lat) in [(119.3, 26.1), (0.0, 0.0), (10.0, -60.0)] {
            let from = LonLat::new(lon, lat).unwrap();
            let to = LonLat::new(lon + 0.05, lat - 0.04).unwrap();
            let wanted = geodesic::distance(from, to).0;
            assert!((Offset::between(from, to).length_m() - wanted).abs() < 1.0, "{from}");
        }
        let way = Offset {
            east_m: 505.2,
            north_m: -402.9,
        };
        assert_eq!(way.to_string(), "505 m east, 403 m south");
    }

    #[test]
    fn a_few_far_ones_do_not_move_the_consensus() {
        let mut ways = vec![
            Offset {
                east_m: 300.0,
                north_m: 0.0
            };
            20
        ];
        ways.extend(
            [Offset {
                east_m: -9_000.0,
                north_m: 4_000.0,
            }; 3],
        );
        let consensus = Consensus::of(&ways).unwrap();
        assert!(consensus.is_shift_of(100.0) && !consensus.is_shift_of(400.0));
        ways.truncate(9);
        ways.extend([Offset::default(); 10]);
        assert!(
            !Consensus::of(&ways).unwrap().is_shift_of(100.0),
            "half of them are not displaced"
        );
    }
}
