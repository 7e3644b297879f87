//! Turn restrictions as relations say them.
//!
//! Owns the tags and roles of `type=restriction` (OpenStreetMap wiki, "Relation:restriction"). Which arcs they mean is
//! [`super::paths`]'s part.

use super::{
    Report,
    block::{Member, MemberKind, Relation},
    report::LeftOutTurn,
};
use crate::routing::{Mode, RestrictionKind, profile::Tags};

/// What must or must not be done at a junction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    /// By mode, what is said of it.
    pub(super) rules: Vec<Rule>,
    pub(super) from: Vec<i64>,
    pub(super) via: Via,
    pub(super) to: Vec<i64>,
}

/// A kind of restriction and the modes it holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) kind: RestrictionKind,
    pub(super) course: Course,
    pub(super) modes: [bool; 3],
}

/// Where the restricted turn goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    Left,
    Right,
    Straight,
    Back,
    /// Not said.
    Any,
}

/// What lies between the ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Via {
    Node(i64),
    Ways(Vec<i64>),
}

/// Values of `restriction`.
const KINDS: [(&str, RestrictionKind, Course); 11] = [
    ("no_left_turn", RestrictionKind::Forbidden, Course::Left),
    ("no_right_turn", RestrictionKind::Forbidden, Course::Right),
    ("no_straight_on", RestrictionKind::Forbidden, Course::Straight),
    ("no_u_turn", RestrictionKind::Forbidden, Course::Back),
    ("no_entry", RestrictionKind::Forbidden, Course::Any),
    ("no_exit", RestrictionKind::Forbidden, Course::Any),
    ("no_turn", RestrictionKind::Forbidden, Course::Any),
    ("only_left_turn", RestrictionKind::Mandatory, Course::Left),
    ("only_right_turn", RestrictionKind::Mandatory, Course::Right),
    ("only_straight_on", RestrictionKind::Mandatory, Course::Straight),
    ("only_u_turn", RestrictionKind::Mandatory, Course::Back),
];

/// Keys that restrict some modes, and which: car, lorry, feet. `restriction` alone is for vehicles.
const KEYS: [(&str, [bool; 3]); 6] = [
    ("restriction", [true, true, false]),
    ("restriction:vehicle", [true, true, false]),
    ("restriction:motor_vehicle", [true, true, false]),
    ("restriction:motorcar", [true, false, false]),
    ("restriction:hgv", [false, true, false]),
    ("restriction:foot", [false, false, true]),
];

/// Keys that make an old restriction depend on the hour.
const HOURS: [&str; 4] = ["day_on", "day_off", "hour_on", "hour_off"];

impl Turn {
    /// Reads a relation; `None` where it is no restriction, or one that is left out, which is counted.
    pub(super) fn of(relation: &Relation<'_, '_>, report: &mut Report) -> Option<Self> {
        if relation.tags.get("type") != Some("restriction") {
            return None;
        }
        report.turns += 1;
        match Self::parse(relation) {
            Ok(turn) => Some(turn),
            Err(reason) => {
                report.leave_out(reason);
                None
            }
        }
    }

    fn parse(relation: &Relation<'_, '_>) -> Result<Self, LeftOutTurn> {
        let rules = rules(&relation.tags)?;
        let ways = |role: &str| -> Vec<i64> {
            let is_it = |member: &&Member<'_>| member.role == role && member.kind == MemberKind::Way;
            relation.members.iter().filter(is_it).map(|member| member.id).collect()
        };
        let (from, to, via_ways) = (ways("from"), ways("to"), ways("via"));
        let via_nodes: Vec<i64> = relation
            .members
            .iter()
            .filter(|member| member.role == "via" && member.kind == MemberKind::Node)
            .map(|member| member.id)
            .collect();
        let via = match (&via_nodes[..], via_ways.is_empty()) {
            ([node], true) => Via::Node(*node),
            ([], false) => Via::Ways(via_ways),
            _ => return Err(LeftOutTurn::Malformed),
        };
        // `no_entry` may have several ways to come from, `no_exit` several to go to, others one of each.
        if from.is_empty() || to.is_empty() || (from.len() > 1 && to.len() > 1) {
            return Err(LeftOutTurn::Malformed);
        }
        Ok(Self { rules, from, via, to })
    }

    /// The node that the ways meet at, where it is one.
    pub(super) const fn via_node(&self) -> Option<i64> {
        match self.via {
            Via::Node(node) => Some(node),
            Via::Ways(_) => None,
        }
    }

    /// All ways it names.
    pub(super) fn ways(&self) -> impl Iterator<Item = i64> + '_ {
        let via = match &self.via {
            Via::Node(_) => &[][..],
            Via::Ways(ways) => ways,
        };
        self.from.iter().chain(via).chain(&self.to).copied()
    }
}

/// What the tags say, for each mode at most once.
fn rules(tags: &impl Tags) -> Result<Vec<Rule>, LeftOutTurn> {
    let is_by_hour = HOURS.iter().any(|key| tags.get(key).is_some());
    let (mut rules, mut is_other, mut is_unknown) = (Vec::new(), false, false);
    for (key, modes) in KEYS {
        let Some(word) = tags.get(key) else { continue };
        let Some((_, kind, course)) = KINDS.iter().find(|(known, ..)| *known == word) else {
            is_unknown = true;
            continue;
        };
        let modes = without(modes, tags.get("except").unwrap_or_default());
        if modes.contains(&true) {
            rules.push(Rule {
                kind: *kind,
                course: *course,
                modes,
            });
        } else {
            is_other = true;
        }
    }
    let is_conditional = || {
        let keys = KEYS.iter().map(|(key, _)| format!("{key}:conditional"));
        keys.into_iter().any(|key| tags.get(&key).is_some())
    };
    match rules.is_empty() {
        _ if is_by_hour => Err(LeftOutTurn::Conditional),
        false => Ok(rules),
        true if is_conditional() => Err(LeftOutTurn::Conditional),
        true if is_unknown => Err(LeftOutTurn::UnknownKind),
        true if is_other => Err(LeftOutTurn::OtherModes),
        true => Err(LeftOutTurn::OtherModes),
    }
}

/// Modes without those that `except` names.
fn without(mut modes: [bool; 3], except: &str) -> [bool; 3] {
    for word in except.split(';').map(str::trim) {
        let excepted: &[Mode] = match word {
            "motorcar" => &[Mode::Car],
            "hgv" => &[Mode::Truck],
            "motor_vehicle" | "vehicle" => &[Mode::Car, Mode::Truck],
            "foot" => &[Mode::Foot],
            _ => &[],
        };
        for mode in excepted {
            modes[mode.index()] = false;
        }
    }
    modes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modes(tags: &[(&str, &str)]) -> Result<Vec<[bool; 3]>, LeftOutTurn> {
        struct Of<'a>(&'a [(&'a str, &'a str)]);
        impl Tags for Of<'_> {
            fn get(&self, key: &str) -> Option<&str> {
                Tags::get(self.0, key)
            }
        }
        rules(&Of(tags)).map(|rules| rules.iter().map(|rule| rule.modes).collect())
    }

    #[test]
    fn exceptions_and_special_keys_say_whom_it_binds() {
        let no = ("restriction", "no_left_turn");
        assert_eq!(modes(&[no]), Ok(vec![[true, true, false]]));
        assert_eq!(modes(&[no, ("except", "psv;motorcar")]), Ok(vec![[false, true, false]]));
        assert_eq!(modes(&[no, ("except", "bicycle")]), Ok(vec![[true, true, false]]));
        assert_eq!(
            modes(&[("restriction:hgv", "only_straight_on")]),
            Ok(vec![[false, true, false]])
        );
        assert_eq!(modes(&[no, ("except", "motor_vehicle")]), Err(LeftOutTurn::OtherModes));
        assert_eq!(
            modes(&[("restriction:bicycle", "no_u_turn")]),
            Err(LeftOutTurn::OtherModes)
        );
    }

    #[test]
    fn what_depends_on_the_hour_or_is_not_understood_is_left_out() {
        assert_eq!(
            modes(&[("restriction:conditional", "no_u_turn @ (07:00-09:00)")]),
            Err(LeftOutTurn::Conditional)
        );
        assert_eq!(
            modes(&[("restriction", "no_u_turn"), ("hour_on", "07:00")]),
            Err(LeftOutTurn::Conditional)
        );
        assert_eq!(modes(&[("restriction", "no_dancing")]), Err(LeftOutTurn::UnknownKind));
    }
}
