//! KML (OGC 07-147r2, and Google's tracks): every placemark of a document, however deep its folder lies.
//!
//! The document is read piece by piece; memory is bounded by the largest placemark. Coordinates are WGS 84 always, as the
//! standard has it. A placemark whose geometry cannot be read is a refused row; broken XML ends the reading. Where a
//! placemark lies is the column `folder`: the names of its folders, outermost first, with `/` between them. Not read: how
//! things are drawn, overlays, and what network links point to, which is counted.

mod geometry;
mod placemark;
mod xml;

use std::{
    cell::Cell,
    io::{BufRead, Read},
};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use self::xml::{Piece, Xml};
use super::{Columns, DeclaredCrs, Input, ReadError, Remark, Row, Source};

/// A KML file.
#[derive(Debug)]
pub struct Kml {
    input: Input,
    declared: &'static Encoding,
    /// How many network links and overlays the last reading passed over.
    passed_over: Cell<u64>,
}

/// How much of a file its XML declaration is looked for in.
const DECLARATION: u64 = 1024;

impl Kml {
    /// Looks for the encoding in the XML declaration.
    ///
    /// # Errors
    /// No such file, no such encoding.
    pub fn open(input: Input) -> Result<Self, ReadError> {
        let mut bytes = Vec::new();
        input.bytes()?.take(DECLARATION).read_to_end(&mut bytes)?;
        let declared = declared_encoding(&bytes).map_err(ReadError::UnknownEncoding)?;
        Ok(Self {
            input,
            declared,
            passed_over: Cell::new(0),
        })
    }
}

impl Source for Kml {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut walk = Walk {
            xml: Xml::new(self.input.text_in(self.declared)?),
            columns: Columns::default(),
            open: Vec::new(),
            number: 0,
            passed_over: 0,
        };
        while walk.step(take)? {}
        self.passed_over.set(walk.passed_over);
        Ok(())
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        Some(DeclaredCrs::Epsg(4326))
    }

    fn remarks(&self) -> Vec<Remark> {
        let count = self.passed_over.get();
        let told = (count > 0).then(|| {
            let message = format!(
                "{count} network links and overlays were passed over: what they show lies elsewhere, in files or images"
            );
            Remark::warning("links_not_followed", message)
        });
        told.into_iter().collect()
    }
}

/// An element around the one being read.
enum Around {
    /// A folder, and its name once it is known.
    Folder(String),
    Other,
}

struct Walk<R> {
    xml: Xml<R>,
    columns: Columns,
    open: Vec<Around>,
    number: u64,
    passed_over: u64,
}

impl<R: BufRead> Walk<R> {
    /// Reads on to the next element or the end; `false` at the end of the document.
    fn step(&mut self, take: &mut dyn FnMut(&[String], Row)) -> Result<bool, ReadError> {
        let element = match self.xml.next()? {
            Piece::Open(element) => element,
            Piece::Close => {
                self.open.pop();
                return Ok(true);
            }
            Piece::Text(_) => return Ok(true),
            Piece::End => return Ok(false),
        };
        match (element.name.as_str(), self.open.last_mut()) {
            ("Placemark", _) => {
                self.number += 1;
                let folder = self.folder();
                let content = placemark::read(&element, &folder, &mut self.xml, &mut self.columns)?;
                let number = self.number;
                take(&self.columns.names, Row { number, content });
            }
            ("name", Some(Around::Folder(name))) => *name = self.xml.text()?,
            ("NetworkLink" | "GroundOverlay" | "PhotoOverlay", _) => {
                self.passed_over += 1;
                self.xml.skip()?;
            }
            ("Style" | "StyleMap" | "Schema" | "ScreenOverlay", _) => self.xml.skip()?,
            ("Folder", _) => self.open.push(Around::Folder(String::new())),
            _ => self.open.push(Around::Other),
        }
        Ok(true)
    }

    fn folder(&self) -> String {
        let names: Vec<&str> = self
            .open
            .iter()
            .filter_map(|around| match around {
                Around::Folder(name) if !name.is_empty() => Some(name.as_str()),
                _ => None,
            })
            .collect();
        names.join("/")
    }
}

/// What the XML declaration says; a byte order mark is looked at by the decoder. The label where it is not known.
fn declared_encoding(bytes: &[u8]) -> Result<&'static Encoding, String> {
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let text = String::from_utf8_lossy(bytes);
    let declaration = text
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split("?>").next());
    let Some((_, value)) = declaration.and_then(|declaration| declaration.split_once("encoding")) else {
        return Ok(UTF_8);
    };
    let label = value.trim_start_matches(|letter: char| letter == '=' || letter.is_whitespace());
    let quote = label.chars().next().filter(|letter| ['"', '\''].contains(letter));
    let label = quote.and_then(|quote| label.split(quote).nth(1)).unwrap_or_default();
    match Encoding::for_label(label.as_bytes()) {
        // A declaration that can be read byte by byte is in no encoding of two bytes.
        Some(found) if found == UTF_16LE || found == UTF_16BE => Ok(UTF_8),
        Some(found) => Ok(found),
        None => Err(label.to_owned()),
    }
}

/// The name of the first element of something that begins like XML, without its prefix; blank where there is none among
/// these bytes.
pub(super) fn root(bytes: &[u8]) -> Option<String> {
    // Without its nulls UTF-16 reads as what it says, as far as elements of ASCII go.
    let text = String::from_utf8_lossy(bytes).replace('\0', "");
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    if !rest.starts_with('<') {
        return None;
    }
    while let Some(after) = rest.strip_prefix('<') {
        let end = match after.as_bytes() {
            [b'?', ..] => "?>",
            [b'!', b'-', b'-', ..] => "-->",
            [b'!', ..] if after.split('>').next().is_some_and(|declared| declared.contains('[')) => "]>",
            [b'!', ..] => ">",
            _ => {
                let name = after
                    .split(|letter: char| letter.is_whitespace() || "/>".contains(letter))
                    .next();
                let name = name.unwrap_or_default();
                return Some(name.rsplit(':').next().unwrap_or_default().to_owned());
            }
        };
        rest = after.split_once(end).map_or("", |(_, rest)| rest.trim_start());
    }
    Some(String::new())
}

#[cfg(test)]
mod tests;
