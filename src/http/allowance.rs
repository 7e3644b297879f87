//! What routes may take beyond others: time, and bytes of a body.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
};

use super::{
    imports::UPLOADS,
    roads::{CLOSURES, MATRIX, MOST_CLOSURE_BYTES, MOST_MATRIX_BYTES},
};

/// What a route may take beyond others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowance {
    /// What every request may.
    Ordinary,
    /// Time: it reads a whole file. Its own turn bounds how many do so at once.
    Time,
    /// A large body, for as long as pieces of it arrive.
    Upload,
    /// A body of so many bytes, in ordinary time.
    Body(usize),
}

impl Allowance {
    /// By the route that a request goes to.
    pub(super) fn of(request: &Request) -> Self {
        if request.method() != Method::POST {
            return Self::Ordinary;
        }
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        match route {
            Some(CLOSURES) => Self::Body(MOST_CLOSURE_BYTES),
            Some(MATRIX) => Self::Body(MOST_MATRIX_BYTES),
            Some(UPLOADS) => Self::Upload,
            Some(route) if route.starts_with(UPLOADS) => Self::Time,
            _ => Self::Ordinary,
        }
    }
}
