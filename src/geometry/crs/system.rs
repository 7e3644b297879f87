//! The system itself: what it is called, how it is tied to WGS 84, and where its numbers lie.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    str::FromStr,
    sync::Arc,
};

use super::{CrsError, Tie, UnknownCrs, calculation::Calculation, definition::Definition, register, wkt, words};
use crate::geometry::{Datum, LonLat};

/// A coordinate reference system whose positions can be brought to WGS 84. Cheap to clone.
///
/// ```
/// use refugia::geometry::Crs;
///
/// let zone: Crs = "epsg:4549".parse()?;
/// let fuzhou = zone.to_wgs84(430_000.0, 2_886_000.0)?;
/// assert!((fuzhou.lon() - 119.3).abs() < 0.01 && (fuzhou.lat() - 26.08).abs() < 0.01);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Crs {
    epsg: Option<u32>,
    name: String,
    tie: Tie,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// Degrees east of Greenwich and north of the equator, of a datum whose formula is known.
    Degrees(Datum),
    /// Anything else.
    Calculated(Arc<Calculation>),
}

impl Crs {
    /// WGS 84, or one of the datums shifted from it.
    pub fn from_datum(datum: Datum) -> Self {
        let tie = match datum {
            Datum::Wgs84 => Tie::Wgs84,
            Datum::Gcj02 | Datum::Bd09 => Tie::Formula(datum),
        };
        Self {
            epsg: None,
            name: datum.title().to_owned(),
            tie,
            kind: Kind::Degrees(datum),
        }
    }

    /// The datum that positions are counted in where it is one with a formula of its own; WGS 84 for all others, which
    /// are tied to it.
    pub fn datum(&self) -> Datum {
        match self.kind {
            Kind::Degrees(datum) => datum,
            Kind::Calculated(_) => Datum::Wgs84,
        }
    }

    /// A word that names the system; `None` for one that was described and has no code.
    pub fn word(&self) -> Option<String> {
        match (&self.kind, self.epsg) {
            (Kind::Degrees(datum), None) => Some(datum.as_str().to_owned()),
            (_, code) => code.map(|code| format!("epsg:{code}")),
        }
    }

    /// The system with a code of the EPSG register.
    ///
    /// # Errors
    /// There is none, or the way from its datum to WGS 84 is not known.
    pub fn from_epsg(code: u32) -> Result<Self, UnknownCrs> {
        let code = register::canonical(code);
        let definition = register::definition(code)?;
        let tie = Tie::of_code(code, &definition)?;
        let number = format!("EPSG:{code}");
        let name = register::title(code).map_or(number.clone(), |title| format!("{number} ({title})"));
        Self::new(name, Some(code), &definition, tie)
    }

    /// The system that a well-known text describes, OGC's or Esri's, version 1 or 2.
    ///
    /// # Errors
    /// It cannot be read, or the way from its datum to WGS 84 is not known.
    pub fn from_wkt(text: &str) -> Result<Self, UnknownCrs> {
        let described = wkt::read(text)?;
        Self::new(described.name, None, &described.definition, described.tie)
    }

    /// The system of a definition in the manner of PROJ; it must say how it is tied to WGS 84 (`+datum=WGS84` or
    /// `+towgs84=…`).
    ///
    /// # Errors
    /// It cannot be read, or does not say it.
    pub fn from_definition(text: &str) -> Result<Self, UnknownCrs> {
        let definition = Definition::parse(text, text)?;
        let tie = Tie::of_definition(text, &definition)?;
        Self::new(text.to_owned(), None, &definition, tie)
    }

    fn new(name: String, epsg: Option<u32>, definition: &Definition, tie: Tie) -> Result<Self, UnknownCrs> {
        let is_plain = definition.get("proj") == Some("longlat") && definition.get("pm").is_none();
        let kind = if is_plain && !matches!(tie, Tie::Parameters(_)) {
            Kind::Degrees(Datum::Wgs84)
        } else {
            Kind::Calculated(Arc::new(Calculation::new(&name, definition, &tie)?))
        };
        Ok(Self { epsg, name, tie, kind })
    }

    /// Brings a position to WGS 84. O(1), a microsecond or two.
    ///
    /// # Errors
    /// The numbers are no position of this system.
    pub fn to_wgs84(&self, x: f64, y: f64) -> Result<LonLat, CrsError> {
        match &self.kind {
            Kind::Degrees(datum) => Ok(datum.to_wgs84(LonLat::new(x, y)?)),
            Kind::Calculated(calculation) => calculation.to_wgs84(x, y),
        }
    }

    /// Whether its numbers are taken as degrees of WGS 84 as they stand.
    pub const fn is_wgs84(&self) -> bool {
        matches!(self.kind, Kind::Degrees(Datum::Wgs84))
    }

    /// Whether its numbers are degrees of longitude and latitude.
    pub fn is_geographic(&self) -> bool {
        match &self.kind {
            Kind::Degrees(_) => true,
            Kind::Calculated(calculation) => calculation.is_geographic(),
        }
    }

    /// The longitude that a transverse Mercator projection is around, degrees.
    pub fn central_meridian(&self) -> Option<f64> {
        match &self.kind {
            Kind::Degrees(_) => None,
            Kind::Calculated(calculation) => calculation.central_meridian(),
        }
    }

    /// Its code in the EPSG register, where it was found by it.
    pub const fn epsg(&self) -> Option<u32> {
        self.epsg
    }

    /// How its datum is tied to WGS 84.
    pub const fn tie(&self) -> &Tie {
        &self.tie
    }
}

impl FromStr for Crs {
    type Err = UnknownCrs;

    /// Reads one of [`super::WORDS`], or the names that files write: URNs and addresses of the OGC.
    fn from_str(word: &str) -> Result<Self, UnknownCrs> {
        words::system(word)
    }
}

impl Display for Crs {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn crs(word: &str) -> Crs {
        word.parse().unwrap()
    }

    #[test]
    fn degrees_of_equal_datums_stay_bit_for_bit() {
        for word in ["wgs84", "cgcs2000", "epsg:4326", "jgd2011", "epsg:3824", "epsg:4269"] {
            let position = crs(word).to_wgs84(119.296_123_456_789, 26.074_987_654_321).unwrap();
            assert_eq!(
                (position.lon(), position.lat()),
                (119.296_123_456_789, 26.074_987_654_321)
            );
        }
    }

    #[test]
    fn old_datums_are_refused_with_what_to_ask() {
        for (word, datum) in [
            ("epsg:4610", "Xian 1980"),
            ("epsg:2334", "Xian 1980"),
            ("epsg:4214", "Beijing 1954"),
            ("epsg:2437", "Beijing 1954"),
            ("epsg:21460", "Beijing 1954"),
            ("epsg:4555", "New Beijing"),
            ("epsg:4301", "Tokyo"),
            ("epsg:30169", "Tokyo"),
            ("epsg:3828", "TWD67"),
            ("epsg:4267", "a local datum"),
            ("epsg:2326", "a local datum"),
            ("epsg:4019", "a local datum"),
        ] {
            let error = word.parse::<Crs>().unwrap_err().to_string();
            assert!(error.contains(&format!("is on {datum},")), "{error}");
            assert!(error.contains("+towgs84=DX,DY,DZ"), "{error}");
        }
        assert!(matches!("epsg:4978".parse::<Crs>(), Err(UnknownCrs::Geocentric(_))));
    }

    #[test]
    fn a_definition_that_says_its_shift_is_converted_by_it() {
        // EPSG's transformation 15921, which is for the Tarim basin.
        let beijing = crs("+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3");
        assert_eq!(beijing.tie(), &Tie::Parameters("15.8,-154.4,-82.3".to_owned()));
        let moved = beijing.to_wgs84(119.3, 26.08).unwrap();
        assert!((moved.lon() - 119.3).abs() < 2e-3 && (moved.lat() - 26.08).abs() < 2e-3 && moved.lon() != 119.3);
        for silent in [
            "+proj=longlat +ellps=krass",
            "+proj=longlat +ellps=krass +towgs84=0,0,0",
            "+proj=utm +zone=50",
        ] {
            assert!(silent.parse::<Crs>().is_err(), "{silent}");
        }
    }

    #[test]
    fn numbers_of_other_systems_are_no_positions() {
        let zone = crs("epsg:4527");
        assert_eq!(
            zone.to_wgs84(456_789.0, 2_880_000.0).unwrap_err().to_string(),
            "easting 456789 does not begin with the zone number 39"
        );
        assert!(zone.to_wgs84(40_400_000.0, 2_880_000.0).is_err());
        for word in [
            "epsg:4527",
            "epsg:4549",
            "twd97",
            "webmercator",
            "utm50n",
            "jgd2011-9",
            "epsg:3035",
        ] {
            for (x, y) in [
                (f64::NAN, 0.0),
                (5e5, f64::NAN),
                (f64::INFINITY, 0.0),
                (1e30, 2e6),
                (5e5, 1e30),
                (5e5, -1e30),
                (1e9, 1e9),
            ] {
                assert!(crs(word).to_wgs84(x, y).is_err(), "{word} {x} {y}");
            }
        }
        assert!(crs("epsg:4549").to_wgs84(5e5, 3e7).is_err());
        assert!(crs("webmercator").to_wgs84(2.1e7, 0.0).is_err());
    }

    #[test]
    fn most_of_the_register_can_be_read() {
        let (mut usable, mut shift, mut geocentric, mut other) = (0, 0, 0, Vec::new());
        for code in 1..=u32::from(u16::MAX) {
            match Crs::from_epsg(code) {
                Ok(_) => usable += 1,
                Err(UnknownCrs::Code(_)) => {}
                Err(UnknownCrs::Shift { .. }) => shift += 1,
                Err(UnknownCrs::Geocentric(_)) => geocentric += 1,
                Err(error) => other.push(error.to_string()),
            }
        }
        assert!(
            usable > 3_000,
            "{usable} usable, {shift} shifted, {geocentric} geocentric"
        );
        assert!(other.len() < 100, "{other:#?}");
    }

    proptest! {
        /// A system never answers with a position that it would not take back.
        #[test]
        fn any_numbers_give_a_position_or_an_error(x in -1e8..1e8_f64, y in -1e8..1e8_f64, code in 2000..33_000_u32) {
            if let Ok(system) = Crs::from_epsg(code) {
                let _ = system.to_wgs84(x, y);
            }
        }
    }
}
