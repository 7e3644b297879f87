//! FlatGeobuf files: the format of pack layers, read from bytes that nobody vouches for, and written.
//!
//! Owns decoding and encoding. Every FlatBuffers table is verified before it is read, and geometry ends and property
//! bytes are read with bounds checks here because the format's own verifier does not know them. What a layer means is
//! not known here. Format: <https://flatgeobuf.org>, version 3.
//!
//! 1. `File::open` reads magic bytes, header and columns from anything that can be read;
//! 2. `File::features` walks the features in file order and decodes each;
//! 3. `RandomAccess` reads single features of a file with an index where it stands;
//! 4. [`Writer`] takes features in any order and writes them Hilbert-sorted with a spatial index.
//!
//! Memory is bounded by the largest feature, in reading and (beside a fixed buffer) in writing.

mod bytes;
mod crs;
mod encode;
mod file;
mod geometry;
mod index;
mod properties;
mod random;
mod sort;
mod write;

pub(in crate::catalog) use crs::HeaderCrs;
pub use file::FgbError;
pub(in crate::catalog) use file::File;
pub use geometry::Shaped;
pub(in crate::catalog) use random::RandomAccess;
pub use write::{WriteError, Writer};
