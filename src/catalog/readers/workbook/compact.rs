//! `OpenDocument` spreadsheets without white space between their cells.
//!
//! GDAL, and with it QGIS, writes each element on a line of its own, which the parser under this takes for damage. Owns
//! a copy without it, in memory; text inside of paragraphs stays as it is.

use std::io::{Cursor, Read, Seek, Write};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The part with the cells.
const CONTENT: &str = "content.xml";

/// The file with its cells close together. Memory and time linear in the unpacked content.
///
/// # Errors
/// What is wrong with the archive.
pub(super) fn compacted(file: impl Read + Seek) -> Result<Cursor<Vec<u8>>, zip::result::ZipError> {
    let mut archive = ZipArchive::new(file)?;
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index)?;
        if part.name()? == CONTENT {
            let mut xml = Vec::new();
            part.read_to_end(&mut xml)?;
            copy.start_file(
                CONTENT,
                SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
            )?;
            copy.write_all(&without_blanks(&xml))?;
        } else {
            copy.raw_copy_file(part)?;
        }
    }
    copy.finish()
}

/// XML without white space between tags, but in paragraphs and headings.
fn without_blanks(xml: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(xml.len());
    let mut rest = xml;
    let mut paragraphs = 0_usize;
    while let Some(start) = rest.iter().position(|byte| *byte == b'<') {
        let (text, from_tag) = rest.split_at(start);
        if paragraphs > 0 || !text.trim_ascii().is_empty() {
            out.extend_from_slice(text);
        }
        let (tag, after) = from_tag.split_at(tag_length(from_tag));
        if is_paragraph(tag, b"</") {
            paragraphs = paragraphs.saturating_sub(1);
        } else if is_paragraph(tag, b"<") && !tag.ends_with(b"/>") {
            paragraphs += 1;
        }
        out.extend_from_slice(tag);
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// The length of the tag that a text begins with. Values of attributes may hold `>`, and comments single quotes.
fn tag_length(text: &[u8]) -> usize {
    let has_values = !text.starts_with(b"<!") && !text.starts_with(b"<?");
    let mut quote = None;
    for (at, &byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if has_values => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn is_paragraph(tag: &[u8], opening: &[u8]) -> bool {
    let ends_name = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    let name = tag.strip_prefix(opening).and_then(|rest| rest.split(ends_name).next());
    matches!(name, Some(b"text:p" | b"text:h"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_between_cells_goes() {
        for (xml, compact) in [
            (
                "<r>\n <c v=\"1 > 0\">\n<text:p a=''>x <s>y</s> <s>z</s>\n</text:p>\n</c>\n</r>\n",
                "<r><c v=\"1 > 0\"><text:p a=''>x <s>y</s> <s>z</s>\n</text:p></c></r>\n",
            ),
            ("<!-- don't --> <a b='\"'> <c/>", "<!-- don't --><a b='\"'><c/>"),
            ("<text:p/> <a/>", "<text:p/><a/>"),
            ("<text:page> <a/>", "<text:page><a/>"),
            ("</text:p> <a", "</text:p><a"),
            ("plain", "plain"),
        ] {
            assert_eq!(String::from_utf8(without_blanks(xml.as_bytes())).unwrap(), compact);
        }
    }
}
