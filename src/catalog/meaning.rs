//! What the columns of a layer's file mean: the `[layer.attributes]` table of the manifest.
//!
//! Owns the vocabulary of meanings and which role may have which. Reading values through it is [`super::Layer`]'s part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{HazardKind, Role, kind::vocabulary};

vocabulary! {
    /// A meaning that a column can have.
    Attribute {
        /// The feature's id; without one features are numbered by row, from 1.
        Id = "id",
        /// Street address.
        Address = "address",
        /// Code of the administrative area the feature lies in (GB/T 2260 or the like).
        AdminCode = "admin_code",
        /// The time the record was true, RFC 3339 date or time.
        AsOf = "as_of",
        /// Who says so.
        Source = "source",
        /// Inhabitants.
        Population = "population",
        /// Whether this one feature is made up.
        Synthetic = "synthetic",
        /// Design capacity in persons.
        Capacity = "capacity",
        /// Effective area in square metres.
        EffectiveArea = "effective_area",
        /// Height above sea level in metres.
        Elevation = "elevation",
        /// Who runs the shelter: province, city, county, township, village.
        Grade = "grade",
        /// Indoor or outdoor.
        Space = "space",
        /// Comprehensive, single or specific.
        Function = "function",
        /// Emergency, short or long.
        Duration = "duration",
        /// A place to flee to now, or to stay in.
        LegalKind = "legal_kind",
        /// Planned, standby, open, full, closed, unsafe or unknown.
        Status = "status",
        /// The time of the status.
        StatusAsOf = "status_as_of",
        /// The office of the keeper (never a person).
        KeeperRole = "keeper_role",
        /// Telephone number.
        Phone = "phone",
        /// What a rescue team is trained for.
        Specialty = "specialty",
        /// Id of the chemical park a rescue team belongs to.
        Serves = "serves",
        /// How far off the position may be, in metres.
        Precision = "precision_m",
        /// How deep the water is in a zone, in metres; below zero is unknown.
        Depth = "depth_m",
        /// Level of an administrative area: province, city, county, township.
        AdminLevel = "level",
        /// Importance of a settlement's label; smaller is more important.
        Rank = "rank",
    }
}

impl Attribute {
    /// Whether a layer of this role can have a column of this meaning.
    pub fn fits(self, role: Role) -> bool {
        match self {
            Self::Id
            | Self::Address
            | Self::AdminCode
            | Self::AsOf
            | Self::Source
            | Self::Population
            | Self::Synthetic => true,
            Self::Phone => matches!(
                role,
                Role::Shelter | Role::RescueTeam | Role::ChemicalPark | Role::Facility
            ),
            Self::Capacity
            | Self::EffectiveArea
            | Self::Elevation
            | Self::Grade
            | Self::Space
            | Self::Function
            | Self::Duration
            | Self::LegalKind
            | Self::Status
            | Self::StatusAsOf
            | Self::KeeperRole => role == Role::Shelter,
            Self::Specialty | Self::Serves => role == Role::RescueTeam,
            Self::Precision => {
                matches!(
                    role,
                    Role::ChemicalPark | Role::RescueTeam | Role::Facility | Role::Settlement | Role::Shelter
                )
            }
            Self::Depth => role == Role::HazardZone,
            Self::AdminLevel => role == Role::AdminArea,
            Self::Rank => role == Role::Settlement,
        }
    }

    /// The words allowed in a column of this meaning; `None` where any text or number may stand.
    pub const fn words(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Grade | Self::AdminLevel => &["province", "city", "county", "township", "village"],
            Self::Space => &["indoor", "outdoor"],
            Self::Function => &["comprehensive", "single", "specific"],
            Self::Duration => &["emergency", "short", "long"],
            Self::LegalKind => &["flee", "stay"],
            Self::Status => &["planned", "standby", "open", "full", "closed", "unsafe", "unknown"],
            _ => return None,
        })
    }

    /// Whether values of this meaning are numbers.
    pub const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Population
                | Self::Capacity
                | Self::EffectiveArea
                | Self::Elevation
                | Self::Precision
                | Self::Depth
                | Self::Rank
        )
    }
}

vocabulary! {
    /// Something a shelter has, does not have, or nobody knows.
    Facility {
        /// Entrance without steps.
        StepFree = "step_free",
        /// Toilets.
        Toilets = "toilets",
        /// Beds.
        Beds = "beds",
        /// Electricity of its own.
        Power = "power",
        /// Drinking water.
        Water = "water",
        /// A medical post.
        Medical = "medical",
        /// Pets may come.
        Pets = "pets",
        /// A kitchen.
        Kitchen = "kitchen",
    }
}

/// The columns that hold a feature's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NameColumns {
    /// One column for both languages.
    One(String),
    /// A column for each language.
    Both {
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
}

/// Meaning of a layer's columns: what is not listed is shown as an attribute and has no meaning to us.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Meaning {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<NameColumns>,
    /// Suitability per hazard kind; shelters only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub suits: BTreeMap<HazardKind, String>,
    /// Facilities; shelters only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facilities: BTreeMap<Facility, String>,
    /// Everything that is one column.
    #[serde(flatten)]
    pub columns: BTreeMap<Attribute, String>,
}
