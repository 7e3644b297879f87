//! Geometries mended so that nothing they cover is lost.
//!
//! Owns the repairs, in this order: positions that repeat the one before and spikes (ways out and straight back) are
//! dropped, rings without area are left out, rings are turned as RFC 7946 asks. A polygon that is not valid then is taken
//! apart where its rings touch themselves, which moves nothing; where that is not enough it becomes the union of
//! everything its rings go around at all (the non-zero rule). A bow tie keeps both lobes and parts that overlap are joined:
//! of two readings of a broken danger zone the larger one is the safe one. Where neither helps, positions less than a
//! tenth of a millimetre apart are taken as one, and both are tried again. How much the area changed is told; what cannot
//! be made valid is refused.

use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::{BooleanOps, CoordinatePosition, bool_ops::FillRule, coordinate_position::CoordPos};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use robust::orient2d;

use super::{nearly_same::as_one, untangle::untangle};
use crate::geometry::validity;

/// The share of its area that a polygon may gain or lose in a repair before somebody should look at it: a thousandth is
/// far below the accuracy of hazard zones.
pub(super) const AREA_TOLERANCE: f64 = 1e-3;

/// What was mended in one geometry.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Repair {
    pub(super) closed_rings: usize,
    pub(super) repeated_positions: usize,
    pub(super) spikes: usize,
    pub(super) turned_rings: usize,
    pub(super) collapsed_rings: usize,
    /// Where the polygon was rebuilt, the area gained (positive) or lost as a share of the larger of both areas, -1..=1.
    pub(super) rebuilt: Option<f64>,
}

/// Mends a geometry as far as its kind needs it, and counts what was done.
///
/// # Errors
/// Why it cannot be mended, with the place.
pub(super) fn mend(geometry: Geometry<f64>, repair: &mut Repair) -> Result<Geometry<f64>, String> {
    Ok(match geometry {
        Geometry::Polygon(polygon) => mend_polygons(vec![polygon], repair)?,
        Geometry::MultiPolygon(parts) => mend_polygons(parts.0, repair)?,
        Geometry::LineString(line) => without_repeats(line, repair).into(),
        Geometry::MultiLineString(lines) => {
            let lines = lines.into_iter().map(|line| without_repeats(line, repair));
            Geometry::MultiLineString(lines.collect())
        }
        other => other,
    })
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

/// Valid parts that cover the same. `None` where there are none.
fn rebuild(parts: &MultiPolygon<f64>, repair: &mut Repair) -> Option<MultiPolygon<f64>> {
    let (rebuilt, change) = apart_or_joined(parts).or_else(|| {
        let merged = as_one(parts).into_iter();
        let cleaned = merged.filter_map(|part| clean(part, &mut Repair::default()));
        apart_or_joined(&cleaned.collect())
    })?;
    repair.rebuilt = Some(change);
    Some(rebuilt)
}

/// Rings taken apart where they touch themselves, and where that is not enough joined by a union, with the share of the
/// area gained. `None` where neither is valid and covers as much.
fn apart_or_joined(parts: &MultiPolygon<f64>) -> Option<(MultiPolygon<f64>, f64)> {
    let before = area(parts);
    let change = |rebuilt: &MultiPolygon<f64>| {
        let after = area(rebuilt);
        (after - before) / before.abs().max(after.abs())
    };
    let is_valid =
        |rebuilt: &MultiPolygon<f64>| !rebuilt.0.is_empty() && validity::flaw(&rebuilt.clone().into()).is_none();
    let apart = untangle(parts);
    let change_apart = change(&apart);
    if change_apart.abs() <= AREA_TOLERANCE && is_valid(&apart) {
        return Some((apart, change_apart));
    }
    let joined = union(parts)?;
    let change_joined = change(&joined);
    (is_valid(&joined) && covers(&joined, parts)).then_some((joined, change_joined))
}

/// Everything that the rings go around. `None` where the overlay finds itself in contradiction, which it takes for a
/// reason to panic in builds that check.
fn union(parts: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let nothing = MultiPolygon::<f64>(Vec::new());
    catch_unwind(AssertUnwindSafe(|| {
        parts.union_with_fill_rule(&nothing, FillRule::NonZero)
    }))
    .ok()
}

/// As many places of a polygon are tried again after a union.
const TRIED: usize = 256;

/// Whether places inside the corners of the rings are covered if the rings go around them at all: a second look at what
/// a union made of rings that were broken. O(n) for n vertices.
fn covers(joined: &MultiPolygon<f64>, parts: &MultiPolygon<f64>) -> bool {
    let corners: Vec<[Coord<f64>; 3]> = rings(parts)
        .flat_map(|ring| ring.0.windows(3))
        .filter_map(|corner| corner.try_into().ok())
        .filter(is_sharp)
        .collect();
    let step = corners.len().div_ceil(TRIED).max(1);
    corners.iter().step_by(step).all(|[before, at, after]| {
        let inside = (*before + *at * 2.0 + *after) / 4.0;
        winding(parts, inside) == 0 || joined.coordinate_position(&inside) != CoordPos::Outside
    })
}

/// Whether a corner turns so much that a place in it is clear of the border, which a union moves by billionths.
fn is_sharp([before, at, after]: &[Coord<f64>; 3]) -> bool {
    let (u, v) = (*at - *before, *after - *at);
    let turn = u.x * v.y - u.y * v.x;
    turn.abs() > 1e-3 * u.x.hypot(u.y) * v.x.hypot(v.y)
}

/// How often the rings go around a point (D. Sunday's winding number).
fn winding(parts: &MultiPolygon<f64>, at: Coord<f64>) -> i64 {
    let coord = |at: Coord<f64>| robust::Coord { x: at.x, y: at.y };
    let turns = rings(parts).flat_map(LineString::lines).map(|side| {
        let left = || orient2d(coord(side.start), coord(side.end), coord(at));
        match (side.start.y <= at.y, side.end.y <= at.y) {
            (true, false) if left() > 0.0 => 1,
            (false, true) if left() < 0.0 => -1,
            _ => 0,
        }
    });
    turns.sum()
}

fn rings(parts: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    let of_part = |part| std::iter::once(Polygon::exterior(part)).chain(Polygon::interiors(part));
    parts.iter().flat_map(of_part)
}

/// A polygon without repeated positions, spikes and collapsed rings, its exterior counter-clockwise and its holes
/// clockwise (RFC 7946, section 3.1.6); `None` where its exterior has collapsed.
fn clean(polygon: Polygon<f64>, repair: &mut Repair) -> Option<Polygon<f64>> {
    let (exterior, interiors) = polygon.into_inner();
    let mut ring = |line: LineString<f64>| {
        let line = without_spikes(without_repeats(line, repair), repair);
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

/// A closed ring without the positions where it turns straight back on itself. They enclose nothing, so that the area
/// stays exactly as it was. O(n).
fn without_spikes(ring: LineString<f64>, repair: &mut Repair) -> LineString<f64> {
    let Some((_, open)) = ring.0.split_last().filter(|(_, open)| open.len() >= 3) else {
        return ring;
    };
    let mut path: Vec<Coord<f64>> = Vec::with_capacity(ring.0.len());
    let mut spikes = 0;
    for &coord in open {
        while let [.., before, tip] = path[..]
            && is_spike(before, tip, coord)
        {
            path.pop();
            spikes += 1;
        }
        // A way out and back ends where it began.
        if path.last() != Some(&coord) {
            path.push(coord);
        }
    }
    // The ends meet: the same across the seam, until nothing turns back there.
    let mut start = 0;
    while let [first, second, .., before, last] = path[start..] {
        if last == first || is_spike(before, last, first) {
            spikes += usize::from(last != first);
            path.pop();
        } else if is_spike(last, first, second) {
            start += 1;
            spikes += 1;
        } else {
            break;
        }
    }
    if spikes == 0 {
        return ring;
    }
    repair.spikes += spikes;
    path.drain(..start);
    let mut ring = LineString(path);
    ring.close();
    ring
}

/// Whether the way over `tip` comes straight back.
fn is_spike(before: Coord<f64>, tip: Coord<f64>, after: Coord<f64>) -> bool {
    let coord = |at: Coord<f64>| robust::Coord { x: at.x, y: at.y };
    let (out, back) = (tip - before, after - tip);
    orient2d(coord(before), coord(tip), coord(after)) == 0.0 && out.x * back.x + out.y * back.y < 0.0
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
    rings(parts).map(ring_area).sum()
}

#[cfg(test)]
mod tests;
