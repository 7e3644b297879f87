//! The coordinate reference system that a header names.

use std::fmt::{Display, Formatter, Result as FmtResult};

use crate::geometry::Crs;

/// What a header says of its coordinates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::catalog) struct HeaderCrs {
    /// Whose register the code is of; EPSG's where it is not said.
    pub(in crate::catalog) org: Option<String>,
    /// The code; 0 where there is none.
    pub(in crate::catalog) code: i32,
    code_string: Option<String>,
    name: Option<String>,
    /// The definition in well-known text.
    pub(in crate::catalog) wkt: Option<String>,
}

impl HeaderCrs {
    /// What the header says; `None` where it says nothing of its system but that it has one.
    pub(super) fn new(crs: &flatgeobuf::Crs<'_>) -> Option<Self> {
        let known = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let said = Self {
            org: known(crs.org()),
            code: crs.code(),
            code_string: known(crs.code_string()),
            name: known(crs.name()),
            wkt: known(crs.wkt()),
        };
        let is_empty = said.code == 0 && said.code_string.is_none() && said.name.is_none() && said.wkt.is_none();
        (!is_empty).then_some(said)
    }

    /// Whether coordinates are degrees of WGS 84, or of CGCS2000, which is taken as equal.
    pub(super) fn is_wgs84(&self) -> bool {
        let is_epsg = self.org.as_deref().is_none_or(|org| org.eq_ignore_ascii_case("EPSG"));
        match (self.code, &self.code_string, &self.wkt) {
            (4326 | 4490, _, _) => is_epsg,
            (0, Some(code), _) => matches!(code.as_str(), "CRS84" | "4326" | "4490"),
            (0, None, Some(wkt)) => Crs::from_wkt(wkt).is_ok_and(|crs| crs.is_wgs84()),
            (0, None, None) => self
                .name
                .as_deref()
                .is_none_or(|name| name.parse::<Crs>().is_ok_and(|crs| crs.is_wgs84())),
            _ => false,
        }
    }
}

impl Display for HeaderCrs {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let org = self.org.as_deref().unwrap_or("EPSG");
        match (&self.code_string, self.code, &self.name) {
            (Some(code), _, _) => write!(f, "{org}:{code}")?,
            (None, 0, Some(name)) => return f.write_str(name),
            (None, 0, None) => return f.write_str("a system of its own"),
            (None, code, _) => write!(f, "{org}:{code}")?,
        }
        match &self.name {
            Some(name) => write!(f, " ({name})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use flatgeobuf::{FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};

    use super::super::{FgbError, File};

    fn file(crs: FgbCrs<'_>) -> Vec<u8> {
        let options = FgbWriterOptions {
            crs,
            ..FgbWriterOptions::default()
        };
        let mut writer = FgbWriter::create_with_options("x", GeometryType::Point, options).unwrap();
        writer
            .add_feature_geom(geo_types::Geometry::from(geo_types::Point::new(3e5, 2.7e6)), |_| {})
            .unwrap();
        let mut bytes = Vec::new();
        writer.write(&mut bytes).unwrap();
        bytes
    }

    const TAIWAN: &str = r#"PROJCS["TWD97 / TM2 zone 121",GEOGCS["TWD97",DATUM["Taiwan_Datum_1997",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["central_meridian",121],PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",250000],UNIT["metre",1]]"#;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn layers_are_in_wgs84_and_other_files_say_what_they_are_in() {
        let degrees = TAIWAN
            .split_once(",GEOGCS")
            .unwrap()
            .1
            .split_once(",PROJECTION")
            .unwrap()
            .0;
        let degrees = format!("GEOGCS{degrees}");
        for (crs, is_wgs84, shown) in [
            (
                FgbCrs {
                    code: 4326,
                    ..FgbCrs::default()
                },
                true,
                "EPSG:4326",
            ),
            (
                FgbCrs {
                    code: 4490,
                    org: Some("EPSG"),
                    ..FgbCrs::default()
                },
                true,
                "EPSG:4490",
            ),
            (
                FgbCrs {
                    code_string: Some("CRS84"),
                    org: Some("OGC"),
                    ..FgbCrs::default()
                },
                true,
                "OGC:CRS84",
            ),
            (
                FgbCrs {
                    wkt: Some(&degrees),
                    ..FgbCrs::default()
                },
                true,
                "a system of its own",
            ),
            (
                FgbCrs {
                    code: 3826,
                    name: Some("Taiwan"),
                    ..FgbCrs::default()
                },
                false,
                "EPSG:3826 (Taiwan)",
            ),
            (
                FgbCrs {
                    wkt: Some(TAIWAN),
                    ..FgbCrs::default()
                },
                false,
                "a system of its own",
            ),
            (
                FgbCrs {
                    code: 4326,
                    org: Some("ESRI"),
                    ..FgbCrs::default()
                },
                false,
                "ESRI:4326",
            ),
        ] {
            let bytes = file(crs);
            assert_eq!(File::open(bytes.as_slice()).unwrap().crs().unwrap().to_string(), shown);
            match File::open(bytes.as_slice()).unwrap().check_crs() {
                Ok(()) => assert!(is_wgs84, "{shown}"),
                Err(error) => assert_eq!(
                    error.to_string(),
                    FgbError::Crs(shown.to_owned()).to_string(),
                    "{shown}"
                ),
            }
        }
        assert_eq!(File::open(file(FgbCrs::default()).as_slice()).unwrap().crs(), None);
    }
}
