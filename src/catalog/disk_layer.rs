//! A layer that is too large to be held in memory: it stays in its file and is read feature by feature.
//!
//! Owns which layers are answered so, and reading their features. They are layers that are only drawn: what decides where
//! people go (zones, shelters, the areas they are named by) is held in memory, whatever its size, so that no answer of
//! that kind hangs on a disk. Their files are checked as any other's, once, by the
//! import that names them by their content; at load the hash of the bytes is held against the name. Files that no
//! import has named are loaded into memory, whatever their size.

use std::{fs, path::Path, sync::Arc};

use geo_types::{Coord, Rect};

use super::{
    AttributesBuilder, Fault, Faults, Field, Id, Layer, LayerManifest, LayerVersion, RawValue, Role, Shape,
    content::{hash_of, named_hash},
    fgb::{FgbError, RandomAccess},
    layer_file,
};
use crate::geometry::{BBox, Extent};

/// A layer read from its file where it is asked for. Features are addressed by row, `0..len()`.
#[derive(Debug)]
pub struct DiskLayer {
    manifest: LayerManifest,
    file: RandomAccess,
    bbox: Option<BBox>,
    version: LayerVersion,
    /// Manifest and columns, for what is made of these alone, such as styles.
    without_features: Arc<Layer>,
}

impl DiskLayer {
    /// Opens a layer that can be answered from its file: points of facilities, or reference features or roads of any
    /// shape, in an imported file with an index and at least `from` bytes. `None` for any other, also one that cannot be
    /// opened: whoever loads it whole tells what is wrong with it. Reads the file once through, for its hash.
    ///
    /// # Errors
    /// Columns that the manifest means and the file lacks, and bytes that are not those the file is named by.
    pub(super) fn open(manifest: &LayerManifest, path: &Path, from: u64) -> Result<Option<Self>, Faults> {
        let is_large = fs::metadata(path).is_ok_and(|metadata| metadata.len() >= from);
        let Some(named) = named_hash(&manifest.file).filter(|_| is_large) else {
            return Ok(None);
        };
        let Ok(Some(file)) = RandomAccess::open(path) else {
            return Ok(None);
        };
        if !fits(manifest.role, file.shape()) || u32::try_from(file.len()).is_err() {
            return Ok(None);
        }
        let fault = |problem: String| Fault::file(&manifest.file, problem);
        let hash = hash_of(path).map_err(|error| fault(format!("cannot be read: {error}")))?;
        if hash != named {
            let problem = "the bytes are not those that were imported: the file has been changed or is damaged; \
                           import the layer again";
            return Err(fault(problem.to_owned()).into());
        }
        let mut extent = Extent::default();
        file.boxes(|corners| extent.add(rect(corners)))
            .map_err(|error| fault(error.to_string()))?;
        let version = layer_file::version(manifest, hash);
        let columns = AttributesBuilder::new(file.fields().to_vec()).finish();
        let without_features = Layer::new(manifest.clone(), Vec::new(), columns, version)?.of_shape(file.shape());
        Ok(Some(Self {
            manifest: manifest.clone(),
            file,
            bbox: extent.bbox(),
            version,
            without_features: Arc::new(without_features),
        }))
    }

    /// The manifest's entry.
    pub const fn manifest(&self) -> &LayerManifest {
        &self.manifest
    }

    /// The layer's id.
    pub const fn id(&self) -> &Id {
        &self.manifest.id
    }

    /// What the features are.
    pub const fn role(&self) -> Role {
        self.manifest.role
    }

    /// Number of features.
    pub const fn len(&self) -> usize {
        self.file.len() as usize
    }

    /// Whether there are no features.
    pub const fn is_empty(&self) -> bool {
        self.file.len() == 0
    }

    /// The box around all features.
    pub const fn bbox(&self) -> Option<BBox> {
        self.bbox
    }

    /// The content's version.
    pub const fn version(&self) -> LayerVersion {
        self.version
    }

    /// Name and type of each column.
    pub fn fields(&self) -> &[Field] {
        self.file.fields()
    }

    /// The layer as far as it is known without its features: what styles are made of.
    pub const fn without_features(&self) -> &Arc<Layer> {
        &self.without_features
    }

    /// What the geometries are.
    pub const fn shape(&self) -> Shape {
        self.file.shape()
    }

    /// Hands over the box of every row in order, WGS 84 degrees. Reads the index only, 40 bytes a feature.
    ///
    /// # Errors
    /// The file can no longer be read.
    pub fn boxes(&self, mut take: impl FnMut(Rect<f64>)) -> Result<(), FgbError> {
        self.file.boxes(|corners| take(rect(corners)))
    }

    /// The features in some rows, in a layer of their own that has their rows in the file. Two positioned reads a feature.
    ///
    /// # Errors
    /// The file can no longer be read, or has been damaged since it was opened.
    pub fn excerpt(&self, rows: &[u32]) -> Result<Layer, FgbError> {
        let mut table = AttributesBuilder::new(self.fields().to_vec());
        let mut geometries = Vec::with_capacity(rows.len());
        let mut buffer = Vec::new();
        for &row in rows {
            let decoded = self.file.feature(row.into(), &mut buffer)?;
            let damaged = |problem: String| FgbError::Damaged {
                what: "a feature",
                at: row.into(),
                problem,
            };
            let shaped = decoded.geometry.map_err(damaged)?;
            let shaped = shaped.ok_or_else(|| damaged("there is no geometry".to_owned()))?;
            geometries.push(shaped.geometry);
            let values = decoded.values.map_err(damaged)?;
            table.push_row(values.iter().map(|value| value.as_ref().map(RawValue::as_value)));
        }
        Ok(self.without_features.excerpt(rows, geometries, table.finish()))
    }
}

/// Whether a layer is only drawn: nobody asks it what threatens a place, where to go, or what a place is called.
const fn fits(role: Role, shape: Shape) -> bool {
    match role {
        Role::Reference | Role::Road => true,
        // Areas of facilities are marked one by one in the style.
        Role::Facility => matches!(shape, Shape::Point),
        _ => false,
    }
}

fn rect([west, south, east, north]: [f64; 4]) -> Rect<f64> {
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north })
}
