//! The rules of `tiles/SCHEMA.md` about properties, zooms, markers, points, lines and drawing order; TileJSON; the cache.

use std::{collections::BTreeMap, io::Read, sync::Arc, thread};

use geo::{Coord, Geometry, LineString, Point, Rect, line_string};
use refugia::{
    catalog::{AttributesBuilder, Field, FieldKind, Layer, LayerVersion, Value},
    coding::ContentCoding,
    tiles::{Encoding, JoinedVersion, TileCache, TileCoord, TileFormat, TileKey, TileLayer, render, tilejson},
};
use serde_json::json;

use super::{
    decode::{Feature, decode},
    layers::{hazard, manifest, plain},
    sampling::tile_at,
    validity::assert_valid,
};

fn square(lon: f64, lat: f64, size: f64) -> Geometry<f64> {
    Rect::new(
        Coord { x: lon, y: lat },
        Coord {
            x: lon + size,
            y: lat + size,
        },
    )
    .to_polygon()
    .into()
}

fn features(layer: &TileLayer, tile: TileCoord) -> Vec<Feature> {
    let layers = decode(&render(&[layer], tile, Encoding::Mvt).unwrap());
    assert_valid(&layers, &tile.to_string());
    layers.into_iter().flat_map(|layer| layer.features).collect()
}

fn shelters() -> Arc<Layer> {
    let fields = [
        ("code", FieldKind::Text),
        ("name", FieldKind::Text),
        ("beds", FieldKind::Int),
        ("state", FieldKind::Text),
        ("flood", FieldKind::Text),
        ("area", FieldKind::Float),
        ("kept", FieldKind::Bool),
        ("capacity", FieldKind::Text),
    ];
    let mut table = AttributesBuilder::new(
        fields
            .map(|(name, kind)| Field {
                name: name.into(),
                kind,
            })
            .to_vec(),
    );
    let row = [
        Value::Text("A1"),
        Value::Text("一中"),
        Value::Int(300),
        Value::Text("open"),
        Value::Text("yes"),
        Value::Float(12.5),
        Value::Bool(true),
        Value::Text("a column that has a canonical property's name"),
    ];
    table.push_row(row.map(Some));
    table.push_row([Some(Value::Text("A2"))]);
    let more = r#"zoom = { min = 5, max = 14 }
        [attributes]
        id = "code"
        name = "name"
        capacity = "beds"
        status = "state"
        suits = { flood = "flood" }"#;
    let at = |lon: f64| Point::new(lon, 26.0).into();
    Arc::new(
        Layer::new(
            manifest("shelters", "shelter", more),
            vec![at(119.0), at(119.1)],
            table.finish(),
            LayerVersion(7),
        )
        .unwrap(),
    )
}

#[test]
fn properties_are_canonical_and_typed_and_the_rest_comes_from_zoom_10() {
    let layer = TileLayer::build(shelters());
    let by_id = |zoom| -> BTreeMap<u64, _> {
        let tile = tile_at(119.05, 26.0, zoom);
        features(&layer, tile)
            .into_iter()
            .map(|feature| (feature.id, json!(feature.properties)))
            .collect()
    };
    let known = json!({
        "id": "A1", "name_zh": "一中", "name_en": "一中", "synthetic": true,
        "status": "open", "capacity": 300, "suits_flood": "yes",
    });
    let unknown = json!({ "id": "A2", "synthetic": true, "status": "unknown", "suits_flood": "unknown" });
    assert_eq!(by_id(9), BTreeMap::from([(1, known.clone()), (2, unknown)]));
    let mut with_columns = known;
    with_columns["area"] = json!(12.5);
    with_columns["kept"] = json!(true);
    assert_eq!(by_id(10)[&1], with_columns);
}

#[test]
fn outside_a_layer_s_zooms_there_is_nothing() {
    let layer = TileLayer::build(shelters());
    let count = |zoom| features(&layer, tile_at(119.0, 26.0, zoom)).len();
    assert_eq!([4, 5, 14, 15].map(count), [0, 2, 1, 0]);
    assert!(
        render(&[&layer], tile_at(0.0, 0.0, 7), Encoding::Mvt)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn joined_layers_stand_in_the_order_asked_for() {
    let shelters = TileLayer::build(shelters());
    let flood = TileLayer::build(hazard("flood", (0, 14), vec![(square(118.9, 25.9, 0.3), 2)]));
    let tile = tile_at(119.0, 26.0, 8);
    let names = |layers: &[&TileLayer]| -> Vec<String> {
        decode(&render(layers, tile, Encoding::Mvt).unwrap())
            .into_iter()
            .map(|layer| layer.name)
            .collect()
    };
    assert_eq!(names(&[&flood, &shelters]), ["flood", "shelters"]);
    assert_eq!(names(&[&shelters, &flood]), ["shelters", "flood"]);
}

#[test]
fn the_highest_level_is_on_top() {
    let zones = [3, 1, 4, 2, 1].map(|rank| (square(119.0, 26.0, 0.2), rank));
    let layer = TileLayer::build(hazard("flood", (0, 14), zones.to_vec()));
    for zoom in [8, 14] {
        let drawn = features(&layer, tile_at(119.1, 26.1, zoom));
        let ranks: Vec<_> = drawn
            .iter()
            .map(|feature| feature.properties["level_rank"].as_u64().unwrap())
            .collect();
        assert_eq!(ranks, [1, 1, 2, 3, 4]);
        assert_eq!(drawn[0].id, 2, "rows of one level stay in order");
    }
}

#[test]
fn a_danger_zone_is_seen_at_every_zoom_and_the_highest_gets_the_pixel() {
    let small = [(square(119.0, 26.0, 1e-4), 3), (square(119.0, 26.0002, 1e-4), 2)];
    let layer = TileLayer::build(hazard("flood", (0, 16), small.to_vec()));
    for zoom in 0..=16 {
        let drawn = features(&layer, tile_at(119.00005, 26.00005, zoom));
        assert!(
            drawn.iter().any(|feature| feature.id == 1 && feature.area() >= 16.0),
            "zoom {zoom}"
        );
        assert_eq!(drawn.len(), if zoom < 12 { 1 } else { drawn.len() }, "zoom {zoom}");
    }
    assert_eq!(features(&layer, tile_at(119.00005, 26.00015, 16)).len(), 2);
}

#[test]
fn a_thin_danger_zone_is_a_line_of_pixels() {
    let river = Rect::new(Coord { x: 118.0, y: 26.0 }, Coord { x: 119.0, y: 26.0001 }).to_polygon();
    let layer = TileLayer::build(hazard("flood", (0, 14), vec![(river.into(), 1)]));
    let drawn = features(&layer, tile_at(118.5, 26.0, 5));
    let length = 1.0 / 360.0 * 32.0 * 4096.0;
    let area = drawn[0].area();
    assert!((area - length * 8.0).abs() < 2.0 * 64.0, "{area} of {length} by 8");
}

#[test]
fn other_layers_lose_small_islands_but_no_feature() {
    let county = geo::MultiPolygon::new(vec![
        Rect::new(Coord { x: 118.0, y: 25.0 }, Coord { x: 119.0, y: 26.0 }).to_polygon(),
        Rect::new(Coord { x: 119.5, y: 25.0 }, Coord { x: 119.501, y: 25.001 }).to_polygon(),
    ]);
    let islet = square(119.8, 25.0, 0.001);
    let layer = TileLayer::build(plain("counties", "admin_area", "", vec![county.into(), islet]));
    let drawn = features(&layer, tile_at(118.5, 25.5, 5));
    assert_eq!(
        drawn
            .iter()
            .map(|feature| (feature.id, feature.paths.len()))
            .collect::<Vec<_>>(),
        [(1, 1), (2, 1)]
    );
    assert_eq!(features(&layer, tile_at(119.5005, 25.0005, 14)).len(), 1);
}

#[test]
fn points_are_one_per_pixel_until_the_last_zoom() {
    let crowd = (0..50).map(|index| Point::new(119.0 + f64::from(index) * 1e-6, 26.0).into());
    let layer = TileLayer::build(plain(
        "posts",
        "facility",
        "zoom = { min = 0, max = 12 }",
        crowd.collect(),
    ));
    let drawn = |zoom| features(&layer, tile_at(119.0, 26.0, zoom));
    assert_eq!((drawn(4).len(), drawn(12).len()), (1, 50));
    assert_eq!((drawn(4)[0].id, &drawn(4)[0].properties["count"]), (50, &json!(50)));
    assert!(
        drawn(12)
            .iter()
            .all(|feature| !feature.properties.contains_key("count"))
    );
}

#[test]
fn points_in_the_buffer_are_in_both_tiles() {
    let on_the_edge = tile_at(119.0, 26.0, 10).mercator_box();
    let lon = on_the_edge.max().x * 360.0 - 180.0 - 1e-4;
    let layer = TileLayer::build(plain("posts", "facility", "", vec![Point::new(lon, 26.0).into()]));
    let here = tile_at(lon, 26.0, 10);
    let beside = TileCoord::new(10, here.x() + 1, here.y()).unwrap();
    let [a, b] = [here, beside].map(|tile| features(&layer, tile)[0].paths[0][0]);
    assert_eq!((a.x - 4096, a.y), (b.x, b.y));
}

#[test]
fn a_line_that_comes_back_is_cut_into_pieces() {
    let window = tile_at(119.0, 26.0, 10).mercator_box();
    let degrees = |x: f64| (window.min().x + x * (window.max().x - window.min().x)) * 360.0 - 180.0;
    let lat = 26.0;
    let zigzag: LineString<f64> = line_string![
        (x: degrees(0.5), y: lat), (x: degrees(1.5), y: lat), (x: degrees(1.5), y: lat + 0.01),
        (x: degrees(0.5), y: lat + 0.01), (x: degrees(0.5), y: lat + 0.02),
    ];
    let layer = TileLayer::build(plain("rivers", "reference", "kind = \"river\"", vec![zigzag.into()]));
    let drawn = features(&layer, tile_at(119.0, 26.0, 10));
    assert_eq!((drawn.len(), drawn[0].paths.len()), (1, 2));
    assert_eq!(drawn[0].paths.iter().map(Vec::len).collect::<Vec<_>>(), [2, 3]);
    assert!(drawn[0].paths.iter().flatten().all(|at| at.x <= 4096 + 64));
    assert_eq!(drawn[0].properties["kind"], "river");
}

#[test]
fn tilejson_says_what_is_in_the_tiles() {
    let shelters = TileLayer::build(shelters());
    let islands = vec![(square(179.0, -18.0, 0.5), 1), (square(-180.0, -17.0, 0.5), 1)];
    let flood = TileLayer::build(hazard("flood", (0, 12), islands));
    let document = serde_json::to_value(tilejson(&[&flood, &shelters], "https://example.org", Encoding::Mvt)).unwrap();
    let version = JoinedVersion::of(&[&flood, &shelters]).to_string();
    let template = format!("https://example.org/tiles/flood,shelters/{{z}}/{{x}}/{{y}}.mvt?v={version}");
    assert_eq!(document["tiles"], json!([template]));
    assert_eq!(
        (&document["tilejson"], &document["scheme"]),
        (&json!("3.0.0"), &json!("xyz"))
    );
    assert_eq!((&document["minzoom"], &document["maxzoom"]), (&json!(0), &json!(14)));
    assert_eq!(document["attribution"], "made by a test (CC0-1.0)");
    assert_eq!(document["vector_layers"][0]["id"], "flood");
    assert_eq!(
        document["vector_layers"][1]["fields"],
        json!({
            "id": "String", "name_zh": "String", "name_en": "String", "synthetic": "Boolean", "status": "String",
            "capacity": "Number", "suits_flood": "String", "count": "Number, where the feature stands for several", "area": "Number, from zoom 10", "kept": "Boolean, from zoom 10",
        })
    );
    let said: Vec<&str> = document["vector_layers"][2]["fields"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        (&document["vector_layers"][2]["id"], said),
        (&json!("thinned"), vec!["degree", "features", "layer", "shown"])
    );
    assert_eq!(document.get("encoding"), None);
    let mlt = serde_json::to_value(tilejson(&[&flood], "", Encoding::Mlt)).unwrap();
    assert_eq!(mlt["encoding"], "mlt");
    assert!(
        mlt["tiles"][0]
            .as_str()
            .unwrap()
            .starts_with("/tiles/flood/{z}/{x}/{y}.mlt?v=")
    );
    let bounds: [f64; 4] = serde_json::from_value(document["bounds"].clone()).unwrap();
    assert_eq!(
        (bounds[0], bounds[2]),
        (-180.0, 180.0),
        "west stays below east across the antimeridian"
    );
    let alone = serde_json::to_value(tilejson(&[&shelters], "", Encoding::Mvt)).unwrap();
    assert_eq!(alone["bounds"], json!([119.0, 26.0, 119.1, 26.0]));
    assert!(
        alone["tiles"][0]
            .as_str()
            .unwrap()
            .starts_with("/tiles/shelters/{z}/{x}/{y}.mvt?v=")
    );
}

#[test]
fn the_cache_gives_the_rendered_bytes_in_every_coding() {
    let layer = TileLayer::build(shelters());
    let cache = TileCache::new(1 << 20);
    let tile = tile_at(119.0, 26.0, 10);
    let ask = |coding| cache.get(&[&layer], tile, Encoding::Mvt, coding).unwrap();
    let rendered = render(&[&layer], tile, Encoding::Mvt).unwrap();
    let gzip = ask(ContentCoding::Gzip);
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&gzip[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, rendered);
    assert_eq!(ask(ContentCoding::Identity), rendered);
    thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| ask(ContentCoding::Gzip))).collect();
        assert!(
            asked
                .into_iter()
                .all(|tile| tile.join().unwrap().as_ptr() == gzip.as_ptr()),
            "rendered and compressed once"
        );
    });
    assert_eq!(cache.size().0, 2);
    let key = |tile| TileKey {
        version: JoinedVersion::of(&[&layer]),
        tile,
        format: Encoding::Mvt.into(),
    };
    assert!(cache.peek(key(tile), ContentCoding::Brotli).is_none());
    let nowhere = tile_at(0.0, 0.0, 10);
    let empty = cache
        .get(&[&layer], nowhere, Encoding::Mvt, ContentCoding::Zstd)
        .unwrap();
    assert!(
        empty.is_empty()
            && cache
                .peek(key(nowhere), ContentCoding::Gzip)
                .is_some_and(|tile| tile.is_empty())
    );
    assert_eq!(cache.size().0, 3);
}

#[test]
fn the_cache_stays_within_its_bytes() {
    let layer = TileLayer::build(hazard("flood", (0, 14), super::coverage::make(5, 20, 5)));
    let cache = TileCache::new(200_000);
    for tile in super::sampling::tiles_over(super::coverage::BOX, 9) {
        cache.get(&[&layer], tile, Encoding::Mvt, ContentCoding::Gzip).unwrap();
    }
    let (count, bytes) = cache.size();
    assert!(count > 0 && bytes <= 200_000, "{count} tiles, {bytes} bytes");
}

#[test]
fn entity_tags_follow_the_content() {
    let one = TileLayer::build(shelters());
    let same = TileLayer::build(shelters());
    let flood = TileLayer::build(hazard("flood", (0, 12), vec![(square(119.0, 26.0, 1.0), 1)]));
    let tile = tile_at(119.0, 26.0, 10);
    let tag = |layers: &[&TileLayer], encoding| {
        let version = JoinedVersion::of(layers);
        let key = TileKey {
            version,
            tile,
            format: TileFormat::from(encoding),
        };
        key.tag()
    };
    let plain = tag(&[&one], Encoding::Mvt);
    assert_eq!(plain, tag(&[&same], Encoding::Mvt));
    assert_ne!(tag(&[&one, &flood], Encoding::Mvt), tag(&[&flood, &one], Encoding::Mvt));
    assert_ne!(plain, tag(&[&one], Encoding::Mlt));
}
