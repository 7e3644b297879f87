//! Every hazard zone of a region, ready to be asked for the ones over a point.

use std::sync::Arc;

use geo_types::{Coord, Geometry, Polygon, Rect};
use rayon::prelude::*;

use super::Threat;
use crate::{
    catalog::{HazardKind, Layer, Role},
    geometry::{EdgeTree, LonLat, PreparedPolygon},
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
    ground: Ground,
}

/// Where the polygon stands.
#[derive(Debug)]
enum Ground {
    /// In the layer: the polygon with this number of the feature's.
    Shared(u32, EdgeTree),
    /// Here: that of a geometry which is no polygon, but has one.
    Own(Box<PreparedPolygon>),
}

impl Ground {
    fn corners(&self) -> Option<(Coord<f64>, Coord<f64>)> {
        match self {
            Self::Shared(_, edges) => edges.corners(),
            Self::Own(polygon) => polygon.corners(),
        }
    }

    fn covers(&self, geometry: &Geometry<f64>, position: LonLat) -> bool {
        match (self, geometry) {
            (Self::Shared(_, edges), Geometry::Polygon(polygon)) => edges.covers(polygon, position),
            (Self::Shared(number, edges), Geometry::MultiPolygon(polygons)) => {
                edges.covers(&polygons.0[*number as usize], position)
            }
            (Self::Shared(..), _) => false,
            (Self::Own(polygon), _) => polygon.covers(position),
        }
    }
}

impl Hazards {
    /// Indexes the `hazard_zone` layers among these. O(n log n) for n vertices; these stay where they are.
    ///
    /// Only areas cover a point: points and lines in a hazard layer threaten nothing.
    pub fn build(layers: &[Arc<Layer>]) -> Self {
        let is_hazard = |layer: &&Arc<Layer>| layer.role() == Role::HazardZone;
        let layers: Vec<_> = layers.iter().filter(is_hazard).cloned().collect();
        let mut parts = Vec::new();
        for (index, layer) in layers.iter().enumerate() {
            let grounds = layer.geometries().par_iter().map(grounds).collect_vec_list();
            for (row, grounds) in grounds.into_iter().flatten().enumerate() {
                parts.extend(grounds.into_iter().map(|ground| Part {
                    layer: index as u32,
                    row: row as u32,
                    ground,
                }));
            }
        }
        let corners = |(index, part): (usize, &Part)| {
            let (min, max) = part.ground.corners()?;
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
            .filter(|part| {
                let geometry = &self.layers[part.layer as usize].geometries()[part.row as usize];
                part.ground.covers(geometry, position)
            })
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

/// The polygons of a geometry.
fn grounds(geometry: &Geometry<f64>) -> Vec<Ground> {
    match geometry {
        Geometry::Polygon(polygon) => vec![Ground::Shared(0, EdgeTree::new(polygon))],
        Geometry::MultiPolygon(polygons) => (0..)
            .zip(polygons)
            .map(|(number, polygon)| Ground::Shared(number, EdgeTree::new(polygon)))
            .collect(),
        other => {
            let mut own = Vec::new();
            for_each_polygon(other, &mut |polygon| {
                own.push(Ground::Own(Box::new(PreparedPolygon::new(polygon))));
            });
            own
        }
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
