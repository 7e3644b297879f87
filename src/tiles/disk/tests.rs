//! The curve that the points of a layer on the disk are sorted along.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn the_curve_and_the_grid_are_one(x in any::<i32>(), y in any::<i32>()) {
        let point = GridPoint { x: x / 2, y: y / 2 };
        prop_assert_eq!(point_of(key_of(point).unwrap()), point);
    }

    #[test]
    fn a_tile_is_one_stretch_of_the_curve(x in any::<i32>(), y in any::<i32>(), zoom in 0_u8..=22) {
        let point = GridPoint { x: x / 2, y: y / 2 };
        let half = 1_i64 << (GRID_BITS - 1);
        let side = |along: i32| ((i64::from(along) + half) >> (GRID_BITS - u32::from(zoom))) as u32;
        let number = key_of(point).unwrap() >> (2 * (GRID_BITS - u32::from(zoom)));
        prop_assert_eq!(number, interleave(side(point.x), side(point.y)));
    }
}

#[test]
fn what_lies_beyond_the_mercator_square_is_in_no_tile() {
    for (lat, is_there) in [(85.0, true), (86.0, false), (-90.0, false)] {
        let point = GridPoint::from_degrees(geo_types::Coord { x: 119.0, y: lat });
        assert_eq!(key_of(point).is_some(), is_there, "{lat}");
    }
}
