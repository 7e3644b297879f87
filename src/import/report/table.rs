//! A table for a terminal: columns aligned by what they take there, Chinese characters two places each.

use std::fmt::{Formatter, Result as FmtResult};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Places between columns.
const GAP: usize = 2;

/// Rows of cells under a header.
pub(super) struct Table {
    widest: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Column names, and the most places that each column may take.
    pub(super) fn new<const N: usize>(columns: [(&str, usize); N]) -> Self {
        Self {
            widest: columns.iter().map(|(_, widest)| *widest).collect(),
            rows: vec![columns.iter().map(|(name, _)| (*name).to_owned()).collect()],
        }
    }

    pub(super) fn push<const N: usize>(&mut self, cells: &[String; N]) {
        let fitted = cells
            .iter()
            .zip(&self.widest)
            .map(|(cell, widest)| fit(&one_line(cell), *widest));
        self.rows.push(fitted.collect());
    }

    /// Writes the rows, each behind an indent, without blanks at their ends.
    pub(super) fn write(&self, f: &mut Formatter<'_>, indent: &str) -> FmtResult {
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.width())
                .max()
        };
        let widths: Vec<usize> = (0..self.widest.len())
            .map(|column| width(column).unwrap_or_default())
            .collect();
        for row in &self.rows {
            let mut line = indent.to_owned();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width + GAP - cell.width()));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Text as it may stand in a line of a terminal: what would steer the terminal is shown as a replacement character.
pub(super) fn one_line(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\r' | '\t' => ' ',
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    text.chars().map(shown).collect()
}

/// Cuts a text that takes more places.
fn fit(text: &str, places: usize) -> String {
    if text.width() <= places {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut taken = 1;
    for letter in text.chars() {
        taken += letter.width().unwrap_or_default();
        if taken > places {
            break;
        }
        cut.push(letter);
    }
    cut + "…"
}

#[cfg(test)]
mod tests {
    use std::fmt::{Display, Formatter, Result as FmtResult};

    use super::*;

    struct Shown(Table);

    impl Display for Shown {
        fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
            self.0.write(f, "| ")
        }
    }

    #[test]
    fn chinese_takes_two_places_and_long_cells_are_cut() {
        let mut table = Table::new([("column", 10), ("values", 12)]);
        table.push(&["名称".to_owned(), "福州一中鼓楼校区".to_owned()]);
        table.push(&["lon".to_owned(), "a\tb\u{1b}[31m\nc".to_owned()]);
        table.push(&["容纳人数（人）".to_owned(), String::new()]);
        insta::assert_snapshot!(Shown(table).to_string(), @r"
        | column     values
        | 名称       福州一中鼓…
        | lon        a b�[31m c
        | 容纳人数…
        ");
    }
}
