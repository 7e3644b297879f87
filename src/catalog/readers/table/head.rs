//! The head of a table: which of the first rows names the columns, and what stands above it.
//!
//! The header is the first row in which the columns of the position are found; office files have titles and notes
//! above it, which have fewer cells. Headers of two lines are not put together: the lower one counts.

use super::{angle, columns, position::Position};
use crate::catalog::readers::{Hints, Remark};

/// As many rows are looked at for the header.
pub(in super::super) const HEAD_ROWS: usize = 50;

/// What the first rows of a table tell.
#[derive(Debug, Clone)]
pub(in super::super) struct Head {
    /// The columns; blank ones at the end are left off, and named when a value stands in them.
    pub(in super::super) names: Vec<String>,
    /// Cells of the header row, blank ones at the end included.
    pub(in super::super) width: usize,
    /// Rows that are no data: those above the header, and the header.
    pub(in super::super) above: usize,
    pub(super) position: Position,
    pub(super) remarks: Vec<Remark>,
}

impl Head {
    /// Understands the first rows of a table, at most [`HEAD_ROWS`], blank ones included.
    ///
    /// # Errors
    /// Which columns are missing, or that there is no header.
    pub(in super::super) fn find(rows: &[Vec<String>], hints: &Hints) -> Result<Self, String> {
        if hints.no_header {
            return Self::without_header(rows, hints);
        }
        let mut widest_above = 0;
        for (index, row) in rows.iter().enumerate() {
            let filled = filled(row);
            if filled > widest_above && filled > 0 {
                let names = columns::unique(row.iter().map(String::as_str));
                if let Ok(position) = Position::find(&names, &rows[index + 1..], hints) {
                    return Ok(Self::at(rows, index, names, position));
                }
            }
            widest_above = widest_above.max(filled);
        }
        Err(explain(rows, hints))
    }

    fn at(rows: &[Vec<String>], index: usize, names: Vec<String>, mut position: Position) -> Self {
        position.look_at(&rows[index + 1..]);
        let titles: Vec<String> = rows[..index]
            .iter()
            .filter(|row| filled(row) > 0)
            .map(|row| shown(row))
            .collect();
        let remark = (!titles.is_empty()).then(|| Remark {
            code: "rows_above_header",
            message: format!(
                "{} rows above the header are taken as title and left out: {}",
                titles.len(),
                titles.join("; ")
            ),
            is_warning: false,
        });
        Self {
            names,
            width: rows[index].len(),
            above: index + 1,
            position,
            remarks: remark.into_iter().collect(),
        }
    }

    fn without_header(rows: &[Vec<String>], hints: &Hints) -> Result<Self, String> {
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        let names = columns::numbered(width);
        if hints.lon.is_none() || hints.lat.is_none() {
            return Err(format!(
                "without a header it must be said where the position stands: --map lon=column_1 --map lat=column_2; {}",
                first_row(rows)
            ));
        }
        let mut position =
            Position::find(&names, rows, hints).map_err(|problem| format!("{problem}; {}", first_row(rows)))?;
        position.look_at(rows);
        Ok(Self {
            names,
            width,
            above: 0,
            position,
            remarks: Vec::new(),
        })
    }
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// A row in one line, shortened.
fn shown(row: &[String]) -> String {
    let cells: Vec<&str> = row
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    let text: String = cells.join(" ").chars().take(60).collect();
    format!("`{text}`")
}

/// Why no row will do: for the row that looks most like a header.
fn explain(rows: &[Vec<String>], hints: &Hints) -> String {
    let most = rows.iter().map(|row| filled(row)).max().unwrap_or_default();
    let likely = rows.iter().position(|row| filled(row) > 0 && filled(row) * 2 >= most);
    let Some(index) = likely else {
        return "there is no header row".to_owned();
    };
    let row = &rows[index];
    let numbers = row.iter().filter(|cell| angle::parse(cell, false).is_some()).count();
    if numbers >= 2 {
        return format!(
            "the first row looks like data, not like names of columns: add a header, or give --no-header and say where \
             the position stands, such as --map lon=column_2 --map lat=column_3; {}",
            first_row(&rows[index..])
        );
    }
    let names = columns::unique(row.iter().map(String::as_str));
    let problem = Position::find(&names, &rows[index + 1..], hints).err();
    let problem = problem.unwrap_or_else(|| "the row above the header is as long as the header".to_owned());
    format!("{problem}; the file has: {}", listed(&names))
}

/// As many columns are told; nobody reads more in a sentence.
const TOLD: usize = 60;

fn listed(columns: &[String]) -> String {
    match columns.len().checked_sub(TOLD) {
        Some(more @ 1..) => format!("{} and {more} more", columns[..TOLD].join(", ")),
        _ => columns.join(", "),
    }
}

/// The first row, for choosing columns by their numbers.
fn first_row(rows: &[Vec<String>]) -> String {
    let cells = rows.iter().find(|row| filled(row) > 0).map_or(&[][..], Vec::as_slice);
    let cells = cells.iter().enumerate().map(|(index, cell)| {
        let text: String = cell.trim().chars().take(20).collect();
        format!("column_{} = {text}", index + 1)
    });
    format!("the first row has: {}", listed(&cells.collect::<Vec<_>>()))
}
