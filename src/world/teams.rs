//! The rescue teams that come to a place soonest by road.
//!
//! Owns bringing together what rescue and roads know: who the teams are is theirs, the way from each the roads'.

use std::collections::HashSet;

use super::{Concern, Roads, World, places::on_roads};
use crate::{
    geometry::{LonLat, geodesic},
    rescue::{MAX_K, MAX_LISTED, Team, Teams},
    routing::{
        Mode, Origins, Place, Purpose, Reached, RoadWay, Router, Snap, TooFar, Weights, matrix, snap::SNAP_LIMIT_M,
    },
    units::Metres,
};

/// The teams as places to come from, under one set of weights.
#[derive(Debug)]
pub(super) struct TeamPlaces {
    origins: Origins,
    /// By origin: the team's place among all.
    teams: Vec<u32>,
    /// By the team's place among all: its origin; `None` for one that is far from any road.
    origin_of: Vec<Option<u32>>,
}

impl TeamPlaces {
    /// Brings every team to the road nearest to it. One farther from any open road than [`SNAP_LIMIT_M`] cannot set out. O(n log m).
    pub(super) fn new(router: &Router, weights: &Weights, all: &Teams) -> Self {
        let points = all.all().iter().map(Team::position);
        let (teams, places) = on_roads(router, weights, Purpose::Start, (0..).zip(points));
        let mut origin_of = vec![None; all.len()];
        for (origin, &team) in (0..).zip(&teams) {
            origin_of[team as usize] = Some(origin);
        }
        Self {
            origins: Origins::new(router, weights, places),
            teams,
            origin_of,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TeamsQuery<'a> {
    /// Where to, WGS 84.
    pub position: LonLat,
    /// How many, 1..=[`MAX_K`]; other numbers are brought into that range.
    pub k: usize,
    /// Only teams of the chemical park with this id, or of any and none.
    pub serves: Option<&'a str>,
}

/// A team and its way to the place.
#[derive(Debug, Clone, Copy)]
pub struct ComingTeam<'a> {
    /// The team.
    pub team: &'a Team,
    /// From its station to the place.
    pub way: RoadWay,
}

/// Why a team cannot come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// No way leads from it to the place.
    NoWay,
    /// It lies farther from any open road than [`SNAP_LIMIT_M`].
    FarFromRoad,
}

/// A team that cannot come.
#[derive(Debug, Clone, Copy)]
pub struct HinderedTeam<'a> {
    /// The team.
    pub team: &'a Team,
    /// Geodesic distance to the place on WGS 84.
    pub distance: Metres,
    /// Why.
    pub hindrance: Hindrance,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct NearestTeams<'a> {
    /// Soonest first; ways through danger come after all others, the least danger first. Of two as soon, the one of the lower id.
    pub coming: Vec<ComingTeam<'a>>,
    /// Those that cannot come at all, the nearest in a straight line first, at most [`MAX_LISTED`].
    pub unreachable: Vec<HinderedTeam<'a>>,
    /// How many more of these there are beyond those listed.
    pub unreachable_more: usize,
    /// From the position to the road.
    pub snap: Metres,
}

impl World {
    /// The rescue teams that come to a place soonest by road, and those that cannot come. `None` without roads.
    ///
    /// Exact: the order is that of the costs of the ways from the teams to the place. O((n + m) log n) for the roads from which one comes
    /// sooner than the last team found, and a query of the hierarchy for each team that comes later or not at all.
    ///
    /// # Errors
    /// No road is near the position.
    pub fn nearest_teams(
        &self,
        query: TeamsQuery<'_>,
        mode: Mode,
        concern: Concern,
    ) -> Option<Result<NearestTeams<'_>, TooFar>> {
        let roads = self.roads.as_ref()?;
        let weights = roads.weights(mode, concern);
        let limit = Metres(SNAP_LIMIT_M);
        let snap = roads.router().snap(weights, query.position, Purpose::Goal, limit);
        Some(snap.map(|snap| find(&self.teams, roads, query, mode, concern, snap)))
    }
}

fn find<'a>(
    all: &'a Teams,
    roads: &Roads,
    query: TeamsQuery<'_>,
    mode: Mode,
    concern: Concern,
    snap: Snap,
) -> NearestTeams<'a> {
    let (router, weights) = (roads.router(), roads.weights(mode, concern));
    let places = roads.team_places(mode, concern, all);
    let is_wanted = |team: &Team| query.serves.is_none_or(|park| team.serves().as_deref() == Some(park));
    let team_of = |origin: usize| &all.all()[places.teams[origin] as usize];
    let k = query.k.clamp(1, MAX_K);
    let mut seen = HashSet::new();
    let found = roads.explore(|search| {
        places
            .origins
            .nearest(router, weights, search, snap.place, k, |reached| {
                seen.insert(reached.number);
                is_wanted(team_of(reached.number))
            })
    });
    let mut hindered = Vec::new();
    let mut coming = Vec::new();
    roads.search(mode, concern, |_, search| {
        for &Reached { number, .. } in &found {
            let (team, from) = (team_of(number), places.origins.places()[number]);
            match router.road_way(weights, search, from, snap.place) {
                Some(way) => coming.push(ComingTeam { team, way }),
                // Both searches are exact; should they ever differ, the team is not passed over in silence.
                None => hindered.push((team, Hindrance::NoWay)),
            }
        }
    });
    // Those the search has not come to: farther than the last one found, or not to be come from.
    let mut unseen = Vec::new();
    for (team, origin) in all.all().iter().zip(&places.origin_of) {
        if !is_wanted(team) {
            continue;
        }
        match *origin {
            None => hindered.push((team, Hindrance::FarFromRoad)),
            Some(origin) if !seen.contains(&(origin as usize)) => unseen.push((team, origin)),
            Some(_) => {}
        }
    }
    let is_everything_seen = found.len() < k;
    let froms: Vec<Place> = unseen
        .iter()
        .map(|(_, origin)| places.origins.places()[*origin as usize])
        .collect();
    let costs = if is_everything_seen || froms.is_empty() {
        Vec::new()
    } else {
        matrix(router, weights, &froms, &[snap.place])
    };
    let has_way = |at: usize| costs.get(at).is_some_and(|row| row.iter().any(|cost| !cost.is_never()));
    let without = unseen.iter().enumerate().filter(|(at, _)| !has_way(*at));
    hindered.extend(without.map(|(_, (team, _))| (*team, Hindrance::NoWay)));
    let (unreachable, unreachable_more) = listed(hindered, query.position);
    NearestTeams {
        coming,
        unreachable,
        unreachable_more,
        snap: snap.distance,
    }
}

/// The nearest in a straight line, and how many more there are.
fn listed(hindered: Vec<(&Team, Hindrance)>, position: LonLat) -> (Vec<HinderedTeam<'_>>, usize) {
    let with_distance = |(team, hindrance): (_, Hindrance)| -> HinderedTeam<'_> {
        let team: &Team = team;
        HinderedTeam {
            team,
            distance: geodesic::distance(position, team.position()),
            hindrance,
        }
    };
    let mut all: Vec<HinderedTeam<'_>> = hindered.into_iter().map(with_distance).collect();
    all.sort_by(|a, b| {
        let by_id = || a.team.id().cmp(b.team.id());
        a.distance.0.total_cmp(&b.distance.0).then_with(by_id)
    });
    let more = all.len().saturating_sub(MAX_LISTED);
    all.truncate(MAX_LISTED);
    (all, more)
}
