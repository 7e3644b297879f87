//! Boxes in degrees: which of them hold a point or meet a window.
//!
//! Owns an R-tree of planar boxes. Exact tests of what is in a box are the caller's part.

use geo_types::{Coord, Rect};
use rstar::{
    AABB, RStarInsertionStrategy, RTree, RTreeParams,
    primitives::{GeomWithData, Rectangle},
};

use crate::geometry::{BBox, LonLat};

type Leaf<T> = GeomWithData<Rectangle<[f64; 2]>, T>;

/// Wide nodes: the tree never changes after it is made, and each level of it costs a fetch from memory.
#[derive(Debug)]
struct Wide;

impl RTreeParams for Wide {
    const MIN_SIZE: usize = 6;
    const MAX_SIZE: usize = 16;
    const REINSERTION_COUNT: usize = 4;
    type DefaultInsertionStrategy = RStarInsertionStrategy;
}

/// An R-tree of boxes, edges included, each with a payload. Bulk loaded: O(n log n); 48 bytes a box and payload.
#[derive(Debug)]
pub struct Boxes<T> {
    tree: RTree<Leaf<T>, Wide>,
}

impl<T> Default for Boxes<T> {
    fn default() -> Self {
        Self {
            tree: RTree::new_with_params(),
        }
    }
}

impl<T> FromIterator<(Rect<f64>, T)> for Boxes<T> {
    fn from_iter<I: IntoIterator<Item = (Rect<f64>, T)>>(boxes: I) -> Self {
        let corner = |corner: Coord<f64>| [corner.x, corner.y];
        let leaf = |(rect, payload): (Rect<f64>, T)| {
            GeomWithData::new(Rectangle::from_corners(corner(rect.min()), corner(rect.max())), payload)
        };
        Self {
            tree: RTree::bulk_load_with_params(boxes.into_iter().map(leaf).collect()),
        }
    }
}

impl<T> Boxes<T> {
    /// Number of boxes.
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The payloads of the boxes that hold the position, in no order. Longitudes 180 and −180 are the same meridian,
    /// so that a box reaching around the globe is given twice for a position on it. O(log n + found) for boxes that
    /// overlap little.
    pub fn covering(&self, position: LonLat) -> impl Iterator<Item = &T> {
        let twin = (position.lon().abs() == 180.0).then(|| -position.lon());
        std::iter::once(position.lon())
            .chain(twin)
            .flat_map(move |lon| {
                self.tree
                    .locate_in_envelope_intersecting(AABB::from_point([lon, position.lat()]))
            })
            .map(|leaf| &leaf.data)
    }

    /// The payloads of the boxes that meet a window or touch it, in no order. For a window across the antimeridian a
    /// box that reaches into both of its halves is given twice. O(log n + found).
    pub fn window(&self, window: BBox) -> impl Iterator<Item = &T> {
        window.planar().flat_map(|rect| self.meeting(rect))
    }

    /// The payloads of the boxes that meet a planar rectangle in degrees or touch it, in no order, each once.
    pub fn meeting(&self, rect: Rect<f64>) -> impl Iterator<Item = &T> {
        let corners = AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
        self.tree
            .locate_in_envelope_intersecting(corners)
            .map(|leaf| &leaf.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(found: impl Iterator<Item = &'a u8>) -> Vec<u8> {
        let mut found: Vec<u8> = found.copied().collect();
        found.sort_unstable();
        found
    }

    fn boxes() -> Boxes<u8> {
        [(170.0, 180.0, 1), (-180.0, -175.0, 2), (0.0, 10.0, 3), (10.0, 20.0, 4)]
            .into_iter()
            .map(|(west, east, payload)| (Rect::new((west, -5.0), (east, 5.0)), payload))
            .collect()
    }

    #[test]
    fn edges_hold_points_and_the_antimeridian_is_one() {
        let boxes = boxes();
        let at = |lon, lat| sorted(boxes.covering(LonLat::new(lon, lat).unwrap()));
        assert_eq!(at(10.0, 5.0), [3, 4]);
        assert_eq!(at(180.0, 0.0), [1, 2]);
        assert_eq!(at(-180.0, 0.0), [1, 2]);
        assert!(at(5.0, 5.1).is_empty());
        assert_eq!(boxes.len(), 4);
    }

    #[test]
    fn windows_cross_the_antimeridian() {
        let boxes = boxes();
        assert_eq!(
            sorted(boxes.window(BBox::new(175.0, 0.0, -178.0, 1.0).unwrap())),
            [1, 2]
        );
        assert_eq!(sorted(boxes.window(BBox::new(5.0, 5.0, 10.0, 9.0).unwrap())), [3, 4]);
        assert_eq!(boxes.window(BBox::new(21.0, 0.0, 22.0, 1.0).unwrap()).count(), 0);
    }
}
