//! Every hazard zone of a region, ready to be asked for the ones over a point.

use std::sync::Arc;

use geo_types::{Geometry, Polygon, Rect};

use super::Threat;
use crate::{
    catalog::{HazardKind, Layer, Role},
    geometry::{LonLat, PreparedPolygon},
    index::Boxes,
};

/// The zones of every hazard layer, indexed. Immutable.
#[derive(Debug, Default)]
pub struct Hazards {
    layers: Vec<Arc<Layer>>,
    parts: Vec<Part>,
    /// Boxes of the parts.
    boxes: Boxes<u32>,
}

/// One polygon of a zone. Each part of a multi-polygon stands in the index by itself, so that a zone of scattered parts
/// costs no more than its parts nearby.
#[derive(Debug)]
struct Part {
    layer: u32,
    row: u32,
    polygon: PreparedPolygon,
}

impl Hazards {
    /// Indexes the `hazard_zone` layers among these. O(n log n) for n vertices; they are copied, about 18 bytes each.
    ///
    /// Only areas cover a point: points and lines in a hazard layer threaten nothing.
    pub fn build(layers: &[Arc<Layer>]) -> Self {
        let is_hazard = |layer: &&Arc<Layer>| layer.role() == Role::HazardZone;
        let layers: Vec<_> = layers.iter().filter(is_hazard).cloned().collect();
        let mut parts = Vec::new();
        for (index, layer) in layers.iter().enumerate() {
            for (row, geometry) in layer.geometries().iter().enumerate() {
                for_each_polygon(geometry, &mut |polygon| {
                    parts.push(Part {
                        layer: index as u32,
                        row: row as u32,
                        polygon: PreparedPolygon::new(polygon),
                    });
                });
            }
        }
        let corners = |(index, part): (usize, &Part)| {
            let (min, max) = part.polygon.corners()?;
            Some((Rect::new(min, max), index as u32))
        };
        let boxes = parts.iter().enumerate().filter_map(corners).collect();
        Self { layers, parts, boxes }
    }

    /// The hazard kinds there are layers of, in the order of [`HazardKind`], each once.
    pub fn kinds(&self) -> Vec<HazardKind> {
        let mut kinds: Vec<_> = self.layers.iter().filter_map(|layer| layer.hazard_kind()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Every zone over the position, each once, most severe first ([`Threat::severity_order`]). Edges of zones count as
    /// inside, edges of their holes too. O(log n + boxes over the position).
    pub fn at(&self, position: LonLat) -> Vec<Threat> {
        let mut zones: Vec<(u32, u32)> = self
            .boxes
            .covering(position)
            .map(|&part| &self.parts[part as usize])
            .filter(|part| part.polygon.covers(position))
            .map(|part| (part.layer, part.row))
            .collect();
        zones.sort_unstable();
        zones.dedup();
        let threat = |(layer, row): (u32, u32)| Threat::of(&self.layers[layer as usize], row as usize);
        let mut threats: Vec<Threat> = zones.into_iter().filter_map(threat).collect();
        threats.sort_by(Threat::severity_order);
        threats
    }
}

/// Calls `each` for every polygon of a geometry.
fn for_each_polygon(geometry: &Geometry<f64>, each: &mut impl FnMut(&Polygon<f64>)) {
    match geometry {
        Geometry::Polygon(polygon) => each(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().for_each(each),
        Geometry::Rect(rect) => each(&rect.to_polygon()),
        Geometry::Triangle(triangle) => each(&triangle.to_polygon()),
        Geometry::GeometryCollection(members) => members.iter().for_each(|member| for_each_polygon(member, each)),
        Geometry::Point(_)
        | Geometry::MultiPoint(_)
        | Geometry::Line(_)
        | Geometry::LineString(_)
        | Geometry::MultiLineString(_) => {}
    }
}
