//! A layer with every type of property and every kind of geometry, with unknown values among them.

use std::sync::Arc;

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect};
use refugia::catalog::{AttributesBuilder, Field, FieldKind, Layer, LayerVersion, Value};

use super::{coverage::BOX, layers::manifest};

const FIELDS: [(&str, FieldKind); 9] = [
    ("code", FieldKind::Text),
    ("mostly_unknown", FieldKind::Text),
    ("flag", FieldKind::Bool),
    ("small", FieldKind::Int),
    ("negative", FieldKind::Int),
    ("beyond_31_bits", FieldKind::Int),
    ("beyond_32_bits", FieldKind::Int),
    ("share", FieldKind::Float),
    ("same", FieldKind::Int),
];

/// 60 facilities in the coverage's box, of zooms 3 to 12.
pub(crate) fn layer() -> Arc<Layer> {
    let fields = FIELDS.map(|(name, kind)| Field {
        name: name.into(),
        kind,
    });
    let mut table = AttributesBuilder::new(fields.to_vec());
    let mut geometries = Vec::new();
    for row in 0..60_i64 {
        let code = format!("站{row}");
        let known = |every: i64, value| (row % every != 0).then_some(value);
        table.push_row([
            Some(Value::Text(&code)),
            (row == 7).then_some(Value::Text("known")),
            known(3, Value::Bool(row % 2 == 0)),
            known(4, Value::Int(row)),
            known(5, Value::Int(-row * 1_000_000)),
            Some(Value::Int(3_000_000_000 + row)),
            known(6, Value::Int(9_000_000_000_000 + row)),
            known(7, Value::Float(row as f64 / 7.0)),
            Some(Value::Int(42)),
        ]);
        geometries.push(geometry(row));
    }
    let more = "zoom = { min = 3, max = 12 }";
    Arc::new(
        Layer::new(
            manifest("columns", "facility", more),
            geometries,
            table.finish(),
            LayerVersion(1),
        )
        .unwrap(),
    )
}

fn geometry(row: i64) -> Geometry<f64> {
    let at = |dx: f64, dy: f64| Coord {
        x: BOX[0] + 0.04 * row as f64 + dx,
        y: BOX[1] + 0.04 * row as f64 + dy,
    };
    let square = |from: f64, to: f64| Rect::new(at(from, from), at(to, to)).to_polygon();
    let line = || LineString::from(vec![at(0.0, 0.0), at(0.1, 0.0), at(0.1, 0.1)]);
    match row % 7 {
        0 => Point(at(0.0, 0.0)).into(),
        1 => MultiPoint::from(vec![at(0.0, 0.0), at(0.3, 0.1)]).into(),
        2 => line().into(),
        3 => MultiLineString::new(vec![line(), LineString::from(vec![at(0.2, 0.2), at(0.3, 0.2)])]).into(),
        4 => square(0.0, 0.2).into(),
        5 => {
            let hole = square(0.05, 0.1).exterior().clone();
            Polygon::new(square(0.0, 0.2).exterior().clone(), vec![hole]).into()
        }
        _ => {
            let hole = square(0.05, 0.1).exterior().clone();
            let holed = Polygon::new(square(0.0, 0.2).exterior().clone(), vec![hole]);
            MultiPolygon::new(vec![holed, square(0.3, 0.4)]).into()
        }
    }
}
