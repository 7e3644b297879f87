//! Writing MapLibre Tiles (version 1) from the same drawing that Mapbox Vector Tiles are written from.
//!
//! Owns the way from numbered tags to typed columns and from commands to geometries; the bytes are `mlt-core`'s.
//! Features stay in drawing order: sorting them along a curve would save a few bytes and put lower levels on top.
//!
//! Source: <https://maplibre.org/maplibre-tile-spec/specification/>.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use mlt_core::{PropKind, PropValue, TileLayer, TileLayerBuilder, encoder::EncoderConfig};

use super::{
    EXTENT,
    commands::{self, GeometryKind},
    drawn::DrawnLayer,
    rings::doubled_area,
    value::TagValue,
};
use crate::catalog::FieldKind;

/// Whole numbers up to here are the same as `f64`.
const LARGEST_EXACT: i64 = 1 << 53;

/// Appends a layer to a tile.
pub(super) fn encode(layer: &DrawnLayer<'_>, tile: &mut Vec<u8>) {
    let values: Vec<Option<TagValue<'_>>> = layer.table.values.iter().map(|value| TagValue::decode(value)).collect();
    let kinds = column_kinds(layer, &values);
    let builder = TileLayer::builder(layer.name, EXTENT as u32);
    let mut builder = builder.expect("a layer has a name, and the extent is not 0");
    let keys: Vec<_> = layer
        .table
        .keys
        .iter()
        .zip(&kinds)
        .map(|((name, _), kind)| builder.add_property(name.as_ref(), *kind).expect("names are distinct"))
        .collect();
    for feature in layer.features.iter() {
        let mut row = builder.feature(geometry(feature.kind, feature.words));
        row.id(feature.id);
        for tag in feature.tags.chunks_exact(2) {
            let (key, value) = (tag[0] as usize, values[tag[1] as usize]);
            if let Some(value) = value.and_then(|value| cell(kinds[key], value)) {
                row.property(keys[key], value).expect("the column is of this kind");
            }
        }
        row.finish().expect("every column has a value or null");
    }
    tile.extend(bytes(builder));
}

fn bytes(builder: TileLayerBuilder) -> Vec<u8> {
    let config = EncoderConfig::default()
        .with_spatial_morton_sort(false)
        .with_spatial_hilbert_sort(false)
        .with_id_sort(false);
    builder
        .finish()
        .encode(config)
        .expect("what was built column by column can be written")
}

/// The type of each column. Clients in a browser read 64-bit columns as big integers, which map styles cannot reckon
/// with, so whole numbers beyond 32 bits are doubles where that is exact.
fn column_kinds(layer: &DrawnLayer<'_>, values: &[Option<TagValue<'_>>]) -> Vec<PropKind> {
    let mut ranges = vec![(0_i64, 0_i64); layer.table.keys.len()];
    for tag in layer.features.iter().flat_map(|feature| feature.tags.chunks_exact(2)) {
        if let Some(TagValue::Int(value)) = values[tag[1] as usize] {
            let (least, most) = &mut ranges[tag[0] as usize];
            (*least, *most) = ((*least).min(value), (*most).max(value));
        }
    }
    let kinds = layer.table.keys.iter().zip(ranges);
    kinds
        .map(|((_, kind), (least, most))| match kind {
            FieldKind::Bool => PropKind::Bool,
            FieldKind::Float => PropKind::F64,
            FieldKind::Text => PropKind::Str,
            FieldKind::Int => {
                let is_unsigned = least >= 0 && u32::try_from(most).is_ok();
                let is_signed = i32::try_from(least).is_ok() && i32::try_from(most).is_ok();
                let is_exact = least >= -LARGEST_EXACT && most <= LARGEST_EXACT;
                if is_unsigned {
                    PropKind::U32
                } else if is_signed {
                    PropKind::I32
                } else if is_exact {
                    PropKind::F64
                } else {
                    PropKind::I64
                }
            }
        })
        .collect()
}

fn cell(kind: PropKind, value: TagValue<'_>) -> Option<PropValue> {
    match (kind, value) {
        (PropKind::Bool, TagValue::Bool(value)) => Some(PropValue::Bool(Some(value))),
        (PropKind::F64, TagValue::Double(value)) => Some(PropValue::F64(Some(value))),
        (PropKind::F64, TagValue::Int(value)) => Some(PropValue::F64(Some(value as f64))),
        (PropKind::U32, TagValue::Int(value)) => u32::try_from(value).ok().map(|value| PropValue::U32(Some(value))),
        (PropKind::I32, TagValue::Int(value)) => i32::try_from(value).ok().map(|value| PropValue::I32(Some(value))),
        (PropKind::I64, TagValue::Int(value)) => Some(PropValue::I64(Some(value))),
        (PropKind::Str, TagValue::Text(text)) => Some(PropValue::Str(Some(text.to_owned()))),
        _ => None,
    }
}

fn geometry(kind: GeometryKind, words: &[u32]) -> Geometry<i32> {
    let mut paths = commands::paths(words);
    match kind {
        GeometryKind::Point => {
            let mut points: Vec<Point<i32>> = paths.iter().flatten().map(|&at| Point(at)).collect();
            match points.pop() {
                Some(only) if points.is_empty() => only.into(),
                last => MultiPoint(points.into_iter().chain(last).collect()).into(),
            }
        }
        GeometryKind::Line => match paths.pop() {
            Some(only) if paths.is_empty() => LineString(only).into(),
            last => MultiLineString(paths.into_iter().chain(last).map(LineString).collect()).into(),
        },
        GeometryKind::Polygon => {
            let mut polygons = polygons(paths);
            match polygons.pop() {
                Some(only) if polygons.is_empty() => only.into(),
                last => MultiPolygon(polygons.into_iter().chain(last).collect()).into(),
            }
        }
    }
}

/// Polygons from rings: an exterior, then its holes, told apart by their winding.
fn polygons(rings: Vec<Vec<Coord<i32>>>) -> Vec<Polygon<i32>> {
    let mut polygons: Vec<Polygon<i32>> = Vec::new();
    for ring in rings {
        let is_exterior = doubled_area(&ring) > 0;
        let ring = LineString(ring);
        match polygons.last_mut() {
            Some(polygon) if !is_exterior => polygon.interiors_push(ring),
            _ => polygons.push(Polygon::new(ring, Vec::new())),
        }
    }
    polygons
}
