//! What shelters have.

use super::PERSONS;
use crate::{
    catalog::Attribute,
    import::{
        MeaningKey::{self, Attribute as A, FacilityList, SuitsList},
        names::grammar::{Remarks, Rule},
    },
};

/// Areas, as a unit or a remark.
const AREAS: &[&str] = &[
    "m2",
    "平方米",
    "平米",
    "平方公尺",
    "单位平方米",
    "单位 m2",
    "sqm",
    "sq m",
    "公顷",
    "单位公顷",
    "ha",
    "hectares",
    "亩",
    "单位亩",
    "坪",
    "平方公里",
    "km2",
    "必填",
];
pub(super) const SHELTERS: &[(MeaningKey, Rule<'static>)] = &[
    (
        A(Attribute::Capacity),
        Rule {
            cores: &[
                ("capacity", 4),
                ("design capacity", 5),
                ("capacity persons", 5),
                ("容纳人数", 4),
                ("容纳人口", 3),
                ("容纳人口数", 3),
                ("收容人数", 4),
                ("收容定员", 4),
                ("收容能力", 3),
                ("容纳能力", 3),
                ("避难人数", 3),
                ("避难容量", 3),
                ("安置人数", 3),
                ("设计容量", 5),
                ("设计人数", 4),
                ("避难人口容量", 3),
            ],
            before: &[
                "可",
                "能",
                "最大",
                "最多",
                "总",
                "设计",
                "额定",
                "核定",
                "规划",
                "预计",
                "预估",
                "想定",
                "max",
                "maximum",
                "total",
                "design",
                "designed",
                "rated",
                "estimated",
                "person",
                "persons",
                "people",
            ],
            behind: PERSONS,
            remarks: Remarks::Only(PERSONS),
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::EffectiveArea),
        Rule {
            cores: &[
                ("effective area", 5),
                ("有效面积", 4),
                ("有效避难面积", 5),
                ("避难有效面积", 5),
                ("避难面积", 4),
                ("收容面积", 3),
                ("可用面积", 3),
                ("使用面积", 2),
            ],
            before: &["总", "可", "total"],
            behind: AREAS,
            remarks: Remarks::Only(AREAS),
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Grade),
        Rule {
            cores: &[("grade", 4), ("级别", 4), ("等级", 3), ("管理级别", 3)],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Space),
        Rule {
            cores: &[
                ("space", 4),
                ("空间类型", 4),
                ("空间类别", 4),
                ("室内外", 4),
                ("室内室外", 4),
                ("屋内屋外", 4),
                ("indoor outdoor", 4),
            ],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Function),
        Rule {
            cores: &[
                ("function", 4),
                ("功能", 3),
                ("功能类型", 4),
                ("总体功能", 5),
                ("功能定位", 3),
                ("总体功能定位", 5),
            ],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Duration),
        Rule {
            cores: &[
                ("duration", 4),
                ("时长", 3),
                ("避难时长", 4),
                ("避难时间", 3),
                ("时长类型", 4),
                ("避难期限", 3),
            ],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::LegalKind),
        Rule {
            cores: &[
                ("legal kind", 5),
                ("指定区分", 4),
                ("种别", 3),
                ("区分", 3),
                ("类别", 3),
                ("类型", 3),
                ("type", 3),
            ],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Status),
        Rule {
            cores: &[
                ("status", 4),
                ("状态", 4),
                ("使用状态", 4),
                ("启用状态", 4),
                ("开放状态", 4),
                ("开设状况", 4),
            ],
            before: &["当前", "目前", "current"],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::StatusAsOf),
        Rule {
            cores: &[
                ("status as of", 5),
                ("status time", 4),
                ("状态时间", 4),
                ("状态更新时间", 4),
            ],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::KeeperRole),
        Rule {
            cores: &[("keeper role", 5), ("责任岗位", 4), ("管理岗位", 3)],
            ..Rule::NONE
        },
    ),
    (
        SuitsList,
        Rule {
            cores: &[
                ("suits", 5),
                ("suits list", 5),
                ("suitable hazards", 5),
                ("applicable hazards", 5),
                ("applicable hazard types", 5),
                ("hazard types", 3),
                ("hazard type", 3),
                ("disaster types", 3),
                ("disaster type", 3),
                ("适用灾害", 5),
                ("适用灾种", 5),
                ("适宜灾种", 5),
                ("适用灾害类别", 5),
                ("适用灾害类型", 5),
                ("适用灾害种类", 5),
                ("适用灾害种别", 5),
                ("适用灾害别", 5),
                ("适用灾种类型", 5),
                ("应对灾种", 4),
                ("对应灾种", 4),
                ("对应灾害", 4),
                ("对象灾害", 4),
                ("对象とする灾害", 4),
                ("灾害种别", 3),
                ("灾害类别", 3),
                ("灾害类型", 3),
                ("灾害种类", 3),
                ("灾种", 3),
            ],
            ..Rule::NONE
        },
    ),
    (
        FacilityList,
        Rule {
            cores: &[
                ("facilities", 5),
                ("facilities list", 5),
                ("amenities", 4),
                ("设施", 3),
                ("配套设施", 4),
                ("设施设备", 4),
                ("应急设施", 4),
                ("设施配置", 4),
                ("设备", 2),
            ],
            with_subject: false,
            before: &["主要", "现有", "shelter"],
            ..Rule::NONE
        },
    ),
];
