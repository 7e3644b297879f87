//! Definitions by EPSG code, from the crate `crs-definitions`, and what people call the systems that our users meet.

use super::{UnknownCrs, definition::Definition};

/// The definition of Web Mercator (EPSG:3857), whose sphere takes longitude and latitude of WGS 84 as they are.
pub(super) const WEB_MERCATOR: &str = "+proj=webmerc +datum=WGS84";

/// The code that a code is another name of: Web Mercator has had several.
pub(super) const fn canonical(code: u32) -> u32 {
    match code {
        3785 | 102_100 | 102_113 | 900_913 => 3857,
        other => other,
    }
}

/// The definition of a code.
pub(super) fn definition(code: u32) -> Result<Definition, UnknownCrs> {
    let name = format!("EPSG:{code}");
    if code == 3857 {
        return Definition::parse(&name, WEB_MERCATOR);
    }
    let found = u16::try_from(code).ok().and_then(crs_definitions::from_code);
    let found = found.ok_or(UnknownCrs::Code(code))?;
    Definition::parse(&name, found.proj4)
}

/// What people call a system; for the families that are met in the regions we serve.
pub(super) fn title(code: u32) -> Option<String> {
    Some(match code {
        4326 => "WGS 84".to_owned(),
        4490 => "CGCS2000".to_owned(),
        4491..=4501 => format!("CGCS2000 / 6-degree Gauss-Krüger zone {}", code - 4491 + 13),
        4502..=4512 => format!(
            "CGCS2000 / 6-degree Gauss-Krüger, central meridian {}° E",
            75 + 6 * (code - 4502)
        ),
        4513..=4533 => format!("CGCS2000 / 3-degree Gauss-Krüger zone {}", code - 4513 + 25),
        4534..=4554 => format!(
            "CGCS2000 / 3-degree Gauss-Krüger, central meridian {}° E",
            75 + 3 * (code - 4534)
        ),
        3824 => "TWD97".to_owned(),
        3825 => "TWD97 / TM2 zone 119".to_owned(),
        3826 => "TWD97 / TM2 zone 121".to_owned(),
        3857 => "WGS 84 / Web Mercator".to_owned(),
        6668 => "JGD2011".to_owned(),
        6669..=6687 => format!("JGD2011 / Japan plane rectangular zone {}", code - 6668),
        32_601..=32_660 => format!("WGS 84 / UTM zone {}N", code - 32_600),
        32_701..=32_760 => format!("WGS 84 / UTM zone {}S", code - 32_700),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_titles_agree_with_the_definitions() {
        let parameter = |code, key: &str| definition(code).unwrap().number(key).unwrap();
        for code in 4534..=4554 {
            let meridian = format!("meridian {}° E", parameter(code, "lon_0"));
            assert!(title(code).unwrap().ends_with(&meridian), "{code}");
        }
        for code in 4502..=4512 {
            let meridian = format!("meridian {}° E", parameter(code, "lon_0"));
            assert!(title(code).unwrap().ends_with(&meridian), "{code}");
        }
        for code in (4491..=4501).chain(4513..=4533) {
            let zone = format!("zone {}", definition(code).unwrap().zone().unwrap());
            assert!(title(code).unwrap().ends_with(&zone), "{code}");
        }
        for code in 32_601..=32_660 {
            assert!(
                title(code)
                    .unwrap()
                    .contains(&format!("zone {}N", parameter(code, "zone")))
            );
        }
        assert_eq!(definition(99_999), Err(UnknownCrs::Code(99_999)));
        assert_eq!(canonical(900_913), 3857);
    }
}
