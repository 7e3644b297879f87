//! Reading the variable parts of an address.

use std::sync::Arc;

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::Response,
};
use serde::de::DeserializeOwned;

use super::{
    App,
    error::{Code, Problem},
};

/// What a handler gives back.
pub(super) type Answer = Result<Response, Problem>;

/// The variable parts of an address as text; an address whose parts are not UTF-8 has nothing at it.
#[derive(Debug)]
pub(super) struct Segments<T>(pub(super) T);

impl<T: DeserializeOwned + Send + 'static> FromRequestParts<Arc<App>> for Segments<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        match parts.extract::<Path<T>>().await {
            Ok(Path(segments)) => Ok(Self(segments)),
            Err(_) => Err(Problem::new(Code::NotFound).with("path", parts.uri.path())),
        }
    }
}
