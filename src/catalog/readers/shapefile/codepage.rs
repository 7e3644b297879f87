//! Which encoding the texts of a `.dbf` are in.
//!
//! The user knows best, then the `.cpg`, then the language byte of the `.dbf` where it names an East Asian or Cyrillic
//! code page. Most writers leave the byte at "Windows ANSI" whatever they write, so that one only counts where the texts
//! do not tell: they are weighed as those of any other file are ([`encoding`]). Memory of at most 1 MiB of texts.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, GBK, IBM866, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

use super::{
    super::{
        ReadError, Remark,
        encoding::{self, Sample},
    },
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

/// How many bytes of texts are weighed.
const WEIGHED: usize = 1 << 20;

/// Weighs the texts of the table: every one of them must be UTF-8 for it, of other encodings the first megabyte tells.
fn detect(table: &Table) -> Result<(&'static Encoding, Option<Remark>), ReadError> {
    let mut texts = Texts::default();
    for column in &table.columns {
        texts.add(&column.raw_name, false);
    }
    let mut records = table.records()?;
    while let Some(record) = records.next(None)? {
        for (text, is_full) in record.texts() {
            texts.add(text, is_full);
        }
    }
    if texts.are_utf8 {
        return Ok((UTF_8, None));
    }
    let guess = encoding::detect(&texts.sample());
    let (found, why) = match guess {
        Ok(guess) if guess.confidence > 0.0 => {
            let percent = (guess.confidence * 100.0).floor();
            (guess.encoding, format!("as their characters look ({percent} % sure)"))
        }
        _ if table.language == WESTERN => (WINDOWS_1252, "as the language byte of the .dbf says".to_owned()),
        Ok(_) => {
            let message = "nothing says which encoding the .dbf is in, and its texts fit none that is known here; give \
                           --encoding, for example big5 or shift_jis";
            return Err(ReadError::Shapefile(message.to_owned()));
        }
        Err(question) => return Err(question),
    };
    let message = format!(
        "nothing says which encoding the texts are in; read as {}, {why}: look at the names, and give --encoding if they \
         are wrong",
        found.name()
    );
    Ok((found, Some(Remark::warning("encoding_guessed", message))))
}

/// Texts of a table, a line each.
struct Texts {
    are_utf8: bool,
    whole: Vec<u8>,
    /// Texts that fill their column and may end in the middle of a character.
    full: Vec<u8>,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            are_utf8: true,
            whole: Vec::new(),
            full: Vec::new(),
        }
    }
}

impl Texts {
    fn add(&mut self, text: &[u8], is_full: bool) {
        if text.is_ascii() {
            return;
        }
        self.are_utf8 = self.are_utf8 && decode(text, UTF_8).is_some();
        let lines = if is_full { &mut self.full } else { &mut self.whole };
        if lines.len() < WEIGHED {
            // Before it, so that no text is taken for a byte order mark.
            lines.push(b'\n');
            lines.extend_from_slice(text.trim_ascii_end());
        }
    }

    fn sample(self) -> Sample {
        Sample::whole(if self.whole.is_empty() { &self.full } else { &self.whole })
    }
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
