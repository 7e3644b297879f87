//! Mended polygons against PostGIS: what they cover, and how much that is.
//!
//! What an import keeps of a broken polygon is everything that its rings go around at all, exteriors turned
//! counter-clockwise and holes clockwise: the non-zero rule. PostGIS has no function for it. Its faces are found there
//! (`ST_Polygonize` of the noded rings) and how often the rings go around each is counted here. `ST_MakeValid` with
//! `method=structure` covers the same but for holes that are no plain holes: it takes from the outline what any hole goes
//! around, and drops the part of a hole that lies outside. There the non-zero rule keeps more, which for a danger zone is
//! the safe side: what two holes have in common, a hole in a hole, and what of a hole reaches out of the outline.

use std::{f64::consts::TAU, fs};

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use postgres::Client;
use refugia::{
    catalog::{HazardKind, Region, Role, readers::Progress},
    geometry::area::square_metres,
    import::{HazardJob, Job, Metadata},
};
use tempfile::TempDir;

use crate::{
    generate::Random,
    postgis::{load, server},
    real,
};

/// Polygons of each kind of fault.
const EACH: usize = 40;

/// Areas on the ellipsoid are differences of strips to the equator, 10⁹ times as large as a small polygon.
const ROUNDING_M2: f64 = 0.01;

/// What is wrong with a polygon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Nothing,
    WrongOrder,
    RepeatedPositions,
    Spike,
    BowTie,
    Star,
    Overlap,
    SharedSide,
    TouchesItself,
    HoleByTheOutline,
    HoleOutside,
    HoleAcross,
    NestedHoles,
    OverlappingHoles,
}

impl Fault {
    const ALL: [Self; 14] = [
        Self::Nothing,
        Self::WrongOrder,
        Self::RepeatedPositions,
        Self::Spike,
        Self::BowTie,
        Self::Star,
        Self::Overlap,
        Self::SharedSide,
        Self::TouchesItself,
        Self::HoleByTheOutline,
        Self::HoleOutside,
        Self::HoleAcross,
        Self::NestedHoles,
        Self::OverlappingHoles,
    ];

    /// Whether `ST_MakeValid` with `method=structure` makes the same of it.
    const fn is_structural(self) -> bool {
        !matches!(self, Self::HoleAcross | Self::NestedHoles | Self::OverlappingHoles)
    }
}

fn ring(positions: impl IntoIterator<Item = Coord<f64>>) -> LineString<f64> {
    let mut ring = LineString(positions.into_iter().collect());
    ring.close();
    ring
}

/// A ring around a place, counter-clockwise, a little uneven.
fn around(random: &mut Random, centre: Coord<f64>, radius: f64, vertices: usize) -> LineString<f64> {
    let phase = random.between(0.0, TAU);
    ring((0..vertices).map(|index| {
        let angle = phase + TAU * index as f64 / vertices as f64;
        let reach = radius * random.between(0.9, 1.0);
        centre
            + Coord {
                x: angle.cos(),
                y: angle.sin(),
            } * reach
    }))
}

/// The same, even.
fn smooth(centre: Coord<f64>, radius: f64, vertices: u32) -> LineString<f64> {
    ring((0..vertices).map(|index| {
        let angle = TAU * f64::from(index) / f64::from(vertices);
        centre
            + Coord {
                x: angle.cos(),
                y: angle.sin(),
            } * radius
    }))
}

fn reversed(mut ring: LineString<f64>) -> LineString<f64> {
    ring.0.reverse();
    ring
}

/// Where a polygon is drawn: some 10 km around a place.
#[derive(Clone, Copy)]
struct Place {
    centre: Coord<f64>,
    size: f64,
    vertices: usize,
}

impl Place {
    fn some(random: &mut Random) -> Self {
        Self {
            centre: Coord {
                x: random.between(118.0, 120.0),
                y: random.between(25.0, 27.0),
            },
            size: random.between(0.02, 0.05),
            vertices: 6 + random.below(30),
        }
    }

    /// A position by its place on a square around the middle, -1..=1.
    fn at(&self, x: f64, y: f64) -> Coord<f64> {
        self.centre + Coord { x, y } * self.size
    }

    fn outline(&self, random: &mut Random) -> LineString<f64> {
        around(random, self.centre, self.size, self.vertices)
    }

    /// A ring that runs as holes do, of a share of the size, some way aside.
    fn hole(&self, random: &mut Random, aside: f64, share: f64) -> LineString<f64> {
        reversed(around(random, self.at(aside, aside / 3.0), self.size * share, 8))
    }
}

/// A polygon with a fault.
fn faulty(random: &mut Random, fault: Fault) -> Geometry<f64> {
    let place = Place::some(random);
    let outline = place.outline(random);
    let third = 1.0 / 3.0;
    let holes = match fault {
        Fault::Nothing => vec![place.hole(random, 0.0, third)],
        Fault::HoleOutside => vec![place.hole(random, 3.0, third)],
        Fault::HoleAcross => vec![place.hole(random, 0.9, third)],
        Fault::NestedHoles => [0.6, 0.3].map(|share| place.hole(random, 0.0, share)).to_vec(),
        Fault::OverlappingHoles => [-0.1, 0.1].map(|aside| place.hole(random, aside, 0.25)).to_vec(),
        Fault::WrongOrder => {
            let hole = reversed(place.hole(random, 0.0, third));
            return Polygon::new(reversed(outline), vec![hole]).into();
        }
        Fault::Overlap => {
            let other = around(random, place.at(0.7, 0.2), place.size, place.vertices);
            return MultiPolygon(vec![Polygon::new(outline, vec![]), Polygon::new(other, vec![])]).into();
        }
        Fault::SharedSide => {
            let square = |west: f64| {
                let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
                Polygon::new(ring(corners.map(|(x, y)| place.at(west + x, y))), vec![])
            };
            return MultiPolygon(vec![square(0.0), square(1.0)]).into();
        }
        _ => return Polygon::new(faulty_outline(random, place, outline, fault), vec![]).into(),
    };
    Polygon::new(outline, holes).into()
}

/// An outline with a fault.
fn faulty_outline(random: &mut Random, place: Place, outline: LineString<f64>, fault: Fault) -> LineString<f64> {
    let mut positions = outline.0;
    let start = positions[0];
    match fault {
        Fault::RepeatedPositions => {
            let repeats = positions.iter().flat_map(|&at| vec![at; 1 + random.below(3)]);
            return ring(repeats.collect::<Vec<_>>());
        }
        Fault::Spike => {
            let at = positions[1];
            let tip = Coord {
                x: at.x,
                y: at.y + 0.25,
            };
            positions.splice(2..2, [tip, at]);
        }
        Fault::BowTie => {
            let corners = [(-1.0, -0.5), (1.0, 0.6), (1.0, -0.4), (-1.0, 0.5)];
            return ring(corners.map(|(x, y)| place.at(x, y)));
        }
        Fault::Star => {
            let angle = |tip: u32| TAU * f64::from(2 * tip) / 5.0;
            let tips = (0..5).map(|tip| place.at(angle(tip).cos(), angle(tip).sin()));
            return ring(tips.collect::<Vec<_>>());
        }
        Fault::TouchesItself => {
            // Two lobes that meet in a position, drawn in one go.
            let lobe = around(random, place.at(1.5, 0.5), place.size, place.vertices);
            let lobe = &lobe.0[1..lobe.0.len() - 1];
            positions.extend_from_slice(lobe);
        }
        Fault::HoleByTheOutline => {
            // The way into a hole and out again is part of the outline.
            positions.extend(place.hole(random, 0.0, 1.0 / 3.0).0);
            positions.push(start);
        }
        _ => {}
    }
    ring(positions)
}

/// The geometries as an import leaves them, in the same order, `None` for those that are refused, and how many were
/// mended.
fn imported(geometries: &[Geometry<f64>]) -> (Vec<Option<Geometry<f64>>>, u64) {
    let dir = TempDir::new().unwrap();
    let lines = geometries.iter().enumerate().map(|(row, geometry)| {
        let geometry = geojson::Geometry::from(geometry);
        format!("{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{row}\"}},\"geometry\":{geometry}}}\n")
    });
    let input = dir.path().join("zones.geojsonl");
    fs::write(&input, lines.collect::<String>()).unwrap();
    let region = dir.path().join("pack");
    let job = Job {
        input,
        region: region.clone(),
        layer: "zones".parse().unwrap(),
        role: Role::HazardZone,
        hazard: Some(HazardJob {
            kind: HazardKind::Flood,
            level_from: None,
            levels: Vec::new(),
            unsafe_from: None,
        }),
        metadata: Metadata::default(),
        crs: None,
        format: None,
        table: None,
        encoding: None,
        no_header: false,
        map: Vec::new(),
        mapping: None,
        replace: false,
        accept: true,
        dry_run: false,
        time_zone: "Asia/Shanghai".to_owned(),
    };
    let report = job.run(&Progress::default()).unwrap();
    let layer = Region::load(&region).unwrap().layers.remove(0);
    let mended = (0..geometries.len()).map(|index| {
        let row = layer.row_of(&index.to_string())?;
        Some(layer.geometries()[row].clone())
    });
    (mended.collect(), report.repaired)
}

/// A number of every row of a table, in row order.
fn numbers(client: &mut Client, table: &str, what: &str) -> Vec<f64> {
    let rows = client
        .query(&format!("SELECT {what} FROM {table} ORDER BY row"), &[])
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn rings(geometry: &Geometry<f64>) -> Vec<LineString<f64>> {
    let parts = match geometry.clone() {
        Geometry::Polygon(polygon) => vec![polygon],
        Geometry::MultiPolygon(parts) => parts.0,
        other => panic!("no polygon: {other:?}"),
    };
    let turned = |ring: &LineString<f64>, is_hole: bool| {
        let origin = ring.0[0];
        let area: f64 = ring
            .lines()
            .map(|side| (side.start - origin, side.end - origin))
            .map(|(a, b)| a.x * b.y - a.y * b.x)
            .sum();
        if (area < 0.0) == is_hole {
            ring.clone()
        } else {
            reversed(ring.clone())
        }
    };
    let of_part = |part: &Polygon<f64>| {
        let holes = part.interiors().iter().map(|hole| turned(hole, true));
        std::iter::once(turned(part.exterior(), false))
            .chain(holes)
            .collect::<Vec<_>>()
    };
    parts.iter().flat_map(of_part).collect()
}

/// How often rings go around a place: the sum of the angles that their sides are seen under.
fn turns(rings: &[LineString<f64>], at: Coord<f64>) -> i64 {
    let angle = |one: Coord<f64>, other: Coord<f64>| {
        (one.x * other.y - one.y * other.x).atan2(one.x * other.x + one.y * other.y)
    };
    let sides = rings.iter().flat_map(LineString::lines);
    let sum: f64 = sides.map(|side| angle(side.start - at, side.end - at)).sum();
    (sum / TAU).round() as i64
}

/// The planar area that the rings of each geometry go around, by PostGIS' faces of them.
fn non_zero_areas(client: &mut Client, table: &str, geometries: &[Geometry<f64>]) -> Vec<f64> {
    let faces = format!(
        "SELECT row, ST_Area(face), ST_X(inside), ST_Y(inside) FROM (
           SELECT row, face, ST_PointOnSurface(face) AS inside FROM (
             SELECT row, (ST_Dump(ST_Polygonize(lines))).geom AS face FROM (
               SELECT row, ST_UnaryUnion(ST_Boundary(shape)) AS lines FROM {table}) noded
             GROUP BY row, lines) faces) placed"
    );
    let rings: Vec<_> = geometries.iter().map(rings).collect();
    let mut areas = vec![0.0; geometries.len()];
    for face in client.query(&faces, &[]).unwrap() {
        let row = face.get::<_, i32>(0) as usize;
        let inside = Coord {
            x: face.get(2),
            y: face.get(3),
        };
        if turns(&rings[row], inside) != 0 {
            areas[row] += face.get::<_, f64>(1);
        }
    }
    areas
}

/// The most that lies between edges that are straight in degrees and geodesics, square metres: an edge of length L at
/// latitude φ has L³ tan φ / 12 R on its side, and edges on opposite sides make up for each other.
fn between_edges(geometry: &Geometry<f64>) -> f64 {
    let edges = rings(geometry)
        .into_iter()
        .flat_map(|ring| ring.lines().collect::<Vec<_>>());
    edges
        .map(|edge| {
            let length = edge.delta().x.hypot(edge.delta().y) * 111_700.0;
            length.powi(3) * edge.start.y.abs().to_radians().tan() / (12.0 * 6_356_752.0)
        })
        .sum()
}

fn close(one: f64, other: f64, share: f64) -> bool {
    (one - other).abs() <= share * one.abs().max(other.abs())
}

#[test]
fn mended_polygons_cover_what_their_rings_go_around() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    let mut random = Random::new(20_260_705);
    let faults: Vec<Fault> = Fault::ALL.into_iter().flat_map(|fault| [fault; EACH]).collect();
    let broken: Vec<_> = faults.iter().map(|fault| faulty(&mut random, *fault)).collect();
    let (mended, _) = imported(&broken);
    let mended: Vec<_> = mended
        .into_iter()
        .map(|mended| mended.expect("none is refused"))
        .collect();
    load(&mut client, "broken", &broken);
    load(&mut client, "mended", &mended);

    assert!(
        numbers(&mut client, "mended", "ST_IsValid(shape)::int::float8")
            .iter()
            .all(|valid| *valid == 1.0)
    );
    let ours = numbers(&mut client, "mended", "ST_Area(shape)");
    let went_around = non_zero_areas(&mut client, "broken", &broken);
    let structure = numbers(
        &mut client,
        "broken",
        "ST_Area(ST_MakeValid(shape, 'method=structure'))",
    );
    for (row, fault) in faults.iter().enumerate() {
        let what = format!("{fault:?} {row}: {:?}", broken[row]);
        assert!(
            close(ours[row], went_around[row], 1e-6),
            "{} {} {what}",
            ours[row],
            went_around[row]
        );
        if fault.is_structural() {
            assert!(
                close(ours[row], structure[row], 1e-6),
                "{} {} {what}",
                ours[row],
                structure[row]
            );
        } else {
            assert!(ours[row] > structure[row] * (1.0 + 1e-6), "the larger reading: {what}");
        }
    }
}

#[test]
fn areas_of_valid_polygons_are_postgis_areas_before_and_after() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    let mut random = Random::new(7);
    // Sides of some 100 m, for an edge that is straight in degrees and a geodesic to be nearly one, and a size that makes
    // nothing of the 0.1 m² for each vertex that geodesic areas are good to.
    let valid: Vec<Geometry<f64>> = (0..200)
        .map(|_| {
            let centre = Coord {
                x: random.between(-170.0, 170.0),
                y: random.between(-60.0, 60.0),
            };
            let radius = random.between(0.05, 0.1);
            let outline = smooth(centre, radius, 400);
            let hole = reversed(smooth(centre, radius / 2.0, 200));
            Polygon::new(outline, vec![hole]).into()
        })
        .collect();
    let (after, repaired) = imported(&valid);
    assert_eq!(repaired, 0);
    load(&mut client, "valid", &valid);
    let theirs = numbers(&mut client, "valid", "ST_Area(shape::geography)");
    for ((before, after), theirs) in valid.iter().zip(&after).zip(theirs) {
        let (before, after) = (square_metres(before), square_metres(after.as_ref().unwrap()));
        assert!(close(before, after, 1e-12), "{before} {after}");
        assert!(close(before, theirs, 1e-9), "{before} {theirs}");
    }
}

#[test]
fn real_polygons_keep_their_areas() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    for file in [
        "fj_boundaries_gcj02.geojson",
        "hazards/fukuoka_inland_flood.geojson",
        "hazards/fukuoka_sediment.geojson",
        "hazards/fukuoka_tsunami.geojson",
        "hazards/puerto_princesa_barangays.geojson",
        "hazards/puerto_princesa_tsunami.geojson",
        "hazards/taipei_flood_simulate_78mm.geojson",
        "hazards/taipei_patrol_debrisarea.geojson",
        "hazards/taipei_village.geojson",
        "hazards/taipei_work_soil_liquefaction.geojson",
    ] {
        let Some(before) = real::geojson(file) else { return };
        let (after, _) = imported(&before);
        let after: Option<Vec<_>> = after.into_iter().collect();
        let after = after.unwrap_or_else(|| panic!("{file}: a polygon is refused"));
        load(&mut client, "before", &before);
        load(&mut client, "after", &after);
        let valid = numbers(&mut client, "after", "ST_IsValid(shape)::int::float8");
        assert!(valid.iter().all(|valid| *valid == 1.0), "{file}");
        let structure = numbers(
            &mut client,
            "before",
            "ST_Area(ST_MakeValid(shape, 'method=structure'))",
        );
        let ours = numbers(&mut client, "after", "ST_Area(shape)");
        let geodesic = numbers(&mut client, "after", "ST_Area(shape::geography)");
        for row in 0..before.len() {
            assert!(
                close(ours[row], structure[row], 1e-6),
                "{file} {row}: {} {}",
                ours[row],
                structure[row]
            );
            let square_metres = square_metres(&after[row]);
            assert!(
                (square_metres - geodesic[row]).abs()
                    <= between_edges(&after[row]) + 1e-8 * geodesic[row] + ROUNDING_M2,
                "{file} {row}: {square_metres} {}",
                geodesic[row]
            );
        }
        client.batch_execute("DROP TABLE before; DROP TABLE after").unwrap();
    }
}
