//! Ranking: how a query fits a name, and how important the named thing is.

use super::place::height;
use crate::catalog::{Attribute, Layer, Role};

/// How a query fits a name, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// The whole name, the name of an area or settlement without its last word (福州 for 福州市), or the id.
    Exact,
    /// The beginning of a name.
    Prefix,
    /// The beginning of a later word.
    WordPrefix,
    /// Inside a name that is written without spaces.
    Substring,
    /// All words of the query, in any order.
    Parts,
    /// Pinyin from the beginning of a name.
    Pinyin,
    /// Pinyin from a later character.
    PinyinInside,
    /// Initials of the pinyin from the beginning of a name.
    Initials,
    /// Initials from a later character.
    InitialsInside,
    /// All words of the query, some with slips of the pen.
    Fuzzy,
}

/// Last words of areas and settlements that people leave out.
const AREA_WORDS: [&str; 24] = [
    "省",
    "市",
    "区",
    "县",
    "镇",
    "乡",
    "街道",
    "村",
    "社区",
    "自治区",
    "自治州",
    "自治县",
    "特别行政区",
    " province",
    " city",
    " county",
    " district",
    " town",
    " township",
    " village",
    " sheng",
    " shi",
    " xian",
    " qu",
];

/// Whether what is left of a name after the query is only the kind of area it is.
pub(super) fn is_area_word(role: Role, rest: &str) -> bool {
    matches!(role, Role::AdminArea | Role::Settlement) && AREA_WORDS.contains(&rest)
}

/// Whether features of the role are looked for by name.
pub(super) const fn is_searchable(role: Role) -> bool {
    match role {
        Role::Shelter | Role::ChemicalPark | Role::RescueTeam | Role::AdminArea | Role::Settlement | Role::Facility => {
            true
        }
        Role::HazardZone | Role::Road | Role::Reference => false,
    }
}

/// Importance of a feature, smaller is more important: its class in the high byte, its size within the class in the
/// low one, so coarse that things of about the same size go by distance.
pub(super) fn importance(layer: &Layer, row: usize) -> u16 {
    let class: u8 = match layer.role() {
        Role::AdminArea => height(layer, row).min(3),
        Role::Settlement if layer.manifest().kind.as_deref() == Some("town") => 3,
        Role::Settlement => 4,
        Role::ChemicalPark => 5,
        Role::Shelter => 6,
        Role::RescueTeam => 7,
        Role::Facility | Role::HazardZone | Role::Road | Role::Reference => 8,
    };
    u16::from_be_bytes([class, size(layer, row)])
}

/// 0 for the greatest: the settlement's rank, or half the bits that its population lacks of 32.
fn size(layer: &Layer, row: usize) -> u8 {
    if let Some(rank) = layer.number(row, Attribute::Rank) {
        return rank.clamp(0.0, 255.0) as u8;
    }
    match layer.number(row, Attribute::Population) {
        Some(people) if people >= 1.0 => (16.0 - people.log2() / 2.0).clamp(0.0, 16.0) as u8,
        _ => 17,
    }
}
