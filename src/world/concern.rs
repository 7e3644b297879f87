//! Which hazards count on the way, and the words for it.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    str::FromStr,
};

use crate::catalog::HazardKind;

/// Which hazards count on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Concern {
    /// Zones of every kind.
    #[default]
    Any,
    /// Zones of one kind.
    Kind(HazardKind),
    /// None: closures only.
    None,
}

/// A word that names no concern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of {words}", words = Concern::all().map(Concern::as_str).collect::<Vec<_>>().join(", "))]
pub struct UnknownConcern(pub String);

impl Concern {
    /// How many there are.
    pub(super) const COUNT: usize = HazardKind::ALL.len() + 2;

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let kinds = HazardKind::ALL.iter().copied().map(Self::Kind);
        [Self::Any, Self::None].into_iter().chain(kinds)
    }

    /// The place among all.
    pub(super) fn index(self) -> usize {
        Self::all().position(|other| other == self).unwrap_or_default()
    }

    /// The word for it in requests and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::None => "none",
            Self::Kind(kind) => kind.as_str(),
        }
    }

    /// The one kind, where it is one.
    pub const fn kind(self) -> Option<HazardKind> {
        match self {
            Self::Kind(kind) => Some(kind),
            Self::Any | Self::None => None,
        }
    }
}

impl FromStr for Concern {
    type Err = UnknownConcern;

    fn from_str(word: &str) -> Result<Self, UnknownConcern> {
        let known = Self::all().find(|concern| concern.as_str() == word);
        known.ok_or_else(|| UnknownConcern(word.to_owned()))
    }
}

impl Display for Concern {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_comes_back_and_every_place_is_its_own() {
        for (place, concern) in Concern::all().enumerate() {
            assert_eq!(concern.as_str().parse(), Ok(concern));
            assert_eq!(concern.index(), place);
        }
        assert_eq!(Concern::all().count(), Concern::COUNT);
        let refused = "rain".parse::<Concern>().unwrap_err().to_string();
        assert!(refused.starts_with("`rain` is not one of any, none, "), "{refused}");
    }
}
