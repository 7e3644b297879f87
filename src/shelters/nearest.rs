//! The nearest shelters that may be used, and an account of the nearer ones left out.

use super::{
    Shelter, Shelters,
    verdict::{Question, Verdict},
    walking::walking_time,
};
use crate::{
    catalog::HazardKind,
    geometry::{LonLat, geodesic},
    hazards::Threat,
    index::Neighbour,
    routing::RoadWay,
    units::{Metres, Seconds},
};

/// The most shelters one query can ask for.
pub const MAX_K: usize = 50;

/// The most shelters listed in [`Nearest::unverified`] and in [`Nearest::refused`].
pub const MAX_LISTED: usize = 50;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearestQuery {
    /// From where, WGS 84.
    pub position: LonLat,
    /// How many, 1..=[`MAX_K`]; other numbers are brought into that range.
    pub k: usize,
    /// From what: only shelters suited to it and outside its unsafe zones are found.
    pub hazard: Option<HazardKind>,
    /// Whether full and closed shelters count as usable.
    pub include_closed: bool,
}

/// A shelter and the way to it: as the crow flies, and by road where that was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The shelter.
    pub shelter: &'a Shelter,
    /// Geodesic distance on WGS 84.
    pub distance: Metres,
    /// Initial bearing of the geodesic, degrees clockwise from north, 0..360.
    pub bearing_deg: f64,
    /// The way by road.
    pub road: Option<RoadWay>,
}

impl Candidate<'_> {
    /// Time by road where that is known, else on foot, an estimate from the straight line ([`walking_time`]).
    pub fn duration(&self) -> Seconds {
        self.road
            .map_or_else(|| walking_time(self.distance), |road| road.duration)
    }
}

/// Why a nearer shelter was left out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Reason {
    /// It lies in a zone of the hazard whose level the layer declares unsafe: the worst such zone.
    InZone(Threat),
    /// The record says that it does not suit the hazard.
    NotSuited,
    /// Its status is not usable: see [`Shelter::status`].
    Status,
    /// No way leads there by road.
    Unreachable,
}

/// What a shelter is to a query.
#[derive(Debug, Clone)]
pub enum Judged {
    /// People may be sent there.
    Found,
    /// Usable, but nobody has said whether it suits the hazard.
    Unverified,
    /// Left out.
    Refused(Reason),
}

impl Reason {
    /// The reason's code in answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InZone(_) => "in_zone",
            Self::NotSuited => "not_suited",
            Self::Status => "status",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A nearer shelter that was left out.
#[derive(Debug, Clone)]
pub struct Refused<'a> {
    /// Which.
    pub candidate: Candidate<'a>,
    /// Why.
    pub reason: Reason,
}

/// The answer.
#[derive(Debug, Clone, Default)]
pub struct Nearest<'a> {
    /// The nearest usable shelters, nearest first.
    pub found: Vec<Candidate<'a>>,
    /// Usable shelters nearer than the last found whose suitability nobody has said; the nearest [`MAX_LISTED`].
    pub unverified: Vec<Candidate<'a>>,
    /// Shelters nearer than the last found that were left out; the nearest [`MAX_LISTED`].
    pub refused: Vec<Refused<'a>>,
    /// How many more were left out beyond those listed.
    pub refused_more: usize,
}

impl Shelters {
    /// The nearest usable shelters, and the nearer ones that were left out.
    ///
    /// With a hazard, a shelter is found when it suits the hazard and stands outside its unsafe zones; unknown
    /// suitability makes it unverified. When fewer than `k` are found, every shelter left out is an answer to "why not
    /// that one", however far: the nearest are listed and all are counted. Ties in distance are in the order of ids.
    ///
    /// O(log n + k + listed), also where most shelters are refused; counting more than [`MAX_LISTED`] refused ones
    /// nearer than the last found takes some nanoseconds for each.
    pub fn nearest(&self, query: &NearestQuery) -> Nearest<'_> {
        let question = Question {
            hazard: query.hazard,
            include_closed: query.include_closed,
        };
        let from = query.position;
        let k = query.k.clamp(1, MAX_K);
        let found: Vec<_> = self
            .points
            .nearest(from, question.label(Verdict::Found))
            .take(k)
            .collect();
        let last = found.last().filter(|_| found.len() == k);
        let nearer = |verdict: Verdict| {
            let all = self.points.nearest(from, question.label(verdict));
            let near = match last {
                Some(last) => all.up_to(last.distance),
                None => all,
            };
            near.take_while(|other| last.is_none_or(|last| other.order(last, from).is_lt()))
                .take(MAX_LISTED)
        };
        let refused: Vec<_> = nearer(Verdict::Status)
            .map(|neighbour| self.refused(question, &neighbour))
            .collect();
        let refused_more = if refused.len() < MAX_LISTED {
            0
        } else {
            let all = last.map_or(self.refused_in_all[question.index()], |last| {
                self.points.count_nearer(from, question.label(Verdict::Status), last)
            });
            all - refused.len()
        };
        Nearest {
            unverified: nearer(Verdict::Unverified)
                .map(|neighbour| self.candidate(&neighbour))
                .collect(),
            found: found.iter().map(|neighbour| self.candidate(neighbour)).collect(),
            refused,
            refused_more,
        }
    }

    fn candidate(&self, neighbour: &Neighbour<u32>) -> Candidate<'_> {
        Candidate {
            shelter: &self.all[neighbour.payload as usize],
            distance: neighbour.distance,
            bearing_deg: neighbour.bearing_deg,
            road: None,
        }
    }

    fn refused(&self, question: Question, neighbour: &Neighbour<u32>) -> Refused<'_> {
        Refused {
            candidate: self.candidate(neighbour),
            reason: self.reason(question, neighbour.payload),
        }
    }

    fn reason(&self, question: Question, index: u32) -> Reason {
        let zone = question.hazard.and_then(|kind| self.zone(index, kind));
        match (zone, self.judge(question, index)) {
            (Some(zone), _) => Reason::InZone(zone.clone()),
            (None, Verdict::NotSuited) => Reason::NotSuited,
            (None, _) => Reason::Status,
        }
    }

    /// What a shelter is to a query, by its place in [`Self::iter`].
    pub fn judged(&self, index: usize, query: &NearestQuery) -> Judged {
        let question = Question {
            hazard: query.hazard,
            include_closed: query.include_closed,
        };
        match self.judge(question, index as u32) {
            Verdict::Found => Judged::Found,
            Verdict::Unverified => Judged::Unverified,
            Verdict::InZone | Verdict::NotSuited | Verdict::Status => {
                Judged::Refused(self.reason(question, index as u32))
            }
        }
    }

    /// A shelter as seen from a position, by its place in [`Self::iter`].
    pub fn seen_from(&self, index: usize, position: LonLat) -> Candidate<'_> {
        let shelter = &self.all[index];
        let (distance, bearing_deg) = geodesic::distance_and_bearing(position, shelter.position());
        Candidate {
            shelter,
            distance,
            bearing_deg,
            road: None,
        }
    }
}
