//! Zones over a point against plain scans, against PostGIS, and against known answers.

use std::{path::Path, sync::Arc};

use geo::{BoundingRect, CoordsIter, Intersects};
use geo_types::{Coord, Geometry, Point};
use refugia::{
    catalog::{HazardKind, Layer, Region, Role},
    geometry::LonLat,
    hazards::{Hazards, Threat},
};

use crate::{
    generate::{REGION, Random, hazard_layer, position, zones},
    postgis, real,
};

/// Files of hazard polygons and how many of their shapes are self-touching or otherwise invalid.
const FILES: [&str; 9] = [
    "hazards/fukuoka_tsunami.geojson",
    "hazards/fukuoka_sediment.geojson",
    "hazards/fukuoka_inland_flood.geojson",
    "hazards/puerto_princesa_flood.geojson",
    "hazards/puerto_princesa_landslide.geojson",
    "hazards/puerto_princesa_tsunami.geojson",
    "hazards/taipei_flood_simulate_78mm.geojson",
    "hazards/taipei_patrol_debrisarea.geojson",
    "hazards/taipei_work_soil_liquefaction.geojson",
];

/// A layer of one level from shapes of a file.
fn one_level(id: &str, kind: HazardKind, shapes: Vec<Geometry<f64>>) -> Arc<Layer> {
    let ranks = vec![1; shapes.len()];
    hazard_layer(id, kind, 1, shapes, &ranks)
}

/// Rows of the zones over a point of a single layer, sorted.
fn rows(hazards: &Hazards, at: LonLat) -> Vec<usize> {
    let mut rows: Vec<usize> = hazards.at(at).iter().map(|threat| threat.row).collect();
    rows.sort_unstable();
    rows
}

/// The plain oracle: `geo`'s own predicate on every shape.
fn scan(shapes: &[Geometry<f64>], at: LonLat) -> Vec<usize> {
    let point = Point::from(at);
    let twin = Point::new(if at.lon().abs() == 180.0 { -at.lon() } else { at.lon() }, at.lat());
    let covers = |shape: &Geometry<f64>| shape.intersects(&point) || shape.intersects(&twin);
    (0..shapes.len()).filter(|&row| covers(&shapes[row])).collect()
}

/// Points anywhere in the box of the shapes, and on their vertices and edges' middles, where tests go wrong.
fn some_points(random: &mut Random, shapes: &[Geometry<f64>], count: usize) -> Vec<LonLat> {
    let bounds = shapes.iter().filter_map(BoundingRect::bounding_rect).reduce(|a, b| {
        geo_types::Rect::new(
            Coord {
                x: a.min().x.min(b.min().x),
                y: a.min().y.min(b.min().y),
            },
            Coord {
                x: a.max().x.max(b.max().x),
                y: a.max().y.max(b.max().y),
            },
        )
    });
    let bounds = bounds.unwrap();
    let area = [bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y];
    let vertices: Vec<Coord<f64>> = shapes.iter().flat_map(CoordsIter::coords_iter).collect();
    (0..count)
        .map(|index| {
            let first = random.below(vertices.len() - 1);
            let (a, b) = (vertices[first], vertices[first + 1]);
            match index % 4 {
                0 => position(a.x, a.y),
                1 => position(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y)),
                2 => position(a.x + random.between(-1e-4, 1e-4), a.y + random.between(-1e-4, 1e-4)),
                _ => random.position(area),
            }
        })
        .collect()
}

#[test]
fn random_zones_agree_with_a_scan_and_stand_in_order_of_severity() {
    let mut random = Random::new(3);
    for area in [REGION, [179.9, -17.0, 180.0, -14.0]] {
        let shapes = zones(&mut random, 1_500, area);
        let ranks: Vec<u8> = shapes.iter().map(|_| 1 + random.below(5) as u8).collect();
        // Zones reaching over the antimeridian are cut off at it, as RFC 7946 asks.
        let shapes: Vec<Geometry<f64>> = shapes.iter().map(geo_cut).collect();
        let hazards = Hazards::build(&[hazard_layer("flood", HazardKind::Flood, 5, shapes.clone(), &ranks)]);
        for at in some_points(&mut random, &shapes, 800) {
            // The antimeridian is asked by both of its names.
            let far = at.lon() == 180.0 && random.below(2) == 0;
            let at = if far { position(-180.0, at.lat()) } else { at };
            let threats = hazards.at(at);
            assert!(
                threats.is_sorted_by(|a, b| Threat::severity_order(a, b).is_le()),
                "{at}"
            );
            assert!(
                threats.is_sorted_by(|a, b| a.rank >= b.rank),
                "one layer, by rank: {at}"
            );
            assert!(
                threats
                    .iter()
                    .all(|threat| threat.rank == ranks[threat.row] && threat.levels == 5)
            );
            assert_eq!(rows(&hazards, at), scan(&shapes, at), "{at}");
        }
    }
}

#[test]
fn threats_of_several_layers_stand_most_severe_first() {
    let square = |half: f64| {
        let rect = geo_types::Rect::new(
            Coord {
                x: 118.0 - half,
                y: 25.0 - half,
            },
            Coord {
                x: 118.0 + half,
                y: 25.0 + half,
            },
        );
        Geometry::Polygon(rect.to_polygon())
    };
    let layer = |id, kind, levels: u8, ranks: &[u8]| {
        hazard_layer(id, kind, levels, ranks.iter().map(|_| square(0.1)).collect(), ranks)
    };
    // Levels above the half are unsafe, so that the only level of a layer and the third of five are high.
    let hazards = Hazards::build(&[
        layer("wind", HazardKind::Typhoon, 4, &[1, 4]),
        layer("slides", HazardKind::Landslide, 5, &[3, 4, 2]),
        layer("quake", HazardKind::Earthquake, 1, &[1]),
        layer("water-b", HazardKind::Flood, 4, &[4, 2]),
        layer("water-a", HazardKind::Flood, 4, &[2, 2]),
    ]);
    let seen: Vec<String> = hazards
        .at(position(118.1, 25.05))
        .iter()
        .map(|threat| {
            format!(
                "{} {} {}/{} {}",
                threat.band,
                threat.layer.id(),
                threat.rank,
                threat.levels,
                threat.zone_id()
            )
        })
        .collect();
    let wanted = [
        "extreme water-b 4/4 1",
        "extreme wind 4/4 2",
        "extreme slides 4/5 2",
        "high quake 1/1 1",
        "high slides 3/5 1",
        "moderate water-a 2/4 1",
        "moderate water-a 2/4 2",
        "moderate water-b 2/4 2",
        "moderate slides 2/5 3",
        "low wind 1/4 1",
    ];
    assert_eq!(seen, wanted);
    assert_eq!(
        hazards.kinds(),
        [
            HazardKind::Flood,
            HazardKind::Landslide,
            HazardKind::Typhoon,
            HazardKind::Earthquake
        ]
    );
    assert!(hazards.at(position(118.1, 25.2)).is_empty());
}

fn geo_cut(shape: &Geometry<f64>) -> Geometry<f64> {
    use geo::MapCoords;
    shape.map_coords(|Coord { x, y }| Coord { x: x.min(180.0), y })
}

#[test]
fn real_files_agree_with_a_scan() {
    for file in FILES {
        let Some(shapes) = real::geojson(file) else { return };
        let hazards = Hazards::build(&[one_level("zones", HazardKind::Flood, shapes.clone())]);
        for at in some_points(&mut Random::new(4), &shapes, 250) {
            assert_eq!(rows(&hazards, at), scan(&shapes, at), "{file} at {at}");
        }
    }
}

#[test]
fn fukuokas_shelters_in_zones_are_as_known() {
    let layers = [("tsunami", 3), ("sediment", 46), ("inland_flood", 1)];
    let Some(shelters) = real::geojson("shelters/jp_fukuoka_shelters.geojson") else {
        return;
    };
    assert_eq!(shelters.len(), 6_085);
    for (name, known) in layers {
        let shapes = real::geojson(&format!("hazards/fukuoka_{name}.geojson")).unwrap();
        let hazards = Hazards::build(&[one_level(name.replace('_', "-").as_str(), HazardKind::Flood, shapes)]);
        let inside = shelters.iter().filter(|shelter| {
            let Geometry::Point(point) = shelter else {
                panic!("no point")
            };
            !hazards.at(LonLat::new(point.x(), point.y()).unwrap()).is_empty()
        });
        assert_eq!(inside.count(), known, "{name}");
    }
}

/// The rows that PostGIS calls covered, per position sorted. PostGIS `geometry` is planar: a position on the antimeridian
/// is asked on both of its sides.
fn covered(client: &mut postgres::Client, table: &str, at: &[LonLat]) -> Vec<Vec<usize>> {
    let numbered = (0_i32..).zip(at).flat_map(|(number, at)| {
        let twin = (at.lon().abs() == 180.0).then_some((number, -at.lon(), at.lat()));
        [Some((number, at.lon(), at.lat())), twin].into_iter().flatten()
    });
    let (mut numbers, mut lons, mut lats) = (Vec::new(), Vec::new(), Vec::new());
    for (number, lon, lat) in numbered {
        numbers.push(number);
        lons.push(lon);
        lats.push(lat);
    }
    let query = format!(
        "SELECT DISTINCT n, row FROM unnest($1::int[], $2::float8[], $3::float8[]) AS p(n, lon, lat) \
         JOIN {table} ON ST_Covers(shape, ST_SetSRID(ST_MakePoint(lon, lat), 4326)) ORDER BY n, row"
    );
    let mut all = vec![Vec::new(); at.len()];
    for found in client.query(&query, &[&numbers, &lons, &lats]).unwrap() {
        all[found.get::<_, i32>(0) as usize].push(found.get::<_, i32>(1) as usize);
    }
    all
}

#[test]
fn real_files_agree_with_postgis() {
    let Some(server) = postgis::server() else { return };
    for file in FILES {
        let Some(shapes) = real::geojson(file) else { return };
        agree_with_postgis(&mut server.client(), file, &shapes, 1_000);
    }
}

#[test]
fn zones_of_packs_agree_with_postgis() {
    let Some(server) = postgis::server() else { return };
    for pack in [
        "data/fujian",
        "tests/fixtures/packs/tiny",
        "tests/fixtures/packs/dateline",
    ] {
        let region = Region::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(pack)).unwrap();
        let zones: Vec<_> = region
            .layers
            .iter()
            .filter(|layer| layer.role() == Role::HazardZone)
            .collect();
        assert!(!zones.is_empty(), "{pack}");
        for layer in zones {
            agree_with_postgis(
                &mut server.client(),
                &format!("{pack} {}", layer.id()),
                layer.geometries(),
                1_000,
            );
        }
    }
}

fn agree_with_postgis(client: &mut postgres::Client, name: &str, shapes: &[Geometry<f64>], count: usize) {
    let hazards = Hazards::build(&[one_level("zones", HazardKind::Flood, shapes.to_vec())]);
    postgis::load(client, "zones", shapes);
    let points = some_points(&mut Random::new(5), shapes, count);
    let mut inside = 0;
    for (at, wanted) in points.iter().zip(covered(client, "zones", &points)) {
        inside += wanted.len();
        assert_eq!(rows(&hazards, *at), wanted, "{name} at {at}");
    }
    assert!(
        inside > count / 4,
        "{name}: only {inside} of {count} points lie in zones: too few to tell"
    );
}
