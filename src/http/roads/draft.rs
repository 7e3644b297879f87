//! A closure as somebody sends it: a GeoJSON feature, read strictly.

use geo_types::{Geometry, LineString, MultiPolygon};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    geometry::LonLat,
    http::error::{Code, Problem},
    routing::{Area, Closure, Mode},
    units::Metres,
};

/// How long the words of a closure may be, characters.
const LONGEST_TEXT: usize = 500;
/// How far around a point roads are closed where nothing is said, metres: the road at the point.
const POINT_RADIUS_M: f64 = 10.0;
/// The most ways by number.
const MOST_WAYS: usize = 10_000;

/// The feature.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Feature {
    r#type: FeatureWord,
    /// Nothing where ways are named.
    #[serde(default)]
    geometry: Option<Value>,
    properties: Properties,
}

#[derive(Debug, Deserialize)]
enum FeatureWord {
    Feature,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Properties {
    #[serde(default)]
    modes: Option<Vec<String>>,
    reason: String,
    source: String,
    #[serde(default, deserialize_with = "given")]
    starts: Option<Timestamp>,
    #[serde(default, deserialize_with = "given")]
    ends: Option<Timestamp>,
    #[serde(default)]
    radius_m: Option<f64>,
    #[serde(default)]
    way_ids: Option<Vec<i64>>,
}

/// A member that may be null.
fn given<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

/// Reads a closure that begins now where it does not say when.
///
/// # Errors
/// The body is no such feature, or a member has a value that does not do; the member is named.
pub(super) fn read(body: &[u8], now: Timestamp) -> Result<Closure, Problem> {
    let feature: Feature =
        serde_json::from_slice(body).map_err(|error| Problem::new(Code::InvalidBody).with("reason", error))?;
    let FeatureWord::Feature = feature.r#type;
    let Properties {
        modes,
        reason,
        source,
        starts,
        ends,
        radius_m,
        way_ids,
    } = feature.properties;
    for (name, text) in [("reason", &reason), ("source", &source)] {
        if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
            return Err(wrong(name, format_args!("1 to {LONGEST_TEXT} characters are wanted")));
        }
    }
    Ok(Closure {
        area: area(feature.geometry, radius_m, way_ids)?,
        caught: Vec::new(),
        modes: read_modes(modes)?,
        reason,
        source,
        starts: starts.unwrap_or(now),
        ends,
    })
}

/// A member whose value does not do.
pub(super) fn wrong(member: &str, reason: impl std::fmt::Display) -> Problem {
    Problem::new(Code::InvalidOption).about(member).with("reason", reason)
}

fn read_modes(words: Option<Vec<String>>) -> Result<[bool; 3], Problem> {
    let Some(words) = words else {
        return Ok([true; 3]);
    };
    let mut modes = [false; 3];
    for word in &words {
        let mode: Mode = word.parse().map_err(|error| wrong("modes", error))?;
        modes[mode.index()] = true;
    }
    Ok(modes)
}

fn area(geometry: Option<Value>, radius_m: Option<f64>, ways: Option<Vec<i64>>) -> Result<Area, Problem> {
    let geometry = geometry.filter(|geometry| !geometry.is_null());
    if let Some(ways) = ways {
        return match (geometry, ways.len()) {
            (Some(_), _) => Err(wrong("way_ids", "give a geometry or ways, not both")),
            (None, 1..=MOST_WAYS) => Ok(Area::Ways(ways)),
            (None, _) => Err(wrong("way_ids", format_args!("1 to {MOST_WAYS} ways are wanted"))),
        };
    }
    let Some(geometry) = geometry else {
        return Err(wrong(
            "geometry",
            "give a Point, LineString, Polygon or MultiPolygon, or way_ids",
        ));
    };
    let geometry: geojson::Geometry = serde_json::from_value(geometry).map_err(|error| wrong("geometry", error))?;
    let geometry = Geometry::<f64>::try_from(geometry).map_err(|error| wrong("geometry", error))?;
    if radius_m.is_some() && !matches!(geometry, Geometry::Point(_)) {
        return Err(wrong("radius_m", "only a Point has a radius"));
    }
    match geometry {
        Geometry::Point(point) => {
            let at = LonLat::new(point.x(), point.y()).map_err(|error| wrong("geometry", error))?;
            Ok(Area::Around(at, Metres(radius_m.unwrap_or(POINT_RADIUS_M))))
        }
        Geometry::LineString(line) => Ok(Area::Line(on_the_globe(line)?)),
        Geometry::Polygon(polygon) => polygons(MultiPolygon(vec![polygon])),
        Geometry::MultiPolygon(parts) => polygons(parts),
        _ => Err(wrong("geometry", "give a Point, LineString, Polygon or MultiPolygon")),
    }
}

fn polygons(parts: MultiPolygon<f64>) -> Result<Area, Problem> {
    for part in &parts {
        for ring in std::iter::once(part.exterior()).chain(part.interiors()) {
            on_the_globe(ring.clone())?;
        }
    }
    Ok(Area::Polygon(parts))
}

fn on_the_globe(line: LineString<f64>) -> Result<LineString<f64>, Problem> {
    for coord in &line.0 {
        LonLat::new(coord.x, coord.y).map_err(|error| wrong("geometry", error))?;
    }
    Ok(line)
}
