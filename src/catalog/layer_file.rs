//! One layer file of a pack, from disk to a checked [`Layer`], or checked as strictly on its way past.

use std::{fs, io::BufReader, ops::ControlFlow, path::Path};

use geo_types::Geometry;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{
    Attribute, AttributesBuilder, Fault, Faults, Field, Layer, LayerManifest, LayerVersion, RawValue, content::Hashing,
    fgb, ids::Ids, layer::checks::Checks,
};
use crate::geometry::validity;

/// Reads and checks a layer. Time grows with the file's size, and for each polygon of `n` vertices with `n log n`.
pub(super) fn load(manifest: &LayerManifest, path: &Path) -> Result<Layer, Faults> {
    let begin = |fields: &[Field], _: u64, _: &mut Vec<Fault>| (AttributesBuilder::new(fields.to_vec()), Vec::new());
    let ((table, geometries), hash) = read(manifest, path, usize::MAX, begin, |(table, geometries), feature, _| {
        geometries.push(feature.geometry);
        table.push_row(
            feature
                .values
                .iter()
                .map(|value| value.as_ref().map(RawValue::as_value)),
        );
    })?;
    Layer::new(manifest.clone(), geometries, table.finish(), version(manifest, hash))
}

/// As many faults are told of a layer that is checked on its way past: who mends it starts with the first.
const MOST_FAULTS: usize = 1_000;

/// Checks a layer file as [`load`] does, in memory for its largest feature and 16 bytes for each id. Gives the hash of
/// its bytes, XXH3 of 64 bits.
pub(crate) fn check(manifest: &LayerManifest, path: &Path) -> Result<u64, Faults> {
    let begin = |fields: &[Field], announced: u64, faults: &mut Vec<Fault>| {
        let checks = Checks::new(manifest, fields, faults);
        let ids = Ids::with_capacity(if checks.has_ids() { announced } else { 0 });
        (checks, ids)
    };
    let (_, hash) = read(manifest, path, MOST_FAULTS, begin, |(checks, ids), feature, faults| {
        let Feature { row, values, geometry } = feature;
        if checks.has_ids()
            && let Some(id) = checks.id(row, &values, faults)
            && let Some(first) = ids.insert(&id, row as u64)
        {
            faults.push(checks.double_id(row, &id, first as usize));
        }
        checks.rank(row, &values, faults);
        checks.feature(row, &values, &geometry, faults);
    })?;
    Ok(hash)
}

/// A feature as it stands in the file.
struct Feature<'a> {
    row: usize,
    values: Vec<Option<RawValue<'a>>>,
    geometry: Geometry<f64>,
}

/// Reads a layer file feature by feature. `begin` sees columns and announced count, `take` every feature; both may add
/// to the faults found here: values and geometries that cannot be decoded or are not valid. Gives what `begin` made,
/// and the hash of the file.
fn read<T>(
    manifest: &LayerManifest,
    path: &Path,
    most_faults: usize,
    begin: impl FnOnce(&[Field], u64, &mut Vec<Fault>) -> T,
    mut take: impl FnMut(&mut T, Feature<'_>, &mut Vec<Fault>),
) -> Result<(T, u64), Faults> {
    let fault = |problem: String| Fault::file(&manifest.file, problem);
    let file = fs::File::open(path).map_err(|error| fault(format!("cannot be read: {error}")))?;
    let mut input = BufReader::with_capacity(1 << 20, Hashing::new(file));
    let damaged = |error: fgb::FgbError| fault(error.to_string());
    let mut file = fgb::File::open(&mut input).map_err(damaged)?;
    file.check_crs().map_err(damaged)?;
    let mut faults = Vec::new();
    let mut made = begin(file.fields(), file.announced(), &mut faults);
    let id_column = manifest
        .attributes
        .columns
        .get(&Attribute::Id)
        .and_then(|name| file.fields().iter().position(|field| field.name == *name));
    let walked = file.features(|row, feature| {
        let values = feature.values.unwrap_or_else(|problem| {
            faults.push(fault(problem).feature(format!("row {}", row + 1)));
            Vec::new()
        });
        let (problem, geometry) = match feature.geometry {
            Ok(Some(shaped)) => (problem_of(&shaped), shaped.geometry),
            Ok(None) => (Some("the feature has no geometry".to_owned()), empty()),
            Err(problem) => (Some(problem), empty()),
        };
        if let Some(problem) = problem {
            let id = id_column.and_then(|column| values.get(column)?.as_ref());
            let label = id.map_or_else(|| format!("row {}", row + 1), |id| id.to_text().into_owned());
            faults.push(fault(problem).feature(label).field("geometry"));
        }
        take(&mut made, Feature { row, values, geometry }, &mut faults);
        if faults.len() < most_faults {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    if let Err(error) = walked {
        faults.push(fault(error.to_string()));
    }
    if faults.is_empty() {
        Ok((made, input.get_ref().digest()))
    } else {
        Err(Faults(faults))
    }
}

/// What is wrong with a geometry that could be decoded.
fn problem_of(shaped: &fgb::Shaped) -> Option<String> {
    if shaped.open_rings > 0 {
        return Some(format!("{} rings are not closed", shaped.open_rings));
    }
    validity::flaw(&shaped.geometry).map(|flaw| flaw.to_string())
}

/// Stands where a feature has no geometry, so that rows keep their numbers until the faults are told.
fn empty() -> Geometry<f64> {
    Geometry::GeometryCollection(geo_types::GeometryCollection(Vec::new()))
}

/// The hash of the file and of the manifest's entry: what a tile is drawn from.
pub(super) fn version(manifest: &LayerManifest, file: u64) -> LayerVersion {
    let entry = serde_json::to_vec(manifest).unwrap_or_default();
    LayerVersion(xxh3_64_with_seed(&entry, file))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use geo_types::{Point, wkt};
    use proptest::prelude::*;
    use tempfile::NamedTempFile;
    use xxhash_rust::xxh3::xxh3_64;

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
        let loaded = load(&manifest(extra), file.path());
        // Whatever the file: the check on the way past finds the same faults, or the same bytes.
        match (&loaded, check(&manifest(extra), file.path())) {
            (Ok(_), checked) => assert_eq!(checked, Ok(xxh3_64(bytes))),
            (Err(Faults(faults)), checked) => {
                let Faults(found) = checked.unwrap_err();
                assert!(
                    faults.iter().all(|fault| found.contains(fault)),
                    "{faults:?} in {found:?}"
                );
            }
        }
        loaded
    }

    #[test]
    fn every_check_of_a_loaded_layer_is_made_on_the_way_past() {
        let fields = [
            ("id", FieldKind::Text),
            ("level", FieldKind::Text),
            ("open", FieldKind::Text),
        ]
        .map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        });
        let mut writer = Writer::new("l", fields.to_vec(), Shape::Mixed).unwrap();
        for (x, id, level, open) in [
            (1.0, "a", "low", "yes"),
            (2.0, "a", "odd", "maybe"),
            (200.0, "", "low", "no"),
        ] {
            let values = [id, level, open].map(|text| Some(RawValue::Text(text.into())));
            writer.push(&Point::new(x, 1.0).into(), values).unwrap();
        }
        let mut bytes = Cursor::new(Vec::new());
        writer.finish(&mut bytes).unwrap();
        let extra = "[attributes]\nid = \"id\"\nphone = \"none\"\nsuits = { flood = \"open\" }\n[hazard]\nkind = \"flood\"\nlevel = \"level\"\n\
                     levels = [{ code = \"low\", names = { zh = \"l\", en = \"l\" }, colour = \"#112233\" }]";
        let Faults(faults) = load_bytes(bytes.get_ref(), extra).unwrap_err();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        l.fgb, field none: attributes.phone names no column of the file, which has: id, level, open
        l.fgb, feature row 2, field id: id `a` already stands in row 1
        l.fgb, feature a, field level: level `odd` is not one of low
        l.fgb, feature a, field open: `maybe` is not one of yes, no, unknown (blank is unknown)
        l.fgb, feature row 3, field id: the id is blank
        l.fgb, feature row 3: longitude 200 is outside -180..=180 degrees; layers are in WGS 84 degrees, lon before lat
        ");
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
        let mut bytes = Cursor::new(Vec::new());
        writer.finish(&mut bytes).unwrap();
        bytes.into_inner()
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
        let mut bytes = Cursor::new(Vec::new());
        writer.finish(&mut bytes).unwrap();
        let Faults(faults) = load_bytes(bytes.get_ref(), "[attributes]\nid = \"id\"").unwrap_err();
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
