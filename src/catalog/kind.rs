//! The closed vocabularies of a pack: hazard kinds, roles of layers, yes/no/unknown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A word that is none of the words allowed in its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {}", .allowed.join(", "))]
pub struct UnknownWord {
    /// What was given.
    pub word: String,
    /// What would have been right.
    pub allowed: Vec<&'static str>,
}

/// Makes an enum of words with `ALL`, `as_str`, `FromStr` and `Display`, the words being the serde names.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:tt,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word of the vocabulary, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in files, URLs and answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::catalog::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or_else(|| $crate::catalog::UnknownWord {
                    word: word.to_owned(),
                    allowed: Self::ALL.iter().map(|known| known.as_str()).collect(),
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use vocabulary;

vocabulary! {
    /// A kind of hazard (灾种).
    HazardKind {
        /// River flood (洪水).
        Flood = "flood",
        /// Water standing where rain cannot drain (内涝).
        Waterlogging = "waterlogging",
        /// Flash flood in a valley (山洪).
        FlashFlood = "flash_flood",
        /// Landslide (滑坡).
        Landslide = "landslide",
        /// Debris flow (泥石流).
        DebrisFlow = "debris_flow",
        /// Typhoon wind (台风大风).
        Typhoon = "typhoon",
        /// Storm surge (风暴潮).
        StormSurge = "storm_surge",
        /// Tsunami (海啸).
        Tsunami = "tsunami",
        /// Earthquake (地震).
        Earthquake = "earthquake",
        /// Forest and grass fire (森林火灾).
        Wildfire = "wildfire",
        /// Release of a hazardous chemical (危化品).
        Chemical = "chemical",
    }
}

vocabulary! {
    /// What the features of a layer are to us (用途).
    Role {
        /// Shelter points (避灾点).
        Shelter = "shelter",
        /// Chemical parks (化工园区).
        ChemicalPark = "chemical_park",
        /// Rescue teams (救援队).
        RescueTeam = "rescue_team",
        /// Zones of one hazard kind with ordered levels (危险区).
        HazardZone = "hazard_zone",
        /// Provinces, cities, counties, townships (行政区).
        AdminArea = "admin_area",
        /// Towns, villages and other named places (居民点).
        Settlement = "settlement",
        /// Roads (道路).
        Road = "road",
        /// Other facilities (设施).
        Facility = "facility",
        /// What only draws the base map: coast, rivers, land (参考).
        Reference = "reference",
    }
}

vocabulary! {
    /// Yes, no or unknown: unknown is never taken for either.
    Tri {
        /// Somebody said yes.
        Yes = "yes",
        /// Somebody said no.
        No = "no",
        /// Nobody said.
        Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Attribute;

    #[test]
    fn words_are_what_serde_writes_and_reads() {
        for kind in HazardKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for attribute in Attribute::ALL {
            assert_eq!(serde_json::to_value(attribute).unwrap(), attribute.as_str());
            let read: Attribute = serde_json::from_value(attribute.as_str().into()).unwrap();
            assert_eq!(read, *attribute);
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        let error = "maybe".parse::<Tri>().unwrap_err();
        assert_eq!(error.to_string(), "`maybe` is not one of yes, no, unknown");
    }
}
