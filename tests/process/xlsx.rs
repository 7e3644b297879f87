//! Spreadsheets for tests: the least that a program takes for one.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{ZipWriter, write::SimpleFileOptions};

/// A sheet, its cells written with bars between them: numbers are numbers, `@45943` is a date by its day, `#N/A` an
/// error, `'300` text, everything else text.
pub(crate) struct Sheet<'a> {
    pub(crate) name: &'a str,
    pub(crate) is_hidden: bool,
    pub(crate) rows: &'a str,
    /// Merged areas such as `A1:C1`.
    pub(crate) merged: &'a [&'a str],
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(name: &'a str, rows: &'a str) -> Self {
        Self {
            name,
            is_hidden: false,
            rows,
            merged: &[],
        }
    }
}

const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// The bytes of an `.xlsx` file.
pub(crate) fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, content: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    };
    let (mut list, mut relations, mut types) = (String::new(), String::new(), String::new());
    let mut texts = Vec::new();
    for (number, sheet) in (1..).zip(sheets) {
        let state = if sheet.is_hidden { " state=\"hidden\"" } else { "" };
        write!(
            list,
            "<sheet name=\"{}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>",
            sheet.name
        )
        .unwrap();
        write!(relations, "<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>").unwrap();
        write!(types, "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>").unwrap();
        put(
            &format!("xl/worksheets/sheet{number}.xml"),
            &sheet_xml(sheet, &mut texts),
        );
    }
    let strings = texts
        .iter()
        .map(|text| format!("<si><t xml:space=\"preserve\">{text}</t></si>"));
    let strings = strings.collect::<Vec<_>>().concat();
    put("xl/sharedStrings.xml", &format!("<sst {MAIN}>{strings}</sst>"));
    put(
        "xl/styles.xml",
        &format!(
            "<styleSheet {MAIN}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
        ),
    );
    put(
        "xl/workbook.xml",
        &format!("<workbook {MAIN}><sheets>{list}</sheets></workbook>"),
    );
    put(
        "xl/_rels/workbook.xml.rels",
        &format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}<Relationship Id=\"rId91\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId92\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>"
        ),
    );
    put(
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    );
    put(
        "[Content_Types].xml",
        &format!("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{types}</Types>"),
    );
    zip.finish().unwrap().into_inner()
}

fn sheet_xml(sheet: &Sheet<'_>, texts: &mut Vec<String>) -> String {
    let mut data = String::new();
    for (row, line) in (1..).zip(sheet.rows.lines()) {
        write!(data, "<row r=\"{row}\">").unwrap();
        for (column, cell) in (b'A'..=b'Z').zip(line.split('|')) {
            let place = format!("{}{row}", column as char);
            let text = cell.trim();
            if text.is_empty() {
                continue;
            }
            if let Some(days) = text.strip_prefix('@') {
                write!(data, "<c r=\"{place}\" s=\"1\"><v>{days}</v></c>").unwrap();
            } else if text.starts_with('#') {
                write!(data, "<c r=\"{place}\" t=\"e\"><v>{text}</v></c>").unwrap();
            } else if text.parse::<f64>().is_ok() {
                write!(data, "<c r=\"{place}\"><v>{text}</v></c>").unwrap();
            } else {
                let text = text.strip_prefix('\'').unwrap_or(text);
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                write!(data, "<c r=\"{place}\" t=\"s\"><v>{}</v></c>", texts.len()).unwrap();
                texts.push(text);
            }
        }
        data += "</row>";
    }
    let merged = sheet.merged.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>"));
    let merged = merged.collect::<Vec<_>>().concat();
    let merged = if merged.is_empty() {
        merged
    } else {
        format!("<mergeCells>{merged}</mergeCells>")
    };
    format!("<worksheet {MAIN}><sheetData>{data}</sheetData>{merged}</worksheet>")
}
