//! What is mended, and that nothing that was covered is lost.

use geo::Area;
use geo_types::{polygon, wkt};
use proptest::prelude::*;

use super::*;

fn mended(geometry: impl Into<Geometry<f64>>) -> Result<(Geometry<f64>, Repair), String> {
    let mut repair = Repair::default();
    let geometry = mend(geometry.into(), &mut repair)?;
    assert_eq!(validity::flaw(&geometry), None);
    Ok((geometry, repair))
}

#[test]
fn a_valid_polygon_is_left_as_it_is() {
    let polygon = polygon![(x: 119., y: 26.), (x: 120., y: 26.), (x: 120., y: 27.)];
    assert_eq!(mended(polygon.clone()), Ok((polygon.into(), Repair::default())));
}

#[test]
fn a_ring_that_touches_itself_keeps_its_area() {
    // A square with a hole that is drawn as part of the outline.
    let inverted = wkt!(POLYGON((0. 0.,4. 0.,4. 4.,2. 4.,3. 2.,1. 2.,2. 4.,0. 4.,0. 0.)));
    let (_, repair) = mended(inverted).unwrap();
    assert!(repair.rebuilt.unwrap().abs() < 1e-9, "{repair:?}");
}

#[test]
fn a_bow_tie_keeps_both_lobes_and_says_how_much_that_is() {
    let (whole, repair) = mended(wkt!(POLYGON((119. 26.,120. 27.,120. 26.,119. 27.,119. 26.)))).unwrap();
    assert!((whole.unsigned_area() - 0.5).abs() < 1e-6, "{whole:?}");
    assert!(
        (repair.rebuilt.unwrap() - 1.0).abs() < 1e-9,
        "its lobes cancel in the shoelace formula: {repair:?}"
    );
}

#[test]
fn parts_that_overlap_or_touch_are_joined() {
    let twice = wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((1. 0.,3. 0.,3. 2.,1. 2.,1. 0.))));
    let (whole, repair) = mended(twice).unwrap();
    assert!((whole.unsigned_area() - 6.0).abs() < 1e-6, "{whole:?}");
    assert!((repair.rebuilt.unwrap() + 0.25).abs() < 1e-6, "{repair:?}");
    let neighbours = wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((2. 0.,3. 0.,3. 2.,2. 2.,2. 0.))));
    let (whole, repair) = mended(neighbours).unwrap();
    assert!(
        matches!(&whole, Geometry::MultiPolygon(parts) if parts.0.len() == 1),
        "{whole:?}"
    );
    assert!(repair.rebuilt.unwrap().abs() < 1e-9);
}

#[test]
fn small_slips_are_mended_and_counted() {
    let clockwise = wkt!(POLYGON((0. 0.,0. 4.,0. 4.,4. 4.,4. 0.,0. 0.),(1. 1.,2. 1.,1. 1.)));
    let (_, repair) = mended(clockwise).unwrap();
    let expected = Repair {
        repeated_positions: 1,
        turned_rings: 1,
        collapsed_rings: 1,
        ..Repair::default()
    };
    assert_eq!(Repair { spikes: 0, ..repair }, expected);
}

#[test]
fn spikes_go_wherever_they_stand() {
    let square = [(0., 0.), (4., 0.), (4., 4.), (0., 4.)];
    // Out and back to the same position, back further than it came from, and a spike upon a spike.
    for spike in [
        vec![(4., 9.), (4., 4.)],
        vec![(4., 9.), (4., 3.), (4., 4.)],
        vec![(4., 9.), (4., 12.), (4., 10.), (4., 4.)],
    ] {
        let mut ring: Vec<(f64, f64)> = square[..3].to_vec();
        ring.extend(&spike);
        ring.push(square[3]);
        // Whichever position the ring begins with.
        for turn in 0..ring.len() {
            let mut turned = ring.clone();
            turned.rotate_left(turn);
            let (whole, repair) = mended(Polygon::new(LineString::from(turned), Vec::new())).unwrap();
            assert!(
                (whole.unsigned_area() - 16.0).abs() < 1e-12,
                "{spike:?} {turn}: {whole:?}"
            );
            assert!(
                repair.spikes > 0 && repair.rebuilt.is_none(),
                "{spike:?} {turn}: {repair:?}"
            );
        }
    }
}

/// Corners written twice, 10⁻¹³ degrees apart, so that the sides there cross by a hair.
#[test]
fn corners_a_hair_apart_do_not_cost_the_polygon() {
    let hair = 1e-13;
    let lobes = [
        (119.1, 26.1),
        (119.3, 26.1),
        (119.2 + hair, 26.2),
        (119.3, 26.3),
        (119.1, 26.3),
        (119.2 - hair, 26.2),
    ];
    let (whole, _) = mended(Polygon::new(LineString::from(lobes.to_vec()), Vec::new())).unwrap();
    assert!((whole.unsigned_area() - 0.02).abs() < 1e-9, "{whole:?}");
    let crossed: Vec<_> = lobes
        .into_iter()
        .map(|(x, y)| (119.2 + (119.2 - x) * if y == 26.2 { 1.0 } else { -1.0 }, y))
        .collect();
    let (whole, repair) = mended(Polygon::new(LineString::from(crossed), Vec::new())).unwrap();
    assert!((whole.unsigned_area() - 0.02).abs() < 1e-9, "{whole:?}");
    assert!(repair.rebuilt.is_some(), "{repair:?}");
}

#[test]
fn what_has_no_area_is_refused() {
    for line in [
        vec![(0., 0.), (1., 1.), (2., 2.)],
        vec![(0., 0.), (1., 0.), (0., 0.), (1., 0.)],
        vec![(0., 0.)],
        vec![],
    ] {
        assert!(mended(Polygon::new(LineString::from(line), Vec::new())).is_err());
    }
}

/// How often the rings go around a point; the plain reading of the non-zero rule.
fn plain_winding(parts: &MultiPolygon<f64>, at: Coord<f64>) -> i64 {
    let rings = parts
        .iter()
        .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings
        .flat_map(LineString::lines)
        .map(|side| {
            let left = (side.end.x - side.start.x) * (at.y - side.start.y)
                - (at.x - side.start.x) * (side.end.y - side.start.y);
            match (side.start.y <= at.y, side.end.y <= at.y) {
                (true, false) if left > 0.0 => 1,
                (false, true) if left < 0.0 => -1,
                _ => 0,
            }
        })
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Rings with corners anywhere on a small grid: they touch, cross and overlap in every way.
    #[test]
    fn what_rings_go_around_stays_covered(
        rings in proptest::collection::vec(proptest::collection::vec((0_i32..12, 0_i32..12), 3..9), 1..4),
    ) {
        let parts = rings.iter().map(|ring| {
            let line = ring.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) });
            Polygon::new(line.collect(), Vec::new())
        });
        let parts = MultiPolygon(parts.collect());
        let Ok((whole, _)) = mended(parts.clone()) else {
            // A valid polygon is never refused; one that is broken may be, and is told.
            let cleaned: Vec<_> = parts.into_iter().filter_map(|part| clean(part, &mut Repair::default())).collect();
            prop_assert!(cleaned.is_empty() || validity::flaw(&MultiPolygon(cleaned).into()).is_some());
            return Ok(());
        };
        // Turned parts as the mending reads them: each counter-clockwise.
        let turned = MultiPolygon(parts.into_iter().filter_map(|part| clean(part, &mut Repair::default())).collect());
        for step in 0..300 {
            // Off the grid's lines, so that no point is on a border.
            let at = Coord { x: f64::from(step % 20) * 0.6 + 0.137, y: f64::from(step / 20) * 0.8 + 0.291 };
            if plain_winding(&turned, at) != 0 {
                prop_assert_ne!(whole.coordinate_position(&at), CoordPos::Outside, "{:?} {:?}", at, whole);
            }
        }
    }
}
