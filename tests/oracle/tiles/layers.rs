//! Layers for the tests, made in memory.

use std::sync::Arc;

use geo::Geometry;
use refugia::catalog::{Attributes, AttributesBuilder, Field, FieldKind, Layer, LayerManifest, LayerVersion, Value};

/// Random numbers that are the same on every run (xorshift64*).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// In 0..1.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, from: f64, to: f64) -> f64 {
        from + self.unit() * (to - from)
    }
}

/// A layer's manifest with lines of TOML added to what every layer needs.
pub(crate) fn manifest(id: &str, role: &str, more: &str) -> LayerManifest {
    let text = format!(
        r#"id = "{id}"
        role = "{role}"
        names = {{ zh = "测试", en = "Test" }}
        file = "{id}.fgb"
        source = "made by a test"
        licence = "CC0-1.0"
        vintage = "2026"
        synthetic = true
        {more}"#
    );
    toml::from_str(&text).unwrap()
}

/// A flood layer: geometries with the rank of their level, 1 to 4.
pub(crate) fn hazard(id: &str, zoom: (u8, u8), zones: Vec<(Geometry<f64>, u8)>) -> Arc<Layer> {
    let levels: Vec<String> = (1..=4)
        .map(|rank| {
            format!(r##"{{ code = "{rank}", names = {{ zh = "级", en = "Level" }}, colour = "#00000{rank}", unsafe = {} }}"##, rank > 2)
        })
        .collect();
    let more = format!(
        "zoom = {{ min = {}, max = {} }}\nhazard = {{ kind = \"flood\", level = \"level\", levels = [{}] }}",
        zoom.0,
        zoom.1,
        levels.join(", ")
    );
    let mut table = AttributesBuilder::new(vec![Field {
        name: "level".into(),
        kind: FieldKind::Int,
    }]);
    let mut geometries = Vec::new();
    for (geometry, rank) in zones {
        table.push_row([Some(Value::Int(rank.into()))]);
        geometries.push(geometry);
    }
    Arc::new(
        Layer::new(
            manifest(id, "hazard_zone", &more),
            geometries,
            table.finish(),
            LayerVersion(1),
        )
        .unwrap(),
    )
}

/// A layer of another role without columns.
pub(crate) fn plain(id: &str, role: &str, more: &str, geometries: Vec<Geometry<f64>>) -> Arc<Layer> {
    let table = empty_table(geometries.len());
    Arc::new(Layer::new(manifest(id, role, more), geometries, table, LayerVersion(1)).unwrap())
}

fn empty_table(rows: usize) -> Attributes {
    let mut table = AttributesBuilder::new(Vec::new());
    for _ in 0..rows {
        table.push_row([]);
    }
    table.finish()
}
