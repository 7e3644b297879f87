//! Writing Mapbox Vector Tiles 2.1: protocol buffer bytes for layers and features.
//!
//! Own code rather than a crate's encoder: `mvt` 0.15 and `geozero` 0.15 look every key and value up by its content for
//! every feature of every tile and keep each feature as an object of its own until the end. Here a layer's values are
//! encoded once when it is built (see [`super::properties`]), so a tile copies bytes by number; what is left to write is
//! this file. Independent decoders read every tile of a pyramid in the tests.
//!
//! Source: <https://github.com/mapbox/vector-tile-spec/tree/master/2.1>.

use super::{
    EXTENT,
    drawn::{DrawnFeature, DrawnLayer},
    protobuf::{bytes_len, put_bytes, put_key, put_number, put_varint, varint_len},
};

/// The version of the specification that layers declare.
const SPEC_VERSION: u64 = 2;

/// Appends a layer to a tile.
pub(super) fn encode(layer: &DrawnLayer<'_>, tile: &mut Vec<u8>) {
    let mut head = Vec::new();
    put_bytes(&mut head, 1, layer.name.as_bytes());
    let mut features = Vec::new();
    let mut message = Vec::new();
    for feature in layer.features.iter() {
        put_feature(&mut features, &mut message, feature);
    }
    let mut tail = Vec::new();
    for (key, _) in &layer.table.keys {
        put_bytes(&mut tail, 3, key.as_bytes());
    }
    for value in &layer.table.values {
        put_bytes(&mut tail, 4, value);
    }
    put_number(&mut tail, 5, EXTENT as u64);
    put_number(&mut tail, 15, SPEC_VERSION);
    put_key(tile, 3, 2);
    put_varint(tile, (head.len() + features.len() + tail.len()) as u64);
    tile.extend(head);
    tile.extend(features);
    tile.extend(tail);
}

fn put_feature(out: &mut Vec<u8>, message: &mut Vec<u8>, feature: DrawnFeature<'_>) {
    message.clear();
    if let Some(id) = feature.id {
        put_number(message, 1, id);
    }
    put_packed(message, 2, feature.tags);
    put_number(message, 3, feature.kind as u64);
    put_packed(message, 4, feature.words);
    put_bytes(out, 2, message);
}

fn put_packed(out: &mut Vec<u8>, field: u64, words: &[u32]) {
    put_key(out, field, 2);
    put_varint(out, packed_len(words) as u64);
    for word in words {
        put_varint(out, u64::from(*word));
    }
}

fn packed_len(words: &[u32]) -> usize {
    words.iter().map(|word| varint_len(u64::from(*word))).sum()
}

/// The bytes that [`encode`] appends, without writing them.
pub(super) fn encoded_len(layer: &DrawnLayer<'_>) -> usize {
    let feature = |feature: DrawnFeature<'_>| {
        let id = feature.id.map_or(0, |id| 1 + varint_len(id));
        // The kind is two bytes.
        bytes_len(id + bytes_len(packed_len(feature.tags)) + 2 + bytes_len(packed_len(feature.words)))
    };
    let features: usize = layer.features.iter().map(feature).sum();
    let keys: usize = layer.table.keys.iter().map(|(key, _)| bytes_len(key.len())).sum();
    let values: usize = layer.table.values.iter().map(|value| bytes_len(value.len())).sum();
    let numbers = 2 + varint_len(EXTENT as u64) + varint_len(SPEC_VERSION);
    bytes_len(bytes_len(layer.name.len()) + features + keys + values + numbers)
}
