//! Geometries of a GeoPackage: its own header (OGC 12-128r19, clause 2.1.3) before well-known binary (OGC 06-103r4,
//! clause 8, with the numbers of ISO 13249-3 for heights and measures, and PostGIS' flags, which some writers use).
//!
//! Every count is held against the bytes that are left before anything is made room for, so that a forged one costs
//! nothing. Heights and measures are left out.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

/// How deep collections may lie in each other.
const MAX_DEPTH: usize = 8;

/// A geometry; `None` where it is empty.
pub(super) fn read(blob: &[u8], open_rings: &mut usize) -> Result<Option<Geometry<f64>>, String> {
    let (Some(b"GP"), Some(&flags)) = (blob.get(..2), blob.get(3)) else {
        return Err("it is no GeoPackage geometry".to_owned());
    };
    if flags & 0x20 != 0 {
        return Err("it is a geometry of an extension, which nobody else can read".to_owned());
    }
    let envelope = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("there is no kind of envelope with number {other}")),
    };
    let mut wkb = Wkb {
        bytes: blob.get(8 + envelope..).ok_or(CUT)?,
        little: true,
        open_rings: 0,
    };
    let geometry = wkb.geometry(0)?;
    if !wkb.bytes.is_empty() {
        return Err(format!("{} bytes follow the geometry", wkb.bytes.len()));
    }
    *open_rings = wkb.open_rings;
    Ok(geometry)
}

const CUT: &str = "the geometry is cut short";

struct Wkb<'b> {
    /// What is left.
    bytes: &'b [u8],
    /// The order of the bytes of the geometry being read.
    little: bool,
    open_rings: usize,
}

impl Wkb<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>().ok_or(CUT)?;
        self.bytes = rest;
        Ok(*taken)
    }

    fn word(&mut self) -> Result<u32, String> {
        let bytes = self.take()?;
        Ok(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    /// A count of things that need at least so many bytes each.
    fn count(&mut self, least: usize) -> Result<usize, String> {
        let count = self.word()? as usize;
        if count > self.bytes.len() / least {
            return Err(CUT.to_owned());
        }
        Ok(count)
    }

    fn float(&mut self) -> Result<f64, String> {
        let bytes = self.take()?;
        Ok(if self.little {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        })
    }

    fn coord(&mut self, dimensions: usize) -> Result<Coord<f64>, String> {
        let coord = Coord {
            x: self.float()?,
            y: self.float()?,
        };
        for _ in 2..dimensions {
            self.float()?;
        }
        Ok(coord)
    }

    fn coords(&mut self, dimensions: usize) -> Result<Vec<Coord<f64>>, String> {
        let count = self.count(8 * dimensions)?;
        (0..count).map(|_| self.coord(dimensions)).collect()
    }

    /// Its kind, without heights and measures, and how many numbers a position has.
    fn head(&mut self) -> Result<(u32, usize), String> {
        self.little = match self.take()? {
            [0] => false,
            [1] => true,
            [other] => return Err(format!("there is no byte order with number {other}")),
        };
        let word = self.word()?;
        let (flags, number) = (word >> 29, word & 0x1fff_ffff);
        if flags & 1 != 0 {
            // PostGIS puts the number of the reference system here; the layer has it.
            self.word()?;
        }
        let flagged = (flags >> 1 & 1) + (flags >> 2 & 1);
        let dimensions = match number / 1000 {
            0 => 2 + flagged as usize,
            1 | 2 => 3,
            3 => 4,
            _ => return Err(unknown(number)),
        };
        Ok((number % 1000, dimensions))
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<Geometry<f64>>, String> {
        let (kind, dimensions) = self.head()?;
        let geometry: Geometry<f64> = match kind {
            1 => Point(self.coord(dimensions)?).into(),
            2 => LineString(self.coords(dimensions)?).into(),
            3 | 17 => self.polygon(dimensions)?.into(),
            4 => MultiPoint(self.members(depth, |member| match member {
                Geometry::Point(point) => Some(point),
                _ => None,
            })?)
            .into(),
            5 => MultiLineString(self.members(depth, |member| match member {
                Geometry::LineString(line) => Some(line),
                _ => None,
            })?)
            .into(),
            6 => MultiPolygon(self.members(depth, |member| match member {
                Geometry::Polygon(polygon) => Some(polygon),
                _ => None,
            })?)
            .into(),
            7 => Geometry::GeometryCollection(GeometryCollection(self.members(depth, Some)?)),
            8..=14 => {
                return Err("it has curves; make lines of them first: ogr2ogr -nlt CONVERT_TO_LINEAR".to_owned());
            }
            15 | 16 => return Err("it is the surface of a body; export its footprint".to_owned()),
            other => return Err(unknown(other)),
        };
        Ok(Some(geometry).filter(|geometry| !is_empty(geometry)))
    }

    fn polygon(&mut self, dimensions: usize) -> Result<Polygon<f64>, String> {
        let count = self.count(4)?;
        let rings: Result<Vec<_>, String> = (0..count).map(|_| Ok(LineString(self.coords(dimensions)?))).collect();
        let rings = rings?;
        self.open_rings += rings.iter().filter(|ring| ring.0.first() != ring.0.last()).count();
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    /// The members that are not empty; all must be of the kind that `pick` gives back.
    fn members<T>(&mut self, depth: usize, pick: impl Fn(Geometry<f64>) -> Option<T>) -> Result<Vec<T>, String> {
        if depth >= MAX_DEPTH {
            return Err(format!("geometry collections nested deeper than {MAX_DEPTH}"));
        }
        let order = self.little;
        let count = self.count(9)?;
        let mut members = Vec::with_capacity(count);
        for _ in 0..count {
            let member = self.geometry(depth + 1)?;
            let picked = member.map(|member| pick(member).ok_or("its members are not all of its kind"));
            members.extend(picked.transpose()?);
        }
        self.little = order;
        Ok(members)
    }
}

fn unknown(number: u32) -> String {
    format!("there is no kind of geometry with number {number}")
}

/// Without positions: well-known binary writes an empty point as one of no numbers.
fn is_empty(geometry: &Geometry<f64>) -> bool {
    match geometry {
        Geometry::Point(point) => point.x().is_nan() && point.y().is_nan(),
        other => geo::CoordsIter::coords_count(other) == 0,
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{point, polygon};
    use proptest::prelude::*;

    use super::*;

    /// A blob with the given envelope kind around well-known binary.
    fn blob(envelope: u8, wkb: &[u8]) -> Vec<u8> {
        let length = [0, 32, 48, 48, 64][usize::from(envelope)];
        let mut blob = vec![b'G', b'P', 0, envelope << 1 | 1, 0, 0, 0, 0];
        blob.resize(8 + length, 0);
        [blob, wkb.to_vec()].concat()
    }

    fn head(little: bool, kind: u32) -> Vec<u8> {
        [vec![u8::from(little)], word(little, kind)].concat()
    }

    fn word(little: bool, word: u32) -> Vec<u8> {
        if little { word.to_le_bytes() } else { word.to_be_bytes() }.to_vec()
    }

    fn floats(little: bool, floats: &[f64]) -> Vec<u8> {
        floats
            .iter()
            .flat_map(|float| {
                if little {
                    float.to_le_bytes()
                } else {
                    float.to_be_bytes()
                }
            })
            .collect()
    }

    fn point_of(little: bool, kind: u32, numbers: &[f64]) -> Vec<u8> {
        [head(little, kind), floats(little, numbers)].concat()
    }

    /// One part, its ring left open; big-endian around a little-endian member.
    fn multipolygon() -> Vec<u8> {
        let ring = [0.0, 0.0, 4.0, 0.0, 4.0, 4.0];
        let polygon = [head(true, 3), word(true, 1), word(true, 3), floats(true, &ring)].concat();
        [head(false, 6), word(false, 1), polygon].concat()
    }

    fn read_one(blob: &[u8]) -> Result<(Option<Geometry<f64>>, usize), String> {
        let mut open_rings = 0;
        read(blob, &mut open_rings).map(|geometry| (geometry, open_rings))
    }

    #[test]
    fn positions_with_heights_and_measures_are_read_without_them() {
        for little in [true, false] {
            for (kind, numbers) in [
                (1, vec![119.3, 26.1]),
                (1001, vec![119.3, 26.1, 5.0]),
                (2001, vec![119.3, 26.1, 7.0]),
                (3001, vec![119.3, 26.1, 5.0, 7.0]),
                (0x8000_0001, vec![119.3, 26.1, 5.0]),
                (0xc000_0001, vec![119.3, 26.1, 5.0, 7.0]),
            ] {
                for envelope in 0..=4 {
                    let (geometry, _) = read_one(&blob(envelope, &point_of(little, kind, &numbers))).unwrap();
                    assert_eq!(geometry, Some(point! { x: 119.3, y: 26.1 }.into()), "{kind:x}");
                }
            }
        }
    }

    #[test]
    fn each_member_has_a_byte_order_of_its_own() {
        let square = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0)];
        let expected = Geometry::MultiPolygon(MultiPolygon(vec![square]));
        assert_eq!(read_one(&blob(0, &multipolygon())), Ok((Some(expected), 1)));
    }

    #[test]
    fn empty_geometries_are_none() {
        let nothing = point_of(true, 1, &[f64::NAN, f64::NAN]);
        let none_in_many = [head(true, 4), word(true, 1), nothing.clone()].concat();
        for wkb in [nothing, none_in_many, [head(true, 7), word(true, 0)].concat()] {
            assert_eq!(read_one(&blob(0, &wkb)), Ok((None, 0)));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let nested = (0..20).fold(point_of(true, 1, &[1.0, 2.0]), |inner, _| {
            [head(true, 7), word(true, 1), inner].concat()
        });
        let mixed = [
            head(true, 4),
            word(true, 1),
            head(true, 2),
            word(true, 1),
            floats(true, &[1.0, 2.0]),
        ]
        .concat();
        for (blob, reason) in [
            (b"XX\0\x01....".to_vec(), "no GeoPackage geometry"),
            (b"GP\0\x21....".to_vec(), "extension"),
            (b"GP\0\x0b....".to_vec(), "kind of envelope"),
            (blob(0, &[head(true, 8), word(true, 0)].concat()), "curves"),
            (blob(0, &[head(true, 15), word(true, 0)].concat()), "body"),
            (blob(0, &[head(true, 99), word(true, 0)].concat()), "kind of geometry"),
            (blob(0, &[head(true, 2), word(true, u32::MAX)].concat()), "cut short"),
            (blob(0, &nested), "nested deeper"),
            (blob(0, &mixed), "not all of its kind"),
            (blob(0, &[point_of(true, 1, &[1.0, 2.0]), vec![0]].concat()), "follow"),
        ] {
            let error = read_one(&blob).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_blob_cut_anywhere_is_an_error() {
        let whole = blob(1, &multipolygon());
        for length in 0..whole.len() {
            assert!(read_one(&whole[..length]).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn no_blob_panics(
            mut blob in Just(blob(0, &multipolygon())),
            flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        ) {
            for (place, byte) in flips {
                let place = place.index(blob.len());
                blob[place] = byte;
            }
            let _ = read_one(&blob);
        }
    }
}
