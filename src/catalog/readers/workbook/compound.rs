//! What an `.xls` would take of memory, worked out before the parser is let at it.
//!
//! The parser follows chains of sectors without looking for circles, makes room for as many cells as a sheet says it
//! has, and holds the whole rectangle around the cells that it finds: a few wrong bytes would fill the memory. Anything
//! else that is damaged is the parser's to tell. Sources: MS-CFB 2.2 to 2.6 and MS-XLS 2.1.4, 2.4.

use super::bounds::{Area, Cells};

/// Ends a chain of sectors.
const END_OF_CHAIN: u32 = 0xffff_fffe;
/// The first number that is no sector's.
const RESERVED: u32 = 0xffff_fffa;
/// Streams shorter than this lie among the short ones.
const SHORT: usize = 4096;
/// Cells of a whole sheet, which is what a sheet may say that it has.
const WHOLE_SHEET: u64 = 1 << 24;

/// Looks through a file.
///
/// # Errors
/// Why it is not read.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let Some(file) = Compound::new(bytes)? else {
        return Ok(());
    };
    for name in ["Workbook", "Book"] {
        if let Some(stream) = file.stream(name)? {
            check_sheets(&stream)?;
        }
    }
    Ok(())
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u32::from_le_bytes)
}

fn short(bytes: &[u8], at: usize) -> u16 {
    let bytes = bytes.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u16::from_le_bytes)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|bytes| word(bytes, 0))
}

/// A file of streams, each a chain of sectors.
struct Compound<'b> {
    bytes: &'b [u8],
    sector_size: usize,
    /// The sector after each.
    table: Vec<u32>,
    directory: Vec<u8>,
    /// The short streams, and the parts after each part of them.
    short: Vec<u8>,
    short_table: Vec<u32>,
}

impl<'b> Compound<'b> {
    /// `None` where it is none.
    fn new(bytes: &'b [u8]) -> Result<Option<Self>, String> {
        let sector_size = match short(bytes, 30) {
            9 => 512,
            12 => 4096,
            _ => return Ok(None),
        };
        let mut file = Self {
            bytes,
            sector_size,
            table: Vec::new(),
            directory: Vec::new(),
            short: Vec::new(),
            short_table: Vec::new(),
        };
        file.read_table()?;
        file.directory = file.chain(word(bytes, 48), usize::MAX)?;
        if word(bytes, 64) > 0 {
            let (start, length) = file.place(&file.directory);
            file.short = file.chain(start, length)?;
            let length = word(bytes, 64) as usize * sector_size;
            file.short_table = words(&file.chain(word(bytes, 60), length)?).collect();
        }
        Ok(Some(file))
    }

    /// The table of sectors, whose own sectors are listed in the header and in a chain of lists.
    fn read_table(&mut self) -> Result<(), String> {
        let most = self.bytes.len() / self.sector_size + 1;
        let mut listed: Vec<u32> = words(self.bytes.get(76..512).unwrap_or_default()).collect();
        let mut next = word(self.bytes, 68);
        while next < RESERVED {
            listed.extend(words(self.whole(next)?));
            next = listed.pop().unwrap_or(RESERVED);
            // Each sector of the table stands for many, so that even one for each sector is too many.
            if listed.len() > most + 109 + self.sector_size / 4 {
                return Err("its table of sectors is larger than the file".to_owned());
            }
        }
        for id in listed.into_iter().filter(|id| *id < RESERVED) {
            let part = self.whole(id)?;
            self.table.extend(words(part));
        }
        Ok(())
    }

    /// A sector of the table: the parser takes one that is cut for shorter, and the next time for zeros.
    fn whole(&self, id: u32) -> Result<&'b [u8], String> {
        let sector = self.sector(id).filter(|sector| sector.len() == self.sector_size);
        sector.ok_or_else(|| "its table of sectors is cut short".to_owned())
    }

    /// What there is of a sector.
    fn sector(&self, id: u32) -> Option<&'b [u8]> {
        let start = (id as usize + 1) * self.sector_size;
        let end = (start + self.sector_size).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn chain(&self, start: u32, length: usize) -> Result<Vec<u8>, String> {
        follow(start, &self.table, length, |id| self.sector(id))
    }

    /// Where the stream of an entry of the directory begins, and how long it is.
    fn place(&self, entry: &[u8]) -> (u32, usize) {
        let high = if self.sector_size == 512 { 0 } else { word(entry, 124) };
        let length = u64::from(high) << 32 | u64::from(word(entry, 120));
        (word(entry, 116), length as usize)
    }

    fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let is_called = |entry: &&[u8]| {
            let letters = entry[..64].chunks_exact(2).map(|pair| short(pair, 0));
            let called: Vec<u16> = letters.take_while(|letter| *letter != 0).collect();
            String::from_utf16_lossy(&called).eq_ignore_ascii_case(name)
        };
        let Some(entry) = self.directory.chunks_exact(128).find(is_called) else {
            return Ok(None);
        };
        let (start, length) = self.place(entry);
        let stream = if length < SHORT {
            follow(start, &self.short_table, length, |id| {
                let start = id as usize * 64;
                self.short.get(start..(start + 64).min(self.short.len()))
            })
        } else {
            self.chain(start, length)
        };
        stream.map(Some)
    }
}

/// Puts a chain together, as far as it goes or is wanted. Sectors that are missing have one after them all the same.
fn follow<'s>(
    mut next: u32,
    table: &[u32],
    length: usize,
    sector: impl Fn(u32) -> Option<&'s [u8]>,
) -> Result<Vec<u8>, String> {
    let mut found: Vec<u8> = Vec::new();
    for _ in 0..=table.len() {
        if next == END_OF_CHAIN || found.len() >= length {
            found.truncate(length);
            return Ok(found);
        }
        found.extend_from_slice(sector(next).unwrap_or_default());
        next = table.get(next as usize).copied().unwrap_or(END_OF_CHAIN);
    }
    Err("its sectors follow each other in a circle".to_owned())
}

/// The records of a stream, as far as they are whole: kind and content.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (head, rest) = stream.split_at_checked(4)?;
        let (content, rest) = rest.split_at_checked(usize::from(short(head, 2)))?;
        stream = rest;
        Some((short(head, 0), content))
    })
}

const BEGINNING: u16 = 0x0809;
const END: u16 = 0x000a;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
const FORMULA_TEXT: u16 = 0x0207;
const NUMBERS: u16 = 0x00bd;
/// One cell each: number, label, rich label, truth value, short number, shared text.
const ONE_CELL: [u16; 6] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd];

fn check_sheets(stream: &[u8]) -> Result<(), String> {
    let of_book = records(stream).take_while(|(kind, _)| *kind != END);
    let sheets = of_book.filter(|(kind, _)| *kind == SHEET);
    let mut cells = Cells::default();
    let mut looked_at = 0;
    for (_, sheet) in sheets {
        let start = word(sheet, 0) as usize;
        looked_at += check_sheet(stream.get(start..).unwrap_or_default(), &mut cells)?;
        if looked_at > 2 * stream.len() {
            return Err("its sheets lie in each other".to_owned());
        }
        cells.check(stream.len() as u64)?;
    }
    Ok(())
}

/// Adds a sheet's cells; gives how many bytes it has.
fn check_sheet(sheet: &[u8], cells: &mut Cells) -> Result<usize, String> {
    let (mut values, mut formulas) = (Area::default(), Area::default());
    let (mut length, mut depth, mut has_begun, mut formula) = (0, 0_u32, false, (0, 0));
    for (kind, content) in records(sheet) {
        length += 4 + content.len();
        let (row, column) = (u32::from(short(content, 0)), u32::from(short(content, 2)));
        match kind {
            BEGINNING if has_begun => depth += 1,
            BEGINNING => has_begun = true,
            END if depth == 0 => break,
            END => depth -= 1,
            // The sheets of charts inside this one.
            _ if depth > 0 => {}
            DIMENSIONS => check_dimensions(content)?,
            NUMBERS => {
                let last = short(content, content.len().saturating_sub(2));
                values.add(row, column);
                values.add(row, column.max(last.into()));
            }
            FORMULA => {
                formula = (row, column);
                formulas.add(row, column);
                values.add(row, column);
            }
            FORMULA_TEXT => values.add(formula.0, formula.1),
            kind if ONE_CELL.contains(&kind) => values.add(row, column),
            _ => {}
        }
    }
    cells.add(values);
    cells.add(formulas);
    Ok(length)
}

/// A sheet may say that all its cells are in use, but not more than there can be.
fn check_dimensions(content: &[u8]) -> Result<(), String> {
    let (top, bottom, left, right) = if content.len() == 10 {
        let number = |at| u32::from(short(content, at));
        (number(0), number(2), number(4), number(6))
    } else {
        let columns = (short(content, 8).into(), short(content, 10).into());
        (word(content, 0), word(content, 4), columns.0, columns.1)
    };
    let left = if left > 0xff || right < left { 0 } else { left };
    let (rows, columns) = (bottom.saturating_sub(top), right.saturating_sub(left));
    if u64::from(rows) * u64::from(columns) > WHOLE_SHEET || bottom < top && bottom > 0 {
        return Err(format!("a sheet says it has {rows} rows of {columns} columns"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of a workbook.
    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat()
    }

    fn shorts(numbers: &[u16]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// A file of a table of sectors, a directory and a workbook in eight sectors; `after` changes what follows a sector.
    fn file(sheet: &[Vec<u8>], after: &[(usize, u32)]) -> Vec<u8> {
        let mut workbook = record(SHEET, &[0; 8]);
        let start = workbook.len() as u32 + 4;
        workbook[4..8].copy_from_slice(&start.to_le_bytes());
        workbook.extend(record(END, &[]));
        workbook.extend(record(BEGINNING, &[0; 4]));
        workbook.extend(sheet.concat());
        workbook.extend(record(END, &[]));
        workbook.resize(SHORT, 0);
        let mut table = vec![0xffff_fffd, END_OF_CHAIN, 3, 4, 5, 6, 7, 8, 9, END_OF_CHAIN];
        table.resize(128, 0xffff_ffff);
        for (sector, next) in after {
            table[*sector] = *next;
        }
        let mut directory = vec![0; 512];
        for (letter, place) in "Workbook".encode_utf16().zip(directory.chunks_exact_mut(2)) {
            place.copy_from_slice(&letter.to_le_bytes());
        }
        directory[116..120].copy_from_slice(&2_u32.to_le_bytes());
        directory[120..124].copy_from_slice(&(SHORT as u32).to_le_bytes());
        let mut header = vec![0; 512];
        header[30] = 9;
        header[48] = 1;
        header[68..72].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
        header[80..].fill(0xff);
        let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
        [header, table, directory, workbook].concat()
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &shorts(&[row, column, 0, 0, 0, 0, 0]))
    }

    #[test]
    fn usual_sheets_may_be_parsed() {
        let dimensions = record(DIMENSIONS, &shorts(&[0, 0, 0, 1, 0, 256, 0]));
        let sheet = [dimensions, number(0, 0), number(65_535, 60)];
        assert_eq!(check(&file(&sheet, &[])), Ok(()));
        assert_eq!(check(b"nothing of the kind"), Ok(()));
    }

    #[test]
    fn what_would_fill_the_memory_is_refused() {
        let dimensions = |rows| record(DIMENSIONS, &shorts(&[0, 0, rows, 1, 0, 0xffff, 0]));
        let chart = [record(BEGINNING, &[0; 4]), number(9, 9), record(END, &[])].concat();
        for (sheet, after, problem) in [
            (vec![], &[(1, 1)][..], "in a circle"),
            (vec![], &[(1, 10), (10, 1)], "in a circle"),
            (vec![], &[(9, 2)], ""),
            (vec![dimensions(0)], &[], "rows of 65535 columns"),
            (vec![number(0, 0), chart, number(65_535, 255)], &[], "so far apart"),
            (
                vec![number(0, 0), record(NUMBERS, &shorts(&[65_535, 0, 0, 0, 0, 255]))],
                &[],
                "so far apart",
            ),
            (
                vec![number(0, 0), record(FORMULA, &shorts(&[65_535, 255]))],
                &[],
                "so far apart",
            ),
        ] {
            let told = check(&file(&sheet, after)).err().unwrap_or_default();
            assert!(
                told.contains(problem) && told.is_empty() == problem.is_empty(),
                "{problem}: {told}"
            );
        }
    }
}
