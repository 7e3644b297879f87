//! The blocks of an extract, one after the other, as they stand in the file.
//!
//! Owns framing and compression (OpenStreetMap wiki, "PBF Format"), and says of every fault in which block it is and
//! where that begins. What is in a block is [`super::block`]'s part. Only one block is in memory at a time, and none is
//! larger than the format allows.
//!
//! The crate `osmpbf` reads the same format and is what tests compare with. It is not used here, for it takes a file cut
//! within the first four bytes of a block for whole, drops a tag and all after it where a text number is wrong, panics at
//! an unknown kind of member, and does not say which block is at fault.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read},
    path::{Path, PathBuf},
};

use flate2::read::ZlibDecoder;

use super::{
    OsmError,
    wire::{Fields, Malformed},
};

/// The most bytes of a block's header.
const MOST_HEADER: u32 = 64 << 10;

/// The most bytes of a block, compressed or not.
const MOST_BLOB: u64 = 32 << 20;

/// Features that a header may ask for.
const FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header,
    Data,
    /// Of a kind that readers are to pass over.
    Other,
}

/// Reads the data blocks of an extract.
#[derive(Debug)]
pub(super) struct Blobs {
    path: PathBuf,
    reader: BufReader<File>,
    number: u64,
    /// Where the block under way begins.
    offset: u64,
    /// Where the next byte is read.
    at: u64,
    /// Of what time the data are, in seconds since 1970, where the header says so.
    timestamp: Option<i64>,
    data: Vec<u8>,
    compressed: Vec<u8>,
}

impl Blobs {
    /// Opens an extract and checks its header.
    pub(super) fn open(path: &Path) -> Result<Self, OsmError> {
        let file = File::open(path).map_err(|source| OsmError::Io {
            path: path.to_owned(),
            source,
        })?;
        let mut blobs = Self {
            path: path.to_owned(),
            reader: BufReader::with_capacity(1 << 16, file),
            number: 0,
            offset: 0,
            at: 0,
            timestamp: None,
            data: Vec::new(),
            compressed: Vec::new(),
        };
        blobs.begin()?;
        Ok(blobs)
    }

    fn begin(&mut self) -> Result<(), OsmError> {
        let not_pbf = |path: &Path, problem: &str| OsmError::NotPbf {
            path: path.to_owned(),
            problem: problem.to_owned(),
        };
        match self.block() {
            Ok(Some(Kind::Header)) => {}
            Ok(Some(_)) => return Err(not_pbf(&self.path, "it does not begin with the format's header")),
            Ok(None) => return Err(not_pbf(&self.path, "it is empty")),
            Err(OsmError::Block { problem, .. }) => return Err(not_pbf(&self.path, &problem)),
            Err(error) => return Err(error),
        }
        let (unknown, timestamp) = read_header(&self.data).map_err(|problem| self.fault(problem))?;
        self.timestamp = timestamp;
        unknown.map_or(Ok(()), |feature| {
            Err(OsmError::Feature {
                path: self.path.clone(),
                feature,
            })
        })
    }

    /// How many bytes have been read.
    pub(super) const fn bytes(&self) -> u64 {
        self.at
    }

    /// Of what time the data are, in seconds since 1970, where the header says so.
    pub(super) const fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    /// The next block of data, unpacked.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, OsmError> {
        loop {
            match self.block()? {
                None => return Ok(None),
                Some(Kind::Data) => return Ok(Some(&self.data)),
                Some(Kind::Header | Kind::Other) => {}
            }
        }
    }

    /// A fault of the block under way.
    pub(super) fn fault(&self, problem: impl Into<String>) -> OsmError {
        OsmError::Block {
            path: self.path.clone(),
            number: self.number,
            offset: self.offset,
            problem: problem.into(),
        }
    }

    /// Reads one block of any kind.
    fn block(&mut self) -> Result<Option<Kind>, OsmError> {
        (self.number, self.offset) = (self.number + 1, self.at);
        let Some(length) = self.header_length()? else {
            return Ok(None);
        };
        if length > MOST_HEADER {
            return Err(self.fault(format!(
                "its header says to have {length} bytes, more than {MOST_HEADER}"
            )));
        }
        self.read(u64::from(length))?;
        let (kind, length) = header(&self.compressed).map_err(|problem| self.fault(problem))?;
        if length > MOST_BLOB {
            return Err(self.fault(format!("it says to have {length} bytes, more than {MOST_BLOB}")));
        }
        self.read(length)?;
        if kind != Kind::Other {
            self.unpack()?;
        }
        Ok(Some(kind))
    }

    /// The length of the next header; `None` at the end of the file, between two blocks.
    fn header_length(&mut self) -> Result<Option<u32>, OsmError> {
        self.compressed.clear();
        let read = self.reader.by_ref().take(4).read_to_end(&mut self.compressed);
        let read = read.map_err(|source| self.io(source))?;
        self.at += read as u64;
        match <[u8; 4]>::try_from(&*self.compressed) {
            Ok(bytes) => Ok(Some(u32::from_be_bytes(bytes))),
            Err(_) if read == 0 => Ok(None),
            Err(_) => Err(self.fault("the file ends within it")),
        }
    }

    /// Reads so many bytes.
    fn read(&mut self, length: u64) -> Result<(), OsmError> {
        self.compressed.clear();
        let read = self.reader.by_ref().take(length).read_to_end(&mut self.compressed);
        let read = read.map_err(|source| self.io(source))? as u64;
        self.at += read;
        if read < length {
            return Err(self.fault("the file ends within it"));
        }
        Ok(())
    }

    fn unpack(&mut self) -> Result<(), OsmError> {
        let content = Content::of(&self.compressed).map_err(|problem| self.fault(problem))?;
        self.data.clear();
        let unpacked = match content {
            Content::Raw(bytes) => {
                self.data.extend_from_slice(bytes);
                Ok(())
            }
            Content::Zlib { bytes, size } => inflate(bytes, size, &mut self.data),
            Content::Unknown(packing) => Err(unknown_packing(packing)),
        };
        unpacked.map_err(|problem| self.fault(problem))
    }

    fn io(&self, source: std::io::Error) -> OsmError {
        if source.kind() == ErrorKind::UnexpectedEof {
            return self.fault("the file ends within it");
        }
        OsmError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

/// What a block's header says: its kind, and the bytes that follow.
fn header(message: &[u8]) -> Result<(Kind, u64), Malformed> {
    let (mut kind, mut length) = (None, None);
    for field in Fields::new(message) {
        match field? {
            (1, value) => {
                kind = Some(match value.bytes()? {
                    b"OSMHeader" => Kind::Header,
                    b"OSMData" => Kind::Data,
                    _ => Kind::Other,
                });
            }
            (3, value) => length = Some(value.varint()?),
            _ => {}
        }
    }
    Ok((kind.ok_or(Malformed::FieldType)?, length.ok_or(Malformed::FieldType)?))
}

/// What a block holds.
enum Content<'a> {
    Raw(&'a [u8]),
    Zlib {
        bytes: &'a [u8],
        size: u64,
    },
    /// Packed in a way that we do not read; the number of the field, 0 where there is no content.
    Unknown(u64),
}

impl<'a> Content<'a> {
    fn of(message: &'a [u8]) -> Result<Self, Malformed> {
        let (mut content, mut size) = (None, 0);
        for field in Fields::new(message) {
            match field? {
                (1, value) => content = Some(Self::Raw(value.bytes()?)),
                (2, value) => size = value.varint()?,
                (3, value) => {
                    let bytes = value.bytes()?;
                    content = Some(Self::Zlib { bytes, size: 0 });
                }
                (packing @ 4..=7, _) => content = Some(Self::Unknown(packing)),
                _ => {}
            }
        }
        Ok(match content {
            Some(Self::Zlib { bytes, .. }) => Self::Zlib { bytes, size },
            Some(content) => content,
            None => Self::Unknown(0),
        })
    }
}

fn unknown_packing(field: u64) -> String {
    let name = match field {
        4 => "LZMA",
        5 => "bzip2",
        6 => "LZ4",
        7 => "Zstandard",
        _ => return "it holds nothing".to_owned(),
    };
    format!(
        "it is packed with {name}, which this release does not read; osmium cat -o out.osm.pbf in.osm.pbf repacks it"
    )
}

/// Unpacks into a buffer; never more than a block may have.
fn inflate(bytes: &[u8], size: u64, data: &mut Vec<u8>) -> Result<(), String> {
    if size > MOST_BLOB {
        return Err(format!("it says to unpack to {size} bytes, more than {MOST_BLOB}"));
    }
    let read = ZlibDecoder::new(bytes).take(MOST_BLOB + 1).read_to_end(data);
    let read = read.map_err(|error| format!("it cannot be unpacked: {error}"))? as u64;
    if read == size || (size == 0 && read <= MOST_BLOB) {
        Ok(())
    } else {
        Err(format!("it unpacks to {read} bytes instead of {size}"))
    }
}

/// A feature that the file's header asks for and we do not have, and of what time the data are.
fn read_header(message: &[u8]) -> Result<(Option<String>, Option<i64>), Malformed> {
    let (mut unknown, mut timestamp) = (None, None);
    for field in Fields::new(message) {
        match field? {
            (4, value) => {
                let feature = String::from_utf8_lossy(value.bytes()?);
                if !FEATURES.contains(&&*feature) {
                    unknown = Some(feature.into_owned());
                }
            }
            (32, value) => timestamp = Some(value.varint()? as i64),
            _ => {}
        }
    }
    Ok((unknown, timestamp))
}
