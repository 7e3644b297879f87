//! Geometries in well-known text (OGC 06-103r4, clause 7), with the `SRID=…;` that PostGIS puts before it.
//!
//! Strict: anything left over is an error. Heights and measures are left out; empty geometries are no geometry.

use geo_types::{Coord, Geometry, LineString, MultiPoint, Point, Polygon};

/// How deep geometry collections may lie in each other.
const MAX_DEPTH: usize = 8;

/// A geometry read from text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parsed {
    /// The geometry; `None` where it is empty.
    pub(super) geometry: Option<Geometry<f64>>,
    /// How many rings of polygons were not closed.
    pub(super) open_rings: usize,
    /// The code before the text.
    pub(super) srid: Option<u32>,
}

/// Whether a text begins like a geometry.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.trim_start().to_ascii_uppercase();
    ["SRID=", "POINT", "LINESTRING", "POLYGON", "MULTI", "GEOMETRYCOLLECTION"]
        .iter()
        .any(|word| text.starts_with(word))
}

/// Reads a geometry. Time linear in the text.
///
/// # Errors
/// Says what was expected and where.
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    let (srid, body) = match text.trim().split_once(';') {
        Some((code, body)) => {
            let digits = code
                .trim()
                .get(5..)
                .filter(|_| code.trim().to_ascii_uppercase().starts_with("SRID="));
            let code = digits.and_then(|digits| digits.parse().ok());
            (Some(code.ok_or("before `;` there must be SRID=NUMBER")?), body)
        }
        None => (None, text),
    };
    let mut reader = Reader {
        rest: body,
        whole: body,
        open_rings: 0,
    };
    let geometry = reader.geometry(0)?;
    reader.skip_blanks();
    if !reader.rest.is_empty() {
        return Err(reader.expected("nothing more"));
    }
    Ok(Parsed {
        geometry,
        open_rings: reader.open_rings,
        srid: srid.filter(|&code| code != 0),
    })
}

struct Reader<'t> {
    rest: &'t str,
    whole: &'t str,
    open_rings: usize,
}

impl<'t> Reader<'t> {
    fn expected(&self, what: &str) -> String {
        format!(
            "is no well-known text: expected {what} at character {}",
            self.whole[..self.whole.len() - self.rest.len()].chars().count() + 1
        )
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn word(&mut self) -> &'t str {
        self.skip_blanks();
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn take(&mut self, sign: char) -> bool {
        self.skip_blanks();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<Geometry<f64>>, String> {
        let word = self.word().to_ascii_uppercase();
        let kind = ["ZM", "Z", "M"]
            .iter()
            .find_map(|suffix| word.strip_suffix(suffix))
            .filter(|kind| !kind.is_empty())
            .unwrap_or(&word);
        let before = self.rest;
        match self.word().to_ascii_uppercase().as_str() {
            "" => {}
            "Z" | "M" | "ZM" => {
                let before = self.rest;
                match self.word().to_ascii_uppercase().as_str() {
                    "" => {}
                    "EMPTY" => return Ok(None),
                    _ => {
                        self.rest = before;
                        return Err(self.expected("`(`"));
                    }
                }
            }
            "EMPTY" => return Ok(None),
            _ => {
                self.rest = before;
                return Err(self.expected("`(`"));
            }
        }
        self.body(kind, depth).map(Some)
    }

    fn body(&mut self, kind: &str, depth: usize) -> Result<Geometry<f64>, String> {
        Ok(match kind {
            "POINT" => {
                let coords = self.coords()?;
                let [coord] = coords.as_slice() else {
                    return Err(self.expected("one position in a point"));
                };
                Point(*coord).into()
            }
            "MULTIPOINT" => MultiPoint(self.list(Self::loose_point)?).into(),
            "LINESTRING" => LineString(self.coords()?).into(),
            "MULTILINESTRING" => Geometry::MultiLineString(
                self.list(|reader| reader.coords().map(LineString))?
                    .into_iter()
                    .collect(),
            ),
            "POLYGON" => self.polygon()?.into(),
            "MULTIPOLYGON" => Geometry::MultiPolygon(self.list(Self::polygon)?.into_iter().collect()),
            "GEOMETRYCOLLECTION" if depth < MAX_DEPTH => {
                let members = self.list(|reader| reader.geometry(depth + 1))?;
                Geometry::GeometryCollection(members.into_iter().flatten().collect())
            }
            _ => return Err(self.expected("a geometry such as POINT (119.3 26.08)")),
        })
    }

    /// `(one, other, …)`.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        if !self.take('(') {
            return Err(self.expected("`(`"));
        }
        let mut items = vec![item(self)?];
        while self.take(',') {
            items.push(item(self)?);
        }
        if self.take(')') {
            Ok(items)
        } else {
            Err(self.expected("`,` or `)`"))
        }
    }

    fn coords(&mut self) -> Result<Vec<Coord<f64>>, String> {
        self.list(Self::coord)
    }

    /// A point of a multipoint, with its brackets or without.
    fn loose_point(&mut self) -> Result<Point<f64>, String> {
        let has_brackets = self.take('(');
        let coord = self.coord()?;
        if has_brackets && !self.take(')') {
            return Err(self.expected("`)`"));
        }
        Ok(Point(coord))
    }

    fn coord(&mut self) -> Result<Coord<f64>, String> {
        let coord = Coord {
            x: self.number()?,
            y: self.number()?,
        };
        for _ in 0..2 {
            self.skip_blanks();
            if self.rest.starts_with([',', ')']) {
                break;
            }
            self.number()?;
        }
        Ok(coord)
    }

    fn number(&mut self) -> Result<f64, String> {
        self.skip_blanks();
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E')))
            .unwrap_or(self.rest.len());
        let number = self.rest[..end].parse().ok().filter(|number: &f64| number.is_finite());
        let number = number.ok_or_else(|| self.expected("a number"))?;
        self.rest = &self.rest[end..];
        Ok(number)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, String> {
        let rings = self.list(|reader| reader.coords().map(LineString))?;
        self.open_rings += rings.iter().filter(|ring| ring.0.first() != ring.0.last()).count();
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn geometries_of_all_kinds_are_read() {
        let point = |text: &str| parse(text).unwrap().geometry;
        let expected = Some(Geometry::from(Point::new(119.3, 26.08)));
        for text in [
            "POINT (119.3 26.08)",
            "point(119.3 26.08)",
            "POINT Z (119.3 26.08 5)",
            "POINTZM(119.3 26.08 5 1)",
            " POINT ( 1.193e2 26.08 ) ",
        ] {
            assert_eq!(point(text), expected, "{text}");
        }
        let marked = parse("SRID=4490;POINT(119.3 26.08)").unwrap();
        assert_eq!((marked.geometry, marked.srid), (expected, Some(4490)));
        assert_eq!(point("POLYGON EMPTY"), None);
        let open = parse("POLYGON ((0 0, 4 0, 4 4), (1 1, 2 1, 2 2, 1 1))").unwrap();
        assert_eq!(open.open_rings, 1);
        for (text, count) in [
            ("MULTIPOINT ((1 2), (3 4))", 2),
            ("MULTIPOINT (1 2, 3 4)", 2),
            ("LINESTRING (1 2, 3 4)", 2),
            ("MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))", 4),
            ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((2 2, 3 2, 3 3, 2 2)))", 8),
            (
                "GEOMETRYCOLLECTION (POINT (1 2), GEOMETRYCOLLECTION EMPTY, LINESTRING (1 2, 3 4))",
                3,
            ),
        ] {
            let geometry = point(text).unwrap();
            assert_eq!(geo::CoordsIter::coords_count(&geometry), count, "{text}");
        }
    }

    #[test]
    fn broken_text_is_an_error_that_says_where() {
        for text in [
            "",
            "POINT",
            "POINT (1)",
            "POINT (1 2",
            "POINT (1 2) x",
            "POINT (1 2, 3 4)",
            "POINT (1 2 3 4 5)",
            "CIRCLE (1 2)",
            "POINT (x y)",
            "SRID=a;POINT (1 2)",
            "POINT Q (1 2)",
            "POINT (1 NaN)",
            "PÖINT (1 2)",
            "1;POINT (1 2)",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        let nested = "GEOMETRYCOLLECTION (".repeat(1000);
        assert!(parse(&nested).is_err());
        insta::assert_snapshot!(parse("POINT (119.3; 26.08)").unwrap_err(), @"before `;` there must be SRID=NUMBER");
        insta::assert_snapshot!(parse("POINT (119.3, 26.08)").unwrap_err(), @"is no well-known text: expected a number at character 13");
    }

    proptest! {
        #[test]
        fn any_text_is_a_geometry_or_an_error(text in "(SRID=1;)?(POINT|POLYGON|MULTIPOINT|GEOMETRYCOLLECTION)?[ ()0-9.,Z-]{0,20}|.{0,12}") {
            let _ = parse(&text);
        }
    }
}
