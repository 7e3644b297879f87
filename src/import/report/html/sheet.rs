//! Headings, sentences and tables in two languages.

use crate::{
    html::Page,
    import::report::translate,
    messages::{self, Lang},
};

/// Rows of a list on the page: more is for the JSON.
pub(super) const SHOWN: usize = 1_000;

const STYLE: &str = include_str!("../report.css");

/// One field of a table.
pub(super) enum Cell {
    /// What stands in the data.
    Value(String),
    /// A number, aligned to the right.
    Number(String),
    /// A message of the catalogue.
    Message(String),
    /// The same thing in Chinese and English.
    Both(String, String),
    /// An English sentence, with its Chinese where the catalogue knows it.
    Told(String),
    /// Nothing.
    Blank,
}

impl Cell {
    pub(super) fn value(value: &impl ToString) -> Self {
        Self::Value(value.to_string())
    }

    pub(super) fn message(key: impl Into<String>) -> Self {
        Self::Message(key.into())
    }

    pub(super) fn count(count: u64) -> Self {
        Self::Number(grouped(count))
    }

    /// A value that may not be known.
    pub(super) fn maybe(value: Option<&String>) -> Self {
        value.map_or(Self::Blank, Self::value)
    }
}

/// A whole number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The page under construction.
pub(super) struct Sheet(Page);

impl Sheet {
    pub(super) fn begin(title: &str) -> Self {
        let mut sheet = Self(Page::default());
        sheet
            .0
            .raw("<!doctype html>\n<html lang=\"zh-Hans\">\n<meta charset=\"utf-8\">\n")
            .raw("<meta name=\"viewport\" content=\"width=device-width\">\n")
            .raw("<meta http-equiv=\"Content-Security-Policy\" ")
            .raw("content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>")
            .text(&messages::text(Lang::Zh, "report.title", &[]))
            .raw(" · ")
            .text(title)
            .raw("</title>\n<style>\n")
            .raw(STYLE)
            .raw("</style>\n<main>\n<h1>");
        sheet.both("report.title", &[]);
        sheet.0.raw("</h1>\n");
        sheet
    }

    pub(super) fn finish(mut self) -> String {
        self.0.raw("</main>\n</html>\n");
        self.0.finish()
    }

    pub(super) fn heading(&mut self, key: &str) {
        self.0.raw("<h2>");
        self.both(key, &[]);
        self.0.raw("</h2>\n");
    }

    pub(super) fn paragraph(&mut self, key: &str, params: &[(&str, &str)]) {
        self.0.raw("<p>");
        self.both(key, params);
        self.0.raw("</p>\n");
    }

    /// A table of a name and a value in each row.
    pub(super) fn facts(&mut self, facts: Vec<(&str, Cell)>) {
        self.0.raw("<table><tbody>\n");
        for (key, cell) in facts {
            self.0.raw("<tr><th scope=\"row\">");
            self.both(key, &[]);
            self.0.raw("</th>");
            self.cell(&cell);
            self.0.raw("</tr>\n");
        }
        self.0.raw("</tbody></table>\n");
    }

    /// A table with a header.
    pub(super) fn table<const N: usize>(&mut self, header: [&str; N], rows: impl IntoIterator<Item = [Cell; N]>) {
        self.0.raw("<table><thead><tr>");
        for key in header {
            self.0.raw("<th scope=\"col\">");
            self.both(key, &[]);
            self.0.raw("</th>");
        }
        self.0.raw("</tr></thead><tbody>\n");
        for row in rows {
            self.0.raw("<tr>");
            for cell in &row {
                self.cell(cell);
            }
            self.0.raw("</tr>\n");
        }
        self.0.raw("</tbody></table>\n");
    }

    /// A list that may be longer than what is shown of it; nothing where it is empty.
    pub(super) fn list<const N: usize>(&mut self, header: [&str; N], mut rows: Vec<[Cell; N]>, all: Option<u64>) {
        if rows.is_empty() {
            return;
        }
        let all = all.unwrap_or(rows.len() as u64);
        rows.truncate(SHOWN);
        let shown = rows.len() as u64;
        if shown < all {
            self.paragraph("report.first_of", &[("shown", &grouped(shown)), ("all", &grouped(all))]);
        }
        self.table(header, rows);
    }

    /// A sentence of an import with its weight.
    pub(super) fn told(&mut self, weight: &str, sentence: &str) {
        self.0.raw(match weight {
            "stop" => "<p class=\"stop\">",
            "warning" => "<p class=\"warning\">",
            _ => "<p>",
        });
        self.both(&format!("severity.{weight}"), &[]);
        self.0.raw("<br>");
        self.sentence(sentence);
        self.0.raw("</p>\n");
    }

    fn cell(&mut self, cell: &Cell) {
        self.0.raw(if matches!(cell, Cell::Number(_)) {
            "<td class=\"n\">"
        } else {
            "<td>"
        });
        match cell {
            Cell::Value(text) | Cell::Number(text) => drop(self.0.text(text)),
            Cell::Message(key) => self.both(key, &[]),
            Cell::Both(zh, en) => self.spans(zh, en),
            Cell::Told(sentence) => self.sentence(sentence),
            Cell::Blank => {}
        }
        self.0.raw("</td>");
    }

    fn sentence(&mut self, english: &str) {
        if let Some(chinese) = translate::to_chinese(english) {
            self.0.raw("<span lang=\"zh-Hans\">").text(&chinese).raw("</span><br>");
        }
        self.0.raw("<span lang=\"en\">").text(english).raw("</span>");
    }

    /// A message in both languages.
    fn both(&mut self, key: &str, params: &[(&str, &str)]) {
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| messages::text(lang, key, params));
        self.spans(&zh, &en);
    }

    /// The same in both languages, once where they are equal; nothing where both are empty.
    fn spans(&mut self, zh: &str, en: &str) {
        if !zh.is_empty() {
            self.0.raw("<span lang=\"zh-Hans\">").text(zh).raw("</span>");
        }
        if zh != en {
            self.0.raw(" <span lang=\"en\">").text(en).raw("</span>");
        }
    }
}
