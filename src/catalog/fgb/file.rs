//! The file as a whole: header, columns and the walk over the features.

use flatgeobuf::{
    ColumnType, GeometryType, Header, VERSION, size_prefixed_root_as_feature, size_prefixed_root_as_header,
};

use super::{geometry, geometry::Shaped, properties};
use crate::catalog::{Field, FieldKind, RawValue};

/// Why bytes are no FlatGeobuf file that we can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FgbError {
    /// The first bytes are those of another format.
    #[error("this is not a FlatGeobuf file (version 3): it does not begin with its magic bytes")]
    Magic,
    /// The file ends in the middle.
    #[error("the file is cut short: {what} needs {needed} bytes at byte {at}, {left} are left")]
    CutShort {
        /// What was being read.
        what: &'static str,
        /// Where it begins.
        at: usize,
        /// How long it is.
        needed: usize,
        /// What the file still has.
        left: usize,
    },
    /// A FlatBuffers table does not hold together.
    #[error("{what} at byte {at} is damaged: {problem}")]
    Damaged {
        /// Which table.
        what: &'static str,
        /// Where it begins.
        at: usize,
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

/// An opened file: checked header, and the bytes of the features.
#[derive(Debug)]
pub(in crate::catalog) struct File<'a> {
    bytes: &'a [u8],
    fields: Vec<Field>,
    types: Vec<ColumnType>,
    geometry_type: GeometryType,
    announced: u64,
    /// Where the first feature begins.
    features_at: usize,
}

/// One decoded feature: either part may be faulty on its own.
pub(in crate::catalog) struct Decoded<'a> {
    /// The geometry; `None` where the feature has none.
    pub(in crate::catalog) geometry: Result<Option<Shaped>, String>,
    /// Value by column, in the order of the file's fields.
    pub(in crate::catalog) values: Result<Vec<Option<RawValue<'a>>>, String>,
}

impl<'a> File<'a> {
    /// Checks the header.
    pub(in crate::catalog) fn open(bytes: &'a [u8]) -> Result<Self, FgbError> {
        let magic = bytes.get(..8).ok_or(FgbError::Magic)?;
        if magic[..3] != *b"fgb" || magic[3] != VERSION || magic[4..7] != *b"fgb" {
            return Err(FgbError::Magic);
        }
        let header_bytes = prefixed(bytes, 8, "the header")?;
        let header = size_prefixed_root_as_header(header_bytes).map_err(|error| FgbError::Damaged {
            what: "the header",
            at: 8,
            problem: error.to_string(),
        })?;
        check_crs(&header)?;
        let (fields, types) = columns(&header)?;
        let announced = header.features_count();
        let index = index_size(announced, header.index_node_size());
        let index_at = 8 + header_bytes.len();
        if index > bytes.len() - index_at {
            return Err(FgbError::CutShort {
                what: "the spatial index",
                at: index_at,
                needed: index,
                left: bytes.len() - index_at,
            });
        }
        Ok(Self {
            bytes,
            fields,
            types,
            geometry_type: header.geometry_type(),
            announced,
            features_at: index_at + index,
        })
    }

    /// Name and type of each column.
    pub(in crate::catalog) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Decodes every feature in file order and hands it over with its row number from 0 and the byte it ends at.
    /// A damaged feature ends the walk, for nothing after it can be trusted.
    pub(in crate::catalog) fn features(&self, mut take: impl FnMut(usize, usize, Decoded<'_>)) -> Result<(), FgbError> {
        let mut at = self.features_at;
        let mut row = 0;
        while at < self.bytes.len() {
            let feature_bytes = prefixed(self.bytes, at, "a feature")?;
            let feature = size_prefixed_root_as_feature(feature_bytes).map_err(|error| FgbError::Damaged {
                what: "a feature",
                at,
                problem: error.to_string(),
            })?;
            let decoded = Decoded {
                geometry: feature
                    .geometry()
                    .map_or(Ok(None), |geometry| geometry::decode(&geometry, self.geometry_type)),
                values: properties::decode(
                    feature.properties().map_or(&[], |properties| properties.bytes()),
                    &self.fields,
                    &self.types,
                ),
            };
            at += feature_bytes.len();
            take(row, at, decoded);
            row += 1;
        }
        // A count of 0 means "not known" in files written as a stream.
        if self.announced != 0 && self.announced != row as u64 {
            return Err(FgbError::Count {
                announced: self.announced,
                found: row as u64,
            });
        }
        Ok(())
    }
}

/// A size-prefixed buffer, prefix included.
fn prefixed<'a>(bytes: &'a [u8], at: usize, what: &'static str) -> Result<&'a [u8], FgbError> {
    let rest = bytes.get(at..).unwrap_or_default();
    let cut_short = |needed| FgbError::CutShort {
        what,
        at,
        needed,
        left: rest.len(),
    };
    let prefix = rest.first_chunk::<4>().ok_or(cut_short(4))?;
    let needed = (u32::from_le_bytes(*prefix) as usize).saturating_add(4);
    // The smallest table that the verifier can look at has a root offset.
    if needed < 12 {
        return Err(FgbError::Damaged {
            what,
            at,
            problem: format!("a length of {} bytes is impossible", needed - 4),
        });
    }
    rest.get(..needed).ok_or(cut_short(needed))
}

fn check_crs(header: &Header<'_>) -> Result<(), FgbError> {
    let Some(crs) = header.crs() else { return Ok(()) };
    let epsg = crs.org().is_none_or(|org| org.eq_ignore_ascii_case("EPSG"));
    match crs.code() {
        0 if crs
            .code_string()
            .is_none_or(|code| matches!(code, "CRS84" | "4326" | "4490")) =>
        {
            Ok(())
        }
        4326 | 4490 if epsg => Ok(()),
        code => Err(FgbError::Crs(format!(
            "{}:{}{}",
            crs.org().unwrap_or("EPSG"),
            crs.code_string().map_or_else(|| code.to_string(), str::to_owned),
            crs.name().map(|name| format!(" ({name})")).unwrap_or_default()
        ))),
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
fn index_size(features: u64, node_size: u16) -> usize {
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
    usize::try_from(nodes.saturating_mul(40)).unwrap_or(usize::MAX)
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
                    PackedRTree::index_size(features, node_size),
                    "{features} features, nodes of {node_size}"
                );
            }
        }
        assert_eq!(index_size(u64::MAX, 16), usize::MAX);
        assert_eq!(index_size(0, 16), 0);
    }
}
