//! Spreadsheets: one sheet of an `.xlsx`, `.xls` or `.ods` file as a [`table`](super::table).
//!
//! Owns the choice of the sheet and what cells hold: numbers stay numbers and whole ones are integers, dates become
//! RFC 3339 dates (with a time, but no offset, where the cell has one: sheets know no zone), errors such as `#N/A` are
//! blank and counted. A value of cells merged downwards stands in all of their rows, as people see it. A row's number
//! is its distance from the header in the sheet.
//!
//! Memory: `.xlsx` is streamed, with its table of shared texts in memory (at most 512 MiB); the others are read whole
//! and may have 64 MiB, which `.xls` cannot exceed by much.

mod bounds;
mod cells;
mod compact;
mod compound;
mod merges;
mod repeats;
mod sheets;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use calamine::{Sheet, SheetType, SheetVisible};

use self::sheets::Book;
pub(super) use self::sheets::kind;
use super::{
    DeclaredCrs, Hints, Input, ReadError, Remark, Row, Source,
    table::{HEAD_ROWS, Head, Rows, Tally},
};

/// The kinds of spreadsheet files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Office Open XML.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// `OpenDocument`.
    Ods,
}

/// A spreadsheet file with its sheet chosen and the header understood.
#[derive(Debug)]
pub struct Workbook {
    input: Input,
    kind: Kind,
    sheet: String,
    head: Head,
    /// The sheet's row, from 0, that data begin with.
    first: u32,
    tally: RefCell<Tally>,
    merged: RefCell<u64>,
}

impl Workbook {
    /// Chooses the sheet: the one that is named, or the only one, of those not hidden, with a header and positions.
    ///
    /// # Errors
    /// A damaged file, no such sheet, none or several with positions.
    pub(super) fn open(input: Input, kind: Kind, hints: &Hints) -> Result<Self, ReadError> {
        let mut book = Book::open(&input, kind)?;
        let sheets = book.sheets();
        let names = || {
            sheets
                .iter()
                .map(|sheet| format!("`{}`", sheet.name))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let candidates: Vec<&Sheet> = match &hints.table {
            Some(name) => sheets.iter().filter(|sheet| sheet.name == *name).collect(),
            None => sheets.iter().filter(|sheet| is_shown(sheet)).collect(),
        };
        let mut usable = Vec::new();
        let mut problems = Vec::new();
        for sheet in candidates {
            match head(&mut book, &sheet.name, hints)? {
                Ok((head, first)) => usable.push((sheet.name.clone(), head, first)),
                Err(problem) => problems.push(format!("sheet `{}`: {problem}", sheet.name)),
            }
        }
        if usable.len() > 1 {
            let usable: Vec<String> = usable.iter().map(|(name, ..)| format!("`{name}`")).collect();
            return Err(ReadError::Workbook(format!(
                "several sheets have positions, {}; say which with --table NAME",
                usable.join(", ")
            )));
        }
        let Some((sheet, head, first)) = usable.pop() else {
            return Err(ReadError::Workbook(match &hints.table {
                Some(name) if problems.is_empty() => format!("there is no sheet `{name}`; the file has {}", names()),
                _ if problems.is_empty() => "it has no sheet that is not hidden".to_owned(),
                _ => problems.join("; "),
            }));
        };
        Ok(Self {
            input,
            kind,
            sheet,
            head,
            first,
            tally: RefCell::default(),
            merged: RefCell::default(),
        })
    }
}

fn is_shown(sheet: &Sheet) -> bool {
    sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
}

/// The head of a sheet, and the sheet's row that its data begin with; or why it has none.
fn head(book: &mut Book, sheet: &str, hints: &Hints) -> Result<Result<(Head, u32), String>, ReadError> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut places = Vec::new();
    book.rows(sheet, &mut |place, cells| {
        rows.push(cells.iter().map(super::table::Cell::shown).collect());
        places.push(place);
        rows.len() < HEAD_ROWS
    })?;
    Ok(Head::find(&rows, hints).map(|head| {
        let header = head.above.checked_sub(1).and_then(|last| places.get(last));
        let first = header.map_or(0, |header| header + 1);
        (head, first)
    }))
}

impl Source for Workbook {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut book = Book::open(&self.input, self.kind)?;
        let mut merges = merges::Merges::new(book.merges(&self.sheet)?, self.first);
        let mut rows = Rows::new(&self.head);
        book.rows(&self.sheet, &mut |place, mut cells| {
            if place >= self.first {
                merges.fill(place, &mut cells);
                rows.add(u64::from(place - self.first) + 1, cells, take);
            }
            true
        })?;
        self.tally.replace(rows.tally);
        self.merged.replace(merges.filled());
        Ok(())
    }

    fn position_columns(&self) -> Option<(&str, &str)> {
        Some(self.head.position_columns())
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.tally.borrow().declared_crs()
    }

    fn remarks(&self) -> Vec<Remark> {
        let mut remarks = self.tally.borrow().remarks(&self.head);
        let filled = *self.merged.borrow();
        if filled > 0 {
            remarks.push(Remark {
                code: "merged_cells",
                message: format!("{filled} cells under a merged one are given its value"),
                is_warning: false,
            });
        }
        remarks
    }
}
