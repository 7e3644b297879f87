//! The base map: ground, waters, boundaries, roads. Quiet on purpose.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    colour::Colour,
    part::{Group, Part, by_zoom, metadata},
    theme::Palette,
};
use crate::catalog::{Attribute, Layer, Role, Shape};

/// Levels of administrative areas, highest first; areas without a level are drawn as the lowest.
const LEVELS: [&str; 4] = ["province", "city", "county", "township"];

/// What a reference layer shows, as the manifest hints.
fn is_kind(layer: &Layer, kind: &str) -> bool {
    layer.role() == Role::Reference && layer.manifest().kind.as_deref() == Some(kind)
}

/// From the first of these zooms to the second the region's own land fades into the land layer, which has the better
/// coast: from afar it is told from its neighbours', close by bays and river mouths are seen as water.
const GROUND_FADES: [f64; 2] = [8.0, 9.5];

/// Sea or, in a pack without land, ground; then land; then the region's own land, lighter than its neighbours'.
pub(super) fn ground(layers: &[&Layer], palette: &Palette) -> Vec<Value> {
    let lands: Vec<_> = layers.iter().filter(|layer| is_kind(layer, "land")).collect();
    let has_land = !lands.is_empty();
    let background = if has_land { palette.water } else { palette.outside };
    let mut parts = vec![json!({
        "id": "background",
        "type": "background",
        "metadata": metadata("background", Group::Base, true),
        "paint": { "background-color": background },
    })];
    let [from, to] = GROUND_FADES;
    let colour = json!([
        "interpolate",
        ["linear"],
        ["zoom"],
        from,
        palette.outside,
        to,
        palette.land
    ]);
    let land = json!({ "fill-color": colour, "fill-antialias": false });
    parts.extend(
        lands
            .into_iter()
            .map(|layer| Part::new(layer, "fill", "fill").paint(land.clone()).done()),
    );
    let highest = layers.iter().flat_map(|layer| levels(layer)).min();
    let is_area = |layer: &&&Layer| !matches!(layer.shape(), Shape::Line | Shape::Point);
    let own = layers.iter().filter(is_area).filter_map(|layer| {
        let level = highest.filter(|level| levels(layer).contains(level))?;
        Some(only_level(own_ground(layer, palette, has_land), layer, level).done())
    });
    parts.extend(own);
    parts
}

fn own_ground(layer: &Layer, palette: &Palette, has_land: bool) -> Part {
    let [from, to] = GROUND_FADES;
    let part = Part::new(layer, "ground", "fill");
    if has_land {
        let opacity = by_zoom(&[(from, 1.0), (to, 0.0)]);
        let paint = json!({ "fill-color": palette.land, "fill-opacity": opacity, "fill-antialias": false });
        part.below_zoom(to).paint(paint)
    } else {
        part.paint(json!({ "fill-color": palette.land, "fill-antialias": false }))
    }
}

/// Rivers, then the coast, then whatever else the pack brings for reference.
pub(super) fn waters(layers: &[&Layer], palette: &Palette) -> Vec<Value> {
    let mut parts = Vec::new();
    for river in layers.iter().filter(|layer| is_kind(layer, "river")) {
        parts.push(
            line(river, "line", palette.river)
                .paint(json!({
                    "line-color": palette.river,
                    "line-width": by_zoom(&[(5.0, 0.5), (8.0, 1.2), (11.0, 2.4), (14.0, 5.0)]),
                    "line-opacity": by_zoom(&[(5.0, 0.7), (9.0, 1.0)]),
                }))
                .done(),
        );
    }
    for coast in layers.iter().filter(|layer| is_kind(layer, "coastline")) {
        parts.push(
            line(coast, "line", palette.coast)
                .paint(json!({
                    "line-color": palette.coast,
                    "line-width": by_zoom(&[(5.0, 0.4), (9.0, 0.8), (14.0, 1.4)]),
                }))
                .done(),
        );
    }
    let known = ["river", "coastline", "land"];
    for other in layers.iter().filter(|layer| layer.role() == Role::Reference) {
        if !known.iter().any(|kind| is_kind(other, kind)) {
            parts.extend(reference(other, palette));
        }
    }
    parts
}

fn reference(layer: &Layer, palette: &Palette) -> Vec<Value> {
    let colour = palette.reference;
    let width = by_zoom(&[(6.0, 0.5), (14.0, 1.5)]);
    let fill = Part::new(layer, "fill", "fill").paint(json!({ "fill-color": colour, "fill-opacity": 0.25 }));
    let line = line(layer, "line", palette.reference).paint(json!({ "line-color": colour, "line-width": width }));
    let point = Part::new(layer, "point", "circle")
        .above_zoom(10.0)
        .filter(json!(["==", ["geometry-type"], "Point"]))
        .paint(json!({ "circle-color": colour, "circle-radius": 2 }));
    match layer.shape() {
        Shape::Polygon => vec![fill.done(), line.done()],
        Shape::Line => vec![line.done()],
        Shape::Point => vec![point.done()],
        Shape::Mixed => vec![
            fill.filter(json!(["==", ["geometry-type"], "Polygon"])).done(),
            line.done(),
            point.done(),
        ],
    }
}

/// Boundaries, the lowest level first so that a higher one covers it where they run together.
pub(super) fn boundaries(layers: &[&Layer], palette: &Palette) -> Vec<Value> {
    let mut parts = Vec::new();
    for level in (0..LEVELS.len()).rev() {
        let at_level: Vec<_> = layers.iter().filter(|layer| levels(layer).contains(&level)).collect();
        if level == 0 {
            parts.extend(at_level.iter().map(|layer| casing(layer, palette)));
        }
        parts.extend(at_level.iter().map(|layer| boundary(layer, level, palette)));
    }
    parts
}

fn boundary(layer: &Layer, level: usize, palette: &Palette) -> Value {
    let (from_zoom, width, opacity, dashes): (_, &[_], &[_], _) = match level {
        0 => (
            0.0,
            &[(4.0, 0.8), (8.0, 1.4), (14.0, 2.2)],
            &[(4.0, 0.9), (14.0, 0.9)],
            None,
        ),
        1 => (
            4.5,
            &[(5.0, 0.5), (8.0, 1.0), (14.0, 1.8)],
            &[(4.5, 0.0), (6.0, 0.75)],
            None,
        ),
        2 => (
            6.5,
            &[(7.0, 0.5), (10.0, 0.9), (14.0, 1.4)],
            &[(6.5, 0.0), (8.0, 0.6)],
            Some([4, 2]),
        ),
        _ => (
            9.5,
            &[(10.0, 0.4), (14.0, 1.0)],
            &[(9.5, 0.0), (11.0, 0.5)],
            Some([2, 2]),
        ),
    };
    let mut paint = json!({
        "line-color": palette.boundary,
        "line-width": by_zoom(width),
        "line-opacity": by_zoom(opacity),
    });
    if let Some(dashes) = dashes {
        paint["line-dasharray"] = json!(dashes);
    }
    let part = line(layer, &format!("line-{}", LEVELS[level]), palette.boundary)
        .above_zoom(from_zoom)
        .paint(paint);
    only_level(part, layer, level).done()
}

fn casing(layer: &Layer, palette: &Palette) -> Value {
    let part = line(layer, "casing", palette.casing).paint(json!({
        "line-color": palette.casing,
        "line-width": by_zoom(&[(4.0, 3.0), (8.0, 5.0), (14.0, 8.0)]),
        "line-opacity": by_zoom(&[(8.0, 0.7), (11.0, 0.25)]),
    }));
    only_level(part, layer, 0).done()
}

/// Roads, thin.
pub(super) fn roads(layers: &[&Layer], palette: &Palette) -> Vec<Value> {
    let roads = layers.iter().filter(|layer| layer.role() == Role::Road);
    roads
        .map(|road| {
            line(road, "line", palette.road)
                .above_zoom(7.0)
                .paint(json!({
                    "line-color": palette.road,
                    "line-width": by_zoom(&[(7.0, 0.5), (11.0, 1.4), (14.0, 4.0)]),
                }))
                .done()
        })
        .collect()
}

fn line(layer: &Layer, part: &str, colour: Colour) -> Part {
    Part::new(layer, part, "line")
        .layout(json!({ "line-join": "round", "line-cap": "round" }))
        .paint(json!({ "line-color": colour }))
}

/// The positions in [`LEVELS`] of the levels that a layer's areas have.
fn levels(layer: &Layer) -> BTreeSet<usize> {
    if layer.role() != Role::AdminArea {
        return BTreeSet::new();
    }
    let level = |row| {
        let word = layer.text(row, Attribute::AdminLevel);
        LEVELS
            .iter()
            .position(|level| word.as_deref() == Some(level))
            .unwrap_or(LEVELS.len() - 1)
    };
    (0..layer.len()).map(level).collect()
}

fn has_level(level: usize) -> Value {
    if level + 1 == LEVELS.len() {
        json!([
            "!",
            [
                "in",
                ["coalesce", ["get", "admin_level"], ""],
                ["literal", LEVELS[..level]]
            ]
        ])
    } else {
        json!(["==", ["get", "admin_level"], LEVELS[level]])
    }
}

fn only_level(part: Part, layer: &Layer, level: usize) -> Part {
    if levels(layer).len() > 1 {
        part.filter(has_level(level))
    } else {
        part
    }
}
