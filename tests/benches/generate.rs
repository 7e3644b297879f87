//! Seeded random data for benches and oracle tests: the same numbers on every machine.

#![allow(dead_code, reason = "shared by several targets, none of which uses all of it")]

use std::{f64::consts::TAU, fmt::Write, sync::Arc};

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon};
use refugia::{
    catalog::{AttributesBuilder, Field, FieldKind, HazardKind, Layer, LayerVersion, RegionManifest, Value},
    geometry::LonLat,
};

/// `SplitMix64` (G. L. Steele, D. Lea, C. H. Flood, 2014): small, fast, good enough for test data.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// In `low..high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// In `0..below`.
    pub(crate) const fn below(&mut self, below: usize) -> usize {
        (self.bits() % below as u64) as usize
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Uniform in degrees inside west, south, east, north.
    pub(crate) fn position(&mut self, [west, south, east, north]: [f64; 4]) -> LonLat {
        position(self.between(west, east), self.between(south, north))
    }

    /// Uniform on the globe.
    pub(crate) fn on_globe(&mut self) -> LonLat {
        position(self.between(-180.0, 180.0), self.between(-1.0, 1.0).asin().to_degrees())
    }
}

/// About the size and place of Fujian.
pub(crate) const REGION: [f64; 4] = [115.8, 23.4, 120.8, 28.4];

/// A position from any longitude and a latitude in or a little out of range.
pub(crate) fn position(lon: f64, lat: f64) -> LonLat {
    let lon = if (-180.0..=180.0).contains(&lon) {
        lon
    } else {
        (lon + 540.0).rem_euclid(360.0) - 180.0
    };
    LonLat::new(lon, lat.clamp(-90.0, 90.0)).expect("brought into range")
}

/// Points as people live: most in towns of a few kilometres, some scattered.
pub(crate) fn towns(random: &mut Random, count: usize, area: [f64; 4]) -> Vec<LonLat> {
    let towns: Vec<LonLat> = (0..count.div_ceil(200).max(20))
        .map(|_| random.position(area))
        .collect();
    (0..count)
        .map(|_| {
            if random.below(5) == 0 {
                return random.position(area);
            }
            let town = random.one_of(&towns);
            let (angle, reach) = (random.between(0.0, TAU), random.between(0.0, 1.0).powi(2) * 0.1);
            position(town.lon() + reach * angle.cos(), town.lat() + reach * angle.sin())
        })
        .collect()
}

/// A closed coastline: bays within bays, from the size of the whole down to that of an edge, as real ones have them.
pub(crate) fn coast(random: &mut Random, centre: Coord<f64>, radius: f64, vertices: usize) -> LineString<f64> {
    let waves: Vec<(f64, f64, f64)> = std::iter::successors(Some(3_usize), |waves| Some(waves * 2))
        .take_while(|waves| *waves < vertices / 3)
        .map(|waves| {
            (
                waves as f64,
                random.between(0.2, 0.6) / waves as f64,
                random.between(0.0, TAU),
            )
        })
        .collect();
    (0..vertices)
        .map(|index| {
            let angle = TAU * index as f64 / vertices as f64;
            let wave = |(count, height, phase): &(f64, f64, f64)| height * (count * angle + phase).sin();
            let reach = radius * (1.0 + waves.iter().map(wave).sum::<f64>());
            Coord {
                x: centre.x + reach * angle.cos(),
                y: centre.y + reach * angle.sin(),
            }
        })
        .collect()
}

/// Zones of 30 to 200 vertices and about 0.4 to 4 km of radius, one in four with a hole, one in eight of two parts.
pub(crate) fn zones(random: &mut Random, count: usize, area: [f64; 4]) -> Vec<Geometry<f64>> {
    let polygon = |random: &mut Random| {
        let centre = Coord::from(random.position(area));
        let (radius, vertices) = (random.between(0.004, 0.036), 30 + random.below(171));
        let shell = coast(random, centre, radius, vertices);
        let hole = coast(random, centre, radius * 0.25, vertices / 3);
        Polygon::new(shell, if random.below(4) == 0 { vec![hole] } else { Vec::new() })
    };
    (0..count)
        .map(|_| {
            let first = polygon(random);
            if random.below(8) == 0 {
                Geometry::MultiPolygon(MultiPolygon(vec![first, polygon(random)]))
            } else {
                Geometry::Polygon(first)
            }
        })
        .collect()
}

/// A hazard layer of `levels` levels, the upper half of them unsafe; `ranks[row]` counts from 1.
pub(crate) fn hazard_layer(
    id: &str,
    kind: HazardKind,
    levels: u8,
    zones: Vec<Geometry<f64>>,
    ranks: &[u8],
) -> Arc<Layer> {
    let mut entry = layer_entry(id, "hazard_zone");
    let _ = write!(
        entry,
        "[layer.hazard]\nkind = \"{kind}\"\nlevel = \"level\"\nlevels = ["
    );
    for level in 1..=levels {
        let is_unsafe = level * 2 > levels;
        let _ = write!(
            entry,
            "{{ code = \"{level}\", names = {{ zh = \"{level}\", en = \"{level}\" }}, colour = \"#000000\", unsafe = {is_unsafe} }},"
        );
    }
    entry.push(']');
    let mut table = AttributesBuilder::new(vec![field("level", FieldKind::Int)]);
    for rank in ranks {
        table.push_row([Some(Value::Int(i64::from(*rank)))]);
    }
    layer(&entry, zones, table)
}

/// A shelter as a test wants it.
pub(crate) struct ShelterRow {
    pub(crate) id: String,
    pub(crate) position: LonLat,
    pub(crate) status: &'static str,
    /// Suitability for flood and landslide.
    pub(crate) suits: [&'static str; 2],
}

/// A shelter layer with ids, status and suitability for flood and landslide.
pub(crate) fn shelter_layer(id: &str, rows: &[ShelterRow]) -> Arc<Layer> {
    let mut entry = layer_entry(id, "shelter");
    entry.push_str("[layer.attributes]\nid = \"id\"\nstatus = \"status\"\nsuits = { flood = \"flood\", landslide = \"landslide\" }\n");
    let mut table = AttributesBuilder::new(
        ["id", "status", "flood", "landslide"]
            .map(|name| field(name, FieldKind::Text))
            .into(),
    );
    for row in rows {
        table.push_row([&row.id, row.status, row.suits[0], row.suits[1]].map(|text| Some(Value::Text(text))));
    }
    layer(
        &entry,
        rows.iter()
            .map(|row| Geometry::Point(Point::from(row.position)))
            .collect(),
        table,
    )
}

fn layer_entry(id: &str, role: &str) -> String {
    format!(
        "format = 1\nid = \"r\"\nnames = {{ zh = \"r\", en = \"r\" }}\nbbox = [-180, -90, 180, 90]\ntime_zone = \"UTC\"\n\
         [[layer]]\nid = \"{id}\"\nrole = \"{role}\"\nnames = {{ zh = \"l\", en = \"l\" }}\nfile = \"{id}.fgb\"\n\
         source = \"test\"\nlicence = \"CC0-1.0\"\nvintage = \"2026\"\nsynthetic = true\n"
    )
}

fn field(name: &str, kind: FieldKind) -> Field {
    Field {
        name: name.to_owned(),
        kind,
    }
}

fn layer(entry: &str, geometries: Vec<Geometry<f64>>, table: AttributesBuilder) -> Arc<Layer> {
    let mut manifest = RegionManifest::parse(entry).expect("a valid entry");
    let entry = manifest.layers.remove(0);
    Arc::new(Layer::new(entry, geometries, table.finish(), LayerVersion(0)).expect("a valid layer"))
}
