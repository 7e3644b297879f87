//! Text in any encoding becomes UTF-8, strictly: a byte that does not fit is an error and never a replacement
//! character, for a name that silently lost a character finds no shelter.

use std::io::{Error, ErrorKind, Read, Result};

use encoding_rs::{Decoder, DecoderResult, Encoding};

/// Bytes that are not text in the encoding they were read in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the bytes before byte {at} are not {encoding} text; say what they are, for example --encoding gb18030, big5, \
     shift_jis or utf-16le"
)]
pub struct NotText {
    /// The encoding tried.
    pub encoding: &'static str,
    /// How many bytes were read when it was found.
    pub at: u64,
}

/// Decodes as it reads.
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The part of `raw` not decoded yet.
    pending: std::ops::Range<usize>,
    consumed: u64,
    at_end: bool,
    decoded: Vec<u8>,
    given: usize,
}

/// Bytes read, and bytes decoded, at a time.
const CHUNK: usize = 64 * 1024;

impl<R: Read> Utf8Reader<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder(),
            raw: vec![0; CHUNK],
            pending: 0..0,
            consumed: 0,
            at_end: false,
            decoded: Vec::new(),
            given: 0,
        }
    }

    /// Decodes the next piece; an empty one only at the end.
    fn refill(&mut self) -> Result<()> {
        self.decoded.resize(CHUNK, 0);
        self.given = 0;
        loop {
            if self.pending.is_empty() && !self.at_end {
                let read = self.inner.read(&mut self.raw)?;
                self.pending = 0..read;
                self.at_end = read == 0;
            }
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[self.pending.clone()],
                &mut self.decoded,
                self.at_end,
            );
            self.pending.start += read;
            self.consumed += read as u64;
            if let DecoderResult::Malformed(..) = result {
                let not_text = NotText {
                    encoding: self.decoder.encoding().name(),
                    at: self.consumed,
                };
                return Err(Error::new(ErrorKind::InvalidData, not_text));
            }
            if written > 0 || (self.at_end && result == DecoderResult::InputEmpty) {
                self.decoded.truncate(written);
                return Ok(());
            }
        }
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.given == self.decoded.len() {
            if self.at_end && self.pending.is_empty() {
                return Ok(0);
            }
            self.refill()?;
        }
        let rest = &self.decoded[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030, SHIFT_JIS, UTF_8};

    use super::*;

    /// Gives one byte at a time, so that every character is split.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
            self.0.take(1).read(buffer).inspect(|&count| self.0 = &self.0[count..])
        }
    }

    fn decode(bytes: &[u8], encoding: &'static Encoding) -> Result<String> {
        let mut text = String::new();
        Utf8Reader::new(Dripping(bytes), encoding).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn text_in_every_encoding_of_the_region_is_read() {
        for (encoding, text) in [
            (GB18030, "福州避灾点𠮷"),
            (BIG5, "臺北避難所"),
            (SHIFT_JIS, "避難場所ｱ"),
        ] {
            assert_eq!(decode(&encoding.encode(text).0, encoding).unwrap(), text);
        }
        assert_eq!(decode("\u{feff}名称".as_bytes(), UTF_8).unwrap(), "名称");
        assert_eq!(decode(b"\xff\xfe\x0d\x54", UTF_8).unwrap(), "名");
        assert_eq!(decode(b"", UTF_8).unwrap(), "");
    }

    #[test]
    fn a_wrong_byte_is_an_error_that_says_where() {
        for bytes in [&b"ok \xb8\xa3"[..], b"cut \xe7\xa6"] {
            let error = decode(bytes, UTF_8).unwrap_err();
            let not_text = error.downcast::<NotText>().unwrap();
            assert_eq!(not_text.encoding, "UTF-8");
            assert!((4..=6).contains(&not_text.at), "{not_text}");
        }
    }
}
