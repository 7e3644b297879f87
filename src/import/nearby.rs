//! Features of the same name near a place, found among millions in little memory.
//!
//! Owns a sorted table that is searched by bisection: no bytes but the entries themselves. The order is by name, then
//! by bands of latitude as high as the radius, then by longitude; what is near lies in three bands, between two
//! longitudes of each.

use super::place::{Spot, steps};

/// The shortest degree of latitude, at the equator, in metres.
const DEGREE_M: f64 = 110_574.0;
/// A degree of longitude on the equator, in metres.
const EQUATOR_DEGREE_M: f64 = 111_319.49;
/// Half and all of the way around the globe.
const HALF_TURN: i64 = 1_800_000_000;
const TURN: i64 = 2 * HALF_TURN;

/// Something with a name, by its hash, and a place.
pub(super) trait Placed {
    /// The name's hash; equal for all entries of a table in which only places matter.
    fn name(&self) -> u64;
    fn spot(&self) -> Spot;
}

/// Entries in the order of the search for one radius.
pub(super) struct Nearby<T> {
    entries: Vec<T>,
    radius_m: f64,
}

/// The place of an entry in the order.
pub(super) fn key<T: Placed>(entry: &T, radius_m: f64) -> (u64, i64, Spot) {
    let spot = entry.spot();
    let by_longitude = Spot {
        lat: spot.lon,
        lon: spot.lat,
    };
    (
        entry.name(),
        i64::from(spot.lat).div_euclid(band(radius_m)),
        by_longitude,
    )
}

/// The height of a band in steps: no less than the radius.
fn band(radius_m: f64) -> i64 {
    steps(radius_m / DEGREE_M).max(1)
}

impl<T: Placed> Nearby<T> {
    /// Sorts the entries. O(n log n), in place.
    pub(super) fn new(mut entries: Vec<T>, radius_m: f64) -> Self {
        entries.sort_unstable_by_key(|entry| key(entry, radius_m));
        Self::sorted(entries, radius_m)
    }

    /// Takes entries that are in the order of [`key`] already.
    pub(super) const fn sorted(entries: Vec<T>, radius_m: f64) -> Self {
        Self { entries, radius_m }
    }

    pub(super) fn entries(&self) -> &[T] {
        &self.entries
    }

    pub(super) fn into_entries(self) -> Vec<T> {
        self.entries
    }

    /// Positions of the entries of this name within the radius, with their distance in metres on the ellipsoid.
    /// O(log n + entries of the name in a box around the place).
    pub(super) fn around(&self, name: u64, spot: Spot) -> impl Iterator<Item = (usize, f64)> {
        let radius_m = self.radius_m;
        let middle = i64::from(spot.lat).div_euclid(band(radius_m));
        let windows = windows(spot, radius_m);
        (middle - 1..=middle + 1)
            .flat_map(move |band| windows.into_iter().flatten().map(move |window| (band, window)))
            .flat_map(move |(band, (west, east))| self.stretch(name, band, west, east))
            .filter_map(move |index| {
                let distance_m = spot.distance_m(self.entries[index].spot());
                (distance_m <= radius_m).then_some((index, distance_m))
            })
    }

    /// The entries of one band between two longitudes.
    fn stretch(&self, name: u64, band: i64, west: i64, east: i64) -> std::ops::Range<usize> {
        let place = |entry: &T| {
            let (name, band, spot) = key(entry, self.radius_m);
            (name, band, i64::from(spot.lat))
        };
        let first = self.entries.partition_point(|entry| place(entry) < (name, band, west));
        let rest = &self.entries[first..];
        let length = rest
            .iter()
            .take_while(|entry| place(entry) <= (name, band, east))
            .count();
        first..first + length
    }
}

/// The longitudes within a radius of a place; two windows where they cross the antimeridian.
fn windows(spot: Spot, radius_m: f64) -> [Option<(i64, i64)>; 2] {
    let farthest_lat = (f64::from(spot.lat.abs()) / 1e7 + radius_m / DEGREE_M).min(90.0);
    let width_m = EQUATOR_DEGREE_M * farthest_lat.to_radians().cos();
    let half = steps((radius_m / width_m.max(1e-9)).min(180.0));
    if half >= HALF_TURN {
        return [Some((-HALF_TURN, HALF_TURN)), None];
    }
    let (west, east) = (i64::from(spot.lon) - half, i64::from(spot.lon) + half);
    let beyond = if west < -HALF_TURN {
        Some((west + TURN, HALF_TURN))
    } else if east > HALF_TURN {
        Some((-HALF_TURN, east - TURN))
    } else {
        None
    };
    [Some((west, east)), beyond]
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::geometry::LonLat;

    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Dot(u64, Spot);

    impl Placed for Dot {
        fn name(&self) -> u64 {
            self.0
        }
        fn spot(&self) -> Spot {
            self.1
        }
    }

    /// Places some metres from each other, in four corners of the world.
    pub(in crate::import) fn spots() -> impl Strategy<Value = Spot> {
        let corner = prop_oneof![
            Just((119.3, 26.08)),
            Just((179.9999, -16.5)),
            Just((-179.9999, -16.5)),
            Just((12.0, 89.9995))
        ];
        (corner, -300_i32..300, -300_i32..300).prop_map(|((lon, lat), dx, dy)| {
            let lon: f64 = lon + f64::from(dx) * 1e-6;
            let wrapped = if lon > 180.0 {
                lon - 360.0
            } else if lon < -180.0 {
                lon + 360.0
            } else {
                lon
            };
            Spot::at(LonLat::new(wrapped, lat + f64::from(dy) * 1e-6).unwrap())
        })
    }

    proptest! {
        #[test]
        fn what_is_near_is_what_a_scan_finds(
            dots in vec((0_u64..3, spots()), 0..60),
            from in spots(),
            radius_m in prop_oneof![Just(1.0), Just(10.0), Just(500.0)],
        ) {
            let dots: Vec<Dot> = dots.into_iter().map(|(name, spot)| Dot(name, spot)).collect();
            let nearby = Nearby::new(dots.clone(), radius_m);
            for name in 0..3 {
                let mut found: Vec<Spot> =
                    nearby.around(name, from).map(|(index, _)| nearby.entries()[index].1).collect();
                let mut expected: Vec<Spot> = dots
                    .iter()
                    .filter(|dot| dot.0 == name && dot.1.distance_m(from) <= radius_m)
                    .map(|dot| dot.1)
                    .collect();
                found.sort();
                expected.sort();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
