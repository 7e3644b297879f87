//! Refuses files that would fill the memory before they are unpacked and parsed.
//!
//! The parser trusts what a file says of itself. Each kind can say in a few bytes that it needs gigabytes: an `.xlsx` how
//! many texts it shares, an `.xls` where its cells lie, an `.ods` how often a cell is repeated.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
};

use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use super::{Kind, compound, repeats};
use crate::catalog::readers::{Input, ReadError};

/// The largest part of an `.xlsx` or `.ods` that is held in memory, unpacked.
const LARGEST_PART: u64 = 512 << 20;
/// The largest file of the formats that are read whole.
const LARGEST_WHOLE: u64 = 64 << 20;
/// Cells that any file may have the room for: more than a hundred bytes each make 100 MB of them.
const CELLS: u64 = 1 << 22;

/// How many cells the parser holds, blank ones between others included.
#[derive(Debug, Default)]
pub(super) struct Cells(u64);

impl Cells {
    /// The cells of a rectangle.
    pub(super) fn add(&mut self, area: Area) {
        self.0 = self.0.saturating_add(area.cells());
    }

    /// Holds them against the bytes that they are written with: a cell that is there takes more than one.
    ///
    /// # Errors
    /// Says how far apart they lie.
    pub(super) fn check(&self, bytes: u64) -> Result<(), String> {
        if self.0 > CELLS + bytes {
            return Err(format!(
                "its cells lie so far apart that {} blank ones would have to be kept; delete what lies beyond the table",
                self.0
            ));
        }
        Ok(())
    }
}

/// The rectangle around some cells.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Area(Option<[u32; 4]>);

impl Area {
    /// Grows to hold this cell.
    pub(super) fn add(&mut self, row: u32, column: u32) {
        let [top, left, bottom, right] = self.0.unwrap_or([row, column, row, column]);
        self.0 = Some([top.min(row), left.min(column), bottom.max(row), right.max(column)]);
    }

    fn cells(self) -> u64 {
        self.0.map_or(0, |[top, left, bottom, right]| {
            u64::from(bottom - top + 1) * u64::from(right - left + 1)
        })
    }
}

/// Looks at a file before it is parsed.
pub(super) fn check(input: &Input, kind: Kind) -> Result<(), ReadError> {
    let mut file = File::open(input.path()).map_err(ReadError::open(input.path()))?;
    if kind != Kind::Xlsx {
        let size = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        if size > LARGEST_WHOLE {
            return Err(too_large("the spreadsheet", size));
        }
    }
    if kind == Kind::Xls {
        let mut bytes = Vec::new();
        file.take(LARGEST_WHOLE).read_to_end(&mut bytes)?;
        return compound::check(&bytes).map_err(damaged);
    }
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    for part in ["xl/styles.xml", "xl/workbook.xml"] {
        part_of(&mut archive, part)?;
    }
    if let Some((texts, size)) = part_of(&mut archive, "xl/sharedStrings.xml")? {
        check_texts(texts, size)?;
    }
    if let Some((content, size)) = part_of(&mut archive, "content.xml")? {
        repeats::check(content, size).map_err(damaged)?;
    }
    Ok(())
}

fn damaged(problem: impl std::fmt::Display) -> ReadError {
    ReadError::Workbook(format!("the spreadsheet cannot be read: {problem}"))
}

fn too_large(what: &str, size: u64) -> ReadError {
    ReadError::Workbook(format!(
        "{what} is {} MiB, too much to read; save the sheet as CSV",
        size >> 20
    ))
}

/// A part and its size, where there is one.
fn part_of<'a>(
    archive: &'a mut ZipArchive<BufReader<File>>,
    name: &str,
) -> Result<Option<(impl std::io::BufRead + use<'a>, u64)>, ReadError> {
    if archive.index_for_name(name).is_none() {
        return Ok(None);
    }
    let part = archive.by_name(name).map_err(damaged)?;
    let size = part.size();
    if size > LARGEST_PART {
        return Err(too_large(name, size));
    }
    Ok(Some((BufReader::new(part), size)))
}

/// The parser makes room for as many shared texts as are said to follow; each takes some bytes.
fn check_texts(texts: impl std::io::BufRead, size: u64) -> Result<(), ReadError> {
    let mut xml = Reader::from_reader(texts);
    let mut buffer = Vec::new();
    while let Ok(event) = xml.read_event_into(&mut buffer) {
        match event {
            Event::Start(element) if element.local_name().as_ref() == "sst" => {
                let count = element.try_get_attribute("uniqueCount").ok().flatten();
                let count = count.and_then(|count| count.value.trim().parse::<u64>().ok());
                if let Some(count) = count.filter(|count| *count > size) {
                    return Err(damaged(format!(
                        "it says that it shares {count} texts, in {size} bytes"
                    )));
                }
                return Ok(());
            }
            Event::Eof => return Ok(()),
            _ => buffer.clear(),
        }
    }
    Ok(())
}
