//! One GeoJSON object (RFC 7946): a feature collection read feature by feature, a feature, or a geometry.
//!
//! Features are parsed as they arrive; a collection of any size needs the memory of its largest feature. A feature
//! that is JSON but not GeoJSON is a refused row; broken JSON ends the reading, for nothing after it can be trusted.

use std::{
    fmt::{Formatter, Result as FmtResult},
    sync::OnceLock,
};

use geojson::{JsonObject, JsonValue};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Columns, DeclaredCrs, Detected, Input, ReadError, Row, Source, json};

/// A GeoJSON file.
#[derive(Debug)]
pub struct GeoJson {
    input: Input,
    /// From the member `crs`, which may stand after the features.
    declared: OnceLock<Option<DeclaredCrs>>,
}

impl GeoJson {
    /// A file to be read; nothing is looked at yet.
    pub const fn open(input: Input) -> Self {
        Self {
            input,
            declared: OnceLock::new(),
        }
    }
}

impl Source for GeoJson {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut deserializer = serde_json::Deserializer::from_reader(self.input.text()?);
        let mut rows = Rows {
            columns: Columns::default(),
            number: 0,
            take,
        };
        let object = deserializer
            .deserialize_map(TopLevel { rows: &mut rows })
            .and_then(|object| deserializer.end().map(|()| object))
            .map_err(json_error)?;
        let declared = object.members.get("crs").and_then(json::declared_crs);
        self.declared.get_or_init(|| declared);
        let kind = object
            .members
            .get("type")
            .and_then(JsonValue::as_str)
            .unwrap_or_default();
        match (kind, object.has_features) {
            ("FeatureCollection", true) => Ok(()),
            ("FeatureCollection", false) => Err(ReadError::GeoJson("it has no `features`".to_owned())),
            (_, true) => Err(ReadError::GeoJson(
                "it has `features` but is no FeatureCollection".to_owned(),
            )),
            (_, false) => {
                rows.add(JsonValue::Object(object.members));
                Ok(())
            }
        }
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.declared.get()?.clone()
    }

    fn encoding(&self) -> Option<Detected> {
        self.input.encoding().ok()
    }
}

/// Broken JSON, or what broke beneath it.
pub(super) fn json_error(error: serde_json::Error) -> ReadError {
    if error.is_io() {
        ReadError::from_io(error.into())
    } else {
        ReadError::Json(error.to_string())
    }
}

struct Rows<'t> {
    columns: Columns,
    number: u64,
    take: &'t mut dyn FnMut(&[String], Row),
}

impl Rows<'_> {
    fn add(&mut self, value: JsonValue) {
        self.number += 1;
        let content = json::feature(value, &mut self.columns);
        let row = Row {
            number: self.number,
            content,
        };
        (self.take)(&self.columns.names, row);
    }
}

/// The members beside `features`, which are read on the way.
struct Object {
    members: JsonObject,
    has_features: bool,
}

struct TopLevel<'r, 't> {
    rows: &'r mut Rows<'t>,
}

impl<'de> Visitor<'de> for TopLevel<'_, '_> {
    type Value = Object;

    fn expecting(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut members = JsonObject::new();
        let mut has_features = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => {
                    has_features = true;
                    map.next_value_seed(Features { rows: self.rows })?;
                }
                "type" | "crs" | "id" | "properties" | "geometry" | "coordinates" | "geometries" => {
                    members.insert(key, map.next_value()?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Object { members, has_features })
    }
}

struct Features<'r, 't> {
    rows: &'r mut Rows<'t>,
}

impl<'de> DeserializeSeed<'de> for Features<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str("an array of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut features: A) -> Result<(), A::Error> {
        while let Some(value) = features.next_element::<JsonValue>()? {
            self.rows.add(value);
        }
        Ok(())
    }
}
