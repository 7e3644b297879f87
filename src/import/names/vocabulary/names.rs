//! Ids and names.

use crate::import::{
    MeaningKey::{self, Name, NameEn, NameZh},
    names::grammar::{Remarks, Rule},
};

/// Words in brackets that make it another's name.
const OTHER_NAMES: &[&str] = &[
    "旧", "曾用", "简称", "别名", "俗称", "原名", "カナ", "かな", "拼音", "old", "alias", "alt", "short",
];
pub(super) const ID: Rule<'static> = Rule {
    cores: &[
        ("id", 9),
        ("uid", 8),
        ("uuid", 8),
        ("sid", 8),
        ("标识码", 7),
        ("bsm", 7),
        ("编码", 7),
        ("代码", 6),
        ("code", 6),
        ("编号", 7),
        ("gb", 4),
        ("gid", 3),
        ("fid", 3),
        ("objectid", 2),
        ("osm id", 3),
    ],
    before: &["共通", "统一", "唯一", "全国统一", "管理", "osm"],
    ..Rule::NONE
};

pub(super) const NAMES: &[(MeaningKey, Rule<'static>)] = &[
    (
        NameZh,
        Rule {
            cores: &[
                ("name zh", 3),
                ("name zh hans", 3),
                ("name zh hant", 2),
                ("name cn", 3),
                ("name chi", 2),
                ("name chinese", 3),
                ("chinese name", 3),
                ("zh name", 3),
                ("中文名", 3),
                ("中文名称", 3),
                ("名称中文", 3),
            ],
            ..Rule::NONE
        },
    ),
    (
        NameEn,
        Rule {
            cores: &[
                ("name en", 3),
                ("name eng", 3),
                ("name english", 3),
                ("english name", 3),
                ("en name", 3),
                ("英文名", 3),
                ("英文名称", 3),
                ("英语名", 3),
                ("英语名称", 3),
                ("名称英文", 3),
                ("名称英语", 3),
            ],
            ..Rule::NONE
        },
    ),
    (
        Name,
        Rule {
            cores: &[
                ("name", 4),
                ("名称", 4),
                ("名前", 4),
                ("xzqmc", 3),
                ("施设名", 4),
                ("场所名", 4),
                ("地名", 3),
                ("收容处所", 1),
                ("避难收容处所", 1),
                ("避难场所", 1),
                ("避难所", 1),
                ("避灾点", 1),
                ("应急避难场所", 1),
            ],
            only_with_subject: &[("名", 3)],
            remarks: Remarks::Except(OTHER_NAMES),
            ..Rule::NONE
        },
    ),
];
