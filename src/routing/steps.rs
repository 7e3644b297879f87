//! Turn by turn: a route in the steps that somebody driving or walking it needs to be told.
//!
//! Owns where a step begins and what its turn is. Its words are made where its language is known; the road's names are the
//! network's.

use super::{ArcId, Mode, Network, Router, StretchId, Traits, place::wrapped, route::Piece, snap::Plane};
use crate::{
    geometry::LonLat,
    units::{Metres, Seconds},
};

/// What to do at the beginning of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Set out.
    Depart,
    /// Go straight on, where the road's name changes or others lead on as well.
    Straight,
    /// Bear left, by 30 to 60 degrees.
    SlightLeft,
    /// Bear right, by 30 to 60 degrees.
    SlightRight,
    /// Turn left.
    Left,
    /// Turn right.
    Right,
    /// Turn left by more than 120 degrees.
    SharpLeft,
    /// Turn right by more than 120 degrees.
    SharpRight,
    /// Turn back.
    Back,
    /// Go into the roundabout and leave it by this exit, counted from 1.
    Roundabout(u16),
    /// Take the ferry.
    Ferry,
    /// The destination is reached.
    Arrive,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// What to do first.
    pub turn: Turn,
    /// The road it leads along, for its names; of a roundabout the road after it. None on arrival.
    pub road: Option<StretchId>,
    /// How far it leads.
    pub distance: Metres,
    /// How long it takes on free roads.
    pub duration: Seconds,
    /// Where in the route's line it begins.
    pub begins: usize,
}

/// Beyond this share of a turn the way is straight on, in degrees.
const STRAIGHT_DEG: f64 = 30.0;

/// How far before and behind a junction the direction is taken, in metres: the first metres often bend.
const AIM_M: f64 = 12.0;

/// The steps of a route, the last one without length.
pub(super) fn steps(router: &Router, mode: Mode, pieces: &[Piece], line: &[LonLat], begins: &[usize]) -> Vec<Step> {
    let network = router.network();
    let mut steps: Vec<Step> = Vec::new();
    let mut exits: Option<u16> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let stretch = piece.arc.stretch();
        let share = piece.to - piece.from;
        let distance = network.length_m(stretch) * share;
        let duration = network
            .duration_ms(piece.arc, mode)
            .map_or(0.0, |ms| f64::from(ms) * share / 1e3);
        let on_roundabout = network.traits(stretch).contains(Traits::ROUNDABOUT);
        let before = at.checked_sub(1).map(|before| pieces[before].arc);
        let turn = match (before, exits) {
            (None, _) => Some(Turn::Depart),
            (Some(_), Some(_)) if on_roundabout => None,
            (Some(_), None) if on_roundabout => Some(Turn::Roundabout(0)),
            (Some(before), None) => turn_between(network, mode, before, piece.arc, line, begins[at]),
            // The road after a roundabout belongs to its step.
            (Some(_), Some(_)) => None,
        };
        if let Some(turn) = turn {
            steps.push(Step {
                turn,
                road: Some(stretch),
                distance: Metres(0.0),
                duration: Seconds(0.0),
                begins: begins[at],
            });
        }
        if let Some(step) = steps.last_mut() {
            step.distance.0 += distance;
            step.duration.0 += duration;
            if let (Turn::Roundabout(exit), Some(count)) = (&mut step.turn, exits) {
                *exit = count;
                step.road = Some(stretch);
            }
        }
        exits = on_roundabout.then(|| exits.unwrap_or(0) + u16::from(has_exit(network, mode, piece.arc)));
    }
    let begins = line.len().saturating_sub(1);
    steps.push(Step {
        turn: Turn::Arrive,
        road: None,
        distance: Metres(0.0),
        duration: Seconds(0.0),
        begins,
    });
    steps
}

/// Whether one can leave the roundabout at the end of an arc of it.
fn has_exit(network: &Network, mode: Mode, arc: ArcId) -> bool {
    others(network, mode, arc).any(|other| !network.traits(other.stretch()).contains(Traits::ROUNDABOUT))
}

/// The arcs that lead on from the end of an arc, other than back.
fn others(network: &Network, mode: Mode, arc: ArcId) -> impl Iterator<Item = ArcId> {
    let leaving = network.leaving(network.head(arc)).iter().copied();
    leaving.filter(move |&other| other != arc.reversed() && network.duration_ms(other, mode).is_some())
}

/// The turn between two arcs; none where the road just goes on.
fn turn_between(
    network: &Network,
    mode: Mode,
    before: ArcId,
    after: ArcId,
    line: &[LonLat],
    at: usize,
) -> Option<Turn> {
    if before.stretch() == after.stretch() {
        return (before != after).then_some(Turn::Back);
    }
    let [was_ferry, is_ferry] = [before, after].map(|arc| network.traits(arc.stretch()).contains(Traits::FERRY));
    if is_ferry {
        return (!was_ferry).then_some(Turn::Ferry);
    }
    let degrees = turn_deg(line, at);
    let turn = turn_of(degrees);
    let same_name = network.names(before.stretch()) == network.names(after.stretch());
    let choice = others(network, mode, before).nth(1).is_some();
    let silent = turn == Turn::Straight && (same_name || !choice) || !choice && same_name;
    (!silent || was_ferry).then_some(turn)
}

fn turn_of(degrees: f64) -> Turn {
    match degrees {
        d if d.abs() < STRAIGHT_DEG => Turn::Straight,
        d if d.abs() > 170.0 => Turn::Back,
        d if d > 120.0 => Turn::SharpRight,
        d if d > 60.0 => Turn::Right,
        d if d > 0.0 => Turn::SlightRight,
        d if d < -120.0 => Turn::SharpLeft,
        d if d < -60.0 => Turn::Left,
        _ => Turn::SlightLeft,
    }
}

/// How far the line turns at a position, in degrees, right positive.
fn turn_deg(line: &[LonLat], at: usize) -> f64 {
    let (Some(&here), true) = (line.get(at), at > 0) else {
        return 0.0;
    };
    let plane = Plane::at(here);
    let bearing = |point: LonLat| {
        let place = plane.place(point);
        place.x.atan2(place.y).to_degrees()
    };
    let far = |point: &LonLat| {
        let place = plane.place(*point);
        place.x.hypot(place.y) >= AIM_M
    };
    let before = line[..at].iter().rev().copied().find(far).unwrap_or(line[0]);
    let after = line[at + 1..]
        .iter()
        .copied()
        .find(far)
        .or(line.last().copied())
        .unwrap_or(here);
    wrapped(bearing(after) - wrapped(bearing(before) + 180.0))
}
