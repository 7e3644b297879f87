//! Whole tiles of small layers, decoded: what a change of drawing changes is seen in the difference.

use geo::{Coord, Geometry, Point, Rect, line_string};
use refugia::tiles::{TileCoord, TileLayer};
use serde_json::{Value, json};

use super::{
    columns,
    decode::Layer,
    encodings::decode_both,
    layers::{hazard, plain},
    sampling::tile_at,
};

fn square(lon: f64, lat: f64, size: f64) -> Geometry<f64> {
    let far = Coord {
        x: lon + size,
        y: lat + size,
    };
    Rect::new(Coord { x: lon, y: lat }, far).to_polygon().into()
}

/// Neighbours, a speck, a strip, a road, a crowd.
fn layers() -> Vec<TileLayer> {
    let strip = Rect::new(Coord { x: 118.0, y: 26.2 }, Coord { x: 118.6, y: 26.2001 }).to_polygon();
    let zones = vec![
        (square(118.0, 25.0, 0.5), 1),
        (square(118.5, 25.0, 0.5), 2),
        (square(118.7, 25.2, 0.0002), 4),
        (square(118.7, 25.2, 0.0003), 3),
        (strip.into(), 3),
    ];
    let road = line_string![(x: 118.0, y: 25.0), (x: 118.3, y: 25.31), (x: 118.9, y: 25.3), (x: 118.9, y: 26.5)];
    let crowd = (0..12).map(|index| Point::new(118.4 + f64::from(index / 3) * 0.05, 25.4).into());
    vec![
        TileLayer::build(hazard("flood", (0, 12), zones)),
        TileLayer::build(plain("roads", "reference", "kind = \"road\"", vec![road.into()])),
        TileLayer::build(plain(
            "posts",
            "facility",
            "zoom = { min = 3, max = 12 }",
            crowd.collect(),
        )),
    ]
}

fn text(layers: &[Layer]) -> Value {
    let features = |layer: &Layer| -> Vec<Value> {
        let features = layer.features.iter();
        features
            .map(|feature| {
                let paths = feature.paths.iter().map(|path| {
                    let vertices: Vec<String> = path.iter().map(|at| format!("{},{}", at.x, at.y)).collect();
                    vertices.join(" ")
                });
                json!({
                    "id": feature.id, "type": feature.kind, "properties": feature.properties,
                    "paths": paths.collect::<Vec<_>>(),
                })
            })
            .collect()
    };
    layers
        .iter()
        .map(|layer| json!({ "layer": layer.name, "features": features(layer) }))
        .collect()
}

fn golden(layers: &[TileLayer], tile: TileCoord) -> Value {
    let layers: Vec<&TileLayer> = layers.iter().collect();
    text(&decode_both(&layers, tile))
}

#[test]
fn golden_tiles() {
    let layers = layers();
    for zoom in [4, 8, 12] {
        insta::assert_json_snapshot!(
            format!("small_z{zoom}"),
            golden(&layers, tile_at(118.7001, 25.2001, zoom))
        );
    }
    let columns = [TileLayer::build(columns::layer())];
    insta::assert_json_snapshot!("columns_z10", golden(&columns, tile_at(117.3, 24.3, 10)));
}
