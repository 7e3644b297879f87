//! A value as a file holds it, before any column has a type.

use std::borrow::Cow;

use super::{Value, layer::checks::Cells};

/// A value on its way from a file into a column; texts may be borrowed from the file.
#[derive(Debug, Clone, PartialEq)]
pub enum RawValue<'a> {
    /// True or false.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// Text, possibly blank.
    Text(Cow<'a, str>),
}

impl RawValue<'_> {
    /// The value as a column takes it.
    pub fn as_value(&self) -> Value<'_> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Float(value) => Value::Float(*value),
            Self::Text(text) => Value::Text(text),
        }
    }

    /// Whether it is text of white space only, which is the same as no value.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// The value as people write it, without white space around it.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.trim()),
            other => Cow::Owned(other.as_value().to_text()),
        }
    }

    /// The same value, owning its text.
    pub fn into_owned(self) -> RawValue<'static> {
        match self {
            Self::Bool(value) => RawValue::Bool(value),
            Self::Int(value) => RawValue::Int(value),
            Self::Float(value) => RawValue::Float(value),
            Self::Text(text) => RawValue::Text(Cow::Owned(text.into_owned())),
        }
    }
}

impl Cells for Vec<Option<RawValue<'_>>> {
    /// As a column would hold it: blank text is unknown, other text has no white space around it.
    fn cell(&self, column: usize) -> Option<Value<'_>> {
        match self.get(column)?.as_ref()? {
            RawValue::Text(text) => Some(Value::Text(text.trim())).filter(|_| !text.trim().is_empty()),
            other => Some(other.as_value()),
        }
    }
}
