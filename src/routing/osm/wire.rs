//! Protocol buffers, as far as extracts use them: fields of a message, one after the other, from any bytes.
//!
//! Owns the wire format (protobuf.dev, "Encoding"); what the fields mean is [`super::block`]'s part. Nothing here
//! panics or allocates: a field is a slice of the message.

/// What is wrong with some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("a number is cut off or longer than 64 bits")]
    Varint,
    #[error("a field reaches beyond the end of its message")]
    Length,
    #[error("a field has a type that the format does not have")]
    WireType,
    #[error("a field has another type than the format gives it")]
    FieldType,
    #[error("a text number points at no text")]
    NoText,
    #[error("a text is not UTF-8")]
    Utf8,
    #[error("lists that belong together differ in length")]
    Lists,
    #[error("a number is out of range")]
    Range,
}

impl From<Malformed> for String {
    fn from(malformed: Malformed) -> Self {
        malformed.to_string()
    }
}

/// A field's value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// Of 4 or 8 bytes: extracts have none that we need.
    Fixed,
}

impl<'a> Value<'a> {
    pub(super) const fn bytes(self) -> Result<&'a [u8], Malformed> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Malformed::FieldType),
        }
    }

    pub(super) const fn varint(self) -> Result<u64, Malformed> {
        match self {
            Self::Varint(number) => Ok(number),
            _ => Err(Malformed::FieldType),
        }
    }
}

/// The fields of a message, in order: field number and value. Ends after the first error.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) const fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), Malformed> {
        let key = varint(&mut self.rest)?;
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut self.rest)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.rest)?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Malformed::WireType),
        };
        Ok((key >> 3, value))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed::Length)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// The numbers of a packed field. Ends after the first error.
#[derive(Debug, Clone, Default)]
pub(super) struct Packed<'a> {
    rest: &'a [u8],
}

impl<'a> Packed<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next number as it stands.
    pub(super) fn number(&mut self) -> Option<Result<u64, Malformed>> {
        if self.rest.is_empty() {
            return None;
        }
        let number = varint(&mut self.rest);
        if number.is_err() {
            self.rest = &[];
        }
        Some(number)
    }

    /// The next number of a list of differences (zigzag), which are small.
    pub(super) fn difference(&mut self) -> Option<Result<i64, Malformed>> {
        self.number().map(|number| number.map(zigzag))
    }
}

/// A signed number whose small absolute values are short.
pub(super) const fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn varint(rest: &mut &[u8]) -> Result<u64, Malformed> {
    let mut number = 0_u64;
    for (at, byte) in rest.iter().enumerate().take(10) {
        if at == 9 && *byte > 1 {
            return Err(Malformed::Varint);
        }
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            *rest = &rest[at + 1..];
            return Ok(number);
        }
    }
    Err(Malformed::Varint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_to_their_last_bit() {
        let read = |bytes: &[u8]| Packed::new(bytes).number().unwrap();
        assert_eq!(read(&[0x96, 0x01]), Ok(150));
        assert_eq!(
            read(&[0xff; 9].iter().copied().chain([1]).collect::<Vec<_>>()),
            Ok(u64::MAX)
        );
        assert_eq!(read(&[0xff; 10]), Err(Malformed::Varint));
        assert_eq!(read(&[0x80]), Err(Malformed::Varint));
        assert_eq!([0, 1, 2, u64::MAX].map(zigzag), [0, -1, 1, i64::MIN]);
    }

    #[test]
    fn a_field_does_not_reach_beyond_its_message() {
        let fields: Vec<_> = Fields::new(&[0x0a, 3, 1, 2]).collect();
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].as_ref().err(), Some(&Malformed::Length));
        let huge = [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert!(Fields::new(&huge).all(|field| field.is_err()));
    }
}
