//! What an archive says of itself, as TileJSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::OpenArchive;
use crate::{
    catalog::{ArchiveManifest, ZoomRange},
    geometry::MAX_LATITUDE,
    tiles::{
        Encoding, JoinedVersion, TileFormat, TileJson, VectorLayer,
        tilejson::{attributed, template},
    },
};

/// TileJSON has a version of its own for what does not state one.
const NO_VERSION: &str = "1.0.0";

/// Describes an archive's tiles, served below `base_url` (scheme, host and prefix without a final slash; may be empty for
/// URLs relative to the host). Source and licence are the manifest's: what an archive says of them is other people's
/// markup.
pub fn describe(manifest: &ArchiveManifest, open: &OpenArchive, base_url: &str) -> TileJson {
    let version = JoinedVersion::of_archive(&manifest.id, open.content());
    let ZoomRange { min, max } = open.zooms();
    let metadata = open.metadata();
    let [west, south, east, north] = open.bounds();
    let latitude = |degrees: f64| degrees.clamp(-MAX_LATITUDE, MAX_LATITUDE);
    let (lon, lat, zoom) = open.center();
    let is_inside = (west..=east).contains(&lon) && (south..=north).contains(&lat);
    let (lon, lat) = if is_inside {
        (lon, lat)
    } else {
        (west.midpoint(east), south.midpoint(north))
    };
    TileJson {
        tilejson: "3.0.0",
        tiles: vec![template(
            base_url,
            manifest.id.as_str(),
            open.format().as_str(),
            version,
        )],
        encoding: match open.format() {
            TileFormat::Vector(encoding) if encoding != Encoding::Mvt => Some(encoding.as_str()),
            _ => None,
        },
        vector_layers: vector_layers(metadata, open.zooms()),
        attribution: attributed(&manifest.source, &manifest.licence),
        bounds: [west, latitude(south), east, latitude(north)],
        center: [lon, latitude(lat), f64::from(zoom.clamp(min, max))],
        minzoom: min,
        maxzoom: max,
        name: format!("{} · {}", manifest.names.zh, manifest.names.en),
        scheme: "xyz",
        version: text(metadata, "version").unwrap_or(NO_VERSION).to_owned().into(),
    }
}

fn text<'m>(metadata: &'m Map<String, Value>, key: &str) -> Option<&'m str> {
    metadata.get(key)?.as_str()
}

/// The layers that the metadata name, as far as they make sense.
fn vector_layers(metadata: &Map<String, Value>, zooms: ZoomRange) -> Vec<VectorLayer> {
    let layers = metadata.get("vector_layers").and_then(Value::as_array);
    let layer = |layer: &Value| {
        let layer = layer.as_object()?;
        let zoom = |key| {
            layer
                .get(key)
                .and_then(Value::as_u64)
                .and_then(|zoom| u8::try_from(zoom).ok())
        };
        let fields = layer.get("fields").and_then(Value::as_object);
        let fields: BTreeMap<String, String> = fields
            .into_iter()
            .flatten()
            .map(|(name, kind)| {
                (
                    name.clone(),
                    kind.as_str().map_or_else(|| kind.to_string(), str::to_owned),
                )
            })
            .collect();
        Some(VectorLayer {
            id: text(layer, "id")?.to_owned(),
            description: text(layer, "description").unwrap_or_default().to_owned(),
            minzoom: zoom("minzoom").unwrap_or(zooms.min),
            maxzoom: zoom("maxzoom").unwrap_or(zooms.max),
            fields,
        })
    };
    layers.into_iter().flatten().filter_map(layer).collect()
}
