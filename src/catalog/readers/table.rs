//! Tables: rows of cells under a header, from delimited text and from spreadsheets alike.
//!
//! Owns what makes a feature of a row: the header found among the first rows, names for all columns, the position in
//! one column or two, and what is said about the table as a whole. Where the cells come from is the readers' part.

mod angle;
mod columns;
mod head;
mod position;
#[cfg(test)]
mod tests;
mod wkt;

pub(super) use self::head::{HEAD_ROWS, Head};
use self::position::{Axis, Placed};
use super::{Columns, DeclaredCrs, Problem, RawFeature, Remark, Row};
use crate::catalog::RawValue;

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing, or white space.
    Blank,
    /// A value; text without white space around it.
    Value(RawValue<'a>),
    /// An error of the program that made the table, such as `#N/A`, in its words.
    Fault(&'static str),
}

impl<'a> Cell<'a> {
    /// A cell of text.
    pub(super) fn text(text: &'a str) -> Self {
        match text.trim() {
            "" => Self::Blank,
            text => Self::Value(RawValue::Text(text.into())),
        }
    }

    /// What people see in it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Value(value) => value.to_text().into_owned(),
            Self::Fault(fault) => (*fault).to_owned(),
        }
    }
}

/// One reading of a table's rows.
#[derive(Debug)]
pub(super) struct Rows<'h> {
    head: &'h Head,
    columns: Columns,
    pub(super) tally: Tally,
}

/// What a reading counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    rows: u64,
    /// Rows with longitude and latitude in range only when exchanged.
    swapped: u64,
    /// Cells with an error in them, and where the first was.
    faults: u64,
    first_fault: Option<String>,
    /// The reference system that geometries name; the first one.
    srid: Option<u32>,
    other_srid: Option<u32>,
}

impl<'h> Rows<'h> {
    pub(super) fn new(head: &'h Head) -> Self {
        Self {
            head,
            columns: Columns::from(head.names.as_slice()),
            tally: Tally::default(),
        }
    }

    /// Hands over a row below the header as a feature; a row of blanks only is none and is not handed over.
    pub(super) fn add(&mut self, number: u64, cells: Vec<Cell<'_>>, take: &mut dyn FnMut(&[String], Row)) {
        if cells.iter().all(|cell| *cell == Cell::Blank) {
            return;
        }
        let used = cells
            .iter()
            .rposition(|cell| *cell != Cell::Blank)
            .map_or(0, |last| last + 1);
        for _ in self.columns.names.len()..used {
            self.columns.add("");
        }
        self.tally.rows += 1;
        let content = self.feature(number, cells);
        take(&self.columns.names, Row { number, content });
    }

    /// Hands over a row that is none.
    pub(super) fn refuse(&mut self, number: u64, problem: Problem, take: &mut dyn FnMut(&[String], Row)) {
        self.tally.rows += 1;
        let content = Err(problem);
        take(&self.columns.names, Row { number, content });
    }

    fn feature(&mut self, number: u64, cells: Vec<Cell<'_>>) -> Result<RawFeature, Problem> {
        let Placed {
            geometry,
            open_rings,
            srid,
            is_swapped,
        } = self.head.position.read(&cells, &self.columns.names)?;
        self.tally.swapped += u64::from(is_swapped);
        self.tally.add_srid(srid);
        let mut values = Vec::with_capacity(cells.len());
        for (column, cell) in cells.into_iter().enumerate() {
            match cell {
                Cell::Value(value) if !self.head.position.holds(column) => values.push((column, value.into_owned())),
                Cell::Fault(fault) => self.tally.add_fault(fault, number, &self.columns.names[column]),
                Cell::Value(_) | Cell::Blank => {}
            }
        }
        Ok(RawFeature {
            geometry,
            open_rings,
            values,
        })
    }
}

impl Tally {
    fn add_srid(&mut self, srid: Option<u32>) {
        match (self.srid, srid) {
            (None, Some(_)) => self.srid = srid,
            (Some(known), Some(other)) if known != other => self.other_srid = srid,
            _ => {}
        }
    }

    fn add_fault(&mut self, fault: &str, number: u64, column: &str) {
        self.faults += 1;
        let place = || format!("{fault} in row {number}, {column}");
        self.first_fault.get_or_insert_with(place);
    }

    /// What the geometries say they are in.
    pub(super) fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.srid.map(DeclaredCrs::Epsg)
    }

    /// What is to be said about the table, after a reading.
    pub(super) fn remarks(&self, head: &Head) -> Vec<Remark> {
        let mut remarks = head.remarks.clone();
        let mut warn = |code, message| {
            remarks.push(Remark {
                code,
                message,
                is_warning: true,
            });
        };
        if self.swapped * 2 > self.rows {
            let (lon, lat) = head.position_columns();
            let message = format!(
                "in {} of {} rows `{lat}` is beyond 90 degrees and `{lon}` is not: longitude and latitude look \
                 swapped; --map 'lon={lat}' --map 'lat={lon}' takes them the other way round",
                self.swapped, self.rows
            );
            warn("swapped_columns", message);
        }
        if let Some(first) = &self.first_fault {
            let message = format!(
                "{} cells hold an error instead of a value and are taken as blank, such as {first}",
                self.faults
            );
            warn("faulty_cells", message);
        }
        if let (Some(one), Some(other)) = (self.srid, self.other_srid) {
            let message =
                format!("geometries name different reference systems, SRID {one} and {other}; {one} is taken");
            warn("several_srids", message);
        }
        remarks
    }
}

impl Head {
    /// The columns that the position comes from; the same one twice where it holds both numbers or a geometry.
    pub(super) fn position_columns(&self) -> (&str, &str) {
        let name = |axis| self.names[self.position.column(axis)].as_str();
        (name(Axis::Lon), name(Axis::Lat))
    }
}
