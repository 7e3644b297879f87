//! XML as KML needs it: elements, attributes and text, one after the other.
//!
//! Entities other than the five of XML and characters by number are refused, and so is a document that defines any:
//! nothing outside the file is looked at, and nothing in it can grow.

use std::{
    io::{BufRead, Error},
    sync::Arc,
};

use quick_xml::{
    Reader, XmlVersion,
    errors::Error as XmlError,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
};

use super::super::{ReadError, text::NotText};

/// A document being read.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    line: u64,
    depth: usize,
    has_root: bool,
}

/// What comes next in a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Open(Element),
    Close,
    Text(String),
    /// The end of a whole document.
    End,
}

/// A start tag; names without their prefix.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What one event says, before errors are placed.
enum Read {
    Piece(Piece),
    Nothing,
    Bad(String),
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(text: R) -> Self {
        let mut reader = Reader::from_reader(text);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            line: 1,
            depth: 0,
            has_root: false,
        }
    }

    /// The next piece; comments and instructions are passed over.
    pub(super) fn next(&mut self) -> Result<Piece, ReadError> {
        loop {
            self.buffer.clear();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(XmlError::Io(error)) => return Err(from_beneath(&error)),
                Err(error) => {
                    let byte = self.reader.error_position();
                    return Err(self.broken_at(byte, error.to_string()));
                }
            };
            let lines = event.bytes().filter(|byte| *byte == b'\n').count();
            let read = match event {
                Event::Start(start) | Event::Empty(start) => open(&start),
                Event::End(_) => Read::Piece(Piece::Close),
                Event::Text(text) => Read::Piece(Piece::Text(text.xml10_content().into_owned())),
                Event::CData(text) => Read::Piece(Piece::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => resolve(&reference),
                Event::DocType(declared) if declared.contains("<!ENTITY") => Read::Bad(
                    "it defines entities of its own, which are not read: they can make a file grow without \
                               end; save it without a DOCTYPE"
                        .to_owned(),
                ),
                Event::DocType(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Read::Nothing,
                Event::Eof => Read::Piece(Piece::End),
            };
            match read {
                Read::Bad(reason) => return Err(self.broken(reason)),
                Read::Nothing => {}
                Read::Piece(piece) => {
                    self.enter(&piece)?;
                    self.line += lines as u64;
                    return Ok(piece);
                }
            }
            self.line += lines as u64;
        }
    }

    fn enter(&mut self, piece: &Piece) -> Result<(), ReadError> {
        match piece {
            Piece::Open(_) => {
                self.depth += 1;
                self.has_root = true;
            }
            Piece::Close => self.depth = self.depth.saturating_sub(1),
            Piece::End if self.depth > 0 || !self.has_root => {
                return Err(self.broken("it ends before every element is closed; is it cut short?".to_owned()));
            }
            Piece::Text(text) if self.depth == 0 && !text.trim().is_empty() => {
                return Err(self.broken("there is text outside of the document".to_owned()));
            }
            Piece::Text(_) | Piece::End => {}
        }
        Ok(())
    }

    /// All text up to the end of the element that was opened last, that of elements in it too.
    pub(super) fn text(&mut self) -> Result<String, ReadError> {
        let around = self.depth - 1;
        let mut text = String::new();
        while self.depth > around {
            if let Piece::Text(piece) = self.next()? {
                text.push_str(&piece);
            }
        }
        Ok(text.trim().to_owned())
    }

    /// Passes over the rest of the element that was opened last.
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        let around = self.depth - 1;
        while self.depth > around {
            self.next()?;
        }
        Ok(())
    }

    /// The next element directly in the one that was opened last; `None` when that is closed.
    pub(super) fn child(&mut self) -> Result<Option<Element>, ReadError> {
        loop {
            match self.next()? {
                Piece::Open(element) => return Ok(Some(element)),
                Piece::Close | Piece::End => return Ok(None),
                Piece::Text(_) => {}
            }
        }
    }

    fn broken(&self, reason: String) -> ReadError {
        self.broken_at(self.reader.buffer_position(), reason)
    }

    fn broken_at(&self, byte: u64, reason: String) -> ReadError {
        let line = self.line;
        ReadError::Kml { line, byte, reason }
    }
}

fn open(start: &BytesStart<'_>) -> Read {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let value = attribute.map_err(|error| error.to_string()).and_then(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let key = attribute.key.local_name().as_ref().to_owned();
            value
                .map(|value| (key, value.into_owned()))
                .map_err(|error| error.to_string())
        });
        match value {
            Ok(attribute) => attributes.push(attribute),
            Err(reason) => return Read::Bad(reason),
        }
    }
    Read::Piece(Piece::Open(Element {
        name: start.local_name().as_ref().to_owned(),
        attributes,
    }))
}

fn resolve(reference: &BytesRef<'_>) -> Read {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Read::Piece(Piece::Text(character.to_string())),
        Ok(None) => resolve_xml_entity(reference).map_or_else(
            || Read::Bad(format!("there is no entity &{};", &**reference)),
            |text| Read::Piece(Piece::Text(text.to_owned())),
        ),
        Err(error) => Read::Bad(error.to_string()),
    }
}

/// An error of the bytes beneath, which the parser shares with its own copies.
fn from_beneath(error: &Arc<Error>) -> ReadError {
    let not_text = error.get_ref().and_then(|inner| inner.downcast_ref::<NotText>());
    not_text.map_or_else(
        || ReadError::Io(Error::new(error.kind(), error.to_string())),
        |not_text| ReadError::Encoding(not_text.clone()),
    )
}
