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

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
};

use super::roads::CLOSURES;

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

/// What a route may take beyond others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowance {
    /// What every request may.
    Ordinary,
    /// Time: it reads a whole file. Its own turn bounds how many do so at once.
    Time,
    /// A large body, for as long as pieces of it arrive.
    Upload,
    /// A body as large as an area drawn in full detail, in ordinary time.
    Area,
}

impl Allowance {
    /// By the route that a request goes to.
    pub(super) fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        match route {
            Some(CLOSURES) if request.method() == Method::POST => Self::Area,
            Some(UPLOADS) if request.method() == Method::POST => Self::Upload,
            Some(route) if route.starts_with(UPLOADS) && request.method() == Method::POST => Self::Time,
            _ => Self::Ordinary,
        }
    }
}
