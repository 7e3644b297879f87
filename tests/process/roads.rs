//! `refugia roads`: what it builds, what it says, and what it leaves alone.

use std::fs;

use crate::harness::{Workspace, real_data};

fn extract(space: &Workspace, name: &str) -> bool {
    let Some(path) = real_data(&format!("roads/{name}")) else {
        return false;
    };
    space.write("extract.osm.pbf", fs::read(path).unwrap());
    true
}

#[test]
fn an_extract_becomes_the_roads_of_a_new_region() {
    let space = Workspace::new();
    if !extract(&space, "bristol_reversed_oneway.osm.pbf") {
        return;
    }
    let output = space
        .run("roads --region pack --vintage 2016 --report roads.json extract.osm.pbf")
        .exits(0);
    insta::assert_snapshot!(output, @r"
    extract.osm.pbf is now the roads of pack: 69 stretches
    read
      nodes                                                 619
      ways                                                  111
      relations                                              60
    ways
      roads and paths                                        45
      left out: no road                                      66
      with rules for some hours, read without them            3
      barriers and fords                                      3
    turn restrictions
      kept                                                    1
    network
      nodes                                                  60
      stretches                                              69
      kilometres                                            2.1
      kilometres by car                                     1.5
        of these for residents and rescue only              0.3
        nodes of the largest island                          25
        nodes of other islands                               11
        other islands                                        11
      kilometres by truck                                   1.5
        of these for residents and rescue only              0.3
        nodes of the largest island                          25
        nodes of other islands                               11
        other islands                                        11
      kilometres by foot                                    2.1
        of these for residents and rescue only              0.0
        nodes of the largest island                          58
        nodes of other islands                                2
        other islands                                         1
    ");
    let report: serde_json::Value = serde_json::from_slice(&fs::read(space.path("roads.json")).unwrap()).unwrap();
    assert_eq!(report["roads"], 45);
    let manifest = fs::read_to_string(space.path("pack/region.toml")).unwrap();
    let hash = manifest
        .split("roads-")
        .nth(1)
        .unwrap()
        .split(".network")
        .next()
        .unwrap();
    insta::assert_snapshot!(manifest.replace(hash, "HASH"), @r#"
    format = 1
    id = "pack"
    names = { zh = "pack", en = "pack" }
    bbox = [-2.6068, 51.444, -2.5826, 51.4666]
    time_zone = "Asia/Shanghai"

    [roads]
    file = "roads-HASH.network"
    source = "OpenStreetMap (extract.osm.pbf)"
    licence = "ODbL-1.0"
    vintage = "2016"
    synthetic = false
    "#);
    insta::assert_snapshot!(space.run("check pack").exits(0), @r"
    pack (pack): the pack is whole
      layer  role  features  synthetic  version
    roads: 60 nodes, 69 stretches, 2.1 km, 1 turn restrictions, real
    ");
}

#[test]
fn a_cut_extract_leaves_the_old_roads() {
    let space = Workspace::new();
    if !extract(&space, "bristol_reversed_oneway.osm.pbf") {
        return;
    }
    space.run("roads --region pack extract.osm.pbf").exits(0);
    let before = fs::read(space.path("pack/region.toml")).unwrap();
    let whole = fs::read(space.path("extract.osm.pbf")).unwrap();
    space.write("extract.osm.pbf", &whole[..whole.len() - 100]);
    let output = space.run("roads --region pack extract.osm.pbf").exits(1);
    assert!(
        output.contains("block ") && output.contains("the file ends within it"),
        "{output}"
    );
    assert_eq!(fs::read(space.path("pack/region.toml")).unwrap(), before);
    space.run("check pack").exits(0);
    let output = space.run("roads --region none extract.osm.pbf").exits(1);
    assert!(output.contains("block ") && !space.path("none").exists(), "{output}");
}

#[test]
fn a_corrupt_network_is_a_fault_that_says_how_to_mend_it() {
    let space = Workspace::new();
    if !extract(&space, "bristol_reversed_oneway.osm.pbf") {
        return;
    }
    space.run("roads --region pack extract.osm.pbf").exits(0);
    let network = fs::read_dir(space.path("pack"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "network"))
        .unwrap();
    let mut bytes = fs::read(&network).unwrap();
    bytes[100] ^= 1;
    fs::write(&network, &bytes).unwrap();
    let output = space.run("check pack").exits(1);
    assert!(
        output.contains("section `network.nodes` is corrupt") && output.contains("refugia roads --region DIR"),
        "{output}"
    );
    fs::remove_file(&network).unwrap();
    space.run("check pack").exits(1);
    space.run("roads --region pack extract.osm.pbf").exits(0);
    space.run("check pack").exits(0);
}

#[test]
fn roads_of_elsewhere_are_told() {
    let space = Workspace::new();
    if !extract(&space, "bristol_reversed_oneway.osm.pbf") {
        return;
    }
    space.write("shelters.csv", "编号,名称,经度,纬度\nS1,福州一中,119.30,26.08\n");
    space
        .run("import --region pack --layer shelters --role shelter shelters.csv")
        .exits(0);
    let tried = space.run("roads --region pack --dry-run extract.osm.pbf");
    assert!(
        tried
            .stderr
            .contains("60 of 60 nodes lie outside the region's bbox; is it the right file?"),
        "{}",
        tried.stderr
    );
    assert!(tried.exits(4).contains("would be the roads of pack"));
    let names = || fs::read_dir(space.path("pack")).unwrap().count();
    let before = names();
    space.run("roads --region pack extract.osm.pbf").exits(4);
    assert_eq!(names(), before + 1);
    space.run("check pack").exits(0);
    // The area that the region serves stays what it was, and its own roads are no surprise.
    let manifest = fs::read_to_string(space.path("pack/region.toml")).unwrap();
    assert!(manifest.contains("bbox = [119.29, 26.07, 119.31, 26.09]"), "{manifest}");
}
