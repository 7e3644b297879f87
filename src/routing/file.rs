//! Networks on disk.
//!
//! Owns the file of a network: a container of named, checksummed sections ([`SectionWriter`], [`SectionReader`]) and the
//! sections that hold a network. Whoever makes something of a network that is costly to make again adds sections of its
//! own to the same file, so that the two can never be of different data.
//!
//! # Format
//! All numbers are little endian. A head of 64 bytes: the magic `RFGROADS`, the version of the format (`u32`), the number
//! of sections (`u32`), where the directory begins (`u64`), how many bytes the file has (`u64`), the XXH3 of the directory
//! (`u64`), zeros, and the XXH3 of the head before it (`u64`). Then the sections, each beginning at a multiple of 8.
//! Then the directory: per section its name (32 bytes, padded with zeros), where it begins, how many bytes it has, and their
//! XXH3 (`u64` each). What sections hold is told in [`network`].
//!
//! # Read, not mapped
//! The file is read into columns, section by section, with plain reads. A mapped file would be there a little earlier, but
//! whoever cuts or overwrites it while a server runs would kill that server at its next read (`SIGBUS`), and no checksum
//! could be trusted after the moment it was checked. Reading costs one pass over bytes that have to be checked anyway:
//! O(n), memory of the network and its largest section.
//!
//! # Old kept on error
//! A file is written beside the old one and made durable before anybody renames it.

mod bytes;
mod error;
mod network;
#[cfg(not(fuzzing))]
mod orders;
mod sections;

pub use error::FileError;
pub use network::{read_network, write_network};
#[cfg(not(fuzzing))]
pub use orders::write_orders;
pub use sections::{SectionReader, SectionWriter};

#[cfg(test)]
mod tests;
