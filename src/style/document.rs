//! The whole style document.

use std::sync::Arc;

use geo_types::Rect;
use serde_json::{Map, Value, json};

use super::{
    base, hazards, labels, marks,
    part::{BASE_SOURCE, is_in_base_source},
    theme::Theme,
};
use crate::{
    catalog::{Layer, LayerManifest, RegionManifest, Role},
    geometry::BBox,
    messages::Lang,
};

/// Width of a phone's map in CSS pixels, in which the whole region is to be seen at first.
const FIRST_VIEW_PX: f64 = 390.0;

/// Side of a tile in CSS pixels at a whole zoom.
const TILE_PX: f64 = 512.0;

/// The MapLibre style (style specification, version 8) of a region.
///
/// `base_url` is scheme, host and path prefix without a final slash (`http://127.0.0.1:8080`); it may be empty where
/// the client completes addresses itself. Without sprites, symbols are circles and nothing is hatched. The sources
/// name TileJSON documents, which bring the attribution.
///
/// Source: <https://maplibre.org/maplibre-style-spec/>. O(rows of administrative areas).
pub fn style(
    region: &RegionManifest,
    layers: &[Arc<Layer>],
    theme: Theme,
    lang: Lang,
    base_url: &str,
    has_sprites: bool,
) -> Value {
    let layers: Vec<&Layer> = layers.iter().map(AsRef::as_ref).collect();
    let (lon, lat) = region.bbox.centre();
    let mut document = json!({
        "version": 8,
        "name": format!("{} {}", region.names.get(lang), theme.as_str()),
        "metadata": { "refugia:region": region.id, "refugia:theme": theme.as_str(), "refugia:lang": lang.tag() },
        "center": [lon, lat],
        "zoom": first_zoom(region.bbox),
        "sources": sources(&layers, base_url),
    });
    if has_sprites {
        document["sprite"] = json!(format!("{base_url}/styles/sprite"));
    }
    document["layers"] = Value::Array(drawn(&layers, theme, lang, has_sprites));
    document
}

/// All style layers, from the bottom.
fn drawn(layers: &[&Layer], theme: Theme, lang: Lang, has_sprites: bool) -> Vec<Value> {
    let palette = theme.palette();
    let of_role = |role: Role| layers.iter().copied().filter(move |layer| layer.role() == role);
    let mut parts = base::ground(layers, palette);
    parts.extend(of_role(Role::HazardZone).flat_map(|layer| hazards::zones(layer, theme, has_sprites)));
    parts.extend(base::waters(layers, palette));
    parts.extend(base::boundaries(layers, palette));
    parts.extend(base::roads(layers, palette));
    for role in [Role::Facility, Role::ChemicalPark, Role::RescueTeam, Role::Shelter] {
        parts.extend(of_role(role).flat_map(|layer| marks::grounds(layer, palette)));
    }
    parts.extend(labels::labels(layers, theme, lang, has_sprites));
    for role in [Role::Facility, Role::RescueTeam] {
        parts.extend(of_role(role).flat_map(|layer| marks::sites(layer, palette, lang, has_sprites)));
    }
    parts.extend(of_role(Role::Shelter).flat_map(|layer| marks::shelters(layer, palette, lang, has_sprites)));
    parts.extend(labels::great_labels(layers, theme, lang, has_sprites));
    // Few and never hidden, so they get their room before the names.
    parts.extend(of_role(Role::ChemicalPark).flat_map(|layer| marks::sites(layer, palette, lang, has_sprites)));
    parts
}

/// The sources of a region's style, by name, each with the ids of its layers joined by commas: one for the base map's
/// layers together, one for each other layer.
pub fn joined_sources<'a>(layers: impl IntoIterator<Item = &'a LayerManifest>) -> Vec<(String, String)> {
    let (base, others): (Vec<_>, Vec<_>) = layers.into_iter().partition(|layer| is_in_base_source(layer.role));
    let base: Vec<&str> = base.iter().map(|layer| layer.id.as_str()).collect();
    let base = (!base.is_empty()).then(|| (BASE_SOURCE.to_owned(), base.join(",")));
    let others = others.iter().map(|layer| (layer.id.to_string(), layer.id.to_string()));
    base.into_iter().chain(others).collect()
}

/// Features are known by their own ids, so that the screen can light one up.
fn sources(layers: &[&Layer], base_url: &str) -> Value {
    let sources = joined_sources(layers.iter().map(|layer| layer.manifest()));
    let described = sources.into_iter().map(|(name, ids)| {
        let url = format!("{base_url}/tiles/{ids}.json");
        (name, json!({ "type": "vector", "url": url, "promoteId": "id" }))
    });
    Value::Object(described.collect::<Map<_, _>>())
}

/// The zoom at which the region's width just fits a phone, to a tenth.
fn first_zoom(bbox: BBox) -> f64 {
    let degrees: f64 = bbox.planar().map(Rect::width).sum();
    let zoom = (FIRST_VIEW_PX / TILE_PX * 360.0 / degrees.max(0.01)).log2();
    (zoom.clamp(0.0, 14.0) * 10.0).floor() / 10.0
}
