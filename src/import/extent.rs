//! Where the numbers of a file lie, before anybody knows what they mean.
//!
//! Owns the counts and the middle of them; what follows from it is [`super::crs`]'s part.

use geo::BoundingRect;
use geo_types::Geometry;

/// As many positions are remembered to find the middle of all: evenly spread over the file.
const SAMPLE: usize = 1_024;

/// The coordinates of all geometries as they stand.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    /// Geometries with finite coordinates.
    located: u64,
    /// Of these, those within ±180 and ±90.
    degrees: u64,
    /// Those that are degrees when turned round and no degrees as they stand.
    swapped: u64,
    /// Those far beyond any degrees.
    beyond: u64,
    x: [f64; 2],
    y: [f64; 2],
    /// The centre of every so manieth geometry.
    sample: Vec<[f64; 2]>,
    stride: u64,
}

impl Default for Extent {
    fn default() -> Self {
        Self {
            located: 0,
            degrees: 0,
            swapped: 0,
            beyond: 0,
            x: [f64::INFINITY, f64::NEG_INFINITY],
            y: [f64::INFINITY, f64::NEG_INFINITY],
            sample: Vec::new(),
            stride: 1,
        }
    }
}

impl Extent {
    /// Counts one geometry. O(its vertices).
    pub(super) fn add(&mut self, geometry: &Geometry<f64>) {
        let Some(rect) = geometry.bounding_rect() else { return };
        let (min, max) = (rect.min(), rect.max());
        if ![min.x, min.y, max.x, max.y].iter().all(|number| number.is_finite()) {
            return;
        }
        let (far_x, far_y) = (min.x.abs().max(max.x.abs()), min.y.abs().max(max.y.abs()));
        self.degrees += u64::from(far_x <= 180.0 && far_y <= 90.0);
        self.swapped += u64::from(far_x <= 90.0 && far_y > 90.0 && far_y <= 180.0);
        // Longitudes may run to 360.
        self.beyond += u64::from(far_x > 360.0 || far_y > 180.0);
        self.x = [self.x[0].min(min.x), self.x[1].max(max.x)];
        self.y = [self.y[0].min(min.y), self.y[1].max(max.y)];
        if self.located.is_multiple_of(self.stride) {
            let centre = rect.center();
            self.sample.push([centre.x, centre.y]);
            if self.sample.len() == 2 * SAMPLE {
                let mut index = 0;
                self.sample.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride *= 2;
            }
        }
        self.located += 1;
    }

    /// Lowest and highest x.
    pub(super) const fn x(&self) -> [f64; 2] {
        self.x
    }

    /// Lowest and highest y.
    pub(super) const fn y(&self) -> [f64; 2] {
        self.y
    }

    /// The median x and the median y, which a few wrong rows do not move; `None` where nothing is located.
    pub(super) fn middle(&self) -> Option<[f64; 2]> {
        let median = |axis: usize| {
            let mut numbers: Vec<f64> = self.sample.iter().map(|position| position[axis]).collect();
            numbers.sort_by(f64::total_cmp);
            numbers.get(numbers.len() / 2).copied()
        };
        Some([median(0)?, median(1)?])
    }

    /// Whether more than half of the geometries could be degrees.
    pub(super) const fn is_mostly_degrees(&self) -> bool {
        2 * self.degrees > self.located
    }

    /// Whether more than half are far beyond any degrees.
    pub(super) const fn is_mostly_beyond(&self) -> bool {
        2 * self.beyond > self.located
    }

    /// Whether more than half are degrees only when latitude comes first.
    pub(super) const fn is_mostly_swapped(&self) -> bool {
        2 * self.swapped > self.located
    }
}

#[cfg(test)]
mod tests {
    use geo_types::Point;

    use super::*;

    fn extent(positions: impl IntoIterator<Item = (f64, f64)>) -> Extent {
        let mut extent = Extent::default();
        for (x, y) in positions {
            extent.add(&Point::new(x, y).into());
        }
        extent
    }

    #[test]
    fn a_few_wrong_rows_do_not_decide() {
        let rows = |wrong: (f64, f64)| (0..9).map(|row| (119.0 + f64::from(row) / 100.0, 26.0)).chain([wrong]);
        for wrong in [(119.0, 2600.0), (26.0, 119.0), (40e6, 2.8e6), (f64::NAN, 26.0)] {
            let extent = extent(rows(wrong));
            assert!(extent.is_mostly_degrees() && !extent.is_mostly_beyond() && !extent.is_mostly_swapped());
            assert!((extent.middle().unwrap()[0] - 119.05).abs() < 0.03);
        }
        assert!(extent([(26.0, 119.0)]).is_mostly_swapped());
        assert!(extent([(430_000.0, 2_886_000.0)]).is_mostly_beyond());
        assert!(!extent([(200.0, 30.0)]).is_mostly_beyond());
        assert_eq!(extent([]).middle(), None);
    }

    #[test]
    fn the_middle_of_many_rows_is_near_their_median() {
        let extent = extent((0..100_000).map(|row| (f64::from(row), f64::from(row * 7 % 100_000))));
        let [x, y] = extent.middle().unwrap();
        assert!(
            (x - 50_000.0).abs() < 500.0 && (y - 50_000.0).abs() < 2_000.0,
            "{x} {y}"
        );
        assert!(extent.sample.len() < 2 * SAMPLE);
    }
}
