//! What a sample is made to: the numbers of a real province, and how much of them is made.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::random::Random;
use crate::{catalog::HazardKind, messages::Names};

/// How much of a province is made. Densities stay: a tenth has a tenth of the area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// A thousandth: for tests.
    Town,
    /// A hundredth.
    County,
    /// A tenth.
    Prefecture,
    /// All of it: 20 000 shelters, 100 000 hazard zones, 16 000 settlements.
    Province,
}

impl Scale {
    /// Every scale, smallest first.
    pub const ALL: [Self; 4] = [Self::Town, Self::County, Self::Prefecture, Self::Province];

    /// The word on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::County => "county",
            Self::Prefecture => "prefecture",
            Self::Province => "province",
        }
    }

    /// The share of the province.
    pub(super) const fn share(self) -> f64 {
        match self {
            Self::Town => 0.001,
            Self::County => 0.01,
            Self::Prefecture => 0.1,
            Self::Province => 1.0,
        }
    }
}

/// The numbers of the province.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) area_km2: f64,
    /// Longitude and latitude, degrees.
    pub(super) middle: [f64; 2],
    pub(super) time_zone: String,
    pub(super) counties: usize,
    /// How many of the settlements are towns.
    pub(super) towns: usize,
    pub(super) settlements: usize,
    pub(super) zones: BTreeMap<HazardKind, usize>,
    pub(super) prefectures: Vec<Prefecture>,
    heads: Vec<[String; 2]>,
    tails: Vec<[String; 2]>,
}

/// A prefecture and the number of its shelters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prefecture {
    pub(super) names: Names,
    pub(super) shelters: usize,
}

const PROVINCE: &str = include_str!("../../data/sample/province.toml");

impl Profile {
    /// The province's numbers cut down to a scale; nothing becomes none.
    pub(super) fn of(scale: Scale) -> Self {
        #[expect(clippy::expect_used, reason = "a file of ours, read by a test")]
        let mut profile: Self = toml::from_str(PROVINCE).expect("the profile is valid");
        let share = |count: usize| ((count as f64 * scale.share()).round() as usize).max(1);
        profile.area_km2 *= scale.share();
        profile.counties = share(profile.counties).max(profile.prefectures.len());
        profile.towns = share(profile.towns);
        profile.settlements = share(profile.settlements).max(2 * profile.towns);
        for count in profile.zones.values_mut() {
            *count = share(*count);
        }
        for prefecture in &mut profile.prefectures {
            prefecture.shelters = share(prefecture.shelters);
        }
        profile
    }

    /// A name of two syllables with an ending for each language.
    pub(super) fn name(&self, random: &mut Random, [zh, en]: [&str; 2]) -> Names {
        let empty = [String::new(), String::new()];
        let head = random.one_of(&self.heads).unwrap_or(&empty);
        let tail = random.one_of(&self.tails).unwrap_or(&empty);
        Names {
            zh: format!("{}{}{zh}", head[0], tail[0]),
            en: format!("{}{}{en}", head[1], tail[1]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_province_has_the_counts_of_the_programme() {
        let profile = Profile::of(Scale::Province);
        let shelters: usize = profile.prefectures.iter().map(|prefecture| prefecture.shelters).sum();
        assert_eq!((shelters, profile.settlements), (20_000, 16_000));
        assert_eq!(profile.zones.values().sum::<usize>(), 100_000);
    }
}
