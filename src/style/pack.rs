//! A style that comes with the pack: checked when the pack is loaded, completed with this server's address when it is
//! asked for.
//!
//! Owns the rule for addresses in it. They are written as paths on this server, and nothing else is let in:
//!
//! | in the style | may be |
//! |---|---|
//! | `url` of a vector or raster source | `/tiles/{ids}.json`: an archive of the pack, or layers joined by commas |
//! | `glyphs` | `/fonts/{fontstack}/{range}.pbf` |
//! | `sprite` | `/sprites/{name}` of the pack, or `/styles/sprite`, the server's own |
//! | `data`, `url` and `urls` of other sources | any path |

use serde_json::Value;

/// What `glyphs` must be.
const GLYPHS: &str = "/fonts/{fontstack}/{range}.pbf";
/// The sprites of the server's own styles.
const OWN_SPRITE: &str = "/styles/sprite";
/// Sources of tiles.
const TILED: [&str; 3] = ["vector", "raster", "raster-dem"];
/// Words that begin an expression, not a list of fonts.
const OPERATORS: [&str; 6] = ["get", "literal", "case", "match", "step", "coalesce"];

/// What a pack has that its styles may use.
pub trait PackParts {
    /// Whether an archive has this id.
    fn has_archive(&self, id: &str) -> bool;
    /// Whether a layer has this id.
    fn has_layer(&self, id: &str) -> bool;
    /// Whether there is a font of this name.
    fn has_font(&self, name: &str) -> bool;
    /// Whether there are sprites of this name.
    fn has_sprite(&self, name: &str) -> bool;
}

/// A style of the pack that uses nothing but this server.
#[derive(Debug, Clone)]
pub struct PackStyle(Value);

impl PackStyle {
    /// Reads and checks the style that draws an archive.
    ///
    /// # Errors
    /// All that is wrong with it, each with the place in the document first.
    pub fn parse(text: &str, archive: &str, parts: &impl PackParts) -> Result<Self, Vec<String>> {
        let document: Value = serde_json::from_str(text).map_err(|error| vec![error.to_string()])?;
        let mut faults = shape_faults(&document);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut checked = document.clone();
        let mut uses_archive = false;
        each_address(&mut checked, &mut |place, address| {
            uses_archive |= place.kind == Kind::Tiles && ids(address) == Some(archive);
            faults.extend(address_fault(place, address, parts).map(|problem| format!("{}: {problem}", place.at)));
        });
        if !uses_archive {
            faults.push(format!("sources: none has the url /tiles/{archive}.json"));
        }
        if document.get("glyphs").is_some() {
            faults.extend(missing_fonts(&document, parts));
        }
        if faults.is_empty() {
            Ok(Self(document))
        } else {
            Err(faults)
        }
    }

    /// The style with the address of this server before its paths; `base_url` is scheme, host and prefix without a final
    /// slash. O(document).
    pub fn at(&self, base_url: &str) -> Value {
        let mut document = self.0.clone();
        each_address(&mut document, &mut |_, address| address.insert_str(0, base_url));
        document
    }
}

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tiles,
    Template,
    Glyphs,
    Sprite,
    Other,
}

/// Where in a style an address stands.
struct Place {
    at: String,
    kind: Kind,
}

/// Hands over every address of a style.
fn each_address(document: &mut Value, visit: &mut dyn FnMut(&Place, &mut String)) {
    let mut visit = |at: String, kind: Kind, value: &mut Value| {
        if let Value::String(address) = value {
            visit(&Place { at, kind }, address);
        }
    };
    if let Some(glyphs) = document.get_mut("glyphs") {
        visit("glyphs".to_owned(), Kind::Glyphs, glyphs);
    }
    match document.get_mut("sprite") {
        Some(Value::Array(sprites)) => {
            let urls = sprites.iter_mut().filter_map(|sprite| sprite.get_mut("url"));
            urls.for_each(|url| visit("sprite".to_owned(), Kind::Sprite, url));
        }
        Some(sprite) => visit("sprite".to_owned(), Kind::Sprite, sprite),
        None => {}
    }
    let sources = document.get_mut("sources").and_then(Value::as_object_mut);
    for (name, source) in sources.into_iter().flatten() {
        let kind = source.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_tiled = TILED.contains(&kind);
        for (key, kind) in [
            ("url", if is_tiled { Kind::Tiles } else { Kind::Other }),
            ("data", Kind::Other),
            ("urls", Kind::Other),
            ("tiles", Kind::Template),
        ] {
            let at = || format!("sources.{name}.{key}");
            match source.get_mut(key) {
                Some(Value::Array(values)) => values.iter_mut().for_each(|value| visit(at(), kind, value)),
                Some(value) => visit(at(), kind, value),
                None => {}
            }
        }
    }
}

fn shape_faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if document.get("version").and_then(Value::as_u64) != Some(8) {
        faults.push("version: must be 8".to_owned());
    }
    let sources = document.get("sources").and_then(Value::as_object);
    if sources.is_none_or(|sources| sources.values().any(|source| !source.is_object())) {
        faults.push("sources: must be an object of objects".to_owned());
    }
    let Some(layers) = document.get("layers").and_then(Value::as_array) else {
        faults.push("layers: must be a list".to_owned());
        return faults;
    };
    for layer in layers {
        let source = layer.get("source").and_then(Value::as_str);
        if let Some(source) = source.filter(|name| sources.is_some_and(|sources| !sources.contains_key(*name))) {
            faults.push(format!("layer {}: there is no source `{source}`", name_of(layer)));
        }
    }
    faults
}

fn name_of(layer: &Value) -> &str {
    layer.get("id").and_then(Value::as_str).unwrap_or("without id")
}

/// The ids in the address of a TileJSON on this server.
fn ids(address: &str) -> Option<&str> {
    let path = address.split('?').next()?;
    path.strip_prefix("/tiles/")?.strip_suffix(".json")
}

fn address_fault(place: &Place, address: &str, parts: &impl PackParts) -> Option<String> {
    if !address.starts_with('/') || address.starts_with("//") || address.contains('\\') {
        let may_be = match place.kind {
            Kind::Tiles | Kind::Template => "`url` with /tiles/{id}.json",
            Kind::Glyphs => GLYPHS,
            Kind::Sprite => "/sprites/{name}",
            Kind::Other => "a path",
        };
        return Some(format!("`{address}` leads away from this server: write {may_be}"));
    }
    match place.kind {
        Kind::Template => {
            Some("write `url` with /tiles/{id}.json instead, which has the version of the tiles".to_owned())
        }
        Kind::Tiles => {
            let known = |id: &str| parts.has_archive(id) || parts.has_layer(id);
            match ids(address) {
                None => Some(format!("`{address}` must be /tiles/{{id}}.json")),
                Some(ids) if !ids.contains(',') && known(ids) => None,
                Some(ids) if ids.contains(',') && ids.split(',').all(|id| parts.has_layer(id)) => None,
                Some(_) => Some(format!("`{address}` must name an archive of the pack, or layers")),
            }
        }
        Kind::Glyphs => (address != GLYPHS).then(|| format!("`{address}` must be {GLYPHS}")),
        Kind::Sprite => {
            let is_there = address
                .strip_prefix("/sprites/")
                .is_some_and(|name| parts.has_sprite(name));
            (!is_there && address != OWN_SPRITE).then(|| format!("there is no sprite `{address}` in the pack"))
        }
        Kind::Other => None,
    }
}

/// Lists of fonts of which the pack has none. Those that an expression chooses are not looked for.
fn missing_fonts(document: &Value, parts: &impl PackParts) -> Vec<String> {
    let empty = Vec::new();
    let layers = document.get("layers").and_then(Value::as_array).unwrap_or(&empty);
    let missing = |layer: &Value| {
        let fonts = layer.get("layout")?.get("text-font")?.clone();
        let fonts: Vec<String> = serde_json::from_value(fonts).ok()?;
        let is_list = fonts.first().is_some_and(|first| !OPERATORS.contains(&first.as_str()));
        let has_none = is_list && !fonts.iter().any(|font| parts.has_font(font));
        has_none.then(|| format!("layer {}: the pack has no font {}", name_of(layer), fonts.join(", ")))
    };
    layers.iter().filter_map(missing).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Pack;

    impl PackParts for Pack {
        fn has_archive(&self, id: &str) -> bool {
            id == "basemap"
        }

        fn has_layer(&self, id: &str) -> bool {
            matches!(id, "flood" | "shelters")
        }

        fn has_font(&self, name: &str) -> bool {
            name == "Noto"
        }

        fn has_sprite(&self, name: &str) -> bool {
            name == "icons"
        }
    }

    fn good() -> Value {
        json!({
            "version": 8,
            "glyphs": GLYPHS,
            "sprite": [{ "id": "default", "url": "/sprites/icons" }, { "id": "own", "url": "/styles/sprite" }],
            "sources": {
                "map": { "type": "vector", "url": "/tiles/basemap.json" },
                "layers": { "type": "vector", "url": "/tiles/flood,shelters.json?encoding=mlt" },
                "line": { "type": "geojson", "data": { "type": "FeatureCollection", "features": [] } },
            },
            "layers": [
                { "id": "land", "type": "fill", "source": "map", "source-layer": "land" },
                { "id": "names", "type": "symbol", "source": "map", "layout": { "text-font": ["Other", "Noto"] } },
                { "id": "odd", "type": "symbol", "source": "map", "layout": { "text-font": ["get", "font"] } },
            ],
        })
    }

    fn faults(style: &Value) -> Vec<String> {
        PackStyle::parse(&style.to_string(), "basemap", &Pack)
            .err()
            .unwrap_or_default()
    }

    #[test]
    fn paths_are_completed() {
        assert_eq!(faults(&good()), Vec::<String>::new());
        let style = PackStyle::parse(&good().to_string(), "basemap", &Pack)
            .unwrap()
            .at("https://map.example/x");
        assert_eq!(style["glyphs"], "https://map.example/x/fonts/{fontstack}/{range}.pbf");
        assert_eq!(style["sprite"][0]["url"], "https://map.example/x/sprites/icons");
        assert_eq!(
            style["sources"]["map"]["url"],
            "https://map.example/x/tiles/basemap.json"
        );
        assert_eq!(style["layers"], good()["layers"]);
    }

    #[test]
    fn nothing_leads_elsewhere() {
        for (pointer, value) in [
            ("/glyphs", json!("https://fonts.example/{fontstack}/{range}.pbf")),
            ("/glyphs", json!("/fonts/{range}.pbf")),
            ("/sprite", json!("//sprites.example/icons")),
            ("/sprite", json!("/sprites/other")),
            ("/sprite/0/url", json!("mapbox://sprites/x")),
            ("/sources/layers/url", json!("pmtiles://https://a.example/b.pmtiles")),
            ("/sources/layers/url", json!("/tiles/basemap,flood.json")),
            ("/sources/layers/url", json!("/tiles/other.json")),
            ("/sources/layers/url", json!("/api/region")),
            ("/sources/line/data", json!("https://a.example/x.geojson")),
            ("/sources/line/data", json!("/\\a.example/x.geojson")),
            ("/sources/map/url", json!("/tiles/flood.json")),
        ] {
            let mut style = good();
            *style.pointer_mut(pointer).unwrap() = value.clone();
            assert_eq!(faults(&style).len(), 1, "{pointer} {value}: {:?}", faults(&style));
        }
        let mut style = good();
        style["sources"]["layers"] =
            json!({ "type": "raster", "tiles": ["https://a.example/{z}/{x}/{y}.png", "/tiles/a"] });
        assert_eq!(faults(&style).len(), 2);
    }

    #[test]
    fn a_style_must_be_one() {
        for (pointer, value) in [
            ("/version", json!(7)),
            ("/sources", json!([])),
            ("/sources/map", json!("x")),
            ("/layers", json!({})),
            ("/layers/0/source", json!("nowhere")),
            ("/layers/1/layout/text-font", json!(["Other"])),
        ] {
            let mut style = good();
            *style.pointer_mut(pointer).unwrap() = value;
            assert_eq!(faults(&style).len(), 1, "{pointer}: {:?}", faults(&style));
        }
        assert_eq!(PackStyle::parse("{", "basemap", &Pack).unwrap_err().len(), 1);
    }
}
