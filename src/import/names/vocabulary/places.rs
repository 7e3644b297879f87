//! What any feature may have: a place, people, a time and a source.

use super::PERSONS;
use crate::{
    catalog::Attribute,
    import::{
        MeaningKey::{self, Attribute as A},
        names::grammar::{Remarks, Rule},
    },
};

pub(super) const PLACES: &[(MeaningKey, Rule<'static>)] = &[
    (
        A(Attribute::Address),
        Rule {
            cores: &[
                ("address", 4),
                ("full address", 4),
                ("street address", 4),
                ("addr", 3),
                ("addr full", 3),
                ("地址", 4),
                ("详细地址", 5),
                ("门牌地址", 4),
                ("住所", 4),
                ("所在地", 3),
                ("所在地址", 4),
                ("所在地连结表记", 5),
                ("详细位置", 2),
                ("具体位置", 2),
            ],
            remarks: Remarks::Except(&["カナ", "英", "en", "旧", "电子", "email", "mail"]),
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::AdminCode),
        Rule {
            cores: &[
                ("admin code", 4),
                ("adcode", 4),
                ("xzqdm", 4),
                ("行政区划代码", 4),
                ("行政区划编码", 4),
                ("行政区代码", 4),
                ("行政区域代码", 4),
                ("行政代码", 3),
                ("区划代码", 3),
                ("团体コード", 4),
                ("地方公共团体コード", 4),
                ("全国地方公共团体コード", 4),
                ("市区町村コード", 4),
                ("都道府县コード又は市区町村コード", 3),
            ],
            before: &["所在地", "所属", "所在"],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::AdminLevel),
        Rule {
            cores: &[("admin level", 4), ("行政级别", 4), ("level", 3), ("级别", 3)],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Population),
        Rule {
            cores: &[
                ("population", 4),
                ("pop", 3),
                ("total population", 4),
                ("population total", 4),
                ("人口", 4),
                ("人口数", 4),
                ("总人口", 4),
                ("常住人口", 4),
                ("户籍人口", 3),
                ("总人口数", 4),
                ("常住人口数", 4),
            ],
            behind: PERSONS,
            remarks: Remarks::Only(PERSONS),
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Precision),
        Rule {
            cores: &[("precision m", 4), ("位置精度", 3)],
            with_subject: false,
            remarks: Remarks::Only(&["m", "米"]),
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Elevation),
        Rule {
            cores: &[
                ("elevation", 4),
                ("elev", 3),
                ("altitude", 3),
                ("高程", 4),
                ("海拔", 4),
                ("海拔高度", 4),
                ("标高", 4),
            ],
            behind: &["m", "米"],
            remarks: Remarks::Only(&["m", "米", "公尺", "单位米"]),
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::AsOf),
        Rule {
            cores: &[
                ("as of", 5),
                ("updated", 3),
                ("updated at", 4),
                ("update date", 4),
                ("update time", 4),
                ("last updated", 4),
                ("更新时间", 4),
                ("更新日期", 4),
                ("更新日", 4),
                ("数据时间", 4),
                ("数据日期", 4),
                ("最终更新日", 4),
                ("データ更新日", 4),
            ],
            before: &["数据", "资料", "信息"],
            ..Rule::NONE
        },
    ),
    (
        A(Attribute::Source),
        Rule {
            cores: &[
                ("source", 4),
                ("data source", 4),
                ("datasource", 3),
                ("数据来源", 4),
                ("资料来源", 4),
                ("来源", 3),
                ("出典", 4),
            ],
            with_subject: false,
            ..Rule::NONE
        },
    ),
];
