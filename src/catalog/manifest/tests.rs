//! Tests of the manifest: faults, unknown keys, and writing what was read.

use super::*;

const GOOD: &str = r##"
format = 1
id = "home"
names = { zh = "家乡", en = "Home" }
bbox = [115.8, 23.4, 120.8, 28.4]
time_zone = "Asia/Shanghai"
duty_phone = "12350"

[[layer]]
id = "shelters"
role = "shelter"
names = { zh = "避灾点", en = "Shelters" }
file = "shelters.fgb"
source = "county"
licence = "CC-BY-4.0"
vintage = "2026-05"
synthetic = true
zoom = { min = 5, max = 14 }
[layer.attributes]
id = "id"
name = { zh = "name_zh", en = "name_en" }
precision_m = "precision"
suits = { flood = "suits_flood" }
facilities = { toilets = "wc" }

[[layer]]
id = "flood"
role = "hazard_zone"
names = { zh = "洪水", en = "Flood" }
file = "zones/flood.fgb"
source = "county"
licence = "unknown"
vintage = "2020"
synthetic = false
[layer.hazard]
kind = "flood"
level = "level"
levels = [
  { code = "IV", names = { zh = "低", en = "Low" }, colour = "#cfe3f7" },
  { code = "I", names = { zh = "高", en = "High" }, colour = "#0b4a8f", unsafe = true },
]
"##;

fn faults(text: &str) -> Vec<String> {
    let Faults(faults) = RegionManifest::parse(text).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_written_reads_back_the_same() {
    let manifest = RegionManifest::parse(GOOD).unwrap();
    assert_eq!(manifest.layers.len(), 2);
    assert_eq!(manifest.layers[1].zoom, ZoomRange::default());
    let written = toml::to_string(&manifest).unwrap();
    assert_eq!(RegionManifest::parse(&written).unwrap(), manifest);
}

#[test]
fn every_fault_of_every_layer_is_named_at_once() {
    let bad = GOOD
        .replace("format = 1", "format = 9")
        .replace("Asia/Shanghai", "Fuzhou")
        .replace("\"county\"", "\" \"")
        .replace("\"2026-05\"", "\"May 2026\"")
        .replace("min = 5", "min = 15")
        .replace("zones/flood.fgb", "../flood.fgb")
        .replace("\"I\",", "\"IV\",")
        .replace("#cfe3f7\" }", "blue\", unsafe = true }")
        .replace("#0b4a8f\", unsafe = true", "#0b4a8f\"");
    insta::assert_snapshot!(faults(&bad).join("\n"), @r"
    region.toml, field format: format 9 is not known; this release reads format 1
    region.toml, field time_zone: failed to find time zone `Fuzhou` in time zone database
    region.toml, field layer shelters, source: must not be blank: say what is known, or `unknown`
    region.toml, field layer shelters, vintage: `May 2026` must begin with a year
    region.toml, field layer shelters, zoom: 15..=14 must lie in 0..=22
    region.toml, field layer flood, file: `../flood.fgb` must name a file inside the pack folder
    region.toml, field layer flood, source: must not be blank: say what is known, or `unknown`
    region.toml, field layer flood, hazard.levels: level `IV`: colour `blue` is not #rrggbb
    region.toml, field layer flood, hazard.levels: level `IV` stands twice
    region.toml, field layer flood, hazard.levels: level `IV` is above an unsafe level and must be unsafe too
    ");
}

#[test]
fn keys_that_nobody_knows_are_refused() {
    for (place, key) in [
        ("format = 1", "colour = \"red\"\nformat = 1"),
        ("synthetic = true", "synthetic = true\nsynthetik = true"),
        ("precision_m = ", "precision = "),
        ("flood = \"suits_flood\"", "floods = \"suits_flood\""),
        ("toilets = \"wc\"", "loo = \"wc\""),
        ("level = \"level\"", "levle = \"level\""),
        ("code = \"IV\",", "code = \"IV\", depth = 1,"),
        ("min = 5,", "min = 5, mean = 7,"),
    ] {
        let bad = GOOD.replacen(place, key, 1);
        assert_ne!(bad, GOOD, "{place}");
        let faults = faults(&bad);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(
            faults[0].contains("unknown") || faults[0].contains("NameColumns"),
            "{}",
            faults[0]
        );
    }
}

#[test]
fn meanings_and_hazards_stand_only_where_they_fit() {
    let swapped = GOOD
        .replace("role = \"hazard_zone\"", "role = \"reference\"")
        .replace("role = \"shelter\"", "role = \"road\"");
    let faults = faults(&swapped).join("\n");
    for part in [
        "a road layer cannot have it",
        "only shelters have",
        "a reference layer cannot have [layer.hazard]",
    ] {
        assert!(faults.contains(part), "{part} in {faults}");
    }
}

#[test]
fn a_syntax_error_says_where() {
    let faults = faults(&GOOD.replace("id = \"home\"", "id = home"));
    assert!(faults[0].contains("line 3"), "{faults:?}");
}

const ARCHIVE: &str = r#"
[[archive]]
id = "basemap"
names = { zh = "底图", en = "Basemap" }
file = "base.pmtiles"
style = "base.style.json"
source = "OpenStreetMap"
licence = "ODbL-1.0"
vintage = "2026"
synthetic = false
"#;

#[test]
fn archives_are_read_and_written_back() {
    let manifest = RegionManifest::parse(&format!("{GOOD}{ARCHIVE}")).unwrap();
    assert_eq!(manifest.archives[0].place(), "base.pmtiles");
    let written = toml::to_string(&manifest).unwrap();
    assert_eq!(RegionManifest::parse(&written).unwrap(), manifest);
}

#[test]
fn faults_of_archives_are_named() {
    let bad = [
        ARCHIVE.replace("basemap", "flood"),
        ARCHIVE.replace("base.pmtiles", "../base.pmtiles"),
        ARCHIVE.replace("file =", "url = \"https://a.example/b\"\nfile ="),
        ARCHIVE
            .replace("id = \"basemap\"\n", "id = \"far\"\n")
            .replace("file = \"base.pmtiles\"", "url = \"a.pmtiles\""),
        ARCHIVE
            .replace("id = \"basemap\"\n", "id = \"odd\"\n")
            .replace("synthetic", "sprites = 1\nsynthetic"),
    ];
    insta::assert_snapshot!(faults(&format!("{GOOD}{}", bad.concat())).join("\n"), @r"
    region.toml, field archive odd: unknown field `sprites`, expected one of `id`, `names`, `file`, `url`, `style`, `source`, `licence`, `vintage`, `synthetic`
    region.toml, field archive flood: a layer or another archive has this id
    region.toml, field archive basemap, file: `../base.pmtiles` must name a file inside the pack folder
    region.toml, field archive basemap: a layer or another archive has this id
    region.toml, field archive basemap, file: give either `file` or `url`
    region.toml, field archive far, url: `a.pmtiles` must begin with https://, http://, s3://, file://
    ");
}

#[test]
fn ids_of_the_server_s_own_layers_are_kept_for_it() {
    let archive = ARCHIVE.replace("id = \"basemap\"", "id = \"minutes_to_shelter_foot\"");
    let archive = faults(&format!("{GOOD}{archive}")).join("\n");
    assert!(
        archive.contains("archive minutes_to_shelter_foot") && archive.contains("the server makes"),
        "{archive}"
    );
    let layer = ARCHIVE
        .replace("[[archive]]", "[[layer]]\nrole = \"reference\"")
        .replace("id = \"basemap\"", "id = \"thinned\"");
    let layer = layer.replace("style = \"base.style.json\"\n", "");
    let layer = faults(&format!("{GOOD}{layer}")).join("\n");
    assert!(
        layer.contains("layer thinned") && layer.contains("the server makes"),
        "{layer}"
    );
}
