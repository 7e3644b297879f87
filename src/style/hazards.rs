//! Hazard zones: filled and edged in the colours of their levels, the highest level hatched so that it reads without
//! colour. Base labels stay readable through them.

use serde_json::{Value, json};

use super::{
    colour::Colour,
    part::{Part, by_zoom},
    theme::{Palette, Theme},
};
use crate::catalog::{HazardKind, Layer, Level, Shape};

/// The style layers of one hazard layer, hidden until somebody switches them on.
pub(super) fn zones(layer: &Layer, theme: Theme, has_sprites: bool) -> Vec<Value> {
    let palette = theme.palette();
    let mut parts = Vec::new();
    let levels = layer.levels();
    let edge = by_rank(levels, |_, level| json!(edge(levels, level, palette)));
    if layer.shape() != Shape::Point {
        let areas = |part: Part| match layer.shape() {
            Shape::Mixed => part.filter(json!(["==", ["geometry-type"], "Polygon"])),
            _ => part,
        };
        if layer.shape() != Shape::Line {
            parts.push(areas(fill(layer, palette)).done());
            parts.extend(has_sprites.then(|| hatch(layer, theme)));
        }
        parts.push(outline(layer, &edge).done());
    }
    if matches!(layer.shape(), Shape::Point | Shape::Mixed) {
        parts.push(points(layer, &edge, palette));
    }
    parts
}

fn fill(layer: &Layer, palette: &Palette) -> Part {
    let levels = layer.levels();
    let [lowest, highest] = palette.hazard_opacity;
    let step = (highest - lowest) / (levels.len().max(2) - 1) as f64;
    let opacity = |rank: usize| {
        let opacity = if levels.len() == 1 {
            highest
        } else {
            lowest + step * rank as f64
        };
        json!((opacity * 100.0).round() / 100.0)
    };
    Part::new(layer, "fill", "fill")
        .layout(json!({ "fill-sort-key": ["get", "level_rank"] }))
        .paint(json!({
            "fill-color": by_rank(levels, |_, level| json!(colour(level))),
            "fill-opacity": by_rank(levels, |rank, _| opacity(rank)),
            "fill-antialias": false,
        }))
}

/// Hatched are the zones of the highest of several levels; of a chemical release all.
fn hatch(layer: &Layer, theme: Theme) -> Value {
    let highest = layer.levels().len();
    let is_hatched = if layer.hazard_kind() == Some(HazardKind::Chemical) {
        json!(true)
    } else if highest > 1 {
        json!(["==", ["get", "level_rank"], highest])
    } else {
        json!(false)
    };
    Part::new(layer, "hatch", "fill")
        .filter(json!(["all", ["==", ["geometry-type"], "Polygon"], is_hatched]))
        .paint(json!({
            "fill-pattern": format!("hatch-{}", theme.as_str()),
            "fill-opacity": by_zoom(&[(5.0, 0.25), (9.0, 0.5), (12.0, 0.65)]),
        }))
        .done()
}

fn outline(layer: &Layer, edge: &Value) -> Part {
    let is_line = layer.shape() == Shape::Line;
    let width: &[_] = if is_line {
        &[(6.0, 1.0), (14.0, 4.0)]
    } else {
        &[(8.0, 0.4), (11.0, 0.9), (14.0, 1.6)]
    };
    let opacity: &[_] = if is_line {
        &[(5.0, 1.0), (8.0, 1.0)]
    } else {
        &[(7.0, 0.0), (9.0, 0.7), (12.0, 0.95)]
    };
    Part::new(layer, "line", "line")
        .layout(json!({ "line-join": "round", "line-sort-key": ["get", "level_rank"] }))
        .paint(json!({ "line-color": edge, "line-width": by_zoom(width), "line-opacity": by_zoom(opacity) }))
}

fn points(layer: &Layer, edge: &Value, palette: &Palette) -> Value {
    Part::new(layer, "point", "circle")
        .filter(json!(["==", ["geometry-type"], "Point"]))
        .layout(json!({ "circle-sort-key": ["get", "level_rank"] }))
        .paint(json!({
            "circle-color": by_rank(layer.levels(), |_, level| json!(colour(level))),
            "circle-radius": by_zoom(&[(6.0, 2.0), (10.0, 4.0), (14.0, 7.0)]),
            "circle-stroke-color": edge,
            "circle-stroke-width": by_zoom(&[(6.0, 0.5), (14.0, 1.5)]),
            "circle-opacity": palette.hazard_opacity[1],
        }))
        .done()
}

/// A value for each level, given its position (0 = lowest).
fn by_rank(levels: &[Level], value: impl Fn(usize, &Level) -> Value) -> Value {
    let Some((lowest, higher)) = levels.split_first() else {
        return json!(null);
    };
    if higher.is_empty() {
        return value(0, lowest);
    }
    let mut expression = vec![json!("match"), json!(["get", "level_rank"])];
    for (position, level) in levels.iter().enumerate().skip(1) {
        expression.extend([json!(position + 1), value(position, level)]);
    }
    expression.push(value(0, lowest));
    Value::Array(expression)
}

/// The colour of a level's edge: its own or, where that does not stand out, nearer to the end of the family that does.
fn edge(levels: &[Level], level: &Level, palette: &Palette) -> Colour {
    let family: Vec<Colour> = levels.first().into_iter().chain(levels.last()).map(colour).collect();
    colour(level).as_mark_on(palette.land, &family)
}

/// The pack's colour of a level; the manifest was checked to have one.
fn colour(level: &Level) -> Colour {
    level.colour.parse().unwrap_or(Colour::hex(0x80_8080))
}
