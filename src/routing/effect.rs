//! What a hazard zone does to those who pass: the table of effects.
//!
//! Owns the table ([`EffectTable`]), how it is read and what it says of one zone and one stretch. Where zones lie is [`super::zone`]'s
//! part, what comes out of it for a road [`super::metric`]'s.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Mode, Traits};
use crate::{catalog::HazardKind, hazards::Band};

/// The table that stands where a pack has none: as TOML, with the reasons.
pub const DEFAULT_EFFECTS: &str = include_str!("effect/default.toml");

/// What passing through a zone means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect {
    /// Nothing.
    Ignore,
    /// It takes so many times as long; at least 1.
    Slow(f64),
    /// Not to be entered while there is another way. Each metre counts as so many of danger: 1, 2, 4, 8 by the zone's band, so that where
    /// one must go through some zone, it is the lesser one.
    Forbidden(f64),
}

impl Effect {
    /// The worse of two: forbidden is worse than slow.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Forbidden(a), Self::Forbidden(b)) => Self::Forbidden(a.max(b)),
            (Self::Slow(a), Self::Slow(b)) => Self::Slow(a.max(b)),
            (Self::Forbidden(_), _) | (Self::Slow(_), Self::Ignore) => self,
            (_, Self::Forbidden(_)) | (Self::Ignore, _) => other,
        }
    }
}

/// Effects by hazard kind, mode and level.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectTable {
    kinds: BTreeMap<HazardKind, KindEffects>,
    depth: [Depth; 3],
}

/// Why a table cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EffectError {
    /// It is not TOML of the right form; says where.
    #[error("{0}")]
    Form(String),
    /// A kind is missing.
    #[error("hazard kind `{0}` has no effects")]
    Missing(HazardKind),
    /// A factor makes no sense.
    #[error("`{0}` is no factor: use 1 to 100")]
    Factor(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct KindEffects {
    car: [Word; 4],
    truck: [Word; 4],
    foot: [Word; 4],
    bridge: Reach,
    tunnel: Reach,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(untagged, expecting = "expected \"ignore\", \"forbidden\" or a number from 1 to 100")]
enum Word {
    Factor(f64),
    Named(Named),
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    Ignore,
    Forbidden,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reach {
    Caught,
    Clear,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Depth {
    slow_to_m: f64,
    slow: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DepthByMode {
    car: Option<Depth>,
    truck: Option<Depth>,
    foot: Option<Depth>,
}

#[derive(Debug, Deserialize)]
struct RawTable {
    #[serde(default)]
    depth: DepthByMode,
    #[serde(flatten)]
    kinds: BTreeMap<HazardKind, KindEffects>,
}

impl RawTable {
    fn read(text: &str) -> Result<Self, EffectError> {
        let table: Self = toml::from_str(text).map_err(|error| EffectError::Form(error.to_string()))?;
        let effects = table
            .kinds
            .values()
            .flat_map(|kind| [kind.car, kind.truck, kind.foot])
            .flatten();
        let factors = effects.filter_map(|word| match word {
            Word::Factor(factor) => Some(factor),
            Word::Named(_) => None,
        });
        let depths = [table.depth.car, table.depth.truck, table.depth.foot]
            .into_iter()
            .flatten();
        match factors
            .chain(depths.map(|depth| depth.slow))
            .find(|factor| !(1.0..=100.0).contains(factor))
        {
            Some(wrong) => Err(EffectError::Factor(wrong)),
            None => Ok(table),
        }
    }
}

impl EffectTable {
    /// The default table with what a pack puts in its place: whole kinds, and depths of whole modes.
    ///
    /// # Errors
    /// An unknown kind, mode or word, a factor out of range, or TOML that is none.
    pub fn parse(pack: &str) -> Result<Self, EffectError> {
        let mut table = RawTable::read(DEFAULT_EFFECTS)?;
        let own = RawTable::read(pack)?;
        table.kinds.extend(own.kinds);
        if let Some(missing) = HazardKind::ALL.iter().find(|kind| !table.kinds.contains_key(kind)) {
            return Err(EffectError::Missing(*missing));
        }
        // Deeper than nothing is forbidden where neither table says a word.
        let dry = Depth {
            slow_to_m: 0.0,
            slow: 1.0,
        };
        let depth = |own: Option<Depth>, default: Option<Depth>| own.or(default).unwrap_or(dry);
        let depth = [
            depth(own.depth.car, table.depth.car),
            depth(own.depth.truck, table.depth.truck),
            depth(own.depth.foot, table.depth.foot),
        ];
        Ok(Self {
            kinds: table.kinds,
            depth,
        })
    }

    /// What a zone does to a mode. Water of known depth is judged by its depth, and everything else by its band.
    pub fn effect(&self, kind: HazardKind, band: Band, depth_m: Option<f64>, mode: Mode) -> Effect {
        let danger = f64::from(1_u32 << band as u32);
        let is_water = matches!(kind, HazardKind::Flood | HazardKind::Waterlogging);
        if let Some(depth_m) = depth_m.filter(|_| is_water) {
            let limit = self.depth[mode.index()];
            return match depth_m {
                depth if depth <= 0.0 => Effect::Ignore,
                depth if depth <= limit.slow_to_m => Effect::Slow(limit.slow),
                _ => Effect::Forbidden(danger),
            };
        }
        let Some(effects) = self.kinds.get(&kind) else {
            return Effect::Forbidden(danger);
        };
        let by_band = match mode {
            Mode::Car => effects.car,
            Mode::Truck => effects.truck,
            Mode::Foot => effects.foot,
        };
        match by_band[band as usize] {
            Word::Named(Named::Ignore) => Effect::Ignore,
            Word::Named(Named::Forbidden) => Effect::Forbidden(danger),
            Word::Factor(factor) => Effect::Slow(factor),
        }
    }

    /// Whether a zone of this kind reaches a stretch that it covers on the map: one on a bridge or in a tunnel may be
    /// clear of it.
    pub fn reaches(&self, kind: HazardKind, traits: Traits) -> bool {
        let Some(effects) = self.kinds.get(&kind) else {
            return true;
        };
        let clear = (traits.contains(Traits::BRIDGE) && effects.bridge == Reach::Clear)
            || (traits.contains(Traits::TUNNEL) && effects.tunnel == Reach::Clear);
        !clear
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_table_says_something_of_every_kind() {
        let table = EffectTable::parse("").unwrap();
        for &kind in HazardKind::ALL {
            for mode in Mode::ALL {
                let order = |effect| match effect {
                    Effect::Ignore => 0.0,
                    Effect::Slow(factor) => factor,
                    Effect::Forbidden(danger) => 1_000.0 * danger,
                };
                let effects = Band::ALL
                    .iter()
                    .map(|&band| order(table.effect(kind, band, None, mode)));
                assert!(effects.is_sorted(), "{kind} {mode}");
            }
        }
        assert!(!table.reaches(HazardKind::Flood, Traits::BRIDGE));
        assert!(table.reaches(HazardKind::Flood, Traits::TUNNEL));
        assert!(!table.reaches(HazardKind::Landslide, Traits::TUNNEL));
        let wading = |depth| table.effect(HazardKind::Flood, Band::High, Some(depth), Mode::Foot);
        assert_eq!(
            [wading(0.0), wading(0.2), wading(0.21)],
            [Effect::Ignore, Effect::Slow(2.0), Effect::Forbidden(4.0)]
        );
    }

    #[test]
    fn a_pack_replaces_kinds_and_mistakes_are_refused() {
        let own = "[earthquake]\ncar = [1, 2, 3, 4]\ntruck = [1, 2, 3, 4]\nfoot = [\"ignore\", 2, 3, \"forbidden\"]\nbridge = \"caught\"\ntunnel = \"clear\"\n";
        let table = EffectTable::parse(own).unwrap();
        assert_eq!(
            table.effect(HazardKind::Earthquake, Band::Extreme, None, Mode::Car),
            Effect::Slow(4.0)
        );
        assert_eq!(
            table.effect(HazardKind::Flood, Band::Extreme, None, Mode::Car),
            Effect::Forbidden(8.0)
        );
        assert!(EffectTable::parse("[depth.foot]\nslow_to_m = 0.5\nslow = 4\n").is_ok());
        for wrong in [
            "[meteor]\n",
            "[depth.bicycle]\n",
            &own.replace("[1, 2", "[0.5, 2"),
            &own.replace("ignore", "maybe"),
            &own.replace("bridge", "boat"),
            &own.replace("4]", "4, 5]"),
            "[[[",
        ] {
            assert!(EffectTable::parse(wrong).is_err(), "{wrong}");
        }
    }
}
