//! The second reading: every row becomes a feature of the new file, or a refusal.

use std::{fs::File, path::Path};

use geo::BoundingRect;
use geo_types::Geometry;

use super::{
    Finding, ImportError, MeaningKey,
    columns::{Clashes, Columns},
    mapping::Mapping,
    report::{Mended, Refusal, RepairTotals},
    shape::{self, Shaped},
    survey::Survey,
};
use crate::{
    catalog::{
        Attribute, FOOTPRINT_COLUMN, Field, FieldKind, Ids, RawValue, Role, Shape,
        fgb::{WriteError, Writer},
        readers::{Problem, Progress, RawFeature, Row, Source},
    },
    geometry::{BBox, Crs, Extent, LonLat},
};

const ROW_COLUMN: &str = "import_row";

/// Whether a column is one of row numbers, which mean other features in every file.
pub(super) fn is_row_column(name: &str) -> bool {
    name.trim_end_matches('_') == ROW_COLUMN
}

/// The column added where no column holds ids: the row's number in the imported file. Named so that no column of the
/// file has the same name.
pub(super) fn row_column(survey: &Survey) -> String {
    survey.free_name(ROW_COLUMN)
}

/// The level's column and the codes allowed in it.
pub(super) type Levels<'a> = Option<(&'a str, Vec<&'a str>)>;

/// How rows become features.
pub(super) struct Conversion<'a> {
    crs: &'a Crs,
    role: Role,
    columns: Columns<'a>,
    id_column: Option<usize>,
    row_column: String,
    /// The column for what the points of shelters stand for, where that is more than a point.
    footprint_column: Option<String>,
    level: Option<(usize, Vec<&'a str>)>,
}

/// What the second reading leaves.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) read: u64,
    pub(super) kept: u64,
    pub(super) repaired: u64,
    pub(super) repairs: RepairTotals,
    /// Shelters whose point stands for more.
    pub(super) footprints: u64,
    /// The first repaired rows, one entry for each thing mended.
    pub(super) mended: Vec<Mended>,
    /// Where columns of one meaning disagree.
    pub(super) clashes: Clashes,
    pub(super) refused: u64,
    /// The first of them, [`MOST_REFUSALS`] at most.
    pub(super) refusals: Vec<Refusal>,
    /// Around all that is kept.
    pub(super) extent: Extent,
    /// Features whose middle lies outside the region's box.
    pub(super) outside: u64,
}

/// As many refused rows are told one by one: a file of the wrong kind is refused row by row, and a list of millions
/// would fill the memory and help nobody.
pub(super) const MOST_REFUSALS: usize = 100_000;

impl Outcome {
    fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < MOST_REFUSALS {
            self.refusals.push(refusal);
        }
    }

    fn keep(&mut self, geometry: &Geometry<f64>, region: Option<BBox>) {
        self.kept += 1;
        let Some(rect) = geometry.bounding_rect() else { return };
        self.extent.add(rect);
        let middle = LonLat::try_from(rect.center()).ok();
        let is_outside = region
            .zip(middle)
            .is_some_and(|(region, middle)| !region.contains(middle));
        self.outside += u64::from(is_outside);
    }
}

impl<'a> Conversion<'a> {
    pub(super) fn new(
        survey: &'a Survey,
        mapping: &Mapping,
        position: Option<(&str, &str)>,
        levels: Levels<'a>,
        (crs, role): (&'a Crs, Role),
    ) -> Self {
        let level_column = levels.as_ref().map(|(column, _)| *column);
        Self {
            crs,
            role,
            columns: Columns::new(survey, mapping, position, level_column),
            id_column: mapping
                .column(MeaningKey::Attribute(Attribute::Id))
                .and_then(|name| survey.find(name)),
            row_column: row_column(survey),
            footprint_column: (role == Role::Shelter && survey.areas > 0).then(|| survey.free_name(FOOTPRINT_COLUMN)),
            level: levels.and_then(|(column, codes)| Some((survey.find(column)?, codes))),
        }
    }

    /// The columns of the new file.
    pub(super) fn fields(&self) -> Vec<Field> {
        let row = self.id_column.is_none().then(|| Field {
            name: self.row_column.clone(),
            kind: FieldKind::Int,
        });
        let footprint = self.footprint_column.as_ref().map(|name| Field {
            name: name.clone(),
            kind: FieldKind::Text,
        });
        self.columns.fields().chain(footprint).chain(row).collect()
    }

    /// What is to be said about columns that disagree.
    pub(super) fn findings(&self, outcome: &Outcome) -> impl Iterator<Item = Finding> {
        self.columns.findings(&outcome.clashes)
    }

    /// Says where points stand for more than a point.
    pub(super) fn stood_in(&self, outcome: &Outcome) -> Option<Finding> {
        let column = self.footprint_column.as_ref().filter(|_| outcome.footprints > 0)?;
        let message = format!(
            "{} shelters are mapped as areas or as several points: each stands at a point in its area or at its first \
             point, and column {column} keeps the whole as GeoJSON",
            outcome.footprints
        );
        Some(Finding::note("footprints", message))
    }

    /// Reads the source again and writes what is kept to a new file, which is then safe on the disk. Features outside
    /// `region` are counted.
    pub(super) fn run(
        &self,
        source: &dyn Source,
        survey: &Survey,
        name: &str,
        (path, region): (&Path, Option<BBox>),
        progress: &Progress,
    ) -> Result<Outcome, ImportError> {
        let shape = match self.role {
            Role::Shelter => Shape::Point,
            _ => survey.shape(),
        };
        let mut writer = Writer::new(name, self.fields(), shape)?;
        if let Some(dir) = path.parent() {
            writer = writer.spool_in(dir);
        }
        let mut outcome = Outcome::default();
        let mut ids = Ids::with_capacity(if self.id_column.is_some() { survey.rows } else { 0 });
        let mut failed: Result<(), WriteError> = Ok(());
        source.read(&mut |names, row| {
            progress.count_row();
            if failed.is_ok() {
                failed = self.take((names, row), &mut ids, &mut writer, (&mut outcome, region));
            }
        })?;
        failed?;
        if outcome.read != survey.rows {
            return Err(ImportError::Changed);
        }
        if let (0, Some(first)) = (outcome.kept, outcome.refusals.first()) {
            return Err(ImportError::NothingKept {
                read: outcome.read,
                row: first.row,
                reason: first.problem.reason.clone(),
            });
        }
        drop(ids);
        let file = File::create_new(path).map_err(ImportError::io(path))?;
        writer.finish(&file)?;
        file.sync_all().map_err(ImportError::io(path))?;
        Ok(outcome)
    }

    fn take(
        &self,
        (names, row): (&[String], Row),
        ids: &mut Ids,
        writer: &mut Writer,
        (outcome, region): (&mut Outcome, Option<BBox>),
    ) -> Result<(), WriteError> {
        outcome.read += 1;
        let number = row.number;
        let converted = row.content.and_then(|mut feature| {
            let shaped = shape::prepare(&mut feature, self.crs, self.role)?;
            let values = self.values(names, feature)?;
            self.check_id(&values, number, ids)?;
            let derived = self.columns.derive(&values, number, &mut outcome.clashes)?;
            Ok((shaped, self.columns.written(values, derived)))
        });
        match converted {
            Ok((shaped, values)) => {
                let Shaped {
                    geometry,
                    repair,
                    footprint,
                } = shaped;
                outcome.footprints += u64::from(footprint.is_some());
                let footprint = footprint.map(|text| RawValue::Text(text.into()));
                let footprint = self.footprint_column.is_some().then_some(footprint);
                let row_number = self.id_column.is_none().then_some(Some(RawValue::Int(number as i64)));
                writer.push(&geometry, values.chain(footprint).chain(row_number))?;
                outcome.keep(&geometry, region);
                outcome.repaired += u64::from(outcome.repairs.add(repair));
                Mended::add(&mut outcome.mended, number, &repair);
            }
            Err(problem) => outcome.refuse(Refusal { row: number, problem }),
        }
        Ok(())
    }

    fn values(&self, names: &[String], feature: RawFeature) -> Result<Vec<Option<RawValue<'static>>>, Problem> {
        let values = self.columns.read(names, feature)?;
        if let Some((column, codes)) = &self.level {
            let code = values[*column]
                .as_ref()
                .map(|value| value.to_text().into_owned())
                .unwrap_or_default();
            if !codes.contains(&code.as_str()) {
                let reason = format!("is none of the levels {}", codes.join(", "));
                return Err(Problem::value(self.columns.name(*column), &code, reason));
            }
        }
        Ok(values)
    }

    fn check_id(&self, values: &[Option<RawValue<'static>>], number: u64, ids: &mut Ids) -> Result<(), Problem> {
        let Some(column) = self.id_column else { return Ok(()) };
        let id = values[column]
            .as_ref()
            .map(|value| value.to_text().into_owned())
            .unwrap_or_default();
        let name = self.columns.name(column);
        if id.is_empty() {
            return Err(Problem::value(name, "", "the id is blank"));
        }
        match ids.insert(&id, number) {
            Some(first) => Err(Problem::value(
                name,
                &id,
                format!("the id stands in row {first} already"),
            )),
            None => Ok(()),
        }
    }
}
