//! What a shelter's point stands for: the area, or the several points, that it was mapped as.
//!
//! A shelter layer has points. The import keeps what a point stands for as a text of GeoJSON (WGS 84) in a column of its
//! own; this reads it back.

use geo::CoordsIter as _;
use geo_types::{Coord, Geometry};

use super::{Layer, Role, Value};
use crate::{catalog::FieldKind, geometry::LonLat};

/// What the column is called; underscores follow where the file has a column of that name.
pub const FOOTPRINT_COLUMN: &str = "footprint";

impl Layer {
    /// The column that keeps footprints; `None` where the layer has none. A file's own column may be called so too: one
    /// without GeoJSON in it is none. O(columns), and O(rows) for one of that name.
    pub fn footprint_column(&self) -> Option<usize> {
        if self.role() != Role::Shelter {
            return None;
        }
        let attributes = self.attributes();
        let is_called_so = |name: &str| name.trim_end_matches('_') == FOOTPRINT_COLUMN;
        attributes
            .fields()
            .iter()
            .enumerate()
            .rev()
            .find_map(|(column, field)| {
                if field.kind != FieldKind::Text || !is_called_so(&field.name) {
                    return None;
                }
                let first = (0..self.len()).find_map(|row| attributes.value(row, column))?;
                matches!(first, Value::Text(text) if text.starts_with('{')).then_some(column)
            })
    }

    /// What the point in this row stands for; `None` where it is a point and nothing else. Parsed at each call.
    pub fn footprint(&self, row: usize) -> Option<Geometry<f64>> {
        let Value::Text(text) = self.attributes().value(row, self.footprint_column()?)? else {
            return None;
        };
        let written: geojson::Geometry = text.parse().ok()?;
        let geometry = Geometry::try_from(written).ok()?;
        let is_on_globe = |coord: Coord<f64>| LonLat::new(coord.x, coord.y).is_ok();
        let is_somewhere = geometry.coords_iter().all(is_on_globe);
        is_somewhere.then_some(geometry)
    }
}
