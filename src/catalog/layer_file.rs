//! One layer file of a pack, from disk to a checked [`Layer`].

use std::{fs, path::Path};

use geo_types::Geometry;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::{Attribute, AttributesBuilder, Fault, Faults, Layer, LayerManifest, LayerVersion, RawValue, fgb};
use crate::geometry::validity;

/// Reads and checks a layer. Time grows with the file's size, and for each polygon of `n` vertices with `n log n`.
pub(super) fn load(manifest: &LayerManifest, path: &Path) -> Result<Layer, Faults> {
    let fault = |problem: String| Fault::file(&manifest.file, problem);
    let bytes = fs::read(path).map_err(|error| fault(format!("cannot be read: {error}")))?;
    let file = fgb::File::open(&bytes).map_err(|error| fault(error.to_string()))?;
    let mut table = AttributesBuilder::new(file.fields().to_vec());
    let mut geometries = Vec::new();
    let mut faults = Vec::new();
    let id_column = manifest
        .attributes
        .columns
        .get(&Attribute::Id)
        .and_then(|name| file.fields().iter().position(|field| field.name == *name));
    let walked = file.features(|row, _, feature| {
        let values = feature.values.unwrap_or_else(|problem| {
            faults.push(fault(problem).feature(format!("row {}", row + 1)));
            Vec::new()
        });
        let label = || {
            id_column
                .and_then(|column| values.get(column)?.as_ref())
                .map_or_else(|| format!("row {}", row + 1), |id| id.to_text().into_owned())
        };
        let (geometry, problem) = match feature.geometry {
            Ok(Some(shaped)) if shaped.open_rings > 0 => (
                shaped.geometry,
                Some(format!("{} rings are not closed", shaped.open_rings)),
            ),
            Ok(Some(shaped)) => {
                let flaw = validity::flaw(&shaped.geometry).map(|flaw| flaw.to_string());
                (shaped.geometry, flaw)
            }
            Ok(None) => (empty(), Some("the feature has no geometry".to_owned())),
            Err(problem) => (empty(), Some(problem)),
        };
        faults.extend(problem.map(|problem| fault(problem).feature(label()).field("geometry")));
        geometries.push(geometry);
        table.push_row(values.iter().map(|value| value.as_ref().map(RawValue::as_value)));
    });
    if let Err(error) = walked {
        faults.push(fault(error.to_string()));
    }
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    Layer::new(manifest.clone(), geometries, table.finish(), version(manifest, &bytes))
}

/// Stands where a feature has no geometry, so that rows keep their numbers until the faults are told.
fn empty() -> Geometry<f64> {
    Geometry::GeometryCollection(geo_types::GeometryCollection(Vec::new()))
}

/// The hash of the file and of the manifest's entry: what a tile is drawn from.
fn version(manifest: &LayerManifest, bytes: &[u8]) -> LayerVersion {
    let entry = serde_json::to_vec(manifest).unwrap_or_default();
    LayerVersion(xxh3_64_with_seed(&entry, xxh3_64(bytes)))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use geo_types::{Point, wkt};
    use proptest::prelude::*;
    use tempfile::NamedTempFile;

    use super::*;
    use crate::catalog::{Field, FieldKind, Shape, Value, fgb::Writer};

    fn manifest(extra: &str) -> LayerManifest {
        let text = format!(
            "id = \"l\"\nrole = \"reference\"\nnames = {{ zh = \"l\", en = \"l\" }}\nfile = \"l.fgb\"\nsource = \"s\"\n\
             licence = \"l\"\nvintage = \"2026\"\nsynthetic = true\n{extra}"
        );
        toml::from_str(&text).unwrap()
    }

    fn load_bytes(bytes: &[u8], extra: &str) -> Result<Layer, Faults> {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        load(&manifest(extra), file.path())
    }

    /// Three features with a column of each type.
    fn bytes() -> Vec<u8> {
        let fields = [
            ("id", FieldKind::Text),
            ("n", FieldKind::Int),
            ("x", FieldKind::Float),
            ("b", FieldKind::Bool),
        ]
        .map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        });
        let mut writer = Writer::new("l", fields.to_vec(), Shape::Mixed).unwrap();
        let polygon = wkt!(POLYGON((119. 26.,120. 26.,120. 27.,119. 26.)));
        let geometries: [Geometry<f64>; 3] = [
            Point::new(119.3, 26.1).into(),
            polygon.into(),
            wkt!(LINESTRING(1. 2.,3. 4.)).into(),
        ];
        for (index, geometry) in geometries.iter().enumerate() {
            let id = RawValue::Text(format!("甲{index}").into());
            let values = [
                Some(id),
                Some(RawValue::Int(i64::MIN)),
                Some(RawValue::Float(0.5)),
                Some(RawValue::Bool(true)),
            ];
            let known = if index == 2 { 1 } else { 4 };
            writer.push(geometry, values.into_iter().take(known)).unwrap();
        }
        let mut bytes = Vec::new();
        writer.finish(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read_back() {
        let layer = load_bytes(&bytes(), "[attributes]\nid = \"id\"").unwrap();
        assert_eq!(layer.len(), 3);
        let row = layer.row_of("甲0").unwrap();
        assert_eq!(layer.geometries()[row], Point::new(119.3, 26.1).into());
        let values: Vec<_> = layer.attributes().row(row).map(|(_, value)| value).collect();
        assert_eq!(
            values,
            [
                Value::Text("甲0"),
                Value::Int(i64::MIN),
                Value::Float(0.5),
                Value::Bool(true)
            ]
        );
        assert_eq!(layer.attributes().row(layer.row_of("甲2").unwrap()).count(), 1);
        assert_eq!(bytes(), bytes(), "the same features give the same file");
    }

    #[test]
    fn the_version_changes_with_the_file_and_with_the_entry() {
        let version = |extra| load_bytes(&bytes(), extra).unwrap().version();
        assert_eq!(version(""), version(""));
        assert_ne!(version(""), version("[attributes]\nid = \"id\""));
    }

    #[test]
    fn invalid_polygons_are_faults_that_name_the_feature_and_the_place() {
        let field = Field {
            name: "id".to_owned(),
            kind: FieldKind::Text,
        };
        let mut writer = Writer::new("l", vec![field], Shape::Polygon).unwrap();
        let bow_tie = wkt!(POLYGON((119. 26.,120. 27.,120. 26.,119. 27.,119. 26.)));
        writer
            .push(&bow_tie.into(), [Some(RawValue::Text("z1".into()))])
            .unwrap();
        let mut bytes = Vec::new();
        writer.finish(&mut bytes).unwrap();
        let Faults(faults) = load_bytes(&bytes, "[attributes]\nid = \"id\"").unwrap_err();
        insta::assert_snapshot!(faults[0].to_string(), @r"
        l.fgb, feature z1, field geometry: a ring crosses or touches itself at 119.5000000,26.5000000
        ");
    }

    #[test]
    fn a_file_cut_short_anywhere_is_a_fault() {
        let bytes = bytes();
        for end in 0..bytes.len() {
            assert!(
                load_bytes(&bytes[..end], "").is_err(),
                "cut at {end} of {}",
                bytes.len()
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn flipped_bits_never_panic(flips in proptest::collection::vec((any::<proptest::sample::Index>(), 0_u8..8), 1..6)) {
            let mut bytes = bytes();
            for (place, bit) in flips {
                let place = place.index(bytes.len());
                bytes[place] ^= 1 << bit;
            }
            let _ = load_bytes(&bytes, "[attributes]\nid = \"id\"");
        }
    }
}
