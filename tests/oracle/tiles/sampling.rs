//! A tile covers a place if, and only if, the source does, but for a margin along the borders.

use std::collections::{BTreeSet, HashMap};

use geo::{BoundingRect, Contains, Coord, Distance, Euclidean, Geometry, MapCoords, Point, Rect};
use refugia::{
    catalog::{Layer, Shape},
    geometry::Mercator,
    tiles::{EXTENT, Encoding, TileCoord, TileLayer, render},
};

use super::{
    coverage,
    decode::{Feature, decode},
    layers::{Random, hazard},
    validity::assert_valid,
};

/// The margin in tile units: two pixels of a 512-pixel tile. A marker's farthest corner is this far from what it marks;
/// simplifying and rounding stay well within.
const MARGIN: f64 = 16.0;
/// The margin at the deepest zoom, which is only rounded and repaired. Markers of what is smaller still are in it.
const DEEPEST_MARGIN: f64 = 12.0;

pub(crate) fn tile_at(lon: f64, lat: f64, zoom: u8) -> TileCoord {
    TileCoord::containing(Mercator::project(lon, lat), zoom)
}

/// Every tile that meets a box of degrees.
pub(crate) fn tiles_over([west, south, east, north]: [f64; 4], zoom: u8) -> Vec<TileCoord> {
    let (first, last) = (tile_at(west, north, zoom), tile_at(east, south, zoom));
    let columns = first.x()..=last.x();
    columns
        .flat_map(|x| (first.y()..=last.y()).map(move |y| TileCoord::new(zoom, x, y).unwrap()))
        .collect()
}

/// A feature's geometry in tile units of some zoom, counted from the corner of the world.
struct Source {
    id: u64,
    bbox: Rect<f64>,
    geometry: Geometry<f64>,
}

fn sources(layer: &Layer, zoom: u8) -> Vec<Source> {
    let scale = f64::from(EXTENT) * f64::from(1_u32 << zoom);
    let project = |at: Coord<f64>| {
        let Mercator { x, y } = Mercator::project(at.x, at.y);
        Coord {
            x: x * scale,
            y: y * scale,
        }
    };
    (1..)
        .zip(layer.geometries())
        .map(|(id, geometry)| {
            let geometry = geometry.map_coords(project);
            Source {
                id,
                bbox: geometry.bounding_rect().unwrap(),
                geometry,
            }
        })
        .collect()
}

fn is_near(bbox: Rect<f64>, at: Coord<f64>, margin: f64) -> bool {
    (bbox.min().x - margin..=bbox.max().x + margin).contains(&at.x)
        && (bbox.min().y - margin..=bbox.max().y + margin).contains(&at.y)
}

/// Whether a place is covered, by feature, but for features with a border within the margin.
fn covered(sources: &[Source], at: Coord<f64>, margin: f64) -> (BTreeSet<u64>, BTreeSet<u64>) {
    let (mut inside, mut unsure) = (BTreeSet::new(), BTreeSet::new());
    for source in sources.iter().filter(|source| is_near(source.bbox, at, margin)) {
        let distance_to_border = lines_of(&source.geometry)
            .map(|line| Euclidean.distance(&line, &Point(at)))
            .fold(f64::INFINITY, f64::min);
        if distance_to_border <= margin {
            unsure.insert(source.id);
        } else if source.geometry.contains(&at) {
            inside.insert(source.id);
        }
    }
    (inside, unsure)
}

fn lines_of(geometry: &Geometry<f64>) -> Box<dyn Iterator<Item = geo::Line<f64>> + '_> {
    use geo::LinesIter;
    match geometry {
        Geometry::Polygon(polygon) => Box::new(polygon.lines_iter()),
        Geometry::MultiPolygon(polygons) => Box::new(polygons.lines_iter()),
        Geometry::GeometryCollection(all) => Box::new(all.iter().flat_map(lines_of)),
        _ => panic!("polygons only"),
    }
}

/// Samples places at every zoom of a polygon layer; panics where tile and source disagree. Gives back how many
/// comparisons found a place covered, so that callers see the test has teeth.
pub(crate) fn check(layer: &std::sync::Arc<Layer>, samples: usize, seed: u64) -> usize {
    assert_eq!(layer.shape(), Shape::Polygon);
    let tiles = TileLayer::build(std::sync::Arc::clone(layer));
    let bbox = layer.bbox().unwrap();
    let mut random = Random(seed);
    let mut hits = 0;
    for zoom in tiles.zooms().min..=tiles.zooms().max {
        let margin = if zoom == tiles.zooms().max {
            DEEPEST_MARGIN
        } else {
            MARGIN
        };
        let sources = sources(layer, zoom);
        let mut decoded: HashMap<TileCoord, Vec<(u64, geo::MultiPolygon<f64>)>> = HashMap::new();
        for _ in 0..samples {
            let (lon, lat) = place(layer, bbox, &mut random);
            let tile = tile_at(lon, lat, zoom);
            let features = decoded.entry(tile).or_insert_with(|| {
                let layers = decode(&render(&[&tiles], tile, Encoding::Mvt).unwrap());
                assert_valid(&layers, &tile.to_string());
                let features = layers.iter().flat_map(|layer| &layer.features);
                features
                    .map(|feature: &Feature| (feature.id, feature.polygons()))
                    .collect()
            });
            let Mercator { x, y } = Mercator::project(lon, lat);
            let scale = f64::from(EXTENT) * f64::from(1_u32 << zoom);
            let world = Coord {
                x: x * scale,
                y: y * scale,
            };
            let corner = tile.mercator_box().min();
            let local = Coord {
                x: world.x - corner.x * scale,
                y: world.y - corner.y * scale,
            };
            let (inside, unsure) = covered(&sources, world, margin);
            let drawn: BTreeSet<u64> = features
                .iter()
                .filter(|(id, polygons)| !unsure.contains(id) && polygons.contains(&local))
                .map(|(id, _)| *id)
                .collect();
            assert_eq!(
                drawn,
                inside,
                "{}: {tile} at {lon} {lat}, unit {local:?}, unsure {unsure:?}",
                layer.id()
            );
            hits += inside.len();
        }
    }
    hits
}

/// A random place: half of them anywhere in the layer's box, half near a vertex.
fn place(layer: &Layer, bbox: refugia::geometry::BBox, random: &mut Random) -> (f64, f64) {
    use geo::CoordsIter;
    let (width, height) = (bbox.east() - bbox.west(), bbox.north() - bbox.south());
    if random.unit() < 0.5 {
        return (
            random.between(bbox.west(), bbox.east()),
            random.between(bbox.south(), bbox.north()),
        );
    }
    let geometry = &layer.geometries()[(random.unit() * layer.len() as f64) as usize];
    let vertex = geometry
        .coords_iter()
        .nth((random.unit() * geometry.coords_count() as f64) as usize)
        .unwrap();
    let reach = 10.0_f64.powf(random.between(-5.0, -1.0));
    (
        (vertex.x + random.between(-reach, reach) * width).clamp(-180.0, 180.0),
        (vertex.y + random.between(-reach, reach) * height).clamp(-85.0, 85.0),
    )
}

#[test]
fn a_coverage_is_drawn_where_it_is() {
    let layer = hazard("flood", (0, 13), coverage::make(3, 16, 6));
    let hits = check(&layer, 1500, 99);
    assert!(hits > 5000, "{hits}");
}
