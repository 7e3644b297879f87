//! Flood zones of which the data say how deep the water is.

use std::{
    fs::{self, File},
    path::Path,
};

use geo_types::Polygon;
use refugia::catalog::{Field, FieldKind, RawValue, Shape, fgb::Writer};
use serde_json::{Value, json};

use crate::roads::{Roads, network};

/// Testland with one flood zone, of the highest level, over the middle of River Road.
fn under_water(depth_m: Option<f64>) -> Roads {
    let furnish = |folder: &Path| {
        let fields = [
            ("id", FieldKind::Text),
            ("level", FieldKind::Text),
            ("depth", FieldKind::Float),
        ];
        let fields = fields.map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        });
        let mut writer = Writer::new("flood", fields.to_vec(), Shape::Polygon).unwrap();
        let [west, south, east, north] = [0.0, -0.02, 0.1, 0.08];
        let ring = vec![
            (west, south),
            (east, south),
            (east, north),
            (west, north),
            (west, south),
        ];
        let zone = Polygon::new(ring.into(), Vec::new());
        let values = [
            Some(RawValue::Text("deep".into())),
            Some(RawValue::Text("3".into())),
            depth_m.map(RawValue::Float),
        ];
        writer.push(&zone.into(), values).unwrap();
        writer.finish(File::create(folder.join("flood.fgb")).unwrap()).unwrap();
        let manifest = folder.join("region.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        let (before, flood) = text.split_once("file = \"flood.fgb\"").unwrap();
        let names = "name = { zh = \"name_zh\", en = \"name_en\" }\nsynthetic = \"synthetic\"\n";
        let flood = flood.replacen(names, "depth_m = \"depth\"\n", 1);
        fs::write(&manifest, format!("{before}file = \"flood.fgb\"{flood}")).unwrap();
    };
    Roads::with(&network(), furnish)
}

#[tokio::test]
async fn water_of_known_depth_is_judged_by_its_depth() {
    for (depth_m, effect, slow_by) in [
        (Some(0.1), "slow", json!(2.0)),
        (Some(0.5), "forbidden", Value::Null),
        (None, "forbidden", Value::Null),
        // A mark for "unknown", as rasters have it.
        (Some(-9_999.0), "forbidden", Value::Null),
    ] {
        let roads = under_water(depth_m);
        let route = roads.route("&hazard=flood").await.json();
        let known = depth_m.filter(|depth| *depth >= 0.0);
        let list = if effect == "slow" { "crossed" } else { "avoided" };
        let zone = &route["properties"][list][0];
        assert_eq!(
            (&zone["zone"], &zone["effect"], &zone["slow_by"]),
            (&json!("deep"), &json!(effect), &slow_by),
            "{route}"
        );
        assert_eq!(zone["depth_m"], known.map_or(Value::Null, |depth| json!(depth)));
        assert_eq!(route["properties"]["safe"], true);
        let risk = roads.site.json("/api/risk?lon=0.05&lat=0.03").await;
        assert_eq!(risk["highest"]["depth_m"], zone["depth_m"]);
    }
}
