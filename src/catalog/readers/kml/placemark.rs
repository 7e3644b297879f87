//! One placemark: its values and its geometry.

use std::io::BufRead;

use super::{
    super::{Columns, Problem, RawFeature, ReadError, json::ID_COLUMN},
    geometry::Found,
    xml::{Element, Xml},
};
use crate::catalog::RawValue;

/// Elements with a text that is a value by their own name.
const TEXTS: [&str; 6] = ["name", "description", "address", "phoneNumber", "Snippet", "styleUrl"];

/// The values of a placemark with their column's index.
struct Values<'c> {
    columns: &'c mut Columns,
    values: Vec<(usize, RawValue<'static>)>,
}

impl Values<'_> {
    /// Puts a value into the column of its name. Where the placemark has another one there already (a `name` in the
    /// extended data) it gets a column with a number.
    fn put(&mut self, name: &str, text: String) {
        let mut unique = name.to_owned();
        let mut number = 2;
        loop {
            // A column is known even where its value is not.
            let column = self.columns.index_of(&unique);
            let there = self.values.iter().find(|(index, _)| *index == column);
            match there {
                _ if text.is_empty() => return,
                Some((_, value)) if value.to_text() == text.trim() => return,
                Some(_) => {}
                None => {
                    self.values.push((column, RawValue::Text(text.into())));
                    return;
                }
            }
            unique = format!("{name}_{number}");
            number += 1;
        }
    }
}

/// Reads the placemark whose element was just opened.
pub(super) fn read<R: BufRead>(
    placemark: &Element,
    folder: &str,
    xml: &mut Xml<R>,
    columns: &mut Columns,
) -> Result<Result<RawFeature, Problem>, ReadError> {
    let mut values = Values {
        columns,
        values: Vec::new(),
    };
    if let Some(id) = placemark.attribute("id") {
        values.put(ID_COLUMN, id.trim().to_owned());
    }
    if !folder.is_empty() {
        values.put("folder", folder.to_owned());
    }
    let mut found = Found::default();
    while let Some(child) = xml.child()? {
        match child.name.as_str() {
            name if TEXTS.contains(&name) => values.put(name, xml.text()?),
            name if Found::knows(name) => found.read(name, xml, 0)?,
            "TimeStamp" | "TimeSpan" => {
                while let Some(time) = xml.child()? {
                    values.put(&time.name, xml.text()?);
                }
            }
            "ExtendedData" => extended(xml, &mut values)?,
            _ => xml.skip()?,
        }
    }
    let open_rings = found.open_rings;
    Ok(found.finish().map(|geometry| RawFeature {
        geometry,
        open_rings,
        values: values.values,
    }))
}

/// `Data` with a `value`, `SchemaData` with `SimpleData`, and elements of other vocabularies by their own name.
fn extended<R: BufRead>(xml: &mut Xml<R>, values: &mut Values<'_>) -> Result<(), ReadError> {
    while let Some(child) = xml.child()? {
        match (child.name.as_str(), child.attribute("name")) {
            ("Data", Some(name)) => {
                while let Some(part) = xml.child()? {
                    if part.name == "value" {
                        values.put(name, xml.text()?);
                    } else {
                        xml.skip()?;
                    }
                }
            }
            ("SchemaData", _) => {
                while let Some(simple) = xml.child()? {
                    let name = simple.attribute("name").unwrap_or(&simple.name).to_owned();
                    values.put(&name, xml.text()?);
                }
            }
            (name, named) => {
                let name = named.unwrap_or(name).to_owned();
                values.put(&name, xml.text()?);
            }
        }
    }
    Ok(())
}
