//! `refugia check`.

use serde_json::Value;

use crate::harness::Workspace;

/// A pack with one shelter layer and one hazard layer, made by the importer.
fn pack() -> Workspace {
    let space = Workspace::new();
    space.write(
        "s.csv",
        "id,name,lon,lat,capacity\na,一中,119.3,26.1,300\nb,二中,119.4,26.2,\n",
    );
    space.write(
        "z.geojsonl",
        r#"{"type":"Feature","properties":{"level":"高"},"geometry":{"type":"Polygon","coordinates":[[[119,26],[120,26],[120,27],[119,26]]]}}"#,
    );
    space
        .run("import --region pack --layer shelters --role shelter --vintage 2026 s.csv")
        .exits(0);
    space
        .run("import --region pack --layer flood --role hazard_zone --hazard flood --level-from level --synthetic z.geojsonl")
        .exits(0);
    space
}

#[test]
fn a_whole_pack_is_shown_as_a_table() {
    let space = pack();
    let table = space.run("check pack").exits(0);
    let version = |line: &str| line.rsplit(' ').next().unwrap().to_owned();
    let shown: String = table
        .lines()
        .map(|line| match version(line) {
            hash if hash.len() == 16 => line.replace(&hash, "VERSION") + "\n",
            _ => line.to_owned() + "\n",
        })
        .collect();
    insta::assert_snapshot!(shown, @r"
    pack (pack): the pack is whole
      layer     role         features  synthetic  version
      shelters  shelter             2  real       VERSION
      flood     hazard_zone         1  synthetic  VERSION
    ");
    let json: Value = serde_json::from_str(&space.run("check --json pack").exits(0)).unwrap();
    assert_eq!(json["ok"], true);
    assert_eq!(json["layers"][0]["count"], 2);
    assert_eq!(json["layers"][1]["geometry"], "polygon");
}

#[test]
fn every_fault_of_a_manifest_is_a_line_of_its_own() {
    let space = pack();
    let manifest = String::from_utf8(space.files("pack")["region.toml"].clone()).unwrap();
    let broken = manifest
        .replace("Asia/Shanghai", "Asia/Nowhere")
        .replace("role = \"shelter\"", "role = \"shelter\"\ncolour = \"red\"")
        .replace("unsafe = true", "unsafe = true, deep = 1");
    space.write("pack/region.toml", broken);
    let faults = space.run("check pack").exits(1);
    assert_eq!(faults.lines().count(), 4, "{faults}");
    for part in [
        "time_zone",
        "layer shelters",
        "unknown field `colour`",
        "layer flood",
        "`deep`",
        "3 fault(s)",
    ] {
        assert!(faults.contains(part), "{part} in {faults}");
    }
}

#[test]
fn faults_of_several_layer_files_are_told_together() {
    let space = pack();
    for (name, bytes) in space
        .files("pack")
        .into_iter()
        .filter(|(name, _)| name.ends_with(".fgb"))
    {
        space.write(&format!("pack/{name}"), &bytes[..bytes.len() - 9]);
    }
    let json: Value = serde_json::from_str(&space.run("check --json pack").exits(1)).unwrap();
    let faults = json["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0]["file"].as_str().unwrap().starts_with("shelters-"));
    assert!(faults[1]["problem"].as_str().unwrap().contains("cut short"));
}

#[test]
fn a_folder_that_is_no_pack_is_a_fault() {
    let space = Workspace::new();
    let output = space.run("check nowhere").exits(1);
    assert!(output.starts_with("region.toml: there is none in nowhere"), "{output}");
}

#[test]
fn help_and_version_are_there_and_wrong_words_end_with_2() {
    let space = Workspace::new();
    assert!(space.run("--version").exits(0).starts_with("refugia 0."));
    for command in ["", "import ", "check "] {
        let help = space.run(&format!("{command}--help")).exits(0);
        assert!(help.contains("Exit codes") || help.contains("Examples"), "{help}");
    }
    assert_eq!(space.run("chek pack").code, 2);
    assert_eq!(space.run("import --region x --layer UPPER --role shelter f").code, 2);
}
