//! The pack around the new layer: its manifest before and after, its other layers checked and compared with.

use std::{fs, path::Path};

use toml_edit::DocumentMut;

use super::{ImportError, Job, ShiftReport, manifest, mapping::Mapping, pack::Pack, shift};
use crate::{
    catalog::{
        Fault, Faults, HazardManifest, LayerManifest, MANIFEST_FILE, Region, RegionManifest, Role, check_layer,
        content_name,
    },
    geometry::{BBox, Crs},
};

/// Layers whose files have more bytes are not compared with: held in memory they take some times as many.
const LARGEST_REFERENCE: u64 = 64 << 20;

/// The manifest as it is.
pub(super) struct Edit {
    document: DocumentMut,
    pub(super) is_new: bool,
    /// The layer's entry where it is there already.
    pub(super) old: Option<LayerManifest>,
    /// The area that the region serves, where it is there already.
    pub(super) bbox: Option<BBox>,
}

impl Job {
    /// Reads the manifest that is there, and refuses what cannot be added to it before any work is done.
    pub(super) fn begin_edit(&self, pack: &Pack) -> Result<Edit, ImportError> {
        let Some(text) = pack.manifest()? else {
            return Ok(Edit {
                document: DocumentMut::new(),
                is_new: true,
                old: None,
                bbox: None,
            });
        };
        let faulty = self.faulty();
        let region = RegionManifest::parse(&text).map_err(&faulty)?;
        let old = region.layers.into_iter().find(|layer| layer.id == self.layer);
        if let Some(old) = &old {
            self.check_successor(old)?;
        }
        let document = text
            .parse()
            .map_err(|error: toml_edit::TomlError| faulty(Fault::file(MANIFEST_FILE, error).into()))?;
        Ok(Edit {
            document,
            is_new: false,
            old,
            bbox: Some(region.bbox),
        })
    }

    /// The manifest's entry for the staged file, which is checked on the way.
    pub(super) fn entry(
        &self,
        staged: &Path,
        mapping: &Mapping,
        hazard: Option<HazardManifest>,
        old: Option<&LayerManifest>,
    ) -> Result<LayerManifest, ImportError> {
        let said = self.metadata.settle(&self.layer, &self.input, old);
        let mut entry = LayerManifest {
            id: self.layer.clone(),
            role: self.role,
            kind: said.kind,
            names: said.names,
            // Faults are told of the layer, not of a file that nobody sees.
            file: format!("{}.fgb", self.layer),
            source: said.source,
            licence: said.licence,
            vintage: said.vintage,
            synthetic: said.synthetic,
            zoom: said.zoom,
            attributes: mapping.to_manifest(),
            hazard,
        };
        let hash = check_layer(&entry, staged).map_err(ImportError::FaultyLayer)?;
        entry.file = content_name(&self.layer, hash);
        Ok(entry)
    }

    /// The new manifest's text and what it says, after a check of the pack as it would be: the manifest, and the layers
    /// beside the new one, which is checked already.
    pub(super) fn finish_edit(
        &self,
        edit: Edit,
        entry: &LayerManifest,
        bbox: BBox,
    ) -> Result<(String, RegionManifest), ImportError> {
        let mut document = edit.document;
        if edit.is_new {
            document = manifest::new_region(&self.region, bbox, &self.time_zone);
        }
        manifest::put_layer(&mut document, entry)?;
        let text = document.to_string();
        let region = RegionManifest::parse(&text).map_err(ImportError::FaultyLayer)?;
        let mut faults = Vec::new();
        // One after the other: memory for the ids of the largest only.
        for layer in region.layers.iter().filter(|layer| layer.id != self.layer) {
            if let Err(Faults(found)) = check_layer(layer, &self.region.join(&layer.file)) {
                faults.extend(found);
            }
        }
        if faults.is_empty() {
            Ok((text, region))
        } else {
            Err(self.faulty()(Faults(faults)))
        }
    }

    /// Compares the positions with what the pack holds.
    pub(super) fn shift(
        &self,
        layer: (&LayerManifest, &Path),
        replaced: Option<&LayerManifest>,
        crs: &Crs,
    ) -> Result<Option<ShiftReport>, ImportError> {
        let Some(region) = self.references()? else {
            return Ok(None);
        };
        let old_file = replaced.map(|old| (old, self.region.join(&old.file)));
        let task = shift::Task {
            region: &region,
            layer,
            replaced: old_file.as_ref().map(|(old, path)| (*old, path.as_path())),
            declared: crs.datum(),
        };
        // An old version that cannot be read is told by the comparison with it.
        let without = || shift::detect(&shift::Task { replaced: None, ..task });
        shift::detect(&task).or_else(|_| without()).map_err(self.faulty())
    }

    /// The pack's other layers that positions can be compared with: neither hazard zones nor roads, and none too large to
    /// be held beside an import. `None` where there is no pack.
    fn references(&self) -> Result<Option<Region>, ImportError> {
        let Ok(text) = fs::read_to_string(self.region.join(MANIFEST_FILE)) else {
            return Ok(None);
        };
        let mut manifest = RegionManifest::parse(&text).map_err(self.faulty())?;
        let size = |file: &str| fs::metadata(self.region.join(file)).map_or(0, |metadata| metadata.len());
        manifest.layers.retain(|layer| {
            layer.id != self.layer
                && !matches!(layer.role, Role::HazardZone | Role::Road)
                && size(&layer.file) <= LARGEST_REFERENCE
        });
        let region = Region::load_layers(manifest, &self.region, u64::MAX).map_err(self.faulty())?;
        Ok(Some(region))
    }

    fn faulty(&self) -> impl Fn(Faults) -> ImportError {
        let dir = self.region.clone();
        move |faults| ImportError::FaultyPack {
            dir: dir.clone(),
            faults,
        }
    }
}
