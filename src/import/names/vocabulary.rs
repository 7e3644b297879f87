//! The words that registers use in the names of their columns, folded.
//!
//! From shelter registers of Chinese cities and GB/T 44013, Taiwan's register of 避難收容處所, Japan's 指定緊急避難場所
//! data (GSI) and its municipal standard open data set, and the field names of GDAL, OSM and Chinese land surveys
//! (XZQDM, XZQMC, BSM).

mod names;
mod places;
mod shelters;
mod subjects;

pub(super) use self::subjects::subjects;
use super::grammar::{Remarks, Rule};
use crate::{
    catalog::Attribute,
    import::MeaningKey::{self, Attribute as A},
};

/// Persons, as a unit or a remark.
const PERSONS: &[&str] = &[
    "人",
    "名",
    "人数",
    "单位人",
    "万人",
    "persons",
    "person",
    "people",
    "pax",
    "p",
    "设计",
    "最大",
    "必填",
];

/// Words in brackets that make a telephone number a person's own.
const PERSONAL: &[&str] = &[
    "负责",
    "责任",
    "管理",
    "联系人",
    "担当",
    "手机",
    "个人",
    "manager",
    "person",
    "mobile",
];

const OTHERS: &[(MeaningKey, Rule<'static>)] = &[
    (
        A(Attribute::Phone),
        Rule {
            cores: &[
                ("phone", 4),
                ("phone number", 4),
                ("phone no", 4),
                ("tel", 4),
                ("tel no", 4),
                ("telephone", 4),
                ("telephone number", 4),
                ("电话", 4),
                ("电话号码", 4),
                ("电话番号", 4),
                ("联系电话", 5),
                ("联络电话", 5),
                ("值班电话", 5),
                ("lxdh", 3),
            ],
            before: &["contact", "应急", "紧急", "办公", "24 小时"],
            remarks: Remarks::Except(PERSONAL),
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Specialty),
        Rule {
            cores: &[
                ("specialty", 4),
                ("speciality", 4),
                ("专业方向", 4),
                ("专业类型", 3),
                ("救援专业", 3),
            ],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Serves),
        Rule {
            cores: &[("serves", 4), ("服务园区", 4), ("所属园区", 3)],
            with_subject: false,
            ..Rule::NONE
        },
    ),
    // Without its unit a column called so may as well hold classes of depth, and class 0 is not dry ground.
    (
        A(Attribute::Depth),
        Rule {
            cores: &[("depth m", 4), ("water depth m", 4), ("flood depth m", 4)],
            with_subject: false,
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Rank),
        Rule {
            cores: &[("rank", 4)],
            with_subject: false,
            ..Rule::NONE
        },
    ),
];

/// Every meaning but yes and no with its rule.
pub(super) fn rules() -> impl Iterator<Item = (MeaningKey, Rule<'static>)> {
    let id = (A(Attribute::Id), names::ID);
    std::iter::once(id).chain(
        [names::NAMES, places::PLACES, shelters::SHELTERS, OTHERS]
            .into_iter()
            .flatten()
            .copied(),
    )
}

/// What may stand around a hazard kind or a facility in the name of a column of yes and no.
pub(super) fn flag(meaning: MeaningKey) -> Rule<'static> {
    const ANSWERS: Remarks<'static> =
        Remarks::Only(&["是否", "是 否", "1 0", "有 无", "有无", "适用", "y n", "yes no"]);
    if matches!(meaning, MeaningKey::Suits(_)) {
        Rule {
            before: &[
                "是否适用于",
                "是否适用",
                "适用于",
                "适用",
                "是否适合",
                "适合",
                "可用于",
                "适用灾种",
                "适用灾害",
                "灾害种别",
                "对应",
                "灾种",
                "suits",
                "suitable for",
                "for",
                "suitability",
            ],
            behind: &["适用", "是否适用", "对应", "避难", "时", "suitable", "suitability"],
            with_subject: false,
            remarks: ANSWERS,
            ..Rule::NONE
        }
    } else {
        Rule {
            before: &["是否有", "有无", "有", "是否", "设施", "facilities", "facility", "has"],
            behind: &["有无", "设施"],
            with_subject: false,
            remarks: ANSWERS,
            ..Rule::NONE
        }
    }
}

/// Words that speak of levels.
pub(super) const LEVELS: &[&str] = &[
    "level",
    "grade",
    "class",
    "risk",
    "depth",
    "susc",
    "susceptibility",
    "severity",
    "intensity",
    "gridcode",
    "等级",
    "级别",
    "分级",
    "风险",
    "危险度",
    "危险性",
    "易发",
    "潜势",
    "深度",
    "浸水深",
    "水深",
    "警戒",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::{HazardKind, Role},
        import::normal::fold,
    };

    #[test]
    fn words_are_written_in_the_form_they_are_compared_in() {
        for (meaning, rule) in
            rules().chain([MeaningKey::Suits(HazardKind::Flood), MeaningKey::SuitsList].map(|key| (key, flag(key))))
        {
            let cores = rule.cores.iter().chain(rule.only_with_subject).map(|(core, _)| *core);
            for word in cores
                .chain(rule.before.iter().copied())
                .chain(rule.behind.iter().copied())
            {
                assert_eq!(fold(word), word, "{meaning}");
                assert!(!word.contains('_'), "{meaning} {word}");
            }
        }
        for role in Role::ALL {
            for (word, _) in subjects(*role) {
                assert_eq!(fold(word), word, "{role}");
            }
        }
        for word in LEVELS {
            assert_eq!(fold(word), *word);
        }
    }
}
