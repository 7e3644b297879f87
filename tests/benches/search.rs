//! Search over 50 000 invented names, as many as a province's shelters and villages.

#![allow(missing_docs, clippy::expect_used)]

use std::{hint::black_box, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{Geometry, Point};
use refugia::{
    catalog::{AttributesBuilder, Field, FieldKind, Layer, LayerManifest, LayerVersion, Value},
    geometry::LonLat,
    messages::Lang,
    search::SearchIndex,
};

const NAMES: usize = 50_000;

/// Syllables of place names with their readings: frequent ones first, some with several readings.
const SYLLABLES: [(&str, &str); 32] = [
    ("福", "fu"),
    ("州", "zhou"),
    ("山", "shan"),
    ("长", "chang"),
    ("乐", "le"),
    ("安", "an"),
    ("溪", "xi"),
    ("厦", "xia"),
    ("门", "men"),
    ("泉", "quan"),
    ("龙", "long"),
    ("南", "nan"),
    ("平", "ping"),
    ("宁", "ning"),
    ("德", "de"),
    ("莆", "pu"),
    ("田", "tian"),
    ("漳", "zhang"),
    ("浦", "pu"),
    ("石", "shi"),
    ("马", "ma"),
    ("江", "jiang"),
    ("东", "dong"),
    ("湖", "hu"),
    ("新", "xin"),
    ("行", "xing"),
    ("大", "da"),
    ("洋", "yang"),
    ("中", "zhong"),
    ("和", "he"),
    ("重", "chong"),
    ("林", "lin"),
];

const ENDINGS: [(&str, &str); 5] = [
    ("村委会避灾点", "Village Committee Shelter"),
    ("中心小学", "Central Primary School"),
    ("社区", "Community"),
    ("第一中学体育馆", "No. 1 High School Gym"),
    ("村", "Village"),
];

/// A step of the generator of Numerical Recipes (multiplier 1664525, increment 1013904223).
fn next(state: &mut u32) -> usize {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*state >> 8) as usize
}

fn layer() -> Arc<Layer> {
    let manifest: LayerManifest = toml::from_str(
        "id = \"shelters\"\nrole = \"shelter\"\nnames = { zh = \"避灾点\", en = \"Shelters\" }\nfile = \"s.fgb\"\n\
         source = \"invented\"\nlicence = \"CC0-1.0\"\nvintage = \"2026\"\nsynthetic = true\n\
         [attributes]\nname = { zh = \"zh\", en = \"en\" }\n",
    )
    .expect("a manifest");
    let field = |name: &str| Field {
        name: name.to_owned(),
        kind: FieldKind::Text,
    };
    let mut table = AttributesBuilder::new(vec![field("zh"), field("en")]);
    let mut points = Vec::with_capacity(NAMES);
    let mut state = 7;
    for _ in 0..NAMES {
        let (mut zh, mut en) = (String::new(), String::new());
        for word in 0..3 {
            for _ in 0..=next(&mut state) % 2 {
                // Two numbers multiplied: the first syllables are met far more often than the last.
                let (han, latin) = SYLLABLES[next(&mut state) % 32 * (next(&mut state) % 32) / 32];
                zh.push_str(han);
                en.push_str(latin);
            }
            zh.push_str(["县", "镇", ""][word]);
            en.push(' ');
        }
        let ending = ENDINGS[next(&mut state) % ENDINGS.len()];
        let (zh, en) = (zh + ending.0, en + ending.1);
        table.push_row([Some(Value::Text(&zh)), Some(Value::Text(&en))]);
        let degrees = |state: &mut u32| (next(state) % 5_000) as f64 / 1_000.0;
        let (lon, lat) = (115.8 + degrees(&mut state), 23.4 + degrees(&mut state));
        points.push(Geometry::Point(Point::new(lon, lat)));
    }
    Arc::new(Layer::new(manifest, points, table.finish(), LayerVersion(1)).expect("a layer"))
}

fn search(criterion: &mut Criterion) {
    let layers = [layer()];
    let index = SearchIndex::build(&layers);
    let bias = LonLat::new(119.3, 26.1).ok();
    let mut group = criterion.benchmark_group("search 50000 names");
    for (what, query) in [
        ("rare character substring", "重林"),
        ("frequent character", "福"),
        ("frequent substring", "避灾点"),
        ("pinyin", "changle"),
        ("long pinyin", "fuzhouxianfuzhouzhen"),
        ("initials", "fzx"),
        ("mixed", "福zhou"),
        ("English word", "school"),
        ("English words", "school fuzhou"),
        ("misspelt", "comittee"),
        ("nothing", "zzzzqqqq"),
    ] {
        group.bench_function(what, |bencher| {
            bencher.iter(|| black_box(index.find(black_box(query), 10, bias, Lang::Zh)).len());
        });
    }
    group.sample_size(10);
    group.bench_function("build", |bencher| bencher.iter(|| SearchIndex::build(&layers).len()));
    group.finish();
}

criterion_group!(benches, search);
criterion_main!(benches);
