//! Features of a layer that is not in the pack yet, few and light enough to be looked at in a browser.
//!
//! Owns which are taken and how they are lightened. Taken is every n-th, over the whole layer, so that a wrong datum or a
//! wrong place shows wherever it is. Outlines of many vertices lose those that cannot be seen while the layer fills the
//! screen; a feature taken stays where it is and never becomes another shape.

use geo::{BoundingRect, CoordsIter, Simplify};
use geo_types::{Geometry, Polygon};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    catalog::{Faults, LayerWalk, Walked},
    geometry::BBox,
    import::Prepared,
    messages::Lang,
};

/// A browser draws as many without effort.
const MOST_FEATURES: usize = 2_000;
/// About 2 MB of JSON.
const MOST_COORDINATES: usize = 80_000;
/// Features with as many coordinates stay as they are.
const LIGHT: usize = 100;
/// The most coordinates of one feature.
const HEAVIEST: usize = 4_000;
/// A vertex is left out where the outline moves by less than this part of the layer's extent: a quarter of a pixel on a
/// large screen.
const UNSEEN: f64 = 1.0 / 8_192.0;
/// Degrees in answers: 0.1 m.
const DECIMALS: f64 = 1e6;

/// Features being chosen.
pub(super) struct Sample {
    /// Rows that it divides are taken.
    stride: usize,
    taken: Vec<Taken>,
    coordinates: usize,
    simplified: bool,
    /// Of the layer.
    total: u64,
}

struct Taken {
    row: usize,
    coordinates: usize,
    feature: SampleFeature,
}

/// Features to look at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewFeatures)]
pub(super) struct SampleAnswer {
    #[schema(example = "FeatureCollection")]
    r#type: &'static str,
    features: Vec<SampleFeature>,
    /// Whether outlines have lost vertices that cannot be seen at the layer's scale.
    simplified: bool,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewFeature)]
struct SampleFeature {
    #[schema(example = "Feature")]
    r#type: &'static str,
    #[schema(value_type = Object)]
    geometry: Value,
    properties: SampleProperties,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewProperties)]
struct SampleProperties {
    id: String,
    /// In the answer's language.
    name: Option<String>,
}

impl Sample {
    /// Chooses among the features of an import that has been worked out. One walk over its layer.
    ///
    /// # Errors
    /// The layer cannot be read.
    pub(super) fn of(prepared: &Prepared, lang: Lang) -> Result<Self, Faults> {
        let report = prepared.report();
        let mut sample = Self::with_stride(report.kept);
        let unseen = extent(report.bbox) * UNSEEN;
        let layer = prepared.layer();
        LayerWalk::new(layer, prepared.staged()).each(|walked| sample.meet(&walked, unseen, lang))?;
        Ok(sample)
    }

    fn with_stride(total: u64) -> Self {
        Self {
            stride: (total as usize).div_ceil(MOST_FEATURES).max(1),
            taken: Vec::new(),
            coordinates: 0,
            simplified: false,
            total,
        }
    }

    fn meet(&mut self, walked: &Walked<'_>, unseen: f64, lang: Lang) {
        if !walked.row.is_multiple_of(self.stride) {
            return;
        }
        let (geometry, simplified) = lightened(&walked.geometry, unseen);
        self.simplified |= simplified;
        let properties = SampleProperties {
            id: walked.id().into_owned(),
            name: walked.name(lang).map(Into::into),
        };
        self.take(walked.row, &geometry, properties);
    }

    fn take(&mut self, row: usize, geometry: &Geometry<f64>, properties: SampleProperties) {
        let coordinates = geometry.coords_count();
        self.taken.push(Taken {
            row,
            coordinates,
            feature: SampleFeature {
                r#type: "Feature",
                geometry: written(geometry),
                properties,
            },
        });
        self.coordinates += coordinates;
        while self.coordinates > MOST_COORDINATES && self.taken.len() > 1 {
            self.thin_out();
        }
    }

    /// Takes every second only, of those taken and of those to come.
    fn thin_out(&mut self) {
        self.stride *= 2;
        let stride = self.stride;
        self.taken.retain(|taken| taken.row.is_multiple_of(stride));
        self.coordinates = self.taken.iter().map(|taken| taken.coordinates).sum();
    }

    /// Whether the layer has more features than were taken.
    pub(super) fn is_truncated(&self) -> bool {
        (self.taken.len() as u64) < self.total
    }

    /// As it is answered.
    pub(super) fn answer(self) -> SampleAnswer {
        SampleAnswer {
            r#type: "FeatureCollection",
            features: self.taken.into_iter().map(|taken| taken.feature).collect(),
            simplified: self.simplified,
        }
    }
}

/// The longer side of a box, degrees.
fn extent(bbox: BBox) -> f64 {
    let [west, south, east, north] = bbox.into();
    let width = if east < west { east + 360.0 - west } else { east - west };
    width.max(north - south)
}

/// The geometry with at most [`HEAVIEST`] coordinates, and whether it lost any.
fn lightened(geometry: &Geometry<f64>, unseen: f64) -> (Geometry<f64>, bool) {
    let before = geometry.coords_count();
    if before <= LIGHT {
        return (geometry.clone(), false);
    }
    // A layer of one place has no extent.
    let mut tolerance = unseen.max(1.0 / DECIMALS);
    let mut light = simplified(geometry, tolerance);
    while light.coords_count() > HEAVIEST {
        tolerance *= 4.0;
        light = simplified(&light, tolerance);
    }
    let is_less = light.coords_count() < before;
    (light, is_less)
}

/// The same shape without vertices and without parts that are smaller than the tolerance; its largest part stays.
fn simplified(geometry: &Geometry<f64>, tolerance: f64) -> Geometry<f64> {
    match geometry {
        Geometry::LineString(line) => line.simplify(tolerance).into(),
        Geometry::Polygon(polygon) => outline(polygon, tolerance).into(),
        Geometry::MultiLineString(lines) => {
            let mut lines = lines.clone();
            lines.0 = large(lines.0, tolerance)
                .iter()
                .map(|line| line.simplify(tolerance))
                .collect();
            lines.into()
        }
        Geometry::MultiPolygon(polygons) => {
            let mut polygons = polygons.clone();
            polygons.0 = large(polygons.0, tolerance)
                .iter()
                .map(|polygon| outline(polygon, tolerance))
                .collect();
            polygons.into()
        }
        Geometry::MultiPoint(points) => {
            let mut points = points.clone();
            let step = points.0.len().div_ceil(HEAVIEST).max(1);
            points.0 = points.0.into_iter().step_by(step).collect();
            points.into()
        }
        Geometry::GeometryCollection(parts) => {
            let mut parts = parts.clone();
            parts.0 = large(parts.0, tolerance)
                .iter()
                .map(|part| simplified(part, tolerance))
                .collect();
            Geometry::GeometryCollection(parts)
        }
        other => other.clone(),
    }
}

fn outline(polygon: &Polygon<f64>, tolerance: f64) -> Polygon<f64> {
    let holes = polygon.interiors().iter().filter(|hole| size(*hole) >= tolerance);
    Polygon::new(polygon.exterior().clone(), holes.cloned().collect()).simplify(tolerance)
}

/// The parts that can be seen, or the largest where none can.
fn large<T: Clone + BoundingRect<f64>>(parts: Vec<T>, tolerance: f64) -> Vec<T> {
    let largest = parts
        .iter()
        .max_by(|one, other| size(*one).total_cmp(&size(*other)))
        .cloned();
    let mut seen: Vec<T> = parts.into_iter().filter(|part| size(part) >= tolerance).collect();
    if seen.is_empty() {
        seen.extend(largest);
    }
    seen
}

/// The longer side of the box around it, degrees.
fn size<T: BoundingRect<f64>>(part: &T) -> f64 {
    let rect: Option<geo_types::Rect<f64>> = part.bounding_rect().into();
    rect.map_or(0.0, |rect| rect.width().max(rect.height()))
}

fn written(geometry: &Geometry<f64>) -> Value {
    let written = geojson::Geometry::from(geometry);
    let mut value = serde_json::to_value(written).unwrap_or_default();
    round(&mut value);
    value
}

fn round(value: &mut Value) {
    match value {
        Value::Array(parts) => parts.iter_mut().for_each(round),
        Value::Object(members) => members.values_mut().for_each(round),
        Value::Number(number) => {
            let rounded = number.as_f64().map(|number| (number * DECIMALS).round() / DECIMALS);
            if let Some(rounded) = rounded.and_then(serde_json::Number::from_f64) {
                *number = rounded;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{Coord, LineString, MultiPolygon, Point};
    use proptest::prelude::*;

    use super::*;

    fn properties(row: usize) -> SampleProperties {
        SampleProperties {
            id: row.to_string(),
            name: None,
        }
    }

    /// A ring of many vertices around a point.
    fn disc(centre: (f64, f64), radius: f64, vertices: usize) -> Polygon<f64> {
        let ring = (0..vertices).map(|step| {
            let angle = step as f64 / vertices as f64 * std::f64::consts::TAU;
            (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin())
        });
        Polygon::new(ring.collect(), Vec::new())
    }

    #[test]
    fn features_are_taken_evenly_over_the_whole_layer() {
        for total in [1, 1_999, 2_000, 2_001, 9_999, 100_000] {
            let mut sample = Sample::with_stride(total as u64);
            for row in (0..total).filter(|row| row % sample.stride == 0).collect::<Vec<_>>() {
                sample.take(row, &Point::new(0.0, 0.0).into(), properties(row));
            }
            let rows: Vec<usize> = sample.taken.iter().map(|taken| taken.row).collect();
            assert!(
                rows.len() <= MOST_FEATURES && (rows.len() > MOST_FEATURES / 2 || rows.len() == total),
                "{total}"
            );
            assert!(
                total - rows.last().unwrap() <= sample.stride,
                "{total}: the end is looked at too"
            );
            assert_eq!(sample.is_truncated(), rows.len() < total);
        }
    }

    #[test]
    fn heavy_features_thin_the_sample_out_and_never_empty_it() {
        let mut sample = Sample::with_stride(500);
        let heavy: Geometry<f64> = disc((0.0, 0.0), 1.0, 3_000).into();
        for row in 0..500 {
            if row % sample.stride == 0 {
                sample.take(row, &heavy, properties(row));
            }
        }
        assert!(sample.coordinates <= MOST_COORDINATES);
        assert!((10..=26).contains(&sample.taken.len()), "{}", sample.taken.len());
        assert!(sample.is_truncated());
        assert!(sample.taken.last().unwrap().row > 450);
    }

    #[test]
    fn light_features_stay_as_they_are_and_the_largest_part_of_a_heavy_one_stays() {
        let light: Geometry<f64> = disc((10.0, 20.0), 1e-7, LIGHT - 1).into();
        assert_eq!(lightened(&light, 1.0), (light, false));
        let mut islands: Vec<Polygon<f64>> = (0..3_000)
            .map(|island| disc((f64::from(island) * 1e-3, 0.0), 1e-6, 8))
            .collect();
        islands[1_234] = disc((1.234, 0.0), 2e-6, 8);
        let (light, is_less) = lightened(&MultiPolygon(islands).into(), 1e-3);
        assert!(is_less);
        let Geometry::MultiPolygon(left) = light else {
            panic!("{light:?}")
        };
        assert_eq!(left.0.len(), 1);
        assert!((left.0[0].bounding_rect().unwrap().center().x - 1.234).abs() < 1e-4);
    }

    #[test]
    fn coordinates_are_written_to_a_tenth_of_a_metre() {
        let written = written(&Point::new(119.296_123_456_78, 26.0).into());
        assert_eq!(
            written.to_string(),
            r#"{"type":"Point","coordinates":[119.296123,26.0]}"#
        );
    }

    proptest! {
        #[test]
        fn every_outline_becomes_light_and_stays_near_itself(
            steps in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 2..6_000),
            unseen in prop_oneof![Just(0.0), 1e-6..1e-2_f64],
        ) {
            let mut at = Coord { x: 0.0, y: 0.0 };
            let walk: LineString<f64> = steps
                .iter()
                .map(|(x, y)| {
                    at = Coord { x: at.x + x * 1e-3, y: at.y + y * 1e-3 };
                    at
                })
                .collect();
            let (light, _) = lightened(&walk.clone().into(), unseen);
            prop_assert!(light.coords_count() <= HEAVIEST && light.coords_count() >= 2);
            // What is left are vertices of the walk, its ends among them.
            let Geometry::LineString(line) = light else { panic!("another shape") };
            prop_assert_eq!((line.0.first(), line.0.last()), (walk.0.first(), walk.0.last()));
            prop_assert!(line.0.iter().all(|vertex| walk.0.contains(vertex)));
        }
    }
}
