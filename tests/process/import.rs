//! `refugia import`: what it keeps, refuses, mends, and leaves alone.

use std::fs;

use serde_json::Value;

use crate::harness::{Workspace, gzip};

const CSV: &str = "\
编号,名称,经度,纬度,容纳人数,洪水
S1,福州一中,119.30,26.08,1200人,1
S2,鼓楼社区,119.31,26.09,300,0
S3,,119.32,26.10,,
";

const IMPORT: &str = "import --region pack --layer shelters --role shelter --vintage 2026 --report report.json";

fn report(space: &Workspace) -> Value {
    serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap()
}

#[test]
fn a_register_becomes_a_new_region() {
    let space = Workspace::new();
    space.write("shelters.csv", CSV);
    let output = space.run(&format!("{IMPORT} shelters.csv")).exits(0);
    insta::assert_snapshot!(output, @r"
    shelters.csv (csv) is now layer shelters (shelter)
      rows     3 read, 3 kept, 0 refused
      crs      WGS 84, assumed: the file does not say
      holds    3 points
      bbox     119.30000, 26.08000, 119.32000, 26.10000
      column    meaning        type      known  distinct  values
      经度      lon *          position
      纬度      lat *          position
      编号      id *           text      3      3         S1, S3, S2
      名称      name *         text      2      2         福州一中, 鼓楼社区
      容纳人数  capacity *     integer   2      2         300 … 1200, mean 750
      洪水      suits.flood *  text      2      2         yes, no
      * taken by the column's name; --map MEANING=COLUMN chooses another
    ");
    let manifest = fs::read_to_string(space.path("pack/region.toml")).unwrap();
    let hash = manifest
        .split("shelters-")
        .nth(1)
        .unwrap()
        .split(".fgb")
        .next()
        .unwrap();
    insta::assert_snapshot!(manifest.replace(hash, "HASH"), @r#"
    format = 1
    id = "pack"
    names = { zh = "pack", en = "pack" }
    bbox = [119.29, 26.07, 119.33, 26.11]
    time_zone = "Asia/Shanghai"

    [[layer]]
    id = "shelters"
    role = "shelter"
    names = { zh = "shelters", en = "shelters" }
    file = "shelters-HASH.fgb"
    source = "shelters.csv"
    licence = "unknown"
    vintage = "2026"
    synthetic = false

    [layer.attributes]
    name = "名称"
    id = "编号"
    capacity = "容纳人数"
    suits = { flood = "洪水" }
    "#);
    space.run("check pack").exits(0);
}

#[test]
fn every_refused_row_is_told_with_its_reason() {
    let space = Workspace::new();
    let rows = "S1,twice,119.4,26.1,1,\n,no id,119.4,26.1,1,\nS4,far,199.4,26.1,1,\nS5,swapped,26.1,119.4,1,\n\
                S6,nowhere,,26.1,1,\nS7,many,119.4,26.1,很多,\nS8,flag,119.4,26.1,1,maybe\nS9,short,119.4\n";
    space.write("shelters.csv", format!("{CSV}{rows}"));
    let given = "--map id=编号 --map capacity=容纳人数 --map suits.flood=洪水";
    let output = space.run(&format!("{IMPORT} {given} shelters.csv")).exits(3);
    let refused: String = output
        .lines()
        .filter(|line| line.contains("refused"))
        .map(|line| line.to_owned() + "\n")
        .collect();
    insta::assert_snapshot!(refused, @r"
    rows     11 read, 3 kept, 8 refused
    refused  row 4, 编号 `S1`: the id stands in row 1 already
    refused  row 5, 编号: the id is blank
    refused  row 6, geometry: longitude 199.4 is outside -180..=180 degrees
    refused  row 7, geometry: latitude 119.4 is outside -90..=90 degrees; are longitude and latitude swapped?
    refused  row 8, 经度: there is no position
    refused  row 9, 容纳人数 `很多`: must be a number of persons
    refused  row 10, 洪水 `maybe`: must be yes or no (1/0, 是/否, ○/×), or blank for unknown
    refused  row 11: 3 fields where the header has 6
    ");
    let report = report(&space);
    assert_eq!(
        (&report["read"], &report["kept"], &report["refused"]),
        (&11.into(), &3.into(), &8.into())
    );
    assert_eq!(report["refusals"].as_array().unwrap().len(), 8);
}

#[test]
fn a_proposed_meaning_never_refuses_a_row() {
    let space = Workspace::new();
    space.write("shelters.csv", format!("{CSV}S1,again,119.4,26.1,很多,maybe\n"));
    let output = space.run(&format!("{IMPORT} shelters.csv")).exits(0);
    let notes: String = output
        .lines()
        .filter(|line| line.contains("note"))
        .map(|line| line.to_owned() + "\n")
        .collect();
    insta::assert_snapshot!(notes, @r"
    note     column `编号` is not taken as id: 1 of its values are repeated; --map 'id=编号' takes it and refuses such rows
    note     column `容纳人数` is not taken as capacity: 1 of its 3 values are not a number of persons, such as `很多`; --map 'capacity=容纳人数' takes it and refuses such rows
    note     column `洪水` is not taken as suits.flood: `maybe` is none of its words; --map 'suits.flood=洪水' takes it and refuses such rows
    note     no column holds ids: features are numbered by their row in the file (column import_row); --map id=COLUMN chooses one
    ");
}

#[test]
fn other_encodings_delimiters_and_compression_give_the_same_layer() {
    let layer_file = |bytes: &[u8], options: &str| {
        let space = Workspace::new();
        space.write("data.bin", bytes);
        space.run(&format!("{IMPORT} {options} data.bin")).exits(0);
        let mut files = space.files("pack");
        files.remove("region.toml");
        files.into_values().next().unwrap()
    };
    let plain = layer_file(CSV.as_bytes(), "");
    let gb18030 = encoding_rs::GB18030.encode(CSV).0.into_owned();
    assert_eq!(layer_file(&gb18030, "--encoding gb18030"), plain);
    assert_eq!(layer_file(&gb18030, ""), plain);
    let utf16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(CSV.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(layer_file(&utf16, ""), plain);
    assert_eq!(
        layer_file(format!("\u{feff}{}", CSV.replace(',', ";")).as_bytes(), ""),
        plain
    );
    assert_eq!(
        layer_file(CSV.replace(',', "\t").replace('\n', "\r\n").as_bytes(), ""),
        plain
    );
    let (head, tail) = CSV.as_bytes().split_at(40);
    assert_eq!(layer_file(&[gzip(head), gzip(tail)].concat(), ""), plain);
}

#[test]
fn bad_files_change_nothing() {
    let space = Workspace::new();
    space.write("shelters.csv", CSV);
    space.run(&format!("{IMPORT} shelters.csv")).exits(0);
    let before = space.files("pack");
    let feature = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[119,26]}}"#;
    let cut_gzip = gzip(&CSV.as_bytes().repeat(50));
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("damaged.csv", [CSV.as_bytes(), b"S4,\xe5\x85,119.3,26.1,,\n"].concat(), "are not UTF-8 text"),
        ("cut.csv.gz", cut_gzip[..cut_gzip.len() / 2].to_vec(), "cannot read on"),
        ("cut.geojson", format!(r#"{{"type":"FeatureCollection","features":[{feature},{{"ty"#).into(), "the JSON is broken"),
        ("tail.geojson", format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}]"#).into(), "the JSON is broken"),
        ("utm.geojson", format!(r#"{{"type":"FeatureCollection","crs":{{"properties":{{"name":"urn:ogc:def:crs:EPSG::32650"}}}},"features":[{feature}]}}"#).into(), "look like degrees and are not in EPSG:32650"),
        ("array.geojson", format!("[{feature}]").into(), "it begins with `[`"),
        ("empty.csv", Vec::new(), "the file is empty"),
        ("header.csv", b"name,lon,lat\n".to_vec(), "the file has no rows"),
        ("nowhere.csv", b"name,a,b\nx,1,2\n".to_vec(), "no column looks like the longitude"),
        ("none.csv", b"name,lon,lat\nx,,\n".to_vec(), "none of the 1 rows can be used"),
        ("data.gpkg", b"SQLite format 3\0rest".to_vec(), "the GeoPackage cannot be read: it is shorter than its header"),
        ("cut.fgb", b"fgb\x03fgb\x00\xff\xff\x00\x00".to_vec(), "cut short"),
    ];
    for (name, content, problem) in cases {
        space.write(name, content);
        let output = space
            .run(&format!("import --region pack --layer other --role shelter {name}"))
            .exits(1);
        assert!(output.contains(problem), "{name}: {output}");
        assert_eq!(output.lines().count(), 1, "{name}: {output}");
        assert_eq!(space.files("pack"), before, "{name}");
        space
            .run(&format!("import --region fresh --layer other --role shelter {name}"))
            .exits(1);
        assert!(!space.path("fresh").exists(), "{name} left a folder");
    }
}

#[test]
fn a_broken_record_of_a_sequence_is_one_refused_row() {
    let space = Workspace::new();
    let feature = |name: &str| {
        format!(
            "{{\"type\":\"Feature\",\n\"properties\":{{\"name\":\"{name}\"}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[119,26,5]}}}}\n"
        )
    };
    let records = [
        feature("a"),
        "{\"type\":\"Feature\",".to_owned(),
        feature("b"),
        "17".to_owned(),
        feature("c"),
    ];
    let sequence = format!("\u{1e}{}", records.join("\u{1e}"));
    space.write("seq.json", &sequence);
    space.run(&format!("{IMPORT} seq.json")).exits(3);
    let report = report(&space);
    assert_eq!((&report["kept"], &report["refused"]), (&3.into(), &2.into()));
    assert_eq!(report["format"], "geojsonseq");
    assert_eq!(report["refusals"][0]["row"], 2);
}

#[test]
fn another_data_set_takes_the_place_of_a_layer_and_the_operators_words_stay() {
    let space = Workspace::new();
    space.write("shelters.csv", CSV);
    space.run(&format!("{IMPORT} shelters.csv")).exits(0);
    let commented = fs::read_to_string(space.path("pack/region.toml"))
        .unwrap()
        .replace("time_zone", "# ours, do not touch\ntime_zone")
        .replace("[[layer]]", "# the register of the county\n[[layer]]")
        .replace("id = \"pack\"", "id   =   \"home\"");
    space.write("pack/region.toml", &commented);
    let before = space.files("pack");
    let role = space
        .run("import --replace --region pack --layer shelters --role facility shelters.csv")
        .exits(1);
    assert!(role.contains("has role shelter"), "{role}");
    assert_eq!(space.files("pack"), before);

    space.write("new.csv", CSV.replace("S3", "S4"));
    space.run(&format!("{IMPORT} --replace new.csv")).exits(0);
    assert_eq!(report(&space)["update"], Value::Null, "not compared");
    let text = fs::read_to_string(space.path("pack/region.toml")).unwrap();
    for kept in [
        "# ours, do not touch",
        "# the register of the county",
        "id   =   \"home\"",
        "source = \"new.csv\"",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    assert_eq!(text.matches("[[layer]]").count(), 1);
    let layers = |space: &Workspace| space.files("pack").keys().filter(|name| name.ends_with(".fgb")).count();
    assert_eq!(layers(&space), 2, "a server may still read the old file");
    space.run(&format!("{IMPORT} --replace shelters.csv")).exits(0);
    assert_eq!(layers(&space), 2, "the next import clears the file before the last");
    space.run("check pack").exits(0);
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let space = Workspace::new();
    space.write("shelters.csv", CSV);
    let output = space.run(&format!("{IMPORT} --dry-run shelters.csv")).exits(0);
    assert!(
        output.starts_with("shelters.csv (csv) would become layer shelters"),
        "{output}"
    );
    assert!(!space.path("pack").exists());
    assert_eq!(report(&space)["dry_run"], true);
}

#[test]
fn two_imports_at_once_do_not_mix() {
    let space = Workspace::new();
    space.write("shelters.csv", CSV);
    space.run(&format!("{IMPORT} shelters.csv")).exits(0);
    let before = space.files("pack");
    let lock = fs::File::open(space.path("pack/.refugia-import.lock")).unwrap();
    lock.try_lock().unwrap();
    let output = space.run(&format!("{IMPORT} --replace shelters.csv")).exits(1);
    assert!(output.contains("another import into pack is running"), "{output}");
    assert_eq!(space.files("pack"), before);
    lock.unlock().unwrap();
    space.run(&format!("{IMPORT} --replace shelters.csv")).exits(0);
}

#[test]
fn what_a_killed_import_left_is_cleared_away() {
    let space = Workspace::new();
    space.write("shelters.csv", CSV);
    space.write("pack/.refugia-import-Xy12/layer.fgb", "half a file");
    space.write("pack/shelters-0123456789abcdef.fgb", "of a manifest that is not there");
    space.write("pack/notes-of-the-operator.fgb", "not ours");
    let names = |space: &Workspace| space.files("pack").into_keys().collect::<Vec<_>>();
    space.run(&format!("{IMPORT} shelters.csv")).exits(0);
    assert_eq!(names(&space).len(), 5, "{:?}", names(&space));
    space.run(&format!("{IMPORT} --replace shelters.csv")).exits(0);
    let left = names(&space);
    assert_eq!(left.len(), 4, "{left:?}");
    assert!(left.contains(&"notes-of-the-operator.fgb".to_owned()));
}

#[test]
fn the_order_of_levels_is_asked_for_when_it_cannot_be_known() {
    let space = Workspace::new();
    let zone = |level: &str, x: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"grade":"{level}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},26],[{x},27],[{},27],[{x},26]]]}}}}"#,
            x + 0.5
        )
    };
    let zones: Vec<String> = ["1", "2", "3"]
        .iter()
        .enumerate()
        .map(|(index, level)| zone(level, 119.0 + index as f64))
        .collect();
    space.write("zones.geojsonl", zones.join("\n"));
    let import = "import --region pack --layer flood --role hazard_zone --hazard flood --level-from grade";
    let question = space.run(&format!("{import} zones.geojsonl")).exits(1);
    assert!(question.contains("lowest first: --levels '1,2,3'"), "{question}");
    let output = space
        .run(&format!("{import} --levels 3,2,1 --unsafe-from 1 zones.geojsonl"))
        .exits(0);
    assert!(
        output.contains("flood by grade, lowest first: 3 < 2 < 1 (unsafe)"),
        "{output}"
    );
    assert!(output.contains("3 rings turned"), "{output}");
    let without = space
        .run("import --region pack --layer z --role hazard_zone zones.geojsonl")
        .exits(1);
    assert!(without.contains("--hazard KIND"), "{without}");
}

#[test]
fn coordinates_of_chinese_web_maps_are_shifted_back() {
    let space = Workspace::new();
    space.write("s.csv", "name,lng,lat\nTian'anmen,116.404,39.915\n");
    let output = space.run(&format!("{IMPORT} --datum gcj02 s.csv")).exits(0);
    assert!(
        output.contains("bbox     116.39776, 39.91360, 116.39776, 39.91360"),
        "{output}"
    );
}

#[test]
fn shelters_mapped_as_areas_get_a_point_and_keep_their_ground() {
    let space = Workspace::new();
    let feature = |name: &str, geometry: &str| {
        format!(r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{geometry}}}"#)
    };
    let areas = [
        feature(
            "操场",
            r#"{"type":"Polygon","coordinates":[[[119.3,26.1],[119.301,26.1],[119.301,26.101],[119.3,26.1]]]}"#,
        ),
        feature(
            "体育馆",
            r#"{"type":"MultiPoint","coordinates":[[119.31,26.1],[119.312,26.1]]}"#,
        ),
        feature("一中", r#"{"type":"Point","coordinates":[119.32,26.1]}"#),
        feature(
            "路",
            r#"{"type":"LineString","coordinates":[[119.32,26.1],[119.33,26.1]]}"#,
        ),
    ];
    space.write("s.geojsonl", areas.join("\n"));
    let output = space.run(&format!("{IMPORT} s.geojsonl")).exits(3);
    assert!(
        output.contains("2 shelters are mapped as areas or as several points"),
        "{output}"
    );
    assert!(
        output.contains("row 4, geometry: a shelter needs a point or an area"),
        "{output}"
    );
    assert!(output.contains("holds    3 points"), "{output}");
    let report = report(&space);
    let footprint = report["statistics"]["columns"]
        .as_array()
        .unwrap()
        .iter()
        .find(|column| column["column"] == "footprint");
    assert_eq!(footprint.unwrap()["known"], 2);
    space.run("check pack").exits(0);
}
