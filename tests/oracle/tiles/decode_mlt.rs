//! MapLibre Tiles into the same form as [`super::decode`] gives, with `mlt-core`'s decoder.

use geo::{Coord, Geometry, LineString, Polygon};
use mlt_core::{Decoder, Parser, PropValue};
use serde_json::Value;

use super::decode::{Feature, Layer};

/// Decodes a tile.
pub(crate) fn decode_mlt(tile: &[u8]) -> Vec<Layer> {
    const BYTES: u32 = 1 << 30;
    let layers = Parser::with_max_size(BYTES).parse_layers(tile).unwrap();
    layers.into_iter().map(layer).collect()
}

fn layer(layer: mlt_core::Layer<'_>) -> Layer {
    let layer = layer.into_layer01().expect("a layer of version 1");
    assert_eq!(layer.extent().get(), 4096);
    let layer = layer.into_tile(&mut Decoder::with_max_size(1 << 30)).unwrap();
    let names = layer.property_names();
    let features = layer.features().iter().map(|feature| {
        let (kind, paths) = paths(feature.geometry());
        let cells = names.iter().zip(feature.properties());
        Feature {
            id: feature.id().unwrap_or(0),
            kind,
            properties: cells
                .filter_map(|(name, value)| Some((name.clone(), json(value)?)))
                .collect(),
            paths,
        }
    });
    Layer {
        name: layer.name().to_owned(),
        features: features.collect(),
    }
}

fn json(value: &PropValue) -> Option<Value> {
    match value {
        PropValue::Bool(value) => value.map(Value::from),
        PropValue::U32(value) => value.map(Value::from),
        PropValue::I32(value) => value.map(Value::from),
        PropValue::I64(value) => value.map(Value::from),
        PropValue::F64(value) => value.map(Value::from),
        PropValue::Str(value) => value.clone().map(Value::from),
        other => panic!("we write no {other:?}"),
    }
}

fn paths(geometry: &Geometry<i32>) -> (u64, Vec<Vec<Coord<i32>>>) {
    let open = |ring: &LineString<i32>| ring.0[..ring.0.len() - 1].to_vec();
    let rings = |polygon: &Polygon<i32>| -> Vec<Vec<Coord<i32>>> {
        std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .map(open)
            .collect()
    };
    match geometry {
        Geometry::Point(point) => (1, vec![vec![point.0]]),
        Geometry::MultiPoint(points) => (1, vec![points.iter().map(|point| point.0).collect()]),
        Geometry::LineString(line) => (2, vec![line.0.clone()]),
        Geometry::MultiLineString(lines) => (2, lines.iter().map(|line| line.0.clone()).collect()),
        Geometry::Polygon(polygon) => (3, rings(polygon)),
        Geometry::MultiPolygon(polygons) => (3, polygons.iter().flat_map(rings).collect()),
        other => panic!("we draw no {other:?}"),
    }
}
