//! The synthetic province: tiles agree with `/api/risk`, and what parts the land neither gaps nor overlaps.

use geo::{Area, MultiPolygon, unary_union};
use refugia::{
    catalog::{Region, Role, Shape},
    geometry::{LonLat, Mercator},
    hazards::Hazards,
    sample::{self, Scale},
    tiles::{EXTENT, Encoding, TileLayer, render},
};

use super::{
    decode::{Feature, decode},
    layers::Random,
    sampling::{tile_at, tiles_over},
};

fn region() -> Region {
    let folder = tempfile::tempdir().unwrap();
    sample::write(folder.path(), Scale::County, 3, |_| {}).unwrap();
    Region::load(folder.path()).unwrap()
}

/// Zones over a place by layer and row, as the risk at the place says.
fn threats(hazards: &Hazards, lon: f64, lat: f64) -> Vec<(String, u64)> {
    let threats = hazards.at(LonLat::new(lon, lat).unwrap());
    let mut zones: Vec<_> = threats
        .iter()
        .map(|threat| (threat.layer.id().to_string(), threat.row as u64 + 1))
        .collect();
    zones.sort();
    zones
}

/// Where the risk is the same for two pixels around a place, the tile at every zoom shows just these zones there.
#[test]
fn tiles_say_what_the_risk_says() {
    let region = region();
    let hazards = Hazards::build(&region.layers);
    let zones = region.layers.iter().filter(|layer| layer.role() == Role::HazardZone);
    let layers: Vec<TileLayer> = zones.cloned().map(TileLayer::build).collect();
    let layers: Vec<&TileLayer> = layers.iter().collect();
    let bbox = region.manifest.bbox;
    let mut random = Random(23);
    let (mut compared, mut covered) = (0, 0);
    for zoom in 5..=14 {
        for _ in 0..60 {
            let (lon, lat) = (
                random.between(bbox.west(), bbox.east()),
                random.between(bbox.south(), bbox.north()),
            );
            let margin = 360.0 / f64::from(1 << zoom) / 512.0 * 2.0;
            let expected = threats(&hazards, lon, lat);
            let is_plain = (0..32).all(|step| {
                let angle = f64::from(step % 16) / 16.0 * std::f64::consts::TAU;
                let reach = if step < 16 { margin } else { margin / 2.0 };
                threats(&hazards, lon + reach * angle.cos(), lat + reach * angle.sin()) == expected
            });
            if !is_plain {
                continue;
            }
            let tile = tile_at(lon, lat, zoom);
            let (at, corner) = (Mercator::project(lon, lat), tile.mercator_box().min());
            let scale = f64::from(EXTENT) * f64::from(1_u32 << zoom);
            let at = geo::Coord {
                x: (at.x - corner.x) * scale,
                y: (at.y - corner.y) * scale,
            };
            let decoded = decode(&render(&layers, tile, Encoding::Mvt).unwrap());
            let mut drawn: Vec<(String, u64)> = decoded
                .iter()
                .flat_map(|layer| layer.features.iter().map(|feature| (layer.name.clone(), feature)))
                .filter(|(_, feature)| geo::Contains::contains(&feature.polygons(), &at))
                .map(|(name, feature)| (name, feature.id))
                .collect();
            drawn.sort();
            assert_eq!(drawn, expected, "{tile} at {lon} {lat}");
            compared += 1;
            covered += usize::from(!expected.is_empty());
        }
    }
    assert!(compared > 150 && covered > 50, "{compared} places, {covered} in danger");
}

/// Layers whose areas share their borders: their areas add up to that of their union, which has no cracks.
#[test]
fn what_parts_the_land_neither_gaps_nor_overlaps() {
    let region = region();
    let parts = |role: Role| role == Role::HazardZone || role == Role::AdminArea;
    let mut checked = 0;
    for layer in region
        .layers
        .iter()
        .filter(|layer| parts(layer.role()) && layer.shape() == Shape::Polygon)
    {
        let tiles = TileLayer::build(std::sync::Arc::clone(layer));
        let deepest = tiles.zooms().max;
        for zoom in [deepest - 4, deepest - 2, deepest] {
            let over = tiles_over(region.manifest.bbox.into(), zoom);
            let step = over.len().div_ceil(6);
            for tile in over.into_iter().step_by(step) {
                let decoded = decode(&render(&[&tiles], tile, Encoding::Mvt).unwrap());
                let features = decoded.iter().flat_map(|layer| &layer.features);
                let areas: Vec<MultiPolygon<f64>> = features.map(Feature::polygons).collect();
                let sum: f64 = areas.iter().map(Area::unsigned_area).sum();
                let union = unary_union(areas.iter()).unsigned_area();
                // A border that rounding has made cross itself parts neighbours by less than a unit.
                assert!(
                    (sum - union).abs() <= sum * 1e-4 + 64.0,
                    "{} {tile}: {sum} but {union}",
                    layer.id()
                );
                checked += usize::from(areas.len() > 1);
            }
        }
    }
    assert!(checked > 20, "{checked}");
}
