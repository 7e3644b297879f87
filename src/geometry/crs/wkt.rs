//! Definitions in well-known text, as in a `.prj`: the OGC's versions 1 and 2 and Esri's dialect, read by `proj4wkt`.

use std::f64::consts::PI;

use proj4wkt::{
    Formatter,
    builder::{Builder, Node},
};

use super::{
    Tie, UnknownCrs,
    definition::{Definition, is_modern},
    register, tie,
};

/// The longest text that is read: definitions have some hundred bytes, those with remarks and extents some thousand.
const LONGEST: usize = 64 * 1024;

/// How deep brackets may lie in each other; those of a compound system in version 2 reach 8.
const DEEPEST: usize = 32;

/// The words that projected and geographic systems begin with.
const BEGINNINGS: &[&str] = &[
    "PROJCS",
    "PROJCRS",
    "PROJECTEDCRS",
    "GEOGCS",
    "GEOGCRS",
    "GEOGRAPHICCRS",
    "GEODCRS",
    "GEODETICCRS",
    "GEOCCS",
];

/// What a text describes.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) name: String,
    pub(super) definition: Definition,
    pub(super) tie: Tie,
}

/// What tells how a datum is tied to WGS 84.
struct Datum<'a> {
    name: &'a str,
    is_modern: bool,
    /// The numbers of `TOWGS84`, where it stands there.
    shift: &'a [&'a str],
    /// The code of the geographic system.
    epsg: Option<u32>,
}

/// Reads a text; of a compound system its horizontal part.
pub(super) fn read(text: &str) -> Result<Described, UnknownCrs> {
    let beginning: String = text.trim().chars().take(60).collect();
    let wrong = |problem: String| UnknownCrs::Definition {
        name: beginning.clone(),
        problem,
    };
    if text.len() > LONGEST || depth(text) > DEEPEST {
        return Err(wrong("it is too long or too deep to be one".to_owned()));
    }
    let horizontal =
        horizontal(text).ok_or_else(|| wrong("it describes no projected or geographic system".to_owned()))?;
    let node = Builder::new()
        .parse(horizontal)
        .map_err(|error| wrong(error.to_string()))?;
    let (name, geographic, is_web_mercator) = match &node {
        Node::PROJCRS(projected) => {
            let extension = projected.proj4_extension.unwrap_or_default();
            (projected.name, &projected.geogcs, is_web_mercator(extension))
        }
        Node::GEOGCRS(geographic) => {
            let factor = geographic.unit.as_ref().map_or(DEGREE, |unit| unit.factor);
            if (factor - DEGREE).abs() > 1e-9 {
                return Err(wrong("its angles are not in degrees".to_owned()));
            }
            (geographic.name, geographic, false)
        }
        Node::GEOCCRS(geocentric) => return Err(UnknownCrs::Geocentric(geocentric.name.to_owned())),
        _ => return Err(wrong("it describes no projected or geographic system".to_owned())),
    };
    let number = |text: &str| text.parse().unwrap_or(f64::NAN);
    let ellipsoid = &geographic.datum.ellipsoid;
    let authority = geographic.authority.as_ref();
    let datum = Datum {
        name: geographic.datum.name,
        is_modern: is_modern(number(ellipsoid.a), number(ellipsoid.rf)),
        shift: &geographic.datum.to_wgs84,
        epsg: authority
            .filter(|authority| authority.name.eq_ignore_ascii_case("EPSG"))
            .and_then(|authority| authority.code.parse().ok()),
    };
    let mut written = Vec::new();
    Formatter::new(&mut written)
        .format(&node)
        .map_err(|error| wrong(error.to_string()))?;
    let written = String::from_utf8_lossy(&written);
    let text = if is_web_mercator {
        register::WEB_MERCATOR
    } else {
        &written
    };
    let definition = Definition::parse(name, text)?;
    Ok(Described {
        tie: tie_of(name, &datum, &definition)?,
        name: name.to_owned(),
        definition,
    })
}

/// Radians of a degree.
const DEGREE: f64 = PI / 180.0;

/// Whether a projection is Web Mercator, which GDAL writes in version 1 as a Mercator of the ellipsoid with this aside.
fn is_web_mercator(extension: &str) -> bool {
    extension.contains("+proj=merc") && extension.contains("+b=6378137") && extension.contains("+nadgrids=@null")
}

fn tie_of(name: &str, datum: &Datum<'_>, definition: &Definition) -> Result<Tie, UnknownCrs> {
    let is_zero = datum.shift.iter().all(|number| number.parse() == Ok(0.0));
    if !is_zero {
        return Ok(Tie::Parameters(datum.shift.join(",")));
    }
    let by_code = || {
        let code = datum.epsg?;
        Tie::of_code(code, &register::definition(code).ok()?).ok()
    };
    let tie = Tie::of_name(datum.name).or_else(by_code).or_else(|| {
        let is_said = !datum.shift.is_empty();
        is_said.then(|| Tie::said_to_be_zero(datum.name))
    });
    // A zero shift on another ellipsoid is a program's way of not knowing.
    tie.filter(|_| datum.is_modern)
        .ok_or_else(|| tie::shift_unknown(name, datum.name, definition))
}

/// The part of a text that describes the horizontal system: the first one, with its brackets.
fn horizontal(text: &str) -> Option<&str> {
    let starts = BEGINNINGS.iter().filter_map(|word| {
        text.match_indices(word)
            .map(|(at, _)| at)
            .find(|at| is_word(text, *at, word))
    });
    let from = &text[starts.min()?..];
    let (mut depth, mut is_quoted) = (0_usize, false);
    for (at, byte) in from.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'[' if !is_quoted => depth += 1,
            b']' if !is_quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(&from[..=at]);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a word stands at a place by itself, before a bracket.
fn is_word(text: &str, at: usize, word: &str) -> bool {
    let is_begun = !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '"');
    is_begun && text[at + word.len()..].trim_start().starts_with('[')
}

/// How deep brackets lie in each other.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Crs;

    const CHINA_2000: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    const WGS_1984: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    const XIAN_1980: &str = r#"GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

    fn esri(name: &str, geographic: &str, projection: &str, parameters: &[(&str, f64)]) -> String {
        let parameters: Vec<String> = parameters
            .iter()
            .map(|(name, value)| format!(r#"PARAMETER["{name}",{value:?}],"#))
            .collect();
        let parameters = parameters.concat();
        format!(r#"PROJCS["{name}",{geographic},PROJECTION["{projection}"],{parameters}UNIT["Meter",1.0]]"#)
    }

    fn transverse(name: &str, geographic: &str, projection: &str, of: [f64; 4]) -> String {
        let [false_easting, meridian, scale, latitude] = of;
        let parameters = [
            ("False_Easting", false_easting),
            ("False_Northing", 0.0),
            ("Central_Meridian", meridian),
            ("Scale_Factor", scale),
            ("Latitude_Of_Origin", latitude),
        ];
        esri(name, geographic, projection, &parameters)
    }

    /// Asserts that a text and a code give the same positions.
    fn same(text: &str, code: u32, x: f64, y: f64) {
        let read = Crs::from_wkt(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let (one, other) = (
            read.to_wgs84(x, y).unwrap(),
            Crs::from_epsg(code).unwrap().to_wgs84(x, y).unwrap(),
        );
        let off = (one.lon() - other.lon()).abs().max((one.lat() - other.lat()).abs());
        assert!(off < 1e-10, "{text}: {one}, EPSG:{code}: {other}");
    }

    #[test]
    fn texts_of_esri_give_what_the_codes_give() {
        let taiwan = WGS_1984
            .replace("WGS_1984", "TWD_1997")
            .replace("298.257223563", "298.257222101");
        let japan = CHINA_2000.replace("D_China_2000", "D_JGD_2011");
        let zone = transverse(
            "CGCS2000_3_Degree_GK_Zone_39",
            CHINA_2000,
            "Gauss_Kruger",
            [39.5e6, 117.0, 1.0, 0.0],
        );
        same(&zone, 4527, 39_430_000.0, 2_886_000.0);
        let meridian = transverse(
            "CGCS2000_3_Degree_GK_CM_117E",
            CHINA_2000,
            "Gauss_Kruger",
            [5e5, 117.0, 1.0, 0.0],
        );
        same(&meridian, 4548, 430_000.0, 2_886_000.0);
        let taiwan = transverse(
            "TWD_1997_TM_Taiwan",
            &taiwan,
            "Transverse_Mercator",
            [2.5e5, 121.0, 0.9999, 0.0],
        );
        same(&taiwan, 3826, 302_000.0, 2_770_000.0);
        let japan = transverse(
            "JGD_2011_Japan_Zone_9",
            &japan,
            "Transverse_Mercator",
            [0.0, 139.833_333_333_333_3, 0.9999, 36.0],
        );
        same(&japan, 6677, -6_000.0, -35_000.0);
        let utm = transverse(
            "WGS_1984_UTM_Zone_50N",
            WGS_1984,
            "Transverse_Mercator",
            [5e5, 117.0, 0.9996, 0.0],
        );
        same(&utm, 32650, 730_000.0, 2_886_000.0);
        same(WGS_1984, 4326, 119.3, 26.08);
        same(CHINA_2000, 4490, 119.3, 26.08);
        same(&format!("\u{feff}{WGS_1984}\r\n"), 4326, 119.3, 26.08);
    }

    #[test]
    fn web_mercator_is_read_in_every_spelling() {
        let esri = esri(
            "WGS_1984_Web_Mercator_Auxiliary_Sphere",
            WGS_1984,
            "Mercator_Auxiliary_Sphere",
            &[
                ("False_Easting", 0.0),
                ("False_Northing", 0.0),
                ("Central_Meridian", 0.0),
                ("Standard_Parallel_1", 0.0),
                ("Auxiliary_Sphere_Type", 0.0),
            ],
        );
        let gdal = format!(
            r#"PROJCS["WGS 84 / Pseudo-Mercator",{WGS_1984},PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]"#
        );
        let second = r#"PROJCRS["WGS 84 / Pseudo-Mercator",BASEGEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble",MEMBER["World Geodetic System 1984 (Transit)"],ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]],ENSEMBLEACCURACY[2.0]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4326]],CONVERSION["Popular Visualisation Pseudo-Mercator",METHOD["Popular Visualisation Pseudo Mercator",ID["EPSG",1024]],PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433]],PARAMETER["Longitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433]],PARAMETER["False easting",0,LENGTHUNIT["metre",1]],PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],CS[Cartesian,2],AXIS["easting (X)",east],AXIS["northing (Y)",north],LENGTHUNIT["metre",1]]"#;
        for text in [&esri, &gdal, second] {
            same(text, 3857, 13_280_000.0, 3_006_000.0);
        }
    }

    #[test]
    fn a_compound_system_is_read_for_its_horizontal_part() {
        let compound = format!(r#"COMPD_CS["x",{CHINA_2000},VERT_CS["y",VERT_DATUM["z",2005],UNIT["metre",1]]]"#);
        same(&compound, 4490, 119.3, 26.08);
    }

    #[test]
    fn a_datum_that_is_not_tied_is_refused_unless_the_text_ties_it() {
        let zone = |geographic: &str| transverse("x", geographic, "Gauss_Kruger", [5e5, 117.0, 1.0, 0.0]);
        let beijing = XIAN_1980
            .replace("Xian_1980", "Beijing_1954")
            .replace("6378140.0,298.257", "6378245.0,298.3");
        // VN-2000 has the ellipsoid of WGS 84 and lies 200 m away.
        let vietnam = WGS_1984.replace("D_WGS_1984", "D_Vietnam_2000");
        for geographic in [XIAN_1980, &beijing, &vietnam] {
            for text in [geographic.to_owned(), zone(geographic)] {
                let error = Crs::from_wkt(&text).unwrap_err();
                assert!(matches!(&error, UnknownCrs::Shift { .. }), "{error}");
                assert!(error.to_string().contains("towgs84=DX,DY,DZ"), "{error}");
            }
        }
        let zeros = XIAN_1980.replace("298.257]]", "298.257],TOWGS84[0,0,0,0,0,0,0]]");
        assert!(matches!(Crs::from_wkt(&zeros), Err(UnknownCrs::Shift { .. })));
        let shifted = XIAN_1980.replace("298.257]]", "298.257],TOWGS84[10,-20,30]]");
        let shifted = Crs::from_wkt(&zone(&shifted)).unwrap();
        assert_eq!(shifted.tie(), &Tie::Parameters("10,-20,30".to_owned()));
        let said = vietnam.replace("298.257223563]]", "298.257223563],TOWGS84[0,0,0]]");
        assert!(matches!(Crs::from_wkt(&said).unwrap().tie(), Tie::TakenAsEqual { .. }));
        // A name alone does not make an ellipsoid.
        assert!(Crs::from_wkt(&XIAN_1980.replace("D_Xian_1980", "D_China_2000")).is_err());
    }

    #[test]
    fn what_is_no_definition_is_refused() {
        let deep = format!("GEOGCS[{}", "A[".repeat(20_000));
        let grads = CHINA_2000.replace("0.0174532925199433", "0.015707963267949");
        let grid = esri("x", WGS_1984, "Nothing_Known", &[]);
        let file = grid.replace(
            "UNIT[",
            r#"EXTENSION["PROJ4","+proj=utm +zone=1 +nadgrids=a.gsb"],UNIT["#,
        );
        for text in [
            "PROJCS[",
            "PROJCS[]",
            "LOCAL_CS[\"x\"]",
            "[[[[",
            "GEOGCS[\"x\"]",
            &deep,
            &grads,
            &grid,
            &file,
            &WGS_1984[..80],
            &"GEOGCS[\"".repeat(9_000),
        ] {
            let shown: String = text.chars().take(40).collect();
            assert!(
                matches!(Crs::from_wkt(text), Err(UnknownCrs::Definition { .. })),
                "{shown}"
            );
        }
    }
}
