//! Snapping: from a point on the map to the nearest place on a road.
//!
//! Owns the index of stretches and the choice among them ([`Snapper`]). A place is an edge and a fraction of it, not a node: a
//! long road has no junction near its middle.

use geo_types::{Coord, Rect};

use super::{
    ArcId, Mode, Network, Place, StretchId, Traits,
    place::{Shape, between, wrapped},
};
use crate::{
    geometry::{BBox, LonLat, geodesic},
    index::Boxes,
    units::Metres,
};

/// A road of the main part of the network is taken before a nearer one of an island, if it is no more than this farther. Enough
/// to pass over the paths inside a fenced yard, and less than the water around an island people live on.
pub const ISLAND_EXTRA_M: f64 = 100.0;

/// The farthest that a point is snapped by default: beyond it, a straight line says nothing about the way to the road.
pub const SNAP_LIMIT_M: f64 = 1_000.0;

/// The first window looked into; it doubles until it is large enough.
const FIRST_RADIUS_M: f64 = 60.0;

/// What the place is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To leave from: the way out counts.
    Start,
    /// To come to: the way in counts.
    Goal,
    /// To come to and go on from: both count.
    Via,
}

/// A point brought onto a road.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snap {
    /// The place.
    pub place: Place,
    /// Where it is.
    pub position: LonLat,
    /// How far the point lies from it, along the ellipsoid.
    pub distance: Metres,
}

/// There is no road near.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("no road that {mode} may use lies within {limit} of {point}")]
pub struct TooFar {
    /// The point.
    pub point: LonLat,
    /// How the road would be used.
    pub mode: Mode,
    /// The farthest it was looked for.
    pub limit: Metres,
}

/// The boxes of all stretches. 48 bytes a stretch.
#[derive(Debug)]
pub struct Snapper {
    boxes: Boxes<StretchId>,
}

impl Snapper {
    /// Indexes a network. Barriers are no place to be at and left out. O(n log n).
    pub fn build(network: &Network) -> Self {
        let roads = network
            .stretches()
            .filter(|&stretch| !network.traits(stretch).contains(Traits::BARRIER));
        let boxes = roads.flat_map(|stretch| boxes_of(network, stretch).map(move |rect| (rect, stretch)));
        Self { boxes: boxes.collect() }
    }

    /// The nearest place on an open road, for a mode. `is_open` says of an arc whether it may be used now.
    ///
    /// A road is taken from which the main part of the mode's network can be left for, or come to, or both ([`Purpose`]), if it is no
    /// more than [`ISLAND_EXTRA_M`] farther than the nearest. O(log n + roads around).
    ///
    /// # Errors
    /// There is none within the limit.
    pub fn snap(
        &self,
        network: &Network,
        point: LonLat,
        mode: Mode,
        purpose: Purpose,
        limit: Metres,
        is_open: impl Fn(ArcId) -> bool,
    ) -> Result<Snap, TooFar> {
        let islands = network.islands(mode);
        let is_main = |node| islands.strong(node).is_some_and(|island| island.id == 0);
        let open = |stretch: StretchId| {
            [stretch.forward(), stretch.backward()]
                .into_iter()
                .filter(|&arc| is_open(arc))
        };
        let serves = |stretch: StretchId| {
            let leaves = || open(stretch).any(|arc| is_main(network.head(arc)));
            let comes = || open(stretch).any(|arc| is_main(network.tail(arc)));
            match purpose {
                Purpose::Start => leaves(),
                Purpose::Goal => comes(),
                Purpose::Via => comes() && leaves(),
            }
        };
        let any = self.nearest(network, point, limit, |stretch| open(stretch).next().is_some());
        let nearest = any.ok_or(TooFar { point, mode, limit })?;
        if serves(nearest.place.stretch) {
            return Ok(nearest);
        }
        let reach = Metres((nearest.distance.0 + ISLAND_EXTRA_M).min(limit.0));
        let main = self.nearest(network, point, reach, serves);
        Ok(main.unwrap_or(nearest))
    }

    /// The nearest place on the stretches that are accepted; of two as near, that on the stretch of the lower number.
    pub fn nearest(
        &self,
        network: &Network,
        point: LonLat,
        limit: Metres,
        accepts: impl Fn(StretchId) -> bool,
    ) -> Option<Snap> {
        let mut radius = FIRST_RADIUS_M;
        loop {
            let reach = radius.min(limit.0);
            let near = self.around(point, Metres(reach)).filter(|&stretch| accepts(stretch));
            let snaps = near.map(|stretch| project(network, stretch, point));
            let best = snaps.min_by(|a, b| {
                let by_number = || a.place.stretch.cmp(&b.place.stretch);
                a.distance.0.total_cmp(&b.distance.0).then_with(by_number)
            });
            if let Some(best) = best.filter(|best| best.distance.0 <= reach) {
                return Some(best);
            }
            if radius >= limit.0 {
                return None;
            }
            radius *= 2.0;
        }
    }

    /// Stretches that may come within a distance of a point: all that do, and some others. A stretch can be given twice.
    pub fn around(&self, point: LonLat, reach: Metres) -> impl Iterator<Item = StretchId> {
        window(point, reach.0)
            .into_iter()
            .flat_map(|window| self.boxes.window(window))
            .copied()
    }

    /// Stretches whose box meets a planar box in degrees.
    pub fn meeting(&self, rect: Rect<f64>) -> impl Iterator<Item = StretchId> {
        self.boxes.meeting(rect).copied()
    }
}

/// The box of a stretch; two where it crosses the antimeridian.
fn boxes_of(network: &Network, stretch: StretchId) -> impl Iterator<Item = Rect<f64>> {
    let corners = network
        .shape(stretch)
        .map(|point| Rect::new(Coord::from(point), Coord::from(point)));
    BBox::around(corners).into_iter().flat_map(BBox::planar)
}

/// A box in degrees that holds everything within a distance. Degrees are taken a little shorter than they are anywhere.
fn window(point: LonLat, reach_m: f64) -> Option<BBox> {
    let lat = reach_m / 110_500.0;
    let (south, north) = ((point.lat() - lat).max(-90.0), (point.lat() + lat).min(90.0));
    let narrowest = south.abs().max(north.abs()).to_radians().cos();
    let lon = reach_m / (111_000.0 * narrowest.max(1e-9));
    let (west, east) = if lon >= 180.0 || narrowest < 1e-6 {
        (-180.0, 180.0)
    } else {
        (wrapped(point.lon() - lon), wrapped(point.lon() + lon))
    };
    BBox::new(west, south, east, north).ok()
}

/// The place on a stretch that is nearest to a point.
///
/// Lines are compared in the plane that touches the ellipsoid at the point, which is exact in the limit of small distances;
/// the distance to the place found is geodesic.
pub(super) fn project(network: &Network, stretch: StretchId, point: LonLat) -> Snap {
    let plane = Plane::at(point);
    let mut best = (f64::INFINITY, 0, 0.0, point);
    let mut points = network.shape(stretch);
    let mut from = points.next().unwrap_or(point);
    for (line, to) in points.enumerate() {
        let (a, b) = (plane.place(from), plane.place(to));
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let share = nearest_share(a, dx, dy);
        let (x, y) = (a.x + dx * share, a.y + dy * share);
        let distance = x * x + y * y;
        if distance < best.0 {
            best = (distance, line, share, between(from, to, share));
        }
        from = to;
    }
    let (_, line, share, position) = best;
    let fraction = Shape::of(network, stretch).fraction(line, share);
    Snap {
        place: Place { stretch, fraction },
        position,
        distance: geodesic::distance(point, position),
    }
}

/// The share, 0 to 1, of the line from `a` by (`dx`, `dy`) at which it is nearest to the origin.
fn nearest_share(a: Coord<f64>, dx: f64, dy: f64) -> f64 {
    let squared = dx * dx + dy * dy;
    if squared == 0.0 {
        0.0
    } else {
        (-(a.x * dx + a.y * dy) / squared).clamp(0.0, 1.0)
    }
}

/// The plane that touches the ellipsoid at a point, in metres east and north of it.
pub(super) struct Plane {
    origin: LonLat,
    per_degree: Coord<f64>,
}

impl Plane {
    pub(super) fn at(origin: LonLat) -> Self {
        let e2 = geodesic::FLATTENING * (2.0 - geodesic::FLATTENING);
        let (sin, cos) = origin.lat().to_radians().sin_cos();
        let w2 = 1.0 - e2 * sin * sin;
        let degree = geodesic::EQUATORIAL_RADIUS_M.to_radians();
        let per_degree = Coord {
            x: degree * cos / w2.sqrt(),
            y: degree * (1.0 - e2) / (w2 * w2.sqrt()),
        };
        Self { origin, per_degree }
    }

    /// The lesser of the two: a box of so many degrees more holds at least so many metres more.
    pub(super) const fn metres_per_degree(&self) -> f64 {
        self.per_degree.x.min(self.per_degree.y)
    }

    /// How far the point lies from a straight line, metres.
    pub(super) fn distance(&self, from: LonLat, to: LonLat) -> f64 {
        let (a, b) = (self.place(from), self.place(to));
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let share = nearest_share(a, dx, dy);
        (a.x + dx * share).hypot(a.y + dy * share)
    }

    pub(super) fn place(&self, point: LonLat) -> Coord<f64> {
        Coord {
            x: wrapped(point.lon() - self.origin.lon()) * self.per_degree.x,
            y: (point.lat() - self.origin.lat()) * self.per_degree.y,
        }
    }

    /// The position of a place in the plane; beyond a pole, the pole.
    pub(super) fn position(&self, at: Coord<f64>) -> LonLat {
        let Coord { x, y } = self.degrees(at);
        LonLat::new(wrapped(x), y).unwrap_or(self.origin)
    }

    /// The same with longitudes that go on beyond 180 degrees, so that lines across the antimeridian stay whole.
    pub(super) fn degrees(&self, at: Coord<f64>) -> Coord<f64> {
        Coord {
            x: self.origin.lon() + at.x / self.per_degree.x,
            y: (self.origin.lat() + at.y / self.per_degree.y).clamp(-90.0, 90.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::{
        NodeId, Stretch,
        testing::{Draws, at, grid},
    };

    #[test]
    fn the_index_finds_what_a_scan_finds_and_no_sample_is_nearer() {
        let network = grid(15, 9);
        let snapper = Snapper::build(&network);
        let mut draws = Draws::new(9);
        for _ in 0..300 {
            let point = at(draws.unit() * 20.0 - 3.0, draws.unit() * 20.0 - 3.0);
            let accepts = |stretch: StretchId| !stretch.0.is_multiple_of(3);
            let found = snapper.nearest(&network, point, Metres(1e6), accepts).unwrap();
            let scan = (0..network.stretch_count() as u32)
                .map(StretchId)
                .filter(|&stretch| accepts(stretch));
            let least = scan
                .clone()
                .map(|stretch| project(&network, stretch, point).distance.0)
                .fold(f64::INFINITY, f64::min);
            assert_eq!(found.distance.0, least);
            let samples = scan.flat_map(|stretch| {
                (0..=20).map(move |at| Place {
                    stretch,
                    fraction: f64::from(at) / 20.0,
                })
            });
            let sampled = samples.map(|place| geodesic::distance(point, place.position(&network)).0);
            assert!(sampled.fold(f64::INFINITY, f64::min) >= least - 0.01);
            assert!(geodesic::distance(found.place.position(&network), found.position).0 < 0.01);
        }
    }

    #[test]
    fn islands_are_passed_over_and_far_points_refused() {
        let mut builder = Network::builder();
        let nodes: Vec<NodeId> = (0..5).map(|x| builder.add_node(at(f64::from(x), 0.0))).collect();
        let yard = [builder.add_node(at(0.0, 0.5)), builder.add_node(at(1.0, 0.5))];
        for pair in nodes.windows(2) {
            builder.add_stretch(&Stretch::street([pair[0], pair[1]], 1_000));
        }
        let inside = builder.add_stretch(&Stretch::street(yard, 1_000));
        let network = builder.build().unwrap();
        let snapper = Snapper::build(&network);
        let snap = |point, limit| snapper.snap(&network, point, Mode::Foot, Purpose::Start, Metres(limit), |_| true);
        let near = snap(at(0.5, 0.45), 1_000.0).unwrap();
        assert_eq!(near.place.stretch, StretchId(0), "within the extra distance");
        assert!((near.place.fraction - 0.5).abs() < 1e-6);
        assert_eq!(snap(at(0.5, 2.0), 1_000.0).unwrap().place.stretch, StretchId(0));
        assert_eq!(snap(at(0.5, 0.45), 20.0).unwrap().place.stretch, inside);
        assert!(snap(at(0.5, 30.0), 1_000.0).is_err());
    }

    #[test]
    fn a_place_on_the_way_can_be_left_again() {
        let mut builder = Network::builder();
        let nodes: Vec<NodeId> = (0..4).map(|x| builder.add_node(at(f64::from(x), 0.0))).collect();
        for pair in nodes.windows(2) {
            builder.add_stretch(&Stretch::street([pair[0], pair[1]], 1_000));
        }
        // Into a yard that nobody comes out of.
        let yard = builder.add_node(at(1.0, 0.5));
        let ramp = builder.add_stretch(&Stretch::one_way([nodes[1], yard], 1_000));
        let network = builder.build().unwrap();
        let snapper = Snapper::build(&network);
        let snap = |purpose| {
            let is_open = |arc| network.duration_ms(arc, Mode::Car).is_some();
            let found = snapper.snap(&network, at(1.0, 0.4), Mode::Car, purpose, Metres(1_000.0), is_open);
            found.unwrap().place.stretch
        };
        assert_eq!(snap(Purpose::Goal), ramp);
        assert_ne!(snap(Purpose::Start), ramp);
        assert_ne!(snap(Purpose::Via), ramp);
    }
}
