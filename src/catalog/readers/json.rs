//! GeoJSON objects as rows: what the two GeoJSON readers share.

use geo_types::{Coord, Geometry, LineString, MultiPoint, Point, Polygon};
use geojson::{GeometryValue, JsonObject, JsonValue, Position};

use super::{Columns, DeclaredCrs, Problem, RawFeature};
use crate::catalog::RawValue;

/// The column that a feature's own `id` member is read into.
pub(super) const ID_COLUMN: &str = "@id";

/// Reads a `Feature`, or a bare geometry, which is a feature without values.
pub(super) fn feature(value: JsonValue, columns: &mut Columns) -> Result<RawFeature, Problem> {
    let JsonValue::Object(mut object) = value else {
        return Err(Problem::row("a feature must be a JSON object"));
    };
    let kind = object
        .get("type")
        .and_then(JsonValue::as_str)
        .unwrap_or_default()
        .to_owned();
    if kind != "Feature" {
        return geometry_only(object, &kind);
    }
    let mut feature = RawFeature::default();
    if let Some(id) = object.remove("id").and_then(raw_value) {
        feature.values.push((columns.index_of(ID_COLUMN), id));
    }
    match object.remove("properties") {
        Some(JsonValue::Object(properties)) => {
            for (name, value) in properties {
                // A column is known even where its value is not, so that columns keep the file's order.
                let column = columns.index_of(&name);
                feature.values.extend(raw_value(value).map(|value| (column, value)));
            }
        }
        None | Some(JsonValue::Null) => {}
        Some(_) => return Err(Problem::value("properties", "", "must be an object")),
    }
    match object.remove("geometry") {
        None | Some(JsonValue::Null) => {}
        Some(JsonValue::Object(geometry)) => read_geometry(geometry, &mut feature)?,
        Some(other) => {
            return Err(Problem::value(
                "geometry",
                &other.to_string(),
                "must be an object or null",
            ));
        }
    }
    Ok(feature)
}

fn geometry_only(object: JsonObject, kind: &str) -> Result<RawFeature, Problem> {
    if !object.contains_key("coordinates") && !object.contains_key("geometries") {
        return Err(Problem::value("type", kind, "neither a Feature nor a geometry"));
    }
    let mut feature = RawFeature::default();
    read_geometry(object, &mut feature)?;
    Ok(feature)
}

fn read_geometry(object: JsonObject, feature: &mut RawFeature) -> Result<(), Problem> {
    let problem = |reason: String| Problem {
        field: Some("geometry".to_owned()),
        value: None,
        reason,
    };
    let geometry: geojson::Geometry =
        serde_json::from_value(JsonValue::Object(object)).map_err(|error| problem(error.to_string()))?;
    let converted = convert(geometry.value, &mut feature.open_rings, 0).map_err(problem)?;
    feature.geometry = Some(converted).filter(|geometry| !is_empty(geometry));
    Ok(())
}

fn is_empty(geometry: &Geometry<f64>) -> bool {
    geo::CoordsIter::coords_count(geometry) == 0
}

/// How deep geometry collections may lie in each other.
const MAX_DEPTH: usize = 8;

/// To `geo_types`, heights left out, counting the rings that it will close.
fn convert(value: GeometryValue, open: &mut usize, depth: usize) -> Result<Geometry<f64>, String> {
    Ok(match value {
        GeometryValue::Point { coordinates } => Point(coord(&coordinates)?).into(),
        GeometryValue::MultiPoint { coordinates } => {
            MultiPoint(coords(&coordinates)?.into_iter().map(Point).collect()).into()
        }
        GeometryValue::LineString { coordinates } => LineString(coords(&coordinates)?).into(),
        GeometryValue::MultiLineString { coordinates } => Geometry::MultiLineString(
            coordinates
                .iter()
                .map(|line| Ok(LineString(coords(line)?)))
                .collect::<Result<_, String>>()?,
        ),
        GeometryValue::Polygon { coordinates } => polygon(&coordinates, open)?.into(),
        GeometryValue::MultiPolygon { coordinates } => Geometry::MultiPolygon(
            coordinates
                .iter()
                .map(|rings| polygon(rings, open))
                .collect::<Result<_, String>>()?,
        ),
        GeometryValue::GeometryCollection { geometries } if depth < MAX_DEPTH => Geometry::GeometryCollection(
            geometries
                .into_iter()
                .map(|member| convert(member.value, open, depth + 1))
                .collect::<Result<_, String>>()?,
        ),
        GeometryValue::GeometryCollection { .. } => {
            return Err(format!("geometry collections nested deeper than {MAX_DEPTH}"));
        }
    })
}

fn coord(position: &Position) -> Result<Coord<f64>, String> {
    match position.as_slice() {
        [x, y, ..] => Ok(Coord { x: *x, y: *y }),
        short => Err(format!("{short:?} is no position: it needs a longitude and a latitude")),
    }
}

fn coords(positions: &[Position]) -> Result<Vec<Coord<f64>>, String> {
    positions.iter().map(coord).collect()
}

fn polygon(rings: &[Vec<Position>], open: &mut usize) -> Result<Polygon<f64>, String> {
    let rings: Result<Vec<_>, String> = rings.iter().map(|ring| Ok(LineString(coords(ring)?))).collect();
    let rings = rings?;
    *open += rings.iter().filter(|ring| ring.0.first() != ring.0.last()).count();
    let mut rings = rings.into_iter();
    let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Ok(Polygon::new(exterior, rings.collect()))
}

/// A JSON value as a cell: null is no value, arrays and objects are kept as JSON text.
fn raw_value(value: JsonValue) -> Option<RawValue<'static>> {
    Some(match value {
        JsonValue::Null => return None,
        JsonValue::Bool(value) => RawValue::Bool(value),
        JsonValue::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => RawValue::Int(value),
            // Beyond 64 bits signed: the digits are kept.
            (None, Some(value)) if number.is_f64() && value.is_finite() => RawValue::Float(value),
            _ => RawValue::Text(number.to_string().into()),
        },
        JsonValue::String(text) => RawValue::Text(text.into()),
        other => RawValue::Text(other.to_string().into()),
    })
}

/// What a `crs` member says (GeoJSON 2008; RFC 7946 has only WGS 84): a system's name, the address of a definition, or
/// as in the drafts a code. `null` says that the system is not known.
pub(super) fn declared_crs(crs: &JsonValue) -> Option<DeclaredCrs> {
    let property = |name: &str| crs.get("properties")?.get(name);
    if let Some(code) = property("code") {
        let code = code.as_u64().or_else(|| code.as_str()?.parse().ok());
        return code.and_then(|code| u32::try_from(code).ok()).map(DeclaredCrs::Epsg);
    }
    let name = property("name")
        .or_else(|| property("href"))
        .and_then(JsonValue::as_str)?;
    let upper = name.to_ascii_uppercase();
    let code = name.rsplit([':', '/']).next().and_then(|digits| digits.parse().ok());
    Some(match code {
        Some(code) if upper.contains("EPSG") => DeclaredCrs::Epsg(code),
        _ => DeclaredCrs::Name(name.to_owned()),
    })
}
