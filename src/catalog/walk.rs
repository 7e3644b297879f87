//! A layer file walked feature by feature, read through the manifest's meanings: for passes over layers that need not
//! fit into memory, such as those of an import.
//!
//! Owns the walk. A layer to answer from is a [`super::Layer`].

use std::{
    borrow::Cow,
    fs,
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use geo_types::Geometry;

use super::{
    Attribute, Fault, Faults, Field, LayerManifest, NameColumns, RawValue,
    fgb::{self, FgbError},
};
use crate::messages::Lang;

/// A layer file and what its columns mean.
#[derive(Debug)]
pub struct LayerWalk<'m> {
    manifest: &'m LayerManifest,
    path: PathBuf,
}

/// One feature on the way.
#[derive(Debug)]
pub struct Walked<'a> {
    /// The row in the file, from 0.
    pub row: usize,
    /// The geometry, WGS 84 degrees.
    pub geometry: Geometry<f64>,
    /// Value by column, in the order of the file's fields.
    pub values: Vec<Option<RawValue<'a>>>,
    fields: &'a [Field],
    manifest: &'a LayerManifest,
}

impl<'m> LayerWalk<'m> {
    /// A layer file to be walked, as often as wanted; nothing is read yet.
    pub fn new(manifest: &'m LayerManifest, path: &Path) -> Self {
        Self {
            manifest,
            path: path.to_owned(),
        }
    }

    /// Name and type of each column of the file.
    ///
    /// # Errors
    /// The file cannot be read, or its header is damaged.
    pub fn fields(&self) -> Result<Vec<Field>, Faults> {
        Ok(self.open()?.fields().to_vec())
    }

    fn open(&self) -> Result<fgb::File<BufReader<fs::File>>, Faults> {
        let file = fs::File::open(&self.path).map_err(|error| self.fault(format!("cannot be read: {error}")))?;
        let file = fgb::File::open(BufReader::with_capacity(1 << 20, file)).map_err(self.damaged())?;
        file.check_crs().map_err(self.damaged())?;
        Ok(file)
    }

    fn fault(&self, problem: String) -> Fault {
        Fault::file(&self.manifest.file, problem)
    }

    fn damaged(&self) -> impl Fn(FgbError) -> Fault {
        |error| self.fault(error.to_string())
    }

    /// Hands over every feature in file order. O(file) time, memory for the largest feature.
    ///
    /// # Errors
    /// The file cannot be read, or is damaged; the features before the damage have been handed over.
    pub fn each(&self, mut take: impl FnMut(Walked<'_>)) -> Result<(), Faults> {
        let mut file = self.open()?;
        let fields = file.fields().to_vec();
        let mut first = None;
        file.features(|row, decoded| {
            let problem = match (decoded.geometry, decoded.values) {
                (Ok(Some(shaped)), Ok(values)) => {
                    take(Walked::new(row, shaped.geometry, values, &fields, self.manifest));
                    return ControlFlow::Continue(());
                }
                (Err(problem), _) | (_, Err(problem)) => problem,
                (Ok(None), Ok(_)) => "the feature has no geometry".to_owned(),
            };
            first.get_or_insert(self.fault(problem).feature(format!("row {}", row + 1)));
            ControlFlow::Continue(())
        })
        .map_err(self.damaged())?;
        first.map_or(Ok(()), |fault| Err(fault.into()))
    }
}

impl<'a> Walked<'a> {
    pub(super) const fn new(
        row: usize,
        geometry: Geometry<f64>,
        values: Vec<Option<RawValue<'a>>>,
        fields: &'a [Field],
        manifest: &'a LayerManifest,
    ) -> Self {
        Self {
            row,
            geometry,
            values,
            fields,
            manifest,
        }
    }

    /// Name and type of each column.
    pub fn fields(&self) -> &[Field] {
        self.fields
    }

    /// The value of the column with this meaning, as text.
    pub fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        self.cell(self.manifest.attributes.columns.get(&attribute)?)
    }

    /// The value of the column with this meaning.
    pub fn value(&self, attribute: Attribute) -> Option<&RawValue<'a>> {
        let column = self.manifest.attributes.columns.get(&attribute)?;
        let index = self.fields.iter().position(|field| field.name == *column)?;
        self.values.get(index)?.as_ref()
    }

    /// The feature's id: its id column, or its row number from 1.
    pub fn id(&self) -> Cow<'_, str> {
        self.text(Attribute::Id)
            .unwrap_or_else(|| Cow::Owned((self.row + 1).to_string()))
    }

    /// The feature's name in a language, in the other language where only that is known.
    pub fn name(&self, lang: Lang) -> Option<Cow<'_, str>> {
        let (first, second) = match (self.manifest.attributes.name.as_ref()?, lang) {
            (NameColumns::One(name), _) => (name, name),
            (NameColumns::Both { zh, en }, Lang::Zh) => (zh, en),
            (NameColumns::Both { zh, en }, Lang::En) => (en, zh),
        };
        self.cell(first).or_else(|| self.cell(second))
    }

    fn cell(&self, column: &str) -> Option<Cow<'_, str>> {
        let index = self.fields.iter().position(|field| field.name == *column)?;
        let value = self.values.get(index)?.as_ref()?;
        Some(value.to_text()).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use geo_types::Point;

    use super::*;
    use crate::catalog::FieldKind;

    #[test]
    fn features_come_in_file_order_with_their_meanings() {
        let manifest: LayerManifest = toml::from_str(
            "id = \"l\"\nrole = \"shelter\"\nnames = { zh = \"l\", en = \"l\" }\nfile = \"l.fgb\"\nsource = \"s\"\n\
             licence = \"l\"\nvintage = \"2026\"\nsynthetic = true\n[attributes]\nid = \"n\"\nname = \"title\"",
        )
        .unwrap();
        let fields = [("n", FieldKind::Int), ("title", FieldKind::Text)].map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        });
        let mut writer = fgb::Writer::new("l", fields.to_vec(), crate::catalog::Shape::Point).unwrap();
        for number in 0..3 {
            let values = [
                Some(RawValue::Int(number)),
                (number > 0).then(|| RawValue::Text("甲".into())),
            ];
            writer
                .push(&Point::new(119.0 + number as f64, 26.0).into(), values)
                .unwrap();
        }
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l.fgb");
        writer.finish(fs::File::create(&path).unwrap()).unwrap();
        let mut seen = Vec::new();
        LayerWalk::new(&manifest, &path)
            .each(|feature| {
                let name = feature.name(Lang::En).map(Cow::into_owned);
                seen.push((feature.id().into_owned(), name, feature.geometry.clone()));
            })
            .unwrap();
        seen.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(seen[0], ("0".to_owned(), None, Point::new(119.0, 26.0).into()));
        assert_eq!(
            seen[2],
            ("2".to_owned(), Some("甲".to_owned()), Point::new(121.0, 26.0).into())
        );
        fs::write(&path, b"fgb").unwrap();
        assert!(LayerWalk::new(&manifest, &path).each(|_| {}).is_err());
    }
}
