//! Who may import: those who have the operator's token.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use utoipa::{
    Modify,
    openapi::{
        OpenApi,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::super::{
    App,
    error::{Code, Problem},
};

/// The layer around every route here, before anything of a request is read.
pub(in crate::http) async fn operators_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match admit(&app, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn admit(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(token) = &app.config.operator.operator_token else {
        return Err(Problem::new(Code::OperatorOff));
    };
    let given = bearer(headers).ok_or_else(|| Problem::new(Code::TokenNeeded))?;
    if token.is(given) {
        return Ok(());
    }
    tracing::warn!("a wrong operator token was given");
    Err(Problem::new(Code::WrongToken))
}

/// The bearer token of a request (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (given.next(), given.next()) else {
        return None;
    };
    let (scheme, token) = only.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then(|| token.trim_ascii())
}

/// The name of the scheme in the API description.
pub(super) const SCHEME: &str = "operator";

/// Describes the token.
pub(in crate::http) struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token set by `REFUGIA_OPERATOR_TOKEN` on the server"))
            .build();
        api.components
            .get_or_insert_default()
            .add_security_scheme(SCHEME, SecurityScheme::Http(scheme));
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_bearer_token_is_read_strictly() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(<[u8]>::to_vec)
        };
        assert_eq!(read(&["Bearer abc"]).as_deref(), Some(&b"abc"[..]));
        assert_eq!(read(&["bearer  abc "]).as_deref(), Some(&b"abc"[..]));
        for wrong in [
            &[][..],
            &["abc"],
            &["Basic abc"],
            &["Bearer"],
            &["Bearer a", "Bearer b"],
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
