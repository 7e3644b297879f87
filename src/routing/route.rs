//! Routes: from a point to another, by others if wanted, and the truth about it.
//!
//! Owns the question ([`Ask`]), the answer ([`Route`]) and how it is put together: ends are snapped, a way of least cost is searched
//! for each leg, and what it avoids and crosses is told by [`super::explain`], its turns by [`super::steps`]. Nothing leaves
//! unseen: [`super::verify`] looks at every answer once more.

use super::{
    ArcId, Cost, Mode, Place, Purpose, Router, Situation, Snap, TooFar, Weights,
    explain::{self, Avoided, Crossed},
    place::Shape,
    search::Search,
    steps::{self, Step},
    verify::{self, Disagreement},
};
use crate::{
    geometry::LonLat,
    units::{Metres, Seconds},
};

/// The most places a route can lead by.
pub const MOST_VIAS: usize = 1_000;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Where it begins.
    pub from: LonLat,
    /// Where it leads by, in order. One may turn back there.
    pub via: &'a [LonLat],
    /// Where it ends.
    pub to: LonLat,
    /// How far a point may lie from the road ([`super::snap::SNAP_LIMIT_M`]).
    pub snap_limit: Metres,
}

/// A part of an arc that a route leads along.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// The arc.
    pub arc: ArcId,
    /// Fractions of its length, in its direction.
    pub from: f64,
    /// Not less than `from`.
    pub to: f64,
}

/// A route.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// How one moves.
    pub mode: Mode,
    /// The points of the question on the roads: start, vias, goal.
    pub stops: Vec<Snap>,
    /// The arcs, in order.
    pub pieces: Vec<Piece>,
    /// The line, from the first stop to the last: at least two positions.
    pub line: Vec<LonLat>,
    /// Its length.
    pub distance: Metres,
    /// How long it takes, slowed by what it crosses.
    pub duration: Seconds,
    /// How long the fastest way between the stops would take if nothing were closed and nothing threatened; `None` where there is
    /// none, which only a via that is snapped differently can bring about.
    pub free_duration: Option<Seconds>,
    /// Whether it leads through no zone that must not be entered. Where it does, there is no way that does not: of all
    /// ways this has the least danger, and of those the least time.
    pub safe: bool,
    /// What it crosses nevertheless, the most dangerous first.
    pub crossed: Vec<Crossed>,
    /// What the fastest way would have met and this one does not, or less of.
    pub avoided: Vec<Avoided>,
    /// Turn by turn.
    pub steps: Vec<Step>,
}

/// Which point of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The first.
    From,
    /// A via, counted from 0.
    Via(usize),
    /// The last.
    To,
}

/// Why there is no route.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// A point is not near any road.
    #[error("{source}")]
    TooFar {
        /// Which point.
        stop: Stop,
        /// What was looked for.
        source: TooFar,
    },
    /// There is no way at all: the roads do not connect, or what connects them is closed.
    #[error("there is no way between stop {leg} and the next")]
    NoRoute {
        /// The leg, counted from 0.
        leg: usize,
        /// Whether there is a way where nothing is closed.
        but_for_closures: bool,
    },
    /// Too many vias.
    #[error("a route leads by at most {MOST_VIAS} places, not {0}")]
    TooManyVias(usize),
    /// The second look found something the first did not: the answer must not be used.
    #[error("the route was refused by its check: {0}")]
    Unverified(#[from] Disagreement),
}

/// What a route is searched on and told from.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The network.
    pub router: &'a Router,
    /// The weights of the situation.
    pub weights: &'a Weights,
    /// The weights of the same mode without any.
    pub free: &'a Weights,
    /// The situation that `weights` were made of.
    pub situation: Situation<'a>,
}

impl Scene<'_> {
    /// The route of least danger, and of least time where that is the same. Microseconds for the search, and some for each
    /// position of the line.
    ///
    /// Points that are the same give a route without length.
    ///
    /// # Errors
    /// A point far off the roads, no way, or an answer that does not pass its check.
    pub fn route(&self, search: &mut Search, ask: Ask<'_>) -> Result<Route, RouteError> {
        let stops = self.stops(ask)?;
        let places: Vec<Place> = stops.iter().map(|snap| snap.place).collect();
        let free = legs(self.router, self.free, search, &places);
        let but_for_closures = free.is_ok();
        let (pieces, cost) = legs(self.router, self.weights, search, &places)
            .map_err(|leg| RouteError::NoRoute { leg, but_for_closures })?;
        let network = self.router.network();
        let (line, begins) = line(self.router, &pieces);
        let distance = pieces
            .iter()
            .map(|piece| network.length_m(piece.arc.stretch()) * (piece.to - piece.from))
            .sum();
        let seconds = |cost: Cost| Seconds(cost.time_ms() as f64 / 1e3);
        let crossed = explain::crossed(self, &pieces);
        let (free_duration, avoided) = match free {
            Ok((free, free_cost)) => (
                Some(seconds(free_cost)),
                explain::avoided(self, &free, &crossed, cost, free_cost),
            ),
            Err(_) => (None, Vec::new()),
        };
        let route = Route {
            mode: self.weights.mode(),
            distance: Metres(distance),
            duration: seconds(cost),
            free_duration,
            safe: cost.danger() == 0,
            crossed,
            avoided,
            steps: steps::steps(self.router, self.weights.mode(), &pieces, &line, &begins),
            stops,
            pieces,
            line,
        };
        verify::verify(self, &route)?;
        Ok(route)
    }

    fn stops(&self, ask: Ask<'_>) -> Result<Vec<Snap>, RouteError> {
        if ask.via.len() > MOST_VIAS {
            return Err(RouteError::TooManyVias(ask.via.len()));
        }
        let via = ask
            .via
            .iter()
            .enumerate()
            .map(|(at, &point)| (Stop::Via(at), point, Purpose::Via));
        let points = std::iter::once((Stop::From, ask.from, Purpose::Start))
            .chain(via)
            .chain(std::iter::once((Stop::To, ask.to, Purpose::Goal)));
        let snap = |(stop, point, purpose)| {
            let snap = self.router.snap(self.weights, point, purpose, ask.snap_limit);
            snap.map_err(|source| RouteError::TooFar { stop, source })
        };
        points.map(snap).collect()
    }
}

/// The ways from each place to the next; the first leg that has none.
pub(super) fn legs(
    router: &Router,
    weights: &Weights,
    search: &mut Search,
    places: &[Place],
) -> Result<(Vec<Piece>, Cost), usize> {
    let (mut pieces, mut cost) = (Vec::new(), Cost::ZERO);
    for (leg, ends) in places.windows(2).enumerate() {
        cost += way(router, weights, search, ends[0], ends[1], &mut pieces).ok_or(leg)?;
    }
    let first = pieces.first().copied();
    // A place at a junction lies on one of its roads only, which need not be one that the way leads along.
    pieces.retain(|piece| piece.from < piece.to);
    if pieces.is_empty() {
        pieces.extend(first);
    }
    Ok((pieces, cost))
}

/// Appends the way of least cost from a place to another.
fn way(
    router: &Router,
    weights: &Weights,
    search: &mut Search,
    from: Place,
    to: Place,
    pieces: &mut Vec<Piece>,
) -> Option<Cost> {
    let metric = weights.metric();
    let hierarchy = router.hierarchy(weights.mode());
    let (starts, first) = router.starts(metric, from);
    let (goals, last) = router.goals(metric, to);
    let around = search.way(hierarchy, weights.costs(), &starts, &goals);
    let direct = router.direct(metric, from, to);
    if let Some((arc, cost)) = direct.filter(|(_, cost)| around.as_ref().is_none_or(|way| *cost <= way.cost)) {
        pieces.push(Piece {
            arc,
            from: from.along(arc),
            to: to.along(arc),
        });
        return Some(cost);
    }
    let way = around?;
    let (first, last) = (first[way.start], last[way.goal]);
    let whole = |&edge: &u32| Piece {
        arc: hierarchy.graph().arc(edge),
        from: 0.0,
        to: 1.0,
    };
    pieces.push(Piece {
        arc: first,
        from: from.along(first),
        to: 1.0,
    });
    pieces.extend(way.edges.iter().map(whole));
    pieces.push(Piece {
        arc: last,
        from: 0.0,
        to: to.along(last),
    });
    Some(way.cost)
}

/// The line along pieces, and for each piece where in it the piece begins.
pub(super) fn line(router: &Router, pieces: &[Piece]) -> (Vec<LonLat>, Vec<usize>) {
    let network = router.network();
    let (mut line, mut begins): (Vec<LonLat>, Vec<usize>) = (Vec::new(), Vec::new());
    for piece in pieces {
        let stretch = piece.arc.stretch();
        begins.push(line.len().saturating_sub(1));
        let mut add = |point: LonLat| {
            if line.last() != Some(&point) {
                line.push(point);
            }
        };
        if piece.from > 0.0 || piece.to < 1.0 {
            let shape = Shape::of(network, stretch);
            let forward = |along: f64| if piece.arc.is_backward() { 1.0 - along } else { along };
            shape
                .cut(forward(piece.from), forward(piece.to))
                .into_iter()
                .for_each(&mut add);
        } else if piece.arc.is_backward() {
            network.shape(stretch).rev().for_each(&mut add);
        } else {
            network.shape(stretch).for_each(&mut add);
        }
    }
    if let [only] = line[..] {
        line.push(only);
    }
    (line, begins)
}

#[cfg(test)]
mod tests;
