//! The nearest shelters by travel time on roads.
//!
//! Owns bringing together what shelters and roads know: the verdict on each shelter is theirs, the way to it the roads'.

use std::collections::{HashMap, HashSet};

use super::{Concern, Roads, World, places::on_roads};
use crate::{
    routing::{
        Destinations, Mode, Place, Purpose, Reached, Router, TooFar, Weights, search::Search, snap::SNAP_LIMIT_M,
    },
    shelters::{Candidate, Judged, MAX_K, MAX_LISTED, Nearest, NearestQuery, Reason, Refused, Shelter, Shelters},
    units::Metres,
};

/// The shelters as places to come to, under one set of weights.
#[derive(Debug)]
pub(super) struct ShelterPlaces {
    destinations: Destinations,
    /// By destination: the shelter's place among all.
    shelters: Vec<u32>,
    /// By the shelter's place among all: where it is come to.
    place_of: HashMap<u32, Place>,
}

impl ShelterPlaces {
    /// Brings every shelter that is wanted to the road nearest to it. One farther from any open road than
    /// [`SNAP_LIMIT_M`] cannot be come to. O(n log m).
    pub(super) fn new(
        router: &Router,
        weights: &Weights,
        all: &Shelters,
        wanted: impl Fn(usize, &Shelter) -> bool,
    ) -> Self {
        let wanted = all
            .iter()
            .enumerate()
            .filter(|(index, shelter)| wanted(*index, shelter));
        let points = wanted.map(|(index, shelter)| (index as u32, shelter.position()));
        let (shelters, places) = on_roads(router, weights, Purpose::Goal, points);
        Self {
            place_of: shelters.iter().copied().zip(places.iter().copied()).collect(),
            destinations: Destinations::new(router, weights, places),
            shelters,
        }
    }

    pub(super) const fn destinations(&self) -> &Destinations {
        &self.destinations
    }

    /// The shelters' places among all, by destination.
    pub(super) fn shelters(&self) -> &[u32] {
        &self.shelters
    }
}

/// The answer, and how far from the road the question was asked.
#[derive(Debug)]
pub struct NearestByRoad<'a> {
    /// As [`Shelters::nearest`] answers, ordered by travel time; ways through danger come after all others.
    pub nearest: Nearest<'a>,
    /// From the position to the road.
    pub snap: Metres,
}

impl World {
    /// The nearest usable shelters by travel time, and the nearer ones that were left out: among these the shelters that are
    /// nearer in a straight line than the last one found and that no way leads to. `None` without roads.
    ///
    /// Exact: the order is that of the ways' costs. O((n + m) log n) for the roads that are nearer than the last one found.
    ///
    /// # Errors
    /// No road is near the position.
    pub fn nearest_by_road(
        &self,
        query: &NearestQuery,
        mode: Mode,
        concern: Concern,
    ) -> Option<Result<NearestByRoad<'_>, TooFar>> {
        self.roads
            .as_ref()
            .map(|roads| find(&self.shelters, roads, query, mode, concern))
    }
}

fn find<'a>(
    all: &'a Shelters,
    roads: &Roads,
    query: &NearestQuery,
    mode: Mode,
    concern: Concern,
) -> Result<NearestByRoad<'a>, TooFar> {
    let (router, weights) = (roads.router(), roads.weights(mode, concern));
    let snap = router.snap(weights, query.position, Purpose::Start, Metres(SNAP_LIMIT_M))?;
    let places = roads.shelter_places(mode, concern, all);
    let shelter_of = |reached: &Reached| places.shelters[reached.number] as usize;
    let mut answer = Nearest::default();
    let mut seen = HashSet::new();
    let mut unverified = Vec::new();
    let found = roads.explore(|search| {
        let k = query.k.clamp(1, MAX_K);
        places
            .destinations
            .nearest(router, weights, search, snap.place, k, |reached| {
                let index = shelter_of(&reached);
                seen.insert(index);
                match all.judged(index, query) {
                    Judged::Found => return true,
                    Judged::Unverified if unverified.len() < MAX_LISTED => unverified.push(reached),
                    Judged::Unverified => {}
                    Judged::Refused(reason) => leave_out(&mut answer, all.seen_from(index, query.position), reason),
                }
                false
            })
    });
    let is_enough = found.len() >= query.k.clamp(1, MAX_K);
    roads.search(mode, concern, |_, search| {
        let way_to = |search: &mut Search, goal| router.road_way(weights, search, snap.place, goal);
        let mut tell = |reached: &Reached| {
            let candidate = all.seen_from(shelter_of(reached), query.position);
            let road = way_to(search, places.destinations.places()[reached.number]);
            Candidate { road, ..candidate }
        };
        answer.found = found.iter().map(&mut tell).collect();
        answer.unverified = unverified.iter().map(&mut tell).collect();
        let last = answer.found.last().filter(|_| is_enough).map(|last| last.distance);
        let straight = all.nearest(&NearestQuery { k: MAX_K, ..*query }).found.into_iter();
        for candidate in straight.take_while(|candidate| last.is_none_or(|last| candidate.distance.0 < last.0)) {
            let Some(index) = all
                .index_of(candidate.shelter.id())
                .filter(|index| !seen.contains(index))
            else {
                continue;
            };
            let goal = places.place_of.get(&(index as u32));
            // Where the search has not come to it, it is either farther by road or not to be come to.
            if goal.is_none_or(|goal| way_to(search, *goal).is_none()) {
                leave_out(&mut answer, candidate, Reason::Unreachable);
            }
        }
    });
    Ok(NearestByRoad {
        nearest: answer,
        snap: snap.distance,
    })
}

fn leave_out<'a>(answer: &mut Nearest<'a>, candidate: Candidate<'a>, reason: Reason) {
    if answer.refused.len() < MAX_LISTED {
        answer.refused.push(Refused { candidate, reason });
    } else {
        answer.refused_more += 1;
    }
}
