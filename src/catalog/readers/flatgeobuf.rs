//! FlatGeobuf as an input: the pack's own format, written by others.

use std::{io::BufReader, ops::ControlFlow, sync::OnceLock};

use super::{Columns, DeclaredCrs, Input, Problem, RawFeature, ReadError, Row, Source};
use crate::catalog::{RawValue, fgb};

/// A FlatGeobuf file.
#[derive(Debug)]
pub struct FlatGeobuf {
    input: Input,
    /// From the header.
    declared: OnceLock<Option<DeclaredCrs>>,
}

impl FlatGeobuf {
    /// A file to be read; nothing is looked at yet.
    pub const fn open(input: Input) -> Self {
        Self {
            input,
            declared: OnceLock::new(),
        }
    }
}

impl Source for FlatGeobuf {
    fn read(&self, take: &mut dyn FnMut(&[String], Row)) -> Result<(), ReadError> {
        let mut file = fgb::File::open(BufReader::new(self.input.bytes()?))?;
        self.declared.get_or_init(|| file.crs().map(declared));
        let mut columns = Columns::default();
        file.fields().iter().for_each(|field| columns.add(&field.name));
        let names = columns.names;
        file.features(|row, decoded| {
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
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.declared.get()?.clone()
    }
}

fn declared(crs: &fgb::HeaderCrs) -> DeclaredCrs {
    let is_epsg = crs.org.as_deref().is_none_or(|org| org.eq_ignore_ascii_case("EPSG"));
    match (u32::try_from(crs.code), &crs.wkt) {
        (Ok(code), _) if code > 0 && is_epsg => DeclaredCrs::Epsg(code),
        (_, Some(wkt)) => DeclaredCrs::Wkt(wkt.clone()),
        _ => DeclaredCrs::Name(crs.to_string()),
    }
}
