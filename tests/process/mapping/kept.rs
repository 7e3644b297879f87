//! The mapping kept with a layer, mapping files, and which of them comes first.

use std::fs;

use serde_json::Value;

use super::{IMPORT, kept, lines, meaning, report, without_hash};
use crate::harness::Workspace;

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
