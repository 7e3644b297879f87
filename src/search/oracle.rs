//! The index against a plain scan that scores every feature by the definition of each tier.

use std::sync::Arc;

use geo::{Distance, Haversine};
use geo_types::{Geometry, Point};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    Match, SearchIndex, fold, fuzzy,
    pinyin::{self, Spelling, Spelt},
    rank,
    text::{self, Found},
};
use crate::{
    catalog::{Attribute, AttributesBuilder, Field, FieldKind, Layer, LayerManifest, LayerVersion, Role, Value},
    geometry::LonLat,
    messages::Lang,
};

/// A named point.
#[derive(Debug, Clone)]
struct Feature {
    zh: String,
    en: Option<String>,
    rank: i64,
    lon: f64,
    lat: f64,
}

fn layer(id: &str, role: &str, features: &[Feature]) -> Arc<Layer> {
    let rank = if role == "settlement" { "rank = \"rank\"" } else { "" };
    let manifest: LayerManifest = toml::from_str(&format!(
        "id = \"{id}\"\nrole = \"{role}\"\nnames = {{ zh = \"层\", en = \"Layer\" }}\nfile = \"{id}.fgb\"\n\
         source = \"made up\"\nlicence = \"CC0-1.0\"\nvintage = \"2026\"\nsynthetic = true\n\
         [attributes]\nid = \"id\"\nname = {{ zh = \"zh\", en = \"en\" }}\n{rank}\n"
    ))
    .unwrap();
    let field = |(name, kind): (&str, FieldKind)| Field {
        name: name.to_owned(),
        kind,
    };
    let fields = [
        ("id", FieldKind::Text),
        ("zh", FieldKind::Text),
        ("en", FieldKind::Text),
        ("rank", FieldKind::Int),
    ];
    let mut table = AttributesBuilder::new(fields.map(field).to_vec());
    for (row, feature) in features.iter().enumerate() {
        table.push_row([
            Some(Value::Text(&format!("fz-{row}"))),
            Some(Value::Text(&feature.zh)),
            feature.en.as_deref().map(Value::Text),
            Some(Value::Int(feature.rank)),
        ]);
    }
    let points = features
        .iter()
        .map(|f| Geometry::Point(Point::new(f.lon, f.lat)))
        .collect();
    Arc::new(Layer::new(manifest, points, table.finish(), LayerVersion(1)).unwrap())
}

fn match_text(names: &[String], role: Role, text: &str) -> Option<Match> {
    let found = names.iter().flat_map(|name| text::scan(name, text));
    found
        .map(|found| match found {
            Found::Start(rest) if rest.is_empty() || rank::is_area_word(role, rest) => Match::Exact,
            Found::Start(_) => Match::Prefix,
            Found::Word => Match::WordPrefix,
            Found::Inside => Match::Substring,
        })
        .min()
}

fn match_pinyin(names: &[String], words: &[String]) -> Option<Match> {
    let spelt = Spelt::new(words);
    let tiers = [
        (Spelling::Syllables, Match::Pinyin, Match::PinyinInside),
        (Spelling::Initials, Match::Initials, Match::InitialsInside),
    ];
    let found = tiers.into_iter().flat_map(|(spelling, start, inside)| {
        let places = names
            .iter()
            .filter_map(|name| pinyin::scan(name, &spelt, spelling))
            .collect::<Vec<_>>();
        places
            .into_iter()
            .map(move |is_start| if is_start { start } else { inside })
    });
    found.min()
}

/// The best tier in which the query fits a feature.
fn best(layer: &Layer, row: usize, words: &[String]) -> Option<Match> {
    let names: Vec<String> = [Lang::Zh, Lang::En]
        .iter()
        .filter_map(|&lang| layer.name(row, lang))
        .map(|name| fold::fold(&name))
        .collect();
    let has = |word: &String| names.iter().any(|name| !text::scan(name, word).is_empty());
    let nearly = |word: &String| {
        names
            .iter()
            .flat_map(|name| fuzzy::spaced_words(name))
            .any(|known| fuzzy::is_near(known, word))
    };
    let is_id = fold::fold(&layer.text(row, Attribute::Id)?) == fold::join(words);
    [
        is_id.then_some(Match::Exact),
        match_text(&names, layer.role(), &fold::join(words)),
        (words.len() > 1 && words.iter().all(has)).then_some(Match::Parts),
        match_pinyin(&names, words),
        words
            .iter()
            .all(|word| has(word) || nearly(word))
            .then_some(Match::Fuzzy),
    ]
    .into_iter()
    .flatten()
    .min()
}

fn scan(layers: &[Arc<Layer>], query: &str, limit: usize, bias: Option<LonLat>) -> Vec<(String, Match)> {
    let words = fold::words(query);
    let mut found = Vec::new();
    for (order, layer) in layers.iter().enumerate() {
        for (row, geometry) in layer.geometries().iter().enumerate() {
            let Geometry::Point(point) = geometry else { continue };
            let distance = bias.map_or(0.0, |bias| Haversine.distance(*point, Point::from(bias)));
            if let Some(matched) = best(layer, row, &words) {
                let id = layer.feature_id(row).into_owned();
                found.push((matched, rank::importance(layer, row), distance, order, id));
            }
        }
    }
    found.sort_by(|a, b| a.partial_cmp(b).unwrap());
    found.truncate(limit);
    found
        .into_iter()
        .map(|(matched, _, _, order, id)| (format!("{order}/{id}"), matched))
        .collect()
}

fn name() -> impl Strategy<Value = String> {
    let part = select(vec![
        "福",
        "州",
        "长",
        "乐",
        "市",
        "厦",
        "绿",
        "一",
        "中",
        "小学",
        "（",
        "1",
        "A",
        " ",
        "fuzhou",
        "Fuzhou School",
    ]);
    vec(part, 1..6).prop_map(|parts| parts.concat())
}

fn english() -> impl Strategy<Value = String> {
    let word = select(vec![
        "Fuzhou", "Changle", "School", "No.1", "Shi", "District", "Xi'an", "Cháng", "Sports",
    ]);
    vec(word, 1..4).prop_map(|words| words.join(" "))
}

fn feature() -> impl Strategy<Value = Feature> {
    (name(), option::of(english()), 0..3_i64, -180.0..180.0, -80.0..80.0).prop_map(|(zh, en, rank, lon, lat)| Feature {
        zh,
        en,
        rank,
        lon,
        lat,
    })
}

fn query() -> impl Strategy<Value = String> {
    let part = select(vec![
        "福", "州", "长乐", "市", "fu", "zhou", "f", "z", "chang", "le", "yue", "zh", "1", "a", " ", "zhong", "xia",
        "lv", "yizhong", "fuzhuo", "school", "scholo", "shi", "distrct", "fz-1", "2", "zhoushi",
    ]);
    vec(part, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn the_index_finds_what_a_scan_finds(
        (towns, shelters) in (vec(feature(), 0..14), vec(feature(), 0..14)),
        query in query(),
        limit in 1..12_usize,
        bias in option::of((-180.0..180.0, -80.0..80.0)),
    ) {
        let layers = [layer("towns", "settlement", &towns), layer("shelters", "shelter", &shelters)];
        let bias = bias.map(|(lon, lat)| LonLat::new(lon, lat).unwrap());
        let hits = SearchIndex::build(&layers).find(&query, limit, bias, Lang::Zh);
        let order = |hit: &super::Hit| usize::from(hit.layer.id() == layers[1].id());
        let found: Vec<_> =
            hits.iter().map(|hit| (format!("{}/{}", order(hit), hit.layer.feature_id(hit.row)), hit.matched)).collect();
        let expected = if fold::words(&query).is_empty() { Vec::new() } else { scan(&layers, &query, limit, bias) };
        prop_assert_eq!(found, expected);
    }
}
