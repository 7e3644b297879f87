//! A shelter as a GeoJSON feature.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::marks::Marks;
use crate::{
    catalog::{Facility, HazardKind, Tri, Value},
    geometry::Datum,
    http::position::{AnyGeometry, PointGeometry},
    messages::{Lang, Names},
    shelters::{Candidate, Entry, Grade, Shelter, Status},
};

/// A shelter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Shelter)]
pub(super) struct ShelterFeature<'a> {
    r#type: FeatureType,
    #[schema(example = "350102-001")]
    id: &'a str,
    geometry: PointGeometry,
    properties: ShelterProperties<'a>,
    /// The area, or the several points, that the point stands for, where the shelter was mapped so; where one shelter was
    /// asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    footprint: Option<AnyGeometry>,
}

#[derive(Debug, Serialize, ToSchema)]
enum FeatureType {
    Feature,
}

/// What is known about a shelter. Null and `unknown` mean that nobody has said.
#[derive(Debug, Serialize, ToSchema)]
struct ShelterProperties<'a> {
    id: &'a str,
    layer: &'a str,
    /// The name in the answer's language; the id where it has none.
    name: Cow<'a, str>,
    names: Names,
    /// From where was asked, metres: along roads with `by=foot` and `by=car`, else the geodesic on WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    /// Seconds; see `duration_basis`.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_basis: Option<DurationBasis>,
    /// Whether the way by road leads through no zone that should not be entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    way_safe: Option<bool>,
    /// Initial bearing of the geodesic, degrees clockwise from north.
    #[serde(skip_serializing_if = "Option::is_none")]
    bearing_deg: Option<f64>,
    status: Status,
    /// When the status was true, RFC 3339, as the data say it.
    status_as_of: Option<Cow<'a, str>>,
    /// Design capacity, persons.
    capacity: Option<u64>,
    grade: Option<Grade>,
    /// Suitability by hazard kind; every kind is listed.
    #[schema(value_type = BTreeMap<String, Tri>)]
    suits: Marks<HazardKind>,
    /// Facilities; every kind is listed.
    #[schema(value_type = BTreeMap<String, Tri>)]
    facilities: Marks<Facility>,
    address: Option<Cow<'a, str>>,
    phone: Option<Cow<'a, str>>,
    /// The office of the keeper, never a person.
    keeper_role: Option<Cow<'a, str>>,
    /// When the record was true, as the data say it.
    as_of: Option<Cow<'a, str>>,
    source: Cow<'a, str>,
    /// Whether the record is made up.
    synthetic: bool,
    /// Every known field with its source and time; where one shelter was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Vec<RecordField>>,
}

/// One known field.
#[derive(Debug, Serialize, ToSchema)]
struct RecordField {
    /// A field of the record, `suits.<hazard kind>` or `facilities.<facility>`.
    #[schema(example = "capacity")]
    field: String,
    /// A text, a number or a truth value.
    value: serde_json::Value,
    /// When it was true, as the data say it.
    as_of: Option<String>,
    source: String,
}

/// What a duration is computed from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DurationBasis {
    /// The straight line, lengthened by an ordinary detour, at a slow walk.
    StraightLine,
    /// The way by road.
    Roads,
}

impl<'a> ShelterFeature<'a> {
    /// A shelter on its own, with its whole record.
    pub(super) fn with_record(shelter: &'a Shelter, datum: Datum, lang: Lang) -> Self {
        let mut feature = Self::new(shelter, datum, lang);
        feature.footprint = shelter
            .footprint()
            .and_then(|geometry| AnyGeometry::new(&geometry, datum));
        feature.properties.record = Some(shelter.record().into_iter().map(record_field).collect());
        feature
    }

    /// A shelter as an answer to where to go.
    pub(super) fn of_candidate(candidate: &Candidate<'a>, datum: Datum, lang: Lang) -> Self {
        let mut feature = Self::new(candidate.shelter, datum, lang);
        let properties = &mut feature.properties;
        let distance = candidate.road.map_or(candidate.distance, |road| road.distance);
        properties.distance_m = Some(rounded(distance.0, 1e3));
        properties.duration_s = Some(candidate.duration().0.round());
        properties.duration_basis = Some(match candidate.road {
            Some(_) => DurationBasis::Roads,
            None => DurationBasis::StraightLine,
        });
        properties.way_safe = candidate.road.map(|road| road.safe);
        properties.bearing_deg = Some(rounded(candidate.bearing_deg, 1e2));
        feature
    }

    fn new(shelter: &'a Shelter, datum: Datum, lang: Lang) -> Self {
        let properties = ShelterProperties {
            id: shelter.id(),
            layer: shelter.layer().id().as_str(),
            name: name(shelter, lang),
            names: names(shelter),
            distance_m: None,
            duration_s: None,
            duration_basis: None,
            way_safe: None,
            bearing_deg: None,
            status: shelter.status(),
            status_as_of: shelter.status_as_of(),
            capacity: shelter.capacity().map(|persons| persons.0),
            grade: shelter.grade(),
            suits: HazardKind::ALL.iter().map(|&kind| shelter.suits(kind)).collect(),
            facilities: Facility::ALL
                .iter()
                .map(|&facility| shelter.facility(facility))
                .collect(),
            address: shelter.address(),
            phone: shelter.phone(),
            keeper_role: shelter.keeper_role(),
            as_of: shelter.as_of(),
            source: shelter.source(),
            synthetic: shelter.is_synthetic(),
            record: None,
        };
        Self {
            r#type: FeatureType::Feature,
            id: shelter.id(),
            geometry: PointGeometry::new(shelter.position(), datum),
            properties,
            footprint: None,
        }
    }
}

fn record_field(entry: Entry<'_>) -> RecordField {
    RecordField {
        field: entry.field.into_owned(),
        value: match entry.value {
            Value::Bool(value) => value.into(),
            Value::Int(value) => value.into(),
            Value::Float(value) => value.into(),
            Value::Text(value) => value.into(),
        },
        as_of: entry.as_of.map(Into::into),
        source: entry.source.into_owned(),
    }
}

/// The name in a language; the id where it has none.
pub(super) fn name(shelter: &Shelter, lang: Lang) -> Cow<'_, str> {
    shelter.name(lang).unwrap_or(Cow::Borrowed(shelter.id()))
}

/// The names in both languages.
pub(super) fn names(shelter: &Shelter) -> Names {
    Names {
        zh: name(shelter, Lang::Zh).into_owned(),
        en: name(shelter, Lang::En).into_owned(),
    }
}

/// A number to so many parts of a unit: what is beyond them is noise of the last bits.
pub(super) fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
