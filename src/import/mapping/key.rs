//! Meanings as they are written.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    str::FromStr,
};

use serde::Serialize;

use crate::{
    catalog::{Attribute, Facility, HazardKind, Role},
    import::words::Listed,
};

/// A meaning as it is written on the command line and in mapping files: `capacity`, `name.zh`, `suits.flood`,
/// `facilities.toilets`, `suits` for a column that lists several hazard kinds, and `lon`, `lat` for the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeaningKey {
    /// Longitude; read by the reader.
    Lon,
    /// Latitude; read by the reader.
    Lat,
    /// The name in both languages.
    Name,
    /// The Chinese name.
    NameZh,
    /// The English name.
    NameEn,
    /// Any meaning with one column.
    Attribute(Attribute),
    /// Suitability for all the hazard kinds that a cell lists.
    SuitsList,
    /// Suitability for a hazard kind.
    Suits(HazardKind),
    /// All the facilities that a cell lists.
    FacilityList,
    /// A facility.
    Facility(Facility),
}

/// A word that is no meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{word}` is no meaning; known are lon, lat, name, name.zh, name.en, suits (a column that lists kinds), suits.KIND, \
     facilities (a column that lists them), facilities.FACILITY and {known}"
)]
pub struct UnknownMeaning {
    /// What was given.
    pub word: String,
    /// The other words there are.
    pub known: String,
}

impl FromStr for MeaningKey {
    type Err = UnknownMeaning;

    fn from_str(text: &str) -> Result<Self, UnknownMeaning> {
        let unknown = || UnknownMeaning {
            word: text.to_owned(),
            known: Attribute::ALL
                .iter()
                .map(|attribute| attribute.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        };
        Ok(match text {
            "lon" => Self::Lon,
            "lat" => Self::Lat,
            "name" => Self::Name,
            "name.zh" => Self::NameZh,
            "name.en" => Self::NameEn,
            "suits" | "suits.list" => Self::SuitsList,
            "facilities" | "facilities.list" => Self::FacilityList,
            _ => match text.split_once('.') {
                Some(("suits", kind)) => Self::Suits(kind.parse().ok().ok_or_else(unknown)?),
                Some(("facilities", facility)) => Self::Facility(facility.parse().ok().ok_or_else(unknown)?),
                _ => Self::Attribute(text.parse().ok().ok_or_else(unknown)?),
            },
        })
    }
}

impl Display for MeaningKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self {
            Self::Lon => f.write_str("lon"),
            Self::Lat => f.write_str("lat"),
            Self::Name => f.write_str("name"),
            Self::NameZh => f.write_str("name.zh"),
            Self::NameEn => f.write_str("name.en"),
            Self::Attribute(attribute) => f.write_str(attribute.as_str()),
            Self::SuitsList => f.write_str("suits"),
            Self::Suits(kind) => write!(f, "suits.{kind}"),
            Self::FacilityList => f.write_str("facilities"),
            Self::Facility(facility) => write!(f, "facilities.{facility}"),
        }
    }
}

impl Serialize for MeaningKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl MeaningKey {
    pub(in crate::import) fn fits(self, role: Role) -> bool {
        match self {
            Self::Lon | Self::Lat | Self::Name | Self::NameZh | Self::NameEn => true,
            Self::Attribute(attribute) => attribute.fits(role),
            Self::SuitsList | Self::Suits(_) | Self::FacilityList | Self::Facility(_) => role == Role::Shelter,
        }
    }

    /// Whether the reader takes the position from it.
    pub(in crate::import) const fn is_position(self) -> bool {
        matches!(self, Self::Lon | Self::Lat)
    }

    /// Whether a column of this meaning holds yes, no or unknown.
    pub(in crate::import) const fn is_tri(self) -> bool {
        matches!(self, Self::Suits(_) | Self::Facility(_))
    }

    /// What a column of this meaning lists.
    pub(in crate::import) const fn listed(self) -> Option<Listed> {
        match self {
            Self::SuitsList => Some(Listed::Hazards),
            Self::FacilityList => Some(Listed::Facilities),
            _ => None,
        }
    }

    /// The list that speaks of this meaning.
    pub(in crate::import) const fn list(self) -> Option<Self> {
        match self {
            Self::Suits(_) => Some(Self::SuitsList),
            Self::Facility(_) => Some(Self::FacilityList),
            _ => None,
        }
    }

    /// Whether it is said in running text, where a placeholder (`-`, `无`) is no name and no address.
    pub(in crate::import) const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::NameZh
                | Self::NameEn
                | Self::Attribute(
                    Attribute::Address
                        | Attribute::AdminCode
                        | Attribute::Phone
                        | Attribute::Source
                        | Attribute::KeeperRole
                        | Attribute::Specialty
                        | Attribute::Serves
                )
        )
    }

    /// Whether it is a day or a time.
    pub(in crate::import) const fn is_time(self) -> bool {
        matches!(self, Self::Attribute(Attribute::AsOf | Attribute::StatusAsOf))
    }
}
