//! Delimited text: one feature per row under a header, in the columns of a [`table`](super::table).
//!
//! Owns the delimiter, quotation and line ends (LF, CR LF or CR). Memory of one row, which may have 64 MiB.

mod delimiter;
mod records;

use std::cell::RefCell;

use self::{delimiter::Dialect, records::Records};
use super::{
    DeclaredCrs, Detected, Hints, Input, Problem, ReadError, Remark, Row, Source,
    table::{Cell, Head, Rows, Tally},
};

/// A file of delimited text with its header understood.
#[derive(Debug)]
pub struct Csv {
    input: Input,
    dialect: Dialect,
    head: Head,
    tally: RefCell<Tally>,
}

impl Csv {
    /// Reads the first rows: finds the delimiter (comma, tab, semicolon or bar), the header and the columns of the
    /// position.
    ///
    /// # Errors
    /// No header, no columns for the position, or an encoding that cannot be told.
    pub fn open(input: Input, hints: &Hints) -> Result<Self, ReadError> {
        let (dialect, head) = delimiter::find(&input, hints)?;
        Ok(Self {
            input,
            dialect,
            head,
            tally: RefCell::default(),
        })
    }

    fn cells<'r>(&self, record: &'r csv::StringRecord) -> Result<Vec<Cell<'r>>, Problem> {
        let cells: Vec<Cell<'_>> = record.iter().map(Cell::text).collect();
        let used = cells
            .iter()
            .rposition(|cell| *cell != Cell::Blank)
            .map_or(0, |last| last + 1);
        // A row that is cut or has a delimiter too many: nobody knows which value belongs to which column.
        if used > 0 && (used > self.head.width || cells.len() < self.head.names.len()) {
            return Err(Problem::row(format!(
                "{} fields where the header has {}",
                record.len(),
                self.head.width
            )));
        }
        Ok(cells)
    }
}

impl Source for Csv {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut records = Records::open(&self.input, self.dialect)?;
        let mut rows = Rows::new(&self.head);
        let mut number = 0;
        let mut passed = 0;
        while let Some(record) = records.next()? {
            if passed < self.head.above {
                passed += 1;
                continue;
            }
            number += 1;
            match self.cells(record) {
                Ok(cells) => rows.add(number, cells, take),
                Err(problem) => rows.refuse(number, problem, take),
            }
        }
        self.tally.replace(rows.tally);
        Ok(())
    }

    fn position_columns(&self) -> Option<(&str, &str)> {
        Some(self.head.position_columns())
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.tally.borrow().declared_crs()
    }

    fn encoding(&self) -> Option<Detected> {
        self.input.encoding().ok()
    }

    fn remarks(&self) -> Vec<Remark> {
        self.tally.borrow().remarks(&self.head)
    }
}
