//! The evacuation field of the shelters: from every street the best shelter that may be used, and how long it takes.
//!
//! Owns which shelters are gone to, and what the field says of each street. The search is the roads' own
//! ([`crate::routing::Field`]).

mod area;

pub use area::{AreaField, WHOLE_REGION};

use std::sync::OnceLock;

use xxhash_rust::xxh3::Xxh3;

use super::{Concern, Roads, World, by_road::ShelterPlaces};
use crate::{
    catalog::{Id, LayerManifest, LayerVersion, Meaning, OWN_LAYERS, Role, ZoomRange},
    messages::{self, Lang, Names},
    routing::{Field, Mode, Router, StretchId, Weights},
    shelters::{Judged, NearestQuery, Shelter, Shelters},
    tiles::{MinutesLayer, StreetMinutes, TileLayer},
};

/// What the ids of all layers of minutes begin with.
const MINUTES_PREFIX: &str = OWN_LAYERS[1];

/// The zooms of layers of minutes.
const ZOOMS: ZoomRange = ZoomRange { min: 5, max: 15 };

/// The field of one mode under one concern: which shelters are gone to, and how. Immutable.
#[derive(Debug)]
pub struct ShelterField {
    field: Field,
    places: ShelterPlaces,
    layer: OnceLock<TileLayer>,
}

impl ShelterField {
    /// Searches from all shelters that may be used: open, standby or unknown, and where the concern is one hazard, suited to it
    /// and outside its unsafe zones. O((n + m) log n).
    pub(super) fn new(router: &Router, weights: &Weights, concern: Concern, all: &Shelters) -> Self {
        let is_usable = |index: usize, shelter: &Shelter| {
            let query = NearestQuery {
                position: shelter.position(),
                k: 1,
                hazard: concern.kind(),
                include_closed: false,
            };
            matches!(all.judged(index, &query), Judged::Found)
        };
        let places = ShelterPlaces::new(router, weights, all, is_usable);
        Self {
            field: Field::build(router, weights, places.destinations()),
            places,
            layer: OnceLock::new(),
        }
    }

    /// The field itself.
    pub const fn field(&self) -> &Field {
        &self.field
    }
}

impl World {
    /// The field of a mode under a concern; made when first asked for, which takes a fraction of a second for a province.
    /// `None` without roads.
    pub fn shelter_field(&self, mode: Mode, concern: Concern) -> Option<&ShelterField> {
        let roads = self.roads.as_ref()?;
        Some(roads.shelter_field(mode, concern, &self.shelters))
    }

    /// The layer that an id names where it is one of minutes to a shelter; made when first asked for.
    pub fn minutes_layer(&self, id: &str) -> Option<&TileLayer> {
        let (mode, concern) = named(id)?;
        let manifest = self.minutes_manifest(id.parse().ok()?, mode, concern)?;
        let roads = self.roads.as_ref()?;
        let field = roads.shelter_field(mode, concern, &self.shelters);
        let make = || TileLayer::of_minutes(layer(roads, &field.field, manifest, mode, concern));
        Some(field.layer.get_or_init(make))
    }

    /// The layer to be cut into tiles that an id names: one of the pack's, or one of minutes to a shelter.
    pub fn tile_layer(&self, id: &str) -> Option<&TileLayer> {
        self.tiles.get(id).or_else(|| self.minutes_layer(id))
    }

    /// Whether a layer must be made or prepared before it can be cut into tiles.
    pub fn must_make(&self, id: &str) -> bool {
        if let Some(layer) = self.tiles.get(id) {
            return !layer.is_prepared();
        }
        let slot = named(id).zip(self.roads.as_ref());
        slot.is_some_and(|((mode, concern), roads)| {
            roads
                .known_field(mode, concern)
                .is_none_or(|field| field.layer.get().is_none())
        })
    }

    fn minutes_manifest(&self, id: Id, mode: Mode, concern: Concern) -> Option<LayerManifest> {
        let roads = self.region.manifest.roads.as_ref()?;
        let shelters = self
            .region
            .manifest
            .layers
            .iter()
            .filter(|layer| layer.role == Role::Shelter);
        Some(LayerManifest {
            id,
            role: Role::Road,
            kind: None,
            names: names(mode, concern),
            file: String::new(),
            source: roads.source.clone(),
            licence: roads.licence.clone(),
            vintage: roads.vintage.clone(),
            synthetic: roads.synthetic || shelters.into_iter().any(|layer| layer.synthetic),
            zoom: ZOOMS,
            attributes: Meaning::default(),
            hazard: None,
        })
    }
}

/// The id of the layer of minutes of a mode under a concern.
pub fn minutes_id(mode: Mode, concern: Concern) -> String {
    match concern {
        Concern::Any => format!("{MINUTES_PREFIX}_{mode}"),
        one => format!("{MINUTES_PREFIX}_{mode}_{one}"),
    }
}

/// What such an id stands for.
fn named(id: &str) -> Option<(Mode, Concern)> {
    let rest = id.strip_prefix(MINUTES_PREFIX)?.strip_prefix('_')?;
    let Some((mode, concern)) = rest.split_once('_') else {
        return Some((rest.parse().ok()?, Concern::Any));
    };
    // One id for each layer: that of any hazard has nothing behind the mode.
    let concern = concern.parse().ok().filter(|concern| *concern != Concern::Any)?;
    Some((mode.parse().ok()?, concern))
}

fn names(mode: Mode, concern: Concern) -> Names {
    let say = |lang: Lang| {
        let mode = messages::text(lang, &format!("travel.{mode}"), &[]);
        let (key, kind) = match concern {
            Concern::Any => ("layer.minutes", String::new()),
            Concern::None => ("layer.minutes_none", String::new()),
            Concern::Kind(kind) => ("layer.minutes_kind", messages::text(lang, &format!("kind.{kind}"), &[])),
        };
        messages::text(lang, key, &[("mode", &mode), ("kind", &kind)])
    };
    Names {
        zh: say(Lang::Zh),
        en: say(Lang::En),
    }
}

fn layer(roads: &Roads, field: &Field, manifest: LayerManifest, mode: Mode, concern: Concern) -> MinutesLayer {
    let (router, weights) = (roads.router(), roads.weights(mode, concern));
    let minutes = |stretch: StretchId| match field.farthest(router, weights, stretch) {
        None => StreetMinutes::Unused,
        Some(cost) if cost.is_never() => StreetMinutes::CutOff,
        Some(cost) => StreetMinutes::Within {
            minutes: u16::try_from(cost.time_ms().div_ceil(60_000)).unwrap_or(u16::MAX),
            safe: cost.danger() == 0,
        },
    };
    let minutes: Vec<StreetMinutes> = router.network().stretches().map(minutes).collect();
    let mut hash = Xxh3::new();
    hash.update(&roads.version().to_le_bytes());
    hash.update(format!("{manifest:?}").as_bytes());
    for street in &minutes {
        let [kind, minutes] = match *street {
            StreetMinutes::Unused => [0, 0],
            StreetMinutes::CutOff => [1, 0],
            StreetMinutes::Within { minutes, safe } => [2 + u16::from(safe), minutes],
        };
        hash.update(&[kind.to_le_bytes(), minutes.to_le_bytes()].concat());
    }
    MinutesLayer {
        manifest,
        version: LayerVersion(hash.digest()),
        streets: roads.streets(),
        minutes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::HazardKind;

    #[test]
    fn ids_say_what_they_are_of() {
        let concerns = [Concern::Any, Concern::None, Concern::Kind(HazardKind::Flood)];
        for mode in Mode::ALL {
            for concern in concerns {
                assert_eq!(named(&minutes_id(mode, concern)), Some((mode, concern)));
            }
        }
        for wrong in [
            "minutes_to_shelter",
            "minutes_to_shelter_",
            "minutes_to_shelter_foot_",
            "minutes_to_shelter_boat",
            "minutes_to_shelter_foot_any",
            "x",
        ] {
            assert_eq!(named(wrong), None, "{wrong}");
        }
    }
}
