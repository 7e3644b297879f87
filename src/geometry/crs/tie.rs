//! How a datum is tied to WGS 84: what is taken as equal, and what is not.

use std::fmt::{Display, Formatter, Result as FmtResult};

use super::{
    UnknownCrs,
    definition::{Definition, Shift},
};
use crate::geometry::Datum;

/// How positions of a system's datum become positions of WGS 84.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Tie {
    /// They are WGS 84.
    Wgs84,
    /// They are shifted by a formula: GCJ-02 and BD-09.
    Formula(Datum),
    /// They are taken as they are.
    TakenAsEqual {
        /// The datum.
        datum: String,
        /// How far the two may be apart, metres.
        within_m: f64,
    },
    /// They are moved by the parameters of the definition (`+towgs84`, `TOWGS84[…]`), as good as those are.
    Parameters(String),
}

/// CGCS2000 and JGD2011 lie within decimetres of today's WGS 84; TWD97 is of 1997 and eastern Taiwan has moved since.
const CGCS2000_M: f64 = 0.5;
const JGD2011_M: f64 = 0.5;
const TWD97_M: f64 = 2.0;
/// The earthquake of 2011 moved north-east Japan.
const JGD2000_M: f64 = 5.0;
/// Datums fixed to a plate when satellites came; the plates have moved on.
const OTHERS_M: f64 = 2.0;

impl Tie {
    fn equal(datum: &str, within_m: f64) -> Self {
        Self::TakenAsEqual {
            datum: datum.to_owned(),
            within_m,
        }
    }

    /// The tie of a definition in the EPSG register. Parameters there are those of one area among several, so that
    /// they are not used.
    pub(super) fn of_code(code: u32, definition: &Definition) -> Result<Self, UnknownCrs> {
        let is_modern = definition.is_on_modern_ellipsoid();
        Ok(match code {
            4490..=4554 | 4479 | 4480 => Self::equal("CGCS2000", CGCS2000_M),
            6666..=6692 => Self::equal("JGD2011", JGD2011_M),
            3822..=3826 => Self::equal("TWD97", TWD97_M),
            2443..=2461 | 3097..=3101 | 4612 => Self::equal("JGD2000", JGD2000_M),
            // Unknown datums of which the register knows the ellipsoid only.
            4019 | 4030 | 4031 => return Err(refused(code, definition)),
            _ if definition.get("datum") == Some("WGS84") => Self::Wgs84,
            _ if is_modern && !matches!(definition.shift(), Shift::Parameters(_)) => {
                Self::equal("a datum on GRS 80", OTHERS_M)
            }
            _ => return Err(refused(code, definition)),
        })
    }

    /// The tie of a definition that somebody wrote down: it must say what it is.
    pub(super) fn of_definition(name: &str, definition: &Definition) -> Result<Self, UnknownCrs> {
        match definition.shift() {
            Shift::Zero if definition.get("datum") == Some("WGS84") => Ok(Self::Wgs84),
            Shift::Zero if definition.is_on_modern_ellipsoid() => {
                Ok(Self::equal("a datum that its definition says is WGS 84", OTHERS_M))
            }
            Shift::Parameters(parameters) if definition.get("towgs84").is_some() => Ok(Self::Parameters(parameters)),
            _ => Err(shift_unknown(
                name,
                "a datum that it does not tie to WGS 84",
                definition,
            )),
        }
    }

    /// The tie of a datum by its name in well-known text, in the spellings of the OGC and of Esri.
    pub(super) fn of_name(datum: &str) -> Option<Self> {
        let plain: String = datum
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        let plain = if datum.starts_with("D_") { &plain[1..] } else { &plain };
        Some(match plain {
            "wgs84" | "wgs1984" | "worldgeodeticsystem1984" | "worldgeodeticsystem1984ensemble" => Self::Wgs84,
            "china2000" | "cgcs2000" | "chinageodeticcoordinatesystem2000" | "chinese2000" => {
                Self::equal("CGCS2000", CGCS2000_M)
            }
            "jgd2011" | "japanesegeodeticdatum2011" => Self::equal("JGD2011", JGD2011_M),
            "jgd2000" | "japanesegeodeticdatum2000" => Self::equal("JGD2000", JGD2000_M),
            "twd1997" | "twd97" | "taiwandatum1997" | "taiwandatum97" => Self::equal("TWD97", TWD97_M),
            "etrs1989"
            | "etrs89"
            | "europeanterrestrialreferencesystem1989"
            | "europeanterrestrialreferencesystem1989ensemble"
            | "northamerican1983"
            | "northamericandatum1983"
            | "korea2000"
            | "geocentricdatumofkorea"
            | "gda1994"
            | "gda2020"
            | "geocentricdatumofaustralia1994"
            | "geocentricdatumofaustralia2020"
            | "nzgd2000"
            | "newzealandgeodeticdatum2000"
            | "sirgas2000"
            | "sistemadereferenciageocentricoparalasamericas2000" => Self::equal(datum, OTHERS_M),
            _ => return None,
        })
    }

    /// The tie of a datum whose definition says that there is no shift.
    pub(super) fn said_to_be_zero(datum: &str) -> Self {
        Self::equal(datum, OTHERS_M)
    }
}

fn refused(code: u32, definition: &Definition) -> UnknownCrs {
    let datum = match code {
        2327..=2390 | 4610 => "Xian 1980",
        2401..=2442 | 4214 | 21413..=21463 | 21473..=21483 => "Beijing 1954",
        4555 | 4568..=4589 | 4652..=4655 | 4766..=4800 => "New Beijing",
        3092..=3096 | 4301 | 30161..=30179 => "Tokyo",
        3821 | 3827..=3828 => "TWD67",
        3829 | 4236 => "Hu Tzu Shan 1950",
        _ => "a local datum",
    };
    shift_unknown(&format!("EPSG:{code}"), datum, definition)
}

pub(super) fn shift_unknown(name: &str, datum: &str, definition: &Definition) -> UnknownCrs {
    UnknownCrs::Shift {
        name: name.to_owned(),
        datum: datum.to_owned(),
        definition: definition.clone().without("towgs84").to_string(),
    }
}

impl Display for Tie {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self {
            Self::Wgs84 => f.write_str("WGS 84"),
            Self::Formula(datum) => write!(f, "shifted to WGS 84 by the formula of {datum}"),
            Self::TakenAsEqual { datum, within_m } => {
                write!(f, "{datum} taken as WGS 84, equal within {within_m} m")
            }
            Self::Parameters(parameters) => write!(f, "moved to WGS 84 by {parameters}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datums_are_known_in_the_spellings_of_both_worlds() {
        for (name, tie) in [
            ("D_WGS_1984", "WGS 84"),
            ("WGS_1984", "WGS 84"),
            ("World Geodetic System 1984 ensemble", "WGS 84"),
            ("D_China_2000", "CGCS2000 taken as WGS 84, equal within 0.5 m"),
            ("China_2000", "CGCS2000 taken as WGS 84, equal within 0.5 m"),
            ("D_TWD_1997", "TWD97 taken as WGS 84, equal within 2 m"),
            (
                "Japanese_Geodetic_Datum_2011",
                "JGD2011 taken as WGS 84, equal within 0.5 m",
            ),
        ] {
            assert_eq!(Tie::of_name(name).unwrap().to_string(), tie, "{name}");
        }
        for name in ["D_Xian_1980", "Beijing_1954", "D_Beijing_1954", "Tokyo", "VN_2000", ""] {
            assert_eq!(Tie::of_name(name), None, "{name}");
        }
    }
}
