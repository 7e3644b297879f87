//! One geometry on its way into the pack: datum, range, repair.
//!
//! Repairs are the ones that cannot change what the geometry covers by more than [`AREA_TOLERANCE`]: rings are
//! closed, turned, freed of repeated positions and of collapsed holes; a polygon that touches itself is taken apart or
//! joined anew, and refused where that would not be valid and of the same area.

use geo::{BooleanOps, MapCoords, bool_ops::FillRule};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::untangle::untangle;
use crate::{
    catalog::{
        Role,
        readers::{Problem, RawFeature},
    },
    geometry::{Datum, LonLat, LonLatError, validity},
};

/// The largest share of its area that a polygon may gain or lose when it is rebuilt: a thousandth is far below the
/// accuracy of hazard zones, and a bow tie or a doubled part loses much more.
pub(super) const AREA_TOLERANCE: f64 = 1e-3;

/// What was mended in one geometry.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Repair {
    pub(super) closed_rings: usize,
    pub(super) repeated_positions: usize,
    pub(super) turned_rings: usize,
    pub(super) collapsed_rings: usize,
    /// The share of the area gained or lost where the polygon was rebuilt.
    pub(super) rebuilt: Option<f64>,
}

/// Takes a feature's geometry to WGS 84, checks and mends it.
pub(super) fn prepare(feature: &mut RawFeature, datum: Datum, role: Role) -> Result<(Geometry<f64>, Repair), Problem> {
    let problem = |reason: String| Problem {
        field: Some("geometry".to_owned()),
        value: None,
        reason,
    };
    let raw = feature
        .geometry
        .take()
        .ok_or_else(|| problem("there is no geometry".to_owned()))?;
    check_role(&raw, role).map_err(problem)?;
    let geometry = to_wgs84(&raw, datum).map_err(problem)?;
    let mut repair = Repair {
        closed_rings: feature.open_rings,
        ..Repair::default()
    };
    let mended = match geometry {
        Geometry::Polygon(polygon) => mend_polygons(vec![polygon], &mut repair).map_err(problem)?,
        Geometry::MultiPolygon(parts) => mend_polygons(parts.0, &mut repair).map_err(problem)?,
        Geometry::LineString(line) => without_repeats(line, &mut repair).into(),
        Geometry::MultiLineString(lines) => {
            let lines = lines.into_iter().map(|line| without_repeats(line, &mut repair));
            Geometry::MultiLineString(lines.collect())
        }
        other => other,
    };
    match validity::flaw(&mended) {
        Some(flaw) => Err(problem(flaw.to_string())),
        None => Ok((mended, repair)),
    }
}

fn check_role(geometry: &Geometry<f64>, role: Role) -> Result<(), String> {
    let is_point = matches!(geometry, Geometry::Point(_));
    let is_polygon = matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
    match role {
        _ if matches!(geometry, Geometry::GeometryCollection(_)) => {
            Err("a geometry collection; split it into features of one kind".to_owned())
        }
        Role::Shelter if !is_point => Err("a shelter needs a point: its entrance or its middle".to_owned()),
        Role::HazardZone if !is_polygon => Err("a hazard zone needs a polygon".to_owned()),
        Role::AdminArea if !is_polygon => Err("an administrative area needs a polygon".to_owned()),
        _ => Ok(()),
    }
}

/// Converts every position and checks that it lies on the globe.
fn to_wgs84(geometry: &Geometry<f64>, datum: Datum) -> Result<Geometry<f64>, String> {
    let checked = |coord: Coord<f64>| {
        let position = LonLat::try_from(coord).map_err(|error| {
            let swapped = matches!(error, LonLatError::Latitude(_)) && LonLat::new(coord.y, coord.x).is_ok();
            format!(
                "{error}{}",
                if swapped {
                    "; are longitude and latitude swapped?"
                } else {
                    ""
                }
            )
        })?;
        Ok(Coord::from(datum.to_wgs84(position)))
    };
    geometry.try_map_coords(checked)
}

fn without_repeats(line: LineString<f64>, repair: &mut Repair) -> LineString<f64> {
    let before = line.0.len();
    let mut coords = line.0;
    coords.dedup();
    repair.repeated_positions += before - coords.len();
    LineString(coords)
}

/// Cleans every ring, drops the collapsed ones, and rebuilds what is still not valid.
fn mend_polygons(parts: Vec<Polygon<f64>>, repair: &mut Repair) -> Result<Geometry<f64>, String> {
    let is_multi = parts.len() != 1;
    let cleaned: Vec<_> = parts.into_iter().filter_map(|part| clean(part, repair)).collect();
    if cleaned.is_empty() {
        return Err("the polygon has no ring with three different positions".to_owned());
    }
    let cleaned = MultiPolygon(cleaned);
    let whole: MultiPolygon<f64> = match validity::flaw(&Geometry::MultiPolygon(cleaned.clone())) {
        None => cleaned,
        Some(flaw) => rebuild(&cleaned, repair).ok_or_else(|| flaw.to_string())?,
    };
    let mut parts = whole.0;
    Ok(match (is_multi, parts.len()) {
        (false, 1) => parts.remove(0).into(),
        _ => MultiPolygon(parts).into(),
    })
}

/// Valid parts that cover the same: rings taken apart where they touch themselves, and where that is not enough joined
/// by a union. `None` where neither is valid and of the same area.
fn rebuild(parts: &MultiPolygon<f64>, repair: &mut Repair) -> Option<MultiPolygon<f64>> {
    let before = area(parts);
    let mut accept = |rebuilt: MultiPolygon<f64>| {
        let change = (area(&rebuilt) - before) / before;
        let sound = change.abs() <= AREA_TOLERANCE && validity::flaw(&rebuilt.clone().into()).is_none();
        repair.rebuilt = sound.then_some(change);
        sound.then_some(rebuilt)
    };
    let apart = untangle(parts);
    accept(apart.clone()).or_else(|| {
        let nothing = MultiPolygon::<f64>(Vec::new());
        accept(apart.union_with_fill_rule(&nothing, FillRule::Positive))
    })
}

/// A polygon without repeated positions and collapsed rings, its exterior counter-clockwise and its holes clockwise
/// (RFC 7946, section 3.1.6); `None` where its exterior has collapsed.
fn clean(polygon: Polygon<f64>, repair: &mut Repair) -> Option<Polygon<f64>> {
    let (exterior, interiors) = polygon.into_inner();
    let mut ring = |line: LineString<f64>| {
        let line = without_repeats(line, repair);
        // Closed, a ring of three different positions has four.
        let stays = line.0.len() >= 4;
        repair.collapsed_rings += usize::from(!stays);
        stays.then_some(line)
    };
    let exterior = ring(exterior)?;
    let interiors: Vec<_> = interiors.into_iter().filter_map(&mut ring).collect();
    let mut turn = |mut line: LineString<f64>, is_hole: bool| {
        // By area, for the turn at one corner says nothing about a ring that touches itself.
        if (ring_area(&line) < 0.0) != is_hole {
            line.0.reverse();
            repair.turned_rings += 1;
        }
        line
    };
    let exterior = turn(exterior, false);
    Some(Polygon::new(
        exterior,
        interiors.into_iter().map(|hole| turn(hole, true)).collect(),
    ))
}

/// Signed area in square degrees by the shoelace formula, relative to the first position against cancellation.
pub(super) fn ring_area(ring: &LineString<f64>) -> f64 {
    let origin = ring.0.first().copied().unwrap_or_default();
    let double = ring.lines().map(|side| {
        let (a, b) = (side.start - origin, side.end - origin);
        a.x * b.y - a.y * b.x
    });
    double.sum::<f64>() / 2.0
}

fn area(parts: &MultiPolygon<f64>) -> f64 {
    let rings = parts
        .iter()
        .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings.map(ring_area).sum()
}

#[cfg(test)]
mod tests {
    use geo_types::{Point, polygon, wkt};

    use super::*;

    fn zone(geometry: impl Into<Geometry<f64>>) -> Result<(Geometry<f64>, Repair), Problem> {
        let mut feature = RawFeature {
            geometry: Some(geometry.into()),
            ..RawFeature::default()
        };
        prepare(&mut feature, Datum::Wgs84, Role::HazardZone)
    }

    #[test]
    fn a_valid_polygon_is_left_as_it_is() {
        let polygon = polygon![(x: 119., y: 26.), (x: 120., y: 26.), (x: 120., y: 27.)];
        assert_eq!(zone(polygon.clone()), Ok((polygon.into(), Repair::default())));
    }

    #[test]
    fn a_ring_that_touches_itself_keeps_its_area() {
        // A square with a hole that is drawn as part of the outline.
        let inverted = wkt!(POLYGON((0. 0.,4. 0.,4. 4.,2. 4.,3. 2.,1. 2.,2. 4.,0. 4.,0. 0.)));
        let (mended, repair) = zone(inverted).unwrap();
        assert_eq!(validity::flaw(&mended), None);
        assert!(repair.rebuilt.unwrap().abs() < 1e-9, "{repair:?}");
    }

    #[test]
    fn a_bow_tie_is_refused_with_its_place() {
        let problem = zone(wkt!(POLYGON((119. 26.,120. 27.,120. 26.,119. 27.,119. 26.)))).unwrap_err();
        assert_eq!(
            problem.reason,
            "a ring crosses or touches itself at 119.5000000,26.5000000"
        );
    }

    #[test]
    fn overlapping_parts_are_refused_and_touching_ones_joined() {
        let twice = wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((1. 0.,3. 0.,3. 2.,1. 2.,1. 0.))));
        assert!(zone(twice).is_err());
        let neighbours = wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((2. 0.,3. 0.,3. 2.,2. 2.,2. 0.))));
        let (mended, repair) = zone(neighbours).unwrap();
        assert!(
            matches!(&mended, Geometry::MultiPolygon(parts) if parts.0.len() == 1),
            "{mended:?}"
        );
        assert!(repair.rebuilt.unwrap().abs() < 1e-9);
    }

    #[test]
    fn small_slips_are_mended_and_counted() {
        let clockwise = wkt!(POLYGON((0. 0.,0. 4.,0. 4.,4. 4.,4. 0.,0. 0.),(1. 1.,2. 1.,1. 1.)));
        let (mended, repair) = zone(clockwise).unwrap();
        assert_eq!(validity::flaw(&mended), None);
        assert_eq!(
            repair,
            Repair {
                repeated_positions: 1,
                turned_rings: 1,
                collapsed_rings: 1,
                ..Repair::default()
            }
        );
    }

    #[test]
    fn swapped_positions_are_refused_with_a_hint() {
        let mut feature = RawFeature {
            geometry: Some(Point::new(26.08, 119.3).into()),
            ..RawFeature::default()
        };
        let problem = prepare(&mut feature, Datum::Wgs84, Role::Shelter).unwrap_err();
        assert_eq!(
            problem.reason,
            "latitude 119.3 is outside -90..=90 degrees; are longitude and latitude swapped?"
        );
    }
}
