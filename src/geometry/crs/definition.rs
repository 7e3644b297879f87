//! A system's definition as parameters in the manner of PROJ: `+proj=tmerc +lon_0=120 …`.
//!
//! Owns which parameters may stand there: one that is not known is refused and not left out, for it could move
//! everything, and none may name a file.

use std::fmt::{Display, Formatter, Result as FmtResult};

use super::UnknownCrs;

/// The parameters understood, by this module or by the projections.
const KNOWN: &[&str] = &[
    "proj", "lat_0", "lon_0", "lat_1", "lat_2", "lat_ts", "lonc", "alpha", "gamma", "k", "k_0", "x_0", "y_0", "ellps",
    "a", "b", "rf", "R", "datum", "towgs84", "nadgrids", "units", "to_meter", "zone", "south", "pm", "axis", "no_uoff",
    "no_off",
];

/// Parameters that change nothing of a position on the ground.
const WITHOUT_EFFECT: &[&str] = &["no_defs", "wktext", "type", "vunits", "vto_meter"];

/// What a definition says of the way to WGS 84.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shift {
    /// Nothing.
    Unsaid,
    /// That there is none.
    Zero,
    /// Its parameters.
    Parameters(String),
}

/// Parameters in the order they were given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Definition(Vec<(String, Option<String>)>);

impl Definition {
    /// Reads a definition; `name` is the system's, for the error.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, UnknownCrs> {
        let wrong = |problem: String| UnknownCrs::Definition {
            name: name.to_owned(),
            problem,
        };
        let mut parameters: Vec<(String, Option<String>)> = Vec::new();
        for token in text.split_whitespace() {
            let bare = token
                .strip_prefix('+')
                .ok_or_else(|| wrong(format!("`{token}` does not begin with +")))?;
            let (key, value) = match bare.split_once('=') {
                Some((key, value)) => (key, Some(value.to_owned())),
                None => (bare, None),
            };
            if WITHOUT_EFFECT.contains(&key) {
                continue;
            }
            if !KNOWN.contains(&key) {
                return Err(wrong(format!("+{key} is not understood")));
            }
            if key == "nadgrids" && value.as_deref() != Some("@null") {
                return Err(wrong("shifts by grid files are not read".to_owned()));
            }
            if parameters.iter().any(|(known, _)| known == key) {
                return Err(wrong(format!("+{key} stands there twice")));
            }
            parameters.push((key.to_owned(), value));
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| known == key)?;
        value.as_deref()
    }

    /// The value of a parameter, where it is a number.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.parse().ok()
    }

    /// The definition but for one parameter.
    pub(super) fn without(mut self, key: &str) -> Self {
        self.0.retain(|(known, _)| known != key);
        self
    }

    /// What it says of the way to WGS 84.
    pub(super) fn shift(&self) -> Shift {
        match self.get("towgs84") {
            Some(text) if text.split(',').all(|number| number.trim().parse() == Ok(0.0)) => Shift::Zero,
            Some(text) => Shift::Parameters(text.to_owned()),
            None if matches!(self.get("datum"), Some("WGS84" | "NAD83")) => Shift::Zero,
            None if self.get("datum").is_some() => Shift::Parameters(format!("{:?}", self.get("datum"))),
            None => Shift::Unsaid,
        }
    }

    /// Whether the ellipsoid is that of WGS 84 or GRS 80 (they differ by 0.1 mm), as of all datums tied by satellite.
    pub(super) fn is_on_modern_ellipsoid(&self) -> bool {
        if let Some(datum) = self.get("datum") {
            return matches!(datum, "WGS84" | "NAD83");
        }
        if let Some(ellipsoid) = self.get("ellps") {
            return matches!(ellipsoid, "WGS84" | "GRS80");
        }
        let flattening = self.number("rf").or_else(|| {
            let (a, b) = (self.number("a")?, self.number("b")?);
            Some(a / (a - b))
        });
        self.number("a")
            .zip(flattening)
            .is_some_and(|(a, flattening)| is_modern(a, flattening))
    }

    /// The number of the zone that eastings begin with: a false easting of 39 500 000 m is that of zone 39.
    pub(super) fn zone(&self) -> Option<u32> {
        let false_easting = self.number("x_0")?;
        let is_zone = self.get("proj") == Some("tmerc") && false_easting % 1e6 == 5e5 && false_easting < 61e6;
        Some((false_easting / 1e6) as u32).filter(|zone| is_zone && *zone > 0)
    }
}

/// Whether half axis and inverse flattening are those of WGS 84 or GRS 80.
pub(super) fn is_modern(a: f64, inverse_flattening: f64) -> bool {
    (a - 6_378_137.0).abs() < 1e-3 && (inverse_flattening - 298.257_222).abs() < 1e-5
}

impl Display for Definition {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        for (index, (key, value)) in self.0.iter().enumerate() {
            let gap = if index > 0 { " " } else { "" };
            match value {
                Some(value) => write!(f, "{gap}+{key}={value}")?,
                None => write!(f, "{gap}+{key}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_refused() {
        for (text, problem) in [
            ("+proj=tmerc +sweep=x", "+sweep is not understood"),
            ("+proj=longlat +nadgrids=/etc/passwd", "grid files"),
            ("+proj=tmerc +lon_0=1 +lon_0=2", "+lon_0 stands there twice"),
            ("proj=tmerc", "does not begin with +"),
        ] {
            let error = Definition::parse("x", text).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn a_definition_says_its_shift_its_ellipsoid_and_its_zone() {
        let parse = |text| Definition::parse("x", text).unwrap();
        assert_eq!(parse("+towgs84=0,0,0,0,0,0,0").shift(), Shift::Zero);
        assert_eq!(parse("+datum=WGS84").shift(), Shift::Zero);
        assert_eq!(parse("+towgs84=1,2,3").shift(), Shift::Parameters("1,2,3".to_owned()));
        assert_eq!(parse("+ellps=krass +no_defs").shift(), Shift::Unsaid);
        assert!(parse("+a=6378137.0 +rf=298.257222101").is_on_modern_ellipsoid());
        assert!(parse("+a=6378137 +b=6356752.314245179").is_on_modern_ellipsoid());
        assert!(!parse("+a=6378140 +rf=298.257").is_on_modern_ellipsoid());
        assert!(!parse("+a=6378137 +b=6378137").is_on_modern_ellipsoid());
        assert_eq!(parse("+proj=tmerc +x_0=39500000").zone(), Some(39));
        assert_eq!(parse("+proj=tmerc +x_0=500000").zone(), None);
        assert_eq!(parse("+proj=tmerc +x_0=250000").zone(), None);
    }
}
