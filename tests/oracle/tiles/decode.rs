//! A decoder of Mapbox Vector Tiles 2.1 that shares nothing with the encoder and panics at anything the specification
//! does not allow.

use std::collections::BTreeMap;

use geo::{Area, Coord, LineString, MultiPolygon, Polygon};
use serde_json::Value;

/// A decoded layer.
#[derive(Debug, PartialEq)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) features: Vec<Feature>,
}

/// A decoded feature.
#[derive(Debug, PartialEq)]
pub(crate) struct Feature {
    /// 0 where it has none; ids count from 1.
    pub(crate) id: u64,
    /// 1 point, 2 line, 3 polygon.
    pub(crate) kind: u64,
    pub(crate) properties: BTreeMap<String, Value>,
    /// Points (one path), lines, or rings without their repeated first vertex.
    pub(crate) paths: Vec<Vec<Coord<i32>>>,
}

impl Feature {
    /// The polygons of a polygon feature, by the winding of its rings.
    pub(crate) fn polygons(&self) -> MultiPolygon<f64> {
        let mut polygons: Vec<Polygon<f64>> = Vec::new();
        for path in &self.paths {
            let coords = path.iter().map(|at| Coord {
                x: f64::from(at.x),
                y: f64::from(at.y),
            });
            let mut ring: LineString<f64> = coords.collect();
            ring.close();
            if doubled_area(path) > 0 {
                polygons.push(Polygon::new(ring, Vec::new()));
            } else {
                polygons
                    .last_mut()
                    .expect("a feature's first ring is an exterior")
                    .interiors_push(ring);
            }
        }
        MultiPolygon::new(polygons)
    }

    pub(crate) fn area(&self) -> f64 {
        self.polygons().unsigned_area()
    }
}

/// Twice the area of a ring, positive for exteriors (section 4.3.3.3 of the specification).
pub(crate) fn doubled_area(ring: &[Coord<i32>]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Coord<i32>, &Coord<i32>)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y);
    ring.iter().zip(next).map(cross).sum()
}

/// Decodes a tile.
pub(crate) fn decode(tile: &[u8]) -> Vec<Layer> {
    fields(tile)
        .map(|(field, value)| {
            assert_eq!(field, 3, "a tile holds layers only");
            layer(value.bytes())
        })
        .collect()
}

enum Field<'a> {
    Number(u64),
    Double(f64),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            _ => panic!("bytes expected"),
        }
    }

    fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            _ => panic!("a number expected"),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes().to_vec()).expect("UTF-8")
    }
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let (byte, rest) = bytes.split_first().expect("a varint ends");
        *bytes = rest;
        value |= u64::from(byte & 0x7f)
            .checked_shl(shift)
            .expect("a varint has at most ten bytes");
        if byte & 0x80 == 0 {
            return value;
        }
    }
    panic!("a varint has at most ten bytes");
}

fn fields(mut bytes: &[u8]) -> impl Iterator<Item = (u64, Field<'_>)> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let key = varint(&mut bytes);
        let mut take = |count: usize| {
            let (taken, rest) = bytes.split_at(count);
            bytes = rest;
            taken
        };
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => Field::Double(f64::from_le_bytes(take(8).try_into().unwrap())),
            2 => {
                let length = varint(&mut bytes) as usize;
                let (taken, rest) = bytes.split_at(length);
                bytes = rest;
                Field::Bytes(taken)
            }
            other => panic!("wire type {other}"),
        };
        Some((key >> 3, field))
    })
}

fn layer(bytes: &[u8]) -> Layer {
    let (mut name, mut version, mut extent) = (None, None, None);
    let (mut keys, mut values, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for (field, value) in fields(bytes) {
        match field {
            1 => assert!(name.replace(value.text()).is_none(), "one name"),
            2 => raw.push(value.bytes()),
            3 => keys.push(value.text()),
            4 => values.push(tag_value(value.bytes())),
            5 => extent = Some(value.number()),
            15 => version = Some(value.number()),
            other => panic!("field {other} of a layer"),
        }
    }
    assert_eq!((version, extent), (Some(2), Some(4096)));
    assert!(!raw.is_empty(), "a layer has features");
    let mut distinct = keys.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), keys.len(), "keys stand once");
    let features = raw.into_iter().map(|bytes| feature(bytes, &keys, &values)).collect();
    Layer {
        name: name.expect("a layer has a name"),
        features,
    }
}

fn tag_value(bytes: &[u8]) -> Value {
    let all: Vec<_> = fields(bytes).collect();
    let [(field, value)] = &all[..] else {
        panic!("a value has one type")
    };
    match (field, value) {
        (1, value) => value.text().into(),
        (3, Field::Double(value)) => (*value).into(),
        (4, value) => (value.number() as i64).into(),
        (7, value) => (value.number() != 0).into(),
        (field, _) => panic!("field {field} of a value"),
    }
}

fn packed(mut bytes: &[u8]) -> Vec<u32> {
    let mut words = Vec::new();
    while !bytes.is_empty() {
        words.push(u32::try_from(varint(&mut bytes)).expect("32 bits"));
    }
    words
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> Feature {
    let (mut id, mut tags, mut kind, mut geometry) = (None, Vec::new(), 0, Vec::new());
    for (field, value) in fields(bytes) {
        match field {
            1 => id = Some(value.number()),
            2 => tags = packed(value.bytes()),
            3 => kind = value.number(),
            4 => geometry = packed(value.bytes()),
            other => panic!("field {other} of a feature"),
        }
    }
    assert_eq!(tags.len() % 2, 0, "tags come in pairs");
    let pairs = tags
        .chunks(2)
        .map(|tag| (keys[tag[0] as usize].clone(), values[tag[1] as usize].clone()));
    Feature {
        id: id.unwrap_or(0),
        kind,
        properties: pairs.collect(),
        paths: paths(kind, &geometry),
    }
}

fn paths(kind: u64, geometry: &[u32]) -> Vec<Vec<Coord<i32>>> {
    let mut words = geometry.iter().copied();
    let mut cursor = Coord { x: 0, y: 0 };
    let mut paths: Vec<Vec<Coord<i32>>> = Vec::new();
    let mut is_open = false;
    while let Some(word) = words.next() {
        let (id, count) = (word & 7, word >> 3);
        match id {
            1 | 2 => {
                assert!(count > 0);
                if id == 1 {
                    assert!(!(is_open && kind == 3), "a ring is closed before the next");
                    assert!(
                        count == 1 || (kind == 1 && paths.is_empty()),
                        "only points move many times"
                    );
                    paths.push(Vec::new());
                } else {
                    assert!(kind != 1 && is_open, "a line follows a move");
                }
                is_open = kind != 1;
                for _ in 0..count {
                    let mut step = || {
                        words
                            .next()
                            .map(|word| (word >> 1) as i32 ^ -((word & 1) as i32))
                            .expect("two words")
                    };
                    cursor = Coord {
                        x: cursor.x + step(),
                        y: cursor.y + step(),
                    };
                    paths.last_mut().unwrap().push(cursor);
                }
            }
            7 => {
                assert!(kind == 3 && count == 1 && is_open, "a ring is closed once");
                is_open = false;
            }
            other => panic!("command {other}"),
        }
    }
    assert!(!(is_open && kind == 3), "the last ring is closed");
    assert!(!paths.is_empty(), "a feature has a geometry");
    paths
}
