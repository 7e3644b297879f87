//! The file as a whole: header, columns and the walk over the features.

use std::{
    io::{self, Read},
    ops::ControlFlow,
};

use flatgeobuf::{
    ColumnType, GeometryType, Header, VERSION, size_prefixed_root_as_feature, size_prefixed_root_as_header,
};

use super::{bytes::Bytes, crs::HeaderCrs, geometry, geometry::Shaped, properties};
use crate::catalog::{Field, FieldKind, RawValue};

/// Why bytes are no FlatGeobuf file that we can read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FgbError {
    /// Reading failed: the disk, or a compressed file that is damaged or cut short.
    #[error("cannot read on: {0}")]
    Io(#[from] io::Error),
    /// The first bytes are those of another format.
    #[error("this is not a FlatGeobuf file (version 3): it does not begin with its magic bytes")]
    Magic,
    /// The file ends in the middle.
    #[error("the file is cut short: {what} needs {needed} bytes at byte {at}, {left} are left")]
    CutShort {
        /// What was being read.
        what: &'static str,
        /// Where it begins.
        at: u64,
        /// How long it is.
        needed: u64,
        /// What the file still has.
        left: u64,
    },
    /// A FlatBuffers table does not hold together.
    #[error("{what} at byte {at} is damaged: {problem}")]
    Damaged {
        /// Which table.
        what: &'static str,
        /// Where it begins.
        at: u64,
        /// What the verifier found.
        problem: String,
    },
    /// The header's promise is not kept.
    #[error("the header announces {announced} features, the file holds {found}")]
    Count {
        /// The header's number.
        announced: u64,
        /// The number read.
        found: u64,
    },
    /// Coordinates in a system that is not ours.
    #[error("coordinates are in {0}; layers are in WGS 84 (EPSG:4326; CGCS2000, EPSG:4490, is taken as equal)")]
    Crs(String),
    /// A column of a type that cannot be shown or searched.
    #[error("column `{name}` has type {kind}, which is not supported")]
    Column {
        /// The column.
        name: String,
        /// Its type in the file.
        kind: String,
    },
}

/// An opened file: checked header, and the features still to come.
#[derive(Debug)]
pub(in crate::catalog) struct File<R> {
    bytes: Bytes<R>,
    head: Head,
}

/// One decoded feature: either part may be faulty on its own.
pub(in crate::catalog) struct Decoded<'a> {
    /// The geometry; `None` where the feature has none.
    pub(in crate::catalog) geometry: Result<Option<Shaped>, String>,
    /// Value by column, in the order of the file's fields.
    pub(in crate::catalog) values: Result<Vec<Option<RawValue<'a>>>, String>,
}

/// What stands before the features: columns, and where the index and the features begin.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) fields: Vec<Field>,
    pub(super) types: Vec<ColumnType>,
    pub(super) geometry_type: GeometryType,
    pub(super) announced: u64,
    pub(super) crs: Option<HeaderCrs>,
    /// The first byte of the spatial index and how many it has.
    pub(super) index_at: u64,
    pub(super) index_bytes: u64,
}

impl Head {
    /// Reads the header up to the index.
    pub(super) fn read(bytes: &mut Bytes<impl Read>) -> Result<Self, FgbError> {
        let magic = bytes.read(8)?;
        if magic.len() < 8 || magic[..3] != *b"fgb" || magic[3] != VERSION || magic[4..7] != *b"fgb" {
            return Err(FgbError::Magic);
        }
        let what = "the header";
        let (at, header_bytes) = bytes.table(what)?.ok_or(FgbError::CutShort {
            what,
            at: 8,
            needed: 4,
            left: 0,
        })?;
        let index_at = at + header_bytes.len() as u64;
        let header = size_prefixed_root_as_header(header_bytes).map_err(|error| FgbError::Damaged {
            what,
            at,
            problem: error.to_string(),
        })?;
        let crs = header.crs().and_then(|crs| HeaderCrs::new(&crs));
        let (fields, types) = columns(&header)?;
        let announced = header.features_count();
        Ok(Self {
            fields,
            types,
            geometry_type: header.geometry_type(),
            announced,
            crs,
            index_at,
            index_bytes: index_size(announced, header.index_node_size()),
        })
    }

    /// Checks that coordinates are in WGS 84, or that the file does not say.
    pub(super) fn check_crs(&self) -> Result<(), FgbError> {
        match &self.crs {
            Some(crs) if !crs.is_wgs84() => Err(FgbError::Crs(crs.to_string())),
            _ => Ok(()),
        }
    }

    /// Decodes a feature's table; `at` is where it begins in the file.
    pub(super) fn decode<'a>(&self, at: u64, table: &'a [u8]) -> Result<Decoded<'a>, FgbError> {
        let feature = size_prefixed_root_as_feature(table).map_err(|error| FgbError::Damaged {
            what: "a feature",
            at,
            problem: error.to_string(),
        })?;
        Ok(Decoded {
            geometry: feature
                .geometry()
                .map_or(Ok(None), |geometry| geometry::decode(&geometry, self.geometry_type)),
            values: properties::decode(
                feature.properties().map_or(&[], |properties| properties.bytes()),
                &self.fields,
                &self.types,
            ),
        })
    }
}

impl<R: Read> File<R> {
    /// Reads and checks the header; coordinates may be in any system, see [`Self::check_crs`]. Memory for the largest
    /// feature, never for more than the input really holds. `reader` should be buffered.
    pub(in crate::catalog) fn open(reader: R) -> Result<Self, FgbError> {
        let mut bytes = Bytes::new(reader);
        let head = Head::read(&mut bytes)?;
        bytes.skip(head.index_bytes, "the spatial index")?;
        Ok(Self { bytes, head })
    }

    /// Checks that coordinates are in WGS 84, or that the file does not say.
    pub(in crate::catalog) fn check_crs(&self) -> Result<(), FgbError> {
        self.head.check_crs()
    }

    /// The coordinate reference system, where the header names one.
    pub(in crate::catalog) const fn crs(&self) -> Option<&HeaderCrs> {
        self.head.crs.as_ref()
    }

    /// Name and type of each column.
    pub(in crate::catalog) fn fields(&self) -> &[Field] {
        &self.head.fields
    }

    /// How many features the header announces; 0 where it does not know.
    pub(in crate::catalog) const fn announced(&self) -> u64 {
        self.head.announced
    }

    /// Decodes every feature in file order and hands it over with its row number from 0, until the file ends or `take`
    /// says to stop. A damaged feature ends the walk, for nothing after it can be trusted.
    pub(in crate::catalog) fn features(
        &mut self,
        mut take: impl FnMut(usize, Decoded<'_>) -> ControlFlow<()>,
    ) -> Result<(), FgbError> {
        let mut row = 0;
        while let Some((at, table)) = self.bytes.table("a feature")? {
            let decoded = self.head.decode(at, table)?;
            if take(row, decoded).is_break() {
                return Ok(());
            }
            row += 1;
        }
        // A count of 0 means "not known" in files written as a stream.
        if self.head.announced != 0 && self.head.announced != row as u64 {
            return Err(FgbError::Count {
                announced: self.head.announced,
                found: row as u64,
            });
        }
        Ok(())
    }
}

fn columns(header: &Header<'_>) -> Result<(Vec<Field>, Vec<ColumnType>), FgbError> {
    let mut fields = Vec::new();
    let mut types = Vec::new();
    for column in header.columns().into_iter().flatten() {
        let kind = match column.type_() {
            ColumnType::Bool => FieldKind::Bool,
            ColumnType::Byte
            | ColumnType::UByte
            | ColumnType::Short
            | ColumnType::UShort
            | ColumnType::Int
            | ColumnType::UInt
            | ColumnType::Long => FieldKind::Int,
            ColumnType::Float | ColumnType::Double => FieldKind::Float,
            // Unsigned 64-bit integers may be beyond what a column of integers holds: they are kept as digits.
            ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::ULong => FieldKind::Text,
            other => {
                return Err(FgbError::Column {
                    name: column.name().to_owned(),
                    kind: format!("{other:?}"),
                });
            }
        };
        fields.push(Field {
            name: column.name().to_owned(),
            kind,
        });
        types.push(column.type_());
    }
    Ok((fields, types))
}

/// Bytes of the packed R-tree between header and features: 40 for each node of each level.
pub(super) fn index_size(features: u64, node_size: u16) -> u64 {
    if features == 0 || node_size < 2 {
        return 0;
    }
    let mut level = features;
    let mut nodes = features;
    while level > 1 {
        level = level.div_ceil(u64::from(node_size));
        nodes = nodes.saturating_add(level);
    }
    // A tree over one feature still has its root.
    if features == 1 {
        nodes += 1;
    }
    nodes.saturating_mul(40)
}

#[cfg(test)]
mod tests {
    use flatgeobuf::packed_r_tree::PackedRTree;

    use super::*;

    #[test]
    fn the_size_of_the_index_is_the_one_the_format_writes() {
        for features in [1_usize, 2, 15, 16, 17, 256, 257, 5_000] {
            for node_size in [2_u16, 3, 16, 65_535] {
                assert_eq!(
                    index_size(features as u64, node_size),
                    PackedRTree::index_size(features, node_size) as u64,
                    "{features} features, nodes of {node_size}"
                );
            }
        }
        assert_eq!(index_size(u64::MAX, 16), u64::MAX);
        assert_eq!(index_size(0, 16), 0);
    }
}
