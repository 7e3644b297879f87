//! Tiles that were made elsewhere: an archive in `PMTiles` 3, beside the layers, read tile by tile.
//!
//! Owns reading: the header and root directory at once (`head`), the directories of leaves as they are needed
//! (`directory`), a tile as it is stored (`open`), from a file or an object elsewhere (`file`, `object`), and that all
//! of it comes from one version of the archive (`archive`). What `refugia tiles` writes is the part of
//! [`super::archive`]; recoding and answering are the server's.
//!
//! Nothing is trusted: every length is bounded before memory is taken for it, and whatever is not as the format says is
//! an error that says so.
//!
//! Source: <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>.

mod archive;
mod describe;
mod directory;
mod error;
mod file;
mod head;
mod object;
mod open;

#[cfg(test)]
mod tests;

pub use archive::Archive;
pub use describe::describe;
pub use error::StoredError;
pub use open::{MOST_TILE_BYTES, OpenArchive};
