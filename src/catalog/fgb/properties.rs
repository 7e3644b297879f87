//! Attribute values: a feature's property bytes, read column by column with bounds checks.

use std::borrow::Cow;

use flatgeobuf::ColumnType;

use crate::catalog::{Field, RawValue};

/// What is left of a feature's property bytes.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }
}

/// The values of a feature in the order of the file's columns.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    fields: &[Field],
    types: &[ColumnType],
) -> Result<Vec<Option<RawValue<'a>>>, String> {
    let mut values = vec![None; types.len()];
    let mut bytes = Bytes(bytes);
    while !bytes.0.is_empty() {
        let cut_short = || "the attribute values are cut short".to_owned();
        let column = usize::from(u16::from_le_bytes(bytes.take().ok_or_else(cut_short)?));
        let (Some(slot), Some(kind)) = (values.get_mut(column), types.get(column)) else {
            return Err(format!("a value for column {column} of {}", types.len()));
        };
        *slot = value(&mut bytes, *kind)
            .ok_or_else(cut_short)?
            .map_err(|problem| format!("column `{}`: {problem}", fields[column].name))?;
    }
    Ok(values)
}

/// The next value: `None` where the bytes end too early; inside, `None` is an unknown value (a float that is no
/// number).
fn value<'a>(bytes: &mut Bytes<'a>, kind: ColumnType) -> Option<Result<Option<RawValue<'a>>, String>> {
    let float = |value: f64| value.is_finite().then_some(RawValue::Float(value));
    Some(Ok(match kind {
        ColumnType::Bool => Some(RawValue::Bool(bytes.take::<1>()? != [0])),
        ColumnType::Byte => Some(RawValue::Int(i8::from_le_bytes(bytes.take()?).into())),
        ColumnType::UByte => Some(RawValue::Int(u8::from_le_bytes(bytes.take()?).into())),
        ColumnType::Short => Some(RawValue::Int(i16::from_le_bytes(bytes.take()?).into())),
        ColumnType::UShort => Some(RawValue::Int(u16::from_le_bytes(bytes.take()?).into())),
        ColumnType::Int => Some(RawValue::Int(i32::from_le_bytes(bytes.take()?).into())),
        ColumnType::UInt => Some(RawValue::Int(u32::from_le_bytes(bytes.take()?).into())),
        ColumnType::Long => Some(RawValue::Int(i64::from_le_bytes(bytes.take()?))),
        ColumnType::ULong => {
            let digits = u64::from_le_bytes(bytes.take()?).to_string();
            Some(RawValue::Text(Cow::Owned(digits)))
        }
        ColumnType::Float => float(f32::from_le_bytes(bytes.take()?).into()),
        ColumnType::Double => float(f64::from_le_bytes(bytes.take()?)),
        _ => match std::str::from_utf8(bytes.text()?) {
            Ok(text) => Some(RawValue::Text(Cow::Borrowed(text))),
            Err(error) => return Some(Err(format!("the text is not UTF-8: {error}"))),
        },
    }))
}
