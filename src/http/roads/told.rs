//! What answers say of zones and closures on the way.

use serde::Serialize;
use utoipa::ToSchema;

use super::rounded;
use crate::{
    catalog::HazardKind,
    geometry::Datum,
    http::position::shown,
    messages::{self, Lang},
    routing::{
        Effect, ZoneFacts,
        explain::{Avoided, Crossed, Obstacle, ZoneRef},
    },
    world::{Concern, Roads},
};

/// A hazard zone on the way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ZoneOnTheWay)]
pub(super) struct ZoneTold {
    kind: HazardKind,
    /// The kind in the answer's language.
    #[schema(example = "Flood")]
    kind_name: String,
    /// The level as the data write it.
    level: Option<String>,
    /// The level in the answer's language.
    level_name: Option<String>,
    /// How deep the water is in it, metres, where the data say so: then that decides, not the level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    depth_m: Option<f64>,
    /// Id of the layer.
    layer: Option<String>,
    /// Id of the zone in its layer.
    zone: Option<String>,
    effect: EffectWord,
    /// So many times as long it takes to pass; where the effect is `slow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    slow_by: Option<f64>,
    /// Whether the zone is made up.
    synthetic: bool,
}

/// What a zone does to those who pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ZoneEffect)]
enum EffectWord {
    /// It takes longer.
    Slow,
    /// It should not be entered.
    Forbidden,
}

/// A zone that the route leads through nevertheless.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Crossed)]
pub(super) struct CrossedTold {
    #[serde(flatten)]
    zone: ZoneTold,
    /// How much of the route lies in it, metres.
    distance_m: f64,
    /// Where the route comes into it: longitude, latitude.
    at: [f64; 2],
}

/// What the fastest way would meet and the route avoids.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Avoided)]
pub(super) struct AvoidedTold {
    what: AvoidedWord,
    /// The closure's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    closure: Option<String>,
    /// Why it is closed, in the words of who closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
    #[serde(flatten)]
    zone: Option<ZoneTold>,
    /// How much of the fastest way lies in it, metres.
    distance_m: f64,
    /// Where the fastest way would meet it first: longitude, latitude.
    at: [f64; 2],
    /// How much longer the route takes than the fastest way, for all that it avoids and crosses together.
    detour_s: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AvoidedKind)]
enum AvoidedWord {
    Closure,
    Zone,
}

/// In whose words things are told.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    pub(super) roads: &'a Roads,
    pub(super) concern: Concern,
    pub(super) datum: Datum,
    pub(super) lang: Lang,
}

impl Teller<'_> {
    fn zone(&self, zone: ZoneRef, facts: &ZoneFacts, effect: Effect) -> ZoneTold {
        let layer = self.roads.layer(self.concern, zone.0);
        let row = facts.row as usize;
        let level = layer.and_then(|layer| layer.level(row)).map(|(_, level)| level);
        ZoneTold {
            kind: facts.kind,
            kind_name: messages::text(self.lang, &format!("kind.{}", facts.kind), &[]),
            level: level.map(|level| level.code.clone()),
            level_name: level.map(|level| level.names.get(self.lang).to_owned()),
            depth_m: facts.depth_m,
            layer: layer.map(|layer| layer.id().to_string()),
            zone: layer.map(|layer| layer.feature_id(row).into_owned()),
            effect: if matches!(effect, Effect::Forbidden(_)) {
                EffectWord::Forbidden
            } else {
                EffectWord::Slow
            },
            slow_by: match effect {
                Effect::Slow(factor) => Some(factor),
                _ => None,
            },
            synthetic: layer.is_some_and(|layer| layer.manifest().synthetic),
        }
    }

    pub(super) fn crossed(&self, crossed: &Crossed) -> CrossedTold {
        CrossedTold {
            zone: self.zone(crossed.zone, &crossed.facts, crossed.effect),
            distance_m: rounded(crossed.distance.0),
            at: shown(crossed.at, self.datum),
        }
    }

    pub(super) fn avoided(&self, avoided: &Avoided) -> AvoidedTold {
        let (what, closure, reason, zone) = match &avoided.what {
            Obstacle::Closure(id) => {
                let reason = self.roads.closures().get(*id).map(|closure| closure.reason.clone());
                (AvoidedWord::Closure, Some(id.0.to_string()), reason, None)
            }
            Obstacle::Zone { zone, facts, effect } => {
                (AvoidedWord::Zone, None, None, Some(self.zone(*zone, facts, *effect)))
            }
        };
        AvoidedTold {
            what,
            closure,
            reason,
            zone,
            distance_m: rounded(avoided.distance.0),
            at: shown(avoided.at, self.datum),
            detour_s: rounded(avoided.detour.0),
        }
    }
}
