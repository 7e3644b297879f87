//! Typed attribute columns of a layer.
//!
//! Owns the storage: one column per field, text packed into one string. Blank text and null are the same thing, an
//! unknown value, and are given back as `None`.

use serde::Serialize;

use super::layer::checks::Cells;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// True or false.
    Bool,
    /// A 64-bit signed integer.
    Int,
    /// A finite number.
    Float,
    /// Text, UTF-8.
    Text,
}

/// Name and type of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Field {
    /// The column's name in the file.
    pub name: String,
    /// Its type.
    pub kind: FieldKind,
}

/// A known value of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value<'a> {
    /// True or false.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// Text, never blank.
    Text(&'a str),
}

impl Value<'_> {
    /// The value as people write it.
    pub fn to_text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(value) => (*value).to_owned(),
        }
    }
}

#[derive(Debug, Clone)]
enum Column {
    Bool(Vec<Option<bool>>),
    Int(Vec<Option<i64>>),
    Float(Vec<Option<f64>>),
    /// All texts one after the other; `ends[row]` is where the row's text ends. An empty text is unknown.
    Text {
        bytes: String,
        ends: Vec<usize>,
    },
}

impl Column {
    fn of(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Bool => Self::Bool(Vec::new()),
            FieldKind::Int => Self::Int(Vec::new()),
            FieldKind::Float => Self::Float(Vec::new()),
            FieldKind::Text => Self::Text {
                bytes: String::new(),
                ends: Vec::new(),
            },
        }
    }

    /// Appends a value; one that does not fit the column's type is stored as unknown and reported as `false`.
    fn push(&mut self, value: Option<Value<'_>>) -> bool {
        match (self, value) {
            (Self::Bool(column), Some(Value::Bool(value))) => column.push(Some(value)),
            (Self::Int(column), Some(Value::Int(value))) => column.push(Some(value)),
            (Self::Float(column), Some(Value::Float(value))) if value.is_finite() => column.push(Some(value)),
            (Self::Float(column), Some(Value::Int(value))) => column.push(Some(value as f64)),
            (Self::Text { bytes, ends }, Some(Value::Text(value))) => {
                bytes.push_str(value.trim());
                ends.push(bytes.len());
            }
            (column, value) => {
                column.push_unknown();
                return value.is_none();
            }
        }
        true
    }

    fn push_unknown(&mut self) {
        match self {
            Self::Bool(column) => column.push(None),
            Self::Int(column) => column.push(None),
            Self::Float(column) => column.push(None),
            Self::Text { bytes, ends } => ends.push(bytes.len()),
        }
    }

    fn get(&self, row: usize) -> Option<Value<'_>> {
        match self {
            Self::Bool(column) => column.get(row).copied().flatten().map(Value::Bool),
            Self::Int(column) => column.get(row).copied().flatten().map(Value::Int),
            Self::Float(column) => column.get(row).copied().flatten().map(Value::Float),
            Self::Text { bytes, ends } => {
                let end = *ends.get(row)?;
                let start = row.checked_sub(1).map_or(0, |before| ends[before]);
                Some(&bytes[start..end])
                    .filter(|text| !text.is_empty())
                    .map(Value::Text)
            }
        }
    }
}

/// The attribute table of a layer: columns of equal length, one row per feature.
#[derive(Debug, Clone)]
pub struct Attributes {
    fields: Vec<Field>,
    columns: Vec<Column>,
    rows: usize,
}

impl Attributes {
    /// Name and type of each column, in file order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Number of rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The position of a column by name. O(columns).
    pub fn column(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// A value, or `None` where it is unknown (or there is no such row or column). O(1).
    pub fn value(&self, row: usize, column: usize) -> Option<Value<'_>> {
        self.columns.get(column)?.get(row)
    }

    /// The values of a row for the layer's checks.
    pub(in crate::catalog) fn cells(&self, row: usize) -> impl Cells {
        TableRow { table: self, row }
    }

    /// All known values of a row with their fields, in file order.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (&Field, Value<'_>)> {
        self.fields
            .iter()
            .zip(&self.columns)
            .filter_map(move |(field, column)| Some((field, column.get(row)?)))
    }
}

struct TableRow<'t> {
    table: &'t Attributes,
    row: usize,
}

impl Cells for TableRow<'_> {
    fn cell(&self, column: usize) -> Option<Value<'_>> {
        self.table.value(self.row, column)
    }
}

/// Fills an attribute table row by row.
#[derive(Debug)]
pub struct AttributesBuilder {
    table: Attributes,
}

impl AttributesBuilder {
    /// An empty table with these columns.
    pub fn new(fields: Vec<Field>) -> Self {
        let columns = fields.iter().map(|field| Column::of(field.kind)).collect();
        Self {
            table: Attributes {
                fields,
                columns,
                rows: 0,
            },
        }
    }

    /// Appends a row; missing values at the end are unknown. Gives back the columns whose value did not fit the
    /// column's type and was stored as unknown, so that the caller can report them.
    pub fn push_row<'v>(&mut self, values: impl IntoIterator<Item = Option<Value<'v>>>) -> Vec<usize> {
        let mut values = values.into_iter();
        let mut misfits = Vec::new();
        for (index, column) in self.table.columns.iter_mut().enumerate() {
            if !column.push(values.next().flatten()) {
                misfits.push(index);
            }
        }
        self.table.rows += 1;
        misfits
    }

    /// The table.
    pub fn finish(self) -> Attributes {
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, kind: FieldKind) -> Field {
        Field {
            name: name.to_owned(),
            kind,
        }
    }

    #[test]
    fn what_goes_in_comes_out_and_blank_is_unknown() {
        let mut builder = AttributesBuilder::new(vec![
            field("name", FieldKind::Text),
            field("capacity", FieldKind::Int),
            field("area", FieldKind::Float),
            field("open", FieldKind::Bool),
        ]);
        builder.push_row([
            Some(Value::Text("一中")),
            Some(Value::Int(300)),
            Some(Value::Int(5)),
            Some(Value::Bool(false)),
        ]);
        assert_eq!(builder.push_row([Some(Value::Text("  ")), None]), Vec::<usize>::new());
        assert_eq!(
            builder.push_row([
                Some(Value::Text("b")),
                Some(Value::Text("many")),
                Some(Value::Float(f64::NAN))
            ]),
            [1, 2]
        );
        let table = builder.finish();
        assert_eq!(table.value(0, 0), Some(Value::Text("一中")));
        assert_eq!(table.value(0, 2), Some(Value::Float(5.0)));
        assert_eq!(table.row(1).count(), 0);
        assert_eq!(table.value(2, 0), Some(Value::Text("b")));
        assert_eq!(table.value(2, 1), None);
        assert_eq!((table.value(9, 0), table.value(0, 9)), (None, None));
    }
}
