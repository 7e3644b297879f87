//! A box of longitudes and latitudes that may cross the antimeridian.
//!
//! Owns the meaning of `west > east`. Planar boxes for the R-tree are made from it with [`BBox::planar`].

use geo_types::{Coord, Rect};
use serde::{Deserialize, Serialize};

use super::{LonLat, LonLatError};

/// A box on the globe in WGS 84 degrees: `[west, south, east, north]`, edges included. Where `west > east` the box
/// crosses the antimeridian (RFC 7946, section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "[f64; 4]", into = "[f64; 4]")]
pub struct BBox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Why four numbers are no box.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BBoxError {
    /// A corner is no position.
    #[error("a bbox is [west, south, east, north]: {0}")]
    Corner(#[from] LonLatError),
    /// South lies north of north.
    #[error("a bbox is [west, south, east, north]: south {south} lies north of north {north}")]
    UpsideDown {
        /// The second number.
        south: f64,
        /// The fourth number.
        north: f64,
    },
}

impl BBox {
    /// Checks `[west, south, east, north]` in degrees.
    ///
    /// # Errors
    /// A number out of range or not finite, or south above north.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BBoxError> {
        LonLat::new(west, south)?;
        LonLat::new(east, north)?;
        if south > north {
            return Err(BBoxError::UpsideDown { south, north });
        }
        Ok(Self {
            west,
            south,
            east,
            north,
        })
    }

    /// The smallest box around planar boxes in degrees: of all boxes that hold them the one that leaves out the widest
    /// gap of longitudes, so that data on both sides of the antimeridian get a narrow box across it. `None` for no
    /// boxes. O(n log n).
    pub fn around(rects: impl IntoIterator<Item = Rect<f64>>) -> Option<Self> {
        let mut spans = Vec::new();
        let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
        for rect in rects {
            spans.push((rect.min().x.max(-180.0), rect.max().x.min(180.0)));
            south = south.min(rect.min().y);
            north = north.max(rect.max().y);
        }
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self::around_spans(&spans, (south, north))
    }

    fn around_spans(sorted: &[(f64, f64)], (south, north): (f64, f64)) -> Option<Self> {
        let (west, east) = spans_outside_the_widest_gap(sorted)?;
        Some(Self {
            west,
            south: south.max(-90.0),
            east,
            north: north.min(90.0),
        })
    }

    /// Western edge, degrees.
    pub const fn west(self) -> f64 {
        self.west
    }

    /// Southern edge, degrees.
    pub const fn south(self) -> f64 {
        self.south
    }

    /// Eastern edge, degrees.
    pub const fn east(self) -> f64 {
        self.east
    }

    /// Northern edge, degrees.
    pub const fn north(self) -> f64 {
        self.north
    }

    /// Whether the box reaches from the eastern over into the western hemisphere across ±180°.
    pub fn crosses_antimeridian(self) -> bool {
        self.west > self.east
    }

    /// Whether the position lies in the box or on its edge.
    pub fn contains(self, position: LonLat) -> bool {
        self.planar().any(|rect| {
            (rect.min().x..=rect.max().x).contains(&position.lon())
                && (rect.min().y..=rect.max().y).contains(&position.lat())
        })
    }

    /// The box as one planar rectangle, or two where it crosses the antimeridian.
    pub fn planar(self) -> impl Iterator<Item = Rect<f64>> {
        let rect = |west, east| Rect::new(Coord { x: west, y: self.south }, Coord { x: east, y: self.north });
        let (first, second) = if self.crosses_antimeridian() {
            (rect(self.west, 180.0), Some(rect(-180.0, self.east)))
        } else {
            (rect(self.west, self.east), None)
        };
        std::iter::once(first).chain(second)
    }

    /// The smallest box around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self::around(self.planar().chain(other.planar())).unwrap_or(self)
    }

    /// The middle of the box.
    pub fn centre(self) -> (f64, f64) {
        let width = if self.crosses_antimeridian() {
            self.east + 360.0 - self.west
        } else {
            self.east - self.west
        };
        let lon = self.west + width / 2.0;
        (
            if lon > 180.0 { lon - 360.0 } else { lon },
            f64::midpoint(self.south, self.north),
        )
    }
}

/// Degrees of longitude to a cell of an [`Extent`].
const CELL: f64 = 360.0 / CELLS as f64;

const CELLS: usize = 4096;

/// Gathers what [`BBox::around`] needs from any number of boxes in 64 kB: per cell of longitude, of 0.088°, the span
/// that is covered. The box is the one that `around` gives unless every gap between the boxes is narrower than a cell:
/// then all of them go round the globe, and it may leave out a narrower gap than the widest. The order of the boxes
/// does not matter.
#[derive(Debug, Clone)]
pub struct Extent {
    /// West and east of what is covered of each cell; west > east where nothing is.
    cells: Vec<(f64, f64)>,
    south: f64,
    north: f64,
}

impl Default for Extent {
    fn default() -> Self {
        Self {
            cells: vec![(f64::INFINITY, f64::NEG_INFINITY); CELLS],
            south: f64::INFINITY,
            north: f64::NEG_INFINITY,
        }
    }
}

impl Extent {
    /// Takes in a planar box in degrees. O(cells that it covers).
    pub fn add(&mut self, rect: Rect<f64>) {
        let (west, east) = (rect.min().x.max(-180.0), rect.max().x.min(180.0));
        let cell = |lon: f64| (((lon + 180.0) / CELL) as usize).min(CELLS - 1);
        let (first, last) = (cell(west), cell(east));
        for index in first..=last {
            let start = index as f64 * CELL - 180.0;
            let (covered_west, covered_east) = &mut self.cells[index];
            *covered_west = covered_west.min(if index == first { west } else { start });
            *covered_east = covered_east.max(if index == last { east } else { start + CELL });
        }
        self.south = self.south.min(rect.min().y);
        self.north = self.north.max(rect.max().y);
    }

    /// The smallest box around all of them; `None` where there were none.
    pub fn bbox(&self) -> Option<BBox> {
        let spans: Vec<_> = self.cells.iter().copied().filter(|(west, east)| west <= east).collect();
        BBox::around_spans(&spans, (self.south, self.north))
    }
}

/// West and east of the arc that is left when the widest gap between sorted spans of longitude is cut out.
fn spans_outside_the_widest_gap(sorted: &[(f64, f64)]) -> Option<(f64, f64)> {
    let &(first_west, _) = sorted.first()?;
    let mut reach = f64::NEG_INFINITY;
    let mut widest: Option<(f64, f64, f64)> = None;
    for &(west, east) in sorted {
        if west > reach && reach.is_finite() && widest.is_none_or(|(width, ..)| west - reach > width) {
            widest = Some((west - reach, west, reach));
        }
        reach = reach.max(east);
    }
    let gap_over_antimeridian = first_west + 360.0 - reach;
    match widest {
        Some((width, west, east)) if width > gap_over_antimeridian => Some((west, east)),
        _ => Some((first_west, reach)),
    }
}

impl TryFrom<[f64; 4]> for BBox {
    type Error = BBoxError;

    fn try_from([west, south, east, north]: [f64; 4]) -> Result<Self, BBoxError> {
        Self::new(west, south, east, north)
    }
}

impl From<BBox> for [f64; 4] {
    fn from(bbox: BBox) -> Self {
        [bbox.west, bbox.south, bbox.east, bbox.north]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rect(west: f64, east: f64) -> Rect<f64> {
        Rect::new(Coord { x: west, y: -1.0 }, Coord { x: east, y: 1.0 })
    }

    #[test]
    fn data_on_both_sides_of_the_antimeridian_get_a_narrow_box() {
        let fiji = BBox::around([rect(177.0, 179.5), rect(-180.0, -178.5), rect(176.0, 176.5)]).unwrap();
        assert_eq!(<[f64; 4]>::from(fiji), [176.0, -1.0, -178.5, 1.0]);
        assert!(fiji.crosses_antimeridian());
        assert!(fiji.contains(LonLat::new(180.0, 0.0).unwrap()));
        assert!(!fiji.contains(LonLat::new(0.0, 0.0).unwrap()));
        assert_eq!(fiji.centre(), (178.75, 0.0));
    }

    #[test]
    fn ordinary_data_get_an_ordinary_box() {
        let bbox = BBox::around([rect(115.0, 117.0), rect(116.0, 121.0), rect(118.0, 118.5)]).unwrap();
        assert_eq!(<[f64; 4]>::from(bbox), [115.0, -1.0, 121.0, 1.0]);
        assert_eq!(BBox::around([]), None);
    }

    #[test]
    fn upside_down_and_out_of_range_boxes_are_refused() {
        assert!(matches!(
            BBox::new(0.0, 2.0, 1.0, 1.0),
            Err(BBoxError::UpsideDown { .. })
        ));
        assert!(matches!(BBox::new(0.0, 0.0, 181.0, 1.0), Err(BBoxError::Corner(_))));
    }

    proptest! {
        #[test]
        fn an_extent_is_the_box_around_all(
            spans in proptest::collection::vec((-180.0..180.0, prop_oneof![Just(0.0), 0.0..3.0, 0.0..200.0]), 0..30),
        ) {
            let rects: Vec<_> = spans.iter().map(|(west, width): &(f64, f64)| rect(*west, (west + width).min(180.0))).collect();
            let mut extent = Extent::default();
            for rect in &rects {
                extent.add(*rect);
            }
            let (found, plain) = (extent.bbox(), BBox::around(rects));
            let width = |bbox: BBox| if bbox.crosses_antimeridian() { bbox.east + 360.0 - bbox.west } else { bbox.east - bbox.west };
            if plain.is_some_and(|plain| width(plain) > 360.0 - CELL) {
                prop_assert!(width(found.unwrap()) >= width(plain.unwrap()));
            } else {
                prop_assert_eq!(found, plain);
            }
        }
    }

    #[test]
    fn points_on_the_edges_of_the_globe_have_a_cell() {
        let mut extent = Extent::default();
        for lon in [-180.0, 180.0, 179.0] {
            extent.add(rect(lon, lon));
        }
        assert_eq!(extent.bbox().map(<[f64; 4]>::from), Some([179.0, -1.0, -180.0, 1.0]));
    }
}
