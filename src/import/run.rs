//! One import from request to report: the order of the steps.

use std::path::{Path, PathBuf};

use super::{
    Finding, ImportError, Job, MeaningKey, Report, Severity,
    crs::Evidence,
    edit::Edit,
    levels,
    mapping::{Assigned, How, Mapping},
    pack::Pack,
    recipe::{self, Settled},
    review::Review,
    rows::{Conversion, MOST_REFUSALS, Outcome, row_column},
    shift::ShiftReport,
    succession, summary,
    survey::{Survey, Watch},
};
use crate::catalog::{
    Attribute, HazardManifest, LayerManifest, MANIFEST_FILE, Role,
    readers::{self, Hints, Input, Progress},
};

/// An import that has been worked out and not yet been carried out: the report, and the new layer file beside the pack.
///
/// Dropped without [`Self::commit`] it leaves the pack byte for byte as it was, and a folder that was made is gone
/// again.
pub struct Prepared {
    report: Report,
    pack: Pack,
    staged: PathBuf,
    /// The new layer's entry in the manifest.
    layer: LayerManifest,
    /// The new manifest's text.
    manifest: String,
    /// The mapping to keep with the layer.
    kept: String,
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

    /// The new layer as the manifest describes it.
    pub const fn layer(&self) -> &LayerManifest {
        &self.layer
    }

    /// Makes the layer the pack's, unless the job was a dry run or a finding stops it.
    ///
    /// # Errors
    /// The pack cannot be written; it is then as it was.
    pub fn commit(self) -> Result<Report, ImportError> {
        if !self.report.dry_run && !self.report.stopped {
            self.pack
                .commit(&self.staged, &self.report.file, &self.manifest, Some(&self.kept))?;
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

    /// Does everything but change the pack. Two readings of the file, some of the new layer and one of every other;
    /// memory for 16 bytes of each id, for the largest feature, and for what [`Review`] and [`super::update`] remember.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn prepare(&self, progress: &Progress) -> Result<Prepared, ImportError> {
        self.check_request()?;
        let pack = Pack::open(&self.region, self.dry_run)?;
        let edit = self.begin_edit(&pack)?;
        // Another data set has nothing to do with how the old one was read.
        let kept = edit.old.as_ref().filter(|_| !self.replace).map(|old| old.file.clone());
        let settled = recipe::settle(self, kept.as_deref())?;
        settled.job.prepare_settled(&settled, pack, edit, progress)
    }

    /// The same, with all that a mapping file says in its place.
    #[expect(clippy::too_many_lines, reason = "the order of the steps, and nothing else")]
    fn prepare_settled(
        &self,
        settled: &Settled,
        pack: Pack,
        edit: Edit,
        progress: &Progress,
    ) -> Result<Prepared, ImportError> {
        let hints = self.hints(settled);
        let opened = readers::open(Input::new(&self.input, progress.clone()), &hints);
        let (format, source) = opened.map_err(|error| settled.explain(error))?;
        let (new_region, served, replaced) = (edit.is_new, edit.bbox, edit.old.clone());
        let old = replaced.clone().filter(|_| !self.replace);

        let watch = Watch {
            role: self.role,
            asked: &settled.asked,
        };
        let survey = Survey::of(&*source, watch, progress)?;
        progress.count_reading();
        if survey.rows == 0 {
            return Err(ImportError::Empty);
        }
        let evidence = Evidence {
            given: self.crs.as_ref(),
            source: &*source,
            extent: &survey.extent,
            region: served,
        };
        let located = evidence.decide()?;
        let mut mapping = Mapping::new(&survey, self.role, &settled.asked)?;
        let hazard = self.hazard_manifest(&survey, old.as_ref().and_then(|old| old.hazard.as_ref()))?;

        let levels = hazard.as_ref().and_then(level_codes);
        let position = source.position_columns();
        let conversion = Conversion::new(&survey, &mapping, position, levels, (&located.crs, self.role));
        let staged = pack.staged("layer.fgb");
        let outcome = conversion.run(&*source, &survey, self.layer.as_str(), (&staged, served), progress)?;
        progress.count_reading();
        let bbox = outcome.extent.bbox().ok_or(ImportError::Empty)?;

        note_ids(&mut mapping, &row_column(&survey));
        let entry = self.entry(&staged, &mapping, hazard.clone(), old.as_ref())?;
        let (manifest, region) = self.finish_edit(edit, &entry, bbox)?;
        let review = Review::of((&entry, &staged), &region, &self.region).map_err(ImportError::FaultyLayer)?;
        let shift = self.shift((&entry, &staged), replaced.as_ref(), &located.crs)?;

        let mut findings = settled.findings();
        findings.extend(located.findings);
        findings.append(&mut mapping.findings);
        findings.extend(self.hazard.iter().flat_map(|hazard| levels::proposed(hazard, &survey)));
        findings.extend(conversion.findings(&outcome));
        findings.extend(outside(&outcome));
        findings.extend(outcome.repairs.finding());
        findings.extend(conversion.stood_in(&outcome));
        findings.extend(cut(&outcome));
        findings.extend(source.remarks().into_iter().map(Finding::from));
        findings.extend(shift.as_ref().and_then(ShiftReport::finding));
        findings.extend(review.duplicates.findings());
        findings.extend(review.misplaced.findings());
        findings.extend(succession::kept_vintage(&self.metadata, old.as_ref()));
        let update = self.compare(old.as_ref(), &entry, &staged, &mut findings);
        let stopped = !self.accept && findings.iter().any(|finding| finding.severity == Severity::Stop);
        let report = Report {
            input: file_name(&self.input),
            format: format.to_string(),
            encoding: source.encoding(),
            layer: self.layer.to_string(),
            role: self.role,
            file: entry.file.clone(),
            crs: located.report,
            dry_run: self.dry_run,
            new_region,
            replaced: replaced.is_some(),
            read: outcome.read,
            kept: outcome.kept,
            repaired: outcome.repaired,
            refused: outcome.refused,
            repairs: outcome.repairs,
            repairs_by_row: outcome.mended,
            refusals: outcome.refusals,
            mapping: with_position(&mapping, settled, &*source),
            values: summary::of(&survey, &mapping, position),
            columns: conversion.fields(),
            hazard: hazard.clone(),
            bbox,
            shift,
            statistics: review.statistics,
            duplicates: review.duplicates,
            misplaced: review.misplaced,
            update,
            stopped,
            findings,
        };
        Ok(Prepared {
            report,
            pack,
            staged,
            layer: entry,
            manifest,
            kept: recipe::to_keep(self, &mapping, position, hazard.as_ref()),
        })
    }

    fn check_request(&self) -> Result<(), ImportError> {
        if self.hazard.is_some() && self.role != Role::HazardZone {
            return Err(succession::hazard_needed());
        }
        Ok(())
    }

    fn hints(&self, settled: &Settled) -> Hints {
        let asked = |meaning| settled.position(meaning).map(|asked| asked.column.clone());
        Hints {
            format: self.format,
            encoding: self.encoding.clone(),
            lon: asked(MeaningKey::Lon),
            lat: asked(MeaningKey::Lat),
            table: self.table.clone(),
            no_header: self.no_header,
        }
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
            from: Vec::new(),
        });
        let message = format!(
            "no column holds ids: features are numbered by their row in the file (column {row_column}); --map id=COLUMN \
             chooses one"
        );
        mapping.findings.push(Finding::note("no_ids", message));
    }
}

/// The mapping as reported: with the columns that the reader took the position from.
fn with_position(mapping: &Mapping, settled: &Settled, source: &dyn readers::Source) -> Vec<Assigned> {
    let mut all: Vec<Assigned> = Vec::new();
    if let Some((lon, lat)) = source.position_columns() {
        for (meaning, column) in [(MeaningKey::Lon, lon), (MeaningKey::Lat, lat)] {
            all.push(Assigned {
                meaning,
                column: column.to_owned(),
                how: settled.position(meaning).map_or(How::Proposed, |asked| asked.how),
                from: Vec::new(),
            });
        }
    }
    all.extend(mapping.all().filter(|assigned| !assigned.meaning.is_position()));
    all
}

/// Says when features lie outside the area that the region serves: a wrong datum or a wrong file looks like that.
fn outside(outcome: &Outcome) -> Option<Finding> {
    (outcome.outside > 0).then(|| {
        let message = format!(
            "{} features lie outside the region's bbox; is it the right file and datum? If they belong there, widen \
             `bbox` in {MANIFEST_FILE}",
            outcome.outside
        );
        Finding::note("outside_region", message)
    })
}

/// Says when not every refused row is listed.
fn cut(outcome: &Outcome) -> Option<Finding> {
    (outcome.refused > MOST_REFUSALS as u64).then(|| {
        let message = format!(
            "{} rows are refused; the first {MOST_REFUSALS} of them are listed with their reasons",
            outcome.refused
        );
        Finding::note("refusals_cut", message)
    })
}

/// The name of a file without its folders.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
