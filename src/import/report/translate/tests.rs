//! Every sentence that an import can say has its Chinese.

mod source;

use std::{fs, path::Path};

use super::*;

#[test]
fn sentences_are_said_in_chinese_with_their_particulars() {
    for (english, chinese) in [
        ("must be a number", "应为数"),
        ("the id stands in row 17 already", "编号与第 17 行重复"),
        (
            "latitude 119.4 is outside -90..=90 degrees; are longitude and latitude swapped?",
            "纬度 119.4 超出 -90 至 90 度；经度和纬度是否颠倒？",
        ),
        (
            "a ring crosses or touches itself at 119.5000000,26.5000000",
            "环自相交或自相接（位于 119.5000000,26.5000000）",
        ),
        (
            "2 features have another of the same name within 10 m; such as S1 甲 and S2 甲, 3.0 m apart; all are kept: \
             mend the register where they are one",
            "2 个要素在 10 米内有同名要素；例如 S1 甲 和 S2 甲，相距 3.0 米；全部保留：若为同一处，请更正台账",
        ),
        (
            "column `序号` is not taken as id: 3 of its values are repeated; --map 'id=序号' takes it and refuses such \
             rows",
            "列“序号”未用作 id：有 3 个值重复；--map 'id=序号' 可强制采用，不符合的行将被拒绝",
        ),
        (
            "`甲` and `乙` and `丙` could each be the capacity; none is taken: --map 'capacity=甲' takes one",
            "“甲”和“乙”和“丙”都可能是 capacity，因此都未采用；用 --map 'capacity=甲' 可选定一列",
        ),
        (
            "these positions look like GCJ-02 declared as WGS 84, or BD-09 declared as WGS 84 (median offset 510 m east, \
             290 m south): 40 features are also in shelters: 39 within 150 m of there as GCJ-02, 0 as WGS 84; 12 points: \
             9 on land and in the area they state as GCJ-02, 1 as WGS 84. Import it with --datum gcj02 or --datum bd09; \
             if it is the pack's own layers that are shifted, mend those first; --accept stores the file as it is",
            "这些位置像是误声明为 WGS 84 的 GCJ-02 坐标，或误声明为 WGS 84 的 BD-09 坐标（中位偏移向东 510 米、向南 290 \
             米）：40 个要素也在图层 shelters 中：作为 GCJ-02，39 个与其相距不超过 150 米；作为 WGS 84，0 个；12 \
             个点：作为 GCJ-02，9 个在陆地上且位于所述行政区内；作为 WGS 84，1 个。请用 --datum gcj02 或 --datum bd09 \
             导入；若偏移的是数据包自身的图层，请先更正图层；--accept 按原样保存文件",
        ),
    ] {
        assert_eq!(to_chinese(english).as_deref(), Some(chinese));
    }
    assert_eq!(to_chinese("something else"), None);
    assert_eq!(to_chinese(""), None);
    assert_eq!(to_chinese("something else"), None);
}

#[test]
fn words_of_the_file_stay_as_they_are() {
    // `id` is a phrase as well, in another place.
    let english = "words in `id` that say nothing about suits here, in 1 of 2 cells: `id` (1); nothing is concluded from \
                   them, and they stay in the column";
    assert!(to_chinese(english).unwrap().starts_with("列“id”的"));
    let english = "columns that the layer had are not in the new version: id";
    assert_eq!(to_chinese(english).as_deref(), Some("新版本缺少原有的列：id"));
}

#[test]
fn every_template_knows_its_own_sentence() {
    let filled = |text: &str| text.replace('{', "<").replace('}', ">");
    for (key, names) in messages::beginning_with("told.") {
        assert_eq!(to_chinese(&filled(&names.en)), Some(filled(&names.zh)), "{key}");
    }
    for (key, names) in messages::beginning_with("phrase.") {
        let placeholder = key.split('.').nth(1).unwrap();
        let said = messages::beginning_with("").any(|(_, other)| other.en.contains(&format!("{{{placeholder}}}")));
        assert!(said, "{key}: no template has {{{placeholder}}}");
        let family = &PHRASES[placeholder];
        assert_eq!(translated(family, &filled(&names.en)), Some(filled(&names.zh)), "{key}");
    }
}

/// An example of each code that a finding can have.
const FINDINGS: &[(&str, &str)] = &[
    (
        "ambiguous_columns",
        "`a` and `b` could each be the capacity; none is taken: --map 'capacity=a' takes one",
    ),
    (
        "approximate_numbers",
        "approximate values in `a`: 3, such as `约500`; they are read as the number that stands there",
    ),
    (
        "area_changed",
        "1 polygon was so broken that mending it changed its area by more than 0.1 % (by 2.0 %): everything that its rings go around is kept; the report lists it, look at it on the map",
    ),
    (
        "axes_swapped",
        "the data lie outside the region as they stand, and inside it with both coordinates swapped: their middle is 26.1, 119.3 in WGS 84; give --map 'lon=a' --map 'lat=b'",
    ),
    (
        "binary_values",
        "column photo holds 2 pictures or other binary values, which a layer cannot hold; they were left out",
    ),
    (
        "column_not_taken",
        "column `a` is not taken as id: 2 of its values are repeated; --map 'id=a' takes it and refuses such rows",
    ),
    (
        "crs_overridden",
        "the file declares EPSG:4326 and was read as GCJ-02, as given; that puts the data 500 m elsewhere",
    ),
    (
        "cut_texts",
        "3 texts end in the middle of a character, for their column in the .dbf was too narrow; the part before it was kept",
    ),
    ("datum_accuracy", "TWD97 was taken as WGS 84; the two may be 2 m apart"),
    (
        "datum_shift",
        "Xian 1980 was moved to WGS 84 by the parameters 1,2,3 of its definition; how good they are is not known here (often 1 to 20 m): compare with a place that you know",
    ),
    (
        "deleted_records",
        "3 records are marked as deleted in the .dbf and were passed over",
    ),
    (
        "duplicates",
        "2 features have another of the same name within 10 m; all are kept: mend the register where they are one",
    ),
    (
        "encoding_guessed",
        "nothing says which encoding the texts are in; read as GB18030, as their characters look (97 % sure): look at the names, and give --encoding if they are wrong",
    ),
    (
        "flag_against_list",
        "rows where `a` and `b` say different things about suits.flood: 3, first row 2; `a` is believed",
    ),
    (
        "footprints",
        "3 shelters are mapped as areas or as several points: each stands at a point in its area or at its first point, and column footprint keeps the whole as GeoJSON",
    ),
    (
        "level_column_proposed",
        "all zones got one level; column `a` looks like the level: its values are levels, 低 < 高: --level-from 'a' takes them",
    ),
    (
        "links_not_followed",
        "3 network links and overlays were passed over: what they show lies elsewhere, in files or images",
    ),
    (
        "lost_columns",
        "columns that the layer had are not in the new version: a, b",
    ),
    ("mapping_file_used", "columns are read as m.toml says"),
    ("merged_cells", "3 cells under a merged one are given its value"),
    (
        "misplaced",
        "4 of 7 features lie more than 1 km outside the administrative area that they state; such as 1 甲: says 350102, lies 2.0 km outside it in no area of the pack; look at position, datum and area of each",
    ),
    (
        "no_attributes",
        "there is no .dbf beside the .shp: the features have no names or other attributes",
    ),
    (
        "no_ids",
        "no column holds ids: features are numbered by their row in the file (column import_row); --map id=COLUMN chooses one",
    ),
    (
        "no_shx",
        "there is no .shx beside the .shp; its records were taken one after the other",
    ),
    (
        "not_compared",
        "the old version cannot be read and was not compared: no such file; --accept goes on without",
    ),
    (
        "outside_areas",
        "4 features lie more than 1 km from every administrative area of the pack; such as 1 甲",
    ),
    (
        "outside_region",
        "4 features lie outside the region's bbox; is it the right file and datum? If they belong there, widen `bbox` in region.toml",
    ),
    (
        "refusals_cut",
        "100001 rows are refused; the first 100000 of them are listed with their reasons",
    ),
    (
        "ring_order",
        "3 rings run like holes but lie in no other ring, and were taken as outer rings; look at them on the map",
    ),
    (
        "rows_above_header",
        "2 rows above the header are taken as title and left out: 表一",
    ),
    (
        "same_place",
        "2 names stand within 1 m of another name; such as 1 甲 and 2 乙, 0.0 m apart; all are kept",
    ),
    (
        "suspicious_loss",
        "3 of the 9 features that the layer has (33 %) are not in the new version (matched by name and place); is it the whole file? --accept goes on; --replace puts another data set in its place",
    ),
    ("unchanged", "the new version is the same as the one that the pack has"),
    (
        "unread_column",
        "column memo is of kind M (a memo, picture or the like) and was left out",
    ),
    (
        "vintage_kept",
        "the layer keeps the vintage 2025; --vintage says of which time the new version is",
    ),
    (
        "words_not_understood",
        "words in `a` that say nothing about suits here, in 2 of 9 cells: `x` (2) and others; nothing is concluded from them, and they stay in the column",
    ),
];

#[test]
fn every_code_of_a_finding_has_its_chinese() {
    for (code, sentence) in FINDINGS {
        let chinese = to_chinese(sentence).unwrap_or_else(|| panic!("{code}: {sentence}"));
        assert!(!chinese.contains('`') && !chinese.contains(" is "), "{code}: {chinese}");
    }
    let mut files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut codes = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let is_ours = ["import", "readers"]
            .iter()
            .any(|part| path.iter().any(|folder| folder == *part));
        if !is_ours || path.ends_with("tests.rs") || path.ends_with("levels.rs") {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for call in [
            "Finding::note(",
            "Finding::warning(",
            "Finding::stop(",
            "Remark::note(",
            "Remark::warning(",
            "code: ",
        ] {
            for (at, _) in source.match_indices(call) {
                let after = source[at + call.len()..].trim_start();
                codes.extend(
                    after
                        .strip_prefix('"')
                        .and_then(|code| code.split('"').next())
                        .map(str::to_owned),
                );
            }
        }
    }
    assert!(codes.len() > 30, "{codes:?}");
    for code in codes {
        assert!(
            FINDINGS.iter().any(|(known, _)| *known == code),
            "`{code}` has no example here"
        );
    }
}
