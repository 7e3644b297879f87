//! The area around what is reached.

use geo::MapCoords as _;
use geo_types::{Coord, MultiPolygon};

use super::{
    Reach,
    outline::outline,
    streets::{Streets, bounds},
};
use crate::{
    geometry::{BBox, LonLat},
    routing::{Mode, Router, StretchId, Weights, metric::free_duration_ms, place::Shape, route::Piece, snap::Plane},
    units::Metres,
};

/// Polygons that hold every street that is reached and no other that the mode may use, WGS 84; and the length of the streets
/// reached.
///
/// Where a street is reached in part, the outline crosses it within a metre of the place. Where a reached street leads over
/// or under another, the spot counts as reached. Beyond the last street the area ends some tens of metres on: about 80 on
/// foot, twice that for vehicles. Gaps between reached streets with no other street in them are filled, unless they are many
/// times as large as that. Across the antimeridian longitudes go on beyond 180 degrees. O(n log n) for n points of the streets around.
pub fn area(router: &Router, weights: &Weights, reach: &Reach) -> (MultiPolygon<f64>, Metres) {
    let Some(middle) = middle(router, reach) else {
        return (MultiPolygon(Vec::new()), Metres(0.0));
    };
    let plane = Plane::at(middle);
    let mut streets = Streets {
        margin: match weights.mode() {
            Mode::Foot => 80.0,
            Mode::Car | Mode::Truck => 160.0,
        },
        ..Streets::default()
    };
    let length = add_reached(router, reach, &plane, &mut streets);
    add_others(router, weights.mode(), reach, &plane, &mut streets);
    let drawn = outline(&streets);
    (drawn.map_coords(|at| plane.degrees(at)), length)
}

/// Any point of what is reached will do for the middle of the plane.
fn middle(router: &Router, reach: &Reach) -> Option<LonLat> {
    let network = router.network();
    let node = reach.nodes.first().map(|(node, _)| network.position(*node));
    node.or_else(|| network.shape(reach.pieces.first()?.arc.stretch()).next())
}

/// The streets reached, and what of them is not; and the length of the former.
fn add_reached(router: &Router, reach: &Reach, plane: &Plane, streets: &mut Streets) -> Metres {
    let network = router.network();
    let mut length = 0.0;
    for pieces in reach.pieces.chunk_by(|a, b| a.arc.stretch() == b.arc.stretch()) {
        let stretch = pieces[0].arc.stretch();
        let parts = parts(pieces);
        length += parts.iter().map(|[from, to]| to - from).sum::<f64>() * network.length_m(stretch);
        if parts == [[0.0, 1.0]] {
            streets.reached.push(network.shape(stretch).map(|at| plane.place(at)));
            continue;
        }
        let shape = Shape::of(network, stretch);
        let line = |[from, to]: [f64; 2]| shape.cut(from, to).into_iter().map(|at| plane.place(at));
        for part in &parts {
            streets.reached.push(line(*part));
        }
        for part in between(&parts) {
            streets.others.push(line(part));
        }
    }
    for (node, _) in &reach.nodes {
        streets.reached.push([plane.place(network.position(*node))]);
    }
    Metres(length)
}

/// The streets around that a mode may use and of which nothing is reached.
fn add_others(router: &Router, mode: Mode, reach: &Reach, plane: &Plane, streets: &mut Streets) {
    let network = router.network();
    let Some([low, high]) = bounds(streets.reached.positions()) else {
        return;
    };
    let around = Coord { x: 1.0, y: 1.0 } * (4.0 * streets.margin);
    let [south_west, north_east] = [low - around, high + around].map(|corner| plane.position(corner));
    let window = BBox::new(south_west.lon(), south_west.lat(), north_east.lon(), north_east.lat());
    let mut is_known = vec![false; network.stretch_count()];
    for piece in &reach.pieces {
        is_known[piece.arc.stretch().index()] = true;
    }
    let is_usable = |stretch: StretchId| {
        let mut arcs = [stretch.forward(), stretch.backward()].into_iter();
        arcs.any(|arc| free_duration_ms(network, arc, mode).is_some())
    };
    let planar = window.into_iter().flat_map(BBox::planar);
    for stretch in planar.flat_map(|rect| router.snapper().meeting(rect)) {
        if !std::mem::replace(&mut is_known[stretch.index()], true) && is_usable(stretch) {
            streets.others.push(network.shape(stretch).map(|at| plane.place(at)));
        }
    }
}

/// The parts of a stretch that are reached in any direction, in forward direction, in order and apart.
fn parts(pieces: &[Piece]) -> Vec<[f64; 2]> {
    let part = |piece: &Piece| {
        if piece.arc.is_backward() {
            [1.0 - piece.to, 1.0 - piece.from]
        } else {
            [piece.from, piece.to]
        }
    };
    let mut parts: Vec<[f64; 2]> = pieces.iter().map(part).collect();
    parts.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
    parts.dedup_by(|next, last| {
        let joins = next[0] <= last[1];
        if joins {
            last[1] = last[1].max(next[1]);
        }
        joins
    });
    parts
}

/// What lies between parts of a stretch, before the first and behind the last.
fn between(parts: &[[f64; 2]]) -> impl Iterator<Item = [f64; 2]> {
    let begins = parts.iter().map(|part| part[0]).chain([1.0]);
    let ends = [0.0].into_iter().chain(parts.iter().map(|part| part[1]));
    ends.zip(begins)
        .map(|(from, to)| [from, to])
        .filter(|[from, to]| from < to)
}
