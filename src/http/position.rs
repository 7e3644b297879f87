//! Positions and datums as parameters and in answers.

use geo::MapCoords as _;
use geo_types::{Coord, Geometry};
use utoipa::IntoParams;

use super::{
    error::Problem,
    query::{Values, invalid},
};
use crate::geometry::{BBox, Datum, LonLat};

/// Decimals of degrees in answers: 0.1 mm, finer than any source and the same on every machine.
const DECIMALS: f64 = 1e9;

/// A position as parameters.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read by hand")]
pub(super) struct PositionParameters {
    /// Longitude, degrees.
    #[param(minimum = -180, maximum = 180, example = 119.296)]
    lon: f64,
    /// Latitude, degrees.
    #[param(minimum = -90, maximum = 90, example = 26.074)]
    lat: f64,
    /// Datum of positions in the request and in the answer; `wgs84` where not given.
    #[param(inline)]
    datum: Option<Datum>,
}

/// The datum as a parameter.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes a parameter that is read by hand")]
pub(super) struct DatumParameter {
    /// Datum of positions in the answer; `wgs84` where not given.
    #[param(inline)]
    datum: Option<Datum>,
}

/// Reads `lon` and `lat`, both needed, as degrees of any datum.
pub(super) fn required(values: &Values) -> Result<LonLat, Problem> {
    let lon = values.required_number("lon", -180.0..=180.0)?;
    let lat = values.required_number("lat", -90.0..=90.0)?;
    LonLat::new(lon, lat).map_err(Problem::internal)
}

/// Reads `lon` and `lat`, both or neither.
pub(super) fn optional(values: &Values) -> Result<Option<LonLat>, Problem> {
    match (values.text("lon"), values.text("lat")) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => required(values).map(Some),
        (None, Some(_)) => Err(invalid("lat", "together").with("other", "lon")),
        (Some(_), None) => Err(invalid("lon", "together").with("other", "lat")),
    }
}

/// Reads `datum`; WGS 84 where it is not given.
pub(super) fn datum(values: &Values) -> Result<Datum, Problem> {
    let words = Datum::ALL.map(|datum| (datum.as_str(), datum));
    Ok(values.word("datum", &words)?.unwrap_or_default())
}

/// Longitude and latitude as answered, in the datum asked for.
pub(super) fn shown(position: LonLat, datum: Datum) -> [f64; 2] {
    let shown = datum.from_wgs84(position);
    // Adding zero makes 0 of -0.
    [shown.lon(), shown.lat()].map(|degrees| (degrees * DECIMALS).round() / DECIMALS + 0.0)
}

/// A GeoJSON point.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Point)]
pub(super) struct PointGeometry {
    /// `Point`.
    r#type: PointType,
    /// Longitude and latitude, degrees.
    #[schema(example = json!([119.296, 26.074]))]
    coordinates: [f64; 2],
}

#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
enum PointType {
    Point,
}

impl PointGeometry {
    /// The point in the datum asked for.
    pub(super) fn new(position: LonLat, datum: Datum) -> Self {
        Self {
            r#type: PointType::Point,
            coordinates: shown(position, datum),
        }
    }
}

/// A GeoJSON geometry of any kind but a collection.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Geometry)]
pub(super) struct AnyGeometry {
    /// `Polygon`, `MultiPolygon`, `MultiPoint` …
    #[schema(example = "Polygon")]
    r#type: String,
    /// Longitudes and latitudes, degrees, nested as the kind needs.
    #[schema(value_type = Vec<Object>)]
    coordinates: serde_json::Value,
}

impl AnyGeometry {
    /// The geometry in the datum asked for; `None` for a collection.
    pub(super) fn new(geometry: &Geometry<f64>, datum: Datum) -> Option<Self> {
        let moved = geometry.map_coords(|coord| {
            LonLat::new(coord.x, coord.y).map_or(coord, |position| {
                let [x, y] = shown(position, datum);
                Coord { x, y }
            })
        });
        let mut written = serde_json::to_value(geojson::Geometry::from(&moved)).ok()?;
        Some(Self {
            r#type: written["type"].as_str()?.to_owned(),
            coordinates: written.get_mut("coordinates")?.take(),
        })
    }
}

/// West, south, east, north.
pub(super) fn corners(bbox: BBox) -> [f64; 4] {
    bbox.into()
}
