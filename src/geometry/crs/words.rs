//! Words for systems: what people type, and what files write.

use super::{Crs, UnknownCrs};
use crate::geometry::Datum;

/// The words understood, for a help text.
pub const WORDS: &str = "wgs84, cgcs2000, gcj02, bd09, twd97 (twd97-119), jgd2011 (jgd2011-1 … jgd2011-19), webmercator, \
                         utm50n, gk39 (zone in the easting), gk117e (central meridian), epsg:CODE, a definition \
                         (+proj=…) or the text of a .prj";

/// What a word stands for.
pub(super) fn system(word: &str) -> Result<Crs, UnknownCrs> {
    let trimmed = word.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    if trimmed.starts_with('+') {
        return Crs::from_definition(trimmed);
    }
    if trimmed.contains('[') {
        return Crs::from_wkt(trimmed);
    }
    let lower = trimmed.to_ascii_lowercase();
    match lower.as_str() {
        "gcj02" | "gcj-02" => return Ok(Crs::from_datum(Datum::Gcj02)),
        "bd09" | "bd-09" => return Ok(Crs::from_datum(Datum::Bd09)),
        "wgs84" | "wgs-84" | "wgs 84" => return Ok(Crs::from_datum(Datum::Wgs84)),
        _ if lower.ends_with("crs84") => return Ok(Crs::from_datum(Datum::Wgs84)),
        _ => {}
    }
    let code = named(&lower).or_else(|| code(&lower));
    Crs::from_epsg(code.ok_or_else(|| UnknownCrs::Word(trimmed.to_owned()))?)
}

/// The EPSG code of one of our words.
fn named(word: &str) -> Option<u32> {
    match word {
        "cgcs2000" => return Some(4490),
        "jgd2011" => return Some(6668),
        "twd97" | "twd97-121" => return Some(3826),
        "twd97-119" => return Some(3825),
        "webmercator" => return Some(3857),
        _ => {}
    }
    if let Some(zone) = word.strip_prefix("jgd2011-") {
        return number(zone, 1, 19).map(|zone| 6668 + zone);
    }
    if let Some(zone) = word.strip_prefix("utm") {
        let north = zone.strip_suffix('n').and_then(|zone| number(zone, 1, 60));
        let south = zone.strip_suffix('s').and_then(|zone| number(zone, 1, 60));
        return north.map(|zone| 32_600 + zone).or(south.map(|zone| 32_700 + zone));
    }
    let gauss_krueger = word.strip_prefix("gk")?;
    if let Some(meridian) = gauss_krueger.strip_suffix('e') {
        let meridian = number(meridian, 75, 135).filter(|meridian| meridian % 3 == 0)?;
        return Some(4534 + (meridian - 75) / 3);
    }
    // The numbers of 6-degree and 3-degree zones do not overlap in China.
    let six = number(gauss_krueger, 13, 23).map(|zone| 4491 + zone - 13);
    six.or_else(|| number(gauss_krueger, 25, 45).map(|zone| 4513 + zone - 25))
}

fn number(text: &str, low: u32, high: u32) -> Option<u32> {
    text.parse().ok().filter(|number| (low..=high).contains(number))
}

/// The code in `epsg:4326`, `4326`, `urn:ogc:def:crs:EPSG::4326` and `http://www.opengis.net/def/crs/EPSG/0/4326`.
fn code(word: &str) -> Option<u32> {
    let digits = word.rsplit([':', '/']).next()?;
    let is_epsg = word == digits || word.contains("epsg") || word.starts_with("esri:");
    digits.parse().ok().filter(|_| is_epsg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_systems() {
        for (word, name) in [
            ("wgs84", "WGS 84"),
            (" GCJ-02 ", "GCJ-02"),
            ("bd09", "BD-09"),
            ("cgcs2000", "EPSG:4490 (CGCS2000)"),
            ("TWD97", "EPSG:3826 (TWD97 / TM2 zone 121)"),
            ("twd97-119", "EPSG:3825 (TWD97 / TM2 zone 119)"),
            ("jgd2011", "EPSG:6668 (JGD2011)"),
            ("jgd2011-9", "EPSG:6677 (JGD2011 / Japan plane rectangular zone 9)"),
            ("webmercator", "EPSG:3857 (WGS 84 / Web Mercator)"),
            ("esri:102100", "EPSG:3857 (WGS 84 / Web Mercator)"),
            ("utm50n", "EPSG:32650 (WGS 84 / UTM zone 50N)"),
            ("UTM1S", "EPSG:32701 (WGS 84 / UTM zone 1S)"),
            ("gk39", "EPSG:4527 (CGCS2000 / 3-degree Gauss-Krüger zone 39)"),
            ("gk20", "EPSG:4498 (CGCS2000 / 6-degree Gauss-Krüger zone 20)"),
            (
                "gk117e",
                "EPSG:4548 (CGCS2000 / 3-degree Gauss-Krüger, central meridian 117° E)",
            ),
            (
                "4549",
                "EPSG:4549 (CGCS2000 / 3-degree Gauss-Krüger, central meridian 120° E)",
            ),
            ("urn:ogc:def:crs:EPSG::3826", "EPSG:3826 (TWD97 / TM2 zone 121)"),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", "WGS 84"),
            ("http://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:4326 (WGS 84)"),
        ] {
            assert_eq!(word.parse::<Crs>().unwrap().to_string(), name, "{word}");
        }
    }

    #[test]
    fn other_words_are_refused_with_those_that_are_known() {
        for word in [
            "",
            "mars",
            "utm61n",
            "utm0n",
            "gk24",
            "gk118e",
            "jgd2011-20",
            "epsg:",
            "iau:30100",
            "gk",
        ] {
            let error = word.parse::<Crs>().unwrap_err();
            assert_eq!(error, UnknownCrs::Word(word.to_owned()));
            assert!(error.to_string().contains("epsg:CODE"), "{error}");
        }
        assert_eq!("epsg:1".parse::<Crs>().unwrap_err(), UnknownCrs::Code(1));
    }
}
