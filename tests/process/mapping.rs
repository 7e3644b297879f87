//! Which column means what: proposals, mapping files, the mapping kept with a layer, and cells that list kinds.

use std::{fs, sync::Arc};

use refugia::catalog::{Attribute, Facility, HazardKind, Layer, Region, Tri};
use serde_json::Value;

use crate::harness::{Workspace, real_data};

const IMPORT: &str = "import --region pack --layer shelters --role shelter --vintage 2026 --report report.json";

fn report(space: &Workspace) -> Value {
    serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap()
}

fn layer(space: &Workspace) -> Arc<Layer> {
    Region::load(&space.path("pack")).unwrap().layers.remove(0)
}

/// What a meaning's column is and who said so.
fn meaning(report: &Value, meaning: &str) -> Option<String> {
    let all = report["mapping"].as_array().unwrap();
    let one = all.iter().find(|one| one["meaning"] == meaning)?;
    Some(format!(
        "{} {}",
        one["column"].as_str().unwrap(),
        one["how"].as_str().unwrap()
    ))
}

/// The table of columns.
fn columns(output: &str) -> String {
    let table = output
        .lines()
        .skip_while(|line| !line.trim_start().starts_with("column "));
    let table = table.take_while(|line| !line.trim_start().starts_with('*'));
    table.map(|line| line.to_owned() + "\n").collect()
}

fn lines(output: &str, kind: &str) -> String {
    let lines = output.lines().filter(|line| line.trim_start().starts_with(kind));
    lines.map(|line| line.to_owned() + "\n").collect()
}

/// A text with the hash in the layer file's name left out.
fn without_hash(text: &str) -> String {
    let hash = text.split("shelters-").nth(1).and_then(|rest| rest.split('.').next());
    text.replace(hash.unwrap(), "HASH")
}

/// The mapping kept with the only layer.
fn kept(space: &Workspace) -> String {
    let text = fs::read_to_string(space.path("pack/region.toml")).unwrap();
    let file = text.lines().find_map(|line| line.strip_prefix("file = \"")).unwrap();
    let name = file.trim_end_matches('"').replace(".fgb", ".import.toml");
    fs::read_to_string(space.path(&format!("pack/{name}"))).unwrap()
}

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
    容纳人数（万人）   capacity *                    number    1      1         0.12 … 0.12, mean 0.12
    更新时间           as_of *                       text      2      2         2024/5/7, 2024年5月6日
    联系电话           phone *                       text      1      1         0591-87654321
    as_of              as_of (from 更新时间)         text      2      2         2024-05-07, 2024-05-06
    capacity           capacity (from 容纳人数（万…  number    1      1         1200 … 1200, mean 1200
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

#[test]
fn how_a_file_was_read_is_kept_for_the_next() {
    let space = Workspace::new();
    let text = "标识,叫法,东,北,能睡,洪水\nS1,一中,119.30,26.08,300,1\nS2,二中,119.31,26.09,200,0\n";
    space.write("one.csv", encoding_rs::GB18030.encode(text).0);
    let given = "--encoding gb18030 --datum gcj02 --map lon=东 --map lat=北 --map id=标识 --map name=叫法 --map \
                 capacity=能睡 --map suits.flood=";
    space.run(&format!("{IMPORT} {given} one.csv")).exits(0);
    insta::assert_snapshot!(kept(&space), @r#"
    # How the file of this layer was read; the next import of the layer reads its file the same way.
    # --map MEANING=COLUMN and --mapping FILE override it.
    encoding = "gb18030"
    datum = "gcj02"
    lon = "东"
    lat = "北"

    [attributes]
    name = "叫法"
    id = "标识"
    capacity = "能睡"
    suits = { flood = "" }
    "#);
    let bbox = report(&space)["bbox"].clone();

    let next = text.replace("S2", "S3");
    space.write("two.csv", encoding_rs::GB18030.encode(&next).0);
    let output = space.run(&format!("{IMPORT} --accept two.csv")).exits(4);
    insta::assert_snapshot!(without_hash(&output), @r"
    two.csv (csv) is now layer shelters (shelter)
      rows     2 read, 2 kept, 0 refused
      encoding GB18030 (given)
      update   1 added, 0 changed, 1 removed, 1 unchanged of 2 before (by id)
      removed  S2 二中
      added    S3 二中
      crs      GCJ-02, as given; shifted to WGS 84 by the formula of gcj02
      holds    2 points
      bbox     119.29520, 26.08311, 119.30518, 26.09310
      column  meaning               type      known  distinct  values
      东      lon (as before)       position
      北      lat (as before)       position
      标识    id (as before)        text      2      2         S3, S1
      叫法    name (as before)      text      2      2         二中, 一中
      能睡    capacity (as before)  integer   2      2         200 … 300, mean 250
      洪水                          integer   2      2         0 … 1, mean 0.5
      datum    not checked: the pack holds too little to compare these positions with
      stop     1 of the 2 features that the layer has (50 %) are not in the new version (matched by id); is it the whole file? --accept goes on; --replace puts another data set in its place
      note     columns are read as shelters-HASH.import.toml, kept by the import before, says; --mapping FILE or --map overrides it
    ");
    assert_eq!(report(&space)["bbox"], bbox, "the datum is the last one's");
    assert_eq!(
        meaning(&report(&space), "suits.flood"),
        None,
        "what was taken back stays so"
    );
    let again = kept(&space);

    let renamed = next.replace("能睡", "能睡人数");
    space.write("three.csv", encoding_rs::GB18030.encode(&renamed).0);
    let manifest = fs::read(space.path("pack/region.toml")).unwrap();
    let problem = space.run(&format!("{IMPORT} three.csv")).exits(1);
    insta::assert_snapshot!(without_hash(&problem), @r"
    error: there is no column `能睡` for capacity, which shelters-HASH.import.toml names (--map 'capacity=COLUMN' overrides it, --map 'capacity=' does without); the file has: 标识, 叫法, 东, 北, 能睡人数, 洪水; is it `能睡人数`?
    ");
    assert_eq!(fs::read(space.path("pack/region.toml")).unwrap(), manifest);
    space
        .run(&format!("{IMPORT} --map capacity=能睡人数 three.csv"))
        .exits(4);
    assert_eq!(kept(&space), again.replace("能睡", "能睡人数"));
    space.run("check pack").exits(0);
}

#[test]
fn the_command_line_comes_before_a_mapping_file_before_the_kept_one_before_names() {
    let space = Workspace::new();
    space.write(
        "s.csv",
        "id,a,b,c,name,lon,lat,容纳人数,电话\n1,11,21,31,甲,119.3,26.1,41,0591-1234567\n2,12,22,32,乙,119.4,26.2,42,0591-1234568\n",
    );
    let run = |options: &str, code: i32| {
        space.run(&format!("{IMPORT} {options} s.csv")).exits(code);
        report(&space)
    };
    let how = |report: &Value| meaning(report, "capacity").unwrap();
    assert_eq!(how(&run("", 0)), "容纳人数 proposed");
    assert_eq!(how(&run("", 0)), "容纳人数 kept");
    assert_eq!(how(&run("--map capacity=a", 0)), "a given");
    assert_eq!(how(&run("", 0)), "a kept");
    space.write("m.toml", "[attributes]\ncapacity = \"b\"\n");
    let by_file = run("--mapping m.toml", 0);
    assert_eq!(how(&by_file), "b mapping_file");
    assert_eq!(
        meaning(&by_file, "phone").as_deref(),
        Some("电话 proposed"),
        "the kept one is not looked at"
    );
    assert_eq!(how(&run("--mapping m.toml --map capacity=c", 0)), "c given");
    assert_eq!(how(&run("", 0)), "c kept");
    space.write("empty.toml", "");
    assert_eq!(how(&run("--mapping empty.toml", 0)), "容纳人数 proposed");
    space.write("bad.toml", "[attributes]\nkapacity = \"b\"\n");
    let manifest = fs::read(space.path("pack/region.toml")).unwrap();
    let problem = space.run(&format!("{IMPORT} --mapping bad.toml s.csv")).exits(1);
    assert!(
        problem.contains("bad.toml: `kapacity` is no meaning; known are"),
        "{problem}"
    );
    assert_eq!(fs::read(space.path("pack/region.toml")).unwrap(), manifest);
}

#[test]
fn the_levels_of_a_hazard_layer_are_kept_and_asked_for() {
    let space = Workspace::new();
    let zone = |level: &str, x: u32| {
        format!(
            r#"{{"type":"Feature","properties":{{"等級":"{level}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},26],[{x},27],[{},27],[{x},26]]]}}}}"#,
            x + 1
        )
    };
    let zones = |levels: [&str; 3]| {
        levels
            .iter()
            .zip(118..)
            .map(|(level, x)| zone(level, x) + "\n")
            .collect::<String>()
    };
    let import = "import --region pack --layer z --role hazard_zone --hazard flood --report report.json";
    space.write("words.geojsonl", zones(["低風險", "高風險", "中風險"]));
    let output = space.run(&format!("{import} words.geojsonl")).exits(4);
    insta::assert_snapshot!(lines(&output, "warning"), @r"
      warning  all zones got one level; column `等級` looks like the level: its values are levels, 低風險 < 中風險 < 高風險: --level-from '等級' takes them
    ");
    space.write("numbers.geojsonl", zones(["1", "2", "3"]));
    let output = space
        .run(&format!("{import} --mapping /dev/null numbers.geojsonl"))
        .exits(4);
    insta::assert_snapshot!(lines(&output, "warning"), @r"
      warning  all zones got one level; column `等級` looks like the level: it is called so and has few values: --level-from '等級' --levels '1,2,3' takes them, put in order, lowest first
    ");
    let levels = "--level-from 等級 --levels 3,2,1 --unsafe-from 1";
    space.run(&format!("{import} {levels} numbers.geojsonl")).exits(0);
    space.write("next.geojsonl", zones(["1", "1", "2"]));
    let output = space.run(&format!("{import} next.geojsonl")).exits(0);
    assert!(
        output.contains("flood by 等級, lowest first: 3 < 2 < 1 (unsafe)"),
        "{output}"
    );
    let output = space
        .run(&format!("{import} --level-from 等級 --levels 1,2 next.geojsonl"))
        .exits(0);
    assert!(output.contains("lowest first: 1 < 2 (unsafe)"), "{output}");
}

#[test]
fn a_kept_mapping_goes_with_its_layer_file() {
    let space = Workspace::new();
    let names = |space: &Workspace| {
        space
            .files("pack")
            .into_keys()
            .filter(|name| name.ends_with(".import.toml"))
            .count()
    };
    for id in 0..4 {
        space.write("s.csv", format!("id,name,lon,lat\n{id},甲,119.3,26.1\n"));
        space.run(&format!("{IMPORT} s.csv")).exits(0);
        assert_eq!(names(&space), if id == 0 { 1 } else { 2 });
    }
}

#[test]
fn real_files_get_the_meanings_that_people_would_give_them() {
    let gsi = "name=施設・場所名 id=共通ID address=住所";
    let flags = "suits.flood=洪水 suits.waterlogging=内水氾濫 suits.landslide=崖崩れ、土石流及び地滑り \
                 suits.debris_flow=崖崩れ、土石流及び地滑り suits.storm_surge=高潮 suits.tsunami=津波 suits.earthquake=地震";
    for (file, role, expected) in [
        (
            "shelters/jp_emergency.geojsonl.gz",
            "shelter",
            format!("{gsi} admin_code=団体コード {flags}"),
        ),
        (
            "shelters/jp_evacuation.geojsonl.gz",
            "shelter",
            format!("{gsi} admin_code=団体コード"),
        ),
        (
            "shelters/jp_sasebo_gsi_raw_emergency.geojson",
            "shelter",
            format!("{gsi} {flags}"),
        ),
        (
            "shelters/jp_fukuoka_shelters.geojson",
            "shelter",
            "name=name id=uid address=address".to_owned(),
        ),
        (
            "shelters/tw_taipei_designated_shelters.geojson",
            "shelter",
            "name=名稱 capacity=容納人數".to_owned(),
        ),
        (
            "shelters/cn_four_cities_gcj02.csv",
            "shelter",
            "lon=lon lat=lat id=sid".to_owned(),
        ),
        (
            "fj_boundaries_gcj02.geojson",
            "admin_area",
            "name=name admin_code=adcode level=level".to_owned(),
        ),
        (
            "hazards/puerto_princesa_barangays.geojson",
            "admin_area",
            "name=BRGY_NAME id=ID".to_owned(),
        ),
    ] {
        let Some(path) = real_data(file) else { return };
        let space = Workspace::new();
        let path = path.to_str().unwrap();
        space.run(&format!(
            "import --dry-run --region pack --layer l --role {role} --datum gcj02 --report report.json {path}"
        ));
        let report = report(&space);
        let proposed = report["mapping"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["how"] == "proposed");
        let proposed: Vec<String> = proposed
            .map(|one| {
                format!(
                    "{}={}",
                    one["meaning"].as_str().unwrap(),
                    one["column"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(proposed.join(" "), expected, "{file}");
    }
}

#[test]
fn real_hazard_layers_are_asked_about_their_levels() {
    for (file, advice) in [
        (
            "taipei_work_soil_liquefaction",
            "低潛勢 < 中潛勢 < 高潛勢: --level-from 'class'",
        ),
        ("taipei_patrol_debrisarea", "--level-from 'risk' --levels '"),
        (
            "puerto_princesa_landslide",
            "LL < ML < HL < VHL: --level-from 'LndslideSu'",
        ),
    ] {
        let Some(path) = real_data(&format!("hazards/{file}.geojson")) else {
            return;
        };
        let path = path.to_str().unwrap();
        let import = "import --dry-run --region pack --layer l --role hazard_zone --hazard landslide";
        let output = Workspace::new().run(&format!("{import} {path}")).exits(4);
        assert!(output.contains(advice), "{file}: {output}");
    }
}
