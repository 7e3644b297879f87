//! Property values, kept as the bytes of MVT's `Value` message from the time a layer is built.
//!
//! Owns that message, both ways: Mapbox Vector Tiles copy it, other encodings read it again.

use super::protobuf::{put_bytes, put_key, put_number};

/// A value as the specification's `Value` message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TagValue<'a> {
    Text(&'a str),
    Double(f64),
    Int(i64),
    Bool(bool),
}

impl<'a> TagValue<'a> {
    const TEXT: u8 = 0x0a;
    const DOUBLE: u8 = 0x19;
    const INT: u8 = 0x20;
    const BOOL: u8 = 0x38;

    /// The bytes of the message.
    pub(super) fn encode(self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Text(text) => put_bytes(&mut out, 1, text.as_bytes()),
            Self::Double(value) => {
                put_key(&mut out, 3, 1);
                out.extend(value.to_le_bytes());
            }
            // Two's complement, as protocol buffers encode int64.
            Self::Int(value) => put_number(&mut out, 4, value as u64),
            Self::Bool(value) => put_number(&mut out, 7, u64::from(value)),
        }
        out
    }

    /// Reads what [`TagValue::encode`] has written; `None` for other bytes.
    pub(super) fn decode(message: &'a [u8]) -> Option<Self> {
        let (&key, rest) = message.split_first()?;
        match key {
            Self::TEXT => {
                let length = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
                std::str::from_utf8(&rest[length..]).ok().map(Self::Text)
            }
            Self::DOUBLE => Some(Self::Double(f64::from_le_bytes(rest.try_into().ok()?))),
            Self::INT => {
                let parts = rest.iter().zip((0..).step_by(7));
                let value = parts.fold(0, |value, (byte, shift)| value | (u64::from(byte & 0x7f) << shift));
                Some(Self::Int(value as i64))
            }
            Self::BOOL => Some(Self::Bool(rest == [1])),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed() {
        assert_eq!(TagValue::Text("a").encode(), [0x0a, 1, b'a']);
        assert_eq!(TagValue::Bool(true).encode(), [0x38, 1]);
        assert_eq!(TagValue::Int(300).encode(), [0x20, 0xac, 0x02]);
        assert_eq!(TagValue::Int(-1).encode().len(), 11);
        assert_eq!(TagValue::Double(1.0).encode(), [0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    }

    #[test]
    fn what_was_encoded_is_read_again() {
        let long = "泉".repeat(300);
        let texts = ["", "a", &long].map(TagValue::Text);
        let numbers = [0, 1, -1, 127, 128, i64::MAX, i64::MIN].map(TagValue::Int);
        let others = [
            TagValue::Double(-0.1),
            TagValue::Double(f64::MAX),
            TagValue::Bool(true),
            TagValue::Bool(false),
        ];
        for value in texts.into_iter().chain(numbers).chain(others) {
            assert_eq!(TagValue::decode(&value.encode()), Some(value));
        }
        assert_eq!(TagValue::decode(&[]), None);
    }
}
