//! Column names that registers use, and what they mean.
//!
//! Matched without regard to case and white space. Where several columns fit a meaning the one whose name stands
//! first here is proposed.

use super::MeaningKey::{self, Attribute as A, Facility as F, Name, NameEn, NameZh, Suits};
use crate::catalog::{Attribute, Facility, HazardKind};

/// Names of columns by meaning, lower case, the most telling first.
const KNOWN: &[(MeaningKey, &[&str])] = &[
    (
        A(Attribute::Id),
        &[
            "id",
            "共通id",
            "uid",
            "sid",
            "编号",
            "編號",
            "编码",
            "代码",
            "场所编号",
            "避灾点编号",
            "收容所編號",
            "code",
            "gb",
            "@id",
            "fid",
            "objectid",
        ],
    ),
    (NameZh, &["name_zh", "中文名", "中文名称", "中文名稱"]),
    (NameEn, &["name_en", "英文名", "英文名称", "英文名稱", "english name"]),
    (
        Name,
        &[
            "name",
            "名称",
            "名稱",
            "名前",
            "施設・場所名",
            "施設名称",
            "設施名稱",
            "场所名称",
            "避灾点名称",
            "避难场所名称",
            "收容處所",
            "避難收容處所名稱",
            "园区名称",
            "队伍名称",
        ],
    ),
    (
        A(Attribute::Address),
        &["address", "住所", "地址", "詳細地址", "详细地址", "所在地", "门牌地址"],
    ),
    (
        A(Attribute::AdminCode),
        &[
            "admin_code",
            "adcode",
            "行政区划代码",
            "行政區劃代碼",
            "団体コード",
            "行政代码",
        ],
    ),
    (
        A(Attribute::AsOf),
        &["as_of", "更新时间", "更新時間", "更新日期", "数据时间"],
    ),
    (
        A(Attribute::Population),
        &["population", "人口", "常住人口", "户籍人口"],
    ),
    (
        A(Attribute::Capacity),
        &[
            "capacity",
            "容纳人数",
            "容納人數",
            "可容纳人数",
            "可收容人數",
            "收容人數",
            "收容人数",
            "設計容量",
            "设计容量",
            "想定収容人数",
            "预计收容人数",
            "預計收容人數",
        ],
    ),
    (
        A(Attribute::EffectiveArea),
        &["effective_area", "有效面积", "有效面積", "避难面积"],
    ),
    (A(Attribute::Elevation), &["elevation", "高程", "海拔", "標高"]),
    (A(Attribute::Grade), &["grade", "级别", "等级", "避灾点级别"]),
    (A(Attribute::Space), &["space", "空间类型", "室内外"]),
    (A(Attribute::Function), &["function", "功能", "功能类型"]),
    (A(Attribute::Duration), &["duration", "时长", "避难时长"]),
    (A(Attribute::Status), &["status", "状态", "狀態", "使用状态"]),
    (A(Attribute::StatusAsOf), &["status_as_of", "状态时间"]),
    (A(Attribute::KeeperRole), &["keeper_role", "责任岗位"]),
    (
        A(Attribute::Phone),
        &[
            "phone",
            "tel",
            "电话",
            "電話",
            "联系电话",
            "聯絡電話",
            "電話番号",
            "值班电话",
        ],
    ),
    (A(Attribute::Specialty), &["specialty", "专业方向"]),
    (A(Attribute::Serves), &["serves", "服务园区"]),
    (A(Attribute::Precision), &["precision_m"]),
    (A(Attribute::AdminLevel), &["admin_level", "行政级别"]),
    (Suits(HazardKind::Flood), &["suits_flood", "洪水", "洪涝", "适用洪水"]),
    (
        Suits(HazardKind::Waterlogging),
        &["suits_waterlogging", "内水氾濫", "内涝", "適用水災", "适用内涝"],
    ),
    (
        Suits(HazardKind::FlashFlood),
        &["suits_flash_flood", "山洪", "适用山洪"],
    ),
    (
        Suits(HazardKind::Landslide),
        &["suits_landslide", "滑坡", "崖崩れ、土石流及び地滑り", "适用滑坡"],
    ),
    (
        Suits(HazardKind::DebrisFlow),
        &[
            "suits_debris_flow",
            "泥石流",
            "崖崩れ、土石流及び地滑り",
            "適用土石流",
            "适用泥石流",
        ],
    ),
    (
        Suits(HazardKind::Typhoon),
        &["suits_typhoon", "台风", "颱風", "适用台风"],
    ),
    (
        Suits(HazardKind::StormSurge),
        &["suits_storm_surge", "风暴潮", "高潮", "适用风暴潮"],
    ),
    (
        Suits(HazardKind::Tsunami),
        &["suits_tsunami", "海啸", "津波", "適用海嘯", "适用海啸"],
    ),
    (
        Suits(HazardKind::Earthquake),
        &["suits_earthquake", "地震", "適用震災", "适用地震"],
    ),
    (
        Suits(HazardKind::Wildfire),
        &["suits_wildfire", "森林火灾", "适用森林火灾"],
    ),
    (
        Suits(HazardKind::Chemical),
        &["suits_chemical", "危化品", "化学事故", "适用危化品"],
    ),
    (F(Facility::StepFree), &["step_free", "无障碍"]),
    (F(Facility::Toilets), &["toilets", "厕所"]),
    (F(Facility::Beds), &["beds", "床铺"]),
    (F(Facility::Power), &["power", "备用电源"]),
    (F(Facility::Water), &["water", "饮用水"]),
    (F(Facility::Medical), &["medical", "医疗点"]),
    (F(Facility::Pets), &["pets"]),
    (F(Facility::Kitchen), &["kitchen", "炊事"]),
];

/// Every meaning with the column names that suggest it.
pub(super) fn known() -> impl Iterator<Item = (MeaningKey, &'static [&'static str])> {
    KNOWN.iter().copied()
}

/// Whether a column's name is one of `names`.
pub(super) fn matches(column: &str, name: &str) -> bool {
    column.trim().to_lowercase() == name
}

/// Whether a column may be proposed as the id.
pub(super) fn is_id(column: &str) -> bool {
    let (_, ids) = KNOWN[0];
    ids.iter().any(|name| matches(column, name))
}
