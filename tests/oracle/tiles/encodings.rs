//! Both encodings of a tile hold the same features.

use std::path::Path;

use refugia::{
    catalog::Region,
    tiles::{Encoding, MAX_TILE_BYTES, TileCoord, TileLayer, render},
};
use serde_json::Value;

use super::{
    columns, coverage,
    decode::{Layer, decode},
    decode_mlt::decode_mlt,
    layers::hazard,
    sampling::tiles_over,
};

/// What either encoding decodes to, after comparing them feature by feature.
pub(crate) fn decode_both(layers: &[&TileLayer], tile: TileCoord) -> Vec<Layer> {
    let [mvt, mlt] = Encoding::ALL.map(|encoding| render(layers, tile, encoding).unwrap());
    assert!(mvt.len() <= MAX_TILE_BYTES && mlt.len() <= MAX_TILE_BYTES, "{tile}");
    let (mut expected, mut found) = (decode(&mvt), decode_mlt(&mlt));
    for feature in expected
        .iter_mut()
        .chain(&mut found)
        .flat_map(|layer| &mut layer.features)
    {
        // A whole number is a double where its column goes beyond 32 bits.
        feature
            .properties
            .values_mut()
            .filter(|value| value.is_number())
            .for_each(|value| {
                *value = Value::from(value.as_f64());
            });
    }
    assert_eq!(found.len(), expected.len(), "{tile}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(
            (&found.name, found.features.len()),
            (&expected.name, expected.features.len()),
            "{tile}"
        );
        for (found, expected) in found.features.iter().zip(&expected.features) {
            assert_eq!(found, expected, "{tile}");
        }
    }
    decode(&mvt)
}

/// The pyramid of the pack that comes with the software: every tile of the first zooms, then ever fewer of each.
#[test]
fn both_encodings_of_the_fujian_pack_hold_the_same() {
    let region = Region::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/fujian"))).unwrap();
    let layers: Vec<TileLayer> = region.layers.iter().cloned().map(TileLayer::build).collect();
    let layers: Vec<&TileLayer> = layers.iter().collect();
    let deepest = layers.iter().map(|layer| layer.zooms().max).max().unwrap();
    let mut features = 0;
    for zoom in 0..=deepest {
        let tiles = tiles_over(region.manifest.bbox.into(), zoom);
        let step = tiles.len().div_ceil(8);
        for tile in tiles.into_iter().step_by(step) {
            features += decode_both(&layers, tile)
                .iter()
                .map(|layer| layer.features.len())
                .sum::<usize>();
        }
    }
    assert!(features > 10_000, "{features}");
}

#[test]
fn both_encodings_hold_every_type_of_property_and_geometry() {
    let layers = [
        TileLayer::build(columns::layer()),
        TileLayer::build(hazard("flood", (0, 12), coverage::make(29, 14, 5))),
    ];
    let layers: Vec<&TileLayer> = layers.iter().collect();
    for zoom in 0..=12 {
        let tiles = tiles_over(coverage::BOX, zoom);
        let step = tiles.len().div_ceil(30);
        for tile in tiles.into_iter().step_by(step) {
            decode_both(&layers, tile);
        }
    }
}
