//! Columns understood by their names and by what stands in them, and cells that list kinds.

use refugia::catalog::{Attribute, Facility, HazardKind, Tri};

use super::{IMPORT, columns, layer, lines, meaning, report};
use crate::harness::Workspace;

/// A register as Taiwan publishes it, names and people made up.
const TAIWAN: &str = "\
序號,縣市及鄉鎮市區,避難收容處所地址,經度,緯度,避難收容處所名稱,預計收容人數,適用災害類別,管理人姓名,管理人電話,室內
1,某市東區,中正路1號,121.50,25.01,東區國小,\"1,200人\",\"水災,震災,土石流\",甲,0900000001,是
2,某市西區,中山路2號,121.51,25.02,西區公園,約300人,震災,乙,0900000002,否
3,某市北區,,121.52,25.03,北區活動中心,－,\"震災、火山\",丙,0900000003,是
4,某市南區,和平路4號,121.53,25.04,南區國中,80,,丁,0900000004,是
5,某市中區,和平路5號,121.54,25.05,中區國中,90,\"不適用水災；海嘯\",戊,0900000005,是
";

#[test]
fn a_register_with_listed_hazards_is_understood_and_stays_whole() {
    let space = Workspace::new();
    space.write("shelters.csv", TAIWAN);
    let output = space.run(&format!("{IMPORT} shelters.csv")).exits(0);
    insta::assert_snapshot!(output, @r"
    shelters.csv (csv) is now layer shelters (shelter)
      rows     5 read, 5 kept, 0 refused
      crs      WGS 84, assumed: the file does not say
      holds    5 points
      bbox     121.50000, 25.01000, 121.54000, 25.05000
      column              meaning                       type      known  distinct  values
      經度                lon *                         position
      緯度                lat *                         position
      序號                                              integer   5      5         1 … 5, mean 3
      縣市及鄉鎮市區                                    text      5      5         某市南區, 某市北區, 某市西區
      避難收容處所地址    address *                     text      4      4         和平路4號, 中山路2號, 中正路1號
      避難收容處所名稱    name *                        text      5      5         南區國中, 北區活動中心, 西區公園
      預計收容人數        capacity *                    text      5      5         80, －, 約300人
      適用災害類別        suits *                       text      4      4         震災、火山, 震災, 水災,震災,土石流
      管理人姓名                                        text      5      5         丁, 丙, 乙
      管理人電話                                        text      5      5         0900000004, 0900000003, 0900000002
      室內                                              text      5      2         是, 否
      capacity            capacity (from 預計收容人數)  integer   4      4         80 … 1200, mean 417.5
      suits_flood         suits.flood (from 適用災害…   text      2      2         yes, no
      suits_waterlogging  suits.waterlogging (from 適…  text      2      2         yes, no
      suits_debris_flow   suits.debris_flow (from 適…   text      1      1         yes
      suits_tsunami       suits.tsunami (from 適用災…   text      1      1         yes
      suits_earthquake    suits.earthquake (from 適用…  text      3      1         yes
      import_row          id (row numbers)              integer   5      5         1 … 5, mean 3
      * taken by the column's name; --map MEANING=COLUMN chooses another
      note     approximate values in `預計收容人數`: 1, such as `約300人`; they are read as the number that stands there
      note     words in `適用災害類別` that say nothing about suits here, in 1 of 4 cells: `火山` (1); nothing is concluded from them, and they stay in the column
      note     no column holds ids: features are numbered by their row in the file (column import_row); --map id=COLUMN chooses one
    ");
    let layer = layer(&space);
    let row = |number: u32| layer.row_of(&number.to_string()).unwrap();
    let suits = |number: u32, kind| layer.suits(row(number), kind);
    for kind in [
        HazardKind::Flood,
        HazardKind::Waterlogging,
        HazardKind::Earthquake,
        HazardKind::DebrisFlow,
    ] {
        assert_eq!(suits(1, kind), Tri::Yes, "{kind}");
    }
    assert_eq!(
        suits(1, HazardKind::Tsunami),
        Tri::Unknown,
        "what is not listed is not denied"
    );
    assert_eq!(suits(2, HazardKind::Flood), Tri::Unknown);
    assert_eq!(suits(3, HazardKind::Earthquake), Tri::Yes);
    assert_eq!(suits(5, HazardKind::Flood), Tri::No);
    assert_eq!(suits(5, HazardKind::Tsunami), Tri::Yes);
    for kind in HazardKind::ALL {
        assert_eq!(suits(4, *kind), Tri::Unknown, "a blank cell says nothing");
    }
    let capacities: Vec<_> = (1..=5)
        .map(|number| layer.number(row(number), Attribute::Capacity))
        .collect();
    assert_eq!(capacities, [Some(1200.0), Some(300.0), None, Some(80.0), Some(90.0)]);
    let original = layer.attributes().column("預計收容人數").unwrap();
    assert_eq!(layer.attributes().value(row(2), original).unwrap().to_text(), "約300人");
    let list = layer.attributes().column("適用災害類別").unwrap();
    assert_eq!(layer.attributes().value(row(3), list).unwrap().to_text(), "震災、火山");
    space.run("check pack").exits(0);
}

#[test]
fn a_flag_is_believed_before_a_list_and_the_clash_is_told() {
    let space = Workspace::new();
    space.write(
        "s.csv",
        "id,name,lon,lat,适用灾种,洪水,设施\n\
         a,甲,119.3,26.1,\"洪水,地震\",0,厕所、床铺\nb,乙,119.4,26.2,洪水,,无\nc,丙,119.5,26.3,地震,1,\n",
    );
    let output = space.run(&format!("{IMPORT} s.csv")).exits(4);
    insta::assert_snapshot!(lines(&output, "warning") + &columns(&output), @r"
    warning  rows where `洪水` and `适用灾种` say different things about suits.flood: 1, first row 1; `洪水` is believed
    column              meaning                       type      known  distinct  values
    lon                 lon *                         position
    lat                 lat *                         position
    id                  id *                          text      3      3         c, b, a
    name                name *                        text      3      3         丙, 乙, 甲
    适用灾种            suits *                       text      3      3         地震, 洪水, 洪水,地震
    洪水                suits.flood *                 text      2      2         yes, no
    设施                facilities *                  text      2      2         无, 厕所、床铺
    suits_flood         suits.flood (from 适用灾种,…  text      3      2         yes, no
    suits_earthquake    suits.earthquake (from 适用…  text      2      1         yes
    facilities_toilets  facilities.toilets (from 设…  text      2      2         no, yes
    facilities_beds     facilities.beds (from 设施)   text      2      2         no, yes
    ");
    let layer = layer(&space);
    let rows = ["a", "b", "c"].map(|id| layer.row_of(id).unwrap());
    let flood: Vec<Tri> = rows.iter().map(|row| layer.suits(*row, HazardKind::Flood)).collect();
    assert_eq!(flood, [Tri::No, Tri::Yes, Tri::Yes]);
    let toilets: Vec<Tri> = rows.iter().map(|row| layer.facility(*row, Facility::Toilets)).collect();
    assert_eq!(toilets, [Tri::Yes, Tri::No, Tri::Unknown]);
    // The columns that were derived from the list are gone, which is told.
    space.run(&format!("{IMPORT} --map suits= s.csv")).exits(4);
    assert_eq!(meaning(&report(&space), "suits"), None);
}

#[test]
fn areas_and_days_are_read_with_their_units_beside_what_was_written() {
    let space = Workspace::new();
    space.write(
        "s.csv",
        "编号,名称,lon,lat,有效面积（亩）,容纳人数（万人）,更新时间,联系电话\n\
         1,甲,119.3,26.1,3,0.12,2024年5月6日,0591-87654321\n2,乙,119.4,26.2,500㎡,,2024/5/7,无\n",
    );
    let output = space.run(&format!("{IMPORT} s.csv")).exits(0);
    insta::assert_snapshot!(columns(&output), @r"
    column             meaning                       type      known  distinct  values
    lon                lon *                         position
    lat                lat *                         position
    编号               id *                          text      2      2         2, 1
    名称               name *                        text      2      2         乙, 甲
    有效面积（亩）     effective_area *              text      2      2         500㎡, 3
    容纳人数（万人）   capacity *                    number    1      1         0.12
    更新时间           as_of *                       text      2      2         2024/5/7, 2024年5月6日
    联系电话           phone *                       text      1      1         0591-87654321
    as_of              as_of (from 更新时间)         text      2      2         2024-05-07, 2024-05-06
    capacity           capacity (from 容纳人数（万…  number    1      1         1200
    effective_area_m2  effective_area (from 有效面…  number    2      2         500 … 2000, mean 1250
    ");
    let layer = layer(&space);
    let rows = ["1", "2"].map(|id| layer.row_of(id).unwrap());
    let area: Vec<_> = rows
        .iter()
        .map(|row| layer.number(*row, Attribute::EffectiveArea))
        .collect();
    assert_eq!(area, [Some(2000.0), Some(500.0)]);
    assert_eq!(layer.number(rows[0], Attribute::Capacity), Some(1200.0));
    assert_eq!(layer.text(rows[0], Attribute::AsOf).as_deref(), Some("2024-05-06"));
    assert_eq!(layer.text(rows[1], Attribute::Phone), None, "无 is no telephone number");
}

#[test]
fn equally_good_columns_are_asked_about_and_people_are_no_offices() {
    let space = Workspace::new();
    space.write(
        "s.csv",
        "id,名稱,Name,lon,lat,容纳人数,收容人数,管理人電話,负责人姓名\n\
         a,甲,First,119.3,26.1,1,2,0900000001,张三\nb,乙,Second,119.4,26.2,3,4,0900000002,李四\n",
    );
    let output = space.run(&format!("{IMPORT} s.csv")).exits(4);
    insta::assert_snapshot!(lines(&output, "warning"), @r"
      warning  `容纳人数` and `收容人数` could each be the capacity; none is taken: --map 'capacity=容纳人数' takes one
    ");
    let report = report(&space);
    assert_eq!(meaning(&report, "capacity"), None);
    assert_eq!(meaning(&report, "phone"), None);
    assert_eq!(meaning(&report, "name.zh").as_deref(), Some("名稱 proposed"));
    assert_eq!(meaning(&report, "name.en").as_deref(), Some("Name proposed"));
}
