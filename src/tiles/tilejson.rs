//! TileJSON 3.0: what a client must know to read a set of tiles.
//!
//! Source: <https://github.com/mapbox/tilejson-spec/tree/master/3.0.0>.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Encoding, JoinedVersion, SCHEMA_VERSION, TileLayer,
    fit::{THINNED, THINNED_FIELDS},
    properties::COUNT,
};
use crate::{
    catalog::{FieldKind, ZoomRange},
    geometry::{BBox, MAX_LATITUDE},
};

/// A TileJSON 3.0.0 document.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TileJson {
    /// Version of the specification.
    pub tilejson: &'static str,
    /// URL templates, with the version of the data so that tiles can be kept for ever.
    pub tiles: Vec<String>,
    /// `mlt` for MapLibre Tiles, which is how MapLibre knows them; nothing for Mapbox Vector Tiles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<&'static str>,
    /// The layers in the tiles, in drawing order, and `thinned`, which is in crowded tiles only.
    pub vector_layers: Vec<VectorLayer>,
    /// Sources and licences, as HTML text.
    pub attribution: String,
    /// West, south, east, north in degrees; the whole way around where the data cross the antimeridian, because clients
    /// take west to be less than east.
    pub bounds: [f64; 4],
    /// Longitude, latitude and zoom to begin with.
    pub center: [f64; 3],
    /// First zoom with tiles.
    pub minzoom: u8,
    /// Last zoom with tiles.
    pub maxzoom: u8,
    /// Names of the layers in Chinese and English.
    pub name: String,
    /// Row 0 lies in the north.
    pub scheme: &'static str,
    /// Version of the tile schema; of an archive what that states.
    pub version: Cow<'static, str>,
}

/// A layer in the tiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VectorLayer {
    /// The layer's id.
    pub id: String,
    /// Its name in Chinese and English.
    pub description: String,
    /// First zoom with features.
    pub minzoom: u8,
    /// Last zoom with features.
    pub maxzoom: u8,
    /// Properties and their types: `String`, `Number` or `Boolean`, with the first zoom where it is not every zoom.
    pub fields: BTreeMap<String, String>,
}

/// Describes the tiles of joined layers, served below `base_url` (scheme, host and prefix without a final slash; may be
/// empty for URLs relative to the host).
pub fn tilejson(layers: &[&TileLayer], base_url: &str, encoding: Encoding) -> TileJson {
    let minzoom = layers.iter().map(|layer| layer.zooms().min).min().unwrap_or(0);
    let maxzoom = layers.iter().map(|layer| layer.zooms().max).max().unwrap_or(0);
    let bbox = layers.iter().filter_map(|layer| layer.bbox()).reduce(BBox::union);
    let names: Vec<String> = layers.iter().map(|layer| both_names(layer)).collect();
    let vector_layers = layers.iter().map(|layer| vector_layer(layer));
    TileJson {
        tilejson: "3.0.0",
        tiles: vec![tiles_address(layers, base_url, encoding)],
        encoding: (encoding != Encoding::Mvt).then_some(encoding.as_str()),
        vector_layers: vector_layers.chain([thinned(minzoom, maxzoom)]).collect(),
        attribution: attribution(layers),
        bounds: bbox.map_or([-180.0, -MAX_LATITUDE, 180.0, MAX_LATITUDE], bounds),
        center: bbox.map_or([0.0, 0.0, f64::from(minzoom)], |bbox| center(bbox, minzoom, maxzoom)),
        minzoom,
        maxzoom,
        name: names.join(", "),
        scheme: "xyz",
        version: SCHEMA_VERSION.into(),
    }
}

/// The template of the addresses that joined layers' tiles have; the layers need not be prepared.
pub fn tiles_address(layers: &[&TileLayer], base_url: &str, encoding: Encoding) -> String {
    let ids: Vec<&str> = layers.iter().map(|layer| layer.manifest().id.as_str()).collect();
    template(base_url, &ids.join(","), encoding.as_str(), JoinedVersion::of(layers))
}

/// The template of tiles' addresses.
pub(super) fn template(base_url: &str, ids: &str, extension: &str, version: JoinedVersion) -> String {
    format!("{base_url}/tiles/{ids}/{{z}}/{{x}}/{{y}}.{extension}?v={version}")
}

fn both_names(layer: &TileLayer) -> String {
    let names = &layer.manifest().names;
    format!("{} · {}", names.zh, names.en)
}

fn vector_layer(layer: &TileLayer) -> VectorLayer {
    let ZoomRange { min, max } = layer.zooms();
    let fields = layer
        .properties()
        .into_iter()
        .filter(|info| info.from_zoom <= max)
        .map(|info| {
            let kind = type_name(info.kind);
            let text = if info.from_zoom > min {
                format!("{kind}, from zoom {}", info.from_zoom)
            } else {
                kind.to_owned()
            };
            (info.name.to_owned(), text)
        });
    let mut fields: BTreeMap<String, String> = fields.collect();
    if layer.may_show_one_for_several() {
        let text = "Number, where the feature stands for several";
        fields.insert(COUNT.to_owned(), text.to_owned());
    }
    VectorLayer {
        id: layer.manifest().id.to_string(),
        description: both_names(layer),
        minzoom: min,
        maxzoom: max,
        fields,
    }
}

/// The layer that says what crowded tiles leave out.
fn thinned(minzoom: u8, maxzoom: u8) -> VectorLayer {
    let fields = THINNED_FIELDS.map(|(name, kind)| (name.to_owned(), type_name(kind).to_owned()));
    VectorLayer {
        id: THINNED.to_owned(),
        description: "图幅过密而简化的图层 · Layers drawn coarser because the tile is crowded".to_owned(),
        minzoom,
        maxzoom,
        fields: fields.into(),
    }
}

const fn type_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Bool => "Boolean",
        FieldKind::Int | FieldKind::Float => "Number",
        FieldKind::Text => "String",
    }
}

/// Each source with its licence once, in layer order. Clients show it as HTML, so what a pack says is escaped.
fn attribution(layers: &[&TileLayer]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for layer in layers {
        let manifest = layer.manifest();
        let part = attributed(&manifest.source, &manifest.licence);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(" · ")
}

/// A source with its licence, as HTML text.
pub(super) fn attributed(source: &str, licence: &str) -> String {
    escape(&format!("{} ({})", source.trim(), licence.trim()))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn bounds(bbox: BBox) -> [f64; 4] {
    let (west, east) = if bbox.crosses_antimeridian() {
        (-180.0, 180.0)
    } else {
        (bbox.west(), bbox.east())
    };
    let latitude = |degrees: f64| degrees.clamp(-MAX_LATITUDE, MAX_LATITUDE);
    [west, latitude(bbox.south()), east, latitude(bbox.north())]
}

/// The middle of the data, and the deepest zoom at which one tile is as wide and high as they are.
fn center(bbox: BBox, minzoom: u8, maxzoom: u8) -> [f64; 3] {
    let (lon, lat) = bbox.centre();
    let width = if bbox.crosses_antimeridian() { 360.0 } else { 0.0 } + bbox.east() - bbox.west();
    let span = width.max(bbox.north() - bbox.south()).max(f64::EPSILON);
    let zoom = (360.0 / span)
        .log2()
        .floor()
        .clamp(f64::from(minzoom), f64::from(maxzoom));
    [lon, lat.clamp(-MAX_LATITUDE, MAX_LATITUDE), zoom]
}
