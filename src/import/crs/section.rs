//! The report's section on coordinates.

use std::fmt::{Display, Formatter, Result as FmtResult};

use serde::Serialize;

use crate::{
    catalog::readers::DeclaredCrs,
    geometry::{Crs, crs::Tie},
};

/// Who says which system it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidBy {
    /// The user.
    Given,
    /// The file.
    Declared,
    /// Nobody: WGS 84 is taken.
    Assumed,
}

/// In which coordinate reference system a file was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrsReport {
    /// The system.
    pub name: String,
    /// Its code in the EPSG register, where it was found by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epsg: Option<u32>,
    /// Who says so.
    pub said_by: SaidBy,
    /// How its datum was brought to WGS 84.
    pub datum: String,
    /// What the file declares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<DeclaredCrs>,
    #[serde(skip)]
    is_wgs84: bool,
}

impl CrsReport {
    pub(super) fn new(crs: &Crs, said_by: SaidBy, declared: Option<DeclaredCrs>) -> Self {
        Self {
            name: crs.to_string(),
            epsg: crs.epsg(),
            said_by,
            datum: crs.tie().to_string(),
            declared,
            is_wgs84: crs.tie() == &Tie::Wgs84,
        }
    }
}

impl Display for CrsReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let said = match self.said_by {
            SaidBy::Given => "as given",
            SaidBy::Declared => "as the file declares",
            SaidBy::Assumed => "assumed: the file does not say",
        };
        write!(f, "{}, {said}", self.name)?;
        if self.is_wgs84 {
            return Ok(());
        }
        write!(f, "; {}", self.datum)
    }
}
