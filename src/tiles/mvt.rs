//! Writing Mapbox Vector Tiles 2.1: protocol buffer bytes for layers, features and geometry commands.
//!
//! Own code rather than a crate's encoder: `mvt` 0.15 and `geozero` 0.15 look every key and value up by its content for
//! every feature of every tile and keep each feature as an object of its own until the end. Here a layer's values are
//! encoded once when it is built (see [`super::properties`]), so a tile copies bytes by number; what is left to write is
//! this file. Independent decoders read every tile of a pyramid in the tests.
//!
//! Source: <https://github.com/mapbox/vector-tile-spec/tree/master/2.1>.

use geo_types::Coord;

use super::EXTENT;

/// The version of the specification that layers declare.
const SPEC_VERSION: u64 = 2;

/// What a feature's geometry is; the numbers are the specification's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GeometryKind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// Geometry commands of one feature (section 4.3).
#[derive(Default)]
pub(super) struct Commands {
    words: Vec<u32>,
    cursor: Coord<i32>,
}

impl Commands {
    const MOVE_TO: u32 = 1;
    const LINE_TO: u32 = 2;
    const CLOSE_PATH: u32 = 7;

    /// Starts a new feature.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.cursor = Coord::default();
    }

    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// All points of a feature.
    pub(super) fn points(&mut self, points: &[Coord<i32>]) {
        if !points.is_empty() {
            self.command(Self::MOVE_TO, points.len());
            for &at in points {
                self.go(at);
            }
        }
    }

    /// A line of at least two vertices.
    pub(super) fn line(&mut self, line: &[Coord<i32>]) {
        if let [first, rest @ ..] = line {
            self.command(Self::MOVE_TO, 1);
            self.go(*first);
            self.command(Self::LINE_TO, rest.len());
            for &at in rest {
                self.go(at);
            }
        }
    }

    /// A ring of at least three vertices, the first not repeated.
    pub(super) fn ring(&mut self, ring: &[Coord<i32>]) {
        self.line(ring);
        self.command(Self::CLOSE_PATH, 1);
    }

    fn command(&mut self, id: u32, count: usize) {
        self.words.push(id | ((count as u32) << 3));
    }

    fn go(&mut self, to: Coord<i32>) {
        self.words.push(zigzag(to.x - self.cursor.x));
        self.words.push(zigzag(to.y - self.cursor.y));
        self.cursor = to;
    }
}

const fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

/// A value as the specification's `Value` message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TagValue<'a> {
    Text(&'a str),
    Double(f64),
    Int(i64),
    Bool(bool),
}

impl TagValue<'_> {
    /// The bytes of the message.
    pub(super) fn encode(self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Text(text) => put_bytes(&mut out, 1, text.as_bytes()),
            Self::Double(value) => {
                put_key(&mut out, 3, 1);
                out.extend(value.to_le_bytes());
            }
            // Two's complement, as protocol buffers encode int64.
            Self::Int(value) => put_number(&mut out, 4, value as u64),
            Self::Bool(value) => put_number(&mut out, 7, u64::from(value)),
        }
        out
    }
}

/// Collects the features of one layer.
#[derive(Default)]
pub(super) struct LayerWriter {
    features: Vec<u8>,
    message: Vec<u8>,
    packed: Vec<u8>,
}

impl LayerWriter {
    /// Whether no feature was written.
    pub(super) fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Writes a feature: its id, pairs of key and value numbers, and geometry.
    pub(super) fn feature(&mut self, id: u64, tags: &[u32], kind: GeometryKind, geometry: &Commands) {
        self.message.clear();
        put_number(&mut self.message, 1, id);
        self.put_packed(2, tags);
        put_number(&mut self.message, 3, kind as u64);
        self.put_packed(4, &geometry.words);
        put_bytes(&mut self.features, 2, &self.message);
    }

    fn put_packed(&mut self, field: u64, words: &[u32]) {
        self.packed.clear();
        for word in words {
            put_varint(&mut self.packed, u64::from(*word));
        }
        put_bytes(&mut self.message, field, &self.packed);
    }

    /// Appends the layer to a tile: its name, features, and the keys and (encoded) values that tags count into.
    pub(super) fn finish<'a>(
        self,
        name: &str,
        keys: impl Iterator<Item = &'a str>,
        values: impl Iterator<Item = &'a [u8]>,
        tile: &mut Vec<u8>,
    ) {
        let mut head = Vec::new();
        put_bytes(&mut head, 1, name.as_bytes());
        let mut tail = Vec::new();
        keys.for_each(|key| put_bytes(&mut tail, 3, key.as_bytes()));
        values.for_each(|value| put_bytes(&mut tail, 4, value));
        put_number(&mut tail, 5, EXTENT as u64);
        put_number(&mut tail, 15, SPEC_VERSION);
        put_key(tile, 3, 2);
        put_varint(tile, (head.len() + self.features.len() + tail.len()) as u64);
        tile.extend(head);
        tile.extend(self.features);
        tile.extend(tail);
    }
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_key(out: &mut Vec<u8>, field: u64, wire_type: u64) {
    put_varint(out, (field << 3) | wire_type);
}

fn put_number(out: &mut Vec<u8>, field: u64, value: u64) {
    put_key(out, field, 0);
    put_varint(out, value);
}

fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_key(out, field, 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the specification, sections 4.3.4.2 and 4.3.4.4.
    #[test]
    fn commands_are_those_of_the_specification_s_examples() {
        let at = |&(x, y): &(i32, i32)| Coord { x, y };
        let mut commands = Commands::default();
        commands.points(&[(5, 7), (3, 2)].iter().map(at).collect::<Vec<_>>());
        assert_eq!(commands.words, [17, 10, 14, 3, 9]);
        commands.clear();
        commands.line(&[(2, 2), (2, 10), (10, 10)].iter().map(at).collect::<Vec<_>>());
        commands.line(&[(1, 1), (3, 5)].iter().map(at).collect::<Vec<_>>());
        assert_eq!(commands.words, [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]);
        commands.clear();
        commands.ring(&[(3, 6), (8, 12), (20, 34)].iter().map(at).collect::<Vec<_>>());
        assert_eq!(commands.words, [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }

    #[test]
    fn values_are_typed() {
        assert_eq!(TagValue::Text("a").encode(), [0x0a, 1, b'a']);
        assert_eq!(TagValue::Bool(true).encode(), [0x38, 1]);
        assert_eq!(TagValue::Int(300).encode(), [0x20, 0xac, 0x02]);
        assert_eq!(TagValue::Int(-1).encode().len(), 11);
        assert_eq!(TagValue::Double(1.0).encode(), [0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    }
}
