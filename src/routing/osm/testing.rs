//! A small writer of extracts for tests: what our reader reads, written from the format's description.

use std::{io::Write, path::PathBuf};

use flate2::{Compression, write::ZlibEncoder};
use tempfile::TempDir;

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// An extract in the making.
#[derive(Debug, Default)]
pub(super) struct Extract {
    texts: Vec<String>,
    nodes: Vec<Vec<u8>>,
    dense: Vec<(i64, i64, i64, Vec<u64>)>,
    ways: Vec<Vec<u8>>,
    relations: Vec<Vec<u8>>,
    pub(super) is_raw: bool,
}

pub(super) fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn zigzag(number: i64) -> u64 {
    (number << 1) as u64 ^ (number >> 63) as u64
}

pub(super) fn number(field: u64, number: u64, bytes: &mut Vec<u8>) {
    varint(field << 3, bytes);
    varint(number, bytes);
}

pub(super) fn field(number: u64, content: &[u8], bytes: &mut Vec<u8>) {
    varint(number << 3 | 2, bytes);
    varint(content.len() as u64, bytes);
    bytes.extend_from_slice(content);
}

fn packed(numbers: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    numbers.into_iter().for_each(|number| varint(number, &mut bytes));
    bytes
}

fn differences(numbers: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let mut before = 0;
    packed(
        numbers
            .into_iter()
            .map(|number| zigzag(number - std::mem::replace(&mut before, number))),
    )
}

/// One block with its frame.
pub(super) fn block(kind: &str, message: &[u8], is_raw: bool) -> Vec<u8> {
    let mut blob = Vec::new();
    if is_raw {
        field(1, message, &mut blob);
    } else {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(message).unwrap();
        number(2, message.len() as u64, &mut blob);
        field(3, &zlib.finish().unwrap(), &mut blob);
    }
    let mut header = Vec::new();
    field(1, kind.as_bytes(), &mut header);
    number(3, blob.len() as u64, &mut header);
    let mut bytes = (header.len() as u32).to_be_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(blob);
    bytes
}

/// A header block that asks for some features.
pub(super) fn header(features: &[&str]) -> Vec<u8> {
    let mut message = Vec::new();
    for feature in features {
        field(4, feature.as_bytes(), &mut message);
    }
    number(32, 1_767_225_600, &mut message);
    block("OSMHeader", &message, false)
}

impl Extract {
    fn text(&mut self, text: &str) -> u64 {
        if self.texts.is_empty() {
            self.texts.push(String::new());
        }
        let known = self.texts.iter().position(|known| known == text);
        known.unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        }) as u64
    }

    fn tags(&mut self, tags: Pairs<'_>, bytes: &mut Vec<u8>) {
        let keys: Vec<u64> = tags.iter().map(|(key, _)| self.text(key)).collect();
        let values: Vec<u64> = tags.iter().map(|(_, value)| self.text(value)).collect();
        field(2, &packed(keys), bytes);
        field(3, &packed(values), bytes);
    }

    /// A node on a grid of thousandths of a degree around 119.3 E, 26 N; with tags it is written plain, else dense.
    pub(super) fn node(&mut self, id: i64, east: i64, north: i64, tags: Pairs<'_>) -> &mut Self {
        let (lon, lat) = (1_193_000_000 + 10_000 * east, 260_000_000 + 10_000 * north);
        if tags.is_empty() || id % 2 == 0 {
            let mut texts: Vec<u64> = Vec::new();
            for (key, value) in tags {
                texts.extend([self.text(key), self.text(value)]);
            }
            self.dense.push((id, lat, lon, texts));
        } else {
            let mut bytes = Vec::new();
            number(1, zigzag(id), &mut bytes);
            self.tags(tags, &mut bytes);
            number(8, zigzag(lat), &mut bytes);
            number(9, zigzag(lon), &mut bytes);
            self.nodes.push(bytes);
        }
        self
    }

    pub(super) fn way(&mut self, id: i64, nodes: &[i64], tags: Pairs<'_>) -> &mut Self {
        let mut bytes = Vec::new();
        number(1, id as u64, &mut bytes);
        self.tags(tags, &mut bytes);
        field(8, &differences(nodes.iter().copied()), &mut bytes);
        self.ways.push(bytes);
        self
    }

    /// A turn restriction; members as role, `n` or `w`, id.
    pub(super) fn turn(&mut self, id: i64, members: &[(&str, char, i64)], tags: Pairs<'_>) -> &mut Self {
        let mut all = vec![("type", "restriction")];
        all.extend(tags);
        let mut bytes = Vec::new();
        number(1, id as u64, &mut bytes);
        self.tags(&all, &mut bytes);
        let roles: Vec<u64> = members.iter().map(|(role, ..)| self.text(role)).collect();
        field(8, &packed(roles), &mut bytes);
        field(9, &differences(members.iter().map(|(.., id)| *id)), &mut bytes);
        field(
            10,
            &packed(members.iter().map(|(_, kind, _)| u64::from(*kind == 'w'))),
            &mut bytes,
        );
        self.relations.push(bytes);
        self
    }

    /// The data block's message.
    pub(super) fn message(&self) -> Vec<u8> {
        let mut texts = Vec::new();
        for text in &self.texts {
            field(1, text.as_bytes(), &mut texts);
        }
        let mut dense = Vec::new();
        field(1, &differences(self.dense.iter().map(|node| node.0)), &mut dense);
        field(8, &differences(self.dense.iter().map(|node| node.1)), &mut dense);
        field(9, &differences(self.dense.iter().map(|node| node.2)), &mut dense);
        let has_tags = self.dense.iter().any(|node| !node.3.is_empty());
        if has_tags {
            let keys = self.dense.iter().flat_map(|node| node.3.iter().copied().chain([0]));
            field(10, &packed(keys), &mut dense);
        }
        let mut message = Vec::new();
        field(1, &texts, &mut message);
        let mut group = Vec::new();
        for node in &self.nodes {
            field(1, node, &mut group);
        }
        field(2, &dense, &mut group);
        field(2, &group, &mut message);
        for (number, elements) in [(3, &self.ways), (4, &self.relations)] {
            let mut group = Vec::new();
            for element in elements {
                field(number, element, &mut group);
            }
            field(2, &group, &mut message);
        }
        message
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = header(&["OsmSchema-V0.6", "DenseNodes"]);
        bytes.extend(block("OSMData", &self.message(), self.is_raw));
        bytes
    }
}

/// A file of these bytes, while the folder lives.
pub(super) fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("extract.osm.pbf");
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}
