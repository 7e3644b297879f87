//! Crowded tiles: they fit, no zone is lost in them, points are counted, and they say what they leave out.

use geo::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect};
use refugia::{
    catalog::Layer as PackLayer,
    geometry::Mercator,
    tiles::{BUFFER, EXTENT, Encoding, MAX_TILE_BYTES, TileCoord, TileLayer, render},
};

use super::{
    coverage,
    decode::{Feature, Layer},
    encodings::decode_both,
    layers::{Random, hazard, plain},
    sampling::{tile_at, tiles_over},
    validity::assert_valid,
};

/// A pixel in tile units.
const PIXEL: i32 = 8;
/// Pixels from one side of the window to the other.
const ACROSS: usize = ((EXTENT + 2 * BUFFER) / PIXEL) as usize;

/// Degrees that a tile covers: west, south, east, north.
fn degrees(tile: TileCoord) -> [f64; 4] {
    let window = tile.mercator_box();
    let latitude = |y: f64| (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees();
    let (west, east) = (window.min().x * 360.0 - 180.0, window.max().x * 360.0 - 180.0);
    [west, latitude(window.max().y), east, latitude(window.min().y)]
}

/// A position in a tile's units.
fn units(tile: TileCoord, lon: f64, lat: f64) -> Coord<f64> {
    let (at, corner) = (Mercator::project(lon, lat), tile.mercator_box().min());
    let scale = f64::from(EXTENT) * f64::from(1_u32 << tile.z());
    Coord {
        x: (at.x - corner.x) * scale,
        y: (at.y - corner.y) * scale,
    }
}

/// What a layer of a tile says of itself in `thinned`: degree, features in the window, features shown.
fn said(tile: &[Layer], layer: &str) -> Option<(u64, u64, u64)> {
    let thinned = tile.iter().find(|layer| layer.name == "thinned")?;
    let feature = thinned
        .features
        .iter()
        .find(|feature| feature.properties["layer"] == layer)?;
    assert_eq!(feature.paths, [[Coord { x: 2048, y: 2048 }]]);
    let number = |name: &str| feature.properties[name].as_u64().unwrap();
    Some((number("degree"), number("features"), number("shown")))
}

fn features<'a>(tile: &'a [Layer], layer: &str) -> &'a [Feature] {
    tile.iter()
        .find(|found| found.name == layer)
        .map_or(&[], |found| &found.features)
}

/// How much larger pixels of zones are at a degree, as `tiles/SCHEMA.md` has it.
fn enlarged(degree: u64) -> f64 {
    let doublings = if degree < 4 { degree } else { degree - 2 };
    f64::from(1 << doublings)
}

/// The highest rank drawn at the middle of every pixel of the window, row by row; 0 for none.
fn ranks(zones: &[Feature]) -> Vec<u8> {
    let mut ranks = vec![0; ACROSS * ACROSS];
    for zone in zones {
        let rank = zone.properties["level_rank"].as_u64().unwrap() as u8;
        let mut crossings: Vec<Vec<f64>> = vec![Vec::new(); ACROSS];
        for ring in &zone.paths {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let row = |y: i32| (f64::from(y + BUFFER) / f64::from(PIXEL) - 0.5).ceil().max(0.0) as usize;
                for (y, row) in crossings
                    .iter_mut()
                    .enumerate()
                    .take(row(a.y.max(b.y)))
                    .skip(row(a.y.min(b.y)))
                {
                    let level = (y as f64 + 0.5) * f64::from(PIXEL) - f64::from(BUFFER);
                    let slope = f64::from(b.x - a.x) / f64::from(b.y - a.y);
                    row.push(f64::from(a.x) + (level - f64::from(a.y)) * slope);
                }
            }
        }
        for (y, row) in crossings.iter_mut().enumerate() {
            row.sort_unstable_by(f64::total_cmp);
            for span in row.chunks_exact(2) {
                let column = |x: f64| ((x + f64::from(BUFFER)) / f64::from(PIXEL) - 0.5).ceil().max(0.0) as usize;
                for rank_here in &mut ranks[y * ACROSS..][column(span[0])..column(span[1]).min(ACROSS)] {
                    *rank_here = rank.max(*rank_here);
                }
            }
        }
    }
    ranks
}

/// The highest rank of the rings around a position, rounded to whole units.
fn rank_at(zones: &[Feature], at: Coord<f64>) -> Option<u8> {
    let near = |along: f64, ends: &mut dyn Iterator<Item = i32>| {
        let (least, greatest) = ends.fold((i32::MAX, i32::MIN), |(least, greatest), end| {
            (least.min(end), greatest.max(end))
        });
        (f64::from(least) - 1.0..=f64::from(greatest) + 1.0).contains(&along)
    };
    let is_around = |ring: &Vec<Coord<i32>>| {
        near(at.x, &mut ring.iter().map(|end| end.x)) && near(at.y, &mut ring.iter().map(|end| end.y))
    };
    let around = zones.iter().filter(|zone| zone.paths.iter().any(is_around));
    around
        .map(|zone| zone.properties["level_rank"].as_u64().unwrap() as u8)
        .max()
}

fn pixel(at: Coord<f64>) -> Option<usize> {
    let index = |along: f64| ((along + f64::from(BUFFER)) / f64::from(PIXEL)).floor();
    let inside = |index: f64| (0.0..ACROSS as f64).contains(&index);
    let (x, y) = (index(at.x), index(at.y));
    (inside(x) && inside(y)).then_some(y as usize * ACROSS + x as usize)
}

struct Dense {
    zones: Vec<(Coord<f64>, u8)>,
    points: Vec<Coord<f64>>,
    layers: [TileLayer; 2],
}

/// Specks of zones and points all over one tile.
fn dense(tile: TileCoord, zones: usize, points: usize) -> Dense {
    let mut random = Random(77);
    let [west, south, east, north] = degrees(tile);
    let place = |random: &mut Random| Coord {
        x: random.between(west, east),
        y: random.between(south, north),
    };
    let pixel = (east - west) / 512.0;
    let mut shapes = Vec::new();
    let mut middles = Vec::new();
    for _ in 0..zones {
        let middle = place(&mut random);
        let (half, rank) = (pixel * random.between(0.05, 0.25), 1 + (random.unit() * 4.0) as u8);
        let corner = |sign: f64| Coord {
            x: middle.x + sign * half,
            y: middle.y + sign * half,
        };
        shapes.push((Geometry::from(Rect::new(corner(-1.0), corner(1.0)).to_polygon()), rank));
        middles.push((middle, rank));
    }
    let points: Vec<Coord<f64>> = (0..points).map(|_| place(&mut random)).collect();
    let posts = points.iter().map(|&at| Point(at).into()).collect();
    Dense {
        zones: middles,
        points,
        layers: [
            TileLayer::build(hazard("flood", (0, 14), shapes)),
            TileLayer::build(plain("posts", "facility", "zoom = { min = 0, max = 14 }", posts)),
        ],
    }
}

#[test]
fn a_dense_tile_fits_and_loses_neither_zones_nor_points() {
    let middle = tile_at(118.5, 25.5, 9);
    let dense = dense(middle, 50_000, 200_000);
    let layers: Vec<&TileLayer> = dense.layers.iter().collect();
    let around = [tile_at(118.5, 25.5, 6), middle, tile_at(118.5, 25.5, 11)];
    for tile in around {
        let decoded = decode_both(&layers, tile);
        let drawn = ranks(features(&decoded, "flood"));
        let degree = said(&decoded, "flood").map_or(0, |(degree, ..)| degree);
        let mut in_window = 0;
        for (middle, rank) in &dense.zones {
            let at = units(tile, middle.x, middle.y);
            if pixel(at).is_none() {
                continue;
            }
            // A middle near the edge between two pixels may be in either: borders are rounded to whole units.
            let beside = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)].map(|(x, y)| Coord {
                x: at.x + 0.6 * x,
                y: at.y + 0.6 * y,
            });
            let found = if degree == 0 {
                // Drawn as they are, zones may be smaller than the middle of a pixel.
                rank_at(features(&decoded, "flood"), at)
            } else {
                beside.into_iter().filter_map(pixel).map(|pixel| drawn[pixel]).max()
            };
            assert!(
                found >= Some(*rank),
                "{tile}, degree {degree}: a zone of rank {rank} at {at:?} is drawn as {found:?}"
            );
            in_window += 1;
        }
        if let Some((_, features, shown)) = said(&decoded, "flood") {
            assert!(
                features >= in_window && shown < features,
                "{tile}: {shown} of {features}, {in_window}"
            );
        }
        // No pixel is of a higher rank than all zones near it.
        let reach = 2.0 * enlarged(degree) * f64::from(PIXEL);
        let mut highest = vec![0; ACROSS * ACROSS];
        for (middle, rank) in &dense.zones {
            let at = units(tile, middle.x, middle.y);
            let span = |along: f64| {
                let index = |along: f64| (along + f64::from(BUFFER)) / f64::from(PIXEL);
                let last = (index(along + reach).ceil().max(0.0) as usize).min(ACROSS);
                (index(along - reach).floor().max(0.0) as usize).min(last)..last
            };
            for y in span(at.y) {
                for here in &mut highest[y * ACROSS..][span(at.x)] {
                    *here = (*rank).max(*here);
                }
            }
        }
        assert!(
            drawn.iter().zip(&highest).all(|(drawn, highest)| drawn <= highest),
            "{tile}"
        );
        let counted: u64 = features(&decoded, "posts")
            .iter()
            .map(|post| post.properties.get("count").map_or(1, |count| count.as_u64().unwrap()))
            .sum();
        let window = f64::from(-BUFFER)..f64::from(EXTENT + BUFFER);
        let inside = |at: &&Coord<f64>| {
            let at = units(tile, at.x, at.y);
            window.contains(&at.x) && window.contains(&at.y)
        };
        assert_eq!(counted, dense.points.iter().filter(inside).count() as u64, "{tile}");
    }
    assert!(said(&decode_both(&layers, middle), "flood").is_some());
    assert!(
        said(&decode_both(&layers, tile_at(118.5, 25.5, 14)), "flood").is_none(),
        "room enough"
    );
}

#[test]
fn neighbouring_zones_stay_where_they_are_when_thinned() {
    let layer = hazard("flood", (0, 12), coverage::make(41, 110, 3));
    let built = TileLayer::build(std::sync::Arc::clone(&layer));
    let mut random = Random(5);
    let mut thinned = 0;
    for zoom in [6, 7, 8] {
        for tile in tiles_over(coverage::BOX, zoom).into_iter().take(2) {
            let decoded = decode_both(&[&built], tile);
            let degree = said(&decoded, "flood").map_or(0, |(degree, ..)| degree);
            thinned += u32::from(degree > 0);
            let drawn = ranks(features(&decoded, "flood"));
            // Markers reach two pixels, in crowded tiles two larger ones.
            let margin = 2.0 * f64::from(PIXEL) * enlarged(degree);
            let [west, south, east, north] = degrees(tile);
            for _ in 0..80 {
                let (lon, lat) = (random.between(west, east), random.between(south, north));
                let at = units(tile, lon, lat);
                let per_degree = (units(tile, lon + 0.5, lat).x - units(tile, lon - 0.5, lat).x).abs();
                let (near, sure) = ranks_near(&layer, lon, lat, margin / per_degree);
                let found = drawn[pixel(at).unwrap()];
                assert!(
                    found >= sure,
                    "{tile}, degree {degree}: {found} instead of {sure} at {lon} {lat}"
                );
                assert!(
                    found <= near,
                    "{tile}, degree {degree}: {found}, but nothing above {near} near {lon} {lat}"
                );
            }
        }
    }
    assert!(thinned > 0, "the tiles are crowded");
}

/// The highest rank of a zone near a place, and of one that is all around it.
fn ranks_near(layer: &PackLayer, lon: f64, lat: f64, reach: f64) -> (u8, u8) {
    use geo::{BoundingRect, Contains, Intersects};
    let corner = |sign: f64| Coord {
        x: lon + sign * reach,
        y: lat + sign * reach,
    };
    let around = Rect::new(corner(-1.0), corner(1.0));
    let (mut near, mut sure) = (0, 0);
    for (row, geometry) in layer.geometries().iter().enumerate() {
        if geometry.bounding_rect().is_some_and(|bbox| bbox.intersects(&around)) && geometry.intersects(&around) {
            let rank = layer.level(row).unwrap().0;
            near = near.max(rank);
            if geometry.contains(&around.to_polygon()) {
                sure = sure.max(rank);
            }
        }
    }
    (near, sure)
}

fn star(random: &mut Random, centre: Coord<f64>, radius: f64, vertices: usize) -> Polygon<f64> {
    let ring = (0..vertices).map(|index| {
        let angle = index as f64 / vertices as f64 * std::f64::consts::TAU;
        let radius = radius * random.between(0.6, 1.0);
        Coord {
            x: centre.x + radius * angle.cos(),
            y: centre.y + radius * angle.sin(),
        }
    });
    Polygon::new(LineString::new(ring.collect()), Vec::new())
}

/// What no coarser vertices help against: thousands of features that each fill the tile.
#[test]
fn whatever_is_in_it_a_tile_fits() {
    let tile = tile_at(118.5, 25.5, 9);
    let [west, south, east, north] = degrees(tile);
    let mut random = Random(19);
    let place = |random: &mut Random| Coord {
        x: random.between(west, east),
        y: random.between(south, north),
    };
    let mut stars = Vec::new();
    for _ in 0..4_000 {
        let centre = place(&mut random);
        stars.push(star(&mut random, centre, (east - west) * 0.6, 24));
    }
    let mut lines: Vec<Geometry<f64>> = Vec::new();
    for _ in 0..9_000 {
        lines.push(LineString::new((0..12).map(|_| place(&mut random)).collect()).into());
    }
    let zones = stars
        .iter()
        .cloned()
        .map(|star| (star.into(), 1 + (random.unit() * 4.0) as u8))
        .collect();
    let many = MultiPolygon::new(stars[..200].to_vec());
    let layers = [
        TileLayer::build(hazard("flood", (0, 12), zones)),
        TileLayer::build(plain("roads", "road", "", lines)),
        TileLayer::build(plain(
            "sites",
            "facility",
            "",
            stars.into_iter().map(Geometry::from).collect(),
        )),
        TileLayer::build(plain("many", "facility", "", vec![many.into()])),
    ];
    for layer in &layers {
        let decoded = decode_both(&[layer], tile);
        assert_valid(&decoded, layer.manifest().id.as_str());
    }
    let joined: Vec<&TileLayer> = layers.iter().collect();
    let decoded = decode_both(&joined, tile);
    assert!(!features(&decoded, "flood").is_empty() && said(&decoded, "flood").is_some());
    for encoding in Encoding::ALL {
        let bytes = render(&joined, tile, encoding).unwrap();
        assert!(bytes.len() <= MAX_TILE_BYTES);
        assert_eq!(bytes, render(&joined, tile, encoding).unwrap(), "the same every time");
    }
}
