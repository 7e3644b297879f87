//! How large an `.ods` is once its repetitions are written out (`OpenDocument` 1.3, part 3, 19.675 and 19.678).

use std::io::BufRead;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::bounds::{Area, Cells};

/// The most bytes of texts beyond those that are there.
const TEXTS: u64 = 64 << 20;

/// What makes a cell more than a blank one.
const CONTENT: [&str; 7] = [
    "office:value",
    "office:value-type",
    "office:string-value",
    "office:date-value",
    "office:time-value",
    "office:boolean-value",
    "table:formula",
];

/// Elements whose end the parser waits for, also behind the end of the file.
const AWAITED: [&str; 4] = [
    "table:table",
    "table:table-row",
    "table:named-expressions",
    "office:annotation",
];

/// Reads through a file's content.
///
/// # Errors
/// Why it is not read; other broken XML is the parser's to tell.
pub(super) fn check(content: impl BufRead, size: u64) -> Result<(), String> {
    let mut xml = Reader::from_reader(content);
    xml.config_mut().expand_empty_elements = true;
    xml.config_mut().check_end_names = false;
    let mut counted = Counted::default();
    let mut open = Vec::new();
    let mut buffer = Vec::new();
    while let Ok(event) = xml.read_event_into(&mut buffer) {
        match event {
            Event::Start(element) => {
                open.extend(awaited(element.name().as_ref()));
                counted.open(&element);
            }
            Event::End(element) => {
                let name = element.name();
                if awaited(name.as_ref()).is_some_and(|name| open.pop() != Some(name)) {
                    return Err(format!("`{}` ends where it does not begin", name.as_ref()));
                }
                match name.as_ref() {
                    "table:table-cell" | "table:covered-table-cell" => counted.end_cell(),
                    "table:table-row" => counted.end_row(),
                    "table:table" => counted.end_table(),
                    _ => {}
                }
            }
            Event::Text(text) => counted.cell.bytes += text.len() as u64,
            Event::Eof => {
                if let Some(name) = open.last() {
                    return Err(format!("the file ends inside of `{name}`"));
                }
                break;
            }
            _ => {}
        }
        if counted.texts > size + TEXTS {
            return Err("its texts are repeated until they fill the memory".to_owned());
        }
        buffer.clear();
    }
    counted.end_table();
    counted.cells.check(size)
}

/// The name among [`AWAITED`].
fn awaited(name: &str) -> Option<&'static str> {
    AWAITED.into_iter().find(|known| *known == name)
}

#[derive(Debug, Default)]
struct Counted {
    cells: Cells,
    /// Bytes of texts as often as they are repeated.
    texts: u64,
    /// Rows of the table with something in them and blank ones between, and the widest.
    rows: u64,
    blank_rows: u64,
    widest: u64,
    row: Counting,
    cell: Counting,
}

/// A row or a cell being read.
#[derive(Debug, Default)]
struct Counting {
    repeats: u64,
    /// Columns so far, and up to the last that is no blank one.
    columns: u64,
    filled: u64,
    is_filled: bool,
    bytes: u64,
}

impl Counted {
    fn open(&mut self, element: &BytesStart<'_>) {
        let number = |name: &str| {
            let given = element.try_get_attribute(name).ok().flatten();
            let number = given.and_then(|given| given.value.trim().parse::<u64>().ok());
            number.unwrap_or(1)
        };
        match element.name().as_ref() {
            "table:table-row" => {
                self.row = Counting {
                    repeats: number("table:number-rows-repeated"),
                    ..Counting::default()
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let mut names = element.attributes().flatten().map(|attribute| attribute.key);
                self.cell = Counting {
                    repeats: number("table:number-columns-repeated"),
                    is_filled: names.any(|name| CONTENT.contains(&name.as_ref())),
                    bytes: element.len() as u64,
                    ..Counting::default()
                }
            }
            "text:s" => self.cell.bytes = self.cell.bytes.saturating_add(number("text:c")),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        // The parser stops at the last column that a sheet can have.
        let repeats = self.cell.repeats.min(1 << 14);
        self.row.columns = (self.row.columns + repeats).min(1 << 14);
        if self.cell.is_filled {
            self.row.filled = self.row.columns;
            self.row.bytes = self.row.bytes.saturating_add(repeats.saturating_mul(self.cell.bytes));
        }
        // A text that is longer than all others may be in one cell that is not repeated.
        self.texts = self.texts.max(self.cell.bytes);
        self.cell = Counting::default();
    }

    fn end_row(&mut self) {
        let repeats = self.row.repeats.clamp(1, 1 << 20);
        if self.row.filled > 0 {
            self.rows += repeats + std::mem::take(&mut self.blank_rows);
            self.widest = self.widest.max(self.row.filled);
            self.texts = self.texts.saturating_add(repeats.saturating_mul(self.row.bytes));
        } else {
            self.blank_rows += repeats;
        }
        self.row = Counting::default();
    }

    fn end_table(&mut self) {
        if let (Ok(rows @ 1..), Ok(columns @ 1..)) = (u32::try_from(self.rows), u32::try_from(self.widest)) {
            let mut area = Area::default();
            area.add(0, 0);
            area.add(rows - 1, columns - 1);
            self.cells.add(area);
        }
        (self.rows, self.blank_rows, self.widest) = (0, 0, 0);
    }
}
