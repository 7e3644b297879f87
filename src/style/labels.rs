//! Names on the base map: settlements by rank, rivers along their course.

use serde_json::{Value, json};

use super::{
    part::{Part, both_names, by_zoom, fonts, name},
    theme::{Palette, Theme},
};
use crate::{
    catalog::{Layer, Role, Shape},
    messages::Lang,
};

/// First zoom of settlements of rank 1, 2, 3, …; beyond the list and without a rank [`UNRANKED_ZOOM`].
const RANK_ZOOMS: [f64; 5] = [4.0, 7.2, 8.2, 9.4, 10.6];

/// First zoom of all others.
const UNRANKED_ZOOM: f64 = 11.4;

/// The rank where none is known: less important than any known.
const UNRANKED: u32 = 99;

/// Settlements up to this rank are named before anything else gets room.
const GREAT_RANK: usize = 2;

/// Names of the greater settlements. They are drawn last because the renderer gives room to what is drawn last: a city
/// must not lose its name to the shelters in it.
pub(super) fn great_labels(layers: &[&Layer], theme: Theme, lang: Lang, has_sprites: bool) -> Vec<Value> {
    let settlements = layers
        .iter()
        .filter(|layer| layer.role() == Role::Settlement && is_named(layer));
    settlements
        .map(|layer| settlement(layer, "label-great", theme, lang, has_sprites))
        .collect()
}

fn is_named(layer: &Layer) -> bool {
    layer.manifest().attributes.name.is_some()
}

/// The other names of the base map; where the pack has no settlements, those of its areas.
pub(super) fn labels(layers: &[&Layer], theme: Theme, lang: Lang, has_sprites: bool) -> Vec<Value> {
    let palette = theme.palette();
    let of_role = |role: Role| layers.iter().copied().filter(move |layer| layer.role() == role);
    let rivers = of_role(Role::Reference)
        .filter(|layer| layer.shape() == Shape::Line && layer.manifest().kind.as_deref() == Some("river"))
        .filter(|layer| is_named(layer))
        .map(|layer| river(layer, palette, lang));
    let mut parts: Vec<Value> = rivers.collect();
    if of_role(Role::Settlement).any(is_named) {
        let settlements = of_role(Role::Settlement).filter(|layer| is_named(layer));
        parts.extend(settlements.map(|layer| settlement(layer, "label", theme, lang, has_sprites)));
    } else {
        let areas = of_role(Role::AdminArea).filter(|layer| is_named(layer));
        parts.extend(areas.map(|layer| area(layer, palette, lang)));
    }
    parts
}

fn river(layer: &Layer, palette: &Palette, lang: Lang) -> Value {
    Part::new(layer, "label", "symbol")
        .above_zoom(8.5)
        .layout(json!({
            "symbol-placement": "line",
            "symbol-spacing": 420,
            "text-field": name(lang),
            "text-font": fonts(false),
            "text-size": by_zoom(&[(9.0, 11.0), (14.0, 14.0)]),
            "text-letter-spacing": 0.15,
            "text-max-angle": 35,
            "text-padding": 8,
        }))
        .paint(text_paint(&json!(palette.ink_water), palette))
        .done()
}

fn settlement(layer: &Layer, part: &str, theme: Theme, lang: Lang, has_sprites: bool) -> Value {
    let palette = theme.palette();
    let rank = json!(["coalesce", ["get", "rank"], UNRANKED]);
    let up_to = |limit: usize| json!(["<=", rank, limit]);
    let is_great = part == "label-great";
    let mut shown = vec![json!("step"), json!(["zoom"]), json!(false)];
    for (limit, zoom) in (1..)
        .zip(RANK_ZOOMS)
        .filter(|(limit, _)| (*limit <= GREAT_RANK) == is_great)
    {
        shown.extend([
            json!(zoom),
            json!(["all", up_to(limit), ["==", up_to(GREAT_RANK), is_great]]),
        ]);
    }
    if !is_great {
        shown.extend([json!(UNRANKED_ZOOM), json!(["!", up_to(GREAT_RANK)])]);
    }
    let size = |great: f64, middle: f64, small: f64| json!(["case", up_to(1), great, up_to(2), middle, small]);
    let mut layout = json!({
        "symbol-sort-key": rank,
        "text-field": ["case", up_to(1), both_names(lang), ["format", name(lang), {}]],
        "text-font": ["case", up_to(2), ["literal", fonts(true)], ["literal", fonts(false)]],
        "text-size": ["interpolate", ["linear"], ["zoom"],
            4, size(12.0, 11.0, 10.0), 8, size(15.0, 12.5, 11.0), 11, size(18.0, 15.0, 12.0), 14, size(22.0, 18.0, 14.0)],
        "text-line-height": 1.15,
        "text-max-width": 8,
        "text-padding": ["interpolate", ["linear"], ["zoom"], 5, 6, 12, 3],
    });
    if has_sprites {
        layout["icon-image"] = json!([
            "step",
            ["zoom"],
            [
                "case",
                up_to(1),
                format!("town-{}", theme.as_str()),
                format!("place-{}", theme.as_str())
            ],
            11,
            ""
        ]);
        layout["icon-size"] = by_zoom(&[(5.0, 0.75), (9.0, 1.0)]);
        layout["icon-allow-overlap"] = json!(false);
        layout["text-variable-anchor"] = json!(["left", "right", "bottom", "top"]);
        layout["text-radial-offset"] = by_zoom(&[(5.0, 0.55), (10.9, 0.55), (11.0, 0.0)]);
        layout["text-justify"] = json!("auto");
    }
    let ink = json!(["case", up_to(2), palette.ink, palette.ink_soft]);
    Part::new(layer, part, "symbol")
        .filter(Value::Array(shown))
        .layout(layout)
        .paint(text_paint(&ink, palette))
        .done()
}

fn area(layer: &Layer, palette: &Palette, lang: Lang) -> Value {
    Part::new(layer, "label", "symbol")
        .layout(json!({
            "text-field": name(lang),
            "text-font": fonts(true),
            "text-size": by_zoom(&[(5.0, 11.0), (10.0, 14.0), (14.0, 16.0)]),
            "text-max-width": 8,
            "text-padding": 12,
        }))
        .paint(text_paint(&json!(palette.ink), palette))
        .done()
}

/// Text in a colour with the theme's halo.
pub(super) fn text_paint(colour: &Value, palette: &Palette) -> Value {
    json!({
        "text-color": colour,
        "text-halo-color": palette.halo,
        "text-halo-width": 1.4,
        "text-halo-blur": 0.3,
    })
}
