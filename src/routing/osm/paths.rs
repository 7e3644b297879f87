//! Turn restrictions as paths of arcs.
//!
//! Owns the search for the arcs that a relation means. Ways are not always split where they meet: then several arcs may
//! be meant, and the one that turns as the restriction says is taken; where none or several do, it is left out.

use super::{
    Report,
    cut::CutIndex,
    places::Places,
    report::LeftOutTurn,
    turns::{Course, Rule, Turn, Via},
};
use crate::{
    geometry::geodesic,
    routing::{ArcId, DegreesE7, Mode, NetworkBuilder, Restriction, StretchId},
};

/// Adds all restrictions that can be found in the network.
pub(super) fn add_restrictions(
    builder: &mut NetworkBuilder,
    index: &CutIndex,
    turns: &[Turn],
    places: &Places,
    report: &mut Report,
) {
    for turn in turns {
        match restrictions(&Finder { builder, index, places }, turn) {
            Ok(found) => {
                report.turns_kept += 1;
                for restriction in found {
                    builder.add_restriction(restriction);
                }
            }
            Err(reason) => report.leave_out(reason),
        }
    }
}

fn restrictions(finder: &Finder<'_>, turn: &Turn) -> Result<Vec<Restriction>, LeftOutTurn> {
    if turn.ways().any(|way| finder.index.stretches(way).is_empty()) {
        return Err(LeftOutTurn::NoMember);
    }
    let mut found = Vec::new();
    for from in &turn.from {
        for to in &turn.to {
            for rule in &turn.rules {
                let path = finder.path(*from, &turn.via, *to, *rule)?;
                let modes = Mode::ALL
                    .map(|mode| rule.modes[mode.index()] && path.iter().all(|arc| finder.builder.is_open(*arc, mode)));
                if modes.contains(&true) {
                    found.push(Restriction {
                        modes,
                        kind: rule.kind,
                        path,
                    });
                }
            }
        }
    }
    if found.is_empty() {
        Err(LeftOutTurn::Closed)
    } else {
        Ok(found)
    }
}

/// Degrees to each side that count as straight on.
const STRAIGHT_DEG: f64 = 50.0;

struct Finder<'a> {
    builder: &'a NetworkBuilder,
    index: &'a CutIndex,
    places: &'a Places,
}

impl Finder<'_> {
    fn path(&self, from: i64, via: &Via, to: i64, rule: Rule) -> Result<Vec<ArcId>, LeftOutTurn> {
        let candidates: Vec<Vec<ArcId>> = match via {
            Via::Node(node) => {
                let place = self.places.number(*node).ok_or(LeftOutTurn::NoMember)?;
                let is_back = rule.course == Course::Back && from == to;
                let pairs = self
                    .arriving(from, place)
                    .flat_map(|first| self.leaving(to, place).map(move |last| vec![first, last]));
                pairs
                    .filter(|pair| (pair[0].reversed() == pair[1]) == is_back)
                    .collect()
            }
            Via::Ways(ways) => self.through(from, ways, to),
        };
        if candidates.is_empty() {
            return Err(LeftOutTurn::Apart);
        }
        let is_for = |mode: &Mode| rule.modes[mode.index()];
        let is_open = |path: &Vec<ArcId>| {
            let mut modes = Mode::ALL.iter().filter(|mode| is_for(mode));
            modes.any(|mode| path.iter().all(|arc| self.builder.is_open(*arc, *mode)))
        };
        let mut open: Vec<_> = candidates.into_iter().filter(is_open).collect();
        if open.is_empty() {
            return Err(LeftOutTurn::Closed);
        }
        if open.len() > 1 {
            open.retain(|path| self.turns(path, rule.course));
        }
        match (open.pop(), open.is_empty()) {
            (Some(path), true) => self.joined(path),
            _ => Err(LeftOutTurn::Ambiguous),
        }
    }

    fn tail(&self, arc: ArcId) -> u32 {
        self.index.place(self.builder.tail(arc))
    }

    fn head(&self, arc: ArcId) -> u32 {
        self.tail(arc.reversed())
    }

    fn arcs(&self, way: i64) -> impl Iterator<Item = ArcId> + '_ {
        let both = |stretch: &StretchId| [stretch.forward(), stretch.backward()];
        self.index.stretches(way).iter().flat_map(both)
    }

    fn arriving(&self, way: i64, place: u32) -> impl Iterator<Item = ArcId> + '_ {
        self.arcs(way).filter(move |arc| self.head(*arc) == place)
    }

    fn leaving(&self, way: i64, place: u32) -> impl Iterator<Item = ArcId> + '_ {
        self.arcs(way).filter(move |arc| self.tail(*arc) == place)
    }

    /// Paths from one way along the whole of others to another.
    fn through(&self, from: i64, ways: &[i64], to: i64) -> Vec<Vec<ArcId>> {
        // The way from one end of the first via way, and from the other.
        let mut paths: Vec<Vec<ArcId>> = Vec::new();
        for first in self.arcs(from) {
            paths.extend(self.along(vec![first], ways));
        }
        let mut whole = Vec::new();
        for path in paths {
            let Some(last) = path.last().copied() else { continue };
            for next in self.leaving(to, self.head(last)).filter(|next| next.reversed() != last) {
                let mut path = path.clone();
                path.push(next);
                whole.push(path);
            }
        }
        whole
    }

    /// A path that goes on along whole ways; `None` where they do not meet.
    fn along(&self, mut path: Vec<ArcId>, ways: &[i64]) -> Option<Vec<ArcId>> {
        for way in ways {
            let place = self.head(*path.last()?);
            let stretches = self.index.stretches(*way);
            let forward: Vec<ArcId> = stretches.iter().map(|stretch| stretch.forward()).collect();
            let backward: Vec<ArcId> = stretches.iter().rev().map(|stretch| stretch.backward()).collect();
            let begins = |arcs: &[ArcId]| arcs.first().is_some_and(|arc| self.tail(*arc) == place);
            let arcs = [forward, backward].into_iter().find(|arcs| begins(arcs))?;
            let is_whole = arcs.windows(2).all(|pair| self.head(pair[0]) == self.tail(pair[1]));
            let turns_back = arcs
                .first()
                .is_some_and(|arc| Some(arc.reversed()) == path.last().copied());
            if !is_whole || turns_back {
                return None;
            }
            path.extend(arcs);
        }
        Some(path)
    }

    /// Whether the first arc of a path turns into the last as a course says; by how they lie next to the nodes between.
    fn turns(&self, path: &[ArcId], course: Course) -> bool {
        let (Some(first), Some(last)) = (path.first(), path.last()) else {
            return false;
        };
        let bearing = |[from, to]: [DegreesE7; 2]| geodesic::distance_and_bearing(from.lon_lat(), to.lon_lat()).1;
        let [here, back] = self.builder.departure(first.reversed());
        let before = bearing([back, here]);
        let after = bearing(self.builder.departure(*last));
        // Degrees to the right, −180..180.
        let turn = (after - before + 540.0).rem_euclid(360.0) - 180.0;
        match course {
            Course::Left => turn < 0.0,
            Course::Right => turn > 0.0,
            Course::Straight => turn.abs() < STRAIGHT_DEG,
            Course::Back => turn.abs() > 180.0 - STRAIGHT_DEG,
            Course::Any => false,
        }
    }

    /// The path if its arcs share nodes: where a barrier stands at the junction they do not, and nobody turns there
    /// without passing it.
    fn joined(&self, path: Vec<ArcId>) -> Result<Vec<ArcId>, LeftOutTurn> {
        let is_joined = |pair: &[ArcId]| self.builder.tail(pair[0].reversed()) == self.builder.tail(pair[1]);
        if path.windows(2).all(is_joined) {
            Ok(path)
        } else {
            Err(LeftOutTurn::AtBarrier)
        }
    }
}
