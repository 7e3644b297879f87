//! All rescue teams of a region.

use std::sync::Arc;

use super::Team;
use crate::{
    catalog::{Layer, Role, region_ids},
    geometry::{LonLat, standing_at},
};

/// The most teams that one query can ask for.
pub const MAX_K: usize = 50;

/// The most teams listed that cannot come.
pub const MAX_LISTED: usize = 50;

/// The rescue teams of a region, of all its team layers. Immutable.
#[derive(Debug, Default)]
pub struct Teams {
    /// By id: the order of ties between equal travel times.
    all: Vec<Team>,
    parks: Vec<Arc<Layer>>,
}

impl Teams {
    /// Gathers the `rescue_team` layers among these, and the `chemical_park` layers that say which parks there are. O(n log n) for n
    /// teams.
    ///
    /// A team that is no point in its file stands at a point inside its shape.
    pub fn build(layers: &[Arc<Layer>]) -> Self {
        let with_role = |role: Role| layers.iter().filter(move |layer| layer.role() == role);
        let rows = with_role(Role::RescueTeam)
            .flat_map(|layer| layer.geometries().iter().enumerate().map(move |row| (layer, row)));
        let placed: Vec<_> = rows
            .filter_map(|(layer, (row, geometry))| Some((layer, row, standing_at(geometry)?)))
            .collect();
        let features: Vec<_> = placed.iter().map(|(layer, row, _)| (&***layer, *row)).collect();
        let team = |(id, &(layer, row, position)): (_, &(&Arc<Layer>, usize, LonLat))| Team {
            layer: Arc::clone(layer),
            row,
            id,
            position,
        };
        let mut all: Vec<Team> = region_ids(&features).into_iter().zip(&placed).map(team).collect();
        all.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        Self {
            all,
            parks: with_role(Role::ChemicalPark).cloned().collect(),
        }
    }

    /// Number of teams.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All teams, ordered by id (by bytes).
    pub fn all(&self) -> &[Team] {
        &self.all
    }

    /// Whether there is a chemical park of this id: a feature of the region's, or one that a team says it belongs to. O(n).
    pub fn knows_park(&self, id: &str) -> bool {
        let is_feature = self.parks.iter().any(|layer| layer.row_of(id).is_some());
        is_feature || self.all.iter().any(|team| team.serves().as_deref() == Some(id))
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{Geometry, point, polygon};

    use super::*;
    use crate::catalog::{AttributesBuilder, Field, FieldKind, LayerVersion, RegionManifest, Value};

    fn layer(id: &str, role: &str, shapes: Vec<Geometry<f64>>, rows: &[[&str; 2]]) -> Arc<Layer> {
        let serves = if role == "rescue_team" {
            "serves = \"serves\""
        } else {
            ""
        };
        let text = format!(
            r#"
            format = 1
            id = "r"
            names = {{ zh = "r", en = "r" }}
            bbox = [118.0, 25.0, 119.0, 26.0]
            time_zone = "Asia/Shanghai"
            [[layer]]
            id = "{id}"
            role = "{role}"
            names = {{ zh = "队", en = "Teams" }}
            file = "{id}.fgb"
            source = "invented"
            licence = "CC0-1.0"
            vintage = "2026"
            synthetic = true
            [layer.attributes]
            id = "id"
            {serves}
            "#
        );
        let fields = ["id", "serves"].map(|name| Field {
            name: name.to_owned(),
            kind: FieldKind::Text,
        });
        let mut table = AttributesBuilder::new(fields.into());
        for row in rows {
            table.push_row(row.map(|text| (!text.is_empty()).then_some(Value::Text(text))));
        }
        let manifest = RegionManifest::parse(&text).unwrap().layers.remove(0);
        Arc::new(Layer::new(manifest, shapes, table.finish(), LayerVersion(1)).unwrap())
    }

    #[test]
    fn teams_of_all_layers_have_ids_that_stay_apart() {
        let at = |x: f64| Geometry::Point(point!(x: x, y: 25.5));
        let yard = polygon![(x: 118.2, y: 25.2), (x: 118.4, y: 25.2), (x: 118.4, y: 25.4), (x: 118.2, y: 25.4)];
        let teams = Teams::build(&[
            layer(
                "fire",
                "rescue_team",
                vec![at(118.1), yard.into()],
                &[["7", "p1"], ["8", ""]],
            ),
            layer("hazmat", "rescue_team", vec![at(118.6)], &[["7", "p2"]]),
            layer("parks", "chemical_park", vec![at(118.7)], &[["p3", ""]]),
        ]);
        let told: Vec<_> = teams
            .all()
            .iter()
            .map(|team| (team.id(), team.layer().id().as_str(), team.serves()))
            .collect();
        let [p1, p2] = ["p1", "p2"].map(|park| Some(park.into()));
        assert_eq!(
            told,
            [("8", "fire", None), ("fire:7", "fire", p1), ("hazmat:7", "hazmat", p2)]
        );
        let yard = teams.all()[0].position();
        assert!(
            (yard.lon() - 118.3).abs() < 1e-9 && (yard.lat() - 25.3).abs() < 1e-9,
            "{yard}"
        );
        for (park, is_known) in [("p1", true), ("p3", true), ("7", false), ("p4", false)] {
            assert_eq!(teams.knows_park(park), is_known, "{park}");
        }
    }
}
