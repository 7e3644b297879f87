//! The style of a small pack with every role in it.

use std::{collections::BTreeSet, sync::Arc};

use geo_types::{Geometry, LineString, Point, polygon};
use serde_json::Value;

use super::{Theme, style};
use crate::{
    catalog::{
        Attributes, AttributesBuilder, Field, FieldKind, Layer, LayerManifest, LayerVersion, RegionManifest,
        Value as Cell,
    },
    messages::Lang,
};

const LEVELS: &str = r##"
[hazard]
kind = "flood"
level = "word"
levels = [
  { code = "city", names = { zh = "低", en = "Low" }, colour = "#cfe3f7" },
  { code = "county", names = { zh = "高", en = "High" }, colour = "#1f5fa8", unsafe = true },
]"##;

fn table(words: &[&str]) -> Attributes {
    let field = |name: &str| Field {
        name: name.to_owned(),
        kind: FieldKind::Text,
    };
    let mut table = AttributesBuilder::new(vec![field("zh"), field("en"), field("word")]);
    for word in words {
        table.push_row([Some(Cell::Text("名")), Some(Cell::Text("Name")), Some(Cell::Text(word))]);
    }
    table.finish()
}

fn layer(id: &str, role: &str, more: &str, geometry: Geometry<f64>, words: &[&str]) -> Arc<Layer> {
    let manifest: LayerManifest = toml::from_str(&format!(
        "id = \"{id}\"\nrole = \"{role}\"\nnames = {{ zh = \"层\", en = \"Layer\" }}\nfile = \"{id}.fgb\"\n\
         source = \"made up\"\nlicence = \"CC0-1.0\"\nvintage = \"2026\"\nsynthetic = true\n{more}"
    ))
    .unwrap();
    let geometries = vec![geometry; words.len()];
    Arc::new(Layer::new(manifest, geometries, table(words), LayerVersion(1)).unwrap())
}

fn pack() -> (RegionManifest, Vec<Arc<Layer>>) {
    let region = "format = 1\nid = \"small\"\nnames = { zh = \"小\", en = \"Small\" }\nbbox = [0.0, 0.0, 4.0, 2.0]\ntime_zone = \"Etc/UTC\"\n";
    let point = || Geometry::from(Point::new(1.0, 1.0));
    let line = || Geometry::from(LineString::from(vec![(0.0, 0.0), (1.0, 1.0)]));
    let area = || Geometry::from(polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 0.0), (x: 2.0, y: 2.0)]);
    let names = "[attributes]\nname = { zh = \"zh\", en = \"en\" }\n";
    let levelled = format!("{names}level = \"word\"\n");
    let kind = |kind: &str| format!("kind = \"{kind}\"\n{names}");
    let layers = vec![
        layer("shelters", "shelter", names, point(), &[""]),
        layer(
            "flood",
            "hazard_zone",
            &format!("{names}{LEVELS}"),
            area(),
            &["city", "county"],
        ),
        layer("land", "reference", &kind("land"), area(), &[""]),
        layer("rivers", "reference", &kind("river"), line(), &[""]),
        layer("coast", "reference", &kind("coastline"), line(), &[""]),
        layer("parcels", "reference", names, area(), &[""]),
        layer("areas", "admin_area", &levelled, area(), &["province", "county"]),
        layer("towns", "settlement", names, point(), &[""]),
        layer("roads", "road", names, line(), &[""]),
        layer("parks", "chemical_park", names, area(), &[""]),
        layer("teams", "rescue_team", names, point(), &[""]),
        layer("wells", "facility", names, point(), &[""]),
    ];
    (RegionManifest::parse(region).unwrap(), layers)
}

fn ids(document: &Value) -> Vec<&str> {
    document["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| layer["id"].as_str().unwrap())
        .collect()
}

fn every_style(base_url: &str) -> Vec<Value> {
    let (region, layers) = pack();
    let mut styles = Vec::new();
    for theme in Theme::ALL {
        for lang in [Lang::Zh, Lang::En] {
            styles.extend([true, false].map(|has_sprites| style(&region, &layers, theme, lang, base_url, has_sprites)));
        }
    }
    styles
}

#[test]
fn layers_are_drawn_in_this_order() {
    let styles = every_style("");
    insta::assert_snapshot!(ids(&styles[0]).join(" "), @r##"background land:fill areas:ground flood:fill flood:hatch flood:line rivers:line coast:line parcels:fill parcels:line areas:line-county areas:casing areas:line-province roads:line parks:fill parks:line rivers:label towns:label wells:dot wells:label teams:symbol shelters:dot shelters:symbol towns:label-great parks:symbol"##);
    insta::assert_snapshot!(ids(&styles[1]).join(" "), @r##"background land:fill areas:ground flood:fill flood:line rivers:line coast:line parcels:fill parcels:line areas:line-county areas:casing areas:line-province roads:line parks:fill parks:line rivers:label towns:label wells:dot wells:label teams:dot teams:label shelters:dot shelters:label towns:label-great parks:dot parks:label"##);
}

#[test]
fn every_style_layer_says_what_it_belongs_to() {
    for document in every_style("") {
        let sources = document["sources"].as_object().unwrap();
        let mut seen = BTreeSet::new();
        for layer in document["layers"].as_array().unwrap() {
            let metadata = &layer["metadata"];
            let group = metadata["refugia:group"].as_str().unwrap();
            assert!(
                ["base", "hazards", "shelters", "facilities"].contains(&group),
                "{layer}"
            );
            assert!(seen.insert(layer["id"].to_string()), "{} stands twice", layer["id"]);
            if layer["type"] != "background" {
                let of = metadata["refugia:layer"].as_str().unwrap();
                assert!(layer["id"].as_str().unwrap().starts_with(&format!("{of}:")), "{layer}");
                assert_eq!(layer["source-layer"], of);
                assert!(sources.contains_key(layer["source"].as_str().unwrap()), "{layer}");
                let is_visible = layer["layout"]["visibility"] == "visible";
                assert_eq!(Some(is_visible), metadata["refugia:default"].as_bool(), "{layer}");
            }
        }
    }
}

#[test]
fn a_style_needs_nothing_from_outside() {
    for document in every_style("http://here.test/x") {
        let text = document.to_string();
        assert_eq!(
            text.matches("://").count(),
            text.matches("http://here.test/x/").count(),
            "{text}"
        );
        assert!(document.get("glyphs").is_none());
        let is_with_sprites = document.get("sprite").is_some();
        assert_eq!(is_with_sprites, text.contains("fill-pattern"));
        assert_eq!(is_with_sprites, text.contains("icon-image"));
    }
    let (region, layers) = pack();
    let document = style(&region, &layers, Theme::Light, Lang::En, "", true);
    insta::assert_json_snapshot!(document["sources"], @r##"
    {
      "base": {
        "type": "vector",
        "url": "/tiles/land,rivers,coast,parcels,areas,towns.json",
        "promoteId": "id"
      },
      "shelters": {
        "type": "vector",
        "url": "/tiles/shelters.json",
        "promoteId": "id"
      },
      "flood": {
        "type": "vector",
        "url": "/tiles/flood.json",
        "promoteId": "id"
      },
      "roads": {
        "type": "vector",
        "url": "/tiles/roads.json",
        "promoteId": "id"
      },
      "parks": {
        "type": "vector",
        "url": "/tiles/parks.json",
        "promoteId": "id"
      },
      "teams": {
        "type": "vector",
        "url": "/tiles/teams.json",
        "promoteId": "id"
      },
      "wells": {
        "type": "vector",
        "url": "/tiles/wells.json",
        "promoteId": "id"
      }
    }
    "##);
    assert_eq!(document["zoom"], 6.0);
}

#[test]
fn a_pack_without_land_or_settlements_stands_on_plain_ground() {
    let (region, layers) = pack();
    let few: Vec<_> = layers
        .into_iter()
        .filter(|layer| ["areas", "shelters"].contains(&layer.id().as_str()))
        .collect();
    let document = style(&region, &few, Theme::Light, Lang::Zh, "", false);
    assert_eq!(document["layers"][0]["paint"]["background-color"], "#efeee9");
    assert!(ids(&document).contains(&"areas:label"));
    let nothing = style(&region, &[], Theme::Dark, Lang::Zh, "", false);
    assert_eq!(ids(&nothing), ["background"]);
}

#[test]
fn levels_are_painted_as_the_pack_says() {
    let (region, layers) = pack();
    let document = style(&region, &layers, Theme::Light, Lang::Zh, "", true);
    let part = |id: &str| {
        document["layers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|layer| layer["id"] == id)
            .unwrap()
            .clone()
    };
    insta::assert_compact_json_snapshot!(part("flood:fill")["paint"], @r##"
    {
      "fill-color": [
        "match",
        [
          "get",
          "level_rank"
        ],
        2,
        "#1f5fa8",
        "#cfe3f7"
      ],
      "fill-opacity": [
        "match",
        [
          "get",
          "level_rank"
        ],
        2,
        0.74,
        0.5
      ],
      "fill-antialias": false
    }
    "##);
    insta::assert_compact_json_snapshot!(part("flood:hatch")["filter"], @r##"["all", ["==", ["geometry-type"], "Polygon"], ["==", ["get", "level_rank"], 2]]"##);
}
