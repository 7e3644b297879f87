//! In which coordinate reference system a file's numbers are: what the user gives, else what the file declares, else
//! WGS 84; and whether the numbers bear that out.
//!
//! Owns the decision. A system that the numbers contradict is never used: the import ends with the question to answer
//! ([`CrsQuestion`]). GCJ-02 and BD-09 are never taken without being given.

mod question;
mod section;

use geo_types::Coord;

pub use question::{CrsDoubt, CrsQuestion};
pub use section::{CrsReport, SaidBy};

use super::{Finding, ImportError, extent::Extent};
use crate::{
    catalog::readers::{DeclaredCrs, Source},
    geometry::{
        BBox, Crs, Datum, LonLat, LonLatError,
        crs::{CrsError, Tie, UnknownCrs, candidates},
        geodesic,
    },
};

/// What is known of a file's coordinates.
pub(super) struct Evidence<'a> {
    /// What the user says.
    pub(super) given: Option<&'a Crs>,
    /// The file, after its first reading.
    pub(super) source: &'a dyn Source,
    /// Its numbers.
    pub(super) extent: &'a Extent,
    /// The region that the data are for, where there is one.
    pub(super) region: Option<BBox>,
}

/// The system that is used.
pub(super) struct Decision {
    pub(super) crs: Crs,
    pub(super) report: CrsReport,
    pub(super) findings: Vec<Finding>,
}

/// Two systems that put the middle of the data nearer to each other than this say the same, metres.
const SAME_M: f64 = 1.0;

/// How far from its central meridian a transverse Mercator is used, degrees: the widest zones reach 3, and the whole of
/// a province another 3.
const REACH_DEG: f64 = 6.0;

/// A datum that may lie farther from WGS 84 is warned of, metres.
const QUIET_M: f64 = 2.0;

impl Evidence<'_> {
    /// Decides.
    ///
    /// # Errors
    /// What the file declares is not known, or the numbers contradict the system.
    pub(super) fn decide(&self) -> Result<Decision, ImportError> {
        let declared = self.source.declared_crs();
        let read = declared.as_ref().map(known);
        let mut findings = Vec::new();
        let (crs, said_by) = match (self.given, read) {
            (Some(given), read) => {
                findings.extend(
                    declared
                        .as_ref()
                        .zip(read)
                        .and_then(|(text, read)| self.overridden(given, text, read)),
                );
                (given.clone(), SaidBy::Given)
            }
            (None, Some(Ok(crs))) => (crs, SaidBy::Declared),
            (None, Some(Err(problem))) => return Err(ImportError::DeclaredCrs(Box::new(problem))),
            (None, None) => (Crs::from_datum(Datum::Wgs84), SaidBy::Assumed),
        };
        if let Some(doubt) = self.doubt(&crs, said_by) {
            return Err(ImportError::CrsQuestion(Box::new(self.question(doubt))));
        }
        findings.extend(self.swapped_by_region(&crs));
        findings.extend(datum_finding(&crs));
        Ok(Decision {
            report: CrsReport::new(&crs, said_by, declared),
            crs,
            findings,
        })
    }

    /// Where a system puts the middle of the data.
    fn middle_in(&self, crs: &Crs) -> Option<LonLat> {
        let [x, y] = self.extent.middle()?;
        crs.to_wgs84(x, y).ok()
    }

    fn overridden(&self, given: &Crs, declared: &DeclaredCrs, read: Result<Crs, UnknownCrs>) -> Option<Finding> {
        let apart = read
            .ok()
            .and_then(|read| Some((self.middle_in(&read)?, self.middle_in(given)?)));
        let apart_m = apart.map(|(one, other)| geodesic::distance(one, other).0);
        if apart_m.is_some_and(|metres| metres <= SAME_M) {
            return None;
        }
        let apart = apart_m.map_or_else(String::new, |metres| {
            format!("; that puts the data {metres:.0} m elsewhere")
        });
        let message = format!("the file declares {declared} and was read as {given}, as given{apart}");
        Some(Finding::warning("crs_overridden", message))
    }

    /// Why the numbers cannot be of the system.
    fn doubt(&self, crs: &Crs, said_by: SaidBy) -> Option<CrsDoubt> {
        let [x, y] = self.extent.middle()?;
        let system = crs.to_string();
        if crs.is_geographic() {
            return if self.extent.is_mostly_beyond() {
                Some(CrsDoubt::NoDegrees { system, said_by })
            } else if self.extent.is_mostly_swapped() {
                Some(CrsDoubt::Swapped { system })
            } else {
                None
            };
        }
        if self.extent.is_mostly_degrees() {
            return Some(CrsDoubt::OnlyDegrees { system, said_by });
        }
        let off = |x: f64, y: f64| {
            let position = crs.to_wgs84(x, y).ok()?;
            Some(
                crs.central_meridian()
                    .map_or(0.0, |meridian| (position.lon() - meridian).abs()),
            )
        };
        match (off(x, y), off(y, x)) {
            (straight, Some(turned)) if straight.is_none_or(|off| off > REACH_DEG) && turned <= REACH_DEG => {
                Some(CrsDoubt::Swapped { system })
            }
            (None, _) => Some(CrsDoubt::NoPosition { system, said_by }),
            _ => None,
        }
    }

    fn columns(&self) -> Option<[String; 2]> {
        let (x, y) = self.source.position_columns()?;
        Some([x.to_owned(), y.to_owned()])
    }

    fn question(&self, doubt: CrsDoubt) -> CrsQuestion {
        let is_open = matches!(doubt, CrsDoubt::NoDegrees { .. } | CrsDoubt::NoPosition { .. });
        let candidates = match self.extent.middle() {
            Some([x, y]) if is_open => candidates(x, y, self.region),
            _ => Vec::new(),
        };
        CrsQuestion {
            doubt,
            x: self.extent.x(),
            y: self.extent.y(),
            region: self.region,
            columns: self.columns(),
            candidates,
        }
    }

    /// Numbers that are of the system either way, and that lie in the region only when turned round.
    fn swapped_by_region(&self, crs: &Crs) -> Option<Finding> {
        let region = self.region?;
        let [x, y] = self.extent.middle()?;
        let is_inside = |x: f64, y: f64| crs.to_wgs84(x, y).is_ok_and(|position| region.contains(position));
        if is_inside(x, y) || !is_inside(y, x) {
            return None;
        }
        let message = format!(
            "the data lie outside the region as they stand, and inside it with both coordinates swapped: their middle is \
             {x}, {y} in {crs}; {}",
            question::how_to_swap(self.columns().as_ref())
        );
        Some(Finding::stop("axes_swapped", message))
    }
}

/// Reads what a file declares.
fn known(declared: &DeclaredCrs) -> Result<Crs, UnknownCrs> {
    match declared {
        DeclaredCrs::Epsg(code) => Crs::from_epsg(*code),
        DeclaredCrs::Wkt(text) => Crs::from_wkt(text),
        DeclaredCrs::Name(name) => name.parse(),
    }
}

/// What to tell about a datum that is not quite WGS 84.
fn datum_finding(crs: &Crs) -> Option<Finding> {
    match crs.tie() {
        Tie::Parameters(parameters) => Some(Finding::warning(
            "datum_shift",
            format!(
                "{crs} was moved to WGS 84 by the parameters {parameters} of its definition; how good they are is not \
                 known here (often 1 to 20 m): compare with a place that you know"
            ),
        )),
        Tie::TakenAsEqual { datum, within_m } if *within_m > QUIET_M => Some(Finding::warning(
            "datum_accuracy",
            format!("{datum} was taken as WGS 84; the two may be {within_m} m apart"),
        )),
        _ => None,
    }
}

/// A position as two numbers of a system that the reader handed over.
pub(super) fn to_wgs84(crs: &Crs, coord: Coord<f64>) -> Result<Coord<f64>, String> {
    crs.to_wgs84(coord.x, coord.y).map(Coord::from).map_err(|error| {
        let is_latitude = matches!(error, CrsError::Position(LonLatError::Latitude(_)));
        let is_swapped = is_latitude && LonLat::new(coord.y, coord.x).is_ok();
        let hint = if is_swapped {
            "; are longitude and latitude swapped?"
        } else {
            ""
        };
        format!("{error}{hint}")
    })
}
