//! A bounded choice of a layer's features, the same in every run.
//!
//! Rows are drawn by the hash of their number, so that a file sorted by county or by time gives features from all of
//! it. Memory is bounded by [`MOST_FEATURES`] and [`MOST_VERTICES`], whatever the layer's size.

use std::path::Path;

use geo::{Centroid, CoordsIter};
use geo_types::{Geometry, Rect};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    catalog::{Attribute, Faults, LayerManifest, LayerWalk, Role, Shape, Walked},
    geometry::LonLat,
    messages::Lang,
};

/// As many features are looked at.
pub(super) const MOST_FEATURES: usize = 5_000;

/// As many positions on outlines and lines are looked at in all: enough for 0.5 s.
const MOST_VERTICES: usize = 2_500;

/// As many positions of one feature.
const VERTICES_OF_ONE: usize = 100;

/// The column that numbers the rows of files without ids begins so; such numbers are no identity.
const ROW_COLUMN: &str = "import_row";

/// What can be compared of a feature.
#[derive(Debug, Clone)]
pub(super) struct Feature {
    /// Its id, where it has a real one.
    pub(super) id: Option<Box<str>>,
    /// Its name, Chinese where known.
    pub(super) name: Option<Box<str>>,
    /// The code of the administrative area that it states to lie in, or is.
    pub(super) code: Option<Box<str>>,
    /// Its address.
    pub(super) address: Option<Box<str>>,
    /// Point, line or area.
    pub(super) shape: Shape,
    /// The point, or the centroid.
    pub(super) place: LonLat,
    /// Positions on its outline, for lines and areas.
    pub(super) vertices: Vec<LonLat>,
}

/// The features to be judged.
#[derive(Debug)]
pub(super) struct Sample {
    /// What they are.
    pub(super) role: Role,
    pub(super) features: Vec<Feature>,
}

impl Feature {
    /// What can be compared of a feature on the way; `None` where it has no place on the globe.
    pub(super) fn new(walked: &Walked<'_>, has_ids: bool) -> Option<Self> {
        let text = |attribute| walked.text(attribute).map(|text| text.as_ref().into());
        let shape = shape_of(&walked.geometry);
        Some(Self {
            id: has_ids.then(|| text(Attribute::Id)).flatten(),
            name: walked.name(Lang::Zh).map(|name| name.as_ref().into()),
            code: text(Attribute::AdminCode),
            address: text(Attribute::Address),
            shape,
            place: place_of(&walked.geometry)?,
            vertices: if shape == Shape::Point {
                Vec::new()
            } else {
                thinned(&walked.geometry)
            },
        })
    }
}

/// Whether the features of a layer have ids that outlive the file.
pub(super) fn has_ids(manifest: &LayerManifest) -> bool {
    let column = manifest.attributes.columns.get(&Attribute::Id);
    column.is_some_and(|column| !column.starts_with(ROW_COLUMN))
}

/// The point, or the centroid of what is larger.
pub(super) fn place_of(geometry: &Geometry<f64>) -> Option<LonLat> {
    let centre = geometry.centroid()?;
    LonLat::new(centre.x(), centre.y()).ok()
}

/// What a geometry is.
pub(super) const fn shape_of(geometry: &Geometry<f64>) -> Shape {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => Shape::Point,
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => Shape::Line,
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => Shape::Polygon,
        Geometry::GeometryCollection(_) => Shape::Mixed,
    }
}

/// Positions at equal steps through all of a geometry's.
pub(super) fn thinned(geometry: &Geometry<f64>) -> Vec<LonLat> {
    let step = geometry.coords_count().div_ceil(VERTICES_OF_ONE).max(1);
    let coords = geometry.coords_iter().step_by(step);
    coords.filter_map(|coord| LonLat::try_from(coord).ok()).collect()
}

impl Sample {
    /// Reads the layer file once. O(rows).
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn of(manifest: &LayerManifest, path: &Path) -> Result<Self, Faults> {
        let has_ids = has_ids(manifest);
        let mut drawn: Vec<(u64, Feature)> = Vec::new();
        let mut limit = u64::MAX;
        LayerWalk::new(manifest, path).each(|walked| {
            let rank = xxh3_64(&(walked.row as u64).to_le_bytes());
            if rank >= limit {
                return;
            }
            drawn.extend(Feature::new(&walked, has_ids).map(|feature| (rank, feature)));
            if drawn.len() >= 2 * MOST_FEATURES {
                limit = cut(&mut drawn);
            }
        })?;
        if drawn.len() > MOST_FEATURES {
            cut(&mut drawn);
        }
        drawn.sort_by_key(|(rank, _)| *rank);
        let features = drawn.into_iter().map(|(_, feature)| feature);
        Ok(Self::new(manifest.role, features.collect()))
    }

    /// A sample of these features, their vertices thinned to the bound.
    pub(super) fn new(role: Role, mut features: Vec<Feature>) -> Self {
        let total: usize = features.iter().map(|feature| feature.vertices.len()).sum();
        let step = total.div_ceil(MOST_VERTICES).max(1);
        let mut number = 0;
        for feature in &mut features {
            feature.vertices.retain(|_| {
                number += 1;
                number % step == 0
            });
        }
        Self { role, features }
    }

    /// The code that is a feature's own, not that of the area it lies in.
    pub(super) fn own_code<'f>(&self, feature: &'f Feature) -> Option<&'f str> {
        feature.code.as_deref().filter(|_| self.role == Role::AdminArea)
    }

    /// The places of all features.
    pub(super) fn places(&self) -> Vec<LonLat> {
        self.features.iter().map(|feature| feature.place).collect()
    }

    /// The planar box around all positions, wider by a margin in degrees; `None` for no features.
    pub(super) fn window(&self, margin_deg: f64) -> Option<Rect<f64>> {
        let positions = || {
            let of_one = |feature: &Feature| feature.vertices.clone().into_iter().chain([feature.place]);
            self.features.iter().flat_map(of_one)
        };
        let span = |pick: fn(LonLat) -> f64| {
            positions()
                .map(pick)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                    (low.min(value), high.max(value))
                })
        };
        let ((west, east), (south, north)) = (span(LonLat::lon), span(LonLat::lat));
        (west <= east).then(|| {
            Rect::new(
                (west - margin_deg, south - margin_deg),
                (east + margin_deg, north + margin_deg),
            )
        })
    }
}

/// Leaves the least ranks and says where they end.
fn cut(drawn: &mut Vec<(u64, Feature)>) -> u64 {
    let (_, (limit, _), _) = drawn.select_nth_unstable_by_key(MOST_FEATURES, |(rank, _)| *rank);
    let limit = *limit;
    drawn.truncate(MOST_FEATURES);
    limit
}
