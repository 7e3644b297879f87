//! The question that an import ends with when the numbers do not bear out the system they are said to be in.

use std::fmt::{Display, Formatter, Result as FmtResult};

use serde::Serialize;

use super::SaidBy;
use crate::geometry::{BBox, crs::Candidate};

/// Why numbers cannot be of a system.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "doubt", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CrsDoubt {
    /// They are far beyond degrees, and the system has degrees.
    NoDegrees {
        /// The system.
        system: String,
        /// Who says that it is this one.
        said_by: SaidBy,
    },
    /// They look like degrees, and the system has metres.
    OnlyDegrees {
        /// The system.
        system: String,
        /// Who says that it is this one.
        said_by: SaidBy,
    },
    /// The system has no such position.
    NoPosition {
        /// The system.
        system: String,
        /// Who says that it is this one.
        said_by: SaidBy,
    },
    /// They are positions of the system when turned round only.
    Swapped {
        /// The system.
        system: String,
    },
}

/// What must be answered before a file can be imported.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrsQuestion {
    /// What is wrong.
    #[serde(flatten)]
    pub doubt: CrsDoubt,
    /// Lowest and highest first number of the file.
    pub x: [f64; 2],
    /// Lowest and highest second number.
    pub y: [f64; 2],
    /// The region that the data are for, where there is one.
    pub region: Option<BBox>,
    /// The columns that the numbers were taken from, x first.
    pub columns: Option<[String; 2]>,
    /// The systems that the numbers could be of.
    pub candidates: Vec<Candidate>,
}

/// More candidates than this are told by their families.
const LISTED: usize = 12;

impl Display for CrsQuestion {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let range = format!(
            "x runs from {} to {}, y from {} to {}",
            self.x[0], self.x[1], self.y[0], self.y[1]
        );
        match &self.doubt {
            CrsDoubt::NoDegrees { system, said_by } => {
                write!(
                    f,
                    "the coordinates are no degrees: {range}. They are not in {system}, {}",
                    said(*said_by)
                )?;
                self.write_candidates(f)
            }
            CrsDoubt::NoPosition { system, said_by } => {
                write!(f, "the coordinates are not in {system}, {}: {range}", said(*said_by))?;
                self.write_candidates(f)
            }
            CrsDoubt::OnlyDegrees { system, said_by } => write!(
                f,
                "the coordinates look like degrees and are not in {system}, {}: {range}. Of which datum are they? \
                 Give --datum wgs84, cgcs2000, gcj02 or bd09",
                said(*said_by)
            ),
            CrsDoubt::Swapped { system } => write!(
                f,
                "the coordinates stand the wrong way round for {system}: {range}. Longitude or easting must come first; {}",
                how_to_swap(self.columns.as_ref())
            ),
        }
    }
}

impl CrsQuestion {
    fn write_candidates(&self, f: &mut Formatter<'_>) -> FmtResult {
        if self.candidates.is_empty() {
            let place = match self.region.map(<[f64; 4]>::from) {
                Some([west, south, east, north]) => format!("into the region ({west}, {south}, {east}, {north})"),
                None => "where it is used".to_owned(),
            };
            return write!(
                f,
                ". No system known here puts them {place}: ask whoever made the file for its coordinate system and give \
                 --datum epsg:CODE, or its .prj"
            );
        }
        write!(
            f,
            ". In which system are they? Ask whoever made the file, or tell by where each puts the middle of the data:"
        )?;
        let mut rest = &self.candidates[..];
        while let Some(first) = rest.first() {
            let alike = rest.iter().take_while(|other| family(other) == family(first)).count();
            let told = if self.candidates.len() > LISTED { alike } else { 1 };
            self.write_candidate(f, first, &rest[told - 1])?;
            rest = &rest[told..];
        }
        Ok(())
    }

    /// One candidate, or the first and the last of a family.
    fn write_candidate(&self, f: &mut Formatter<'_>, first: &Candidate, last: &Candidate) -> FmtResult {
        let at = |candidate: &Candidate| format!("{:.5}, {:.5}", candidate.position.lon(), candidate.position.lat());
        write!(f, "\n  --datum {}", first.word)?;
        if first == last {
            write!(f, "  {}: {}", first.title, at(first))?;
        } else {
            write!(
                f,
                " … {}  {} … {}: {} … {}",
                last.word,
                first.title,
                last.title,
                at(first),
                at(last)
            )?;
        }
        if first.is_swapped {
            write!(f, " (northing first: {})", how_to_swap(self.columns.as_ref()))?;
        }
        Ok(())
    }
}

/// What systems have in common that differ in their zone only.
fn family(candidate: &Candidate) -> (&str, bool) {
    let title = candidate
        .title
        .trim_end_matches(|letter: char| letter.is_ascii_digit() || "°EN ".contains(letter));
    (title, candidate.is_swapped)
}

fn said(by: SaidBy) -> &'static str {
    match by {
        SaidBy::Given => "as given",
        SaidBy::Declared => "as the file declares",
        SaidBy::Assumed => "which is taken where the file does not say",
    }
}

/// What to do about swapped coordinates: columns can be named the other way round, geometries must be turned.
pub(super) fn how_to_swap(columns: Option<&[String; 2]>) -> String {
    match columns {
        Some([x, y]) => format!("give --map 'lon={y}' --map 'lat={x}'"),
        None => "swap them in the file: ogr2ogr -ct '+proj=axisswap +order=2,1' OUT IN".to_owned(),
    }
}
