//! `/api/imports`: operators import files over the web.
//!
//! 1. **operator** lets in who has the token, and nobody where none is set;
//! 2. **upload** takes a file to the disk, piece by piece; **drafts** keeps it until it is imported, discarded or old, in
//!    a **folder** of the server's own;
//! 3. **order** finds the file again and reads what is to be done with it; **preview** works an import out and shows report and features; **accept** carries it out and has the server answer
//!    from the new pack;
//! 4. **problems** tells what an import fails with, and **question** what it asks.
//!
//! Owns the way from a browser to an [import](crate::import) and back. What an import does and finds is that room's.

mod accept;
mod drafts;
mod file_name;
mod folder;
mod list;
mod operator;
mod options;
mod order;
mod preview;
mod problems;
mod question;
mod report;
mod sample;
mod told;
mod turn;
mod upload;

pub(super) use accept::{__path_accept, accept};
pub(super) use drafts::Drafts;
pub(super) use list::{__path_discard, __path_list, discard, list};
pub(super) use operator::{Bearer, operators_only};
pub(super) use order::NotLetIn;
pub(super) use preview::{__path_preview, preview};
pub(super) use report::{__path_whole_report, whole_report};
pub(super) use upload::{__path_upload, upload};

/// The address of uploads; all others here are below it.
pub(super) const UPLOADS: &str = "/api/imports";
