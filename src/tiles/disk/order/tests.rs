//! The order against a plain look at every box.

use geo_types::{Coord, Rect};
use proptest::prelude::*;

use super::{super::curve::LAST, *};

/// Boxes from specks to half the world, many of them over each other and some over the edges of the world.
fn boxes() -> impl Strategy<Value = Vec<Rect<f64>>> {
    let side = || prop_oneof![Just(0.0), 0.0..1e-5, 0.0..0.01, 0.0..1.0, 0.0..90.0];
    let one =
        (-180.0..180.0, -89.0..89.0, side(), side()).prop_map(|(west, south, width, height): (f64, f64, f64, f64)| {
            let (east, north) = ((west + width).min(180.0), (south + height).min(90.0));
            Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north })
        });
    let far_off = prop::collection::vec(one, 0..40);
    let near = (0.0..1.0, 0.0..1.0, side(), side()).prop_map(|(x, y, width, height): (f64, f64, f64, f64)| {
        let (west, south) = (119.0 + x, 26.0 + y);
        Rect::new(
            Coord { x: west, y: south },
            Coord {
                x: (west + width).min(180.0),
                y: (south + height).min(90.0),
            },
        )
    });
    (far_off, prop::collection::vec(near, 0..200)).prop_map(|(far_off, near)| [far_off, near].concat())
}

/// A tile around one of the boxes, or anywhere.
fn tile_at(boxes: &[Rect<f64>], pick: usize, zoom: u8) -> TileCoord {
    let at = boxes
        .get(pick % boxes.len().max(1))
        .map_or(Coord { x: 0.0, y: 0.0 }, |degrees| degrees.min());
    TileCoord::containing(crate::geometry::Mercator::project(at.x, at.y), zoom)
}

fn order(boxes: &[Rect<f64>]) -> Order {
    let mut builder = Order::builder(boxes.len());
    for degrees in boxes {
        builder.add(*degrees);
    }
    builder.finish()
}

/// Whether a box meets a tile with its buffer, in any turn around the world.
fn meets(degrees: &Rect<f64>, tile: TileCoord) -> bool {
    let corner = |x, y| GridPoint::from_degrees(Coord { x, y });
    let (min, max) = (
        corner(degrees.min().x, degrees.max().y),
        corner(degrees.max().x, degrees.min().y),
    );
    TileFrame::all(tile).any(|frame| {
        let [west, north, east, south] = frame.window();
        f64::from(min.x) <= east && f64::from(max.x) >= west && f64::from(min.y) <= south && f64::from(max.y) >= north
    })
}

proptest! {
    #[test]
    fn no_feature_of_a_tile_is_missed(boxes in boxes(), pick in any::<usize>(), zoom in 0_u8..=20) {
        let tile = tile_at(&boxes, pick, zoom);
        let order = order(&boxes);
        let all = order.all(tile, usize::MAX - 1).unwrap();
        let rows: Vec<u32> = all.iter().map(|shown| shown.row).collect();
        prop_assert!(rows.is_sorted_by(|a, b| a < b));
        prop_assert!(all.iter().all(|shown| shown.count == 1));
        let has_extent = order.sizes.is_some();
        for (row, degrees) in (0..).zip(&boxes) {
            if has_extent && meets(degrees, tile) && place_of(*degrees).is_some() {
                prop_assert!(rows.contains(&row), "{row}: {degrees:?} in {tile}");
                prop_assert!(order.touches(tile));
            }
        }
    }

    #[test]
    fn what_is_small_is_shown_or_counted_once(boxes in boxes(), pick in any::<usize>(), zoom in 0_u8..=20, doublings in 0_u32..4, most in 1_usize..300) {
        let tile = tile_at(&boxes, pick, zoom);
        let order = order(&boxes);
        let shown = order.thinned(tile, doublings, most);
        prop_assert!(shown.len() <= most);
        let bits = (doublings..=GRID_BITS).map(|doublings| cell_bits(tile, doublings)).find(|bits| order.in_cells(tile, *bits, most).is_some()).unwrap();
        let rows: Vec<u32> = shown.iter().map(|shown| shown.row).collect();
        let mut distinct = rows.clone();
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), rows.len());
        let mut small = 0;
        for (row, degrees) in (0..).zip(&boxes) {
            let Some((key, size)) = place_of(*degrees) else { continue };
            if u32::from(size) > bits {
                prop_assert!(!meets(degrees, tile) || rows.contains(&row), "{row}: {degrees:?} in {tile}");
            } else {
                let shift = 2 * (GRID_BITS - u32::from(zoom));
                small += u32::from(key >> shift == interleave(tile.x(), tile.y()));
            }
        }
        let of_cells = shown.iter().filter(|shown| place_of(boxes[shown.row as usize]).is_some_and(|(_, size)| u32::from(size) <= bits));
        prop_assert_eq!(of_cells.map(|shown| shown.count).sum::<u32>(), small);
    }

    #[test]
    fn a_size_is_the_next_power_of_two(side in 0_u32..=LAST) {
        let size = size_of(side);
        prop_assert!(1_u64 << size >= u64::from(side));
        prop_assert!(size == 0 || 1_u64 << (size - 1) < u64::from(side));
    }
}

#[test]
fn what_lies_beyond_the_mercator_square_is_in_no_tile() {
    let at = |x, south, north| Rect::new(Coord { x, y: south }, Coord { x, y: north });
    for (x, south, north, is_there) in [
        (119.0, 85.0, 85.0, true),
        (119.0, 86.0, 86.0, false),
        (119.0, -90.0, -90.0, false),
        (119.0, 84.0, 90.0, true),
        (180.0, 10.0, 10.0, true),
        (-180.0, 10.0, 10.0, true),
    ] {
        assert_eq!(place_of(at(x, south, north)).is_some(), is_there, "{x} {south} {north}");
    }
}
