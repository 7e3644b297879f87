//! Which stretches an area catches.

use std::collections::BTreeSet;

use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect};
use i_overlay::{core::fill_rule::FillRule, float::simplify::SimplifyShape};

use super::{Area, ClosureError, Levels};
use crate::{
    geometry::{LonLat, validity},
    routing::{
        Network, Snapper, StretchId, Traits,
        place::Shape,
        snap::{Plane, project},
        zone::{ZonePolygon, cover_stretch},
    },
    units::Metres,
};

/// How far the road may lie from a point that names it: finger and map are no better.
const POINT_REACH_M: f64 = 50.0;

/// Where roads lie above each other within this of the same distance, the one on the ground is meant.
const SAME_M: f64 = 2.0;

/// The largest radius; more is a polygon's business.
const MOST_RADIUS_M: f64 = 5_000.0;

/// How far a line may be drawn beside the road it means: half a wide road and the unsteadiness of a hand.
const BESIDE_M: f64 = 12.0;

/// A road is meant by a line that runs beside it for this long, or for this share of it.
const ALONG_M: f64 = 30.0;
const ALONG_SHARE: f64 = 0.8;

/// How densely stretches are compared with a line.
const SAMPLE_M: f64 = 2.0;

/// Roads that reach less far into a polygon only touch it.
const INSIDE_M: f64 = 0.5;

/// How a stretch lies to others in the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deck {
    Ground,
    Bridge(i8),
    Tunnel(i8),
}

impl Deck {
    fn of(network: &Network, stretch: StretchId) -> Self {
        let (traits, layer) = (network.traits(stretch), network.layer(stretch));
        if traits.contains(Traits::BRIDGE) {
            Self::Bridge(layer)
        } else if traits.contains(Traits::TUNNEL) {
            Self::Tunnel(layer)
        } else {
            Self::Ground
        }
    }
}

impl Area {
    /// The stretches that the area catches, in order: what a preview shows, and what a closure then shuts.
    ///
    /// A bridge above a closed road and a tunnel below it are not caught ([`Levels`]), nor is a road beside it: a line
    /// catches what lies within [12 m](BESIDE_M) of it for [30 m](ALONG_M), and not the side streets that it passes.
    /// There is no limit to the size of a polygon.
    ///
    /// # Errors
    /// Nothing is caught, or the area is none.
    pub fn catch(&self, network: &Network, snapper: &Snapper, levels: Levels) -> Result<Vec<StretchId>, ClosureError> {
        let caught = match self {
            Self::Around(point, radius) => around(network, snapper, *point, *radius, levels)?,
            Self::Line(line) => one_level(network, along_line(network, snapper, line)?, levels),
            Self::Polygon(parts) => one_level(network, inside(network, snapper, parts)?, levels),
            Self::Ways(ways) => of_ways(network, ways)?,
        };
        if caught.is_empty() {
            return Err(ClosureError::Nothing);
        }
        Ok(caught.into_iter().collect())
    }
}

/// Those on the ground, if there are any.
fn one_level(network: &Network, caught: BTreeSet<StretchId>, levels: Levels) -> BTreeSet<StretchId> {
    let on_ground = |stretch: &StretchId| Deck::of(network, *stretch) == Deck::Ground;
    if levels == Levels::All || !caught.iter().any(on_ground) {
        return caught;
    }
    caught.into_iter().filter(on_ground).collect()
}

fn around(
    network: &Network,
    snapper: &Snapper,
    point: LonLat,
    radius: Metres,
    levels: Levels,
) -> Result<BTreeSet<StretchId>, ClosureError> {
    if !(0.0..=MOST_RADIUS_M).contains(&radius.0) {
        return Err(ClosureError::Radius(radius));
    }
    let reach = Metres(radius.0.max(POINT_REACH_M));
    let nearest = snapper
        .nearest(network, point, reach, |_| true)
        .ok_or(ClosureError::Nothing)?;
    let as_near = Metres((nearest.distance.0 + SAME_M).min(reach.0));
    let ground = snapper.nearest(network, point, as_near, |other| {
        Deck::of(network, other) == Deck::Ground
    });
    let stretch = ground.unwrap_or(nearest).place.stretch;
    let deck = Deck::of(network, stretch);
    let level = |other: &StretchId| levels == Levels::All || Deck::of(network, *other) == deck;
    let near = |other: &StretchId| project(network, *other, point).distance.0 <= radius.0;
    let mut caught: BTreeSet<StretchId> = snapper
        .around(point, radius)
        .filter(|other| level(other) && near(other))
        .collect();
    caught.insert(stretch);
    Ok(caught)
}

fn of_ways(network: &Network, ways: &[i64]) -> Result<BTreeSet<StretchId>, ClosureError> {
    let wanted: BTreeSet<i64> = ways.iter().copied().collect();
    let mut found = BTreeSet::new();
    let mut caught = BTreeSet::new();
    for stretch in network
        .stretches()
        .filter(|&stretch| wanted.contains(&network.way(stretch)))
    {
        found.insert(network.way(stretch));
        caught.insert(stretch);
    }
    match wanted.difference(&found).next() {
        Some(&missing) => Err(ClosureError::NoSuchWay(missing)),
        None => Ok(caught),
    }
}

fn inside(
    network: &Network,
    snapper: &Snapper,
    parts: &MultiPolygon<f64>,
) -> Result<BTreeSet<StretchId>, ClosureError> {
    let mut caught = BTreeSet::new();
    for part in parts {
        let rings = std::iter::once(part.exterior()).chain(part.interiors());
        if !rings
            .flat_map(|ring| &ring.0)
            .all(|&corner| LonLat::try_from(corner).is_ok())
        {
            return Err(ClosureError::Position("polygon"));
        }
        for whole in untangled(part) {
            let polygon = ZonePolygon::new(&whole);
            let met: BTreeSet<StretchId> = polygon
                .rect()
                .into_iter()
                .flat_map(|rect| snapper.meeting(rect))
                .collect();
            for stretch in met {
                let shape = Shape::of(network, stretch);
                let mut covered_m = 0.0;
                cover_stretch(&shape, &polygon, |from, to| covered_m += (to - from) * shape.length_m());
                if covered_m >= INSIDE_M {
                    caught.insert(stretch);
                }
            }
        }
    }
    Ok(caught)
}

/// A polygon whose rings cross themselves or each other as polygons that do not: what any ring goes around is inside, whichever way
/// and however often; what lies in a hole is not.
fn untangled(polygon: &Polygon<f64>) -> Vec<Polygon<f64>> {
    if validity::flaw(&polygon.clone().into()).is_none() {
        return vec![polygon.clone()];
    }
    let contour =
        |ring: &LineString<f64>| -> Vec<[f64; 2]> { ring.0.iter().map(|corner| [corner.x, corner.y]).collect() };
    let rings = |polygon: Vec<Vec<[f64; 2]>>| {
        let mut rings = polygon
            .into_iter()
            .map(|ring| ring.into_iter().map(Coord::from).collect());
        Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
    };
    let whole = contour(polygon.exterior()).simplify_shape(FillRule::NonZero);
    let parts = whole.into_iter().map(rings);
    // Holes are few and small: each part is given all of them, and even-odd takes them out where they lie in it.
    let holes: Vec<LineString<f64>> = polygon.interiors().to_vec();
    parts
        .map(|part| {
            let (exterior, mut interiors) = part.into_inner();
            interiors.extend(holes.iter().filter(|hole| lies_in(hole, &exterior)).cloned());
            Polygon::new(exterior, interiors)
        })
        .collect()
}

/// Whether all corners of a ring lie within another's.
fn lies_in(ring: &LineString<f64>, exterior: &LineString<f64>) -> bool {
    let prepared = ZonePolygon::new(&Polygon::new(exterior.clone(), Vec::new()));
    ring.0
        .iter()
        .all(|&corner| LonLat::try_from(corner).is_ok_and(|corner| prepared.covers(corner)))
}

fn along_line(
    network: &Network,
    snapper: &Snapper,
    line: &LineString<f64>,
) -> Result<BTreeSet<StretchId>, ClosureError> {
    let points: Result<Vec<LonLat>, _> = line.0.iter().map(|&corner| LonLat::try_from(corner)).collect();
    let points = points
        .ok()
        .filter(|points| points.len() >= 2)
        .ok_or(ClosureError::Position("line"))?;
    let mut near = BTreeSet::new();
    for pair in points.windows(2) {
        let plane = Plane::at(pair[0]);
        let reach = 2.0 * BESIDE_M / plane.metres_per_degree();
        let rect = Rect::new(Coord::from(pair[0]), Coord::from(pair[1]));
        let (low, high) = (rect.min(), rect.max());
        let wide = Coord { x: reach, y: reach };
        near.extend(snapper.meeting(Rect::new(low - wide, high + wide)));
    }
    let along = near
        .iter()
        .copied()
        .filter(|&stretch| runs_along(&Shape::of(network, stretch), &points));
    let along: BTreeSet<StretchId> = along.collect();
    if !along.is_empty() {
        return Ok(along);
    }
    Ok(near
        .into_iter()
        .filter(|&stretch| is_crossed(&Shape::of(network, stretch), &points))
        .collect())
}

/// Whether a line runs beside a stretch for long enough to mean it.
fn runs_along(shape: &Shape, line: &[LonLat]) -> bool {
    let length = shape.length_m();
    let count = (length / SAMPLE_M).ceil().max(1.0);
    let beside = (0..count as u32).filter(|&sample| {
        let point = shape.position((f64::from(sample) + 0.5) / count);
        let plane = Plane::at(point);
        line.windows(2).any(|pair| plane.distance(pair[0], pair[1]) <= BESIDE_M)
    });
    let beside_m = beside.count() as f64 / count * length;
    beside_m >= ALONG_M.min(ALONG_SHARE * length) && length > 0.0
}

/// Whether a line crosses a stretch, and not only at its ends, where it may mean the road that it meets there.
fn is_crossed(shape: &Shape, line: &[LonLat]) -> bool {
    let near_end = (BESIDE_M / shape.length_m().max(1e-9)).min(0.25);
    shape.points().windows(2).enumerate().any(|(at, piece)| {
        line.windows(2).any(|pair| {
            let share = meeting(piece[0], piece[1], pair[0], pair[1]);
            let fraction = share.map(|share| shape.fraction(at, share));
            fraction.is_some_and(|fraction| (near_end..=1.0 - near_end).contains(&fraction))
        })
    })
}

/// The share of the first line at which the second crosses it.
fn meeting(from: LonLat, to: LonLat, other_from: LonLat, other_to: LonLat) -> Option<f64> {
    let [a, b, c, d] = [from, to, other_from, other_to].map(Coord::from);
    let (along, other, offset) = (b - a, d - c, c - a);
    let cross = |a: Coord<f64>, b: Coord<f64>| a.x * b.y - a.y * b.x;
    let turn = cross(along, other);
    let (share, other_share) = (cross(offset, other) / turn, cross(offset, along) / turn);
    (turn != 0.0 && (0.0..=1.0).contains(&share) && (0.0..=1.0).contains(&other_share)).then_some(share)
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, polygon};

    use super::*;
    use crate::routing::{Stretch, testing::at};

    /// Main street west to east (0, 1), a side street (2), the parallel street 110 m north (3), and a bridge over the main street from south to
    /// north (4) and one above and along it (5).
    fn town() -> (Network, Snapper) {
        let mut builder = Network::builder();
        let mut street = |from: (f64, f64), to: (f64, f64), traits, way| {
            let ends = [builder.add_node(at(from.0, from.1)), builder.add_node(at(to.0, to.1))];
            builder.add_stretch(&Stretch {
                traits,
                way,
                layer: i8::from(traits == Traits::BRIDGE),
                ..Stretch::street(ends, 1_000)
            });
        };
        street((0.0, 0.0), (5.0, 0.0), Traits::NONE, 7);
        street((5.0, 0.0), (10.0, 0.0), Traits::NONE, 7);
        street((5.0, 0.0), (5.0, -3.0), Traits::NONE, 8);
        street((0.0, 1.0), (10.0, 1.0), Traits::NONE, 9);
        street((2.0, -1.0), (2.0, 0.9), Traits::BRIDGE, 10);
        street((6.0, 0.01), (9.0, 0.01), Traits::BRIDGE, 11);
        let network = builder.build().unwrap();
        let snapper = Snapper::build(&network);
        (network, snapper)
    }

    fn caught(area: &Area, levels: Levels) -> Vec<u32> {
        let (network, snapper) = town();
        area.catch(&network, &snapper, levels)
            .unwrap()
            .iter()
            .map(|stretch| stretch.0)
            .collect()
    }

    fn around(x: f64, y: f64, radius: f64) -> Area {
        Area::Around(at(x, y), Metres(radius))
    }

    #[test]
    fn a_point_closes_its_road_and_not_the_bridge_above_or_the_road_beside() {
        assert_eq!(caught(&around(2.1, 0.0, 20.0), Levels::One), [0]);
        assert_eq!(caught(&around(2.1, 0.0, 20.0), Levels::All), [0, 4]);
        assert_eq!(caught(&around(2.0, 0.5, 20.0), Levels::One), [4], "on the bridge");
        assert_eq!(caught(&around(5.0, 0.01, 5.0), Levels::One), [0, 1, 2]);
        assert_eq!(caught(&around(3.5, 0.1, 0.0), Levels::One), [0]);
        assert_eq!(
            caught(&around(7.0, 0.01, 0.0), Levels::One),
            [1],
            "below the bridge along it"
        );
        assert_eq!(caught(&around(3.5, 0.0, 105.0), Levels::One), [0]);
        assert_eq!(caught(&around(3.5, 0.0, 120.0), Levels::One), [0, 3]);
    }

    fn line(points: &[(f64, f64)]) -> Area {
        Area::Line(points.iter().map(|&(x, y)| Coord::from(at(x, y))).collect())
    }

    #[test]
    fn a_line_closes_what_it_runs_along_or_else_what_it_crosses() {
        assert_eq!(caught(&line(&[(1.0, 0.05), (4.0, -0.05)]), Levels::One), [0]);
        assert_eq!(
            caught(&line(&[(1.0, 0.05), (7.0, 0.0)]), Levels::One),
            [0, 1],
            "neither side street nor bridge"
        );
        assert_eq!(caught(&line(&[(3.0, -0.5), (3.0, 0.5)]), Levels::One), [0]);
        assert_eq!(caught(&line(&[(3.0, -0.5), (3.0, 1.5)]), Levels::One), [0, 3]);
        assert_eq!(
            caught(&line(&[(1.5, 0.5), (2.5, 0.5)]), Levels::One),
            [4],
            "across the bridge alone"
        );
        assert_eq!(
            caught(&line(&[(2.0, -0.9), (2.0, 0.8)]), Levels::One),
            [4],
            "along the bridge"
        );
    }

    #[test]
    fn polygons_of_all_sizes_and_shapes_close_what_is_in_them() {
        let area = |polygon: Polygon<f64>| Area::Polygon(polygon.into());
        let corner = |x: f64, y: f64| Coord::from(at(x, y));
        let bow = Polygon::new(
            LineString(vec![
                corner(3.0, -0.5),
                corner(8.0, 0.5),
                corner(8.0, -0.5),
                corner(3.0, 0.5),
                corner(3.0, -0.5),
            ]),
            Vec::new(),
        );
        assert_eq!(caught(&area(bow), Levels::One), [0, 1, 2]);
        // A ring that goes around twice: the middle is inside for all that.
        let twice = Polygon::new(
            LineString(
                [(2.5, -0.5), (4.5, -0.5), (4.5, 0.5), (2.5, 0.5)]
                    .repeat(2)
                    .iter()
                    .map(|&(x, y)| corner(x, y))
                    .collect(),
            ),
            Vec::new(),
        );
        assert_eq!(caught(&area(twice), Levels::One), [0]);
        let province = polygon![(x: 110.0, y: 20.0), (x: 125.0, y: 20.0), (x: 125.0, y: 30.0), (x: 110.0, y: 30.0)];
        assert_eq!(caught(&area(province.clone()), Levels::One), [0, 1, 2, 3]);
        assert_eq!(caught(&area(province), Levels::All), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn ways_are_closed_whole_and_nonsense_is_refused() {
        let (network, snapper) = town();
        let catch = |area: &Area| area.catch(&network, &snapper, Levels::One);
        assert_eq!(caught(&Area::Ways(vec![7, 10]), Levels::One), [0, 1, 4]);
        assert_eq!(catch(&Area::Ways(vec![7, 99])), Err(ClosureError::NoSuchWay(99)));
        assert_eq!(catch(&Area::Ways(Vec::new())), Err(ClosureError::Nothing));
        assert_eq!(catch(&around(50.0, 50.0, 10.0)), Err(ClosureError::Nothing));
        assert!(matches!(
            catch(&around(0.0, 0.0, f64::NAN)),
            Err(ClosureError::Radius(_))
        ));
        assert!(catch(&Area::Line(line_string![(x: 119.0, y: 26.0)])).is_err());
        assert!(
            catch(&Area::Polygon(
                polygon![(x: f64::NAN, y: 0.0), (x: 1.0, y: 1.0), (x: 0.0, y: 1.0)].into()
            ))
            .is_err()
        );
    }
}
