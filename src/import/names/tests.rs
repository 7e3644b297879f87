//! Names of columns of real registers, and names that must not be understood.

use super::*;

fn best(column: &str, role: Role) -> Vec<String> {
    let mut names: Vec<String> = candidates(column, role)
        .iter()
        .map(|candidate| candidate.meaning.to_string())
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn columns_of_shelter_registers_are_understood() {
    for (column, meaning) in [
        // China
        ("名称", "name"),
        ("避灾点名称", "name"),
        ("应急避难场所名称", "name"),
        ("场所名称（全称）", "name"),
        ("详细地址", "address"),
        ("所在地址", "address"),
        ("行政区划代码", "admin_code"),
        ("容纳人数（人）", "capacity"),
        ("最大容纳人数", "capacity"),
        ("可容纳人数(单位：人)", "capacity"),
        ("设计容量", "capacity"),
        ("有效避难面积（平方米）", "effective_area"),
        ("有效面积(㎡)", "effective_area"),
        ("避难场所级别", "grade"),
        ("空间类型", "space"),
        ("避难时长", "duration"),
        ("总体功能", "function"),
        ("使用状态", "status"),
        ("联系电话", "phone"),
        ("值班电话", "phone"),
        ("适用灾种", "suits"),
        ("是否适用洪水", "suits.flood"),
        ("内涝", "suits.waterlogging"),
        ("更新时间", "as_of"),
        ("配套设施", "facilities"),
        ("厕所", "facilities.toilets"),
        ("无障碍设施", "facilities.step_free"),
        ("避灾点编号", "id"),
        ("海拔（米）", "elevation"),
    ] {
        assert_eq!(best(column, Role::Shelter), [meaning], "{column}");
    }
}

#[test]
fn columns_of_registers_elsewhere_are_understood() {
    for (column, meaning) in [
        // Taiwan
        ("避難收容處所名稱", "name"),
        ("避難收容處所地址", "address"),
        ("預計收容人數", "capacity"),
        ("可收容人數(人)", "capacity"),
        ("容納人數", "capacity"),
        ("收容面積(平方公尺)", "effective_area"),
        ("適用災害類別", "suits"),
        ("適用土石流", "suits.debris_flow"),
        ("收容所編號", "id"),
        ("聯絡電話", "phone"),
        // Japan
        ("施設・場所名", "name"),
        ("避難所_名称", "name"),
        ("名称_英語", "name.en"),
        ("住所", "address"),
        ("所在地_連結表記", "address"),
        ("団体コード", "admin_code"),
        ("全国地方公共団体コード", "admin_code"),
        ("想定収容人数", "capacity"),
        ("電話番号", "phone"),
        ("共通ID", "id"),
        ("災害種別_洪水", "suits.flood"),
        ("津波", "suits.tsunami"),
        ("高潮", "suits.storm_surge"),
        ("内水氾濫", "suits.waterlogging"),
        ("標高", "elevation"),
        // English and mixed
        ("NAME", "name"),
        ("name_1", "name"),
        ("Shelter Name", "name"),
        ("ShelterID", "id"),
        ("設施名稱 Name", "name"),
        ("名稱(英文)", "name.en"),
        ("name:en", "name.en"),
        ("Capacity (persons)", "capacity"),
        ("max_capacity", "capacity"),
        ("effective_area_m2", "effective_area"),
        ("Phone Number", "phone"),
        ("suits_debris_flow", "suits.debris_flow"),
        ("suits_storm_surge", "suits.storm_surge"),
        ("step_free", "facilities.step_free"),
        // cut by dBase
        ("capacity_p", "capacity"),
        ("effective_", "effective_area"),
        ("容纳人", "capacity"),
        ("避难场所名", "name"),
        ("有效避难面", "effective_area"),
    ] {
        assert_eq!(best(column, Role::Shelter), [meaning], "{column}");
    }
}

#[test]
fn words_of_several_kinds_suggest_them_all() {
    assert_eq!(
        best("崖崩れ、土石流及び地滑り", Role::Shelter),
        ["suits.debris_flow", "suits.landslide"]
    );
    assert_eq!(best("適用水災", Role::Shelter), ["suits.flood", "suits.waterlogging"]);
}

#[test]
fn what_is_not_understood_whole_means_nothing() {
    for column in [
        "管理単位名称",
        "负责人姓名",
        "責任人電話",
        "管理人電話",
        "管理人姓名",
        "联系人",
        "电子邮件地址",
        "所在乡镇名称",
        "名称_カナ",
        "曾用名称",
        "名称（简称）",
        "建筑面积",
        "占地面积",
        "室內收容人數",
        "收容人數(室內)",
        "容纳户数",
        "容纳人数（户）",
        "现有人数",
        "人均有效面积",
        "NO",
        "序号",
        "備考",
        "note",
        "指定避難所との住所同一",
        "都道府県名及び市町村名",
        "受入対象者",
        "大規模な火事",
        "火山現象",
        "服务里别",
        "鄉鎮",
        "地震烈度",
        "洪水风险等级",
        "距海岸距离",
        "所在地_都道府県",
        "user_name",
        "filename",
        "named",
        "idea",
        "district",
        "floor",
        "water_level",
        "flood_depth",
        "避灾点",
        "容纳人数备注",
        "MAX_X",
        "Area_has",
        "Shape_Area",
        "city",
        "capacity_r",
        "powerplant",
    ] {
        let meanings = best(column, Role::Shelter);
        // A column called after the features themselves may hold their names; nothing else here says anything.
        assert!(
            meanings.is_empty() || (column == "避灾点" && meanings == ["name"]),
            "{column}: {meanings:?}"
        );
    }
}

#[test]
fn a_name_is_the_features_own_by_role() {
    assert_eq!(best("行政区名称", Role::AdminArea), ["name"]);
    assert_eq!(best("BRGY_NAME", Role::AdminArea), ["name"]);
    assert_eq!(best("XZQMC", Role::AdminArea), ["name"]);
    assert_eq!(best("level", Role::AdminArea), ["level"]);
    assert_eq!(best("园区名称", Role::ChemicalPark), ["name"]);
    assert_eq!(best("园区名称", Role::Shelter), [] as [&str; 0]);
    assert_eq!(best("常住人口（万人）", Role::AdminArea), ["population"]);
    assert_eq!(best("容纳人数", Role::Road), [] as [&str; 0]);
}

#[test]
fn the_more_telling_name_scores_higher() {
    let score = |column: &str| {
        candidates(column, Role::Shelter)
            .iter()
            .map(|candidate| candidate.score)
            .max()
            .unwrap()
    };
    for (more, less) in [
        ("避灾点名称", "名称"),
        ("避灾点名称", "设施名称"),
        ("设施名称", "名称"),
        ("name", "name_1"),
        ("设计容量", "容纳人数"),
        ("容纳人数", "最大容纳人数"),
        ("id", "编号"),
        ("ID", "fid"),
        ("fid", "OBJECTID"),
        ("适用灾种", "灾种"),
        ("详细地址", "地址"),
    ] {
        assert!(score(more) > score(less), "{more} {less}");
    }
    assert_eq!(score("容纳人数"), score("收容人数"));
    let of = |column: &str, kind| {
        let found = candidates(column, Role::Shelter);
        found
            .iter()
            .find(|candidate| candidate.meaning == MeaningKey::Suits(kind))
            .unwrap()
            .score
    };
    assert!(of("洪水", HazardKind::Flood) > of("水灾", HazardKind::Flood));
}

#[test]
fn names_that_speak_of_levels() {
    for column in [
        "risk",
        "class",
        "GRIDCODE",
        "风险等级",
        "F_depth",
        "FloodSusc",
        "潛勢分級",
    ] {
        assert!(is_level(column), "{column}");
    }
    for column in ["fid", "name", "Shape_Area", "note"] {
        assert!(!is_level(column), "{column}");
    }
}
