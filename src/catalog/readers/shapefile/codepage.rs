//! Which encoding the texts of a `.dbf` are in.
//!
//! The user knows best, then the `.cpg`, then the language byte of the `.dbf` where it names an East Asian or Cyrillic
//! code page. Most writers leave the byte at "Windows ANSI" whatever they write, so that one only counts after UTF-8 has been
//! tried; without any word the texts themselves must fit UTF-8 or GB 18030, every one of them.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, GBK, IBM866, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

use super::{
    super::{ReadError, Remark},
    table::{Table, decode},
};

/// The encoding of a table's texts, and what has to be said about how it is known.
pub(super) fn of(
    table: &Table,
    given: Option<&'static Encoding>,
    cpg: Option<&str>,
) -> Result<(&'static Encoding, Option<Remark>), ReadError> {
    if let Some(given) = given {
        return Ok((given, None));
    }
    if let Some(label) = cpg.map(str::trim).filter(|label| !label.is_empty()) {
        let found = labelled(label).ok_or_else(|| {
            let message =
                format!("the .cpg says `{label}`, which is no known encoding; say what it is with --encoding");
            ReadError::Shapefile(message)
        })?;
        return Ok((found, None));
    }
    if let Some(found) = of_language(table.language) {
        return Ok((found, None));
    }
    detect(table)
}

/// Code pages by number.
const PAGES: [(u32, &Encoding); 23] = [
    (65001, UTF_8),
    (936, GBK),
    (54936, GB18030),
    (950, BIG5),
    (932, SHIFT_JIS),
    (949, EUC_KR),
    (866, IBM866),
    (874, WINDOWS_874),
    (1250, WINDOWS_1250),
    (1251, WINDOWS_1251),
    (1252, WINDOWS_1252),
    (1253, WINDOWS_1253),
    (1254, WINDOWS_1254),
    (1255, WINDOWS_1255),
    (1256, WINDOWS_1256),
    (1257, WINDOWS_1257),
    (1258, WINDOWS_1258),
    (20127, UTF_8),
    // ISO 8859-1 as ArcGIS writes it; WHATWG's reading of it is Windows 1252.
    (88591, WINDOWS_1252),
    (28591, WINDOWS_1252),
    (20932, SHIFT_JIS),
    (51949, EUC_KR),
    (52936, GBK),
];

/// An encoding by what people write into a `.cpg`: a WHATWG label, or a code page's number after `CP`, `ANSI`, `OEM`,
/// `MS` or `Windows`.
fn labelled(label: &str) -> Option<&'static Encoding> {
    let label = label.trim_start_matches('\u{feff}').trim();
    if let Some(found) = Encoding::for_label(label.as_bytes()) {
        return Some(found);
    }
    let upper = label.to_ascii_uppercase();
    let number = upper.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let prefix = upper[..upper.len() - number.len()].trim_end_matches([' ', '-', '_']);
    if !["", "CP", "ANSI", "OEM", "MS", "WINDOWS", "X-CP"].contains(&prefix) {
        return None;
    }
    let number: u32 = number.parse().ok()?;
    PAGES.iter().find(|(page, _)| *page == number).map(|(_, found)| *found)
}

/// Language bytes that name a code page which nobody writes by default.
const fn of_language(byte: u8) -> Option<&'static Encoding> {
    Some(match byte {
        0x4d | 0x7a => GBK,
        0x4f | 0x78 => BIG5,
        0x13 | 0x7b => SHIFT_JIS,
        0x4e | 0x79 => EUC_KR,
        0x50 | 0x7c => WINDOWS_874,
        0x26 | 0x65 => IBM866,
        0x7d => WINDOWS_1255,
        0x7e => WINDOWS_1256,
        0xc8 => WINDOWS_1250,
        0xc9 => WINDOWS_1251,
        0xca => WINDOWS_1254,
        0xcb => WINDOWS_1253,
        _ => return None,
    })
}

/// The language byte of Windows 1252, which says little.
const WESTERN: u8 = 0x03;

/// Tries encodings on every text of the table.
fn detect(table: &Table) -> Result<(&'static Encoding, Option<Remark>), ReadError> {
    let (mut utf8, mut gb18030) = (true, true);
    let mut look = |bytes: &[u8]| {
        if !bytes.is_ascii() {
            utf8 = utf8 && decode(bytes, UTF_8).is_some();
            gb18030 = gb18030 && decode(bytes, GB18030).is_some();
        }
    };
    for column in &table.columns {
        look(&column.raw_name);
    }
    let mut records = table.records()?;
    while let Some(record) = records.next(None)? {
        record.texts().for_each(&mut look);
    }
    let told = |encoding: &'static Encoding, why: &str| {
        let message = format!(
            "nothing says which encoding the texts are in; read as {}, {why}: look at the names, and give --encoding if \
             they are wrong",
            encoding.name()
        );
        Some(Remark::warning("encoding_guessed", message))
    };
    if utf8 {
        return Ok((UTF_8, None));
    }
    if table.language == WESTERN {
        return Ok((
            WINDOWS_1252,
            told(WINDOWS_1252, "as the language byte of the .dbf says"),
        ));
    }
    if gb18030 {
        return Ok((GB18030, told(GB18030, "which every text fits")));
    }
    Err(ReadError::Shapefile(
        "nothing says which encoding the .dbf is in, and it is neither UTF-8 nor GB 18030; give --encoding, for example \
         big5 or shift_jis"
            .to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_into_a_cpg_is_understood() {
        for (label, encoding) in [
            ("UTF-8", UTF_8),
            ("UTF8\r\n", UTF_8),
            ("65001", UTF_8),
            ("\u{feff}utf-8", UTF_8),
            ("936", GBK),
            ("GBK", GBK),
            ("gb2312", GBK),
            ("ANSI 936", GBK),
            ("GB18030", GB18030),
            ("cp950", BIG5),
            ("CP-950", BIG5),
            ("Big5", BIG5),
            ("932", SHIFT_JIS),
            ("windows-1252", WINDOWS_1252),
            ("ISO-8859-1", WINDOWS_1252),
            ("88591", WINDOWS_1252),
        ] {
            assert_eq!(labelled(label), Some(encoding), "{label}");
        }
        for label in ["", "437", "OEM 850", "LDID/87", "中文", "x936"] {
            assert_eq!(labelled(label), None, "{label}");
        }
    }
}
