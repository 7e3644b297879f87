//! A layer of points that is too large to be held in memory: it stays in its file and is read feature by feature.
//!
//! Owns which layers are answered so, and reading their features. Their files are checked as any other's, once, by the
//! import that names them by their content; at load the hash of the bytes is held against the name. Files that no
//! import has named are loaded into memory, whatever their size.

use std::{fs, path::Path, sync::Arc};

use geo_types::{Coord, Rect};

use super::{
    Attribute, AttributesBuilder, Fault, Faults, Field, Id, Layer, LayerManifest, LayerVersion, RawValue, Role, Shape,
    content::{hash_of, named_hash},
    fgb::{FgbError, RandomAccess},
    layer_file,
    walk::Walked,
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
    /// Opens a layer that can be answered from its file: facilities or reference points, in an imported file with an
    /// index and at least `from` bytes. `None` for any other, also one that cannot be opened: whoever loads it whole
    /// tells what is wrong with it. Reads the file once through, for its hash.
    ///
    /// # Errors
    /// Columns that the manifest means and the file lacks, and bytes that are not those the file is named by.
    pub(super) fn open(manifest: &LayerManifest, path: &Path, from: u64) -> Result<Option<Self>, Faults> {
        let is_large = fs::metadata(path).is_ok_and(|metadata| metadata.len() >= from);
        let fits = matches!(manifest.role, Role::Facility | Role::Reference);
        let Some(named) = named_hash(&manifest.file).filter(|_| is_large && fits) else {
            return Ok(None);
        };
        let Ok(Some(file)) = RandomAccess::open(path) else {
            return Ok(None);
        };
        if file.shape() != Shape::Point || u32::try_from(file.len()).is_err() {
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
        file.boxes(|corners| extent.add(Rect::new(west_south(corners), west_south(corners))))
            .map_err(|error| fault(error.to_string()))?;
        let version = layer_file::version(manifest, hash);
        let columns = AttributesBuilder::new(file.fields().to_vec()).finish();
        let without_features = Layer::new(manifest.clone(), Vec::new(), columns, version)?;
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

    /// Hands over the position of every row in order, WGS 84 degrees. Reads the index only, 40 bytes a feature.
    ///
    /// # Errors
    /// The file can no longer be read.
    pub fn positions(&self, mut take: impl FnMut(Coord<f64>)) -> Result<(), FgbError> {
        self.file.boxes(|corners| take(west_south(corners)))
    }

    /// Reads one feature. `buffer` is memory to be used again. Two positioned reads.
    ///
    /// # Errors
    /// The file can no longer be read, or has been damaged since it was opened.
    pub fn feature<'a>(&'a self, row: usize, buffer: &'a mut Vec<u8>) -> Result<Walked<'a>, FgbError> {
        let decoded = self.file.feature(row as u64, buffer)?;
        let damaged = |problem: String| FgbError::Damaged {
            what: "a feature",
            at: row as u64,
            problem,
        };
        let shaped = decoded.geometry.map_err(damaged)?;
        let geometry = shaped
            .ok_or_else(|| damaged("there is no geometry".to_owned()))?
            .geometry;
        let values = decoded.values.map_err(damaged)?;
        Ok(Walked::new(row, geometry, values, self.fields(), &self.manifest))
    }

    /// Whether a feature is made up: its layer is, or its own mark says so.
    pub fn is_synthetic(&self, feature: &Walked<'_>) -> bool {
        let mark = || feature.value(Attribute::Synthetic);
        self.manifest.synthetic || matches!(mark(), Some(RawValue::Bool(true)))
    }
}

fn west_south([west, south, ..]: [f64; 4]) -> Coord<f64> {
    Coord { x: west, y: south }
}
