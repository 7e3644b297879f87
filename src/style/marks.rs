//! Marks that stand over the map: chemical parks, rescue teams, facilities, shelters.

use serde_json::{Value, json};

use super::{
    colour::Colour,
    labels::text_paint,
    part::{Part, by_zoom, fonts, name},
    theme::Palette,
};
use crate::{
    catalog::{Layer, Role, Shape},
    messages::Lang,
};

/// From this zoom on shelters are symbols; below they are dots.
const SHELTER_SYMBOL_ZOOM: f64 = 8.0;

/// From this zoom on there is room for every shelter's symbol and the dots are gone.
const SHELTER_ROOM_ZOOM: f64 = 13.0;

/// From this zoom on shelters have their names.
const SHELTER_NAME_ZOOM: f64 = 12.0;

/// Statuses in the order in which their shelters get room on the map; each has an image `shelter-<status>`.
const STATUSES: [&str; 7] = ["open", "unsafe", "standby", "full", "unknown", "closed", "planned"];

/// More shelters than this are drawn as finer dots from afar.
const CROWD: usize = 3_000;

/// Where the images of rescue teams stand from their points, in pixels: teams are stationed at the parks they serve,
/// and both are to be seen.
const TEAM_OFFSET: [i8; 2] = [15, -13];

fn status() -> Value {
    json!(["coalesce", ["get", "status"], "unknown"])
}

/// A value for each status, the last one for words of another release.
fn by_status(value: impl Fn(usize, &str) -> Value) -> Value {
    let mut expression = vec![json!("match"), status()];
    expression.extend(
        STATUSES
            .iter()
            .enumerate()
            .flat_map(|(at, word)| [json!(word), value(at, word)]),
    );
    expression.push(value(4, "unknown"));
    Value::Array(expression)
}

/// Shelters: a dot each from afar, a symbol by status where there is room, names close by.
pub(super) fn shelters(layer: &Layer, palette: &Palette, lang: Lang, has_sprites: bool) -> Vec<Value> {
    let dots = dots(layer, palette);
    if has_sprites {
        vec![
            dots.below_zoom(SHELTER_ROOM_ZOOM).done(),
            shelter_symbols(layer, palette, lang),
        ]
    } else {
        vec![
            dots.done(),
            names_only(layer, palette.shelter, palette, lang, SHELTER_NAME_ZOOM),
        ]
    }
}

fn dots(layer: &Layer, palette: &Palette) -> Part {
    let colour = |word: &str| match word {
        "open" | "standby" => palette.shelter,
        "full" => palette.amber,
        "unsafe" => palette.danger,
        "closed" | "planned" => palette.shut,
        _ => palette.halo,
    };
    let edge = |word: &str| match word {
        "unknown" => palette.shelter,
        _ => palette.halo,
    };
    let crowd = layer.len() > CROWD;
    let radius = if crowd {
        by_zoom(&[(5.0, 0.9), (8.0, 2.0), (11.0, 3.2), (14.0, 6.0)])
    } else {
        by_zoom(&[(5.0, 2.2), (8.0, 3.6), (11.0, 4.5), (14.0, 6.0)])
    };
    let edge_width = if crowd {
        by_zoom(&[(7.0, 0.0), (9.0, 0.6), (14.0, 1.5)])
    } else {
        by_zoom(&[(5.0, 0.6), (9.0, 1.0), (14.0, 1.5)])
    };
    Part::new(layer, "dot", "circle")
        .layout(json!({ "circle-sort-key": by_status(|at, _| json!(STATUSES.len() - at)) }))
        .paint(json!({
            "circle-color": by_status(|_, word| json!(colour(word))),
            "circle-radius": radius,
            "circle-stroke-color": by_status(|_, word| json!(edge(word))),
            "circle-stroke-width": edge_width,
            "circle-opacity": by_zoom(&[(5.0, if crowd { 0.75 } else { 1.0 }), (9.0, 1.0)]),
        }))
}

fn shelter_symbols(layer: &Layer, palette: &Palette, lang: Lang) -> Value {
    let ink = by_status(|_, word| {
        let is_shut = matches!(word, "closed" | "planned" | "unsafe");
        json!(if is_shut { palette.ink_soft } else { palette.shelter })
    });
    Part::new(layer, "symbol", "symbol")
        .above_zoom(SHELTER_SYMBOL_ZOOM)
        .layout(json!({
            "symbol-sort-key": by_status(|at, _| json!(at)),
            "icon-image": by_status(|_, word| json!(format!("shelter-{word}"))),
            "icon-size": by_zoom(&[(8.0, 0.55), (11.0, 0.7), (13.0, 0.85), (15.0, 1.0)]),
            "icon-allow-overlap": ["step", ["zoom"], false, SHELTER_ROOM_ZOOM, true],
            "icon-padding": by_zoom(&[(8.0, 8.0), (11.0, 4.0), (13.0, 1.0)]),
            "text-field": ["step", ["zoom"], "", SHELTER_NAME_ZOOM, name(lang)],
            "text-font": fonts(false),
            "text-size": by_zoom(&[(12.0, 11.5), (15.0, 13.0)]),
            "text-max-width": 10,
            "text-variable-anchor": ["top", "bottom", "left", "right"],
            "text-radial-offset": 1.15,
            "text-justify": "auto",
            "text-optional": true,
        }))
        .paint(text_paint(&ink, palette))
        .done()
}

/// Chemical parks, rescue teams and other facilities.
pub(super) fn sites(layer: &Layer, palette: &Palette, lang: Lang, has_sprites: bool) -> Vec<Value> {
    let colour = site_colour(layer.role(), palette);
    let (image, name_zoom, first_zoom) = match layer.role() {
        Role::ChemicalPark => (Some("chemical-park"), 8.5, 0.0),
        Role::RescueTeam => (Some("rescue-team"), 10.0, 6.0),
        _ => (None, 13.0, 9.0),
    };
    if let Some(image) = image.filter(|_| has_sprites) {
        return vec![site_symbol(
            layer,
            image,
            colour,
            palette,
            lang,
            [first_zoom, name_zoom],
        )];
    }
    let circle = Part::new(layer, "dot", "circle").above_zoom(first_zoom).paint(json!({
        "circle-color": colour,
        "circle-radius": by_zoom(&[(5.0, 2.5), (10.0, 4.5), (14.0, 7.0)]),
        "circle-stroke-color": palette.halo,
        "circle-stroke-width": by_zoom(&[(5.0, 0.8), (12.0, 1.6)]),
    }));
    vec![circle.done(), names_only(layer, colour, palette, lang, name_zoom)]
}

const fn site_colour(role: Role, palette: &Palette) -> Colour {
    match role {
        Role::Shelter => palette.shelter,
        Role::ChemicalPark => palette.amber,
        Role::RescueTeam => palette.team,
        _ => palette.facility,
    }
}

fn site_symbol(layer: &Layer, image: &str, colour: Colour, palette: &Palette, lang: Lang, zooms: [f64; 2]) -> Value {
    let [from_zoom, name_zoom] = zooms;
    Part::new(layer, "symbol", "symbol")
        .above_zoom(from_zoom)
        .layout(json!({
            "icon-image": image,
            "icon-offset": if layer.role() == Role::RescueTeam { TEAM_OFFSET } else { [0, 0] },
            "icon-size": by_zoom(&[(5.0, 0.55), (9.0, 0.8), (13.0, 1.0)]),
            "icon-allow-overlap": true,
            "icon-padding": 1,
            "text-field": ["step", ["zoom"], "", name_zoom, name(lang)],
            "text-font": fonts(false),
            "text-size": by_zoom(&[(8.0, 11.5), (14.0, 13.5)]),
            "text-max-width": 10,
            "text-variable-anchor": ["top", "bottom", "left", "right"],
            "text-radial-offset": 1.1,
            "text-justify": "auto",
            "text-optional": true,
        }))
        .paint(text_paint(&json!(colour), palette))
        .done()
}

fn names_only(layer: &Layer, colour: Colour, palette: &Palette, lang: Lang, from_zoom: f64) -> Value {
    Part::new(layer, "label", "symbol")
        .above_zoom(from_zoom)
        .layout(json!({
            "text-field": name(lang),
            "text-font": fonts(false),
            "text-size": by_zoom(&[(9.0, 11.5), (15.0, 13.5)]),
            "text-max-width": 10,
            "text-variable-anchor": ["top", "bottom", "left", "right"],
            "text-radial-offset": 0.8,
            "text-justify": "auto",
        }))
        .paint(text_paint(&json!(colour), palette))
        .done()
}

/// The ground of shelters and sites that are mapped as areas.
pub(super) fn grounds(layer: &Layer, palette: &Palette) -> Vec<Value> {
    let colour = site_colour(layer.role(), palette);
    if matches!(layer.shape(), Shape::Point | Shape::Line) || layer.is_empty() {
        return Vec::new();
    }
    let is_area = || json!(["==", ["geometry-type"], "Polygon"]);
    let fill = json!({ "fill-color": colour, "fill-opacity": 0.18 });
    let line = json!({
        "line-color": colour,
        "line-width": by_zoom(&[(8.0, 0.6), (14.0, 2.0)]),
    });
    vec![
        Part::new(layer, "fill", "fill").filter(is_area()).paint(fill).done(),
        Part::new(layer, "line", "line").filter(is_area()).paint(line).done(),
    ]
}
