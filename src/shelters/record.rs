//! A shelter's record field by field, each with its time and source.

use std::borrow::Cow;

use super::Shelter;
use crate::catalog::{Attribute, Facility, HazardKind, Tri, Value};

/// One known field of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    /// The field: an [`Attribute`], `suits.<kind>` or `facilities.<facility>`.
    pub field: Cow<'static, str>,
    /// Its value.
    pub value: Value<'a>,
    /// When it was true, as the data say it.
    pub as_of: Option<Cow<'a, str>>,
    /// Who says so.
    pub source: Cow<'a, str>,
}

impl Shelter {
    /// Every known field, in the order of the vocabularies; unknown ones are left out. The status has a time of its
    /// own, the other fields share the record's;
    /// times and sources are no fields of their own.
    pub fn record(&self) -> Vec<Entry<'_>> {
        let is_field =
            |attribute: &&Attribute| !matches!(attribute, Attribute::AsOf | Attribute::StatusAsOf | Attribute::Source);
        let single = Attribute::ALL.iter().filter(is_field).filter_map(|&attribute| {
            let value = self.layer.value(self.row, attribute)?;
            Some((Cow::Borrowed(attribute.as_str()), value))
        });
        let known =
            |field: String, tri: Tri| (tri != Tri::Unknown).then(|| (Cow::Owned(field), Value::Text(tri.as_str())));
        let suits = HazardKind::ALL
            .iter()
            .filter_map(|&kind| known(format!("suits.{kind}"), self.suits(kind)));
        let facilities = Facility::ALL
            .iter()
            .filter_map(|&facility| known(format!("facilities.{facility}"), self.facility(facility)));
        single
            .chain(suits)
            .chain(facilities)
            .map(|(field, value)| Entry {
                as_of: if field == Attribute::Status.as_str() {
                    self.status_as_of().or_else(|| self.as_of())
                } else {
                    self.as_of()
                },
                field,
                value,
                source: self.source(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use geo_types::{Geometry, point};

    use crate::{
        catalog::{AttributesBuilder, Field, FieldKind, Layer, LayerVersion, RegionManifest, Value},
        hazards::Hazards,
        messages::Lang,
        shelters::{Grade, Shelters, Status},
        units::Persons,
    };

    const MANIFEST: &str = r#"
        format = 1
        id = "r"
        names = { zh = "r", en = "r" }
        bbox = [118.0, 25.0, 119.0, 26.0]
        time_zone = "Asia/Shanghai"
        [[layer]]
        id = "shelters"
        role = "shelter"
        names = { zh = "避灾点", en = "Shelters" }
        file = "shelters.fgb"
        source = "the county"
        licence = "CC-BY-4.0"
        vintage = "2026"
        synthetic = true
        [layer.attributes]
        id = "id"
        name = "name"
        capacity = "capacity"
        grade = "grade"
        status = "status"
        status_as_of = "status_time"
        as_of = "time"
        suits = { flood = "flood", typhoon = "typhoon" }
        facilities = { beds = "beds" }
    "#;

    fn shelters() -> Shelters {
        let columns = [
            "id",
            "name",
            "grade",
            "status",
            "status_time",
            "time",
            "flood",
            "typhoon",
        ];
        let text = columns.map(|name| (name, FieldKind::Text));
        let fields = text
            .into_iter()
            .chain([("capacity", FieldKind::Int), ("beds", FieldKind::Bool)]);
        let fields = fields
            .map(|(name, kind)| Field {
                name: name.to_owned(),
                kind,
            })
            .collect();
        let mut table = AttributesBuilder::new(fields);
        let texts = [
            "7",
            "一中",
            "county",
            "open",
            "2026-08-01T10:00:00Z",
            "2026-01-05",
            "yes",
            "",
        ];
        let numbers = [Some(Value::Int(300)), Some(Value::Bool(false))];
        table.push_row(texts.map(|text| Some(Value::Text(text))).into_iter().chain(numbers));
        table.push_row([Some(Value::Text("8"))]);
        let manifest = RegionManifest::parse(MANIFEST).unwrap().layers.remove(0);
        let points = vec![Geometry::Point(point!(x: 118.5, y: 25.5)); 2];
        let layer = Layer::new(manifest, points, table.finish(), LayerVersion(1)).unwrap();
        Shelters::build(&[Arc::new(layer)], &Hazards::default())
    }

    #[test]
    fn what_is_known_is_listed_with_its_time_and_source() {
        let shelters = shelters();
        let shelter = shelters.get("7").unwrap();
        assert_eq!(shelter.name(Lang::En).as_deref(), Some("一中"));
        assert_eq!(
            (shelter.grade(), shelter.capacity()),
            (Some(Grade::County), Some(Persons(300)))
        );
        let line = |entry: &super::Entry<'_>| {
            let as_of = entry.as_of.as_deref().unwrap_or("-");
            format!(
                "{} = {} ({as_of}, {})",
                entry.field,
                entry.value.to_text(),
                entry.source
            )
        };
        let record: Vec<String> = shelter.record().iter().map(line).collect();
        insta::assert_snapshot!(record.join("\n"), @r"
        id = 7 (2026-01-05, the county)
        capacity = 300 (2026-01-05, the county)
        grade = county (2026-01-05, the county)
        status = open (2026-08-01T10:00:00Z, the county)
        suits.flood = yes (2026-01-05, the county)
        facilities.beds = no (2026-01-05, the county)
        ");
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        let shelters = shelters();
        let shelter = shelters.get("shelters:8").unwrap();
        assert_eq!(
            (shelter.status(), shelter.capacity(), shelter.grade()),
            (Status::Unknown, None, None)
        );
        let fields: Vec<_> = shelter.record().into_iter().map(|entry| entry.field).collect();
        assert_eq!(fields, ["id"]);
    }
}
