//! The glyphs of several fonts as one: what a label's list of fonts asks for.
//!
//! Owns joining: of each code point the glyph of the first font that has it. The bytes of a glyph are not looked into.
//!
//! Source: <https://github.com/mapbox/node-fontnik/blob/master/proto/glyphs.proto>.

use std::collections::HashSet;

/// The field of the message that holds a font's glyphs.
const STACK: u64 = 1;
/// Fields of a font: its name, the range, and a glyph each.
const NAME: u64 = 1;
const RANGE: u64 = 2;
const GLYPH: u64 = 3;
/// The field of a glyph that is its code point.
const CODE_POINT: u64 = 1;

/// A file of glyphs that is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a file of glyphs is damaged")]
pub struct DamagedGlyphs;

/// Joins files of glyphs of one range under a name, the first font's before those after it. O(bytes).
///
/// # Errors
/// A file is damaged.
pub fn joined_glyphs(name: &str, range: &str, files: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, DamagedGlyphs> {
    let mut stack = Vec::new();
    put_bytes(&mut stack, NAME, name.as_bytes());
    put_bytes(&mut stack, RANGE, range.as_bytes());
    let mut seen = HashSet::new();
    for file in files {
        for field in fields(file.as_ref())? {
            let Field {
                number: STACK,
                bytes: Some(font),
                ..
            } = field
            else {
                continue;
            };
            for field in fields(font)? {
                let Field {
                    number: GLYPH,
                    bytes: Some(glyph),
                    ..
                } = field
                else {
                    continue;
                };
                let code_point = fields(glyph)?.into_iter().find(|field| field.number == CODE_POINT);
                if seen.insert(code_point.ok_or(DamagedGlyphs)?.value) {
                    put_bytes(&mut stack, GLYPH, glyph);
                }
            }
        }
    }
    let mut message = Vec::with_capacity(stack.len() + 8);
    put_bytes(&mut message, STACK, &stack);
    Ok(message)
}

/// A field of a protocol buffer: the bytes of one with a length, the value of any other.
struct Field<'a> {
    number: u64,
    bytes: Option<&'a [u8]>,
    value: u64,
}

fn fields(mut bytes: &[u8]) -> Result<Vec<Field<'_>>, DamagedGlyphs> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let number = key >> 3;
        let (value, content) = match key & 7 {
            0 => (varint(&mut bytes)?, None),
            1 => (0, Some(taken(&mut bytes, 8)?)),
            2 => {
                let length = varint(&mut bytes)?;
                (0, Some(taken(&mut bytes, length)?))
            }
            5 => (0, Some(taken(&mut bytes, 4)?)),
            _ => return Err(DamagedGlyphs),
        };
        fields.push(Field {
            number,
            bytes: content,
            value,
        });
    }
    Ok(fields)
}

fn taken<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], DamagedGlyphs> {
    let length = usize::try_from(length).ok().filter(|length| *length <= bytes.len());
    let (content, rest) = bytes.split_at(length.ok_or(DamagedGlyphs)?);
    *bytes = rest;
    Ok(content)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, DamagedGlyphs> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(DamagedGlyphs)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(DamagedGlyphs)
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, (field << 3) | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A file of glyphs: each a code point and a letter that says of which font it is.
    fn file(font: &str, code_points: &[u64]) -> Vec<u8> {
        let mut stack = Vec::new();
        put_bytes(&mut stack, NAME, font.as_bytes());
        for code_point in code_points {
            let mut glyph = Vec::new();
            put_varint(&mut glyph, CODE_POINT << 3);
            put_varint(&mut glyph, *code_point);
            put_bytes(&mut glyph, 2, font.as_bytes());
            put_bytes(&mut stack, GLYPH, &glyph);
        }
        let mut message = Vec::new();
        put_bytes(&mut message, STACK, &stack);
        message
    }

    /// Code point and font of each glyph.
    fn glyphs(message: &[u8]) -> Vec<(u64, String)> {
        let stacks = fields(message).unwrap();
        let glyphs = fields(stacks[0].bytes.unwrap()).unwrap();
        let told = |glyph: Field<'_>| {
            let parts = fields(glyph.bytes.unwrap()).unwrap();
            (
                parts[0].value,
                String::from_utf8(parts[1].bytes.unwrap().to_vec()).unwrap(),
            )
        };
        glyphs
            .into_iter()
            .filter(|field| field.number == GLYPH)
            .map(told)
            .collect()
    }

    #[test]
    fn the_first_font_that_has_a_glyph_gives_it() {
        let joined = joined_glyphs("A,B", "0-255", &[file("A", &[65, 66]), file("B", &[66, 67])]).unwrap();
        let expected = [(65, "A"), (66, "A"), (67, "B")].map(|(code, font)| (code, font.to_owned()));
        assert_eq!(glyphs(&joined), expected);
        let none: [&[u8]; 0] = [];
        assert!(glyphs(&joined_glyphs("A", "0-255", &none).unwrap()).is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            _ = joined_glyphs("A", "0-255", &[bytes]);
        }
    }

    #[test]
    fn a_file_cut_in_a_glyph_is_damaged() {
        let whole = file("A", &[65, 66]);
        for cut in 1..whole.len() {
            assert_eq!(
                joined_glyphs("A", "0-255", &[&whole[..cut]]),
                Err(DamagedGlyphs),
                "{cut}"
            );
        }
    }
}
