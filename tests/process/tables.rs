//! Tables as offices keep them: whatever the encoding, the delimiter or the program, the layer is the same.

use std::{collections::BTreeSet, fs};

use encoding_rs::{BIG5, EUC_JP, Encoding, GB18030, SHIFT_JIS};
use serde_json::Value;

use crate::{
    formats::ogr2ogr,
    harness::Workspace,
    xlsx::{Sheet, workbook},
};

const IMPORT: &str = "import --region pack --layer shelters --role shelter --vintage 2026 --report report.json";

/// A register in signs that all encodings of the region have.
const REGISTER: &str = "\
id|name|address|lon|lat|capacity
S01|大同中央公民館|大同町一丁目|119.30|26.08|300
S02|中山小学校|中山区公園通|119.31|26.09|120
S03|大安高等学校|大安区|119.32|26.10|
S04|南山寺|南山村|119.33|26.11|45
S05|北山体育館|北山区文化通|119.34|26.12|800
S06|東山公民館|東山町|119.35|26.13|60
S07|平和小学校|平和町二丁目|119.36|26.14|210
S08|石門公園|石門村|119.37|26.15|
";

/// Imports a file; the layer's bytes and the report.
fn import(name: &str, bytes: impl AsRef<[u8]>, options: &str) -> (Vec<u8>, Value, String) {
    let space = Workspace::new();
    space.write(name, bytes);
    let output = space.run(&format!("{IMPORT} {options} {name}")).exits(0);
    let mut files = space.files("pack");
    files.remove("region.toml");
    let report = serde_json::from_slice(&fs::read(space.path("report.json")).unwrap()).unwrap();
    (files.into_values().next().unwrap(), report, output)
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, failed) = encoding.encode(text);
    assert!(!failed, "{text}");
    bytes.into_owned()
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let bytes = text.encode_utf16().map(|unit| {
        if big_endian {
            unit.to_be_bytes()
        } else {
            unit.to_le_bytes()
        }
    });
    bytes.collect::<Vec<_>>().concat()
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_layer() {
    let mut seen = BTreeSet::new();
    // Shinjitai are in all of these but Big5, which gets its own register below.
    for delimiter in [",", "\t", ";"] {
        let text = REGISTER.replace('|', delimiter);
        for (name, bytes) in [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8", format!("\u{feff}{text}").into_bytes()),
            ("UTF-16LE", utf16(&text, false)),
            ("UTF-16BE", utf16(&format!("\u{feff}{text}"), true)),
            ("Shift_JIS", encoded(&text, SHIFT_JIS)),
            ("EUC-JP", encoded(&text, EUC_JP)),
        ] {
            let (layer, report, output) = import("register.csv", bytes, "");
            assert_eq!(report["encoding"]["encoding"], name, "{output}");
            assert_eq!(output.contains("  encoding "), name != "UTF-8", "{output}");
            seen.insert(layer);
        }
    }
    assert_eq!(seen.len(), 1, "layers differ");
}

#[test]
fn chinese_encodings_are_found_too() {
    for (encoding, name, header) in [
        (GB18030, "GB18030", "编号,名称,地址,经度,纬度,容纳人数\n"),
        (BIG5, "Big5", "編號,名稱,地址,經度,緯度,收容人數\n"),
    ] {
        let places = if name == "Big5" {
            [
                "中山國小",
                "大安區活動中心",
                "南港高級中學",
                "信義里辦公處",
                "板橋體育館",
            ]
        } else {
            [
                "鼓楼第一中心小学",
                "洪山镇社区居委会",
                "福州第三中学",
                "台江体育馆",
                "仓山敬老院",
            ]
        };
        let rows = (1..)
            .zip(places)
            .map(|(row, place)| format!("{row},{place},{place},119.{row},26.{row},{row}00\n"));
        let text = header.to_owned() + &rows.collect::<String>();
        let (plain, ..) = import("r.csv", &text, "");
        let (layer, report, output) = import("r.csv", encoded(&text, encoding), "");
        assert_eq!(layer, plain);
        assert_eq!(report["encoding"]["encoding"], name);
        assert_eq!(report["encoding"]["how"], "guessed");
        assert!(output.contains(&format!("  encoding {name} (detected, ")), "{output}");
    }
}

#[test]
fn titles_spreadsheets_and_other_spellings_give_the_same_layer() {
    let (plain, ..) = import("r.csv", REGISTER.replace('|', ","), "");
    let titled = format!("大同町避難場所登録簿,,,,,\n,,,,,\n{}", REGISTER.replace('|', ","));
    let (layer, report, _) = import("r.csv", titled, "");
    assert_eq!(layer, plain);
    assert_eq!(report["findings"][0]["code"], "rows_above_header");
    let (layer, report, _) = import("r.xlsx", workbook(&[Sheet::new("一覧", REGISTER)]), "");
    assert_eq!((layer == plain, &report["format"]), (true, &"xlsx".into()));
    let (layer, ..) = import(
        "r.csv",
        format!("sep=;\r\n{}", REGISTER.replace('|', ";").replace('\n', "\r\n")),
        "",
    );
    assert_eq!(layer, plain);
    let (layer, ..) = import("r.csv", REGISTER.replace('|', ",").replace('\n', "\r"), "");
    assert_eq!(layer, plain);
    let comma: Vec<String> = REGISTER
        .lines()
        .map(|line| line.replace("119.", "119,").replace("26.", "26,").replace('|', ";"))
        .collect();
    let (layer, ..) = import("r.csv", comma.join("\n"), "");
    assert_eq!(layer, plain);
    let joined: Vec<String> = REGISTER
        .lines()
        .map(|line| line.replace("|lon|lat|", "|坐标|").replace("|26.", ",26."))
        .collect();
    let (layer, ..) = import("r.tsv", joined.join("\n").replace('|', "\t"), "");
    assert_eq!(layer, plain);
    let headless = REGISTER
        .lines()
        .skip(1)
        .collect::<Vec<_>>()
        .join("\n")
        .replace('|', ",");
    let (_, report, _) = import("r.csv", headless, "--no-header --map lon=column_4 --map lat=column_5");
    assert_eq!(report["kept"], 8);
}

#[test]
fn degrees_minutes_and_seconds_are_positions() {
    let (_, report, _) = import(
        "r.csv",
        "名称,经度,纬度\n一中,东经119°17′47.4″,北纬26度4分31.08秒\n二中,119:17:47.4,26°4'31.08\"N\n",
        "",
    );
    assert_eq!(report["kept"], 2);
    let bbox: Vec<f64> = serde_json::from_value(report["bbox"].clone()).unwrap();
    for (side, expected) in bbox.into_iter().zip([119.2965, 26.0753, 119.2965, 26.0753]) {
        assert!((side - expected).abs() < 1e-9, "{report}");
    }
}

#[test]
fn what_cannot_be_told_is_asked() {
    let space = Workspace::new();
    let cases: [(&str, Vec<u8>, &str); 6] = [
        (
            "gb.csv",
            encoded("id,name,lon,lat\n1,一,119,26\n", GB18030),
            "the text encoding cannot be told",
        ),
        ("data.csv", b"S1,119.3,26.08\nS2,119.4,26.09\n".to_vec(), "--no-header"),
        (
            "open.csv",
            b"name,lon,lat\na,1,2\n\"b,1,2\nc,1,2\nd,1,2\n".to_vec(),
            "never closed",
        ),
        ("order.csv", "name,坐标\na,\"26.1,45.2\"\n".into(), "cannot be told"),
        (
            "two.xlsx",
            workbook(&[Sheet::new("a", "lon|lat\n1|2"), Sheet::new("b", "lon|lat\n1|2")]),
            "--table NAME",
        ),
        (
            "word.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on".to_vec(),
            "the spreadsheet cannot be read",
        ),
    ];
    for (name, content, question) in cases {
        space.write(name, content);
        let output = space.run(&format!("{IMPORT} {name}")).exits(1);
        assert!(output.contains(question), "{name}: {output}");
        assert!(!space.path("pack").exists(), "{name}");
    }
}

/// Written by GDAL, not by hand. There is no such test for `.xls`: none of the programs that tests may need writes it.
#[test]
fn spreadsheets_of_another_program_give_the_same_layer() {
    let register = REGISTER.replace('|', ",");
    let (plain, ..) = import("register.csv", &register, "");
    let space = Workspace::new();
    space.write("register.csv", register);
    for (driver, name) in [("ODS", "register.ods"), ("XLSX", "register.xlsx")] {
        let options = ["-f", driver, name, "register.csv", "-oo", "AUTODETECT_TYPE=YES"];
        if !ogr2ogr(&space, &options) {
            return;
        }
        let (layer, report, output) = import(name, fs::read(space.path(name)).unwrap(), "");
        assert_eq!(report["format"], driver.to_lowercase(), "{output}");
        assert!(layer == plain, "{output}");
    }
}
