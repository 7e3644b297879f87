//! The area around what is reached.

use geo::MapCoords as _;
use geo_types::{Coord, MultiPolygon};
use rustc_hash::FxHashMap;

use super::{
    Reach,
    outline::{Streets, outline},
};
use crate::{
    geometry::BBox,
    routing::{Cost, Mode, NodeId, Router, StretchId, Weights, place::Shape, snap::Plane},
    units::Metres,
};

/// Polygons that hold every street that is reached and no other that the mode may use, WGS 84; and the length of the streets
/// reached.
///
/// Where a street is reached in part, the outline crosses it within a metre of the place. Where a reached street leads over
/// or under another, the spot counts as reached. Beyond the last street the area ends some tens of metres on: 80 to 160 on
/// foot, twice that for vehicles. Gaps between reached streets with no other street in them are filled, unless they are many
/// times as large as that. Across the antimeridian longitudes go on beyond 180 degrees. O(n log n) for n points of the streets around.
pub fn area(router: &Router, weights: &Weights, reach: &Reach) -> (MultiPolygon<f64>, Metres) {
    let mode = weights.mode();
    let network = router.network();
    let reached = intervals(reach);
    // Any point of it will do for the middle of the plane.
    let Some(plane) = reach
        .nodes
        .first()
        .map(|(node, _)| network.position(*node))
        .or_else(|| {
            let stretch = reach.pieces.first()?.arc.stretch();
            network.shape(stretch).next()
        })
    else {
        return (MultiPolygon(Vec::new()), Metres(0.0));
    };
    let plane = Plane::at(plane);
    let mut streets = Streets {
        margin: match mode {
            Mode::Foot => 80.0,
            Mode::Car | Mode::Truck => 160.0,
        },
        ..Streets::default()
    };
    let mut length = 0.0;
    for (&stretch, parts) in &reached {
        let shape = Shape::of(network, stretch);
        let line = |[from, to]: [f64; 2]| shape.cut(from, to).into_iter().map(|at| plane.place(at)).collect();
        length += parts.iter().map(|[from, to]| to - from).sum::<f64>() * shape.length_m();
        streets.reached.extend(parts.iter().copied().map(line));
        streets.others.extend(between(parts).map(line));
    }
    let node = |(node, _): &(NodeId, Cost)| vec![plane.place(network.position(*node))];
    streets.reached.extend(reach.nodes.iter().map(node));
    if let Some([low, high]) = bounds(&streets.reached) {
        let around = Coord { x: 1.0, y: 1.0 } * (4.0 * streets.margin);
        let others = streets_in(router, mode, &plane, low - around, high + around);
        for stretch in others.into_iter().filter(|stretch| !reached.contains_key(stretch)) {
            streets
                .others
                .push(network.shape(stretch).map(|at| plane.place(at)).collect());
        }
    }
    let drawn = outline(&streets);
    (drawn.map_coords(|at| plane.degrees(at)), Metres(length))
}

/// The parts of each stretch that are reached in any direction, in forward direction, in order and apart.
fn intervals(reach: &Reach) -> FxHashMap<StretchId, Vec<[f64; 2]>> {
    let mut by_stretch: FxHashMap<StretchId, Vec<[f64; 2]>> = FxHashMap::default();
    for piece in &reach.pieces {
        let part = if piece.arc.is_backward() {
            [1.0 - piece.to, 1.0 - piece.from]
        } else {
            [piece.from, piece.to]
        };
        by_stretch.entry(piece.arc.stretch()).or_default().push(part);
    }
    for parts in by_stretch.values_mut() {
        parts.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
        parts.dedup_by(|next, last| {
            let joins = next[0] <= last[1];
            if joins {
                last[1] = last[1].max(next[1]);
            }
            joins
        });
    }
    by_stretch
}

/// What lies between parts of a stretch, before the first and behind the last.
fn between(parts: &[[f64; 2]]) -> impl Iterator<Item = [f64; 2]> {
    let begins = parts.iter().map(|part| part[0]).chain([1.0]);
    let ends = [0.0].into_iter().chain(parts.iter().map(|part| part[1]));
    ends.zip(begins)
        .map(|(from, to)| [from, to])
        .filter(|[from, to]| from < to)
}

/// Streets that a mode may use in a box of the plane, each once.
fn streets_in(router: &Router, mode: Mode, plane: &Plane, low: Coord<f64>, high: Coord<f64>) -> Vec<StretchId> {
    let [south_west, north_east] = [low, high].map(|corner| plane.position(corner));
    let window = BBox::new(south_west.lon(), south_west.lat(), north_east.lon(), north_east.lat());
    let network = router.network();
    let is_usable = |stretch: &StretchId| {
        [stretch.forward(), stretch.backward()]
            .iter()
            .any(|&arc| network.duration_ms(arc, mode).is_some())
    };
    let planar = window.into_iter().flat_map(BBox::planar);
    let found = planar.flat_map(|rect| router.snapper().meeting(rect));
    let mut streets: Vec<StretchId> = found.filter(is_usable).collect();
    streets.sort_unstable();
    streets.dedup();
    streets
}

/// The box around lines.
fn bounds(lines: &[Vec<Coord<f64>>]) -> Option<[Coord<f64>; 2]> {
    let corner = |at: &Coord<f64>| [*at, *at];
    lines.iter().flatten().map(corner).reduce(|[low, high], [at, _]| {
        let least = Coord {
            x: low.x.min(at.x),
            y: low.y.min(at.y),
        };
        let most = Coord {
            x: high.x.max(at.x),
            y: high.y.max(at.y),
        };
        [least, most]
    })
}
