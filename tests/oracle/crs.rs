//! Coordinate systems against PROJ, as PostGIS uses it: by code and by the text of a `.prj`.

use postgres::Client;
use refugia::geometry::{Crs, LonLat, geodesic};

use crate::{generate::Random, postgis};

/// Positions per system.
const POINTS: usize = 400;

/// What is tolerated.
const TOLERANCE_M: f64 = 0.01;

/// A system and the area it is checked over: west, south, east, north.
struct Case {
    code: u32,
    area: [f64; 4],
}

/// Every system named in the documentation, over its area of use and, for the zones of China, the neighbours.
fn cases() -> Vec<Case> {
    let zone = |code, meridian: f64, half_width: f64, south: f64, north: f64| Case {
        code,
        area: [meridian - half_width, south, meridian + half_width, north],
    };
    let mut cases = Vec::new();
    for index in 0..21_u32 {
        let meridian = 75.0 + 3.0 * f64::from(index);
        cases.push(zone(4513 + index, meridian, 4.5, 16.0, 54.0));
        cases.push(zone(4534 + index, meridian, 6.0, 3.0, 54.0));
    }
    for index in 0..11_u32 {
        let meridian = 75.0 + 6.0 * f64::from(index);
        cases.push(zone(4491 + index, meridian, 4.5, 16.0, 54.0));
        cases.push(zone(4502 + index, meridian, 6.0, 3.0, 54.0));
    }
    cases.push(zone(3826, 121.0, 3.0, 20.0, 27.0));
    cases.push(zone(3825, 119.0, 3.0, 18.0, 27.0));
    cases.extend((6669..=6687).map(|code| Case {
        code,
        area: [122.0, 20.0, 154.5, 46.0],
    }));
    for index in 0..60_u32 {
        cases.push(zone(32_601 + index, -177.0 + 6.0 * f64::from(index), 6.0, -1.0, 84.0));
        cases.push(zone(32_701 + index, -177.0 + 6.0 * f64::from(index), 3.0, -80.0, 1.0));
    }
    cases.push(zone(3857, 0.0, 180.0, -85.0, 85.0));
    // Systems of other places whose projections differ: conical, azimuthal, transverse far from the meridian.
    for (code, area) in [
        (3035, [-10.0, 35.0, 30.0, 70.0]),
        (2154, [-5.0, 41.0, 10.0, 52.0]),
        (5179, [124.0, 33.0, 132.0, 39.0]),
        (2193, [166.0, -48.0, 179.0, -34.0]),
        (25833, [4.0, 57.0, 31.0, 72.0]),
        (2263, [-75.0, 40.0, -71.0, 42.0]),
    ] {
        cases.push(Case { code, area });
    }
    cases
}

/// Positions in the area, their coordinates in the system and the system's text, all by PostGIS.
fn projected(client: &mut Client, case: &Case) -> (Vec<(LonLat, f64, f64)>, String) {
    let [west, south, east, north] = case.area;
    let mut random = Random::new(u64::from(case.code));
    let positions: Vec<LonLat> = (0..POINTS)
        .map(|_| {
            let lon = random.between(west, east);
            let lat = random.between(south, north);
            LonLat::new((lon + 540.0).rem_euclid(360.0) - 180.0, lat).unwrap()
        })
        .collect();
    let lons: Vec<f64> = positions.iter().map(|position| position.lon()).collect();
    let lats: Vec<f64> = positions.iter().map(|position| position.lat()).collect();
    let rows = client
        .query(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT n, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), $3::int) AS p
             FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS t(lon, lat, n)) AS q ORDER BY n",
            &[&lons, &lats, &(case.code as i32)],
        )
        .unwrap();
    let text = client
        .query_one(
            "SELECT srtext FROM spatial_ref_sys WHERE srid = $1::int",
            &[&(case.code as i32)],
        )
        .unwrap();
    let numbers = rows.iter().map(|row| (row.get(0), row.get(1)));
    let found = positions
        .into_iter()
        .zip(numbers)
        .map(|(position, (x, y))| (position, x, y));
    (found.collect(), text.get(0))
}

#[test]
fn every_system_agrees_with_proj_to_a_centimetre() {
    let Some(server) = postgis::server() else { return };
    let mut client = server.client();
    let mut worst = (0.0_f64, 0);
    for case in cases() {
        let (positions, text) = projected(&mut client, &case);
        let by_code = Crs::from_epsg(case.code).unwrap();
        let by_text = Crs::from_wkt(&text).unwrap_or_else(|error| panic!("EPSG:{}: {error}\n{text}", case.code));
        let mut kept = 0;
        for (wanted, x, y) in positions {
            // In a system with the zone in its easting a position far outside has the number of another zone.
            let Ok(found) = by_code.to_wgs84(x, y) else { continue };
            kept += 1;
            let off = geodesic::distance(found, wanted).0;
            assert!(
                off <= TOLERANCE_M,
                "EPSG:{} {x} {y}: {found}, PROJ {wanted}: {off} m",
                case.code
            );
            worst = if off > worst.0 { (off, case.code) } else { worst };
            let found = by_text.to_wgs84(x, y).unwrap();
            let off = geodesic::distance(found, wanted).0;
            assert!(off <= TOLERANCE_M, "{text} {x} {y}: {found}, PROJ {wanted}: {off} m");
        }
        assert!(
            kept * 10 > POINTS * 9,
            "EPSG:{}: only {kept} of {POINTS} positions are taken",
            case.code
        );
    }
    eprintln!("the farthest from PROJ: {} m in EPSG:{}", worst.0, worst.1);
}

#[test]
fn a_shift_by_parameters_agrees_with_proj_to_a_centimetre() {
    let Some(server) = postgis::server() else { return };
    let mut client = server.client();
    for definition in [
        "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=39500000 +y_0=0 +ellps=krass +towgs84=15.8,-154.4,-82.3 +units=m",
        "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +a=6378140 +rf=298.257 +towgs84=10,-20,30,0.5,-1.1,2.2,3.5",
        "+proj=longlat +ellps=bessel +towgs84=-146.414,507.337,680.507",
        "+proj=utm +zone=51 +ellps=intl +towgs84=-637,-549,-203 +units=m",
    ] {
        let crs = Crs::from_definition(definition).unwrap();
        let mut random = Random::new(7);
        for _ in 0..POINTS {
            let (lon, lat) = (random.between(115.0, 119.0), random.between(20.0, 45.0));
            // Back again from two numbers without a height, as files hold them.
            let row = client
                .query_one(
                    "SELECT ST_X(p), ST_Y(p), ST_X(q), ST_Y(q) FROM (
                        SELECT p, ST_Transform(ST_SetSRID(p, 0), $3::text, 4326) AS q FROM (
                            SELECT ST_Transform(ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326), $3::text) AS p
                        ) AS there) AS back",
                    &[&lon, &lat, &definition],
                )
                .unwrap();
            let found = crs.to_wgs84(row.get(0), row.get(1)).unwrap();
            let off = geodesic::distance(found, LonLat::new(row.get(2), row.get(3)).unwrap()).0;
            assert!(off <= TOLERANCE_M, "{definition} {lon} {lat}: {found}, {off} m");
        }
    }
}
