//! Content codings: how the bytes of an HTTP body are compressed (RFC 9110, section 8.4.1).
//!
//! Owns the names of the codings, what they add to an entity tag, compressing and unpacking. Which one a client takes is decided
//! where its request is read.

use std::io::{Read, Write as _};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};

/// How a body is coded on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentCoding {
    /// As it is.
    Identity,
    /// gzip (RFC 1952): every client takes it.
    Gzip,
    /// Brotli (RFC 7932): the smallest; browsers take it over TLS and from this machine.
    Brotli,
    /// Zstandard (RFC 8878): nearly as small, and the quickest to pack and to unpack.
    Zstd,
}

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For one answer, while somebody waits.
    Once,
    /// For a body that is kept and answered many times.
    Kept,
}

/// Why a body cannot be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are not of this coding, or cut short.
    #[error("damaged {} data", .0.token())]
    Damaged(ContentCoding),
    /// More comes out than may.
    #[error("more than {0} bytes when unpacked")]
    TooLong(usize),
}

/// The window that Brotli looks back over, as a power of two: more than any tile needs.
const BROTLI_WINDOW: u32 = 22;
/// The window that Zstandard may ask memory for, as a power of two: that of its highest level is 2^27.
const ZSTD_WINDOW: u32 = 27;
/// Bytes that Brotli takes at a time.
const BROTLI_BUFFER: usize = 1 << 16;

impl ContentCoding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Brotli, Self::Zstd];

    /// The name in `Accept-Encoding` and `Content-Encoding`.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The strong entity tag of a body in this coding, with its quotes, made from the tag of the plain body: codings of
    /// one body have different tags (RFC 9110, section 8.8.3.3).
    pub fn entity_tag(self, plain: &str) -> String {
        match self {
            Self::Identity => format!("\"{plain}\""),
            coded => format!("\"{plain}-{}\"", coded.token()),
        }
    }

    /// Compresses. O(bytes); the levels are those beyond which tiles gain a hundredth for twice the time.
    pub fn encode(self, bytes: &[u8], effort: Effort) -> Vec<u8> {
        match self {
            Self::Identity => bytes.to_vec(),
            Self::Gzip => gzip(bytes, if effort == Effort::Once { 1 } else { 6 }),
            Self::Brotli => brotli(bytes, if effort == Effort::Once { 1 } else { 5 }),
            Self::Zstd => zstd(bytes, if effort == Effort::Once { 1 } else { 9 }),
        }
    }

    /// Unpacks what may come from anywhere; holds no more than `most` bytes. O(bytes unpacked).
    ///
    /// # Errors
    /// The bytes are damaged, or unpack to more.
    pub fn decode(self, bytes: &[u8], most: usize) -> Result<Vec<u8>, DecodeError> {
        let limit = most as u64 + 1;
        let mut plain = Vec::new();
        let read = match self {
            Self::Identity => bytes.take(limit).read_to_end(&mut plain),
            Self::Gzip => MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut plain),
            Self::Brotli => brotli::Decompressor::new(bytes, BROTLI_BUFFER)
                .take(limit)
                .read_to_end(&mut plain),
            Self::Zstd => zstd::stream::read::Decoder::new(bytes).and_then(|mut decoder| {
                decoder.window_log_max(ZSTD_WINDOW)?;
                decoder.take(limit).read_to_end(&mut plain)
            }),
        };
        // What a decoder says beyond that the bytes are not its own helps nobody.
        if read.is_err() {
            return Err(DecodeError::Damaged(self));
        }
        if plain.len() > most {
            return Err(DecodeError::TooLong(most));
        }
        Ok(plain)
    }
}

fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(level));
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("writing to memory does not fail")
}

fn brotli(bytes: &[u8], quality: u32) -> Vec<u8> {
    let packed = Vec::with_capacity(bytes.len() / 2);
    let mut encoder = brotli::CompressorWriter::new(packed, BROTLI_BUFFER, quality, BROTLI_WINDOW);
    encoder.write_all(bytes).expect("writing to memory does not fail");
    encoder.into_inner()
}

fn zstd(bytes: &[u8], level: i32) -> Vec<u8> {
    zstd::bulk::compress(bytes, level).expect("a level that exists, and memory that grows")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_packed_comes_out_again(bytes in prop::collection::vec(any::<u8>(), 0..5_000)) {
            for coding in ContentCoding::ALL {
                for effort in [Effort::Once, Effort::Kept] {
                    let packed = coding.encode(&bytes, effort);
                    let plain = coding.decode(&packed, bytes.len());
                    prop_assert_eq!(plain.as_ref(), Ok(&bytes), "{:?}", coding);
                    if !bytes.is_empty() {
                        let least = bytes.len() - 1;
                        prop_assert_eq!(coding.decode(&packed, least), Err(DecodeError::TooLong(least)));
                    }
                    if coding != ContentCoding::Identity {
                        let cut = &packed[..packed.len() / 2];
                        prop_assert!(coding.decode(cut, bytes.len()).is_err(), "{:?}", coding);
                    }
                }
            }
        }
    }

    #[test]
    fn each_coding_packs_and_has_its_own_tag() {
        let text = "台风海葵 typhoon ".repeat(2_000);
        let mut tags = std::collections::BTreeSet::new();
        for coding in ContentCoding::ALL {
            let packed = coding.encode(text.as_bytes(), Effort::Kept);
            assert_eq!(
                packed.len() < text.len() / 10,
                coding != ContentCoding::Identity,
                "{coding:?}"
            );
            assert!(tags.insert(coding.entity_tag("x")));
        }
        assert!(tags.contains("\"x\"") && tags.contains("\"x-br\""));
    }
}
