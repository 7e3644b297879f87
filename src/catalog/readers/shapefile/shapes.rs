//! The `.shp`: records in order, and the geometry in each.
//!
//! Esri, *Shapefile Technical Description* (1998). Records are framed here and not by the `shapefile` crate, which
//! cannot go on after a record that it cannot read and does not check where parts begin; of every shape only the
//! positions are read, which all kinds with heights and measures have in the same place.

use std::{
    fs::File,
    io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom},
    path::Path,
};

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, Point};

use super::{
    super::{Input, ReadError},
    rings::assemble,
};

/// Length of the headers of `.shp` and `.shx`.
const HEADER: u64 = 100;

/// The records of a `.shp`, in the order of its `.shx` where there is one.
pub(super) struct Shapes {
    file: BufReader<File>,
    index: Option<Index>,
    /// Where the next byte is read.
    at: u64,
    /// Where the records end.
    end: u64,
    /// Records handed over.
    taken: u64,
    /// What the first record says its number is: 1, but some writers begin with 0.
    first_number: i32,
    content: Vec<u8>,
}

struct Index {
    file: BufReader<File>,
    count: u64,
}

/// The content of a record, or why it has none.
pub(super) type Content<'a> = Result<&'a [u8], String>;

impl Shapes {
    /// Opens both files and checks their headers.
    pub(super) fn open(shp: &Path, shx: Option<&Path>) -> Result<Self, ReadError> {
        let (file, end) = open(shp, "shp")?;
        let index = shx.map(|shx| {
            let (file, end) = open(shx, "shx")?;
            let count = (end - HEADER) / 8;
            Ok(Index { file, count })
        });
        Ok(Self {
            file,
            index: index.transpose().map_err(|error: ReadError| {
                ReadError::Shapefile(format!(
                    "{error}; without the .shx the .shp can be read from its beginning"
                ))
            })?,
            at: HEADER,
            end,
            taken: 0,
            first_number: 1,
            content: Vec::new(),
        })
    }

    /// How many records there are, where the index says so.
    pub(super) fn count(&self) -> Option<u64> {
        self.index.as_ref().map(|index| index.count)
    }

    /// The next record; `None` after the last. Counts what it reads on `input`.
    pub(super) fn next(&mut self, input: &Input) -> Result<Option<Content<'_>>, ReadError> {
        let place = if let Some(index) = &mut self.index {
            if self.taken == index.count {
                return Ok(None);
            }
            self.taken += 1;
            input.count(8);
            let mut entry = [0; 8];
            index.file.read_exact(&mut entry)?;
            u64::from(be_u32(&entry, 0)) * 2
        } else {
            if self.at == self.end {
                return Ok(None);
            }
            self.taken += 1;
            self.at
        };
        let framed = self.frame(place);
        match framed {
            Ok(length) => {
                self.content.resize(length as usize, 0);
                self.file.read_exact(&mut self.content)?;
                self.at += length;
                input.count(8 + length);
                Ok(Some(Ok(&self.content)))
            }
            // What the index gives a place for is there or not; after a broken record without one nothing can be found.
            Err(Framing::Broken(reason)) if self.index.is_some() => Ok(Some(Err(reason))),
            Err(Framing::Broken(reason)) => Err(ReadError::Shapefile(format!(
                "the .shp is damaged: record {}: {reason}",
                self.taken
            ))),
            Err(Framing::Read(error)) => Err(error),
        }
    }

    /// Reads a record's header at a place and gives the length of what follows it.
    fn frame(&mut self, place: u64) -> Result<u64, Framing> {
        if place < HEADER || place > self.end || self.end - place < 8 {
            return Err(Framing::Broken("there is no place for it in the file".to_owned()));
        }
        if place != self.at {
            self.file.seek(SeekFrom::Start(place)).map_err(ReadError::from)?;
        }
        let mut header = [0; 8];
        self.file.read_exact(&mut header).map_err(ReadError::from)?;
        self.at = place + 8;
        let length = u64::from(be_u32(&header, 4)) * 2;
        if length > self.end - self.at {
            let left = self.end - self.at;
            return Err(Framing::Broken(format!(
                "it says it is {length} bytes long, and {left} are left"
            )));
        }
        let number = be_u32(&header, 0) as i32;
        if self.taken == 1 {
            self.first_number = number;
        }
        // The index knows which record is which; without it the numbers must show that none is missing.
        let due = i64::from(self.first_number) + self.taken as i64 - 1;
        if self.index.is_none() && i64::from(number) != due {
            return Err(Framing::Broken(format!("it says it is number {number}")));
        }
        Ok(length)
    }
}

/// Why a record has no content.
enum Framing {
    Broken(String),
    Read(ReadError),
}

impl From<ReadError> for Framing {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// Opens a `.shp` or `.shx` after its header, and says where it says it ends.
fn open(path: &Path, part: &str) -> Result<(BufReader<File>, u64), ReadError> {
    let file = File::open(path).map_err(ReadError::open(path))?;
    let size = file.metadata()?.len();
    let mut file = BufReader::new(file);
    let mut header = [0; HEADER as usize];
    let broken = |reason: String| ReadError::Shapefile(format!("the .{part} is damaged: {reason}"));
    if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return Err(ReadError::Shapefile(
            "a Shapefile is several files; put them into one zip instead of compressing one of them".to_owned(),
        ));
    }
    file.read_exact(&mut header).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => broken("it is shorter than its header".to_owned()),
        _ => ReadError::Io(error),
    })?;
    if be_u32(&header, 0) != 9994 {
        return Err(broken("it does not begin as such a file does".to_owned()));
    }
    let end = u64::from(be_u32(&header, 24)) * 2;
    if end < HEADER {
        return Err(broken(format!("it says it is {end} bytes long, less than its header")));
    }
    if end > size {
        return Err(broken(format!(
            "it says it is {end} bytes long and has {size}; is it cut short?"
        )));
    }
    Ok((file, end))
}

fn be_u32(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
    word.map_or(0, u32::from_be_bytes)
}

/// A record's geometry; none for a null shape and one without positions.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub(super) geometry: Option<Geometry<f64>>,
    pub(super) open_rings: usize,
    pub(super) orphans: u64,
}

/// Reads a record's content; heights and measures are left out.
pub(super) fn draw(content: &[u8]) -> Result<Drawn, String> {
    let kind = le_u32(content, 0)?;
    let lone = |geometry: Option<Geometry<f64>>| {
        Ok(Drawn {
            geometry,
            ..Drawn::default()
        })
    };
    match kind {
        0 => lone(None),
        1 | 11 | 21 => lone(Some(Point(position(content, 4)?).into())),
        8 | 18 | 28 => {
            let points = positions(content, 40, le_u32(content, 36)?)?;
            let points: Vec<Point<f64>> = points.into_iter().map(Point).collect();
            lone(
                Some(points)
                    .filter(|points| !points.is_empty())
                    .map(|points| MultiPoint(points).into()),
            )
        }
        3 | 13 | 23 => {
            let mut lines: Vec<LineString<f64>> = parts(content)?.into_iter().map(LineString).collect();
            lone(match lines.len() {
                0 => None,
                1 => Some(lines.remove(0).into()),
                _ => Some(MultiLineString(lines).into()),
            })
        }
        5 | 15 | 25 => {
            let rings = parts(content)?;
            if rings.is_empty() {
                return lone(None);
            }
            let assembled = assemble(rings);
            Ok(Drawn {
                geometry: Some(assembled.geometry),
                open_rings: assembled.open_rings,
                orphans: assembled.orphans,
            })
        }
        31 => Err("a MultiPatch is a body and no surface; export its footprint".to_owned()),
        other => Err(format!("there is no kind of shape with number {other}")),
    }
}

const CUT: &str = "the record is shorter than the shape in it";

fn le_u32(bytes: &[u8], at: usize) -> Result<u32, String> {
    let word = at.checked_add(4).and_then(|end| bytes.get(at..end)?.try_into().ok());
    word.map(u32::from_le_bytes).ok_or_else(|| CUT.to_owned())
}

fn position(bytes: &[u8], at: usize) -> Result<Coord<f64>, String> {
    Ok(positions(bytes, at, 1)?[0])
}

fn positions(bytes: &[u8], at: usize, count: u32) -> Result<Vec<Coord<f64>>, String> {
    // Checked before anything is made room for: a forged count must not fill the memory.
    let end = (count as usize)
        .checked_mul(16)
        .and_then(|length| at.checked_add(length));
    let stretch = end.and_then(|end| bytes.get(at..end)).ok_or_else(|| CUT.to_owned())?;
    let float = |bytes: &[u8]| bytes.try_into().map_or(f64::NAN, f64::from_le_bytes);
    let pairs = stretch.chunks_exact(16);
    Ok(pairs
        .map(|pair| Coord {
            x: float(&pair[..8]),
            y: float(&pair[8..]),
        })
        .collect())
}

/// The parts of a line or polygon that have positions.
fn parts(content: &[u8]) -> Result<Vec<Vec<Coord<f64>>>, String> {
    let (count, total) = (le_u32(content, 36)? as usize, le_u32(content, 40)?);
    let starts = 44..count
        .checked_mul(4)
        .and_then(|length| length.checked_add(44))
        .ok_or(CUT)?;
    let points = positions(content, starts.end, total)?;
    let begin: Result<Vec<usize>, String> = starts.step_by(4).map(|at| Ok(le_u32(content, at)? as usize)).collect();
    let mut begin = begin?;
    begin.push(points.len());
    let in_order = begin.windows(2).all(|pair| pair[0] <= pair[1]);
    if begin[0] != 0 || !in_order {
        return Err("its parts do not begin where the ones before them end".to_owned());
    }
    let stretches = begin.windows(2).map(|pair| points[pair[0]..pair[1]].to_vec());
    Ok(stretches.filter(|stretch| !stretch.is_empty()).collect())
}
