//! FlatGeobuf files: the format of pack layers, read from bytes that nobody vouches for, and written.
//!
//! Owns decoding and encoding. Every FlatBuffers table is verified before it is read, and geometry ends and property
//! bytes are read with bounds checks here because the format's own verifier does not know them. What a layer means is
//! not known here. Format: <https://flatgeobuf.org>, version 3.
//!
//! 1. `File::open` checks magic bytes, header, columns and coordinate system;
//! 2. `File::features` walks the features in file order and decodes each;
//! 3. [`Writer`] takes features in any order and writes them Hilbert-sorted with a spatial index.

mod file;
mod geometry;
mod properties;
mod write;

pub use file::FgbError;
pub(in crate::catalog) use file::File;
pub use geometry::Shaped;
pub use write::{WriteError, Writer};
