//! The part of the field for an area: what somebody takes along who will have no network later.
//!
//! Owns finding the area. How the field is written down is the edge's part.

use geo_types::Geometry;

use super::ShelterField;
use crate::{
    catalog::{Layer, Role},
    geometry::{LonLat, PreparedPolygon},
    messages::{Lang, Names},
    routing::{FieldExtract, Mode},
    shelters::Shelter,
    world::{Concern, World},
};

/// The name of the area that is the whole region.
pub const WHOLE_REGION: &str = "region";

/// The field of an area.
#[derive(Debug)]
pub struct AreaField<'a> {
    /// What the area is called, where it has a name.
    pub names: Option<Names>,
    /// The points.
    pub points: FieldExtract,
    /// The shelters, by their number in the points.
    pub shelters: Vec<&'a Shelter>,
}

impl World {
    /// The field of a mode under a concern for the administrative area of an id, or for [`WHOLE_REGION`]; `None` without such an
    /// area or without roads. O(nodes × log vertices of the area).
    pub fn area_field(&self, area: &str, mode: Mode, concern: Concern) -> Option<AreaField<'_>> {
        let (roads, field) = (self.roads.as_ref()?, self.shelter_field(mode, concern)?);
        let (names, polygons) = if area == WHOLE_REGION {
            (Some(self.region.manifest.names.clone()), None)
        } else {
            let (layer, row) = self.admin_area(area)?;
            (names(layer, row), Some(prepared(&layer.geometries()[row])))
        };
        let is_in = |at: LonLat| {
            let polygons = polygons.as_ref();
            polygons.is_none_or(|polygons| polygons.iter().any(|polygon| polygon.covers(at)))
        };
        let ShelterField { field, places, .. } = field;
        let weights = roads.weights(mode, concern);
        let mut points = field.extract(roads.router(), weights, places.destinations(), is_in);
        let shelters = self.numbered(&mut points, places.shelters());
        Some(AreaField {
            names,
            points,
            shelters,
        })
    }

    fn admin_area(&self, id: &str) -> Option<(&Layer, usize)> {
        let areas = self
            .region
            .layers
            .iter()
            .filter(|layer| layer.role() == Role::AdminArea);
        areas.into_iter().find_map(|layer| Some((&**layer, layer.row_of(id)?)))
    }

    /// Numbers the shelters that the points lead to from 0, in the order of the points.
    fn numbered(&self, points: &mut FieldExtract, all: &[u32]) -> Vec<&Shelter> {
        let mut numbers = vec![None; all.len()];
        let mut told = Vec::new();
        for destination in points.destinations.iter_mut().flatten() {
            let at = *destination as usize;
            *destination = *numbers[at].get_or_insert_with(|| {
                told.push(all[at] as usize);
                told.len() as u32 - 1
            });
        }
        let every: Vec<&Shelter> = self.shelters.iter().collect();
        told.into_iter().map(|index| every[index]).collect()
    }
}

fn names(layer: &Layer, row: usize) -> Option<Names> {
    let name = |lang| layer.name(row, lang).map(Into::into);
    Some(Names {
        zh: name(Lang::Zh)?,
        en: name(Lang::En)?,
    })
}

fn prepared(geometry: &Geometry<f64>) -> Vec<PreparedPolygon> {
    match geometry {
        Geometry::Polygon(polygon) => vec![PreparedPolygon::new(polygon)],
        Geometry::MultiPolygon(parts) => parts.iter().map(PreparedPolygon::new).collect(),
        _ => Vec::new(),
    }
}
