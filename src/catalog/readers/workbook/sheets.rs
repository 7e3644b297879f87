//! The files behind a workbook: opened, listed, and read row by row.
//!
//! The parser under this is not proof against damaged files: it may panic, and that is caught here and told as damage.

use std::{
    fs::File,
    io::{BufReader, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Data, DataRef, Dimensions, Ods, Range, Reader, Sheet, Xls, Xlsx, XlsxCellReader};
use zip::ZipArchive;

use super::{Kind, bounds, cells, compact::compacted};
use crate::catalog::readers::{Input, ReadError, input::Counting, table::Cell};

type Bytes = BufReader<Counting<File>>;

/// More columns than any program makes.
const COLUMNS: u32 = 1 << 14;

/// Which kind of spreadsheet a file is; `None` for any other file.
pub(in super::super) fn kind(input: &Input, start: &[u8]) -> Result<Option<Kind>, ReadError> {
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Some(Kind::Xls));
    }
    if !start.starts_with(b"PK\x03\x04") {
        return Ok(None);
    }
    let Ok(mut archive) = ZipArchive::new(input.file()?) else {
        return Ok(None);
    };
    if archive.index_for_name("xl/workbook.xml").is_some() {
        return Ok(Some(Kind::Xlsx));
    }
    let mut mime = Vec::new();
    if let Ok(entry) = archive.by_name("mimetype") {
        entry.take(64).read_to_end(&mut mime)?;
    }
    Ok(mime
        .starts_with(b"application/vnd.oasis.opendocument.spreadsheet")
        .then_some(Kind::Ods))
}

/// A workbook that is open.
pub(super) enum Book {
    Xlsx(Box<Xlsx<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Cursor<Vec<u8>>>>),
}

/// Runs the parser; its panics are damage of the file.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, ReadError> {
    let outcome = catch_unwind(AssertUnwindSafe(work));
    outcome
        .unwrap_or_else(|_| Err("it is damaged".to_owned()))
        .map_err(|problem| ReadError::Workbook(format!("the spreadsheet cannot be read: {problem}")))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn said(error: impl ToString) -> String {
    error.to_string()
}

impl Book {
    pub(super) fn open(input: &Input, kind: Kind) -> Result<Self, ReadError> {
        bounds::check(input, kind)?;
        let bytes = input.file()?;
        guarded(|| {
            Ok(match kind {
                Kind::Xlsx => Self::Xlsx(Box::new(Xlsx::new(bytes).map_err(said)?)),
                Kind::Xls => Self::Xls(Box::new(Xls::new(bytes).map_err(said)?)),
                Kind::Ods => Self::Ods(Box::new(Ods::new(compacted(bytes).map_err(said)?).map_err(said)?)),
            })
        })
    }

    pub(super) fn sheets(&self) -> Vec<Sheet> {
        match self {
            Self::Xlsx(book) => book.sheets_metadata().to_vec(),
            Self::Xls(book) => book.sheets_metadata().to_vec(),
            Self::Ods(book) => book.sheets_metadata().to_vec(),
        }
    }

    /// The areas of merged cells.
    pub(super) fn merges(&mut self, sheet: &str) -> Result<Vec<Dimensions>, ReadError> {
        guarded(|| match self {
            Self::Xlsx(book) => book.merge_cells_by_sheet_name(sheet).map_err(said),
            Self::Xls(book) => book.merge_cells_by_sheet_name(sheet).map_err(said),
            Self::Ods(_) => Ok(Vec::new()),
        })
    }

    /// Hands over the rows that have cells, in order, with their place from 0, until `take` has enough.
    pub(super) fn rows(
        &mut self,
        sheet: &str,
        take: &mut dyn FnMut(u32, Vec<Cell<'_>>) -> bool,
    ) -> Result<(), ReadError> {
        match self {
            Self::Xlsx(book) => {
                let reader = guarded(|| book.worksheet_cells_reader(sheet).map_err(said))?;
                let mut stream = Stream {
                    reader,
                    next: None,
                    is_at_end: false,
                };
                let mut last = None;
                while let Some((place, cells)) = guarded(|| stream.row())? {
                    if last.is_some_and(|last| place <= last) {
                        let problem = format!("the rows of sheet `{sheet}` are not in order");
                        return Err(ReadError::Workbook(problem));
                    }
                    last = Some(place);
                    if !take(place, cells) {
                        break;
                    }
                }
            }
            Self::Xls(book) => whole(&guarded(|| book.worksheet_range(sheet).map_err(said))?, take),
            Self::Ods(book) => whole(&guarded(|| book.worksheet_range(sheet).map_err(said))?, take),
        }
        Ok(())
    }
}

fn whole(range: &Range<Data>, take: &mut dyn FnMut(u32, Vec<Cell<'_>>) -> bool) {
    let (top, left) = range.start().unwrap_or_default();
    for (place, row) in (top..).zip(range.rows()) {
        let mut cells = vec![Cell::Blank; left as usize];
        cells.extend(row.iter().map(cells::cell_of));
        let is_blank = cells.iter().all(|cell| *cell == Cell::Blank);
        if !is_blank && !take(place, cells) {
            break;
        }
    }
}

/// Cells put together to rows.
struct Stream<'b> {
    reader: XlsxCellReader<'b, Bytes>,
    next: Option<calamine::Cell<DataRef<'b>>>,
    /// The parser must not be asked again after its end.
    is_at_end: bool,
}

impl<'b> Stream<'b> {
    fn cell(&mut self) -> Result<Option<calamine::Cell<DataRef<'b>>>, String> {
        if let Some(cell) = self.next.take() {
            return Ok(Some(cell));
        }
        if self.is_at_end {
            return Ok(None);
        }
        let cell = self.reader.next_cell().map_err(said)?;
        self.is_at_end = cell.is_none();
        Ok(cell)
    }

    fn row(&mut self) -> Result<Option<(u32, Vec<Cell<'b>>)>, String> {
        let mut cells = Vec::new();
        let mut place = None;
        loop {
            let Some(cell) = self.cell()? else {
                return Ok(place.map(|place| (place, cells)));
            };
            let (row, column) = cell.get_position();
            if place.is_some_and(|place| place != row) {
                self.next = Some(cell);
                return Ok(place.map(|place| (place, cells)));
            }
            place = Some(row);
            if column >= COLUMNS {
                return Err(format!("row {} has a cell beyond column {COLUMNS}", u64::from(row) + 1));
            }
            let column = column as usize;
            let value = cells::cell(cell.get_value().clone());
            if value != Cell::Blank {
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Blank);
                }
                cells[column] = value;
            }
        }
    }
}
