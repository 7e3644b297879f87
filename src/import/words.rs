//! What registers call hazard kinds and facilities: in the names of columns and in cells that list several.
//!
//! Owns which words mean which, and the group words that mean several. A word that is not here is never taken for one
//! that is: a shelter is said to suit a hazard only where the register says so.

use super::MeaningKey;
use crate::catalog::{
    Facility,
    HazardKind::{
        self, Chemical, DebrisFlow, Earthquake, FlashFlood, Flood, Landslide, StormSurge, Tsunami, Typhoon,
        Waterlogging, Wildfire,
    },
};

/// Folded words and the kinds they mean. Words of several kinds, with why:
/// 水災, 水害, 淹水 and 洪涝 do not tell rivers from rain; 土砂災害 (Japan's 土砂災害防止法) and 坡地災害 (Taiwan) are
/// landslides and debris flows; 地质灾害 in shelter registers is the same two.
const HAZARDS: &[(&[HazardKind], &[&str])] = &[
    (
        &[Flood],
        &[
            "flood",
            "floods",
            "flooding",
            "river flood",
            "fluvial flood",
            "洪水",
            "洪灾",
            "河川泛滥",
            "外水",
            "外水泛滥",
        ],
    ),
    (
        &[Waterlogging],
        &[
            "waterlogging",
            "pluvial flood",
            "inland flood",
            "urban flooding",
            "内涝",
            "城市内涝",
            "积水",
            "积涝",
            "内水",
            "内水泛滥",
        ],
    ),
    (
        &[Flood, Waterlogging],
        &["洪涝", "水灾", "水害", "水患", "淹水", "暴雨洪涝"],
    ),
    (&[FlashFlood], &["flash flood", "flash floods", "山洪"]),
    (
        &[Landslide],
        &[
            "landslide",
            "landslides",
            "滑坡",
            "山体滑坡",
            "崩塌",
            "山崩",
            "地滑",
            "地滑り",
            "崖崩れ",
            "がけ崩れ",
        ],
    ),
    (
        &[DebrisFlow],
        &["debris flow", "debris flows", "mudflow", "泥石流", "土石流"],
    ),
    (
        &[Landslide, DebrisFlow],
        &[
            "土砂灾害",
            "土砂",
            "坡地灾害",
            "坡灾",
            "地质灾害",
            "地灾",
            "崖崩れ土石流及び地滑り",
            "滑坡泥石流",
            "滑坡和泥石流",
        ],
    ),
    (&[Typhoon], &["typhoon", "typhoons", "台风", "台风大风", "风灾", "暴风"]),
    (&[StormSurge], &["storm surge", "风暴潮", "高潮", "暴潮"]),
    (&[Tsunami], &["tsunami", "tsunamis", "海啸", "津波"]),
    (&[Earthquake], &["earthquake", "earthquakes", "地震", "震灾"]),
    (
        &[Wildfire],
        &[
            "wildfire",
            "wildfires",
            "forest fire",
            "森林火灾",
            "森林草原火灾",
            "山林火灾",
            "林野火灾",
            "林火",
            "山火",
        ],
    ),
    (
        &[Chemical],
        &[
            "chemical",
            "chemical accident",
            "hazmat",
            "危化品",
            "危化品事故",
            "危化品泄漏",
            "危险化学品",
            "危险化学品事故",
            "化学事故",
            "化学品泄漏",
            "毒灾",
            "毒化灾",
            "毒性化学物质灾害",
        ],
    ),
];

/// Folded words of facilities.
const FACILITIES: &[(Facility, &[&str])] = &[
    (
        Facility::StepFree,
        &[
            "step free",
            "stepfree",
            "barrier free",
            "wheelchair",
            "无障碍",
            "无障碍设施",
            "バリアフリー",
        ],
    ),
    (
        Facility::Toilets,
        &[
            "toilets",
            "toilet",
            "wc",
            "restroom",
            "厕所",
            "卫生间",
            "公厕",
            "トイレ",
        ],
    ),
    (Facility::Beds, &["beds", "bed", "床铺", "床位", "ベッド"]),
    (
        Facility::Power,
        &[
            "power",
            "generator",
            "backup power",
            "备用电源",
            "应急电源",
            "应急供电",
            "发电机",
            "非常用电源",
            "自家发电",
        ],
    ),
    (
        Facility::Water,
        &["water", "drinking water", "饮用水", "饮水", "供水", "应急供水", "给水"],
    ),
    (
        Facility::Medical,
        &["medical", "first aid", "医疗点", "医疗", "医务室", "医疗救护", "救护所"],
    ),
    (Facility::Pets, &["pets", "pet", "宠物", "可携带宠物", "ペット"]),
    (Facility::Kitchen, &["kitchen", "炊事", "厨房", "应急炊事", "炊き出し"]),
];

/// A kind of thing that cells list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Listed {
    /// Hazard kinds that a shelter suits.
    Hazards,
    /// Facilities that it has.
    Facilities,
}

impl Listed {
    /// What a folded word means; empty where it is none of ours.
    pub(super) fn meanings(self, word: &str) -> Vec<MeaningKey> {
        let word = word.replace('_', " ");
        match self {
            Self::Hazards => hazards(&word).iter().map(|kind| MeaningKey::Suits(*kind)).collect(),
            Self::Facilities => {
                let known = FACILITIES.iter().find(|(_, words)| words.contains(&word.as_str()));
                known
                    .map(|(facility, _)| MeaningKey::Facility(*facility))
                    .into_iter()
                    .collect()
            }
        }
    }
}

/// The kinds a word means, also with 灾害 or 灾 behind it.
fn hazards(word: &str) -> &'static [HazardKind] {
    let known = |word: &str| {
        HAZARDS
            .iter()
            .find(|(_, words)| words.contains(&word))
            .map(|(kinds, _)| *kinds)
    };
    let stem = |suffix| word.strip_suffix(suffix).and_then(known);
    known(word)
        .or_else(|| stem("灾害"))
        .or_else(|| stem("灾"))
        .unwrap_or_default()
}

/// Every word of a meaning, with how many meanings it has.
pub(super) fn words(meaning: MeaningKey) -> Vec<(&'static str, usize)> {
    match meaning {
        MeaningKey::Suits(kind) => {
            let groups = HAZARDS.iter().filter(|(kinds, _)| kinds.contains(&kind));
            groups
                .flat_map(|(kinds, words)| words.iter().map(|word| (*word, kinds.len())))
                .collect()
        }
        MeaningKey::Facility(facility) => {
            let known = FACILITIES.iter().filter(|(known, _)| *known == facility);
            known
                .flat_map(|(_, words)| words.iter().map(|word| (*word, 1)))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::normal::fold;

    #[test]
    fn words_are_written_in_the_form_they_are_compared_in() {
        let all = HAZARDS.iter().flat_map(|(_, words)| words.iter());
        for word in all.chain(FACILITIES.iter().flat_map(|(_, words)| words.iter())) {
            assert_eq!(fold(word), *word);
        }
    }

    #[test]
    fn no_word_stands_twice() {
        let mut words: Vec<&str> = HAZARDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }

    #[test]
    fn our_own_words_are_known() {
        for kind in HazardKind::ALL {
            assert_eq!(Listed::Hazards.meanings(kind.as_str()), [MeaningKey::Suits(*kind)]);
        }
        for facility in Facility::ALL {
            assert_eq!(
                Listed::Facilities.meanings(facility.as_str()),
                [MeaningKey::Facility(*facility)]
            );
        }
    }

    #[test]
    fn group_words_mean_several_and_strangers_none() {
        let kinds = |word: &str| hazards(&fold(word)).to_vec();
        assert_eq!(kinds("水災"), [Flood, Waterlogging]);
        assert_eq!(kinds("坡地災害"), [Landslide, DebrisFlow]);
        assert_eq!(kinds("颱風災害"), [Typhoon]);
        assert_eq!(kinds("震災"), [Earthquake]);
        for stranger in [
            "火山",
            "火災",
            "大規模な火事",
            "暴雨",
            "全灾种",
            "其他",
            "水",
            "灾害",
            "",
        ] {
            assert_eq!(kinds(stranger), [], "{stranger}");
        }
    }
}
