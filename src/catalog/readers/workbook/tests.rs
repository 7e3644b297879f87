//! Whole spreadsheets, made here part by part.

use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::catalog::{RawValue, readers::Progress};

#[path = "../../../../tests/process/xlsx.rs"]
mod xlsx;

use xlsx::Sheet as Made;

fn open(bytes: &[u8], hints: &Hints) -> Result<(String, Box<dyn Source>, tempfile::NamedTempFile), ReadError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let opened = super::super::open(Input::new(file.path(), Progress::default()), hints);
    opened.map(|(format, source)| (format.to_string(), source, file))
}

fn read(bytes: &[u8], hints: &Hints) -> Result<Vec<String>, ReadError> {
    let (_, source, _file) = open(bytes, hints)?;
    let mut shown = Vec::new();
    source.read(&mut |names, row| {
        shown.push(match row.content {
            Ok(feature) => {
                let values = feature.values.iter();
                let values = values.map(|(column, value)| format!(" {}={value:?}", names[*column]));
                format!(
                    "{} {:?}{}",
                    row.number,
                    feature.geometry.is_some(),
                    values.collect::<String>()
                )
            }
            Err(problem) => format!("{} {:?} {}", row.number, problem.value, problem.reason),
        });
    })?;
    shown.extend(
        source
            .remarks()
            .into_iter()
            .map(|remark| format!("{}: {}", remark.code, remark.message)),
    );
    Ok(shown)
}

const REGISTER: &str = "福建省避灾点登记表\n编号|名称|经度|纬度|人数|日期|镇\n'001|一中|119.3|26.08|300|@45943|洪山\n\
                        '002|鼓楼|119°18′|26°5′|#N/A|@45943.5|\n|||||\n'003|台江|#REF!|26.1|1|||";

#[test]
fn a_sheet_is_read_with_its_types_errors_and_merged_cells() {
    let mut sheet = Made::new("登记", REGISTER);
    sheet.merged = &["A1:G1", "G3:G4"];
    let rows = read(&xlsx::workbook(&[sheet]), &Hints::default()).unwrap();
    insta::assert_snapshot!(rows.join("\n"), @r##"
    1 true 编号=Text("001") 名称=Text("一中") 人数=Int(300) 日期=Text("2025-10-13") 镇=Text("洪山")
    2 true 编号=Text("002") 名称=Text("鼓楼") 日期=Text("2025-10-13T12:00:00") 镇=Text("洪山")
    4 Some("#REF!") is an error and no position
    rows_above_header: 1 rows above the header are taken as title and left out: `福建省避灾点登记表`
    faulty_cells: 1 cells hold an error instead of a value and are taken as blank, such as #N/A in row 2, 人数
    merged_cells: 1 cells under a merged one are given its value
    "##);
}

#[test]
fn the_sheet_with_positions_is_chosen_or_asked_for() {
    let table = |name: Option<&str>| Hints {
        table: name.map(str::to_owned),
        ..Hints::default()
    };
    let hidden = Made {
        is_hidden: true,
        ..Made::new("旧", "name|lon|lat\nold|1|2")
    };
    let book = xlsx::workbook(&[
        Made::new("说明", "填写说明\n请填写"),
        Made::new("数据", "name|lon|lat\na|119|26"),
        hidden,
    ]);
    assert_eq!(read(&book, &table(None)).unwrap(), ["1 true name=Text(\"a\")"]);
    assert_eq!(read(&book, &table(Some("旧"))).unwrap(), ["1 true name=Text(\"old\")"]);
    let several = xlsx::workbook(&[Made::new("福州", "lon|lat\n1|2"), Made::new("厦门", "lon|lat\n1|2")]);
    let none = xlsx::workbook(&[Made::new("空", ""), Made::new("表", "a|b\n1|2")]);
    let asked = [
        read(&several, &table(None)),
        read(&several, &table(Some("泉州"))),
        read(&none, &table(None)),
    ]
    .map(|outcome| outcome.unwrap_err().to_string());
    insta::assert_snapshot!(asked.join("\n"), @r"
    several sheets have positions, `福州`, `厦门`; say which with --table NAME
    there is no sheet `泉州`; the file has `福州`, `厦门`
    sheet `空`: there is no header row; sheet `表`: no column looks like the longitude; say which with --map lon=COLUMN; the file has: a, b
    ");
}

#[test]
fn numbers_are_numbers_and_text_is_text() {
    let book = xlsx::workbook(&[Made::new("a", "lon|lat|n|t\n119.5|26|300|'0592")]);
    let (format, source, _file) = open(&book, &Hints::default()).unwrap();
    assert_eq!(format, "xlsx");
    let mut values = Vec::new();
    source
        .read(&mut |_, row| values.extend(row.content.unwrap().values.into_iter().map(|(_, value)| value)))
        .unwrap();
    assert_eq!(values, [RawValue::Int(300), RawValue::Text("0592".into())]);
}

fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_says_it_is_huge_is_refused_before_room_is_made() {
    let shared = [
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/sharedStrings.xml", "<sst uniqueCount=\"900000000000\"><si/></sst>"),
    ];
    let error = read(&zipped(&shared), &Hints::default()).unwrap_err().to_string();
    assert!(error.contains("it says that it shares 900000000000 texts"), "{error}");
}

/// An `.ods` whose sheet has these rows.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let mime = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = "<manifest:manifest/>";
    zipped(&[
        ("mimetype", mime),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ])
}

#[test]
fn repetitions_that_would_fill_the_memory_are_refused() {
    let text = "<table:table-cell office:value-type=\"string\"";
    let header = format!(
        "<table:table-row>{text}><text:p>lon</text:p></table:table-cell>{text}><text:p>lat</text:p></table:table-cell></table:table-row>"
    );
    let number = "<table:table-cell office:value-type=\"float\" office:value=\"1\"";
    // As LibreOffice writes it: the rest of the sheet in one row and one column.
    let usual = format!(
        "{header}<table:table-row>{number}/>{number}/><table:table-cell table:number-columns-repeated=\"16382\"/>\
         </table:table-row><table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell \
         table:number-columns-repeated=\"16384\"/></table:table-row>"
    );
    assert_eq!(read(&ods(&usual), &Hints::default()).unwrap(), ["1 true"]);
    let filled = format!(
        "{header}<table:table-row table:number-rows-repeated=\"1048574\">{number} \
         table:number-columns-repeated=\"16384\"/></table:table-row>"
    );
    let spaces = format!(
        "{header}<table:table-row>{text}><text:p><text:s text:c=\"4000000000\"/></text:p></table:table-cell></table:table-row>"
    );
    let sparse = format!(
        "{header}<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"1000\"/>{number}/></table:table-row>"
    );
    for (rows, problem) in [
        (filled, "repeated until"),
        (spaces, "repeated until"),
        (sparse, "so far apart"),
    ] {
        let error = read(&ods(&rows), &Hints::default()).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn an_ods_that_is_not_closed_is_refused_and_not_waited_for() {
    for rows in ["<table:table-row>", "<table:named-expressions>"] {
        let error = read(&ods(rows), &Hints::default()).unwrap_err().to_string();
        assert!(
            error.contains("ends where it does not begin") || error.contains("ends inside of"),
            "{error}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_workbooks_are_refused_or_read(
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        cut in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let mut bytes = xlsx::workbook(&[Made::new("a", REGISTER)]);
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes, &Hints::default());
    }
}
