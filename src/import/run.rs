//! One import from request to report: the order of the steps.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::DocumentMut;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    Finding, ImportError, Job, MeaningKey, Report, Severity, levels, manifest,
    mapping::{Assigned, How, Mapping},
    pack::{self, Pack},
    rows::{Conversion, Outcome, row_column},
    survey::Survey,
};
use crate::{
    catalog::{
        Attribute, Fault, Faults, HazardManifest, LayerManifest, MANIFEST_FILE, Region, RegionManifest, Role,
        ZoomRange,
        readers::{self, Hints, Input, Progress},
    },
    geometry::{BBox, LonLat},
};

/// The manifest before and after.
struct Edit {
    document: DocumentMut,
    is_new: bool,
    replaces: bool,
}

/// An import that has been worked out and not yet been carried out: the report, and the new layer file beside the pack.
///
/// Dropped without [`Self::commit`] it leaves the pack byte for byte as it was, and a folder that was made is gone
/// again.
pub struct Prepared {
    report: Report,
    pack: Pack,
    staged: PathBuf,
    /// The new manifest's text.
    manifest: String,
}

impl Prepared {
    /// What the import would do.
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// The new layer file, FlatGeobuf in WGS 84, while this lives.
    pub fn staged(&self) -> &Path {
        &self.staged
    }

    /// Makes the layer the pack's, unless the job was a dry run or a finding stops it.
    ///
    /// # Errors
    /// The pack cannot be written; it is then as it was.
    pub fn commit(self) -> Result<Report, ImportError> {
        if !self.report.dry_run && !self.report.stopped {
            self.pack.commit(&self.staged, &self.report.file, &self.manifest)?;
        }
        Ok(self.report)
    }
}

impl Job {
    /// Runs the import.
    ///
    /// # Errors
    /// The pack is then byte for byte as it was, and a folder that was made is gone again.
    pub fn run(&self, progress: &Progress) -> Result<Report, ImportError> {
        self.prepare(progress)?.commit()
    }

    /// Does everything but change the pack. Two readings of the file; memory for ids and boxes, then for the pack when
    /// it is checked.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn prepare(&self, progress: &Progress) -> Result<Prepared, ImportError> {
        self.check_request()?;
        let hints = self.hints();
        let (format, source) = readers::open(Input::new(&self.input, progress.clone()), &hints)?;
        let pack = Pack::open(&self.region, self.dry_run)?;
        let edit = self.begin_edit(&pack)?;
        let (new_region, replaced) = (edit.is_new, edit.replaces);

        let survey = Survey::of(&*source)?;
        if survey.rows == 0 {
            return Err(ImportError::Empty);
        }
        let mut mapping = Mapping::new(&survey, self.role, &self.map)?;
        let hazard = self.hazard.as_ref().map(|hazard| levels::manifest(hazard, &survey));
        let hazard = hazard.transpose()?;

        let levels = hazard.as_ref().and_then(level_codes);
        let position = source.position_columns();
        let conversion = Conversion::new(&survey, &mapping, position, levels, (self.datum, self.role));
        let staged = pack.staged("layer.fgb");
        let outcome = conversion.run(&*source, &survey, self.layer.as_str(), &staged)?;
        let columns = conversion.fields();
        let bbox = BBox::around(outcome.boxes.iter().copied()).ok_or(ImportError::Empty)?;

        note_ids(&mut mapping, &row_column(&survey));
        let entry = self.entry(&staged, &mapping, hazard.clone())?;
        let text = self.finish_edit(edit, &entry, bbox)?;
        let region = self.check(&text, &entry, &staged)?;
        let mut findings = std::mem::take(&mut mapping.findings);
        findings.extend(outside(&region, &outcome));
        let stopped = !self.accept && findings.iter().any(|finding| finding.severity == Severity::Stop);
        let report = Report {
            input: file_name(&self.input),
            format: format.to_string(),
            layer: self.layer.to_string(),
            role: self.role,
            file: entry.file,
            dry_run: self.dry_run,
            new_region,
            replaced,
            read: outcome.read,
            kept: outcome.kept,
            repaired: outcome.repaired,
            refused: outcome.refusals.len() as u64,
            repairs: outcome.repairs,
            refusals: outcome.refusals,
            mapping: with_position(&mapping, &hints, &*source),
            columns,
            hazard,
            bbox,
            stopped,
            findings,
        };
        Ok(Prepared {
            report,
            pack,
            staged,
            manifest: text,
        })
    }

    fn check_request(&self) -> Result<(), ImportError> {
        if self.hazard.is_some() == (self.role == Role::HazardZone) {
            return Ok(());
        }
        let problem = "a hazard_zone layer needs --hazard KIND, and no other layer can have it";
        Err(ImportError::Request(problem.to_owned()))
    }

    fn hints(&self) -> Hints {
        // The last word counts.
        let given = |meaning| {
            let choice = self.map.iter().rev().find(|(key, _)| *key == meaning);
            choice
                .map(|(_, column)| column.clone())
                .filter(|column| !column.is_empty())
        };
        Hints {
            format: self.format,
            encoding: self.encoding.clone(),
            lon: given(MeaningKey::Lon),
            lat: given(MeaningKey::Lat),
            table: self.table.clone(),
        }
    }

    /// Reads the manifest that is there, and refuses what cannot be added to it before any work is done.
    fn begin_edit(&self, pack: &Pack) -> Result<Edit, ImportError> {
        let Some(text) = pack.manifest()? else {
            return Ok(Edit {
                document: DocumentMut::new(),
                is_new: true,
                replaces: false,
            });
        };
        let faulty = |faults| ImportError::FaultyPack {
            dir: self.region.clone(),
            faults,
        };
        let old = RegionManifest::parse(&text).map_err(faulty)?;
        let same = old.layers.iter().find(|layer| layer.id == self.layer);
        if let Some(same) = same {
            if !self.replace {
                return Err(ImportError::Exists(self.layer.clone()));
            }
            if same.role != self.role {
                return Err(ImportError::OtherRole {
                    id: self.layer.clone(),
                    old: same.role,
                    new: self.role,
                });
            }
        }
        let replaces = same.is_some();
        let document = text
            .parse()
            .map_err(|error: toml_edit::TomlError| faulty(Fault::file(MANIFEST_FILE, error).into()))?;
        Ok(Edit {
            document,
            is_new: false,
            replaces,
        })
    }

    fn entry(
        &self,
        staged: &Path,
        mapping: &Mapping,
        hazard: Option<HazardManifest>,
    ) -> Result<LayerManifest, ImportError> {
        let hash = xxh3_64(&fs::read(staged).map_err(ImportError::io(staged))?);
        Ok(LayerManifest {
            id: self.layer.clone(),
            role: self.role,
            kind: self.kind.clone(),
            names: self.names.clone(),
            file: pack::file_name(&self.layer, hash),
            source: self.source.clone(),
            licence: self.licence.clone(),
            vintage: self.vintage.clone(),
            synthetic: self.synthetic,
            zoom: ZoomRange::default(),
            attributes: mapping.to_manifest(),
            hazard,
        })
    }

    /// The new manifest's text.
    fn finish_edit(&self, edit: Edit, entry: &LayerManifest, bbox: BBox) -> Result<String, ImportError> {
        let mut document = edit.document;
        if edit.is_new {
            document = manifest::new_region(&self.region, bbox, &self.time_zone);
        }
        manifest::put_layer(&mut document, entry)?;
        Ok(document.to_string())
    }

    /// Loads the pack as it would be.
    fn check(&self, text: &str, entry: &LayerManifest, staged: &Path) -> Result<Region, ImportError> {
        let manifest = RegionManifest::parse(text).map_err(ImportError::FaultyLayer)?;
        let locate = |layer: &LayerManifest| {
            if layer.id == entry.id {
                staged.to_owned()
            } else {
                self.region.join(&layer.file)
            }
        };
        Region::load_with(manifest, &locate).map_err(|Faults(faults)| {
            // What others' files have is the pack's fault, not this layer's.
            if faults.iter().any(|fault| fault.file == entry.file) {
                ImportError::FaultyLayer(Faults(faults))
            } else {
                ImportError::FaultyPack {
                    dir: self.region.clone(),
                    faults: Faults(faults),
                }
            }
        })
    }
}

fn level_codes(hazard: &HazardManifest) -> Option<(&str, Vec<&str>)> {
    let column = hazard.level.as_deref()?;
    Some((column, hazard.levels.iter().map(|level| level.code.as_str()).collect()))
}

/// Where no column holds ids the row numbers do.
fn note_ids(mapping: &mut Mapping, row_column: &str) {
    let id = MeaningKey::Attribute(Attribute::Id);
    if mapping.column(id).is_none() {
        mapping.assigned.push(Assigned {
            meaning: id,
            column: row_column.to_owned(),
            how: How::Numbered,
        });
        let message = format!(
            "no column holds ids: features are numbered by their row in the file (column {row_column}); --map id=COLUMN \
             chooses one"
        );
        mapping.findings.push(Finding::note("no_ids", message));
    }
}

/// The mapping as reported: with the columns that the reader took the position from.
fn with_position(mapping: &Mapping, hints: &Hints, source: &dyn readers::Source) -> Vec<Assigned> {
    let mut all: Vec<Assigned> = Vec::new();
    if let Some((lon, lat)) = source.position_columns() {
        for (meaning, column, given) in [(MeaningKey::Lon, lon, &hints.lon), (MeaningKey::Lat, lat, &hints.lat)] {
            all.push(Assigned {
                meaning,
                column: column.to_owned(),
                how: if given.is_some() { How::Given } else { How::Proposed },
            });
        }
    }
    let is_position = |assigned: &&Assigned| matches!(assigned.meaning, MeaningKey::Lon | MeaningKey::Lat);
    all.extend(
        mapping
            .assigned
            .iter()
            .filter(|assigned| !is_position(assigned))
            .cloned(),
    );
    all
}

/// Says when features lie outside the area that the region serves: a wrong datum or a wrong file looks like that.
fn outside(region: &Region, outcome: &Outcome) -> Option<Finding> {
    let is_outside = |rect: &&geo_types::Rect<f64>| {
        let centre = rect.center();
        LonLat::new(centre.x, centre.y).is_ok_and(|centre| !region.manifest.bbox.contains(centre))
    };
    let outside = outcome.boxes.iter().filter(is_outside).count();
    (outside > 0).then(|| {
        let message = format!(
            "{outside} features lie outside the region's bbox; is it the right file and datum? If they belong there, \
             widen `bbox` in {MANIFEST_FILE}"
        );
        Finding::note("outside_region", message)
    })
}

/// The name of a file without its folders.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
