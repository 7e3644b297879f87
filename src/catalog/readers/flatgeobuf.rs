//! FlatGeobuf as an input: the pack's own format, written by others.

use std::io::Read;

use super::{Input, Problem, RawFeature, ReadError, Row, Source};
use crate::catalog::{RawValue, fgb};

/// A FlatGeobuf file.
#[derive(Debug)]
pub struct FlatGeobuf {
    input: Input,
}

impl FlatGeobuf {
    /// A file to be read; nothing is looked at yet.
    pub const fn open(input: Input) -> Self {
        Self { input }
    }
}

impl Source for FlatGeobuf {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut bytes = Vec::new();
        self.input.bytes()?.read_to_end(&mut bytes)?;
        let file = fgb::File::open(&bytes)?;
        let names: Vec<String> = file.fields().iter().map(|field| field.name.clone()).collect();
        file.features(|row, _, decoded| {
            let geometry = decoded.geometry.map_err(|reason| Problem {
                field: Some("geometry".to_owned()),
                value: None,
                reason,
            });
            let values = decoded.values.map_err(Problem::row);
            let content = geometry.and_then(|shaped| {
                let values = values?.into_iter().enumerate();
                let (geometry, open_rings) =
                    shaped.map_or((None, 0), |shaped| (Some(shaped.geometry), shaped.open_rings));
                Ok(RawFeature {
                    geometry,
                    open_rings,
                    values: values
                        .filter_map(|(column, value)| Some((column, RawValue::into_owned(value?))))
                        .collect(),
                })
            });
            let number = row as u64 + 1;
            take(&names, Row { number, content });
        })?;
        Ok(())
    }
}
